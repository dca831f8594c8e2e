//! The daily run: which closed cases are past their time. It proposes those; what it removes itself is forms that nobody
//! went on with.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use register::Sensitivity;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::period::{Known, Period, Subject, period};
use crate::authority::Actor;
use crate::cases::{self, About, CaseError, CaseId, Closed};
use crate::jobs::{Job, JobContext, JobError, Protection};
use crate::ledger::{Change, record_event};
use crate::people;
use crate::pupils::{self, PupilId};
use crate::store::{Query, Store, TrustId, Tx};
use crate::values;

/// So many cases are looked at in one transaction.
const AT_ONCE: u32 = 200;

/// Works out what is past its time.
#[derive(Debug, Default, Deserialize, Serialize)]
pub(super) struct Propose {}

impl Job for Propose {
    const KIND: &'static str = "retention.propose";
    const TITLE: &'static str = "Propose records whose time to be kept is over";
    type With = ();

    fn protection(&self) -> Protection {
        Protection::Open
    }

    async fn run(self, (): &(), context: &JobContext) -> Result<(), JobError> {
        let (store, trust) = (context.store(), context.trust());
        propose(store, trust).await.map_err(JobError::retry)?;
        cases::expire_drafts(store, trust)
            .await
            .map_err(JobError::retry)?;
        Ok(())
    }
}

/// Looks at every closed case and writes down which are past their time; gives how many new ones there are.
pub(super) async fn propose(store: &Store, trust: &TrustId) -> Result<u64, CaseError> {
    let mut after = String::new();
    let mut new = 0;
    loop {
        let mut tx = store.begin(trust).await?;
        let (closed, last) = cases::closed(&mut tx, (store, trust), &after, AT_ONCE).await?;
        let Some(last) = last else { break };
        after = last.to_string();
        let before = new;
        for case in &closed {
            let found = judged(&mut tx, store, trust, case).await?;
            new += u64::from(write(&mut tx, case, found).await?);
        }
        match new > before {
            true => {
                let actor = Actor::operator(trust.clone());
                entered(&mut tx, &actor, new - before).await?;
                tx.commit().await?;
            }
            false => tx.commit_unrecorded().await?,
        }
    }
    Ok(new)
}

pub(super) async fn entered(tx: &mut Tx, actor: &Actor, new: u64) -> Result<(), CaseError> {
    let day = tx.store().clock().today().to_string();
    let change = Change {
        kind: "retention.proposed",
        record_kind: "retention",
        record: &day,
        before: None,
        after: Some(json!({ "proposed": new })),
    };
    record_event(tx, actor, None, change).await?;
    Ok(())
}

/// When a case's time is over, where that has come.
pub(super) async fn judged(
    query: &mut impl Query,
    store: &Store,
    trust: &TrustId,
    case: &Closed,
) -> Result<Option<Period>, CaseError> {
    let known = known(query, store, trust, case).await?;
    let found = period(&case.retention, &known);
    let today = store.clock().today();
    Ok(found.filter(|period| period.ends < today))
}

/// What is known of a case that counts for its time.
pub(super) async fn known(
    query: &mut impl Query,
    store: &Store,
    trust: &TrustId,
    case: &Closed,
) -> Result<Known, CaseError> {
    let clock = store.clock().zoned();
    let today = clock.date();
    let zone: &TimeZone = clock.time_zone();
    Ok(Known {
        closed: case.closed_at.to_zoned(zone.clone()).date(),
        subject: subject(query, (store, trust), case.subject.as_ref(), today).await?,
        field: case.field,
        born: match &case.pupil {
            Some(pupil) => born(query, (store, trust), pupil).await?,
            None => None,
        },
    })
}

/// When a pupil was born, where that is held.
async fn born(
    query: &mut impl Query,
    (store, trust): (&Store, &TrustId),
    pupil: &PupilId,
) -> Result<Option<Date>, CaseError> {
    let pupil = pupils::find(query, store, trust, pupil).await;
    let pupil = pupil.map_err(|error| CaseError::Rules(error.to_string()))?;
    Ok(pupil.and_then(|pupil| pupil.details.born))
}

async fn subject(
    query: &mut impl Query,
    (store, trust): (&Store, &TrustId),
    about: Option<&About>,
    today: Date,
) -> Result<Subject, CaseError> {
    let (left, born) = match about {
        None => return Ok(Subject::Nobody),
        Some(About::Person(id)) => match people::find(query, id).await? {
            Some(person) => (person.ends_on, None),
            None => return Ok(Subject::Nobody),
        },
        Some(About::Pupil(id)) => match pupils::find(query, store, trust, id).await {
            Ok(Some(pupil)) => (pupil.left_on, pupil.details.born),
            Ok(None) => return Ok(Subject::Nobody),
            Err(error) => return Err(CaseError::Rules(error.to_string())),
        },
    };
    Ok(match left.filter(|left| *left < today) {
        Some(left) => Subject::Gone { left, born },
        None => Subject::Here { born },
    })
}

/// Writes a proposal, or takes it back; whether it is a new one.
pub(super) async fn write(
    tx: &mut Tx,
    case: &Closed,
    found: Option<Period>,
) -> Result<bool, CaseError> {
    let known = tx
        .count(
            "SELECT COUNT(*) AS n FROM retention_proposal WHERE trust = $1 AND case_id = $2",
            values![&case.id],
        )
        .await?;
    let Some(period) = found else {
        if known > 0 {
            forget(tx, &case.id).await?;
        }
        return Ok(false);
    };
    let now = tx.now();
    let sensitive = case.rules.register().sensitivity == Sensitivity::Sensitive;
    tx.execute(
        "INSERT INTO retention_proposal (trust, case_id, due_on, review, sensitive, says, doubt, proposed_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) \
         ON CONFLICT (trust, case_id) DO UPDATE SET due_on = excluded.due_on, review = excluded.review, \
           sensitive = excluded.sensitive, says = excluded.says, doubt = excluded.doubt",
        values![
            &case.id,
            period.ends,
            period.review,
            sensitive,
            period.says,
            period.doubt,
            now
        ],
    )
    .await?;
    Ok(known == 0)
}

/// Takes a proposal back.
pub(super) async fn forget(tx: &mut Tx, id: &CaseId) -> Result<(), CaseError> {
    tx.execute(
        "DELETE FROM retention_proposal WHERE trust = $1 AND case_id = $2",
        values![id],
    )
    .await?;
    Ok(())
}
