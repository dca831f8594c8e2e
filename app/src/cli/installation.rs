//! Which installation a command works on: its data folder, its database, its master key.

use std::error::Error;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::clock::Clock;
use crate::protection::{Keyring, MasterKey, MasterKeySource, create_key_file};
use crate::randomness::Randomness;
use crate::store::{DatabaseUrl, Store};

/// The options that name an installation.
#[derive(Clone, Debug, Args)]
pub(super) struct Installation {
    /// The data folder: the database, the master key and the attachments, unless they are
    /// elsewhere
    #[arg(
        long,
        env = "PROBITY_DATA",
        value_name = "DIR",
        default_value = "probity-data"
    )]
    data: PathBuf,

    /// The database: sqlite:FILE or postgres://USER@HOST/NAME [default: probity.db in the data
    /// folder]
    #[arg(
        long,
        env = "PROBITY_DATABASE_URL",
        value_name = "URL",
        hide_env_values = true
    )]
    database_url: Option<String>,

    /// The file of the master key [default: master.key in the data folder]
    #[arg(long, env = "PROBITY_MASTER_KEY_FILE", value_name = "FILE")]
    master_key_file: Option<PathBuf>,
}

impl Installation {
    /// Opens the store; makes the data folder, the master key and the database where nothing is
    /// there yet.
    pub(super) async fn open(&self) -> Result<Store, Box<dyn Error>> {
        let url = match &self.database_url {
            Some(url) => url.parse()?,
            None => DatabaseUrl::Sqlite(self.data.join("probity.db")),
        };
        let (clock, randomness) = (Clock::system(), Randomness::system());
        let keyring = self.keyring(&url, &randomness)?;
        Ok(Store::open(&url, keyring, clock, randomness).await?)
    }

    fn keyring(
        &self,
        url: &DatabaseUrl,
        randomness: &Randomness,
    ) -> Result<Keyring, Box<dyn Error>> {
        let file = match &self.master_key_file {
            Some(file) => file.clone(),
            None => self.data.join("master.key"),
        };
        // A key is made for a new installation only: for an old one, a new key would hide that
        // the old one is lost.
        let new = matches!(url, DatabaseUrl::Sqlite(database) if !database.exists());
        if new && !file.exists() {
            std::fs::create_dir_all(file.parent().unwrap_or(Path::new(".")))?;
            create_key_file(&file, &MasterKey::generate(randomness)?)?;
        }
        Ok(Keyring::load(&MasterKeySource::File(file))?)
    }
}
