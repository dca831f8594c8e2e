//! What is on record, in words.

use jiff::tz::TimeZone;
use policy::platforms::Platforms;
use serde::Serialize;

use crate::authority::{Actor, Identity};
use crate::cases::{CaseError, Held};
use crate::store::Store;
use crate::web::App;
use crate::web::dates;
use crate::web::problem::Problem;

/// A case on record that an answer relies on, or may.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub(crate) struct OnRecordLine {
    /// What people call it: `PER-2026-0001`.
    pub(crate) reference: String,
    /// Its register, by name: `permission`.
    pub(crate) register: String,
    /// One of that register, in words.
    pub(crate) name: String,
    /// The words of its state.
    pub(crate) state: String,
    /// The day on which it was opened, in words.
    pub(crate) since: String,
    /// The last day on which it holds, in words; none where it has no end.
    pub(crate) until: Option<String>,
    /// What it covers and on what terms: label and words.
    pub(crate) terms: Vec<Term>,
    /// Its address on this site.
    pub(crate) href: String,
}

/// A term of what is on record.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub(crate) struct Term {
    /// What it is about.
    pub(crate) label: String,
    /// What it says.
    pub(crate) says: String,
}

/// The words of cases on record, for whoever sent the request: they are theirs.
pub(crate) async fn lines(app: &App, held: &[&Held]) -> Result<Vec<OnRecordLine>, Problem> {
    let (Some(actor), Some(store)) = (Identity::current().actor, app.store_if_any()) else {
        return Ok(Vec::new());
    };
    Ok(words_of(store, &actor, app.library().platforms(), held).await?)
}

/// The words of cases on record for somebody to whom they may be told.
pub(crate) async fn words_of(
    store: &Store,
    actor: &Actor,
    platforms: &Platforms,
    held: &[&Held],
) -> Result<Vec<OnRecordLine>, CaseError> {
    let zone = store.clock().zoned().time_zone().clone();
    let mut reader = store.read(&actor.trust);
    let mut lines = Vec::new();
    for held in held {
        let terms = held.terms(&mut reader, platforms).await?;
        let terms = terms.into_iter().map(|(label, says)| Term { label, says });
        lines.push(line(held, terms.collect(), &zone));
    }
    Ok(lines)
}

fn line(held: &Held, terms: Vec<Term>, zone: &TimeZone) -> OnRecordLine {
    let register = held.rules.register();
    OnRecordLine {
        reference: held.case.reference.clone(),
        register: register.id.clone(),
        name: register.name.clone(),
        state: held.state().to_owned(),
        since: dates::day(held.opened().to_zoned(zone.clone()).date()),
        until: held.case.in_force_until.map(dates::day),
        terms,
        href: format!("/cases/{}", held.case.id),
    }
}

impl OnRecordLine {
    /// A made one, for pages' samples.
    pub(crate) fn sample(until: bool) -> Self {
        let text = |text: &str| text.to_owned();
        Self {
            reference: text("PER-2026-0001"),
            register: text("permission"),
            name: text("permission"),
            state: text("Granted"),
            since: text("3 September 2026"),
            until: until.then(|| text("31 July 2027")),
            terms: match until {
                true => vec![Term {
                    label: text("What it covers"),
                    says: text("One post a week"),
                }],
                false => Vec::new(),
            },
            href: text("/cases/01k"),
        }
    }
}
