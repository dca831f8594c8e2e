//! What a step brings about, in words: before it is taken, and after.

use policy::words::capitalised;
use register::{Effect, Party, Register, Step};
use serde::Serialize;

use super::timeline::lower;
use crate::authority::Role;
use crate::cases::{Case, InForce, Seen};
use crate::store::PersonId;

/// What followed from the step that somebody took just now.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Followed {
    /// What they did.
    pub(super) did: String,
    /// What followed.
    pub(super) lines: Vec<String>,
}

/// What followed from the last step of a case, where this person took it and it is the one that is named.
pub(super) fn followed(
    rules: &InForce,
    case: &Case,
    registers: &[Register],
    person: Option<&PersonId>,
    step: &str,
) -> Option<Followed> {
    let last = case.done.last()?;
    if last.step != step || last.person.as_ref() != person {
        return None;
    }
    let step = rules.register().step(step)?;
    Some(Followed {
        did: step.says.clone(),
        lines: lines(rules, step, registers, &case.state, |effect| {
            let follows = effect.follows(&case.answers);
            follows.map(|_| String::new())
        }),
    })
}

/// What a step would do, a sentence each.
pub(super) fn before(seen: &Seen, step: &Step, registers: &[Register]) -> Vec<String> {
    let asked = seen.asked(step);
    let register = seen.rules.register();
    lines(&seen.rules, step, registers, &seen.case.state, |effect| {
        let mut only = Vec::new();
        for condition in effect.when() {
            let field = register.field(&condition.field)?;
            // What is still to be answered, or is not theirs to see, is said as a condition.
            let open =
                asked.iter().any(|asked| asked.id == field.id) || seen.hidden.contains(&field.id);
            if open {
                let values = condition.is.iter().map(|value| field.words(value));
                let values: Vec<&str> = values.collect();
                only.push(format!("“{}” is: {}", field.label, values.join(" or ")));
            } else if !condition.holds(&seen.case.answers) {
                return None;
            }
        }
        Some(match only.is_empty() {
            true => String::new(),
            false => format!("Only where {}. ", only.join(", and ")),
        })
    })
}

/// What a step does, a sentence each. `only` says of an effect on what it hangs, or nothing where it does not follow.
fn lines(
    rules: &InForce,
    step: &Step,
    registers: &[Register],
    state: &str,
    only: impl Fn(&Effect) -> Option<String>,
) -> Vec<String> {
    let register = rules.register();
    let to = step.to.as_deref().unwrap_or(state);
    let mut lines = Vec::new();
    if let Some(to) = register.state(to) {
        lines.push(match to.end {
            true => format!("The case is over: {}.", to.says),
            false => format!("Where it stands: {}.", to.says),
        });
    }
    for effect in &step.effects {
        let line = line(rules, effect.plain(), registers);
        lines.extend(only(effect).zip(line).map(|(only, line)| only + &line));
    }
    lines
}

fn line(rules: &InForce, effect: &Effect, registers: &[Register]) -> Option<String> {
    let named = |id: &str| {
        let register = registers.iter().find(|register| register.id == id);
        register.map_or_else(
            || format!("a case ({id})"),
            |register| with_article(&register.name),
        )
    };
    let deadline = |id: &str| {
        let deadline = rules.register().deadline(id);
        deadline.map_or_else(|| id.to_owned(), |deadline| deadline.says.clone())
    };
    Some(match effect {
        Effect::Notify { whom, .. } => {
            let whom: Vec<String> = whom.iter().flat_map(|party| words(rules, party)).collect();
            format!("Told of it, without details: {}.", whom.join(", "))
        }
        Effect::Open { register, .. } => {
            format!(
                "{} is opened and linked with this case.",
                capitalised(&named(register))
            )
        }
        Effect::TakeDown { .. } => {
            "A case is opened that asks for the content to be taken down.".to_owned()
        }
        Effect::Check {
            register, after, ..
        } => {
            let after = rules.settings.span(after);
            let when = after.map_or_else(
                || "later".to_owned(),
                |after| format!("in {}", span_words(after)),
            );
            format!("{} is opened {when}.", capitalised(&named(register)))
        }
        Effect::Grant { until } => match until {
            Some(_) => "It is in force until the day that is given.".to_owned(),
            None => "It is in force.".to_owned(),
        },
        Effect::Revoke => "It is no longer in force.".to_owned(),
        Effect::Assign { to } => {
            format!("Looked after by: {}.", words(rules, to).join(", "))
        }
        Effect::File => "It is on the personnel file.".to_owned(),
        Effect::Unfile => "It is off the personnel file.".to_owned(),
        Effect::Clock { deadline: id } => format!("A deadline runs: {}.", deadline(id)),
        Effect::StopClock { deadline: id } => {
            format!("A deadline has been met: {}.", deadline(id))
        }
        Effect::Advise { kind } => format!("{} advice is on record.", kind.to_uppercase()),
        Effect::Disclose => "Whom it is about may see the case from now on.".to_owned(),
        Effect::Publish { .. } => {
            "The answer is published to all staff as guidance, without names.".to_owned()
        }
        Effect::Where { .. } => return None,
    })
}

fn with_article(name: &str) -> String {
    let article = match name.chars().next() {
        Some('a' | 'e' | 'i' | 'o' | 'u') => "an",
        _ => "a",
    };
    format!("{article} {name}")
}

fn span_words(span: register::Span) -> String {
    let of = |n: u32, one: &str| match n {
        1 => format!("1 {one}"),
        n => format!("{n} {one}s"),
    };
    match span {
        register::Span::Hours(n) => of(n, "hour"),
        register::Span::SchoolDays(n) => of(n, "school day"),
        register::Span::Days(n) => of(n, "day"),
        register::Span::Months(n) => of(n, "month"),
        register::Span::Years(n) => of(n, "year"),
    }
}

/// A party in words.
fn words(rules: &InForce, party: &Party) -> Vec<String> {
    let role = |name: &str| match Role::named(name) {
        Some(role) => lower(role.label()),
        None => name.to_owned(),
    };
    match party {
        Party::Role(name) => vec![role(name)],
        Party::Setting(name) => {
            let roles = rules.settings.roles(name).iter();
            roles.map(|name| role(name)).collect()
        }
        Party::Opener => vec!["who opened it".to_owned()],
        Party::Subject => vec!["whom it is about".to_owned()],
        Party::Handler => vec!["who looks after it".to_owned()],
        Party::LineManager => vec!["the line manager of whom it is about".to_owned()],
        Party::Named(field) => {
            let field = rules.register().field(field);
            let label = field.map_or("somebody who is named", |field| field.label.as_str());
            vec![lower(label)]
        }
        Party::Public | Party::Program => Vec::new(),
    }
}
