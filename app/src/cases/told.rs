//! Who was told of a new case and for whom it waits, in words of roles: never by name.

use register::{Effect, Party};

use super::CaseError;
use super::case::Case;
use super::parties::{Side, Subject};
use super::rules::InForce;
use crate::authority::Role;
use crate::store::Query;

/// Who hears of a case that was just opened.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Told {
    /// Whom a message went to.
    pub(super) told: Vec<String>,
    /// For whom it waits.
    pub(super) waits_for: Vec<String>,
}

/// Who hears of a case as its opening says; whoever opened it is not among them.
pub(super) async fn told(
    query: &mut impl Query,
    rules: &InForce,
    case: &Case,
    today: jiff::civil::Date,
) -> Result<Told, CaseError> {
    let subject = Subject::of(query, case, today).await?;
    let words = |parties: &mut dyn Iterator<Item = &Party>| {
        let mut words: Vec<String> = Vec::new();
        for party in parties {
            for said in says(rules, case, &subject, party) {
                if !words.contains(&said) {
                    words.push(said);
                }
            }
        }
        words
    };
    let effects = rules.register().effects.iter();
    let effects = effects.filter_map(|effect| effect.follows(&case.answers));
    let mut notified = effects.flat_map(|effect| match effect {
        Effect::Notify { whom, .. } => whom.as_slice(),
        _ => &[],
    });
    let told = words(&mut notified);
    let waits_for = words(&mut rules.rules().waits_for(&case.state).into_iter());
    Ok(Told { told, waits_for })
}

fn says(rules: &InForce, case: &Case, subject: &Subject, party: &Party) -> Vec<String> {
    let sides = subject.sides(rules, case, party).into_iter();
    let says = sides.filter_map(|side| match (side, party) {
        (Side::Role(role), _) => Some(role_says(role)),
        (Side::Person(person), _) if Some(&person) == case.opened_by.as_ref() => None,
        (Side::Person(_), Party::LineManager) => Some("the line manager".to_owned()),
        (Side::Person(_), Party::Handler) => Some("whoever looks after it".to_owned()),
        (Side::Person(_), _) => Some("the person whom you named".to_owned()),
    });
    says.collect()
}

/// A role inside a sentence.
fn role_says(role: Role) -> String {
    match role {
        Role::Hr | Role::It => role.label().to_owned(),
        other => format!("the {}", other.label().to_lowercase()),
    }
}
