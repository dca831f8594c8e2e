//! Many rows with few statements: an import changes tens of thousands in one transaction.

use std::fmt::Write as _;

use super::value::Value;
use super::{Engine, StoreError, Tx, dialect};

/// Values of one statement: PostgreSQL takes 65,535, SQLite 32,766. Each statement is a round trip.
const VALUES: usize = 8_000;

impl Tx {
    /// Prepares for tens of thousands of rows, so that others wait for less.
    pub async fn make_room(&mut self) -> Result<(), StoreError> {
        match self.store().engine() {
            Engine::Sqlite => self
                .execute_text(dialect::SQLITE_ROOM, Vec::new())
                .await
                .map(drop),
            Engine::Postgres => Ok(()),
        }
    }

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
        let at_once = (VALUES / width.max(1)).max(1);
        let engine = self.store().engine();
        let trust = self.before_values();
        let mut inserted = 0;
        let mut text = String::new();
        let mut rows = rows.into_iter().peekable();
        while rows.peek().is_some() {
            let chunk: Vec<Vec<Value>> = rows.by_ref().take(at_once).collect();
            if text.is_empty() || chunk.len() < at_once {
                text = statement(engine, into, after, width, chunk.len());
            }
            let values = match engine {
                Engine::Sqlite => {
                    let rows = chunk.into_iter();
                    rows.flat_map(|row| trust.iter().cloned().chain(row))
                        .collect()
                }
                Engine::Postgres => {
                    let rows = chunk.into_iter().flatten();
                    trust.iter().cloned().chain(rows).collect()
                }
            };
            inserted += self.execute_text(&text, values).await?;
        }
        Ok(inserted)
    }
}

/// `INSERT INTO t (trust, a) VALUES ($1, $2), ($1, $3)`; for SQLite `(?, ?), (?, ?)`, the trust in each row:
/// its driver looks the name of each placeholder up, and a name is found by going through all of them.
fn statement(engine: Engine, into: &str, after: &str, width: usize, rows: usize) -> String {
    let mut text = format!("{into} VALUES ");
    for row in 0..rows {
        if row > 0 {
            text.push_str(", ");
        }
        match engine {
            Engine::Sqlite => {
                text.push_str("(?");
                text.push_str(&", ?".repeat(width));
            }
            Engine::Postgres => {
                text.push_str("($1");
                for column in 0..width {
                    // Writing to a string cannot fail.
                    let _ = write!(text, ", ${}", 2 + row * width + column);
                }
            }
        }
        text.push(')');
    }
    text.push(' ');
    text.push_str(after);
    text
}
