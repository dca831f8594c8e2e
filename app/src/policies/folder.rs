//! Reads the policy files of a folder, and the registers in the folder `registers` inside it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// A file larger than this is no policy.
const BYTES_AT_MOST: u64 = 4 * 1024 * 1024;

/// Where the school's own registers stand, inside the folder of its policies.
const REGISTERS: &str = "registers";

/// A folder of policies, or a file in it, that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// The system could not read it.
    #[error("cannot read {path}: {source}. Check that it exists and that Probity may read it")]
    Unreadable {
        /// The folder or file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file is too large to be a policy.
    #[error("{path} is larger than 4 MiB, too large for a policy file")]
    TooLarge {
        /// The file.
        path: PathBuf,
    },
    /// There is no policy in the folder.
    #[error("there is no policy file (*.toml) in {path}")]
    Empty {
        /// The folder.
        path: PathBuf,
    },
}

/// The files of a school's own: name and text of each, by name.
#[derive(Debug, Default)]
pub(super) struct Own {
    pub(super) policies: Vec<(String, String)>,
    pub(super) registers: Vec<(String, String)>,
}

/// The school's own policies, and its own registers where it has any.
pub(super) fn read(folder: &Path) -> Result<Own, FolderError> {
    let inside = folder.join(REGISTERS);
    let registers = if inside.is_dir() {
        files(&inside)?
    } else {
        Vec::new()
    };
    let policies = files(folder)?;
    if policies.is_empty() && registers.is_empty() {
        return Err(FolderError::Empty {
            path: folder.to_owned(),
        });
    }
    Ok(Own {
        policies,
        registers,
    })
}

/// The name and text of every `*.toml` in the folder, by name.
fn files(folder: &Path) -> Result<Vec<(String, String)>, FolderError> {
    let unreadable = |path: &Path| {
        let path = path.to_owned();
        move |source| FolderError::Unreadable { path, source }
    };
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable(folder))? {
        let path = entry.map_err(unreadable(folder))?.path();
        if path.extension().is_some_and(|e| e == "toml") {
            if fs::metadata(&path).map_err(unreadable(&path))?.len() > BYTES_AT_MOST {
                return Err(FolderError::TooLarge { path });
            }
            let text = fs::read_to_string(&path).map_err(unreadable(&path))?;
            files.push((path.display().to_string(), text));
        }
    }
    files.sort();
    Ok(files)
}

/// The names, sizes and times of the policy files in a folder: equal states hold equal files. A folder that cannot be
/// read is in the empty state; reading it says why.
pub(super) fn state(folder: &Path) -> Vec<(PathBuf, u64, Option<SystemTime>)> {
    let folders = [folder.to_owned(), folder.join(REGISTERS)];
    let entries = folders
        .iter()
        .flat_map(|folder| fs::read_dir(folder).into_iter().flatten());
    let entries = entries.filter_map(Result::ok);
    let files = entries
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|e| e == "toml"));
    let mut state: Vec<_> = files
        .filter_map(|path| {
            let about = fs::metadata(&path).ok()?;
            Some((path, about.len(), about.modified().ok()))
        })
        .collect();
    state.sort();
    state
}
