//! Which installation a command works on: its data folder, its database, its master key.

use std::error::Error;
use std::fs::DirBuilder;
use std::path::Path;

use clap::Args;

use crate::attachments::{Attachments, LARGEST_BYTES};
use crate::backup::Beside;
use crate::clock::Clock;
use crate::ledger::ErasureList;
use crate::protection::{Keyring, MasterKey, MasterKeySource, create_key_file};
use crate::randomness::Randomness;
use crate::records::KINDS;
use crate::settings::{OfInstallation, Options, Places, Settings};
use crate::store::{DatabaseUrl, Store};

/// The options that name an installation.
#[derive(Clone, Debug, Args)]
pub(super) struct Installation {
    #[command(flatten)]
    options: Options<OfInstallation>,
}

impl Installation {
    /// The settings of the installation.
    pub(super) fn settings(&self) -> Result<Settings, Box<dyn Error>> {
        Ok(Settings::load(&self.options, &Places::usual())?)
    }
}

/// Opens the store of these settings; makes the data folder, the master key and the database
/// where nothing is there yet.
pub(super) async fn open(settings: &Settings) -> Result<Store, Box<dyn Error>> {
    let url = settings.database()?;
    make_folder(&settings.data)?;
    let (clock, randomness) = (Clock::system(), Randomness::system());
    let keyring = keyring(&settings.master_key_source(), &url, &randomness)?;
    Ok(Store::open(&url, keyring, clock, randomness).await?)
}

/// Opens the store of these settings, where there is one: for verbs that would make no sense on a new one.
pub(super) async fn open_existing(settings: &Settings) -> Result<Store, Box<dyn Error>> {
    if let DatabaseUrl::Sqlite(file) = settings.database()?
        && !file.exists()
    {
        let file = file.display();
        return Err(format!(
            "there is no installation here: {file} does not exist. Name its data folder with --data"
        )
        .into());
    }
    open(settings).await
}

/// What these settings keep beside the database.
pub(super) fn beside(settings: &Settings) -> Beside {
    Beside {
        attachments: Attachments::new(settings.attachments(), LARGEST_BYTES),
        erasures: ErasureList::at(settings.erasures()),
        checkpoints: settings.checkpoints(),
        kinds: KINDS,
    }
}

/// Makes the data folder, closed to every other account, where it is not there.
fn make_folder(data: &Path) -> Result<(), String> {
    let mut folder = DirBuilder::new();
    folder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut folder, 0o700);
    folder.create(data).map_err(|error| {
        let shown = data.display();
        format!(
            "cannot make the data folder {shown}: {error}. Name another with --data, or give its parent folder to the \
             account that Probity runs as"
        )
    })
}

fn keyring(
    source: &MasterKeySource,
    url: &DatabaseUrl,
    randomness: &Randomness,
) -> Result<Keyring, Box<dyn Error>> {
    // A key is made for a new installation only: for an old one, a new key would hide that the
    // old one is lost.
    let new = matches!(url, DatabaseUrl::Sqlite(database) if !database.exists());
    if let MasterKeySource::File(file) = source
        && new
        && !file.exists()
    {
        std::fs::create_dir_all(file.parent().unwrap_or(Path::new(".")))?;
        create_key_file(file, &MasterKey::generate(randomness)?)?;
    }
    Ok(Keyring::load(source)?)
}
