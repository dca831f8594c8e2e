//! The settings of this installation: one definition each, from the command line, the environment, a settings file or
//! a default, in this order.
//!
//! [`Settings::load`] reads them all and refuses every fault at once: a name that is no setting is one, so that a
//! misspelt setting is never silently without effect. Secrets also come from files (`PROBITY_MAIL_URL_FILE`), as
//! container platforms hand them over.

mod definition;
mod kinds;
mod options;
mod providers;
mod reference;
mod sources;
#[cfg(test)]
mod tests;

use std::fmt;
use std::path::PathBuf;

pub use definition::{Definition, Secrecy, Settings, Verbs};
pub use kinds::{ForwardedBy, LogFormat, LogLevel, PublicUrl, Secret};
pub use options::{Group, OfAsking, OfInstallation, OfPolicies, OfServe, Options};
pub use providers::ProviderSettings;
pub use reference::reference;
pub use sources::{Places, Source};

use crate::protection::MasterKeySource;
use crate::store::{DatabaseUrl, StoreError};
use sources::Gathered;

/// Everything that is wrong with the settings, one line a fault.
#[derive(Debug, thiserror::Error)]
pub struct SettingsError(Vec<String>);

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.as_slice() {
            [one] => f.write_str(one),
            several => {
                write!(f, "the settings have {} faults", several.len())?;
                several
                    .iter()
                    .try_for_each(|fault| write!(f, "\n  {fault}"))
            }
        }
    }
}

/// A setting as it stands: for whoever wants to know what is in force, and why.
#[derive(Clone, Debug, serde::Serialize)]
pub struct InForce {
    /// Its name in the settings file.
    pub name: String,
    /// Its variable.
    pub variable: String,
    /// Its value with every secret masked; none where it is not set.
    pub value: Option<String>,
    /// Where the value comes from.
    pub source: String,
}

impl Settings {
    /// Reads the settings.
    ///
    /// # Errors
    /// Every fault: names that are no settings, values that are none, files that cannot be read.
    pub fn load<G: Group>(options: &Options<G>, places: &Places) -> Result<Self, SettingsError> {
        let mut gathered = Gathered::from(options.given(), places);
        let read = Self::read(&mut gathered);
        gathered.one_master_key();
        let providers = gathered.providers.read(&mut gathered.faults);
        match read {
            Some(settings) if gathered.faults.is_empty() => Ok(Self {
                in_force: gathered.in_force(),
                file: gathered.file,
                key_source: gathered.key_source,
                providers,
                ..settings
            }),
            _ => Err(SettingsError(gathered.faults)),
        }
    }

    /// Every setting, in the order of the reference.
    #[must_use]
    pub fn in_force(&self) -> &[InForce] {
        &self.in_force
    }

    /// The settings file that was read, if there is one.
    #[must_use]
    pub fn file(&self) -> Option<&PathBuf> {
        self.file.as_ref()
    }

    /// The providers of sign-in that stand in the settings, by their keys.
    #[must_use]
    pub fn providers(&self) -> &[ProviderSettings] {
        &self.providers
    }

    /// The database: that of `database_url`, otherwise a file in the data folder.
    ///
    /// # Errors
    /// The address is not one.
    pub fn database(&self) -> Result<DatabaseUrl, StoreError> {
        match &self.database_url {
            Some(url) => url.reveal().parse(),
            None => Ok(DatabaseUrl::Sqlite(self.data.join("probity.db"))),
        }
    }

    /// Where the master key comes from: the setting of the highest standing, otherwise a file in the data folder.
    #[must_use]
    pub fn master_key_source(&self) -> MasterKeySource {
        match (
            self.key_source,
            &self.master_key_file,
            &self.master_key_command,
        ) {
            (Some("master_key"), ..) => MasterKeySource::Environment("PROBITY_MASTER_KEY".into()),
            (Some("master_key_file"), Some(file), _) => MasterKeySource::File(file.clone()),
            (Some("master_key_command"), _, Some(command)) => {
                MasterKeySource::Command(command.reveal().to_owned())
            }
            _ => MasterKeySource::File(self.data.join("master.key")),
        }
    }

    /// The folder of the attachments' sealed files.
    #[must_use]
    pub fn attachments(&self) -> PathBuf {
        self.data.join("attachments")
    }

    /// The list of what was erased, which must outlive every backup.
    #[must_use]
    pub fn erasures(&self) -> PathBuf {
        let usual = || self.data.join("erasures.jsonl");
        self.erasure_list.clone().unwrap_or_else(usual)
    }

    /// The folder into which the ledger's checkpoints are written.
    #[must_use]
    pub fn checkpoints(&self) -> PathBuf {
        let usual = || self.data.join("checkpoints");
        self.checkpoints.clone().unwrap_or_else(usual)
    }

    /// The addresses to which the ledger's checkpoints are sent.
    #[must_use]
    pub fn checkpoint_addresses(&self) -> Vec<String> {
        let addresses = self.mail_checkpoints.iter().flatten();
        addresses.map(ToString::to_string).collect()
    }

    /// Whether people reach the site by HTTPS.
    #[must_use]
    pub fn https(&self) -> bool {
        self.public_url.as_ref().is_some_and(PublicUrl::https)
    }
}

/// A public address, for tests of other modules.
#[cfg(test)]
pub(crate) fn public_url(text: &str) -> Option<PublicUrl> {
    kinds::Reads::read(text).ok()
}

/// A secret, for tests of other modules.
#[cfg(test)]
pub(crate) fn secret(text: &str) -> Option<Secret> {
    kinds::Reads::read(text).ok()
}

/// Settings of these variables alone, for tests of other modules.
#[cfg(test)]
pub(crate) fn settings(
    environment: impl Iterator<Item = (String, std::ffi::OsString)>,
) -> Settings {
    let places = Places {
        environment: environment.collect(),
        system_file: "no/such/file".into(),
    };
    Settings::load(&Options::<OfServe>::none(), &places).unwrap()
}
