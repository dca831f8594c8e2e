//! The file in which a master key is kept.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::Path;

use zeroize::Zeroizing;

use super::master_key::MasterKey;
use super::owner_only::owner_only;
use super::source::{LONGEST, SourceError};

/// Makes a key file that its owner alone can read and write. A file that is already there is left as it is.
pub fn create_key_file(path: &Path, key: &MasterKey) -> Result<(), SourceError> {
    let line = Zeroizing::new(format!("{}\n", key.reveal().as_str()));
    write_new(path, &line).map_err(|why| SourceError::NotWritten {
        path: path.to_owned(),
        why,
    })
}

/// Puts a new key first in a key file; the keys that were there stay below it. After a crash the file holds either
/// what it held before or all of it.
pub fn add_to_key_file(path: &Path, key: &MasterKey) -> Result<(), SourceError> {
    let before = read(path)?;
    let text = Zeroizing::new(format!("{}\n{}", key.reveal().as_str(), before.as_str()));
    let beside = path.with_extension("new");
    let not_written = |path: &Path| {
        let path = path.to_owned();
        move |why| SourceError::NotWritten { path, why }
    };
    // That the file beside may not be there yet also keeps two rotations at once apart.
    write_new(&beside, &text).map_err(not_written(&beside))?;
    let renamed = fs::rename(&beside, path).and_then(|()| sync_folder(path));
    renamed.map_err(not_written(path))
}

fn write_new(path: &Path, text: &str) -> io::Result<()> {
    let mut file = owner_only().write(true).create_new(true).open(path)?;
    let written = file
        .write_all(text.as_bytes())
        .and_then(|()| file.sync_all());
    if written.is_err() {
        // Half a key file is of no use, and would stand in the way of the next attempt.
        fs::remove_file(path).ok();
    }
    written
}

/// Makes a renaming survive a power cut.
fn sync_folder(path: &Path) -> io::Result<()> {
    match path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    {
        Some(folder) => File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}

/// The text of a key file.
pub(super) fn read(path: &Path) -> Result<Zeroizing<String>, SourceError> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protection::MasterKeySource;
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
            fs::set_permissions(&path, PermissionsExt::from_mode(mode)).unwrap();
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
        fs::set_permissions(&path, PermissionsExt::from_mode(0o400)).unwrap();
        assert!(MasterKeySource::File(path).read().is_ok());
    }

    #[test]
    fn a_new_key_goes_first_and_the_others_stay() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.key");
        create_key_file(&path, &key(1)).unwrap();
        add_to_key_file(&path, &key(2)).unwrap();
        let source = MasterKeySource::File(path.clone());
        let (current, older) = source.read().unwrap();
        assert_eq!((current.id(), older[0].id()), (key(2).id(), key(1).id()));
        assert_eq!(
            fs::read_dir(folder.path()).unwrap().count(),
            1,
            "nothing is left beside it"
        );

        fs::write(path.with_extension("new"), "").unwrap();
        let refused = add_to_key_file(&path, &key(3)).unwrap_err().to_string();
        assert!(refused.contains("master.new"), "{refused}");
        assert_eq!(source.read().unwrap().0.id(), key(2).id());
    }
}
