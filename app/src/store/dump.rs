//! Reading everything, and writing everything back: for backups, which know no feature and no engine.
//!
//! Names of tables and columns come from the live schema alone, never from what is read back.

use std::collections::BTreeSet;

use futures_util::TryStreamExt as _;
use sqlx::{AssertSqlSafe, Postgres, Row as _, Sqlite, Transaction};

use super::db::{Db, Store};
use super::value::{self, Value};
use super::{StoreError, dialect};

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

#[derive(Debug)]
enum Open {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
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
        let mut open = match self.db() {
            Db::Sqlite { read, .. } => {
                Open::Sqlite(read.begin_with(dialect::SQLITE_SNAPSHOT).await?)
            }
            Db::Postgres(pool) => {
                Open::Postgres(pool.begin_with(dialect::POSTGRES_SNAPSHOT).await?)
            }
        };
        let (shapes, steps) = schema(&mut open).await?;
        Ok(Dump {
            open,
            shapes,
            steps,
        })
    }

    /// Begins to replace everything. Nothing happens before [`Load::finish`].
    pub async fn load(&self) -> Result<Load, StoreError> {
        let mut open = match self.db() {
            Db::Sqlite { write, .. } => {
                Open::Sqlite(write.begin_with(dialect::SQLITE_BEGIN).await?)
            }
            Db::Postgres(pool) => Open::Postgres(pool.begin().await?),
        };
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
        match &mut self.open {
            Open::Sqlite(tx) => {
                let mut rows = sqlx::query(AssertSqlSafe(sql)).fetch(&mut **tx);
                while let Some(row) = rows.try_next().await.map_err(StoreError::from)? {
                    each(values(shape, |at, kind| match kind {
                        ColumnKind::Text => row.try_get(at).map(Value::Text),
                        ColumnKind::Integer => row.try_get(at).map(Value::Integer),
                        ColumnKind::Bytes => row.try_get(at).map(Value::Bytes),
                    })?)?;
                }
            }
            Open::Postgres(tx) => {
                let mut rows = sqlx::query(AssertSqlSafe(sql)).fetch(&mut **tx);
                while let Some(row) = rows.try_next().await.map_err(StoreError::from)? {
                    each(values(shape, |at, kind| match kind {
                        ColumnKind::Text => row.try_get(at).map(Value::Text),
                        ColumnKind::Integer => row.try_get(at).map(Value::Integer),
                        ColumnKind::Bytes => row.try_get(at).map(Value::Bytes),
                    })?)?;
                }
            }
        }
        Ok(())
    }
}

fn values(
    shape: &Shape,
    get: impl Fn(usize, ColumnKind) -> Result<Value, sqlx::Error>,
) -> Result<Vec<Value>, StoreError> {
    let kinds = shape.columns.iter().enumerate();
    kinds.map(|(at, (_, kind))| Ok(get(at, *kind)?)).collect()
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
        Ok(match &mut self.open {
            Open::Sqlite(tx) => sqlx::query(ANY).fetch_optional(&mut **tx).await?.is_none(),
            Open::Postgres(tx) => sqlx::query(ANY).fetch_optional(&mut **tx).await?.is_none(),
        })
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
        match self.open {
            Open::Sqlite(tx) => tx.commit().await?,
            Open::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }

    async fn run(&mut self, sql: String, values: Vec<Value>) -> Result<(), StoreError> {
        let sql = AssertSqlSafe(sql);
        match &mut self.open {
            Open::Sqlite(tx) => {
                sqlx::query_with(sql, value::sqlite(values)?)
                    .execute(&mut **tx)
                    .await?;
            }
            Open::Postgres(tx) => {
                sqlx::query_with(sql, value::postgres(values)?)
                    .execute(&mut **tx)
                    .await?;
            }
        }
        Ok(())
    }

    /// SQLite has a setting for it that ends with the transaction; PostgreSQL must change each constraint, and changes
    /// it back before the transaction ends.
    async fn defer_foreign_keys(&mut self, defer: bool) -> Result<(), StoreError> {
        let constraints = match &mut self.open {
            Open::Sqlite(tx) => {
                if defer {
                    sqlx::query(dialect::SQLITE_DEFER)
                        .execute(&mut **tx)
                        .await?;
                }
                return Ok(());
            }
            Open::Postgres(tx) => {
                if !defer {
                    sqlx::query(dialect::POSTGRES_CHECK_NOW)
                        .execute(&mut **tx)
                        .await?;
                }
                sqlx::query(dialect::POSTGRES_FOREIGN_KEYS)
                    .fetch_all(&mut **tx)
                    .await?
            }
        };
        let how = if defer {
            "DEFERRABLE INITIALLY DEFERRED"
        } else {
            "NOT DEFERRABLE"
        };
        for row in constraints {
            let (table, name): (String, String) = (row.try_get(0)?, row.try_get(1)?);
            self.run(
                format!("ALTER TABLE {table} ALTER CONSTRAINT {name} {how}"),
                Vec::new(),
            )
            .await?;
        }
        Ok(())
    }
}

/// The tables with their columns, and the steps that made them.
async fn schema(open: &mut Open) -> Result<(Vec<Shape>, Vec<i64>), StoreError> {
    let mut shapes: Vec<Shape> = Vec::new();
    let mut add = |table: String, column: String, kind: &str| {
        let kind = match kind.to_ascii_lowercase().as_str() {
            "text" => ColumnKind::Text,
            "bigint" | "integer" => ColumnKind::Integer,
            "bytea" | "blob" => ColumnKind::Bytes,
            _ => {
                return Err(StoreError::Unreadable {
                    column: format!("{table}.{column}"),
                });
            }
        };
        match shapes.last_mut() {
            Some(shape) if shape.table == table => shape.columns.push((column, kind)),
            _ => shapes.push(Shape {
                table,
                columns: vec![(column, kind)],
            }),
        }
        Ok(())
    };
    let steps = match open {
        Open::Sqlite(tx) => {
            for row in sqlx::query(dialect::SQLITE_COLUMNS)
                .fetch_all(&mut **tx)
                .await?
            {
                add(
                    row.try_get(0)?,
                    row.try_get(1)?,
                    &row.try_get::<String, _>(2)?,
                )?;
            }
            let rows = sqlx::query(dialect::STEPS).fetch_all(&mut **tx).await?;
            rows.iter()
                .map(|row| row.try_get(0))
                .collect::<Result<Vec<i64>, _>>()?
        }
        Open::Postgres(tx) => {
            for row in sqlx::query(dialect::POSTGRES_COLUMNS)
                .fetch_all(&mut **tx)
                .await?
            {
                add(
                    row.try_get(0)?,
                    row.try_get(1)?,
                    &row.try_get::<String, _>(2)?,
                )?;
            }
            let rows = sqlx::query(dialect::STEPS).fetch_all(&mut **tx).await?;
            rows.iter()
                .map(|row| row.try_get(0))
                .collect::<Result<Vec<i64>, _>>()?
        }
    };
    // Two engines order capitals and underscores differently; a backup of either reads the same.
    let sorted: BTreeSet<&str> = shapes.iter().map(|shape| shape.table.as_str()).collect();
    let shapes = sorted
        .into_iter()
        .filter_map(|table| shapes.iter().find(|shape| shape.table == table).cloned());
    Ok((shapes.collect(), steps))
}
