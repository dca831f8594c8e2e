//! Where the master keys come from: a file, an environment variable or a command.
//!
//! A source holds one key a line, the current one first; blank lines and lines that begin with `#` are passed over.

use std::io::{self, Read};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use zeroize::Zeroizing;

use super::key_file;
use super::master_key::{MasterKey, NotAMasterKey};

/// More than any number of keys takes, in bytes.
pub(super) const LONGEST: u64 = 64 * 1024;
/// How long a command may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// Where the master keys come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MasterKeySource {
    /// A file that nobody but its owner can read.
    File(PathBuf),
    /// An environment variable, by its name.
    Environment(String),
    /// What a command prints (given to `sh -c`), as of a key store.
    Command(String),
}

/// Why the master keys could not be read. Never repeats what was read.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// The file is not there or cannot be opened.
    #[error("the master key file {} cannot be read: {why}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        why: io::Error,
    },
    /// Others than its owner can read the file.
    #[error(
        "the master key file {} can be read by others (its mode is {mode:03o}). Close it with `chmod 600 {}` and start again",
        path.display(), path.display()
    )]
    OpenToOthers {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The variable is not set.
    #[error("the environment variable {name}, which should hold the master key, is not set")]
    NotSet {
        /// The variable.
        name: String,
    },
    /// The command could not be started, or failed.
    #[error("the command that should print the master key (`{command}`) {why}")]
    CommandFailed {
        /// The command, without its arguments.
        command: String,
        /// What went wrong.
        why: String,
    },
    /// There is nothing in the source.
    #[error("{origin} holds no master key: it is empty")]
    Empty {
        /// The source, in words.
        origin: String,
    },
    /// The source holds something else than keys.
    #[error("{origin}, line {line}: {why}")]
    NotAKey {
        /// The source, in words.
        origin: String,
        /// The line, counted from 1.
        line: usize,
        /// Why it is no key.
        why: NotAMasterKey,
    },
    /// The file to be written is already there, or cannot be written.
    #[error("the master key file {} cannot be written: {why}", path.display())]
    NotWritten {
        /// The file.
        path: PathBuf,
        /// What the system says.
        why: io::Error,
    },
}

impl MasterKeySource {
    /// The source in words: `the master key file /etc/probity/master.key`.
    #[must_use]
    pub fn in_words(&self) -> String {
        match self {
            Self::File(path) => format!("the master key file {}", path.display()),
            Self::Environment(name) => format!("the environment variable {name}"),
            Self::Command(command) => format!("the command `{}`", program(command)),
        }
    }

    /// The current key and the older ones.
    pub(super) fn read(&self) -> Result<(MasterKey, Vec<MasterKey>), SourceError> {
        let text = match self {
            Self::File(path) => key_file::read(path)?,
            Self::Environment(name) => {
                let value = std::env::var(name).ok().map(Zeroizing::new);
                value.ok_or_else(|| SourceError::NotSet { name: name.clone() })?
            }
            Self::Command(command) => run(command, PATIENCE)?,
        };
        parse(&text, || self.in_words())
    }
}

/// A command to name in a message: without its arguments, which may hold a token.
fn program(command: &str) -> String {
    let mut words = command.split_whitespace();
    let first = words.next().unwrap_or_default();
    match words.next() {
        Some(_) => format!("{first} …"),
        None => first.to_owned(),
    }
}

fn run(command: &str, patience: Duration) -> Result<Zeroizing<String>, SourceError> {
    let failed = |why: String| SourceError::CommandFailed {
        command: program(command),
        why,
    };
    let mut child = Command::new("sh")
        .args(["-c", command])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| failed(format!("could not be started: {error}")))?;
    let printed = printed_within(&mut child, patience);
    if printed.is_none() {
        // It may have ended by itself in the meantime, which is as well.
        child.kill().ok();
    }
    let status = child
        .wait()
        .map_err(|error| failed(format!("could not be waited for: {error}")))?;
    match printed {
        None => Err(failed(format!(
            "did not finish within {} seconds",
            patience.as_secs()
        ))),
        Some(_) if !status.success() => Err(failed(format!("failed ({status})"))),
        Some(Err(error)) => Err(failed(format!("printed what cannot be read: {error}"))),
        Some(Ok(text)) => Ok(text),
    }
}

/// What the child prints, or nothing when it takes too long.
fn printed_within(child: &mut Child, patience: Duration) -> Option<io::Result<Zeroizing<String>>> {
    let output = child.stdout.take()?;
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let mut text = Zeroizing::new(String::new());
        let read = output.take(LONGEST).read_to_string(&mut text).map(|_| text);
        // Nobody listens any more when it took too long.
        sender.send(read).ok();
    });
    receiver.recv_timeout(patience).ok()
}

fn parse(
    text: &str,
    origin: impl Fn() -> String,
) -> Result<(MasterKey, Vec<MasterKey>), SourceError> {
    let mut keys = Vec::new();
    for (line, written) in (1..).zip(text.lines()) {
        let written = written.trim();
        if written.is_empty() || written.starts_with('#') {
            continue;
        }
        let key = MasterKey::parse(written).map_err(|why| SourceError::NotAKey {
            origin: origin(),
            line,
            why,
        })?;
        keys.push(key);
    }
    let mut keys = keys.into_iter();
    match keys.next() {
        Some(current) => Ok((current, keys.collect())),
        None => Err(SourceError::Empty { origin: origin() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::randomness::Randomness;

    fn key(seed: u64) -> MasterKey {
        MasterKey::generate(&Randomness::repeatable(seed)).unwrap()
    }

    #[test]
    fn several_keys_are_read_the_current_one_first() {
        let text = format!(
            "# new in May\n{}\n\n# before\n  {}  \n",
            *key(2).reveal(),
            *key(1).reveal()
        );
        let (current, older) = parse(&text, String::new).unwrap();
        let older: Vec<_> = older.iter().map(MasterKey::id).collect();
        assert_eq!((current.id(), older), (key(2).id(), vec![key(1).id()]));
    }

    #[test]
    fn each_failure_says_what_and_where_and_repeats_no_secret() {
        let missing = MasterKeySource::File("no/such/file".into())
            .read()
            .unwrap_err();
        assert!(
            missing
                .to_string()
                .starts_with("the master key file no/such/file cannot be read")
        );
        let unset = MasterKeySource::Environment("PROBITY_NO_SUCH_KEY".into())
            .read()
            .unwrap_err();
        assert!(unset.to_string().contains("PROBITY_NO_SUCH_KEY"));
        // Cargo sets this one for its tests.
        let other = MasterKeySource::Environment("CARGO_PKG_NAME".into())
            .read()
            .unwrap_err()
            .to_string();
        assert!(
            other.contains("CARGO_PKG_NAME, line 1: a master key is 32"),
            "{other}"
        );
        assert!(!other.contains("probity"), "{other}");
        let empty = MasterKeySource::Command("echo '# nothing'".into())
            .read()
            .unwrap_err();
        assert!(matches!(empty, SourceError::Empty { .. }), "{empty}");
    }

    #[test]
    fn a_command_prints_the_key() {
        let command = format!("printf '%s' {}", *key(3).reveal());
        assert_eq!(
            MasterKeySource::Command(command).read().unwrap().0.id(),
            key(3).id()
        );
    }

    #[test]
    fn a_command_that_fails_or_never_ends_is_said() {
        let failed = run("exit 3", PATIENCE).unwrap_err().to_string();
        assert!(
            failed.contains("`exit …`") && failed.contains("exit status: 3"),
            "{failed}"
        );
        let slow = run("exec tail -f /dev/null", Duration::from_millis(50))
            .unwrap_err()
            .to_string();
        assert!(slow.contains("did not finish"), "{slow}");
    }
}
