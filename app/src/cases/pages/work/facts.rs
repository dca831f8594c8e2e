//! What is known of a case as a whole, and the answer that led to it.

use policy::words::capitalised;
use serde::Serialize;

use super::timeline::lower;
use crate::cases::pages::words::Names;
use crate::cases::{self, Decision, Seen, Waits};
use crate::store::Tx;
use crate::web::dates::{day, moment};

/// Something known of the case as a whole.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Fact {
    pub(super) label: &'static str,
    pub(super) says: String,
}

/// The answer of a policy that led to the case.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Led {
    pub(super) href: String,
    pub(super) policy: String,
    pub(super) says: String,
    /// The beginning of the hash of the policy's rules.
    pub(super) version: String,
}

/// What is known of the case as a whole.
pub(super) async fn facts(
    tx: &mut Tx,
    names: &mut Names<'_>,
    seen: &Seen,
) -> Result<Vec<Fact>, cases::CaseError> {
    let (case, zone) = (&seen.case, names.zone());
    let mut facts = vec![Fact {
        label: "School",
        says: names.school(tx, case.school.as_ref()).await?,
    }];
    let mut add = |label, says: String| facts.push(Fact { label, says });
    if let Some(about) = case.subject.as_ref().filter(|_| !seen.outline) {
        add("Whom it is about", names.about(tx, about).await?);
    }
    let opened = moment(case.opened(), &zone);
    add(
        "Opened",
        match case.opened_by.as_ref().filter(|_| !seen.outline) {
            Some(opener) => format!("{opened}, by {}", names.person(tx, opener).await?),
            None => opened,
        },
    );
    if let Some(handler) = case.handler.as_ref().filter(|_| !seen.outline) {
        add("Looked after by", names.person(tx, handler).await?);
    }
    let mut waits = Vec::new();
    for party in cases::waiting_for(tx, &case.id).await? {
        waits.push(match party {
            Waits::Role(role) => lower(role.label()),
            // Whoever sees the outline alone is told of nobody by name.
            Waits::Person(_) if seen.outline => "somebody who looks after it".to_owned(),
            Waits::Person(person) => names.person(tx, &person).await?,
        });
    }
    waits.dedup();
    if !waits.is_empty() {
        add("Waits for", capitalised(&either(&waits)));
    }
    if case.in_force {
        let until = case.in_force_until;
        add(
            "In force",
            until.map_or_else(|| "Yes".to_owned(), |last| format!("Until {}", day(last))),
        );
    }
    add("Last changed", moment(seen.changed(), &zone));
    if let Some(closed) = case.closed_at {
        add("Over since", moment(super::at(closed), &zone));
    }
    Ok(facts)
}

/// `head`, `head or HR`, `line manager, head or HR`.
fn either(parties: &[String]) -> String {
    match parties {
        [first @ .., one, last] => {
            let first: String = first.iter().map(|party| format!("{party}, ")).collect();
            format!("{first}{one} or {last}")
        }
        few => few.concat(),
    }
}

/// The answer of a policy that led to a case, as its page shows it.
pub(super) fn led(decision: &Decision) -> Led {
    Led {
        href: decision.address.clone(),
        policy: decision.policy.clone(),
        says: decision.says.clone(),
        version: decision.version.chars().take(12).collect(),
    }
}
