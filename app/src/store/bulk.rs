//! Many rows with few statements: an import changes tens of thousands in one transaction.

use std::fmt::Write as _;

use super::value::Value;
use super::{Engine, StoreError, Tx};

/// Values of one statement. PostgreSQL takes 65,535, and each statement is a round trip.
const POSTGRES_VALUES: usize = 8_000;
/// SQLite takes 32,766, but for each value the driver asks for the placeholder's name, which SQLite looks
/// for from the first placeholder on: time grows with the square of their number.
const SQLITE_VALUES: usize = 500;

impl Tx {
    /// Inserts rows. `into` names the table and its columns, the trust first, as in
    /// `INSERT INTO school (trust, id, name)`; a row has a value for each column but the trust. `after`
    /// is what may stand behind the values: `ON CONFLICT ...`, or nothing.
    pub async fn insert_all(
        &mut self,
        into: &'static str,
        after: &'static str,
        rows: Vec<Vec<Value>>,
    ) -> Result<u64, StoreError> {
        let Some(width) = rows.first().map(Vec::len) else {
            return Ok(0);
        };
        let values = match self.store().engine() {
            Engine::Sqlite => SQLITE_VALUES,
            Engine::Postgres => POSTGRES_VALUES,
        };
        let at_once = (values / width.max(1)).max(1);
        let mut inserted = 0;
        let mut text = String::new();
        let mut rows = rows.into_iter().peekable();
        while rows.peek().is_some() {
            let chunk: Vec<Vec<Value>> = rows.by_ref().take(at_once).collect();
            if text.is_empty() || chunk.len() < at_once {
                text = statement(into, after, width, chunk.len());
            }
            let values = chunk.into_iter().flatten().collect();
            inserted += self.execute_text(&text, values).await?;
        }
        Ok(inserted)
    }
}

/// `INSERT INTO t (trust, a) VALUES ($1, $2), ($1, $3)`.
fn statement(into: &str, after: &str, width: usize, rows: usize) -> String {
    let mut text = format!("{into} VALUES ");
    for row in 0..rows {
        text.push_str(if row == 0 { "($1" } else { ", ($1" });
        for column in 0..width {
            // Writing to a string cannot fail.
            let _ = write!(text, ", ${}", 2 + row * width + column);
        }
        text.push(')');
    }
    text.push(' ');
    text.push_str(after);
    text
}
