//! The servers that are scripts for Node.js: `mail.js` and `openid.js` of `e2e/servers`.

use std::collections::VecDeque;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

use crate::{Error, folder};

/// Longer than any of them takes to start or to tell of something.
const PATIENCE: Duration = Duration::from_secs(30);

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
        Self::start("mail.js", "smtp-server", settings)
    }

    /// An OpenID provider. `e2e/servers/README.md` says what its settings are.
    ///
    /// # Errors
    /// [`Error::Missing`] without the npm packages; else why it did not start.
    pub fn openid(settings: &Value) -> Result<Self, Error> {
        Self::start("openid.js", "oidc-provider", settings)
    }

    fn start(script: &'static str, package: &str, settings: &Value) -> Result<Self, Error> {
        let folder = folder();
        if !folder.join("node_modules").join(package).is_dir() {
            return Err(Error::Missing(format!(
                "npm's {package} is missing; 'cargo xtask test --install' gets it"
            )));
        }
        let files = TempDir::new().map_err(Error::io("no temporary folder could be made"))?;
        fs::write(settings_file(&files), settings.to_string())
            .map_err(Error::io("settings could not be written"))?;
        let mut node = Command::new("node")
            .arg(folder.join(script))
            .arg(settings_file(&files))
            .env("NODE_NO_WARNINGS", "1")
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
