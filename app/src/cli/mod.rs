//! The command line: one verb a file. A verb parses its own arguments and runs itself.

mod answer;
mod ask;
mod audit;
mod backup;
mod case;
mod checkpoint;
mod compare;
mod completions;
mod coverage;
mod decide;
mod demo_links;
mod dialogue;
mod doctor;
mod explain;
mod export;
mod import;
mod installation;
mod keys;
mod lint;
mod man;
mod on_behalf;
mod policy;
mod restore;
mod roster;
mod screen;
mod serve;
mod settings;
mod setup;
mod sheet;
mod show;
mod subject_access;
mod user;
mod verify;

use std::error::Error;
use std::io;
use std::process::ExitCode;

use ::policy::library::Library;
use ::policy::situation::Given;
use ::policy::table::Table;
use ::policy::vocabulary::Vocabulary;
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::policies::Policies;
use crate::settings::{OfPolicies, Options, Places, Settings};

/// Carries out a school's social media policy.
#[derive(Debug, Parser)]
#[command(name = "probity", version, about, propagate_version = true)]
pub struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Ask(ask::Ask),
    Audit(audit::Audit),
    Backup(backup::Backup),
    Case(Box<case::CaseVerb>),
    Checkpoint(checkpoint::CheckpointVerb),
    Compare(compare::Compare),
    Completions(completions::Completions),
    Coverage(coverage::CoverageVerb),
    Decide(decide::Decide),
    DemoLinks(demo_links::DemoLinks),
    Doctor(doctor::Doctor),
    Explain(explain::Explain),
    Export(export::Export),
    Import(import::Import),
    Keys(keys::Keys),
    Lint(lint::Lint),
    Man(man::ManPage),
    Policy(policy::PolicyVerb),
    Restore(restore::Restore),
    Screen(Box<screen::Screen>),
    Serve(serve::Serve),
    Setup(Box<setup::Setup>),
    Settings(settings::SettingsVerb),
    SubjectAccess(Box<subject_access::SubjectAccess>),
    User(user::UserVerb),
    Verify(verify::Verify),
}

impl Cli {
    /// Does what the verb says. The exit code is the verb's own answer; an error is one the person
    /// at the terminal can read and mend.
    pub fn run(self) -> Result<ExitCode, Box<dyn Error>> {
        let done = match self.verb {
            Verb::Ask(ask) => ask.run(),
            Verb::Audit(audit) => audit.run(),
            Verb::Backup(backup) => backup.run(),
            Verb::Case(case) => case.run(),
            Verb::Checkpoint(checkpoint) => checkpoint.run(),
            Verb::Compare(compare) => compare.run(),
            Verb::Completions(completions) => completions.run(),
            Verb::Coverage(coverage) => coverage.run(),
            Verb::Decide(decide) => decide.run(),
            Verb::DemoLinks(links) => links.run(),
            Verb::Doctor(doctor) => doctor.run(),
            Verb::Explain(explain) => explain.run(),
            Verb::Export(export) => export.run(),
            Verb::Import(import) => import.run(),
            Verb::Keys(keys) => keys.run(),
            Verb::Lint(lint) => lint.run(),
            Verb::Man(man) => man.run(),
            Verb::Policy(policy) => policy.run(),
            Verb::Restore(restore) => restore.run(),
            Verb::Screen(screen) => screen.run(),
            Verb::Serve(serve) => serve.run(),
            Verb::Setup(setup) => setup.run(),
            Verb::Settings(settings) => settings.run(),
            Verb::SubjectAccess(requests) => requests.run(),
            Verb::User(user) => user.run(),
            Verb::Verify(verify) => verify.run(),
        };
        // Whoever reads the output may stop reading, as `head` does.
        done.or_else(|error| match error.downcast_ref::<io::Error>() {
            Some(io) if io.kind() == io::ErrorKind::BrokenPipe => Ok(ExitCode::SUCCESS),
            _ => Err(error),
        })
    }
}

/// The policy that an argument names.
fn table<'l>(library: &'l Library, id: &str) -> Result<&'l Table, String> {
    library.table(id).ok_or_else(|| {
        let known: Vec<&str> = library
            .tables()
            .iter()
            .map(|t| t.policy().id.as_str())
            .collect();
        format!("there is no policy '{id}'; there are {}", known.join(", "))
    })
}

/// The facts of a JSON argument, as far as they go.
fn given(vocabulary: &Vocabulary, json: &str) -> Result<Given, String> {
    let json = serde_json::from_str(json).map_err(|e| format!("--given is no JSON: {e}"))?;
    Given::from_json_unchecked(vocabulary, &json).map_err(|e| format!("--given: {e}"))
}

/// The policy that an option names, or all of them.
fn tables<'l>(library: &'l Library, id: Option<&str>) -> Result<Vec<&'l Table>, String> {
    match id {
        Some(id) => Ok(vec![table(library, id)?]),
        None => Ok(library.tables().iter().collect()),
    }
}

/// How a verb prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Text,
    /// For programs.
    #[default]
    Json,
}

/// Where policies come from.
#[derive(Debug, Args)]
pub(crate) struct PolicyFolder {
    #[command(flatten)]
    options: Options<OfPolicies>,
}

impl PolicyFolder {
    fn load(self) -> Result<Policies, Box<dyn Error>> {
        let settings = Settings::load(&self.options, &Places::usual())?;
        Ok(Policies::load(settings.policies)?)
    }
}
