//! `cargo xtask demo`: from a fresh clone to a running site.

use crate::needs;
use crate::step::{Done, Steps, cargo, root, run};

pub(crate) fn demo(listen: &str) -> Done {
    let mut steps = Steps::new(3);
    steps.run("Node.js and npm", needs::node)?;
    steps.run("The page components, from the npm registry", || {
        needs::packages("app")
    })?;
    steps.run("Build (a few minutes the first time)", || {
        run(&mut cargo(["build", "--release", "--package", "probity"]))
    })?;
    eprintln!(
        "\nProbity serves five schools' policies and its own model policy.\n\n  \
         Ask before you act      http://{listen}/\n  \
         Read a policy           http://{listen}/policies\n  \
         Compare two policies    http://{listen}/compare\n  \
         The HTTP interface      http://{listen}/api/v1/openapi.json\n\n\
         On the command line:    target/release/probity ask \"can I accept a friend request from a pupil\" --policy stivichall\n\
         Stop with Ctrl-C.\n"
    );
    let program = root().join("target/release/probity");
    let program = std::env::var_os("CARGO_TARGET_DIR").map_or(program, |target| {
        std::path::PathBuf::from(target).join("release/probity")
    });
    run(std::process::Command::new(program)
        .args(["serve", "--policies-only", "--listen", listen])
        .current_dir(root()))
}
