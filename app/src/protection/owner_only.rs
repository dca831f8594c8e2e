//! Files and folders that nobody but the account of this program can read, whatever its umask is.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

/// The permission bits of everybody but the owner.
const OTHERS: u32 = 0o077;

/// Options to open a file with; one that is made by it is its owner's alone (mode 600).
#[must_use]
pub fn owner_only() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Makes a folder and those above it that are not there; what is made is its owner's alone (mode 700). A folder that
/// is there stays as it is.
pub fn make_folder(path: &Path) -> io::Result<()> {
    let mut folder = DirBuilder::new();
    folder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut folder, 0o700);
    folder.create(path)
}

/// Makes a folder as [`make_folder`] does; one that is there and empty is closed to others as well.
pub fn claim_folder(path: &Path) -> io::Result<()> {
    make_folder(path)?;
    if is_open_to_others(path) && fs::read_dir(path)?.next().is_none() {
        #[cfg(unix)]
        fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o700))?;
    }
    Ok(())
}

/// Whether any account but the owner's has a right to a file or folder.
#[must_use]
pub fn is_open_to_others(path: &Path) -> bool {
    open_to(path, OTHERS)
}

/// Whether a file or folder has any of these permission bits.
#[must_use]
pub fn open_to(path: &Path, bits: u32) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        path.symlink_metadata().is_ok_and(|facts| {
            !facts.file_type().is_symlink() && facts.permissions().mode() & bits != 0
        })
    }
    #[cfg(not(unix))]
    {
        let _ = (path, bits);
        false
    }
}

/// The first of what lies in a folder, at any depth, to which others have a right; looks at no more than so many.
#[must_use]
pub fn first_open_to_others(folder: &Path, most: usize) -> Option<PathBuf> {
    let mut folders = vec![folder.to_owned()];
    let mut seen = 0;
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).ok()?.flatten() {
            let path = entry.path();
            if is_open_to_others(&path) {
                return Some(path);
            }
            seen += 1;
            if seen >= most {
                return None;
            }
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                folders.push(path);
            }
        }
    }
    None
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn mode(path: &Path) -> u32 {
        path.metadata().unwrap().permissions().mode() & 0o777
    }

    fn open(path: &Path, mode: u32) {
        fs::set_permissions(path, PermissionsExt::from_mode(mode)).unwrap();
    }

    #[test]
    fn what_is_made_is_its_owners_alone() {
        let outside = tempfile::tempdir().unwrap();
        let folder = outside.path().join("data/attachments");
        make_folder(&folder).unwrap();
        let file = folder.join("a");
        owner_only()
            .write(true)
            .create_new(true)
            .open(&file)
            .unwrap();
        assert_eq!((mode(&folder), mode(&file)), (0o700, 0o600));
        assert_eq!(mode(folder.parent().unwrap()), 0o700);
        assert_eq!(first_open_to_others(outside.path(), 100), None);
        open(&file, 0o640);
        assert_eq!(first_open_to_others(outside.path(), 100), Some(file));
    }

    #[test]
    fn an_empty_folder_is_closed_and_one_in_use_is_left() {
        let outside = tempfile::tempdir().unwrap();
        let folder = outside.path().join("data");
        fs::create_dir(&folder).unwrap();
        open(&folder, 0o755);
        claim_folder(&folder).unwrap();
        assert_eq!(mode(&folder), 0o700);
        open(&folder, 0o755);
        fs::write(folder.join("somebody's"), "").unwrap();
        claim_folder(&folder).unwrap();
        assert_eq!(mode(&folder), 0o755);
    }
}
