//! What `probity setup` makes on the disk, and what it leaves alone.

use std::path::Path;

use servers::{Durability, Postgres, Programs};

use crate::process::Installed;

/// Everything that others have a right to.
#[cfg(unix)]
fn open_to_others(folder: &Path) -> Vec<String> {
    use std::os::unix::fs::PermissionsExt as _;
    let mut open = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let mode = path.metadata().unwrap().permissions().mode();
        if mode & 0o077 != 0 {
            open.push(format!("{} {:o}", path.display(), mode & 0o777));
        }
        if path.is_dir() {
            open.extend(open_to_others(&path));
        }
    }
    open
}

#[cfg(unix)]
#[tokio::test]
async fn what_an_installation_keeps_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let installed = Installed::on(None).await;
    let serving = installed.serve();
    let backup = installed.folder().join("all.backup");
    for verb in [&["checkpoint"][..], &["backup", backup.to_str().unwrap()]] {
        let done = installed.program(verb).output().unwrap();
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        assert!(done.status.success(), "{said}");
    }
    let mode = installed.folder().metadata().unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
    let beside = ["probity.db-wal", "master.key", "all.backup", "checkpoints"];
    for name in beside {
        assert!(installed.folder().join(name).exists(), "{name}");
    }
    assert_eq!(open_to_others(installed.folder()), Vec::<String>::new());
    drop(serving);
}

#[tokio::test]
async fn setup_makes_the_master_key_on_postgresql_once() {
    let programs = match Programs::find() {
        Ok(programs) => programs,
        Err(why) => return servers::not_run(why),
    };
    let postgres = Postgres::start(&programs, Durability::Synced).unwrap();
    let installed = Installed::on(Some(&postgres.url())).await;
    let key = installed.folder().join("master.key");
    let made = std::fs::read(&key).unwrap();

    let again = installed.program(&["setup", "--demonstration"]).output();
    let again = again.unwrap();
    let said = String::from_utf8_lossy(&again.stderr).into_owned();
    assert!(
        !again.status.success() && said.contains("set up already"),
        "{said}"
    );
    assert_eq!(std::fs::read(&key).unwrap(), made);

    std::fs::remove_file(&key).unwrap();
    for verb in ["serve", "checkpoint", "audit"] {
        let lost = installed.program(&[verb]).output().unwrap();
        let said = String::from_utf8_lossy(&lost.stderr).into_owned();
        assert!(
            !lost.status.success() && said.contains("master.key cannot be read"),
            "{said}"
        );
        assert!(!key.exists(), "no new key hides that the old one is lost");
    }
}
