//! Reading everything, and writing everything back: for backups, which know no feature and no engine.
//!
//! Names of tables and columns come from the live schema alone, never from what is read back.

use std::collections::BTreeMap;

use sqlx::AssertSqlSafe;

use super::db::{Engine, Store};
use super::open::Open;
use super::value::{Row, Value};
use super::{StoreError, dialect};
use crate::values;

/// Placeholders that one statement may have, on either engine.
const PLACEHOLDERS: usize = 30_000;
/// Rows that one statement inserts at most.
const ROWS: usize = 500;

/// A table as it is in the live schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Its name.
    pub table: String,
    /// Its columns, in order.
    pub columns: Vec<(String, ColumnKind)>,
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ColumnKind {
    /// Text.
    Text,
    /// A number.
    Integer,
    /// Bytes.
    Bytes,
}

/// Everything, as it was at one moment. Nobody waits for it.
#[derive(Debug)]
pub struct Dump {
    open: Open,
    shapes: Vec<Shape>,
    steps: Vec<i64>,
}

/// Everything, to be replaced in one transaction.
#[derive(Debug)]
pub struct Load {
    open: Open,
    shapes: Vec<Shape>,
    steps: Vec<i64>,
}

impl Store {
    /// Begins to read everything as it is now.
    pub async fn dump(&self) -> Result<Dump, StoreError> {
        let mut open = Open::snapshot(self.db()).await?;
        let (shapes, steps) = schema(&mut open).await?;
        Ok(Dump {
            open,
            shapes,
            steps,
        })
    }

    /// Begins to replace everything. Nothing happens before [`Load::finish`].
    pub async fn load(&self) -> Result<Load, StoreError> {
        let mut open = Open::change(self.db()).await?;
        let (shapes, steps) = schema(&mut open).await?;
        let mut load = Load {
            open,
            shapes,
            steps,
        };
        // Rows come table by table, and tables may name each other, or themselves.
        load.defer_foreign_keys(true).await?;
        Ok(load)
    }
}

impl Dump {
    /// The tables.
    #[must_use]
    pub fn shapes(&self) -> &[Shape] {
        &self.shapes
    }

    /// The steps of the schema.
    #[must_use]
    pub fn steps(&self) -> &[i64] {
        &self.steps
    }

    /// Gives each row of a table, one after the other, never all at once.
    pub async fn rows<E: From<StoreError>>(
        &mut self,
        shape: &Shape,
        mut each: impl FnMut(Vec<Value>) -> Result<(), E> + Send,
    ) -> Result<(), E> {
        let columns: Vec<&str> = shape
            .columns
            .iter()
            .map(|(name, _)| name.as_str())
            .collect();
        let sql = format!("SELECT {} FROM {}", columns.join(", "), shape.table);
        let give = |row: Row| each(values(shape, &row)?);
        self.open.each(AssertSqlSafe(sql), give).await
    }
}

fn values(shape: &Shape, row: &Row) -> Result<Vec<Value>, StoreError> {
    let value = |(name, kind): &(String, ColumnKind)| match kind {
        ColumnKind::Text => row.text(name).map(Value::Text),
        ColumnKind::Integer => row.integer(name).map(Value::Integer),
        ColumnKind::Bytes => row.bytes(name).map(Value::Bytes),
    };
    shape.columns.iter().map(value).collect()
}

impl Load {
    /// The tables.
    #[must_use]
    pub fn shapes(&self) -> &[Shape] {
        &self.shapes
    }

    /// The steps of the schema.
    #[must_use]
    pub fn steps(&self) -> &[i64] {
        &self.steps
    }

    /// Whether no trust is set up yet.
    pub async fn is_empty(&mut self) -> Result<bool, StoreError> {
        const ANY: &str = "SELECT 1 AS any_trust FROM trust LIMIT 1";
        Ok(self.open.all(ANY, values![]).await?.is_empty())
    }

    /// Empties every table.
    pub async fn clear(&mut self) -> Result<(), StoreError> {
        for shape in self.shapes.clone() {
            self.run(format!("DELETE FROM {}", shape.table), Vec::new())
                .await?;
        }
        Ok(())
    }

    /// Inserts rows, each with a value for every column of the shape.
    pub async fn insert(&mut self, shape: &Shape, rows: Vec<Vec<Value>>) -> Result<(), StoreError> {
        let width = shape.columns.len().max(1);
        let at_once = ROWS.min(PLACEHOLDERS / width).max(1);
        let columns: Vec<&str> = shape
            .columns
            .iter()
            .map(|(name, _)| name.as_str())
            .collect();
        let head = format!(
            "INSERT INTO {} ({}) VALUES ",
            shape.table,
            columns.join(", ")
        );
        let mut rows = rows.into_iter().peekable();
        while rows.peek().is_some() {
            let batch: Vec<Vec<Value>> = rows.by_ref().take(at_once).collect();
            let places = |row: usize| {
                let numbers = (1..=width).map(|column| format!("${}", row * width + column));
                format!("({})", numbers.collect::<Vec<_>>().join(", "))
            };
            let places: Vec<String> = (0..batch.len()).map(places).collect();
            let sql = format!("{head}{}", places.join(", "));
            self.run(sql, batch.into_iter().flatten().collect()).await?;
        }
        Ok(())
    }

    /// Checks that every record that is named exists, and makes all of it happen.
    pub async fn finish(mut self) -> Result<(), StoreError> {
        self.defer_foreign_keys(false).await?;
        self.open.commit().await
    }

    async fn run(&mut self, sql: String, values: Vec<Value>) -> Result<(), StoreError> {
        self.open.execute(AssertSqlSafe(sql), values).await?;
        Ok(())
    }

    /// SQLite has a setting for it that ends with the transaction; PostgreSQL must change each constraint, and changes
    /// it back before the transaction ends.
    async fn defer_foreign_keys(&mut self, defer: bool) -> Result<(), StoreError> {
        let how = match (self.open.engine(), defer) {
            (Engine::Sqlite, true) => {
                self.open.execute(dialect::SQLITE_DEFER, values![]).await?;
                return Ok(());
            }
            (Engine::Sqlite, false) => return Ok(()),
            (Engine::Postgres, true) => "DEFERRABLE INITIALLY DEFERRED",
            (Engine::Postgres, false) => {
                let check = dialect::POSTGRES_CHECK_NOW;
                self.open.execute(check, values![]).await?;
                "NOT DEFERRABLE"
            }
        };
        let foreign_keys = dialect::POSTGRES_FOREIGN_KEYS;
        for row in self.open.all(foreign_keys, values![]).await? {
            let (table, name): (String, String) = (row.get("table_name")?, row.get("name")?);
            let sql = format!("ALTER TABLE {table} ALTER CONSTRAINT {name} {how}");
            self.run(sql, Vec::new()).await?;
        }
        Ok(())
    }
}

/// The tables with their columns, and the steps that made them.
async fn schema(open: &mut Open) -> Result<(Vec<Shape>, Vec<i64>), StoreError> {
    let columns = match open.engine() {
        Engine::Sqlite => dialect::SQLITE_COLUMNS,
        Engine::Postgres => dialect::POSTGRES_COLUMNS,
    };
    // Two engines order capitals and underscores differently; a backup of either reads the same.
    let mut shapes: BTreeMap<String, Shape> = BTreeMap::new();
    for row in open.all(columns, values![]).await? {
        let (table, column): (String, String) = (row.get("table_name")?, row.get("column_name")?);
        let kind = match row.get::<String>("kind")?.to_ascii_lowercase().as_str() {
            "text" => ColumnKind::Text,
            "bigint" | "integer" => ColumnKind::Integer,
            "bytea" | "blob" => ColumnKind::Bytes,
            _ => {
                return Err(StoreError::Unreadable {
                    column: format!("{table}.{column}"),
                });
            }
        };
        let shape = shapes.entry(table.clone()).or_insert(Shape {
            table,
            columns: Vec::new(),
        });
        shape.columns.push((column, kind));
    }
    let steps = open.all(dialect::STEPS, values![]).await?;
    let steps = steps.iter().map(|row| row.get("version"));
    Ok((
        shapes.into_values().collect(),
        steps.collect::<Result<_, _>>()?,
    ))
}
