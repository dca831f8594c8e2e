//! The servers that tests are run against: started before the tests, gone after them.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use servers::{Durability, Error, NOT_RUN, POSTGRES, Postgres, Programs, SERVERS};

use crate::needs;
use crate::step::{Done, root, run};

/// How many of the tests that were not run are named; the rest are counted.
const TESTS_NAMED: usize = 3;

/// What runs while the tests do.
pub(crate) struct Running {
    /// The PostgreSQL that store tests share; none where its programs are missing or somebody named another.
    postgres: Option<Postgres>,
    /// The folder of the mail server and the OpenID provider, if their packages are there.
    scripts: Option<PathBuf>,
    /// Where tests write down that they could not be run.
    list: PathBuf,
}

impl Running {
    /// Starts a PostgreSQL, unless the environment names one, and checks that the other servers work. What is missing
    /// is added to the suites that are not run.
    pub(crate) fn start(not_run: &mut Vec<String>) -> Result<Self, String> {
        let postgres = if env::var_os(POSTGRES).is_some() {
            eprintln!("      PostgreSQL: the one that {POSTGRES} names");
            None
        } else {
            match Programs::find() {
                Ok(programs) => Some(start(&programs)?),
                Err(why) => {
                    not_run.push(format!("store tests on PostgreSQL ({why})"));
                    None
                }
            }
        };
        let scripts = root().join(needs::SERVERS);
        let scripts = if needs::has_packages(needs::SERVERS) {
            run(Command::new("npm")
                .args(["test", "--silent"])
                .current_dir(&scripts))?;
            Some(scripts)
        } else {
            not_run.push(
                "tests with a mail server or an OpenID provider (their npm packages are missing; --install gets them)"
                    .into(),
            );
            None
        };
        let list = env::temp_dir().join(format!("probity-not-run-{}", std::process::id()));
        Ok(Self {
            postgres,
            scripts,
            list,
        })
    }

    /// Tells a test program, by its environment, where the servers are.
    pub(crate) fn name_to(&self, tests: &mut Command) {
        tests.env(NOT_RUN, &self.list);
        if let Some(postgres) = &self.postgres {
            tests.env(POSTGRES, postgres.url());
        }
        if let Some(scripts) = &self.scripts {
            tests.env(SERVERS, scripts);
        }
    }

    /// The tests that could not be run, counted by the reason they gave.
    pub(crate) fn not_run(&self) -> Vec<String> {
        counted(&self.list)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // There is none when every test was run.
        let _ = fs::remove_file(&self.list);
    }
}

fn counted(list: &Path) -> Vec<String> {
    let list = fs::read_to_string(list).unwrap_or_default();
    let mut reasons: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (test, why) in list.lines().filter_map(|line| line.split_once(": ")) {
        reasons.entry(why).or_default().push(test);
    }
    let shown = |(why, tests): (&str, Vec<&str>)| {
        let some = tests.iter().take(TESTS_NAMED).copied().collect::<Vec<_>>();
        let rest = match tests.len().saturating_sub(TESTS_NAMED) {
            0 => String::new(),
            rest => format!(" and {rest} more"),
        };
        format!(
            "{} of the tests ({why}): {}{rest}",
            tests.len(),
            some.join(", ")
        )
    };
    reasons.into_iter().map(shown).collect()
}

fn start(programs: &Programs) -> Result<Postgres, String> {
    eprintln!("      PostgreSQL from {}", programs.folder().display());
    Postgres::start(programs, Durability::Unsynced).map_err(|why: Error| {
        format!(
            "{why}\nTo test against another PostgreSQL, name its address in {POSTGRES}, then run this again."
        )
    })
}

/// `cargo xtask postgres`: a server for tests that are run by hand.
pub(crate) fn postgres() -> Done {
    let programs = Programs::find().map_err(|why| why.to_string())?;
    let mut postgres = start(&programs)?;
    println!("export {POSTGRES}='{}'", postgres.url());
    eprintln!("Ctrl-C stops it and removes its folder.");
    postgres.wait();
    Ok(())
}
