//! What follows at once, in the same transaction, from every change of a consent's case, whoever made it.

use register::settings::Settings;
use register::value::AnswerFault;
use serde::{Deserialize, Serialize};

use super::said::{Said, Use};
use super::{REGISTER, standing};
use crate::cases::{About, Case, CaseError};
use crate::jobs::{Due, enqueue};
use crate::pupils::PupilId;
use crate::store::{Query as _, Tx};
use crate::values;

/// A pupil's consent got narrower: it was refused, withdrawn, replaced by less, limited in words, or it expired.
///
/// Queued in the transaction of the change, so that it is there if and only if the change is. What is scheduled or
/// published with the pupil is to be asked about anew with [`standing::standing`], held back where it may not go, and
/// taken down by opening a case in the register `removal`.
///
/// What is done about it is the feature of posts' (`posts/narrowed.rs`), where the job is.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(crate) struct Narrowed {
    /// The pupil.
    pub(crate) pupil: PupilId,
}

/// Called with every change of every case: for a consent, notes where it stands now and queues what follows where it
/// got narrower. `before` is nothing where the case is new.
///
/// # Errors
/// Where the store fails.
pub(crate) async fn changed(
    tx: &mut Tx,
    settings: &Settings,
    before: Option<&Case>,
    after: &Case,
) -> Result<(), CaseError> {
    if after.register != REGISTER {
        return Ok(());
    }
    let Some(About::Pupil(pupil)) = &after.subject else {
        return Ok(());
    };
    if before.is_none() {
        sound(tx, pupil, after).await?;
    }
    note(tx, settings, pupil, after).await?;
    let was = before.map(agreed).unwrap_or_default();
    if agreed(after).is_narrower_than(&was) || taken_back(before, after) {
        let narrowed = Narrowed {
            pupil: pupil.clone(),
        };
        enqueue(tx, &narrowed, Due::Now).await?;
    }
    Ok(())
}

/// Whether a new case can stand: a pupil has one at a school at a time, and one that was answered on paper says how.
async fn sound(tx: &mut Tx, pupil: &PupilId, case: &Case) -> Result<(), CaseError> {
    let fault = |field: &str, what: &str| {
        let (field, what) = (field.to_owned(), what.to_owned());
        Err(CaseError::Answers(vec![AnswerFault { field, what }]))
    };
    let open = tx
        .count(
            "SELECT COUNT(*) AS n FROM case_file WHERE trust = $1 AND subject = $2 AND register = $3 \
               AND subject_kind = 'pupil' AND school = $4 AND closed_at IS NULL AND id <> $5",
            values![pupil, REGISTER, case.school.as_ref(), &case.id],
        )
        .await?;
    if open > 0 {
        return fault(
            "pupil",
            "This pupil has a consent here already. Enter the answer on the pupil's own page: look for the pupil under Pictures of pupils",
        );
    }
    let how = case.answers.get("how").and_then(|how| how.first());
    let answered = how.is_some_and(|how| how != "not-yet");
    match (answered, case.state.as_str()) {
        (true, "asked" | "silent") => fault(
            "state",
            "It is answered: say whether it is given, refused or withdrawn",
        ),
        (false, "given" | "refused" | "withdrawn" | "expired") => {
            fault("how", "Say how the answer came")
        }
        _ => Ok(()),
    }
}

/// What is agreed to in a state: nothing, unless it is given.
fn agreed(case: &Case) -> Said {
    match case.state.as_str() {
        "given" => Said::of_case(case),
        _ => Said::no(),
    }
}

/// Whether it has become a no. What was presumed before is not in the case's answers.
fn taken_back(before: Option<&Case>, after: &Case) -> bool {
    let no = ["refused", "withdrawn", "expired"].contains(&after.state.as_str());
    no && before.is_none_or(|before| before.state != after.state)
}

/// Where an open case stands, for finding pupils by it; nothing of one that is over.
async fn note(
    tx: &mut Tx,
    settings: &Settings,
    pupil: &PupilId,
    case: &Case,
) -> Result<(), CaseError> {
    tx.execute(
        "DELETE FROM consent_standing WHERE trust = $1 AND case_id = $2",
        values![&case.id],
    )
    .await?;
    if case.closed_at.is_some() {
        return Ok(());
    }
    let said = agreed(case);
    tx.execute(
        "INSERT INTO consent_standing (trust, case_id, pupil, state, website, social, press, limits, valid_until) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        values![
            &case.id,
            pupil,
            &case.state,
            said.of(Use::Website),
            said.of(Use::Social),
            said.of(Use::Press),
            !said.limits.trim().is_empty(),
            standing::until(case, settings)
        ],
    )
    .await?;
    Ok(())
}
