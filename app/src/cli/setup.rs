//! `probity setup`: the first run, for scripts and for people at a terminal.

use std::error::Error;
use std::io::{self, BufRead as _, IsTerminal as _, Write as _};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;

use super::installation::{self, Installation};
use crate::cases::Engine;
use crate::people::{Email, Name};
use crate::policies::Policies;
use crate::schools::{DfeNumber, Nation, Phase, Reading, SchoolDetails, TrustSettings, Urn};
use crate::setup::{Administrator, FirstSchool, Plan, set_up};

/// Set up a new installation: a trust, its first school and an administrator
///
/// What is not given is asked for where standard input is a terminal. With --demonstration alone,
/// an invented trust is set up, with invented people and an invented administrator.
#[derive(Debug, Args)]
pub(super) struct Setup {
    /// The name of the trust
    #[arg(long, value_name = "NAME")]
    trust: Option<String>,

    /// The host name under which people reach the trust, where an installation serves several
    #[arg(long, value_name = "HOST")]
    host: Option<String>,

    /// The nation: england, wales, scotland or northern-ireland
    #[arg(long, value_name = "NATION", default_value = "england", value_parser = nation)]
    nation: Nation,

    /// Let only people who have signed in ask and read the policies
    #[arg(long)]
    sign_in_to_read: bool,

    /// The name of the first school
    #[arg(long, value_name = "NAME")]
    school: Option<String>,

    /// Whom the first school teaches: nursery, primary, middle, secondary, all-through, 16-plus,
    /// special or alternative-provision
    #[arg(long, value_name = "PHASE", value_parser = phase)]
    phase: Option<Phase>,

    /// The first school's Unique Reference Number
    #[arg(long, value_name = "URN", value_parser = urn)]
    urn: Option<Urn>,

    /// The first school's DfE number
    #[arg(long, value_name = "NUMBER", value_parser = dfe_number)]
    dfe_number: Option<DfeNumber>,

    /// The policy that the first school follows
    #[arg(long, value_name = "ID")]
    policy: Option<String>,

    /// The administrator's given name
    #[arg(long, value_name = "NAME")]
    given_name: Option<Name>,

    /// The administrator's family name
    #[arg(long, value_name = "NAME")]
    family_name: Option<Name>,

    /// The administrator's e-mail address
    #[arg(long, value_name = "ADDRESS")]
    email: Option<Email>,

    /// Load the demonstration: five invented schools with invented people
    #[arg(long)]
    demonstration: bool,

    /// The address of the site, put before the administrator's link
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8080")]
    url: String,

    #[command(flatten)]
    installation: Installation,
}

fn nation(text: &str) -> Result<Nation, &'static str> {
    Nation::named(text).ok_or("give england, wales, scotland or northern-ireland")
}

fn phase(text: &str) -> Result<Phase, &'static str> {
    Phase::named(text).ok_or("there is no such phase")
}

fn urn(text: &str) -> Result<Urn, &'static str> {
    Urn::read(text).ok_or("a URN has six digits")
}

fn dfe_number(text: &str) -> Result<DfeNumber, &'static str> {
    DfeNumber::read(text).ok_or("a DfE number has seven digits, like 123/4567")
}

impl Setup {
    pub(super) fn run(mut self) -> Result<ExitCode, Box<dyn Error>> {
        let settings = self.installation.settings()?;
        let policies = Arc::new(Policies::load(settings.policies.clone())?);
        let url = std::mem::take(&mut self.url);
        let plan = self.plan()?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let ready = runtime.block_on(async {
            let store = installation::open(&settings).await?;
            let ready = set_up(&store, &Engine::new(policies), &plan).await;
            store.close().await;
            Ok::<_, Box<dyn Error>>(ready?)
        })?;
        println!("{} is set up.", plan.trust.name);
        let does = match plan.administrator {
            Some(_) => "chooses a password",
            None => "signs in",
        };
        println!(
            "The administrator {does} with this link, once and within a day:\n{}{}",
            url.trim_end_matches('/'),
            ready.link
        );
        Ok(ExitCode::SUCCESS)
    }

    fn plan(self) -> Result<Plan, Box<dyn Error>> {
        let invented = self.demonstration
            && self.trust.is_none()
            && self.school.is_none()
            && self.email.is_none();
        let mut missing = Missing::default();
        let trust = match invented {
            true => crate::demonstration::TRUST.to_owned(),
            false => missing.value(self.trust, "--trust", "The name of the trust")?,
        };
        let settings = TrustSettings {
            name: trust,
            host: self.host.map(|host| host.to_lowercase()),
            nation: self.nation,
            reading: match self.sign_in_to_read {
                true => Reading::SignedIn,
                false => Reading::Open,
            },
        };
        let (school, administrator) = match invented {
            true => (None, None),
            false => {
                let school = FirstSchool {
                    details: SchoolDetails {
                        name: missing.value(self.school, "--school", "The first school")?,
                        urn: self.urn,
                        dfe_number: self.dfe_number,
                        phase: missing.read(self.phase, "--phase", "Its phase", phase)?,
                        nation: self.nation,
                    },
                    policy: missing.value(self.policy, "--policy", "Its policy's id")?,
                };
                let administrator = Administrator {
                    given_name: missing.parsed(
                        self.given_name,
                        "--given-name",
                        "The administrator's given name",
                    )?,
                    family_name: missing.parsed(
                        self.family_name,
                        "--family-name",
                        "The administrator's family name",
                    )?,
                    email: missing.parsed(self.email, "--email", "Their e-mail address")?,
                };
                (Some(school), Some(administrator))
            }
        };
        Ok(Plan {
            trust: settings,
            school,
            administrator,
            demonstration: self.demonstration,
        })
    }
}

/// Asks for what was not given, where somebody is there to answer.
#[derive(Default)]
struct Missing {
    /// How often somebody was asked.
    asked: usize,
}

impl Missing {
    fn value(&mut self, given: Option<String>, flag: &str, what: &str) -> Result<String, String> {
        let whole = |text: &str| match text.trim() {
            "" => Err("this cannot be empty"),
            text => Ok(text.to_owned()),
        };
        let given = given.map(|text| whole(&text)).transpose();
        let given = given.map_err(|why| format!("{flag}: {why}"))?;
        self.read(given, flag, what, whole)
    }

    fn parsed<T: std::str::FromStr<Err: std::fmt::Display>>(
        &mut self,
        given: Option<T>,
        flag: &str,
        what: &str,
    ) -> Result<T, String> {
        self.read(given, flag, what, |text| text.parse())
    }

    fn read<T, E: std::fmt::Display>(
        &mut self,
        given: Option<T>,
        flag: &str,
        what: &str,
        read: impl Fn(&str) -> Result<T, E>,
    ) -> Result<T, String> {
        if let Some(given) = given {
            return Ok(given);
        }
        let stdin = io::stdin();
        if !stdin.is_terminal() {
            return Err(format!(
                "{flag} is missing, and there is no terminal to ask at: {what}"
            ));
        }
        if self.asked == 0 {
            println!(
                "Probity asks for what it needs to begin. Stop with Ctrl-C; nothing is kept until the end."
            );
        }
        self.asked += 1;
        loop {
            print!("{what}: ");
            let _ = io::stdout().flush();
            let mut line = String::new();
            let read_bytes = stdin.lock().read_line(&mut line);
            if read_bytes.map_err(|error| error.to_string())? == 0 {
                return Err(format!("{flag} is missing: {what}"));
            }
            match read(line.trim()) {
                Ok(value) => return Ok(value),
                Err(why) => println!("{why}"),
            }
        }
    }
}
