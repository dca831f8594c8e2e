//! The program's own part: a case for whoever gets a last day, and its end when nothing is left.

use jiff::ToSpan as _;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::holding::LeaverError;
use super::{KINDS, REGISTER};
use crate::authority::{Actor, Role};
use crate::cases::{self, CaseId, Engine, Opening};
use crate::jobs::{self, Due, Job, JobContext, JobError, Protection};
use crate::mail::Link;
use crate::messages::{self, Message};
use crate::people::{self, Person};
use crate::store::{PersonId, Query as _, Row, SchoolId, StoreError, Tx};
use crate::values;

/// People who are seen to in one change, so that it stays short.
const AT_ONCE: i64 = 20;
/// Whoever left longer ago has no case opened for them.
const LEFT_WITHIN_DAYS: i32 = 14;
/// The state of a case when the last day is over.
const GONE: &str = "gone";

/// Looks who leaves, and who has left with something still in hand.
#[derive(Debug, Default, Deserialize, Serialize)]
pub(super) struct Watch;

impl Job for Watch {
    const KIND: &'static str = "leavers.watch";
    const TITLE: &'static str = "See to those who leave";
    type With = Engine;

    fn protection(&self) -> Protection {
        Protection::Open
    }

    async fn run(self, engine: &Engine, context: &JobContext) -> Result<(), JobError> {
        let mut tx = context.begin().await?;
        let program = Actor::operator(context.trust().clone());
        let today = context.store().clock().today();
        let leaving = leaving(&mut tx, today).await?;
        for (person, last) in &leaving {
            open(&mut tx, engine, &program, person, *last)
                .await
                .map_err(JobError::retry)?;
        }
        for (person, case) in gone(&mut tx, today).await? {
            finish(&mut tx, engine, &program, &person, &case)
                .await
                .map_err(JobError::retry)?;
        }
        if i64::try_from(leaving.len()) == Ok(AT_ONCE) {
            jobs::enqueue(&mut tx, &Self, Due::Now).await?;
        }
        context.complete(&mut tx).await?;
        Ok(tx.commit_unrecorded().await?)
    }
}

/// What a last day is called among the occasions for which the program opens a case.
fn occasion(last: Date) -> String {
    format!("leaver/{last}")
}

/// Those with a last day for which no case stands yet.
async fn leaving(tx: &mut Tx, today: Date) -> Result<Vec<(PersonId, Date)>, StoreError> {
    let since = today.checked_sub(LEFT_WITHIN_DAYS.days()).unwrap_or(today);
    let rows = tx
        .all(
            "SELECT p.id, p.ends_on FROM person p WHERE p.trust = $1 AND p.ends_on >= $2 AND p.erased_at IS NULL \
               AND NOT EXISTS (SELECT 1 FROM case_once o WHERE o.trust = $1 AND o.person = p.id \
                 AND o.occasion = 'leaver/' || p.ends_on) \
             ORDER BY p.ends_on, p.id LIMIT $3",
            values![since, AT_ONCE],
        )
        .await?;
    let one = |row: &Row| Ok((row.get("id")?, row.get("ends_on")?));
    rows.iter().map(one).collect()
}

/// Opens a case for a last day; where one is open already, it stands for this day too.
async fn open(
    tx: &mut Tx,
    engine: &Engine,
    program: &Actor,
    id: &PersonId,
    last: Date,
) -> Result<(), LeaverError> {
    let open = cases::open_about(tx, REGISTER, id).await?;
    if let Some((case, _)) = open.first() {
        return Ok(cases::note_occasion(tx, id, &occasion(last), case).await?);
    }
    let Some(person) = people::find(tx, id).await? else {
        return Ok(());
    };
    let answers = [("person", id.to_string()), ("last_day", last.to_string())];
    let opening = Opening {
        register: REGISTER.to_owned(),
        school: school_of(&person),
        answers: answers
            .map(|(name, value)| (name.to_owned(), vec![value]))
            .into(),
        ..Opening::default()
    };
    cases::open_once(tx, engine, program, (id, &occasion(last)), opening).await?;
    Ok(())
}

/// The school at which they work; none where there are several, or they work for the whole trust.
fn school_of(person: &Person) -> Option<SchoolId> {
    let mut schools: Vec<_> = person.roles.iter().map(|role| &role.school).collect();
    schools.sort();
    schools.dedup();
    match schools.as_slice() {
        [Some(school)] => Some(school.clone()),
        _ => None,
    }
}

/// The open cases of those whose last day is over.
async fn gone(tx: &mut Tx, today: Date) -> Result<Vec<(PersonId, CaseId)>, StoreError> {
    let rows = tx
        .all(
            "SELECT p.id, c.id AS case_id FROM case_file c \
             JOIN person p ON p.trust = c.trust AND p.id = c.subject \
             WHERE c.trust = $1 AND c.register = $2 AND c.state = $3 AND c.closed_at IS NULL AND p.ends_on < $4 \
             ORDER BY c.id",
            values![REGISTER, GONE, today],
        )
        .await?;
    let one = |row: &Row| Ok((row.get("id")?, row.get("case_id")?));
    rows.iter().map(one).collect()
}

/// Lets go of the cases that they looked after; then closes their own where nothing is left, or tells the head, once.
async fn finish(
    tx: &mut Tx,
    engine: &Engine,
    program: &Actor,
    id: &PersonId,
    case: &CaseId,
) -> Result<(), LeaverError> {
    for handled in cases::handled(tx, id).await? {
        cases::release(tx, program, &handled).await?;
    }
    let Some(person) = people::find(tx, id).await? else {
        return Ok(());
    };
    let mut left = false;
    for kind in KINDS {
        let held = (kind.held)(tx, program, &person).await?;
        left |= held.iter().any(|holding| holding.is_left());
    }
    if !left {
        let note = "Nothing is left that they hold here.";
        cases::take_by_program(tx, engine, program, case, ("complete", note)).await?;
        return Ok(());
    }
    let occasion = format!("left/{case}");
    if cases::opened_for(tx, id, &occasion).await?.is_none() {
        cases::note_occasion(tx, id, &occasion, case).await?;
        for head in cases::holding_role(tx, case, Role::Head).await? {
            messages::send(tx, &head, &still_held(case)).await?;
        }
    }
    Ok(())
}

/// What the head is told: nobody is named, for it may go by mail.
fn still_held(case: &CaseId) -> Message {
    Message {
        subject: "Somebody has left, and something of theirs is still to be ended".to_owned(),
        body: "Their last day is over. What they still hold is listed on their case: please see that it is ended or \
               handed on."
            .to_owned(),
        link: Some(Link {
            text: "See what is left".to_owned(),
            path: format!("/cases/{case}"),
        }),
        urgent: false,
        confidential: false,
    }
}
