//! Settings as options on the command line, made from their definitions.

use std::marker::PhantomData;
use std::path::PathBuf;

use clap::{Arg, ArgMatches, Args, Command, FromArgMatches, value_parser};

use super::definition::{Definition, Settings, Verbs};

/// The id of the option that names the settings file.
const CONFIG: &str = "config";

/// Which settings a verb takes as options.
pub trait Group {
    /// The settings of these.
    const TAKES: &[Verbs];
}

/// The options of verbs that decide by policies.
#[derive(Clone, Copy, Debug)]
pub struct OfPolicies;
/// The options of verbs that work on an installation.
#[derive(Clone, Copy, Debug)]
pub struct OfInstallation;
/// The options of verbs that decide by policies and may look into an installation for what is on record.
#[derive(Clone, Copy, Debug)]
pub struct OfAsking;
/// The options of `serve`.
#[derive(Clone, Copy, Debug)]
pub struct OfServe;

impl Group for OfPolicies {
    const TAKES: &[Verbs] = &[Verbs::Policies];
}

impl Group for OfInstallation {
    const TAKES: &[Verbs] = &[Verbs::Installation];
}

impl Group for OfAsking {
    const TAKES: &[Verbs] = &[Verbs::Installation, Verbs::Policies];
}

impl Group for OfServe {
    const TAKES: &[Verbs] = &[Verbs::Serve, Verbs::Installation, Verbs::Policies];
}

/// What the command line says of settings.
#[derive(Clone, Debug, Default)]
pub(super) struct Given {
    pub(super) config: Option<PathBuf>,
    pub(super) values: Vec<(&'static Definition, String)>,
}

/// The options of a verb: flatten them into its arguments.
#[derive(Clone, Debug)]
pub struct Options<G> {
    given: Given,
    group: PhantomData<G>,
}

impl<G: Group> Options<G> {
    pub(super) fn given(&self) -> &Given {
        &self.given
    }

    /// No option at all.
    #[cfg(test)]
    pub(super) fn none() -> Self {
        let given = Given::default();
        Self {
            given,
            group: PhantomData,
        }
    }

    fn definitions() -> impl Iterator<Item = &'static Definition> {
        Settings::DEFINITIONS
            .iter()
            .filter(|it| G::TAKES.contains(&it.verbs))
    }

    fn of(matches: &ArgMatches) -> Given {
        let value = |definition: &'static Definition| {
            let text = matches.get_one::<String>(definition.name)?;
            Some((definition, text.clone()))
        };
        Given {
            config: matches.get_one::<PathBuf>(CONFIG).cloned(),
            values: Self::definitions().filter_map(value).collect(),
        }
    }
}

/// The help of a setting: what it says, its default and its variable.
fn help(definition: &Definition) -> String {
    let otherwise = definition.default.unwrap_or(definition.otherwise);
    let says = definition.says().trim_end_matches('.');
    let otherwise = match otherwise {
        "" => String::new(),
        otherwise => format!(" [default: {otherwise}]"),
    };
    format!("{says}{otherwise} [env: {}]", definition.variable())
}

impl<G: Group> Args for Options<G> {
    fn augment_args(command: Command) -> Command {
        let config = Arg::new(CONFIG)
            .long(CONFIG)
            .value_name("FILE")
            .value_parser(value_parser!(PathBuf))
            .help(
                "The settings file [default: probity.toml in the data folder, otherwise \
                 /etc/probity/probity.toml] [env: PROBITY_CONFIG]",
            );
        Self::definitions().fold(command.arg(config), |command, definition| {
            let arg = Arg::new(definition.name)
                .long(definition.option())
                .value_name(definition.value)
                .help(help(definition));
            command.arg(arg)
        })
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl<G: Group> FromArgMatches for Options<G> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let given = Self::of(matches);
        Ok(Self {
            given,
            group: PhantomData,
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        self.given = Self::of(matches);
        Ok(())
    }
}
