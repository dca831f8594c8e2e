//! The program's own part: what has run out expires, the consent of a pupil who has left is over, and whoever is no
//! longer on record as a parent or carer takes along what they said.

use serde::{Deserialize, Serialize};

use super::{ConsentError, gone};
use crate::authority::Actor;
use crate::cases::{self, CaseId, Engine};
use crate::jobs::{self, Due, Job, JobContext, JobError, Protection};
use crate::pupils::GuardianId;
use crate::store::{Query as _, Tx};
use crate::values;

/// Consents that are seen to in one change, so that it stays short.
const AT_ONCE: i64 = 50;
const RUN_OUT: &str = "Its last day is over.";
const LEFT: &str = "The pupil is not at this school any more.";

/// Looks whose consent is over.
#[derive(Debug, Default, Deserialize, Serialize)]
pub(super) struct Watch;

impl Job for Watch {
    const KIND: &'static str = "consent.watch";
    const TITLE: &'static str = "See whose consent to pictures is over";
    type With = Engine;

    fn protection(&self) -> Protection {
        Protection::Open
    }

    async fn run(self, engine: &Engine, context: &JobContext) -> Result<(), JobError> {
        let mut tx = context.begin().await?;
        let program = Actor::operator(context.trust().clone());
        if look(&mut tx, engine, &program).await? {
            jobs::enqueue(&mut tx, &Self, Due::Now).await?;
        }
        context.complete(&mut tx).await?;
        Ok(tx.commit_unrecorded().await?)
    }
}

/// Sees to some; whether there may be more.
async fn look(tx: &mut Tx, engine: &Engine, program: &Actor) -> Result<bool, ConsentError> {
    let today = tx.store().clock().today();
    let mut seen_to = 0;
    let rows = tx
        .all(
            "SELECT c.case_id, CASE WHEN c.state = 'given' AND c.valid_until < $2 THEN 'expire' ELSE 'end' END AS step \
             FROM consent_standing c JOIN case_file f ON f.trust = c.trust AND f.id = c.case_id \
             LEFT JOIN pupil p ON p.trust = c.trust AND p.id = c.pupil \
             WHERE c.trust = $1 AND ((c.state = 'given' AND c.valid_until < $2) \
               OR p.id IS NULL OR p.school <> f.school OR p.left_on < $2) ORDER BY c.case_id LIMIT $3",
            values![today, AT_ONCE],
        )
        .await?;
    for row in &rows {
        let (case, step): (CaseId, String) = (row.get("case_id")?, row.get("step")?);
        let note = if step == "end" { LEFT } else { RUN_OUT };
        cases::take_by_program(tx, engine, program, &case, (&step, note)).await?;
        seen_to += 1;
    }
    let rows = tx
        .all(
            "SELECT DISTINCT a.guardian FROM consent_answer a WHERE a.trust = $1 AND a.guardian IS NOT NULL \
               AND NOT EXISTS (SELECT 1 FROM guardian g WHERE g.trust = a.trust AND g.id = a.guardian) \
             UNION SELECT DISTINCT l.guardian FROM consent_link l WHERE l.trust = $1 AND l.guardian IS NOT NULL \
               AND NOT EXISTS (SELECT 1 FROM guardian g WHERE g.trust = l.trust AND g.id = l.guardian) LIMIT $2",
            values![AT_ONCE],
        )
        .await?;
    for row in &rows {
        let guardian: GuardianId = row.get("guardian")?;
        gone::erase_of_guardian(tx, program, None, &guardian).await?;
        seen_to += 1;
    }
    Ok(seen_to >= AT_ONCE)
}
