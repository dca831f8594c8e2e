//! What may be erased now, what must be kept and until when; and handing what was chosen to those who erase it.

use super::collection::{self, Collection};
use super::item::Source;
use super::sight::Sight;
use super::whom::Who;
use super::{AccessError, whom::Whom};
use crate::authority::{Action, Actor};
use crate::cases::CaseId;
use crate::ledger::{self, Erasure, LedgerError, Record as _};
use crate::people::{self, PeopleError, Standing};
use crate::pupils;
use crate::retention::{self, Outlook};
use crate::store::{Query, Store, StoreError, Tx};
use crate::values;
use crate::web::dates::day;

/// Something that is held, and what the rules say of it.
#[derive(Clone, Debug)]
pub(super) struct Held {
    /// What a form calls it: `record`, or a case.
    pub(super) id: String,
    pub(super) title: String,
    pub(super) may: May,
    /// Why, or until when.
    pub(super) says: String,
    /// Where the rule is from, or what is not sure.
    pub(super) source: String,
}

/// Whether it may be erased.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum May {
    Now,
    /// It is kept for now.
    Later,
    /// It belongs to somebody else's record.
    Never,
}

/// What a form calls the person's own record.
pub(super) const RECORD: &str = "record";

impl Held {
    fn new(id: &str, title: &str, (may, says, source): (May, String, String)) -> Self {
        Self {
            id: id.to_owned(),
            title: title.to_owned(),
            may,
            says,
            source,
        }
    }
}

/// What is held about whom a collection is about, as far as whoever answers may see it.
pub(super) async fn outlook(
    query: &mut impl Query,
    store: &Store,
    actor: &Actor,
    seen: &Sight,
) -> Result<Vec<Held>, AccessError> {
    let mut all = Vec::new();
    all.extend(own_record(query, store, actor, &seen.whom).await?);
    let cases = seen.items.iter().filter(|item| item.source == Source::Case);
    for item in cases {
        let Some(id) = &item.of_case else { continue };
        let about = seen.whom.id().unwrap_or_default();
        let found = retention::outlook(query, (store, &actor.trust), id, about).await?;
        all.push(Held::new(id.as_str(), &item.content.title, told(found)));
    }
    Ok(all)
}

fn told(outlook: Option<Outlook>) -> (May, String, String) {
    let none = String::new();
    match outlook {
        None => (
            May::Never,
            "It is about somebody or something else, and is kept as long as its own rule says. Where they are named in it, correct it on its page.".to_owned(),
            none,
        ),
        Some(Outlook::Over { says, doubt }) => {
            (May::Now, format!("Its time is over: {says}"), doubt)
        }
        Some(Outlook::Until { last, says, source }) => {
            (May::Later, format!("Kept until {}: {says}", day(last)), source)
        }
        Some(Outlook::Held) => (May::Later, "Held back until the hold is lifted".to_owned(), none),
        Some(Outlook::Linked) => (
            May::Later,
            "Kept while a case that is linked with it is open".to_owned(),
            none,
        ),
        Some(Outlook::Open) => (May::Later, "Kept while it is open".to_owned(), none),
        Some(Outlook::NotBegun { source }) => (
            May::Later,
            "Kept for now: its time begins when they leave".to_owned(),
            source,
        ),
    }
}

async fn own_record(
    query: &mut impl Query,
    store: &Store,
    actor: &Actor,
    whom: &Whom,
) -> Result<Option<Held>, AccessError> {
    let told = match &whom.who {
        Who::Named => return Ok(None),
        Who::Guardian(_) => (
            May::Later,
            "It goes with the last pupil for whom they are responsible".to_owned(),
        ),
        Who::Pupil(id) => match pupils::find(query, store, &actor.trust, id).await? {
            None => return Ok(None),
            Some(pupil) => match pupil.left_on {
                Some(left) if left < store.clock().today() => {
                    (May::Now, format!("They left on {}", day(left)))
                }
                _ => (May::Later, "Kept while they are at the school".to_owned()),
            },
        },
        Who::Person(id) => match people::find(query, id).await? {
            None => return Ok(None),
            Some(person) if person.standing(store.clock().today()) == Standing::Left => (
                May::Now,
                "They have left. Check first that no rule asks for the record to be kept longer"
                    .to_owned(),
            ),
            Some(_) => (May::Later, "Kept while they work here".to_owned()),
        },
    };
    Ok(Some(Held::new(
        RECORD,
        "Their record, with all that hangs on it",
        (told.0, told.1, String::new()),
    )))
}

/// Erases what was chosen, each thing by itself: cases first, their record last. Gives how many went. What may not be
/// erased any more by then is left.
pub(super) async fn erase(
    store: &Store,
    actor: &Actor,
    seen: &Sight,
    chosen: &[String],
    reason: &str,
) -> Result<usize, AccessError> {
    let mut reader = store.read(&actor.trust);
    let held = outlook(&mut reader, store, actor, seen).await?;
    let may = held.iter().filter(|held| held.may == May::Now);
    let may: Vec<&Held> = may.filter(|held| chosen.contains(&held.id)).collect();
    let mut gone = 0;
    let retention = actor.permit(Action::ManageRetention);
    let records = actor.permit(Action::Erase);
    for held in may.iter().filter(|held| held.id != RECORD) {
        let case: Result<CaseId, _> = held.id.parse();
        if let (Ok(case), Some(permit)) = (case, &retention)
            && retention::erase_now(store, permit, &case).await?
        {
            gone += 1;
        }
    }
    if let (true, Some(permit)) = (may.iter().any(|held| held.id == RECORD), &records) {
        let mut tx = store.begin(&actor.trust).await?;
        match &seen.whom.who {
            Who::Person(id) => match people::erase(&mut tx, permit, id, reason).await {
                Err(PeopleError::Same) => return Ok(gone),
                other => other?,
            },
            Who::Pupil(id) => pupils::erase(&mut tx, permit, id, reason).await?,
            Who::Guardian(_) | Who::Named => return Ok(gone),
        }
        tx.commit().await?;
        gone += 1;
    }
    Ok(gone)
}

/// Erases what was gathered about somebody whose record is erased: it is a copy of it. `record` is as `person/ID`.
///
/// # Errors
/// Where the store fails.
pub(crate) async fn erase_about(
    tx: &mut Tx,
    actor: &Actor,
    record: &str,
    reason: &str,
) -> Result<(), LedgerError> {
    let rows = tx
        .all(
            "SELECT case_id FROM access_collection WHERE trust = $1 AND about_record = $2",
            values![record],
        )
        .await?;
    let cases = rows.iter().map(|row| row.get("case_id"));
    for case in cases.collect::<Result<Vec<String>, StoreError>>()? {
        let erasure = Erasure {
            record_kind: Collection::KIND,
            record: &case,
            reason,
        };
        ledger::erase(tx, actor, Some(Action::Erase), erasure).await?;
        collection::forget(tx, &case).await?;
    }
    Ok(())
}
