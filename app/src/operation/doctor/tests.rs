use std::ffi::OsString;
use std::fs;
use std::path::Path;

use jiff::civil::date;

use super::*;
use crate::protection::{MasterKey, create_key_file};
use crate::settings::settings;

/// An installation in a folder, with an option or two more.
fn installation(folder: &Path, more: &[(&str, &str)]) -> Settings {
    let data = ("PROBITY_DATA", folder.to_str().unwrap());
    let all = more.iter().chain([&data]);
    settings(all.map(|(name, value)| ((*name).to_owned(), OsString::from(value))))
}

async fn findings(settings: &Settings) -> Vec<Finding> {
    let clock = Clock::fixed(date(2026, 11, 20));
    examine(settings, clock, Randomness::repeatable(2)).await
}

fn of<'f>(findings: &'f [Finding], subject: &str) -> &'f Finding {
    findings
        .iter()
        .find(|finding| finding.subject == subject)
        .unwrap()
}

async fn made(folder: &Path) {
    let randomness = Randomness::repeatable(1);
    let key = MasterKey::generate(&randomness).unwrap();
    create_key_file(&folder.join("master.key"), &key).unwrap();
    let url = crate::store::DatabaseUrl::Sqlite(folder.join("probity.db"));
    let keyring = Keyring::new(key, Vec::new());
    let store = Store::open(&url, keyring, Clock::fixed(date(2026, 11, 20)), randomness)
        .await
        .unwrap();
    store.close().await;
}

#[tokio::test]
async fn where_nothing_is_there_nothing_is_made_and_each_thing_says_how_to_mend_it() {
    let folder = tempfile::tempdir().unwrap();
    let found = findings(&installation(folder.path(), &[])).await;
    assert_eq!(of(&found, "master key").state, State::Fail);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    let gone = folder.path().join("gone");
    let found = findings(&installation(&gone, &[])).await;
    assert_eq!(of(&found, "data folder").state, State::Fail);
    assert!(!gone.exists());
    for finding in found {
        assert_eq!(
            finding.mend.is_some(),
            finding.state != State::Ok,
            "{finding:?}"
        );
    }
}

#[tokio::test]
async fn an_installation_that_is_well_is_found_well() {
    let folder = tempfile::tempdir().unwrap();
    made(folder.path()).await;
    let found = findings(&installation(folder.path(), &[])).await;
    for subject in [
        "master key",
        "database",
        "pages",
        "answers",
        "schema",
        "clock",
        "demonstration",
    ] {
        let finding = of(&found, subject);
        assert!(
            finding.state <= State::Warn && (finding.state == State::Ok || subject == "answers"),
            "{finding:?}"
        );
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_key_that_others_can_read_and_a_wrong_key_fail() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    made(folder.path()).await;
    let key = folder.path().join("master.key");
    fs::set_permissions(&key, PermissionsExt::from_mode(0o644)).unwrap();
    let found = findings(&installation(folder.path(), &[])).await;
    assert!(
        of(&found, "master key")
            .says
            .contains("can be read by others")
    );

    fs::remove_file(&key).unwrap();
    create_key_file(
        &key,
        &MasterKey::generate(&Randomness::repeatable(9)).unwrap(),
    )
    .unwrap();
    let found = findings(&installation(folder.path(), &[])).await;
    assert_eq!(of(&found, "database").state, State::Fail);
}

#[tokio::test]
async fn a_damaged_database_fails() {
    let folder = tempfile::tempdir().unwrap();
    made(folder.path()).await;
    let file = folder.path().join("probity.db");
    let mut bytes = fs::read(&file).unwrap();
    let end = bytes.len();
    bytes[8192..end].fill(0xff);
    fs::write(&file, bytes).unwrap();
    let found = findings(&installation(folder.path(), &[])).await;
    assert!(
        found.iter().any(|finding| finding.state == State::Fail),
        "{found:?}"
    );
}

#[tokio::test]
async fn the_age_of_the_newest_backup_is_told_by_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let backups = folder.path().to_str().unwrap();
    let settings = installation(folder.path(), &[("PROBITY_BACKUPS", backups)]);
    assert_eq!(of(&findings(&settings).await, "backups").state, State::Fail);
    for (name, state) in [
        ("probity-2026-11-01T030000Z.backup", State::Warn),
        ("probity-2026-11-20T030000Z.backup", State::Ok),
    ] {
        fs::write(folder.path().join(name), "").unwrap();
        assert_eq!(of(&findings(&settings).await, "backups").state, state);
    }
}

#[tokio::test]
async fn a_mail_server_is_one_that_greets() {
    use tokio::io::AsyncWriteExt as _;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("smtp://{}", listener.local_addr().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let mail = [
        ("PROBITY_MAIL_URL", url.as_str()),
        ("PROBITY_MAIL_FROM", "probity@example.org"),
    ];
    let settings = installation(folder.path(), &mail);
    for (greeting, state) in [
        ("220 hello\r\n", State::Ok),
        ("HTTP/1.1 400\r\n", State::Fail),
    ] {
        let greeted = async {
            let (mut connection, _) = listener.accept().await.unwrap();
            connection.write_all(greeting.as_bytes()).await.unwrap();
        };
        let (found, ()) = tokio::join!(findings(&settings), greeted);
        assert_eq!(of(&found, "mail").state, state, "{greeting}");
    }
    drop(listener);
    assert_eq!(of(&findings(&settings).await, "mail").state, State::Fail);
}

#[cfg(unix)]
#[tokio::test]
async fn a_new_installation_is_its_owners_alone_and_an_open_one_is_told() {
    use std::os::unix::fs::PermissionsExt;
    let outside = tempfile::tempdir().unwrap();
    let folder = outside.path().join("data");
    fs::create_dir(&folder).unwrap();
    fs::set_permissions(&folder, PermissionsExt::from_mode(0o755)).unwrap();
    crate::protection::claim_folder(&folder).unwrap();
    made(&folder).await;
    let found = findings(&installation(&folder, &[])).await;
    for subject in ["data folder", "files"] {
        assert_eq!(of(&found, subject).state, State::Ok, "{found:?}");
    }
    let database = folder.join("probity.db");
    fs::set_permissions(&database, PermissionsExt::from_mode(0o644)).unwrap();
    fs::set_permissions(&folder, PermissionsExt::from_mode(0o750)).unwrap();
    let found = findings(&installation(&folder, &[])).await;
    let mend = format!("chmod -R go= {}", folder.display());
    for subject in ["data folder", "files"] {
        let finding = of(&found, subject);
        assert_eq!(finding.state, State::Warn, "{finding:?}");
        assert_eq!(finding.mend.as_deref(), Some(mend.as_str()));
    }
}

#[tokio::test]
async fn checkpoints_that_never_leave_the_machine_are_told() {
    let folder = tempfile::tempdir().unwrap();
    for (more, state) in [
        (None, State::Warn),
        (Some(("PROBITY_CHECKPOINTS", "/mnt/elsewhere")), State::Ok),
        (
            Some(("PROBITY_MAIL_CHECKPOINTS", "keeper@elsewhere.example")),
            State::Ok,
        ),
    ] {
        let settings = installation(folder.path(), more.as_slice());
        let found = findings(&settings).await;
        assert_eq!(of(&found, "checkpoints").state, state, "{found:?}");
    }
}
