//! Providers of sign-in in the settings: a section `provider.KEY` for each, or variables that
//! begin with `PROBITY_PROVIDER_KEY_`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use toml::de::{DeTable, DeValue};
use url::Url;

use super::InForce;
use super::kinds::{Reads as _, Secret};
use super::sources::Source;
use policy::source::{Source as Text, nearest};

/// What the section of a provider may say.
const FIELDS: [&str; 8] = [
    "name",
    "issuer",
    "client_id",
    SECRET,
    SECRET_FILE,
    "trusts_email",
    "private_network",
    "trust",
];
const SECRET: &str = "client_secret";
const SECRET_FILE: &str = "client_secret_file";
const VARIABLE: &str = "PROBITY_PROVIDER_";

/// A provider of sign-in by OpenID Connect, as the settings give it.
#[derive(Clone, Debug)]
pub struct ProviderSettings {
    /// Its key in the settings, which is its id at this site too: 1 to 20 letters `a-z` and digits.
    pub key: String,
    /// The name that people know it by.
    pub name: String,
    /// The issuer's address.
    pub issuer: String,
    /// What this site is called there.
    pub client_id: String,
    /// This site's secret there.
    pub client_secret: Secret,
    /// Its e-mail addresses are the trust's own.
    pub trusts_email: bool,
    /// It may lie in a private network and be asked by plain HTTP.
    pub private_network: bool,
    /// The only trust that it is for, by its identifier; for all where none is named.
    pub trust: Option<String>,
    /// Where it stands.
    pub source: String,
}

type Fields = BTreeMap<&'static str, (String, Source)>;

/// The providers as they were found, before they are checked.
#[derive(Debug, Default)]
pub(super) struct Found {
    by_key: BTreeMap<String, Fields>,
}

impl Found {
    /// Takes the section `provider` of a settings file.
    pub(super) fn section(
        &mut self,
        file: &Path,
        source: &Text<'_>,
        table: &DeTable<'_>,
        faults: &mut Vec<String>,
    ) {
        for (key, value) in table {
            let line = source.position(key.span().start).0;
            let place = format!("{}:{line}: ", source.name);
            let key = key.get_ref().to_string();
            let DeValue::Table(fields) = value.get_ref() else {
                faults.push(format!("{place}'provider.{key}' is no section"));
                continue;
            };
            if !is_key(&key) {
                faults.push(format!("{place}'provider.{key}': {KEY}"));
                continue;
            }
            for (field, value) in fields {
                let line = source.position(field.span().start).0;
                let place = format!("{}:{line}: ", source.name);
                let name = format!("provider.{key}.{}", field.get_ref());
                match (known(field.get_ref()), text(value.get_ref())) {
                    (None, _) => faults.push(unknown(&place, &name, field.get_ref())),
                    (_, None) => {
                        faults.push(format!("{place}'{name}' takes a text or true or false"))
                    }
                    (Some(field), Some(text)) => {
                        let from = Source::File(file.to_owned(), line);
                        let folder = file.parent().unwrap_or(Path::new(""));
                        self.offer((&key, field), &text, from, folder, faults);
                    }
                }
            }
        }
    }

    /// Takes a variable, where it is one of a provider.
    pub(super) fn variable(&mut self, name: &str, value: &str, faults: &mut Vec<String>) -> bool {
        let Some(rest) = name.strip_prefix(VARIABLE) else {
            return false;
        };
        let fits = |field: &&&str| rest.ends_with(&format!("_{}", field.to_uppercase()));
        let Some(field) = FIELDS.iter().filter(fits).max_by_key(|field| field.len()) else {
            let fields = FIELDS.map(str::to_uppercase).join(", ");
            faults.push(format!(
                "{name} is no setting. After {VARIABLE} comes the provider's key and one of {fields}"
            ));
            return true;
        };
        let key = rest.len().saturating_sub(field.len() + 1);
        let key = rest.get(..key).unwrap_or_default().to_lowercase();
        if !is_key(&key) {
            faults.push(format!("{name}: {KEY}"));
            return true;
        }
        let from = Source::Environment(name.to_owned());
        self.offer((&key, field), value, from, Path::new(""), faults);
        true
    }

    fn offer(
        &mut self,
        (key, field): (&str, &'static str),
        text: &str,
        from: Source,
        folder: &Path,
        faults: &mut Vec<String>,
    ) {
        let (field, text, from) = match field {
            SECRET_FILE => {
                let file = folder.join(text);
                match fs::read_to_string(&file) {
                    Ok(text) => {
                        let text = text.trim_end_matches(['\r', '\n']).to_owned();
                        (SECRET, text, Source::FileOf(from.to_string(), file))
                    }
                    Err(why) => {
                        faults.push(format!("{from}: {} cannot be read: {why}", file.display()));
                        return;
                    }
                }
            }
            field => (field, text.to_owned(), from),
        };
        let fields = self.by_key.entry(key.to_owned()).or_default();
        if let Some((_, other)) = fields.insert(field, (text, from.clone())) {
            // TOML and the environment know each name once: these are a secret and its file.
            faults.push(format!(
                "{other} and {from}: the secret is given twice; give one of them"
            ));
        }
    }

    /// What stands above goes before what is here, field by field.
    pub(super) fn below(&mut self, above: Self) {
        for (key, fields) in above.by_key {
            self.by_key.entry(key).or_default().extend(fields);
        }
    }

    /// The providers, checked; whatever is wrong is a fault.
    pub(super) fn read(&self, faults: &mut Vec<String>) -> Vec<ProviderSettings> {
        let read = |(key, fields): (&String, &Fields)| {
            let before = faults.len();
            let read = one(key, fields, faults);
            read.filter(|_| faults.len() == before)
        };
        self.by_key.iter().filter_map(read).collect()
    }

    /// The settings in force, one for each field.
    pub(super) fn in_force(&self) -> Vec<InForce> {
        let mut all = Vec::new();
        for (key, fields) in &self.by_key {
            for (field, (text, source)) in fields {
                let masked = match *field {
                    SECRET => "****",
                    _ => text,
                };
                all.push(InForce {
                    name: format!("provider.{key}.{field}"),
                    variable: format!("{VARIABLE}{}_{}", key.to_uppercase(), field.to_uppercase()),
                    value: Some(masked.to_owned()),
                    source: source.to_string(),
                });
            }
        }
        all
    }
}

const KEY: &str = "a provider's key has 1 to 20 letters a-z and digits";

fn is_key(key: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    (1..=20).contains(&key.len()) && key.bytes().all(plain)
}

fn known(name: &str) -> Option<&'static str> {
    FIELDS.into_iter().find(|field| *field == name)
}

fn unknown(place: &str, name: &str, field: &str) -> String {
    let meant = nearest(field, FIELDS);
    let meant = meant.map_or_else(
        || format!(" There are {}.", FIELDS.join(", ")),
        |name| format!(" Did you mean '{name}'?"),
    );
    format!("{place}'{name}' is no setting.{meant}")
}

fn text(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Boolean(yes) => Some(yes.to_string()),
        _ => None,
    }
}

fn one(key: &str, fields: &Fields, faults: &mut Vec<String>) -> Option<ProviderSettings> {
    let source = fields.values().next()?.1.to_string();
    let mut demanded = |field: &'static str| {
        let given = fields.get(field).map(|(text, _)| text.trim().to_owned());
        let given = given.filter(|text| !text.is_empty());
        if given.is_none() {
            let too = if field == SECRET {
                " (or client_secret_file)"
            } else {
                ""
            };
            faults.push(format!("{source}: provider.{key}.{field}{too} is missing"));
        }
        given
    };
    let (name, issuer) = (demanded("name"), demanded("issuer"));
    let (client_id, secret) = (demanded("client_id"), demanded(SECRET));
    let mut yes = |field: &'static str| match fields.get(field) {
        None => false,
        Some((text, _)) if text == "true" || text == "false" => text == "true",
        Some((_, source)) => {
            faults.push(format!(
                "{source}: provider.{key}.{field} is neither true nor false"
            ));
            false
        }
    };
    let (trusts_email, private_network) = (yes("trusts_email"), yes("private_network"));
    let issuer = issuer?;
    let scheme = Url::parse(&issuer).ok().map(|url| url.scheme().to_owned());
    let fits =
        scheme.is_some_and(|scheme| scheme == "https" || (private_network && scheme == "http"));
    if !fits {
        faults.push(format!(
            "{source}: provider.{key}.issuer does not begin with https://"
        ));
    }
    Some(ProviderSettings {
        key: key.to_owned(),
        name: name?,
        issuer,
        client_id: client_id?,
        client_secret: Secret::read(&secret?).ok()?,
        trusts_email,
        private_network,
        trust: fields.get("trust").map(|(trust, _)| trust.clone()),
        source: fields
            .get("issuer")
            .map_or(source, |(_, source)| source.to_string()),
    })
}
