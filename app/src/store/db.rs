//! The two engines and how they are opened.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use sqlx::Connection as _;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use tokio::sync::Notify;

use super::tx::{Reader, Scope, Tx};
use super::{Id, StoreError, TrustId, dialect, ids, migrations, root_key};
use crate::clock::Clock;
use crate::protection::{Keyring, RootKey, make_folder, owner_only};
use crate::randomness::Randomness;

/// How long a statement waits for SQLite's write lock, which another process may hold.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a request waits for a connection before it is told that the database is busy.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(8);
/// Readers beside SQLite's one writer.
const SQLITE_READERS: u32 = 4;
/// Connections of one node to PostgreSQL.
const POSTGRES_CONNECTIONS: u32 = 16;

/// Which database: `sqlite:FILE` or `postgres://...`.
#[derive(Clone, Debug)]
pub enum DatabaseUrl {
    /// A file.
    Sqlite(PathBuf),
    /// A server. Boxed: the options are large.
    Postgres(Box<PgConnectOptions>),
}

impl FromStr for DatabaseUrl {
    type Err = StoreError;

    fn from_str(text: &str) -> Result<Self, StoreError> {
        let wrong = || StoreError::Address(text.to_owned());
        if let Some(file) = text.strip_prefix("sqlite:") {
            let file = file.strip_prefix("//").unwrap_or(file);
            return match file {
                "" | ":memory:" => Err(wrong()),
                file => Ok(Self::Sqlite(PathBuf::from(file))),
            };
        }
        if text.starts_with("postgres:") || text.starts_with("postgresql:") {
            let options = text.parse::<PgConnectOptions>().map_err(|_| {
                // The address may hold a password: it is not repeated.
                StoreError::Address("postgres:...".to_owned())
            })?;
            return Ok(Self::Postgres(Box::new(
                options.application_name("probity"),
            )));
        }
        Err(wrong())
    }
}

/// Which engine a database is of.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Engine {
    /// A file, which one node serves.
    Sqlite,
    /// A server, which several nodes may share.
    Postgres,
}

/// An open database of either engine.
#[derive(Clone, Debug)]
pub(crate) enum Db {
    /// One writer, several readers, one file.
    Sqlite {
        /// The only connection that writes.
        write: SqlitePool,
        /// Connections that read.
        read: SqlitePool,
    },
    /// A pool of connections.
    Postgres(PgPool),
}

impl Db {
    async fn open(
        url: &DatabaseUrl,
        keyring: &Keyring,
        randomness: &Randomness,
    ) -> Result<(Self, RootKey), StoreError> {
        match url {
            DatabaseUrl::Sqlite(file) => Self::open_sqlite(file, keyring, randomness).await,
            DatabaseUrl::Postgres(options) => {
                let pool = connect(options).await?;
                Self::Postgres(pool).ready(keyring, randomness).await
            }
        }
    }

    /// Connects to a database that is there, and changes nothing.
    async fn look(url: &DatabaseUrl) -> Result<Self, StoreError> {
        match url {
            DatabaseUrl::Sqlite(file) if !file.exists() => Err(StoreError::NotMade),
            DatabaseUrl::Sqlite(file) => {
                let options = SqliteConnectOptions::new()
                    .filename(file)
                    .busy_timeout(BUSY_TIMEOUT);
                let pool = SqlitePoolOptions::new().acquire_timeout(ACQUIRE_TIMEOUT);
                let read = pool.connect_with(options).await?;
                let write = read.clone();
                Ok(Self::Sqlite { write, read })
            }
            DatabaseUrl::Postgres(options) => connect(options).await.map(Self::Postgres),
        }
    }

    /// Brings the schema up to date and opens the root key. With a lost or wrong master key it
    /// ends before anything is written.
    async fn ready(
        self,
        keyring: &Keyring,
        randomness: &Randomness,
    ) -> Result<(Self, RootKey), StoreError> {
        let kept = root_key::open(&self, keyring).await?;
        migrations::run(&self).await?;
        self.know_indexes().await?;
        let root_key = match kept {
            Some(key) => key,
            None => root_key::create(&self, keyring, randomness).await?,
        };
        Ok((self, root_key))
    }

    async fn open_sqlite(
        file: &Path,
        keyring: &Keyring,
        randomness: &Randomness,
    ) -> Result<(Self, RootKey), StoreError> {
        let unusable = |path: &Path| {
            let path = path.to_owned();
            move |source| StoreError::Folder { path, source }
        };
        if let Some(folder) = file.parent().filter(|f| !f.as_os_str().is_empty()) {
            make_folder(folder).map_err(unusable(folder))?;
        }
        // Two processes that start at once must not both change the schema.
        let lock_path = file.with_extension("lock");
        let mut made = owner_only();
        made.write(true).create(true).truncate(false);
        let lock = made.open(&lock_path).map_err(unusable(&lock_path))?;
        lock.lock().map_err(unusable(&lock_path))?;
        // SQLite gives the files beside the database its permissions: made here, all are the owner's alone.
        made.open(file).map_err(unusable(file))?;
        let options = SqliteConnectOptions::new()
            .filename(file)
            .journal_mode(SqliteJournalMode::Wal)
            // An answer that was given must survive a power cut.
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            // What was erased must not stay readable in pages that are free again.
            .pragma("secure_delete", "ON")
            .busy_timeout(BUSY_TIMEOUT);
        let write = SqlitePoolOptions::new()
            .max_connections(1)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            // When a commit fails because the disk is full, SQLite ends the transaction itself and
            // the driver still counts it: such a connection could never begin another one. The
            // statement makes sure that a rollback under way is over, and takes back what room a
            // large transaction was given.
            .after_release(|connection, _| {
                Box::pin(async move {
                    sqlx::query(dialect::SQLITE_USUAL_ROOM)
                        .execute(&mut *connection)
                        .await?;
                    Ok(!connection.is_in_transaction())
                })
            })
            .connect_with(options.clone())
            .await?;
        let read = SqlitePoolOptions::new()
            .max_connections(SQLITE_READERS)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .connect_lazy_with(options.pragma("query_only", "ON"));
        let db = Self::Sqlite { write, read };
        db.ready(keyring, randomness).await
    }
}

impl Db {
    /// Tells SQLite what its indexes are good for, where it does not know.
    async fn know_indexes(&self) -> Result<(), StoreError> {
        let Self::Sqlite { write, .. } = self else {
            return Ok(());
        };
        let there: Option<String> = sqlx::query_scalar(dialect::SQLITE_HAS_TABLE)
            .bind("sqlite_stat1")
            .fetch_optional(write)
            .await?;
        if there.is_none() {
            sqlx::raw_sql(dialect::SQLITE_ANALYZE)
                .execute(write)
                .await?;
        }
        let unknown: i64 = sqlx::query_scalar(dialect::SQLITE_UNKNOWN_INDEXES)
            .fetch_one(write)
            .await?;
        if unknown > 0 {
            let mut tx = write.begin().await?;
            sqlx::raw_sql(dialect::SQLITE_STATISTICS)
                .execute(&mut *tx)
                .await?;
            tx.commit().await?;
        }
        Ok(())
    }

    async fn close(&self) {
        match self {
            Self::Sqlite { write, read, .. } => {
                read.close().await;
                write.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

async fn connect(options: &PgConnectOptions) -> Result<PgPool, StoreError> {
    PgPoolOptions::new()
        .max_connections(POSTGRES_CONNECTIONS)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .connect_with(options.clone())
        .await
        .map_err(StoreError::Unreachable)
}

/// The store of one installation, with the clock, the randomness and the keys that every change
/// needs. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    db: Db,
    clock: Clock,
    randomness: Randomness,
    keyring: Keyring,
    root_key: RootKey,
    bell: Arc<Notify>,
}

impl Store {
    /// Opens the database, making it where there is none, and brings its schema up to date.
    ///
    /// # Errors
    /// [`StoreError::MasterKey`] where the database was written with a master key that is not at
    /// hand; nothing has been changed then.
    pub async fn open(
        url: &DatabaseUrl,
        keyring: Keyring,
        clock: Clock,
        randomness: Randomness,
    ) -> Result<Self, StoreError> {
        let (db, root_key) = Db::open(url, &keyring, &randomness).await?;
        Ok(Self {
            db,
            clock,
            randomness,
            keyring,
            root_key,
            bell: Arc::default(),
        })
    }

    /// Opens a database that is there already as it is: nothing is made, and the schema stays.
    pub async fn look(
        url: &DatabaseUrl,
        keyring: Keyring,
        clock: Clock,
        randomness: Randomness,
    ) -> Result<Self, StoreError> {
        let db = Db::look(url).await?;
        let root_key = root_key::open(&db, &keyring).await?;
        Ok(Self {
            root_key: root_key.ok_or(StoreError::NotMade)?,
            db,
            clock,
            randomness,
            keyring,
            bell: Arc::default(),
        })
    }

    /// Whether there is no installation in this database yet. Nothing is made.
    pub async fn is_new(url: &DatabaseUrl) -> Result<bool, StoreError> {
        let db = match url {
            DatabaseUrl::Sqlite(file) if file.metadata().map_or(0, |facts| facts.len()) == 0 => {
                return Ok(true);
            }
            url => Db::look(url).await?,
        };
        let kept = root_key::kept(&db).await;
        db.close().await;
        Ok(kept?.is_none())
    }

    /// Reads within one trust: `$1` of every statement is this trust.
    #[must_use]
    pub fn read(&self, trust: &TrustId) -> Reader {
        Reader::new(self.db.clone(), Scope::Trust(trust.clone()))
    }

    /// Reads the tables of the whole installation. Nothing is filled in for `$1`.
    #[must_use]
    pub fn installation(&self) -> Reader {
        Reader::new(self.db.clone(), Scope::Installation)
    }

    /// Begins a change within one trust: `$1` of every statement is this trust.
    pub async fn begin(&self, trust: &TrustId) -> Result<Tx, StoreError> {
        Tx::begin(self, Scope::Trust(trust.clone())).await
    }

    /// Begins a change of the installation's own tables. Nothing is filled in for `$1`.
    pub async fn begin_installation(&self) -> Result<Tx, StoreError> {
        Tx::begin(self, Scope::Installation).await
    }

    /// The clock.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// The randomness.
    #[must_use]
    pub fn randomness(&self) -> &Randomness {
        &self.randomness
    }

    /// The keys.
    #[must_use]
    pub fn keyring(&self) -> &Keyring {
        &self.keyring
    }

    /// The key from which keyed hashes and derived keys come.
    #[must_use]
    pub fn root_key(&self) -> &RootKey {
        &self.root_key
    }

    /// Rung in this process when a change was committed that queued work.
    pub(crate) fn bell(&self) -> &Notify {
        &self.bell
    }

    /// Which engine it is.
    #[must_use]
    pub fn engine(&self) -> Engine {
        match &self.db {
            Db::Sqlite { .. } => Engine::Sqlite,
            Db::Postgres(_) => Engine::Postgres,
        }
    }

    /// The newest step of the schema that this program knows.
    #[must_use]
    pub fn newest_step() -> i64 {
        migrations::newest()
    }

    /// A new identifier.
    pub fn fresh<T: Id>(&self) -> Result<T, StoreError> {
        let text = ids::fresh(self.clock.now(), &self.randomness)?;
        Ok(T::from_fresh(text))
    }

    /// Closes all connections; what was committed stays.
    pub async fn close(&self) {
        self.db.close().await;
    }

    pub(crate) fn db(&self) -> &Db {
        &self.db
    }
}
