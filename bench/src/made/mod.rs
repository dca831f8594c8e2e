//! The made rules: a fixed vocabulary, rules and situations from a fixed seed, the same for every engine.

mod random;
mod rules;

use random::Random;
pub(crate) use rules::{Duty, Rule, STANDINGS, condition, duty};

/// The seed of everything made.
const SEED: u64 = 20_240_901;

/// One attribute: its name and its values, `no` and `yes` where it is answered yes or no.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) values: &'static [&'static str],
}

impl Field {
    pub(crate) fn is_yes_no(&self) -> bool {
        self.values == YES_NO
    }
}

const YES_NO: &[&str] = &["no", "yes"];

const fn yes_no(name: &'static str) -> Field {
    Field {
        name,
        values: YES_NO,
    }
}

/// 15 attributes, 92,897,280 situations.
pub(crate) const FIELDS: &[Field] = &[
    Field {
        name: "act",
        values: &[
            "use",
            "connect",
            "message",
            "join-group",
            "post",
            "profile",
            "recommend",
            "open-account",
            "view-profile",
            "keep-old-post",
            "share-login",
            "reply-to-abuse",
        ],
    },
    Field {
        name: "asker",
        values: &[
            "teacher",
            "support-staff",
            "it-staff",
            "volunteer",
            "governor",
            "senior-leader",
            "head",
            "contractor",
        ],
    },
    Field {
        name: "other",
        values: &[
            "nobody",
            "pupil",
            "former-pupil",
            "parent",
            "colleague",
            "public",
            "journalist",
        ],
    },
    Field {
        name: "platform",
        values: &[
            "any",
            "instagram",
            "whatsapp",
            "facebook",
            "linkedin",
            "tiktok",
        ],
    },
    Field {
        name: "place",
        values: &[
            "classroom",
            "staff-room",
            "elsewhere-in-school",
            "trip",
            "off-site",
        ],
    },
    Field {
        name: "time",
        values: &["lesson", "break", "duty", "outside"],
    },
    Field {
        name: "device",
        values: &["own-phone", "school-portable", "school-computer"],
    },
    Field {
        name: "capacity",
        values: &["personal", "official", "wider-professional"],
    },
    yes_no("pupils_present"),
    yes_no("names_colleague"),
    yes_no("confidential"),
    yes_no("pictures_pupil"),
    yes_no("employer_shown"),
    yes_no("in_writing"),
    yes_no("argues"),
];

/// One value for every field, by index.
pub(crate) type Values = Vec<u8>;

/// A set of rules and the situations to decide.
#[derive(Debug, Clone)]
pub(crate) struct Made {
    pub(crate) rules: Vec<Rule>,
    pub(crate) situations: Vec<Values>,
}

impl Made {
    pub(crate) fn new(rules: usize, situations: usize) -> Self {
        let mut random = Random::new(SEED);
        let situations = (0..situations).map(|_| situation(&mut random)).collect();
        let mut random = Random::new(SEED + 1);
        let rules = (0..rules)
            .map(|number| Rule::random(number, &mut random))
            .collect();
        Self { rules, situations }
    }

    /// The situations as JSON texts: every field by name, yes and no as true and false.
    pub(crate) fn texts(&self) -> Vec<String> {
        self.situations.iter().map(|s| text(s)).collect()
    }
}

/// The number of situations that the vocabulary can tell apart.
pub(crate) fn space() -> u64 {
    FIELDS.iter().map(|f| f.values.len() as u64).product()
}

/// A fact about the content or the company is rarer than its absence.
fn situation(random: &mut Random) -> Values {
    let value = |field: &Field| match field.is_yes_no() {
        true => u8::from(random.chance(30)),
        false => u8::try_from(random.below(field.values.len())).unwrap_or(0),
    };
    FIELDS.iter().map(value).collect()
}

fn text(values: &[u8]) -> String {
    let pairs: Vec<String> = named(values)
        .map(|(field, value)| match field.is_yes_no() {
            true => format!("\"{}\":{}", field.name, value == "yes"),
            false => format!("\"{}\":\"{value}\"", field.name),
        })
        .collect();
    format!("{{{}}}", pairs.join(","))
}

/// Each field with the name of its value.
pub(crate) fn named(values: &[u8]) -> impl Iterator<Item = (&'static Field, &'static str)> {
    FIELDS.iter().zip(values).filter_map(|(field, value)| {
        let name = field.values.get(usize::from(*value))?;
        Some((field, *name))
    })
}
