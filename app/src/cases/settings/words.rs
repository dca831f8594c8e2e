//! Settings in words, and what was chosen for them.

use register::{Register, Setting, SettingKind, SettingValue, Span};

use super::pages::{RoleChoice, SettingLine};
use crate::authority::Role;

pub(super) fn line(setting: &Setting, policy: &str, own: Option<&SettingValue>) -> SettingLine {
    let given = setting
        .by_policy
        .iter()
        .find(|given| given.by.policy == policy);
    let says = setting.under(policy);
    let now = own.unwrap_or(says);
    let chosen = |role: Role| matches!(now, SettingValue::Roles(roles) if roles.iter().any(|held| held == role.name()));
    SettingLine {
        id: setting.id.clone(),
        says: setting.says.clone(),
        kind: match setting.kind {
            SettingKind::Roles => "roles",
            SettingKind::YesNo => "yes-no",
            SettingKind::Span => "span",
        },
        now: words(now),
        value: match now {
            SettingValue::Roles(_) => String::new(),
            SettingValue::YesNo(yes) => if *yes { "yes" } else { "no" }.to_owned(),
            SettingValue::Span(span) => span.to_string(),
        },
        choices: match setting.kind {
            SettingKind::Roles => Role::ALL
                .map(|role| RoleChoice {
                    role: role.name(),
                    label: role.label(),
                    chosen: chosen(role),
                })
                .into(),
            _ => Vec::new(),
        },
        policy: words(says),
        clause: given.map(|given| given.by.clause.clone()),
        source: setting.source.clone(),
        own: own.is_some(),
        error: None,
    }
}

pub(super) fn named(register: &Register, id: &str, value: &SettingValue) -> String {
    let setting = register.settings.iter().find(|setting| setting.id == id);
    format!(
        "{}: {}",
        setting.map_or(id, |setting| &setting.says),
        words(value)
    )
}

/// A value in words.
pub(super) fn words(value: &SettingValue) -> String {
    match value {
        SettingValue::Roles(roles) => {
            let label = |role: &String| match Role::named(role) {
                Some(role) => role.label().to_owned(),
                None => role.clone(),
            };
            match roles.is_empty() {
                true => "Nobody".to_owned(),
                false => roles.iter().map(label).collect::<Vec<_>>().join(", "),
            }
        }
        SettingValue::YesNo(yes) => if *yes { "Yes" } else { "No" }.to_owned(),
        SettingValue::Span(span) => span.to_string(),
    }
}

/// What was chosen for a setting.
pub(super) fn read(setting: &Setting, said: &[&str]) -> Result<SettingValue, String> {
    match setting.kind {
        SettingKind::Roles => {
            let roles = Role::ALL
                .into_iter()
                .filter(|role| said.contains(&role.name()));
            let roles: Vec<String> = roles.map(|role| role.name().to_owned()).collect();
            // Nobody is an answer only where it is the usual one.
            let nobody = matches!(&setting.is, SettingValue::Roles(usual) if usual.is_empty());
            if roles.is_empty() && !nobody {
                Err("Choose at least one role".into())
            } else {
                Ok(SettingValue::Roles(roles))
            }
        }
        SettingKind::YesNo => match said.first() {
            Some(&"yes") => Ok(SettingValue::YesNo(true)),
            Some(&"no") => Ok(SettingValue::YesNo(false)),
            _ => Err("Choose yes or no".into()),
        },
        SettingKind::Span => {
            let span = said.first().and_then(|text| Span::read(text));
            span.map(SettingValue::Span).ok_or_else(|| {
                "Give a length of time, as in 24 hours, 5 school days, 30 days or 6 months".into()
            })
        }
    }
}
