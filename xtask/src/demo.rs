//! `cargo xtask demo`: from a fresh clone to a running site with schools and people to try it as.

use std::path::Path;
use std::process::Command;

use crate::needs;
use crate::step::{Done, Steps, built, cargo, root, run};

/// The data folder of the demonstration, below the folder of what is built: it stays until somebody
/// removes it.
const FOLDER: &str = "demo";

pub(crate) fn demo(listen: &str) -> Done {
    let built = built();
    let (program, data) = (built.join("release/probity"), built.join(FOLDER));
    let mut steps = Steps::new(4);
    steps.run("Node.js and npm", needs::node)?;
    steps.run("The page components, from the npm registry", || {
        needs::packages("app")
    })?;
    steps.run("Build (a few minutes the first time)", || {
        run(&mut cargo(["build", "--release", "--package", "probity"]))
    })?;
    steps.run(
        "The demonstration: five schools, one for each policy",
        || set_up(&program, &data),
    )?;
    let url = format!("http://{listen}");
    println!("\nSign in as any of them. Each link works once; run this again for new ones.\n");
    let mut links = at(&program, &data, "demo-links");
    run(links.args(["--url", &url]))?;
    println!(
        "\n  Ask before you act      {url}/\n  \
         The HTTP interface      {url}/api\n  \
         On the command line     {} ask \"can I accept a friend request from a pupil\" --policy stivichall\n\n\
         To begin anew, stop this and remove {}. Stop with Ctrl-C.\n",
        program.display(),
        data.display()
    );
    let mut serve = at(&program, &data, "serve");
    run(serve.args(["--listen", listen]))
}

fn at(program: &Path, data: &Path, verb: &str) -> Command {
    let mut command = Command::new(program);
    command
        .arg(verb)
        .arg("--data")
        .arg(data)
        .current_dir(root());
    command
}

fn set_up(program: &Path, data: &Path) -> Done {
    if data.join("probity.db").exists() {
        eprintln!("      kept from last time in {}", data.display());
        return Ok(());
    }
    let mut setup = at(program, data, "setup");
    run(setup
        .arg("--demonstration")
        .stdout(std::process::Stdio::null()))
}
