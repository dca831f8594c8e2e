//! The root key of the installation, which also tells whether the master key is the right one.

use super::db::Db;
use super::open::Open;
use super::tx::{Query as _, Reader, Scope};
use super::value::Value;
use super::{StoreError, dialect};
use crate::protection::{Keyring, RootKey, WrappedKey};
use crate::randomness::Randomness;
use crate::values;

/// The name under which the installation keeps its wrapped root key.
pub(crate) const ROOT_KEY: &str = "root_key";
const FIND: &str = "SELECT value FROM installation WHERE name = $1";

/// The root key of a database that has one; nothing where the database is new.
pub(super) async fn open(db: &Db, keyring: &Keyring) -> Result<Option<RootKey>, StoreError> {
    let Some(kept) = kept(db).await? else {
        return Ok(None);
    };
    let wrapped = WrappedKey::from_bytes(kept, ROOT_KEY).map_err(StoreError::MasterKey)?;
    RootKey::open(keyring, &wrapped)
        .map(Some)
        .map_err(StoreError::MasterKey)
}

/// The wrapped root key of a database that has one.
pub(super) async fn kept(db: &Db) -> Result<Option<Vec<u8>>, StoreError> {
    let has_table = match db {
        Db::Sqlite { .. } => dialect::SQLITE_HAS_TABLE,
        Db::Postgres(_) => dialect::POSTGRES_HAS_TABLE,
    };
    let mut reader = Reader::new(db.clone(), Scope::Installation);
    if reader
        .first(has_table, values!["installation"])
        .await?
        .is_none()
    {
        return Ok(None);
    }
    let row = reader.first(FIND, values![ROOT_KEY]).await?;
    row.map(|row| row.get("value")).transpose()
}

/// Makes the root key of a new database. Where another node was faster, its key is taken.
pub(super) async fn create(
    db: &Db,
    keyring: &Keyring,
    randomness: &Randomness,
) -> Result<RootKey, StoreError> {
    let (key, wrapped) = RootKey::create(keyring, randomness).map_err(StoreError::MasterKey)?;
    let sql =
        "INSERT INTO installation (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING";
    let values: Vec<Value> = values![ROOT_KEY, wrapped.as_bytes().to_vec()];
    let mut made = Open::change(db).await?;
    made.execute(sql, values).await?;
    made.commit().await?;
    Ok(open(db, keyring).await?.unwrap_or(key))
}

#[cfg(test)]
mod tests {
    use crate::protection::{Keyring, MasterKey};
    use crate::randomness::Randomness;
    use crate::store::testing::on_both;
    use crate::store::{Store, StoreError};

    on_both! {
        async fn the_root_key_stays_and_a_wrong_master_key_changes_nothing(test: TestStore) {
            let randomness = Randomness::repeatable(77);
            let hash = test.store.root_key().keyed_hash("x", "y");
            let open = |keyring| {
                Store::open(&test.url, keyring, test.store.clock().clone(), randomness.clone())
            };
            let again = open(test.store.keyring().clone()).await.unwrap();
            assert_eq!(again.root_key().keyed_hash("x", "y"), hash);

            let wrong = Keyring::new(MasterKey::generate(&randomness).unwrap(), Vec::new());
            let refused = open(wrong).await.unwrap_err();
            assert!(matches!(refused, StoreError::MasterKey(_)), "{refused}");
            assert!(!Store::is_new(&test.url).await.unwrap());
            let said = refused.to_string();
            assert!(said.contains(&test.store.keyring().current().to_string()), "{said}");
            let again = open(test.store.keyring().clone()).await.unwrap();
            assert_eq!(again.root_key().keyed_hash("x", "y"), hash);
        }
    }
}
