//! The program as a process of its own, and what is asked of it over real connections.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use probity::clock::Clock;
use probity::protection::{Keyring, MasterKeySource};
use probity::randomness::Randomness;
use probity::sign_in;
use probity::store::{DatabaseUrl, PersonId, Query as _, Store, TrustId};
use probity::values;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// An installation on disk with one trust, one school and one administrator, as `probity setup` makes it.
pub(crate) struct Installed {
    folder: TempDir,
    database: String,
    pub(crate) trust: TrustId,
    pub(crate) person: PersonId,
}

impl Installed {
    /// On SQLite, or on the PostgreSQL of that address.
    pub(crate) async fn on(postgres: Option<&str>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        // As somebody's `mkdir` makes it.
        #[cfg(unix)]
        {
            let open = std::os::unix::fs::PermissionsExt::from_mode(0o755);
            std::fs::set_permissions(folder.path(), open).unwrap();
        }
        let file = folder.path().join("probity.db");
        let database = postgres.map_or_else(|| format!("sqlite:{}", file.display()), str::to_owned);
        let mut installed = Self {
            folder,
            database,
            trust: "unknown".parse().unwrap(),
            person: "unknown".parse().unwrap(),
        };
        let setup = [
            ["setup", "--trust"],
            ["Elm Trust", "--school"],
            ["Ash Primary", "--phase"],
            ["primary", "--policy"],
            ["stivichall", "--given-name"],
            ["Kate", "--family-name"],
            ["Adeyemi", "--email"],
        ]
        .concat();
        let done = installed
            .program(&setup)
            .arg("kate@elm.example")
            .output()
            .unwrap();
        assert!(
            done.status.success(),
            "{}",
            String::from_utf8_lossy(&done.stderr)
        );
        let store = installed.store().await;
        let read = "SELECT p.trust, p.id FROM person p JOIN trust t ON t.trust = p.trust";
        let row = store.installation().first(read, values![]).await;
        let row = row.unwrap().unwrap();
        installed.trust = row.get("trust").unwrap();
        installed.person = row.get("id").unwrap();
        store.close().await;
        installed
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    fn key(&self) -> PathBuf {
        self.folder.path().join("master.key")
    }

    /// The same store, opened beside the program.
    pub(crate) async fn store(&self) -> Store {
        let url: DatabaseUrl = self.database.parse().unwrap();
        let keyring = Keyring::load(&MasterKeySource::File(self.key())).unwrap();
        Store::open(&url, keyring, Clock::system(), Randomness::system())
            .await
            .unwrap()
    }

    /// A session of the administrator, as the header of a request.
    pub(crate) async fn cookie(&self) -> String {
        let store = self.store().await;
        let mut tx = store.begin(&self.trust).await.unwrap();
        let method = sign_in::Method::Password;
        let session = sign_in::open_session(&mut tx, &self.trust, &self.person, method, "test")
            .await
            .unwrap();
        tx.commit_unrecorded().await.unwrap();
        store.close().await;
        format!("probity={}", session.cookie)
    }

    /// The program with this installation and a verb.
    pub(crate) fn program(&self, verb: &[&str]) -> Command {
        let mut program = Command::new(env!("CARGO_BIN_EXE_probity"));
        self.surroundings(program.args(verb));
        program
    }

    /// The settings of this installation, as a command's environment.
    pub(crate) fn surroundings<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        command
            .env("PROBITY_DATA", self.folder.path())
            .env("PROBITY_DATABASE_URL", &self.database)
            .env("PROBITY_LISTEN", "127.0.0.1:0")
            .env("PROBITY_RATE", "100000")
            .env("PROBITY_BURST", "100000")
    }

    /// Starts serving and waits until it says where.
    pub(crate) fn serve(&self) -> Serving {
        self.serve_by(self.program(&["serve"]))
    }

    /// Starts serving by another command, which in the end runs the program.
    pub(crate) fn serve_by(&self, mut command: Command) -> Serving {
        let mut child = self
            .surroundings(&mut command)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let address = loop {
            let line = lines.next().unwrap().unwrap();
            if let Some((_, address)) = line.split_once("http://") {
                break address.trim_end_matches('/').to_owned();
            }
        };
        Serving { child, address }
    }
}

/// A running program; killed when dropped.
pub(crate) struct Serving {
    child: Child,
    address: String,
}

impl Serving {
    /// SIGKILL: nothing can be tidied up.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// The number of the process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn address(&self) -> &str {
        &self.address
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // It may have been killed already, which is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What was answered.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) status: u16,
    pub(crate) body: String,
}

/// One request on a connection of its own. Nothing, where the connection broke before the whole
/// answer had come: then nobody knows whether it was done.
pub(crate) async fn ask(
    address: &str,
    method: &str,
    path: &str,
    cookie: &str,
    form: &str,
) -> Option<Told> {
    let form = ("application/x-www-form-urlencoded", form);
    send(address, (method, path), cookie, form).await
}

/// The same with a body of any kind.
pub(crate) async fn send(
    address: &str,
    (method, path): (&str, &str),
    cookie: &str,
    (kind, form): (&str, &str),
) -> Option<Told> {
    let mut connection = TcpStream::connect(address).await.ok()?;
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nCookie: {cookie}\r\n\
         Content-Type: {kind}\r\nContent-Length: {}\r\n\r\n{form}",
        form.len()
    );
    connection.write_all(request.as_bytes()).await.ok()?;
    let mut answer = Vec::new();
    connection.read_to_end(&mut answer).await.ok()?;
    let answer = String::from_utf8(answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let length = head.lines().find_map(|line| {
        line.to_ascii_lowercase()
            .strip_prefix("content-length: ")?
            .parse()
            .ok()
    });
    if length.is_some_and(|length: usize| body.len() < length) {
        return None;
    }
    Some(Told {
        status: head.get(9..12)?.parse().ok()?,
        body: body.to_owned(),
    })
}
