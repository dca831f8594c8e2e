//! What a register's settings are under one policy, with what a school has changed.

use std::collections::BTreeMap;
use std::fmt;

use crate::definition::{Amount, Party, Register, Setting, SettingKind, SettingValue, Span};

/// The value of every setting of a register, for the schools that follow a policy.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Settings(BTreeMap<String, SettingValue>);

impl Settings {
    /// The values under a policy; `own` holds what a school has changed, by the setting's name, and counts for more.
    #[must_use]
    pub fn of(register: &Register, policy: &str, own: &BTreeMap<String, SettingValue>) -> Self {
        let values = register.settings.iter().map(|setting| {
            let fits = |value: &&SettingValue| value.kind() == setting.kind;
            let value = own.get(&setting.id).filter(fits);
            let value = value.unwrap_or_else(|| setting.under(policy));
            (setting.id.clone(), value.clone())
        });
        Self(values.collect())
    }

    /// The value of a setting.
    #[must_use]
    pub fn get(&self, setting: &str) -> Option<&SettingValue> {
        self.0.get(setting)
    }

    /// The roles that a setting names; none where it is of another kind.
    #[must_use]
    pub fn roles(&self, setting: &str) -> &[String] {
        match self.get(setting) {
            Some(SettingValue::Roles(roles)) => roles,
            _ => &[],
        }
    }

    /// Whether a yes-no setting says yes.
    #[must_use]
    pub fn says_yes(&self, setting: &str) -> bool {
        self.get(setting) == Some(&SettingValue::YesNo(true))
    }

    /// A length of time, looked up where a setting says it.
    #[must_use]
    pub fn span(&self, amount: &Amount) -> Option<Span> {
        match amount {
            Amount::Span(span) => Some(*span),
            Amount::Setting(name) => match self.get(name) {
                Some(SettingValue::Span(span)) => Some(*span),
                _ => None,
            },
        }
    }

    /// The roles that parties stand for: their own, and those that settings name.
    #[must_use]
    pub fn roles_of<'s>(&'s self, parties: &'s [Party]) -> Vec<&'s str> {
        let roles = parties.iter().flat_map(|party| match party {
            Party::Role(role) => vec![role.as_str()],
            Party::Setting(name) => self.roles(name).iter().map(String::as_str).collect(),
            _ => Vec::new(),
        });
        roles.collect()
    }
}

impl Setting {
    /// The value under a policy: what the policy says, otherwise the default.
    #[must_use]
    pub fn under(&self, policy: &str) -> &SettingValue {
        let given = self
            .by_policy
            .iter()
            .find(|given| given.by.policy == policy);
        given.map_or(&self.is, |given| &given.is)
    }
}

impl SettingValue {
    /// What kind of value it is.
    #[must_use]
    pub fn kind(&self) -> SettingKind {
        match self {
            Self::Roles(_) => SettingKind::Roles,
            Self::YesNo(_) => SettingKind::YesNo,
            Self::Span(_) => SettingKind::Span,
        }
    }
}

/// One of a unit, several of it, and what makes a span of them.
type Unit = (&'static str, &'static str, fn(u32) -> Span);

/// The units, as they are written.
const UNITS: &[Unit] = &[
    ("hour", "hours", Span::Hours),
    ("school day", "school days", Span::SchoolDays),
    ("day", "days", Span::Days),
    ("month", "months", Span::Months),
    ("year", "years", Span::Years),
];

/// No length of time is longer: a century, in years.
const LONGEST: u32 = 100;

impl Span {
    /// Reads `72 hours`, `5 school days`, `1 day`, `6 months`, `6 years`.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let (number, unit) = text.trim().split_once(' ')?;
        let number: u32 = number.parse().ok()?;
        let (.., made) = UNITS
            .iter()
            .find(|(one, many, _)| unit == *one || unit == *many)?;
        let span = made(number);
        let longest = match span {
            Self::Hours(_) => LONGEST * 366 * 24,
            Self::SchoolDays(_) | Self::Days(_) => LONGEST * 366,
            Self::Months(_) => LONGEST * 12,
            Self::Years(_) => LONGEST,
        };
        (number <= longest).then_some(span)
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (number, one, many) = match self {
            Self::Hours(n) => (n, "hour", "hours"),
            Self::SchoolDays(n) => (n, "school day", "school days"),
            Self::Days(n) => (n, "day", "days"),
            Self::Months(n) => (n, "month", "months"),
            Self::Years(n) => (n, "year", "years"),
        };
        write!(f, "{number} {}", if *number == 1 { one } else { many })
    }
}
