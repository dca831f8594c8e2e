//! A PostgreSQL in a temporary folder.

use std::collections::VecDeque;
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use tempfile::TempDir;

use crate::programs::{NOBODY, open_to_all, owned_by_root};
use crate::{Error, Programs};

/// Keeps the server, and ends it when this process ends in whatever way.
const KEEPER: &str = include_str!("keeper.sh");

/// Longer than any start, recovery from a crash included.
const PATIENCE: Duration = Duration::from_secs(60);

/// How long they are waited for when it has failed.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// How many of its last lines are shown when it fails.
const LINES_KEPT: usize = 30;

/// Whether the server waits for the disk at each commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// It does, as in use: for tests in which something is killed.
    Synced,
    /// It does not: for tests that should be quick.
    Unsynced,
}

/// A PostgreSQL of its own, reached over a Unix socket in its temporary folder by its owner and root alone. It is
/// stopped and its folder removed when this is dropped, or when this process ends in whatever way.
#[derive(Debug)]
pub struct Postgres {
    keeper: Child,
    orders: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    starts: Receiver<Start>,
    log: Log,
    folder: PathBuf,
}

#[derive(Debug, PartialEq, Eq)]
enum Start {
    Ready,
    Failed,
}

/// Its last lines.
type Log = Arc<Mutex<VecDeque<String>>>;

impl Postgres {
    /// Makes a database cluster with the user `postgres`, who needs no password, and starts a server on it. As root,
    /// all of this runs as the account `nobody`.
    ///
    /// # Errors
    /// Says what could not be done, with the server's last lines.
    pub fn start(programs: &Programs, durability: Durability) -> Result<Self, Error> {
        let (folder, as_nobody) = place()?;
        let bin = if as_nobody {
            let bin = reachable(&programs.folder, folder.path())?;
            let owner = format!("{NOBODY}:{NOBODY}");
            tool(
                Command::new("chown")
                    .args(["-R", &owner])
                    .arg(folder.path()),
            )?;
            bin
        } else {
            programs.folder.clone()
        };
        let mut command = command(&bin, folder.path(), durability);
        if as_nobody {
            command.uid(NOBODY).gid(NOBODY);
        }
        let mut keeper = command
            .spawn()
            .map_err(Error::io("PostgreSQL could not be started"))?;
        // From here on the keeper removes it.
        let folder = folder.keep();
        let (Some(orders), Some(answers), Some(lines)) = (
            keeper.stdin.take(),
            keeper.stdout.take(),
            keeper.stderr.take(),
        ) else {
            return Err(Error::Missing(
                "PostgreSQL was started without pipes".into(),
            ));
        };
        let log = Log::default();
        let (said, starts) = mpsc::channel();
        let kept = Arc::clone(&log);
        thread::spawn(move || listen(BufReader::new(lines), &kept, &said));
        let mut postgres = Self {
            keeper,
            orders: Some(orders),
            answers: BufReader::new(answers),
            starts,
            log,
            folder,
        };
        postgres.start_again()?;
        Ok(postgres)
    }

    /// The address of its database `postgres`.
    #[must_use]
    pub fn url(&self) -> String {
        let socket = self.folder.to_string_lossy().replace('/', "%2F");
        format!("postgres://postgres@{socket}/postgres")
    }

    /// The folder that holds its data and its socket.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Ends it as a crash would: every session is cut, nothing more is written, and the next start must recover.
    ///
    /// # Errors
    /// The server's last lines, if it cannot be ended.
    pub fn crash(&mut self) -> Result<(), Error> {
        self.order("QUIT")
    }

    /// Ends it in good order: open transactions are rolled back, sessions closed.
    ///
    /// # Errors
    /// The server's last lines, if it cannot be ended.
    pub fn stop(&mut self) -> Result<(), Error> {
        self.order("INT")
    }

    /// Starts it after [`Self::crash`] or [`Self::stop`] on the same data, and waits until it answers.
    ///
    /// # Errors
    /// The server's last lines, if it does not start.
    pub fn start_again(&mut self) -> Result<(), Error> {
        while self.starts.try_recv().is_ok() {}
        self.order("start")?;
        match self.starts.recv_timeout(PATIENCE) {
            Ok(Start::Ready) => Ok(()),
            Ok(Start::Failed) | Err(RecvTimeoutError::Disconnected) => {
                Err(self.ended("PostgreSQL did not start"))
            }
            Err(RecvTimeoutError::Timeout) => Err(self.ended(&format!(
                "PostgreSQL was not ready within {} s",
                PATIENCE.as_secs()
            ))),
        }
    }

    /// Waits for as long as it is kept: until this process is ended from outside.
    pub fn wait(&mut self) {
        // However the keeper ended, there is nothing to wait for any more.
        let _ = self.keeper.wait();
    }

    fn order(&mut self, word: &str) -> Result<(), Error> {
        let sent = self.orders.as_mut().map(|keeper| {
            keeper.write_all(format!("{word}\n").as_bytes())?;
            keeper.flush()
        });
        let mut answer = String::new();
        match (sent, self.answers.read_line(&mut answer)) {
            (Some(Ok(())), Ok(1..)) => Ok(()),
            _ => Err(self.ended(&format!("PostgreSQL did not follow '{word}'"))),
        }
    }

    fn ended(&self, what: &str) -> Error {
        // Its last words may still be on their way.
        while self.starts.recv_timeout(LAST_WORDS).is_ok() {}
        let lines = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        Error::Ended {
            what: what.into(),
            log: lines.iter().cloned().collect::<Vec<_>>().join("\n"),
        }
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.orders = None;
        self.wait();
    }
}

/// A new folder for a server, and whether the server must run as nobody.
fn place() -> Result<(TempDir, bool), Error> {
    let new = |within: &Path| {
        tempfile::Builder::new()
            .prefix("probity-postgres-")
            .tempdir_in(within)
            .map_err(Error::io("no folder could be made for PostgreSQL"))
    };
    let usual = std::env::temp_dir();
    let folder = new(&usual)?;
    if !owned_by_root(folder.path()) {
        return Ok((folder, false));
    }
    // Root's own temporary folder may be closed to everyone else.
    let folder = if open_to_all(&usual) {
        folder
    } else {
        new(Path::new("/tmp"))?
    };
    Ok((folder, true))
}

/// The folder of programs, or a copy of it where nobody could not reach it.
fn reachable(bin: &Path, folder: &Path) -> Result<PathBuf, Error> {
    let installed = bin.parent().unwrap_or(bin);
    if open_to_all(bin) {
        return Ok(bin.to_owned());
    }
    let copy = folder.join("postgresql");
    tool(Command::new("cp").arg("-RP").args([installed, &copy]))?;
    Ok(copy.join("bin"))
}

/// Runs one of the system's own tools, which say themselves what went wrong.
fn tool(command: &mut Command) -> Result<(), Error> {
    let name = command.get_program().to_string_lossy().into_owned();
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => Err(Error::Missing(format!(
            "{name} failed while a place for PostgreSQL was made"
        ))),
        Err(why) => Err(Error::io(format!("{name} could not be started"))(why)),
    }
}

fn command(bin: &Path, folder: &Path, durability: Durability) -> Command {
    let fsync = match durability {
        Durability::Synced => "fsync=on",
        Durability::Unsynced => "fsync=off",
    };
    let socket = format!("unix_socket_directories={}", folder.display());
    let mut command = Command::new("sh");
    command
        .args(["-c", KEEPER, "keeper"])
        .args([bin, folder])
        .args(["-c", &socket, "-c", "listen_addresses="])
        .args(["-c", fsync, "-c", "max_connections=300"])
        // Says which process speaks: only the first one's end is the server's.
        .args(["-c", "log_line_prefix=%b "])
        .env("LC_ALL", "C")
        .current_dir(folder)
        // Ctrl-C at a terminal goes to this process alone, and the keeper ends the server in good order.
        .process_group(0)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// Keeps the last lines and tells of each start.
fn listen(lines: impl std::io::BufRead, log: &Log, starts: &Sender<Start>) {
    for line in lines.lines().map_while(Result::ok) {
        let start = if line.ends_with("database system is ready to accept connections") {
            Some(Start::Ready)
        } else {
            line.starts_with("postmaster FATAL:")
                .then_some(Start::Failed)
        };
        let mut kept = log.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() == LINES_KEPT {
            kept.pop_front();
        }
        kept.push_back(line);
        drop(kept);
        // Nobody may be waiting any more.
        if let Some(start) = start {
            let _ = starts.send(start);
        }
    }
}
