//! The live schema, read back from each engine and held to the rules of the store.

use std::collections::{BTreeMap, BTreeSet};

use super::testing::TestStore;
use super::{Query as _, Row, Store};
use crate::values;

/// Tables of the whole installation: the only ones that are not keyed by trust.
pub(super) const INSTALLATION_TABLES: &[&str] =
    &["due_work", "installation", "node", "_sqlx_migrations"];

#[derive(Clone, Debug, Default, Eq, PartialEq)]
struct Table {
    /// Name, whether it is text, number or bytes, and whether it may be empty.
    columns: Vec<(String, &'static str, bool)>,
    primary_key: Vec<String>,
    /// Unique indexes and all others, by their columns.
    unique: BTreeSet<Vec<String>>,
    indexes: BTreeSet<Vec<String>>,
    /// Columns, and the table that they name.
    foreign_keys: BTreeSet<(Vec<String>, String)>,
}

type Schema = BTreeMap<String, Table>;

fn class(kind: &str) -> &'static str {
    match kind.to_ascii_lowercase().as_str() {
        "text" => "text",
        "bigint" => "number",
        "bytea" => "bytes",
        other => panic!("a column of the type {other}: only TEXT, BIGINT and BYTEA are alike"),
    }
}

async fn rows(store: &Store, sql: &'static str) -> Vec<Row> {
    store.installation().all(sql, values![]).await.unwrap()
}

fn text(row: &Row, column: &str) -> String {
    row.get(column).unwrap()
}

/// Gathers rows that stand for one thing each by their key.
fn gathered(rows: &[Row], key: &[&str]) -> BTreeMap<Vec<String>, Vec<String>> {
    let mut all: BTreeMap<Vec<String>, Vec<String>> = BTreeMap::new();
    for row in rows {
        let key = key.iter().map(|column| text(row, column)).collect();
        all.entry(key).or_default().push(text(row, "col"));
    }
    all
}

async fn read(
    store: &Store,
    columns: &'static str,
    keys: &'static str,
    foreign: &'static str,
) -> Schema {
    let mut schema = Schema::new();
    for row in rows(store, columns).await {
        let table = schema.entry(text(&row, "tab")).or_default();
        let nullable = row.get::<i64>("nullable").unwrap() == 1;
        table
            .columns
            .push((text(&row, "col"), class(&text(&row, "kind")), nullable));
    }
    for table in schema.values_mut() {
        table.columns.sort();
    }
    for (key, columns) in gathered(&rows(store, keys).await, &["tab", "role", "name"]) {
        let Some(table) = schema.get_mut(&key[0]) else {
            continue;
        };
        match key[1].as_str() {
            "primary" => table.primary_key = columns,
            "unique" => {
                table.unique.insert(columns);
            }
            _ => {
                table.indexes.insert(columns);
            }
        }
    }
    for (key, columns) in gathered(&rows(store, foreign).await, &["tab", "name", "target"]) {
        if let Some(table) = schema.get_mut(&key[0]) {
            table.foreign_keys.insert((columns, key[2].clone()));
        }
    }
    schema.remove("_sqlx_migrations");
    schema
}

async fn sqlite_schema() -> Schema {
    let test = TestStore::sqlite().await;
    read(
        &test.store,
        "SELECT m.name AS tab, c.name AS col, c.type AS kind, 1 - c.\"notnull\" AS nullable \
         FROM sqlite_master m, pragma_table_info(m.name) c \
         WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name <> '_sqlx_migrations'",
        "SELECT m.name AS tab, i.name AS name, c.name AS col, \
           CASE WHEN i.origin = 'pk' THEN 'primary' WHEN i.\"unique\" = 1 THEN 'unique' ELSE 'index' END AS role \
         FROM sqlite_master m, pragma_index_list(m.name) i, pragma_index_info(i.name) c \
         WHERE m.type = 'table' ORDER BY i.name, c.seqno",
        "SELECT m.name AS tab, CAST(f.id AS TEXT) AS name, f.\"table\" AS target, f.\"from\" AS col \
         FROM sqlite_master m, pragma_foreign_key_list(m.name) f \
         WHERE m.type = 'table' ORDER BY f.id, f.seq",
    )
    .await
}

async fn postgres_schema() -> Option<Schema> {
    let test = TestStore::postgres().await?;
    let schema = read(
        &test.store,
        "SELECT table_name::text AS tab, column_name::text AS col, data_type::text AS kind, \
           CAST(CASE is_nullable WHEN 'YES' THEN 1 ELSE 0 END AS BIGINT) AS nullable \
         FROM information_schema.columns \
         WHERE table_schema = 'public' AND table_name <> '_sqlx_migrations'",
        "SELECT t.relname::text AS tab, i.relname::text AS name, a.attname::text AS col, \
           CASE WHEN x.indisprimary THEN 'primary' WHEN x.indisunique THEN 'unique' ELSE 'index' END AS role \
         FROM pg_index x JOIN pg_class t ON t.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid \
         JOIN pg_namespace n ON n.oid = t.relnamespace AND n.nspname = 'public', \
         LATERAL unnest(x.indkey::int2[]) WITH ORDINALITY k(attnum, place) \
         JOIN pg_attribute a ON a.attnum = k.attnum \
         WHERE a.attrelid = t.oid ORDER BY i.relname, k.place",
        "SELECT t.relname::text AS tab, c.conname::text AS name, f.relname::text AS target, a.attname::text AS col \
         FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid JOIN pg_class f ON f.oid = c.confrelid, \
         LATERAL unnest(c.conkey) WITH ORDINALITY k(attnum, place) \
         JOIN pg_attribute a ON a.attnum = k.attnum \
         WHERE c.contype = 'f' AND a.attrelid = t.oid ORDER BY c.conname, k.place",
    )
    .await;
    Some(schema)
}

#[tokio::test]
async fn both_engines_have_the_same_schema() {
    let Some(postgres) = postgres_schema().await else {
        return;
    };
    let sqlite = sqlite_schema().await;
    assert_eq!(
        sqlite.keys().collect::<Vec<_>>(),
        postgres.keys().collect::<Vec<_>>()
    );
    for (name, table) in &sqlite {
        assert_eq!(table, &postgres[name], "{name}");
    }
}

#[tokio::test]
async fn every_key_begins_with_the_trust() {
    for (name, table) in sqlite_schema().await {
        if INSTALLATION_TABLES.contains(&name.as_str()) {
            continue;
        }
        assert_eq!(
            table.primary_key.first().map(String::as_str),
            Some("trust"),
            "{name}"
        );
        for columns in table.unique.iter().chain(&table.indexes) {
            assert_eq!(
                columns.first().map(String::as_str),
                Some("trust"),
                "{name}: {columns:?}"
            );
        }
        for (columns, target) in &table.foreign_keys {
            assert_eq!(
                columns.first().map(String::as_str),
                Some("trust"),
                "{name} -> {target}"
            );
        }
    }
}

#[tokio::test]
async fn every_foreign_key_has_an_index() {
    for (name, table) in sqlite_schema().await {
        for (columns, target) in &table.foreign_keys {
            let mut keys = table
                .unique
                .iter()
                .chain(&table.indexes)
                .chain([&table.primary_key]);
            let covered = keys.any(|key| key.starts_with(columns));
            assert!(covered, "{name} {columns:?} -> {target} has no index");
        }
    }
}

#[tokio::test]
async fn every_column_is_used_by_some_statement() {
    let statements = super::sql_tests::statements();
    for (name, table) in sqlite_schema().await {
        for (column, _, _) in &table.columns {
            let used = statements.iter().any(|s| {
                super::sql_tests::names(&s.text, &name) && super::sql_tests::names(&s.text, column)
            });
            assert!(used, "{name}.{column} is written and read by nobody");
        }
    }
}
