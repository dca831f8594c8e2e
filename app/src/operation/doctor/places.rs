//! The data folder, the room on its disk, and who may read what.

use std::path::Path;

use rustix::fs::Access;

use super::Finding;
use crate::settings::Settings;
use crate::store::DatabaseUrl;

/// Less room than this is too little, in bytes.
const TOO_LITTLE: u64 = 200 * 1024 * 1024;
/// Less room than this wants a look, in bytes.
const LITTLE: u64 = 2 * 1024 * 1024 * 1024;

pub(super) fn examine(settings: &Settings) -> Vec<Finding> {
    let mut findings = vec![settings_file(settings), folder(&settings.data)];
    let database = match settings.database() {
        Ok(DatabaseUrl::Sqlite(file)) => file.parent().map(Path::to_path_buf),
        _ => None,
    };
    findings.push(room("disk", &settings.data));
    if let Some(elsewhere) = database.filter(|folder| *folder != settings.data) {
        findings.push(room("disk of the database", &elsewhere));
    }
    findings
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
    if open_to(data, 0o007) {
        let says = format!("every account of this machine can look into {shown}");
        return Finding::warn(subject, says, format!("chmod 750 {shown}"));
    }
    Finding::ok(subject, format!("{shown} can be written to"))
}

/// Whether a file or folder has any of these permission bits.
fn open_to(path: &Path, bits: u32) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        path.metadata()
            .is_ok_and(|facts| facts.permissions().mode() & bits != 0)
    }
    #[cfg(not(unix))]
    {
        let _ = (path, bits);
        false
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
