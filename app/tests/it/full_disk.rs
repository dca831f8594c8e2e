//! A disk that is full, and one that may only be read: a plain answer, nothing lost, and work goes
//! on when the disk is mended. On a small file system of the test's own, in a mount namespace.

use std::path::PathBuf;
use std::process::Command;

use crate::process::{Installed, Serving, ask};

/// A server whose data folder lies on a file system of a few megabytes.
struct Confined {
    serving: Serving,
    cookie: String,
}

impl Confined {
    /// Nothing where this machine gives no mount namespace.
    async fn start(installed: &Installed) -> Option<Self> {
        let may = Command::new("unshare")
            .args(["--map-root-user", "--mount", "true"])
            .status();
        if !may.is_ok_and(|status| status.success()) {
            servers::not_run("this machine gives no mount namespace (unshare --mount)");
            return None;
        }
        let cookie = installed.cookie().await;
        let data = installed.folder().display().to_string();
        // The files of the installation move onto the small file system, which is mounted over them.
        let script = format!(
            "set -e; cp -a '{data}' '{data}.kept'; mount -t tmpfs -o size=6m,mode=700 tmpfs '{data}'; \
             cp -a '{data}.kept/.' '{data}/'; rm -rf '{data}.kept'; exec \"$0\" serve"
        );
        let mut command = Command::new("unshare");
        command
            .args(["--map-root-user", "--mount", "sh", "-c", &script])
            .arg(env!("CARGO_BIN_EXE_probity"));
        let serving = installed.serve_by(command);
        Some(Self { serving, cookie })
    }

    /// The data folder as the server sees it.
    fn folder(&self, installed: &Installed) -> PathBuf {
        let root = PathBuf::from(format!("/proc/{}/root", self.serving.id()));
        root.join(installed.folder().strip_prefix("/").unwrap())
    }

    /// Makes a token; gives its name if that was acknowledged, otherwise what was answered.
    async fn make(&self, number: u32) -> Result<String, (u16, String)> {
        let name = format!("n{number}");
        let form = format!("name={name}&days=30");
        let told = ask(
            self.serving.address(),
            "POST",
            "/me/tokens/new",
            &self.cookie,
            &form,
        )
        .await
        .unwrap();
        match told.status {
            200 => Ok(name),
            status => Err((status, told.body)),
        }
    }

    async fn all_are_there(&self, made: &[String]) {
        let told = ask(
            self.serving.address(),
            "GET",
            "/me/tokens",
            &self.cookie,
            "",
        )
        .await
        .unwrap();
        assert_eq!(told.status, 200);
        for name in made {
            assert!(
                told.body.contains(&format!(">{name} ")),
                "{name} is missing"
            );
        }
    }
}

#[tokio::test]
async fn a_full_disk_is_said_loses_nothing_and_work_goes_on_when_there_is_room() {
    let installed = Installed::on(None).await;
    let Some(confined) = Confined::start(&installed).await else {
        return;
    };
    let ballast = confined.folder(&installed).join("ballast");
    let mut made = vec![confined.make(0).await.unwrap()];
    // Takes what room there is.
    let room = std::io::copy(
        &mut std::io::repeat(0),
        &mut std::fs::File::create(&ballast).unwrap(),
    );
    assert!(room.is_err());
    let mut refused = None;
    for number in 1..2_000 {
        match confined.make(number).await {
            Ok(name) => made.push(name),
            Err(told) => {
                refused = Some(told);
                break;
            }
        }
    }
    let (status, body) = refused.unwrap();
    assert_eq!(status, 503, "{body}");
    assert!(body.contains("Nothing that was kept is lost"), "{body}");
    confined.all_are_there(&made).await;
    std::fs::remove_file(&ballast).unwrap();
    made.push(confined.make(9_000).await.unwrap());
    confined.all_are_there(&made).await;
}

#[tokio::test]
async fn a_data_folder_that_may_only_be_read_is_said_at_the_start() {
    let installed = Installed::on(None).await;
    let data = installed.folder().display().to_string();
    let script = format!(
        "set -e; mount --bind '{data}' '{data}'; mount -o remount,bind,ro '{data}'; exec \"$0\" serve"
    );
    let mut command = Command::new("unshare");
    command
        .args(["--map-root-user", "--mount", "sh", "-c", &script])
        .arg(env!("CARGO_BIN_EXE_probity"));
    let done = installed.surroundings(&mut command).output().unwrap();
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    if said.contains("unshare") {
        return servers::not_run("this machine gives no mount namespace (unshare --mount)");
    }
    assert!(!done.status.success());
    assert!(
        said.contains(&data) && said.contains("may write there"),
        "{said}"
    );
}
