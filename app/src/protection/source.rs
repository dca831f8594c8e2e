//! Where the master keys come from: a file, an environment variable or a command.
//!
//! A source holds one key a line, the current one first; blank lines and lines that begin with `#` are passed over.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use zeroize::Zeroizing;

use super::master_key::{MasterKey, NotAMasterKey};

/// More than any number of keys takes, in bytes.
const LONGEST: u64 = 64 * 1024;
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
    /// The file to be made is already there, or cannot be made.
    #[error("the master key file {} cannot be made: {why}", path.display())]
    NotMade {
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
            Self::File(path) => read_file(path)?,
            Self::Environment(name) => {
                let value = std::env::var(name).ok().map(Zeroizing::new);
                value.ok_or_else(|| SourceError::NotSet { name: name.clone() })?
            }
            Self::Command(command) => run(command, PATIENCE)?,
        };
        parse(&text, || self.in_words())
    }
}

/// Makes a key file that its owner alone can read and write. A file that is already there is left as it is.
pub fn create_key_file(path: &Path, key: &MasterKey) -> Result<(), SourceError> {
    let not_made = |why| SourceError::NotMade {
        path: path.to_owned(),
        why,
    };
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(not_made)?;
    let line = Zeroizing::new(format!("{}\n", key.reveal().as_str()));
    file.write_all(line.as_bytes()).map_err(not_made)?;
    file.sync_all().map_err(not_made)
}

fn read_file(path: &Path) -> Result<Zeroizing<String>, SourceError> {
    let unreadable = |why| SourceError::Unreadable {
        path: path.to_owned(),
        why,
    };
    let file = File::open(path).map_err(unreadable)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // Asked of the opened file, so that another cannot be put in its place in between.
        let mode = file.metadata().map_err(unreadable)?.permissions().mode() & 0o777;
        if mode & 0o077 != 0 {
            return Err(SourceError::OpenToOthers {
                path: path.to_owned(),
                mode,
            });
        }
    }
    let mut text = Zeroizing::new(String::new());
    file.take(LONGEST)
        .read_to_string(&mut text)
        .map_err(unreadable)?;
    Ok(text)
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
    fn a_key_file_is_made_closed_read_back_and_never_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.key");
        create_key_file(&path, &key(1)).unwrap();
        let (current, older) = MasterKeySource::File(path.clone()).read().unwrap();
        assert_eq!((current.id(), older.len()), (key(1).id(), 0));
        let refused = create_key_file(&path, &key(2)).unwrap_err();
        assert!(refused.to_string().contains("exists"), "{refused}");
        assert_eq!(
            MasterKeySource::File(path).read().unwrap().0.id(),
            key(1).id()
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_key_file_that_others_can_read_is_refused_with_the_remedy() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.key");
        create_key_file(&path, &key(1)).unwrap();
        for mode in [0o640, 0o604, 0o644, 0o620, 0o601] {
            std::fs::set_permissions(&path, PermissionsExt::from_mode(mode)).unwrap();
            let refused = MasterKeySource::File(path.clone())
                .read()
                .unwrap_err()
                .to_string();
            assert!(
                refused.contains(&format!("chmod 600 {}", path.display())),
                "{refused}"
            );
            assert!(refused.contains(&format!("{mode:03o}")), "{refused}");
        }
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o400)).unwrap();
        assert!(MasterKeySource::File(path).read().is_ok());
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
