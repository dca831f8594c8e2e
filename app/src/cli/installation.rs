//! Which installation a command works on: its data folder, its database, its master key.

use std::error::Error;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::attachments::Attachments;
use crate::backup::Beside;
use crate::clock::Clock;
use crate::ledger::ErasureList;
use crate::protection::{self, Keyring, MasterKey, MasterKeySource, claim_folder, create_key_file};
use crate::randomness::Randomness;
use crate::records::KINDS;
use crate::settings::{OfInstallation, Options, Places, Settings};
use crate::store::{DatabaseUrl, Query as _, Store, StoreError, TrustId};
use crate::values;

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
    let source = settings.master_key_source();
    let made = make_key(&source, &url, &randomness).await?;
    let opened = Store::open(&url, Keyring::load(&source)?, clock, randomness).await;
    if let (Some(key), Err(StoreError::MasterKey(_))) = (made, &opened) {
        // Another node made the installation at the same moment, with another key: this one never
        // sealed anything.
        std::fs::remove_file(&key)?;
        let key = key.display();
        return Err(format!(
            "another node was setting this database up at the same time. Copy its master key file to {key} and start \
             again"
        )
        .into());
    }
    Ok(opened?)
}

/// Opens the store of these settings, where there is one: for verbs that would make no sense on a new one.
pub(super) async fn open_existing(settings: &Settings) -> Result<Store, Box<dyn Error>> {
    let url = settings.database()?;
    if let DatabaseUrl::Sqlite(file) = &url
        && !file.exists()
    {
        let file = file.display();
        return Err(format!(
            "there is no installation here: {file} does not exist. Name its data folder with --data"
        )
        .into());
    }
    if Store::is_new(&url).await? {
        return Err(StoreError::NotMade.into());
    }
    open(settings).await
}

/// What these settings keep beside the database.
pub(super) fn beside(settings: &Settings) -> Beside {
    Beside {
        attachments: Attachments::new(settings.attachments(), settings.max_attachment),
        erasures: ErasureList::at(settings.erasures()),
        checkpoints: settings.checkpoints(),
        mailed_to: settings.checkpoint_addresses(),
        kinds: KINDS,
    }
}

/// Makes the data folder, closed to every other account, where it is not there.
fn make_folder(data: &Path) -> Result<(), String> {
    claim_folder(data).map_err(|error| {
        let shown = data.display();
        format!(
            "cannot make the data folder {shown}: {error}. Name another with --data, or give its parent folder to the \
             account that Probity runs as"
        )
    })
}

/// Makes the master key of a new installation, where it is to be in a file that is not there; gives the file.
///
/// For an old installation, a new key would hide that the old one is lost.
async fn make_key(
    source: &MasterKeySource,
    url: &DatabaseUrl,
    randomness: &Randomness,
) -> Result<Option<PathBuf>, Box<dyn Error>> {
    match source {
        MasterKeySource::File(file) if !file.exists() && Store::is_new(url).await? => {
            let folder = file.parent().filter(|it| !it.as_os_str().is_empty());
            folder.map_or(Ok(()), protection::make_folder)?;
            create_key_file(file, &MasterKey::generate(randomness)?)?;
            Ok(Some(file.clone()))
        }
        _ => Ok(None),
    }
}

/// The trust that a command works on: the one that is named, or the only one.
pub(super) async fn only_trust(
    store: &Store,
    named: Option<&TrustId>,
) -> Result<TrustId, Box<dyn Error>> {
    let rows = store
        .installation()
        .all("SELECT trust FROM trust ORDER BY trust", values![])
        .await?;
    let mut trusts = Vec::new();
    for row in &rows {
        trusts.push(row.get::<TrustId>("trust")?);
    }
    let known: Vec<&str> = trusts.iter().map(TrustId::as_str).collect();
    match (named, trusts.as_slice()) {
        (Some(named), all) if all.contains(named) => Ok(named.clone()),
        (Some(named), _) => Err(format!(
            "there is no trust '{named}'; there are {}",
            known.join(", ")
        )
        .into()),
        (None, [only]) => Ok(only.clone()),
        (None, []) => Err("this installation is not set up yet".into()),
        (None, _) => Err(format!("say which trust with --trust: {}", known.join(", ")).into()),
    }
}
