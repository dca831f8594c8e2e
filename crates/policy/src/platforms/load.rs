//! Reads `platforms.toml`.

use jiff::civil::Date;

use super::{
    AddressPattern, Age, Elsewhere, Handle, Pictures, Platform, Platforms, Report, ReportRoute,
    is_within,
};
use crate::fields::{Fields, Reader};
use crate::source::{Faults, Source};
use crate::vocabulary::Vocabulary;

/// The attribute whose values are the platforms.
const ATTRIBUTE: &str = "platform";
/// Its values that are no platforms.
const NO_PLATFORM: [&str; 2] = ["any", "other"];
/// Ages that terms of service set lie well below.
const OLDEST: u32 = 25;
const VERSION: u32 = 1;
const ROUTES: &[(&str, ReportRoute)] = &[
    ("in-app", ReportRoute::InApp),
    ("web", ReportRoute::Web),
    ("server", ReportRoute::Server),
    ("none", ReportRoute::None),
];

pub(super) fn load(source: Source<'_>, vocabulary: &Vocabulary) -> Result<Platforms, Faults> {
    let reader = Reader::new(source);
    let parsed = reader.parse();
    let platforms = parsed.as_ref().map(|table| {
        let fields = Fields::new(&reader, table);
        let platforms = read(&fields, vocabulary);
        fields.finish();
        platforms
    });
    reader.finish(platforms)
}

fn read(fields: &Fields<'_, '_, '_>, vocabulary: &Vocabulary) -> Platforms {
    if fields.number("version") != Some(VERSION) {
        let what = format!("'version' must stand here and be {VERSION}.");
        fields.reader.fault(fields.at(), what);
    }
    let known: Vec<&str> = vocabulary
        .attribute(ATTRIBUTE)
        .map(|(_, attribute)| attribute.values.iter().map(|v| v.id.as_str()).collect())
        .unwrap_or_default();
    let known: Vec<&str> = known
        .into_iter()
        .filter(|id| !NO_PLATFORM.contains(id))
        .collect();
    let mut platforms: Vec<Platform> = Vec::new();
    for table in fields.tables("platform") {
        let platform = platform(&table, &known);
        unique(&table, &platform, &platforms);
        platforms.push(platform);
    }
    for id in known
        .iter()
        .filter(|id| !platforms.iter().any(|p| p.id == **id))
    {
        let what = format!("The vocabulary's platform '{id}' is missing in this file.");
        fields.reader.fault(fields.at(), what);
    }
    Platforms { platforms }
}

/// No platform stands twice, and no two share a domain.
fn unique(fields: &Fields<'_, '_, '_>, platform: &Platform, before: &[Platform]) {
    if before.iter().any(|p| p.id == platform.id) {
        let at = fields.text("id").map_or(fields.at(), |t| t.at);
        let what = format!("There are two platforms '{}'.", platform.id);
        fields.reader.fault(at, what);
    }
    for domain in fields.texts("domains").unwrap_or_default() {
        if let Some(other) = before
            .iter()
            .find(|p| p.domains.iter().any(|d| d == domain.is))
        {
            let what = format!("'{}' is a domain of '{}' already.", domain.is, other.id);
            fields.reader.fault(domain.at, what);
        }
    }
}

fn platform(fields: &Fields<'_, '_, '_>, known: &[&str]) -> Platform {
    let id = fields.required("id");
    if let Some(id) = id.as_ref().filter(|id| !known.contains(&id.is)) {
        let what = format!("'{}' is not a platform of the vocabulary.", id.is);
        let known = known.iter().copied();
        fields.reader.unknown(id.at.clone(), what, id.is, known);
    }
    let domains = domains(fields);
    let platform = Platform {
        id: id.map(|t| t.is.to_owned()).unwrap_or_default(),
        name: fields
            .required("name")
            .map(|t| t.is.to_owned())
            .unwrap_or_default(),
        closed: fields.number("closed"),
        doubt: words(fields, "doubt"),
        age: fields.tables("age").first().and_then(age),
        elsewhere: fields
            .tables("elsewhere")
            .iter()
            .filter_map(elsewhere)
            .collect(),
        handle: fields.tables("handle").first().and_then(handle),
        pictures: fields.tables("pictures").first().and_then(pictures),
        profiles: patterns(fields, "profiles", &domains),
        posts: patterns(fields, "posts", &domains),
        report: fields.tables("report").first().and_then(report),
        domains,
    };
    fields.finish();
    if platform.closed.is_none() {
        for key in ["age", "domains", "report"] {
            if fields.value(key).is_none() {
                let what = format!("'{key}' is missing here; only a closed platform lacks it.");
                fields.reader.fault(fields.at(), what);
            }
        }
    }
    platform
}

/// A text that may be absent, but not blank.
fn words(fields: &Fields<'_, '_, '_>, key: &'static str) -> Option<String> {
    let present = fields.value(key).is_some();
    present
        .then(|| fields.required(key))
        .flatten()
        .map(|t| t.is.to_owned())
}

fn years(fields: &Fields<'_, '_, '_>) -> Option<u8> {
    let years = fields.number("years")?;
    let sound = u8::try_from(years)
        .ok()
        .filter(|_| (1..=OLDEST).contains(&years));
    if sound.is_none() {
        let at = fields.value("years").map_or(fields.at(), |v| v.span());
        let what = format!("'years' is an age from 1 to {OLDEST}.");
        fields.reader.fault(at, what);
    }
    sound
}

fn age(fields: &Fields<'_, '_, '_>) -> Option<Age> {
    let source = fields.required("source");
    let age = Age {
        years: years(fields),
        source: source.as_ref().map(|t| t.is.to_owned())?,
        as_of: day(fields),
        note: words(fields, "note"),
        doubt: words(fields, "doubt"),
    };
    fields.finish();
    let fault = |what: &str| fields.reader.fault(fields.at(), what);
    if fields.value("years").is_none() && age.note.is_none() && age.doubt.is_none() {
        fault("An age without 'years' needs a 'note' or a 'doubt' that says why.");
    }
    if fields.value("as_of").is_none() && age.doubt.is_none() {
        fault("An age without 'as_of' is of an unknown date: say so in 'doubt'.");
    }
    Some(age)
}

fn day(fields: &Fields<'_, '_, '_>) -> Option<Date> {
    let text = fields.text("as_of")?;
    let day = text.is.parse::<Date>().ok();
    if day.is_none() {
        let what = "'as_of' is a day, such as \"2026-06-16\".";
        fields.reader.fault(text.at, what);
    }
    day
}

fn elsewhere(fields: &Fields<'_, '_, '_>) -> Option<Elsewhere> {
    let place = fields.required("where");
    let years = years(fields);
    let doubt = words(fields, "doubt");
    fields.finish();
    if fields.value("years").is_none() {
        fields.reader.fault(fields.at(), "'years' is missing here.");
    }
    Some(Elsewhere {
        place: place?.is.to_owned(),
        years: years?,
        doubt,
    })
}

fn handle(fields: &Fields<'_, '_, '_>) -> Option<Handle> {
    let symbols = fields.text("symbols").map(|t| t.is.to_owned());
    let longest = fields.number("longest");
    fields.finish();
    if longest.is_none_or(|longest| longest == 0) {
        let what = "'longest' is missing here: how many characters a name has at most.";
        fields.reader.fault(fields.at(), what);
    }
    Some(Handle {
        symbols: symbols.unwrap_or_default(),
        longest: longest?,
    })
}

fn pictures(fields: &Fields<'_, '_, '_>) -> Option<Pictures> {
    let needed = |key: &'static str| {
        let number = fields.number(key).filter(|n| *n > 0);
        if number.is_none() {
            let what = format!("'{key}' is missing here: a number above zero.");
            fields.reader.fault(fields.at(), what);
        }
        number
    };
    let (bytes, most) = (needed("bytes"), needed("most"));
    let source = fields.required("source");
    let read = (
        fields.number("side"),
        fields.number("pixels"),
        fields.number("description"),
        words(fields, "doubt"),
    );
    fields.finish();
    let (side, pixels, description, doubt) = read;
    Some(Pictures {
        bytes: bytes?,
        side,
        pixels,
        most: most?,
        description,
        source: source?.is.to_owned(),
        doubt,
    })
}

fn domains(fields: &Fields<'_, '_, '_>) -> Vec<String> {
    let names = fields.texts("domains").unwrap_or_default();
    for name in &names {
        let labels = || name.is.split('.');
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        let sound = labels().count() > 1 && labels().all(|l| !l.is_empty() && l.chars().all(plain));
        if !sound {
            let what = format!(
                "'{}' is not a domain: write it in small letters, such as example.com.",
                name.is
            );
            fields.reader.fault(name.at.clone(), what);
        }
    }
    names.iter().map(|n| n.is.to_owned()).collect()
}

fn patterns(
    fields: &Fields<'_, '_, '_>,
    key: &'static str,
    domains: &[String],
) -> Vec<AddressPattern> {
    let texts = fields.texts(key).unwrap_or_default();
    let mut patterns = Vec::new();
    for text in texts {
        match AddressPattern::read(text.is) {
            Ok(pattern) => {
                let own = domains.iter().any(|d| is_within(pattern.host(), d));
                if !own && !pattern.is_any_host() {
                    let what = format!(
                        "'{}' is not among 'domains' of this platform.",
                        pattern.host()
                    );
                    let domains = domains.iter().map(String::as_str);
                    fields
                        .reader
                        .unknown(text.at, what, pattern.host(), domains);
                }
                patterns.push(pattern);
            }
            Err(error) => {
                let what = format!("'{}' is not an address pattern: {error}.", text.is);
                fields.reader.fault(text.at, what);
            }
        }
    }
    patterns
}

fn report(fields: &Fields<'_, '_, '_>) -> Option<Report> {
    let how = fields.one_of("how", ROUTES);
    if how.is_none() && fields.value("how").is_none() {
        fields.reader.fault(fields.at(), "'how' is missing here.");
    }
    let page = fields.text("page");
    let doubt = words(fields, "doubt");
    fields.finish();
    let how = how?;
    if (how == ReportRoute::Web) != page.is_some() {
        let what = "'page' goes with how = \"web\", and with that only.";
        fields.reader.fault(fields.at(), what);
    }
    if let Some(page) = page.as_ref().filter(|p| !p.is.starts_with("https://")) {
        let what = "'page' is a web page and starts with https://.";
        fields.reader.fault(page.at.clone(), what);
    }
    Some(Report {
        how,
        page: page.map(|p| p.is.to_owned()),
        doubt,
    })
}
