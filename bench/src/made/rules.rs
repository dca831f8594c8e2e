//! A made rule: an act or a few, some other circumstances, and what follows.

use super::random::Random;
use super::{FIELDS, Values};

/// The standings from the strictest.
pub(crate) const STANDINGS: [&str; 5] = [
    "prohibited",
    "permission-needed",
    "advised-against",
    "permitted-with-conditions",
    "permitted",
];

const DUTIES: [&str; 4] = ["report", "declare", "keep", "ask-first"];
const ROLES: [&str; 3] = ["head", "line-manager", "safeguarding-lead"];
const CONDITIONS: [&str; 4] = [
    "Keep it short.",
    "Use an official account.",
    "Show no pupil's face.",
    "Stop when asked.",
];

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Duty {
    pub(crate) kind: &'static str,
    pub(crate) to: &'static str,
}

/// The duty of that kind and role.
pub(crate) fn duty(kind: &str, to: Option<&str>) -> Option<Duty> {
    let kind = DUTIES.into_iter().find(|k| *k == kind)?;
    let to = ROLES.into_iter().find(|r| Some(*r) == to)?;
    Some(Duty { kind, to })
}

/// The condition in those words.
pub(crate) fn condition(says: &str) -> Option<&'static str> {
    CONDITIONS.into_iter().find(|c| *c == says)
}

#[derive(Debug, Clone)]
pub(crate) struct Rule {
    /// From 0; the rule's name in every language is `r` and this.
    pub(crate) number: usize,
    /// The values allowed for some fields, by index and in order.
    pub(crate) when: Vec<(usize, Vec<u8>)>,
    /// An index of [`STANDINGS`]; a rule without one carries duties.
    pub(crate) standing: Option<usize>,
    pub(crate) duties: Vec<Duty>,
    pub(crate) conditions: Vec<&'static str>,
}

impl Rule {
    pub(super) fn random(number: usize, random: &mut Random) -> Self {
        let standing = match random.below(100) {
            0..30 => Some(0),
            30..40 => Some(1),
            40..50 => Some(2),
            50..65 => Some(3),
            65..80 => Some(4),
            _ => None,
        };
        let duties = match standing {
            Some(_) => usize::from(random.chance(35)),
            None => 1 + usize::from(random.chance(30)),
        };
        let conditions = match standing {
            Some(1 | 3) => 1 + random.below(2),
            _ => 0,
        };
        Self {
            number,
            when: when(random),
            standing,
            duties: several(duties, || {
                let (kind, to) = (random.one(&DUTIES)?, random.one(&ROLES)?);
                Some(Duty { kind, to })
            }),
            conditions: several(conditions, || random.one(&CONDITIONS)),
        }
    }

    pub(crate) fn id(&self) -> String {
        format!("r{}", self.number)
    }

    /// Whether it holds, by looking at every named field: the reference that all engines are held to.
    pub(crate) fn holds(&self, situation: &Values) -> bool {
        self.when
            .iter()
            .all(|(field, allowed)| situation.get(*field).is_some_and(|v| allowed.contains(v)))
    }
}

/// That many different ones.
fn several<T: PartialEq>(count: usize, mut make: impl FnMut() -> Option<T>) -> Vec<T> {
    let mut made = Vec::new();
    while made.len() < count {
        let one = make().filter(|one| !made.contains(one));
        made.extend(one);
    }
    made
}

/// Most rules name one to three acts, and all two to four other fields with at most half of their values.
fn when(random: &mut Random) -> Vec<(usize, Vec<u8>)> {
    let mut when = Vec::new();
    if random.chance(85) {
        let values = 1 + random.below(3);
        when.push((0, some(12, values, random)));
    }
    let others = 2 + random.below(3);
    while when.iter().filter(|(field, _)| *field != 0).count() < others {
        let field = 1 + random.below(FIELDS.len() - 1);
        if when.iter().any(|(named, _)| *named == field) {
            continue;
        }
        let size = FIELDS.get(field).map_or(2, |f| f.values.len());
        let allowed = match size {
            2 => vec![u8::from(random.chance(70))],
            _ => {
                let values = 1 + random.below(size / 2);
                some(size, values, random)
            }
        };
        when.push((field, allowed));
    }
    when.sort();
    when
}

/// That many of the first `size` values.
fn some(size: usize, values: usize, random: &mut Random) -> Vec<u8> {
    let mut chosen: Vec<u8> = Vec::new();
    while chosen.len() < values {
        let value = u8::try_from(random.below(size)).unwrap_or(0);
        if !chosen.contains(&value) {
            chosen.push(value);
        }
    }
    chosen.sort_unstable();
    chosen
}
