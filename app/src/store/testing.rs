//! One store test becomes two: SQLite and PostgreSQL.

use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::Executor as _;
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions as _, SqlSafeStr as _};

use super::{DatabaseUrl, Store, TrustId, Tx};
use crate::clock::{Clock, Hand};
use crate::protection::{Keyring, MasterKey};
use crate::randomness::Randomness;
use crate::values;

/// A store of its own for one test, with a trust called `elm` that has two schools, `ash` and
/// `oak`; it is gone when the test ends.
pub(crate) struct TestStore {
    pub(crate) store: Store,
    pub(crate) trust: TrustId,
    pub(crate) hand: Hand,
    pub(crate) url: DatabaseUrl,
    folder: tempfile::TempDir,
}

impl TestStore {
    pub(crate) async fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = DatabaseUrl::Sqlite(folder.path().join("probity.db"));
        Self::open(&url, folder).await
    }

    /// Nothing where no server is named; the calling test is then counted as not run.
    pub(crate) async fn postgres() -> Option<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let Ok(server) = std::env::var(servers::POSTGRES) else {
            servers::not_run("PROBITY_TEST_POSTGRES names no PostgreSQL");
            return None;
        };
        let options: PgConnectOptions = server.parse().unwrap();
        let number = COUNT.fetch_add(1, Ordering::SeqCst);
        let name = format!("probity_{}_{number}", std::process::id());
        let mut admin = options.connect().await.unwrap();
        for text in [
            format!("DROP DATABASE IF EXISTS {name}"),
            format!("CREATE DATABASE {name}"),
        ] {
            let sql = sqlx::AssertSqlSafe(text).into_sql_str();
            admin.execute(sql).await.unwrap();
        }
        let url = DatabaseUrl::Postgres(Box::new(options.database(&name)));
        Some(Self::open(&url, tempfile::tempdir().unwrap()).await)
    }

    /// A folder for this test alone, as the data folder is for an installation.
    pub(crate) fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    async fn open(url: &DatabaseUrl, folder: tempfile::TempDir) -> Self {
        let (clock, hand) = Clock::by_hand(jiff::civil::date(2026, 11, 20));
        let randomness = Randomness::repeatable(1);
        let keyring = Keyring::new(MasterKey::generate(&randomness).unwrap(), Vec::new());
        let store = Store::open(url, keyring, clock, randomness).await.unwrap();
        let trust: TrustId = "elm".parse().unwrap();
        let mut tx = store.begin(&trust).await.unwrap();
        furnish(&mut tx).await;
        tx.commit_unrecorded().await.unwrap();
        Self {
            store,
            trust,
            hand,
            url: url.clone(),
            folder,
        }
    }

    /// The same database as another machine, or another process, has it open.
    pub(crate) async fn another_node(&self) -> Store {
        let (clock, keyring) = (self.store.clock().clone(), self.store.keyring().clone());
        let randomness = Randomness::repeatable(2);
        Store::open(&self.url, keyring, clock, randomness)
            .await
            .unwrap()
    }
}

async fn furnish(tx: &mut Tx) {
    tx.execute(
        "INSERT INTO trust (trust, name, nation, reading, demonstration, created_at) \
         VALUES ($1, 'Elm Trust', 'england', 'open', 0, 0)",
        values![],
    )
    .await
    .unwrap();
    for (id, name) in [("ash", "Ash Primary"), ("oak", "Oak High")] {
        tx.execute(
            "INSERT INTO school (trust, id, name, phase, nation) \
             VALUES ($1, $2, $3, 'primary', 'england')",
            values![id, name],
        )
        .await
        .unwrap();
    }
}

/// `on_both! { async fn name(test: TestStore) { ... } }`: the test runs on SQLite and, where
/// `PROBITY_TEST_POSTGRES` names a server, on PostgreSQL.
macro_rules! on_both {
    ($($(#[$meta:meta])* async fn $name:ident($test:ident: TestStore) $body:block)*) => { $(
        $(#[$meta])*
        async fn $name($test: $crate::store::testing::TestStore) $body

        mod $name {
            #[tokio::test]
            async fn sqlite() {
                super::$name($crate::store::testing::TestStore::sqlite().await).await;
            }

            #[tokio::test]
            async fn postgres() {
                if let Some(test) = $crate::store::testing::TestStore::postgres().await {
                    super::$name(test).await;
                }
            }
        }
    )* };
}
pub(crate) use on_both;
