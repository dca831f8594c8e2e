//! Where values come from: options, the environment, files of secrets, a settings file, defaults.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use policy::source::{Source as Text, nearest};
use toml::de::{DeTable, DeValue};
use url::Url;

use super::InForce;
use super::definition::{Definition, Secrecy, Settings};
use super::kinds::Reads;
use super::options::Given;
use super::providers::Found;

/// The settings file of the whole machine.
const SYSTEM_FILE: &str = "/etc/probity/probity.toml";
/// Names the settings file.
const CONFIG: &str = "PROBITY_CONFIG";
/// Variables of this prefix that are none of ours: those of the project's own tests, and those that Kubernetes and
/// Docker set for a service that is called probity.
const FOREIGN: &[&str] = &[
    "PROBITY_TEST_",
    "PROBITY_BIN",
    "PROBITY_PICTURES",
    "PROBITY_GENERATE",
    "PROBITY_POLICY_DOCUMENTS",
    "PROBITY_SERVICE_",
    "PROBITY_PORT",
];

/// Where settings are looked for.
#[derive(Clone, Debug)]
pub struct Places {
    /// The environment variables.
    pub environment: BTreeMap<String, OsString>,
    /// The settings file of the whole machine.
    pub system_file: PathBuf,
}

impl Places {
    /// The environment of this process, and `/etc/probity/probity.toml`.
    #[must_use]
    pub fn usual() -> Self {
        let ours = |(name, value): (OsString, OsString)| {
            let name = name.into_string().ok()?;
            name.starts_with("PROBITY_").then_some((name, value))
        };
        Self {
            environment: std::env::vars_os().filter_map(ours).collect(),
            system_file: SYSTEM_FILE.into(),
        }
    }
}

/// Where a value comes from. A later one goes before an earlier one.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Source {
    /// Its default.
    Default,
    /// A settings file, at a line.
    File(PathBuf, usize),
    /// A file that a variable names.
    FileOf(String, PathBuf),
    /// A variable.
    Environment(String),
    /// An option on the command line.
    Option(String),
}

impl Source {
    fn rank(&self) -> u8 {
        match self {
            Self::Default => 0,
            Self::File(..) => 1,
            Self::FileOf(..) | Self::Environment(_) => 2,
            Self::Option(_) => 3,
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File(file, line) => write!(f, "{}:{line}", file.display()),
            Self::FileOf(variable, file) => write!(f, "{variable} ({})", file.display()),
            Self::Environment(variable) => f.write_str(variable),
            Self::Option(option) => write!(f, "--{option}"),
        }
    }
}

/// What was found, before it is checked.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    values: BTreeMap<&'static str, (String, Source)>,
    pub(super) faults: Vec<String>,
    pub(super) file: Option<PathBuf>,
    pub(super) key_source: Option<&'static str>,
    pub(super) providers: Found,
}

impl Gathered {
    pub(super) fn from(given: &Given, places: &Places) -> Self {
        let mut gathered = Self::default();
        for definition in Settings::DEFINITIONS {
            if let Some(value) = definition.default {
                gathered.offer(definition, value.to_owned(), Source::Default);
            }
        }
        let mut above = Self::default();
        above.environment(places);
        for (definition, value) in &given.values {
            above.offer(
                definition,
                value.clone(),
                Source::Option(definition.option()),
            );
        }
        let data = above
            .values
            .get("data")
            .or_else(|| gathered.values.get("data"));
        let data = data.map_or("", |(data, _)| data.as_str());
        if let Some(file) = settings_file(given, places, Path::new(data)) {
            gathered.settings_file(&file);
            gathered.file = Some(file);
        }
        gathered.values.extend(above.values);
        gathered.faults.extend(above.faults);
        gathered.providers.below(above.providers);
        gathered
    }

    fn offer(&mut self, definition: &Definition, value: String, source: Source) {
        self.values.insert(definition.name, (value, source));
    }

    fn environment(&mut self, places: &Places) {
        let (mut variables, mut files) = (BTreeMap::new(), BTreeMap::new());
        for definition in Settings::DEFINITIONS {
            variables.insert(definition.variable(), definition);
            if let Some(file) = definition.file_variable() {
                files.insert(file, definition);
            }
        }
        for (name, value) in &places.environment {
            let Some(value) = value.to_str() else {
                self.faults
                    .push(format!("{name}: the value is not text (UTF-8)"));
                continue;
            };
            if let Some(definition) = variables.get(name) {
                self.offer(
                    definition,
                    value.to_owned(),
                    Source::Environment(name.clone()),
                );
            } else if let Some(definition) = files.get(name) {
                if places.environment.contains_key(&definition.variable()) {
                    let variable = definition.variable();
                    self.faults.push(format!(
                        "{name} and {variable} are both set; give one of them"
                    ));
                }
                match fs::read_to_string(value) {
                    Ok(text) => {
                        let source = Source::FileOf(name.clone(), value.into());
                        self.offer(
                            definition,
                            text.trim_end_matches(['\r', '\n']).to_owned(),
                            source,
                        );
                    }
                    Err(why) => self
                        .faults
                        .push(format!("{name}: {value} cannot be read: {why}")),
                }
            } else if !self.providers.variable(name, value, &mut self.faults)
                && name != CONFIG
                && !FOREIGN.iter().any(|foreign| name.starts_with(foreign))
            {
                let known = variables.keys().chain(files.keys()).map(String::as_str);
                self.unknown(name, "", name, known.chain([CONFIG]));
            }
        }
    }

    fn unknown<'n>(
        &mut self,
        place: &str,
        what: &str,
        name: &str,
        known: impl Iterator<Item = &'n str>,
    ) {
        let meant = nearest(name, known).map(|name| format!(" Did you mean '{name}'?"));
        let meant = meant.unwrap_or_else(|| " 'probity settings' lists all there are.".to_owned());
        self.faults
            .push(format!("{place}{what} is no setting.{meant}"));
    }

    fn settings_file(&mut self, file: &Path) {
        let text = match fs::read_to_string(file) {
            Ok(text) => text,
            Err(why) => {
                self.faults.push(format!(
                    "the settings file {} cannot be read: {why}",
                    file.display()
                ));
                return;
            }
        };
        let name = file.display().to_string();
        let source = Text::new(&name, &text);
        match DeTable::parse(&text) {
            Ok(table) => self.section(file, &source, "", table.get_ref()),
            Err(error) => {
                let line = source.position(error.span().map_or(0, |span| span.start)).0;
                self.faults
                    .push(format!("{name}:{line}: {}", error.message()));
            }
        }
    }

    fn section(&mut self, file: &Path, source: &Text<'_>, within: &str, table: &DeTable<'_>) {
        for (key, value) in table {
            let line = source.position(key.span().start).0;
            let place = format!("{}:{line}: ", source.name);
            let name = format!("{within}{}", key.get_ref());
            let section = format!("{name}.");
            if let (DeValue::Table(inner), "provider") = (value.get_ref(), name.as_str()) {
                self.providers
                    .section(file, source, inner, &mut self.faults);
                continue;
            }
            if let DeValue::Table(inner) = value.get_ref()
                && Settings::DEFINITIONS
                    .iter()
                    .any(|known| known.name.starts_with(&section))
            {
                self.section(file, source, &section, inner);
                continue;
            }
            match Definition::named(&name) {
                Some(definition) if definition.secrecy == Secrecy::Environment => self.faults.push(format!(
                    "{place}'{name}' is not read from a file; set {} or name a key file in master_key_file",
                    definition.variable()
                )),
                Some(definition) => match as_text(value.get_ref()) {
                    Some(text) if definition.path => {
                        let text = file.parent().unwrap_or(Path::new("")).join(text);
                        let text = text.to_string_lossy().into_owned();
                        self.offer(definition, text, Source::File(file.to_owned(), line));
                    }
                    Some(text) => self.offer(definition, text, Source::File(file.to_owned(), line)),
                    None => self.faults.push(format!(
                        "{place}'{name}' takes a text, a number or a list of texts, and this is something else"
                    )),
                },
                None => {
                    let known = Settings::DEFINITIONS.iter().map(|known| known.name);
                    self.unknown(&place, &format!("'{name}'"), &name, known);
                }
            }
        }
    }

    /// The value of a setting, checked; nothing, and a fault, where it is wrong.
    pub(super) fn value<T: Reads>(&mut self, definition: &Definition) -> Option<T> {
        let Some((text, source)) = self.values.get(definition.name) else {
            return T::absent();
        };
        let read = match definition.secrecy {
            // What a secret was is not repeated.
            Secrecy::Open => T::read(text).map_err(|why| format!("'{text}' is {why}")),
            _ => T::read(text).map_err(|why| format!("the value is {why}")),
        };
        read.map_err(|why| {
            self.faults
                .push(format!("{source}: {}: {why}", definition.name))
        })
        .ok()
    }

    /// Picks the master key setting of the highest standing; two of the same are a fault.
    pub(super) fn one_master_key(&mut self) {
        let set = ["master_key", "master_key_file", "master_key_command"];
        let set = set
            .into_iter()
            .filter_map(|name| Some((self.values.get(name)?.1.rank(), name)));
        let set: Vec<_> = set.collect();
        let Some(highest) = set.iter().map(|(rank, _)| *rank).max() else {
            return;
        };
        let mut first = set
            .iter()
            .filter(|(rank, _)| *rank == highest)
            .map(|(_, name)| *name);
        self.key_source = first.next();
        if let (Some(one), Some(other)) = (self.key_source, first.next()) {
            self.faults
                .push(format!("{one} and {other} are both set; give one of them"));
        }
    }

    pub(super) fn in_force(&self) -> Vec<InForce> {
        let shown = |definition: &'static Definition| {
            let found = self.values.get(definition.name);
            InForce {
                name: definition.name.to_owned(),
                variable: definition.variable(),
                value: found.map(|(text, _)| masked(definition.secrecy, text)),
                source: found.map_or_else(
                    || definition.otherwise.to_owned(),
                    |(_, source)| source.to_string(),
                ),
            }
        };
        let defined = Settings::DEFINITIONS.iter().map(shown);
        defined.chain(self.providers.in_force()).collect()
    }
}

/// The settings file to read: the one that is named, otherwise the first that is there.
fn settings_file(given: &Given, places: &Places, data: &Path) -> Option<PathBuf> {
    let named = given.config.clone();
    let named = named.or_else(|| places.environment.get(CONFIG).map(PathBuf::from));
    named.or_else(|| {
        let usual = [data.join("probity.toml"), places.system_file.clone()];
        // One that is there and cannot be read is named, so that it is not passed over in silence.
        let there = |file: &PathBuf| !matches!(fs::metadata(file), Err(why) if why.kind() == io::ErrorKind::NotFound);
        usual.into_iter().find(there)
    })
}

fn as_text(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Integer(number) => Some(
            i64::from_str_radix(number.as_str(), number.radix())
                .ok()?
                .to_string(),
        ),
        DeValue::Array(values) => {
            let texts: Option<Vec<_>> = values
                .iter()
                .map(|value| as_text(value.get_ref()))
                .collect();
            Some(texts?.join(", "))
        }
        _ => None,
    }
}

/// A value as everybody may see it.
fn masked(secrecy: Secrecy, text: &str) -> String {
    let address = || {
        let mut url = Url::parse(text).ok()?;
        if url.password().is_some() {
            url.set_password(Some("****")).ok()?;
        }
        // A password may stand there too.
        if url.query().is_some() {
            url.set_query(Some("****"));
        }
        Some(url.to_string())
    };
    match secrecy {
        Secrecy::Open => text.to_owned(),
        Secrecy::Address => address().unwrap_or_else(|| "****".to_owned()),
        Secrecy::Hidden | Secrecy::Environment => "****".to_owned(),
    }
}
