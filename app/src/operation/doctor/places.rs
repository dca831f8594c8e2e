//! The data folder, the room on its disk, and who may read what.

use std::path::{Path, PathBuf};

use rustix::fs::Access;

use super::Finding;
use crate::protection::{first_open_to_others, is_open_to_others, open_to};
use crate::settings::Settings;
use crate::store::DatabaseUrl;

/// Less room than this is too little, in bytes.
const TOO_LITTLE: u64 = 200 * 1024 * 1024;
/// Less room than this wants a look, in bytes.
const LITTLE: u64 = 2 * 1024 * 1024 * 1024;
/// Files and folders whose permissions are looked at.
const MOST_FILES: usize = 10_000;

pub(super) fn examine(settings: &Settings) -> Vec<Finding> {
    let mut findings = vec![settings_file(settings), folder(&settings.data)];
    let database = match settings.database() {
        Ok(DatabaseUrl::Sqlite(file)) => Some(file),
        _ => None,
    };
    findings.push(files(&settings.data, database.as_deref()));
    findings.push(room("disk", &settings.data));
    let elsewhere = database.as_deref().and_then(Path::parent);
    if let Some(elsewhere) = elsewhere.filter(|folder| *folder != settings.data) {
        findings.push(room("disk of the database", elsewhere));
    }
    findings.push(checkpoints(settings));
    findings
}

/// Whether the ledger's checkpoints leave the reach of whoever could write a new log.
fn checkpoints(settings: &Settings) -> Finding {
    let subject = "checkpoints";
    let folder = settings.checkpoints();
    match settings.checkpoint_addresses().len() {
        0 if folder.starts_with(&settings.data) => Finding::warn(
            subject,
            "the signed checkpoints of the ledger are kept in the data folder only, where whoever could change the log \
             could exchange them",
            "Set mail.checkpoints to a mailbox elsewhere, or checkpoints to a folder on another machine.",
        ),
        0 => Finding::ok(subject, format!("written to {}", folder.display())),
        1 => Finding::ok(subject, "mailed to 1 address"),
        more => Finding::ok(subject, format!("mailed to {more} addresses")),
    }
}

fn settings_file(settings: &Settings) -> Finding {
    let subject = "settings";
    let Some(file) = settings.file() else {
        return Finding::ok(
            subject,
            "no settings file; options, variables and defaults are in force",
        );
    };
    let secret = settings.in_force().iter().any(|setting| {
        let hidden = setting
            .value
            .as_ref()
            .is_some_and(|value| value.contains("****"));
        hidden && setting.source.starts_with(&file.display().to_string())
    });
    if secret && open_to(file, 0o004) {
        let says = format!(
            "{} holds secrets and every account of this machine can read it",
            file.display()
        );
        return Finding::warn(subject, says, format!("chmod o= {}", file.display()));
    }
    Finding::ok(subject, format!("read from {}", file.display()))
}

fn folder(data: &Path) -> Finding {
    let subject = "data folder";
    let shown = data.display();
    if !data.is_dir() {
        let mend =
            "Name the right one with --data or PROBITY_DATA; 'probity serve' makes a new one.";
        return Finding::fail(subject, format!("{shown} is not there"), mend);
    }
    if let Err(error) = rustix::fs::access(data, Access::WRITE_OK | Access::EXEC_OK) {
        let says = format!("{shown} cannot be written to: {error}");
        let mend = "Give the folder to the account that Probity runs as, and see that its disk is neither full nor \
                    mounted read-only.";
        return Finding::fail(subject, says, mend);
    }
    if is_open_to_others(data) {
        let says = format!("other accounts of this machine can look into {shown}");
        return Finding::warn(subject, says, format!("chmod -R go= {shown}"));
    }
    Finding::ok(subject, format!("{shown} can be written to"))
}

/// Whether the files in the data folder are its owner's alone, and those of a database elsewhere.
fn files(data: &Path, database: Option<&Path>) -> Finding {
    let subject = "files";
    let beside = |ending: &str| {
        let mut name = database.map(Path::as_os_str).unwrap_or_default().to_owned();
        name.push(ending);
        PathBuf::from(name)
    };
    let of_database = ["", "-wal", "-shm"].map(beside);
    let open = of_database
        .into_iter()
        .find(|file| is_open_to_others(file))
        .or_else(|| first_open_to_others(data, MOST_FILES));
    match open {
        Some(file) => {
            let shown = file.display();
            let mend = match file.starts_with(data) {
                true => format!("chmod -R go= {}", data.display()),
                false => format!("chmod go= {shown}*"),
            };
            let says = format!("{shown} is open to other accounts of this machine");
            Finding::warn(subject, says, mend)
        }
        None => Finding::ok(subject, "nobody but their owner can read them"),
    }
}

fn room(subject: &'static str, folder: &Path) -> Finding {
    let facts = match rustix::fs::statvfs(folder) {
        Ok(facts) => facts,
        Err(error) => {
            let says = format!(
                "the room at {} cannot be found out: {error}",
                folder.display()
            );
            return Finding::warn(subject, says, "See that the folder is there.");
        }
    };
    let free = facts.f_bavail.saturating_mul(facts.f_frsize);
    let says = format!("{} free at {}", in_words(free), folder.display());
    let mend =
        "Free some room or move the data to a larger disk; a full disk refuses every change.";
    if free < TOO_LITTLE {
        Finding::fail(subject, says, mend)
    } else if free < LITTLE {
        Finding::warn(subject, says, mend)
    } else {
        Finding::ok(subject, says)
    }
}

/// `3 MB`, `12 GB`.
fn in_words(bytes: u64) -> String {
    let megabytes = bytes / (1024 * 1024);
    match megabytes {
        ..10_240 => format!("{megabytes} MB"),
        more => format!("{} GB", more / 1024),
    }
}
