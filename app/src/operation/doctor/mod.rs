//! What is wrong with an installation, and how to mend it. It looks and changes nothing: a database keeps its schema,
//! and nothing is made that is not there.

mod database;
mod places;
mod surroundings;
#[cfg(test)]
mod tests;

use std::fmt;

use serde::Serialize;

use crate::clock::Clock;
use crate::protection::Keyring;
use crate::randomness::Randomness;
use crate::settings::Settings;
use crate::store::Store;

/// How something is.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// As it should be.
    Ok,
    /// It works, and wants a look.
    Warn,
    /// It does not work, or soon will not.
    Fail,
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Fail => "fail",
        })
    }
}

/// One thing that was looked at.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Finding {
    /// What was looked at.
    pub subject: &'static str,
    /// How it is.
    pub state: State,
    /// What was found.
    pub says: String,
    /// How to mend it, where there is something to mend.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mend: Option<String>,
}

impl Finding {
    fn ok(subject: &'static str, says: impl Into<String>) -> Self {
        let says = says.into();
        Self {
            subject,
            state: State::Ok,
            says,
            mend: None,
        }
    }

    fn warn(subject: &'static str, says: impl Into<String>, mend: impl Into<String>) -> Self {
        let (says, mend) = (says.into(), Some(mend.into()));
        Self {
            subject,
            state: State::Warn,
            says,
            mend,
        }
    }

    fn fail(subject: &'static str, says: impl Into<String>, mend: impl Into<String>) -> Self {
        Self {
            state: State::Fail,
            ..Self::warn(subject, says, mend)
        }
    }
}

/// Looks everything over.
pub async fn examine(settings: &Settings, clock: Clock, randomness: Randomness) -> Vec<Finding> {
    let mut findings = places::examine(settings);
    let source = settings.master_key_source();
    let keyring = Keyring::load(&source);
    findings.push(match &keyring {
        Ok(keyring) => {
            let count = keyring.ids().len();
            let older = match count {
                1 => String::new(),
                more => format!(", and {} older", more - 1),
            };
            Finding::ok("master key", format!("{} gives key {}{older}", source.in_words(), keyring.current()))
        }
        Err(error) => Finding::fail(
            "master key",
            error.to_string(),
            "Put the key back from its copy; without it nothing that is sealed can be read. For a new installation \
             'probity setup' and 'probity serve' make one; further nodes of one PostgreSQL get a copy of the first one's.",
        ),
    });
    if let Ok(keyring) = keyring {
        let store = match settings.database() {
            Ok(url) => Store::look(&url, keyring, clock.clone(), randomness).await,
            Err(error) => Err(error),
        };
        match store {
            Ok(store) => {
                findings.extend(database::examine(&store).await);
                store.close().await;
            }
            Err(error) => findings.push(Finding::fail(
                "database",
                error.to_string(),
                "Check database_url and that the database runs; 'probity settings' shows which one is used.",
            )),
        }
    }
    findings.extend(surroundings::examine(settings, &clock).await);
    findings
}
