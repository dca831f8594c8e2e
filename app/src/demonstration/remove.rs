//! Removing the demonstration: every invented record goes, each with an entry in the ledger.

use serde_json::Value as Json;

use super::DemonstrationError;
use crate::attestation;
use crate::authority::{Permit, Place};
use crate::cases::{self, CaseId};
use crate::consent;
use crate::ledger::{Change, record_event};
use crate::overview;
use crate::people;
use crate::pupils;
use crate::schools::{self, School, calendar::remove_calendar};
use crate::store::{Query as _, Tx};
use crate::values;

/// What hangs on the invented people and pupils without being a record of the ledger, in an order
/// in which it can go, and at last they themselves. A test holds it to the schema.
pub(super) const GOING: [&str; 32] = [
    "DELETE FROM consent_asking WHERE trust = $1 AND school IN \
       (SELECT id FROM school WHERE trust = $1 AND demonstration = 1)",
    "DELETE FROM credential_view WHERE trust = $1 AND person IN \
       (SELECT id FROM person WHERE trust = $1 AND demonstration = 1)",
    "DELETE FROM account_keeper WHERE trust = $1 AND person IN \
       (SELECT id FROM person WHERE trust = $1 AND demonstration = 1)",
    "DELETE FROM case_once WHERE trust = $1 AND person IN \
       (SELECT id FROM person WHERE trust = $1 AND demonstration = 1)",
    "DELETE FROM case_view WHERE trust = $1 AND person IN \
       (SELECT id FROM person WHERE trust = $1 AND demonstration = 1)",
    "DELETE FROM case_draft WHERE trust = $1 AND (person IN \
       (SELECT id FROM person WHERE trust = $1 AND demonstration = 1) \
       OR school IN (SELECT id FROM school WHERE trust = $1 AND demonstration = 1))",
    "DELETE FROM attestation_asked WHERE trust = $1 AND person IN \
       (SELECT id FROM person WHERE trust = $1 AND demonstration = 1)",
    "DELETE FROM attestation_round WHERE trust = $1 AND school IN \
       (SELECT id FROM school WHERE trust = $1 AND demonstration = 1)",
    "DELETE FROM group_figures WHERE trust = $1 AND school IN \
       (SELECT id FROM school WHERE trust = $1 AND demonstration = 1)",
    "DELETE FROM policy_watch WHERE trust = $1 AND school IN \
       (SELECT id FROM school WHERE trust = $1 AND demonstration = 1)",
    "DELETE FROM register_settings WHERE trust = $1 AND school IN \
       (SELECT id FROM school WHERE trust = $1 AND demonstration = 1)",
    "DELETE FROM provider_account WHERE trust = $1 AND person IN \
       (SELECT id FROM person WHERE trust = $1 AND demonstration = 1)",
    "DELETE FROM half_sign_in WHERE trust = $1 AND person IN \
       (SELECT id FROM person WHERE trust = $1 AND demonstration = 1)",
    "DELETE FROM known_browser WHERE trust = $1 AND person IN \
       (SELECT id FROM person WHERE trust = $1 AND demonstration = 1)",
    "DELETE FROM recovery_code WHERE trust = $1 AND person IN \
       (SELECT id FROM person WHERE trust = $1 AND demonstration = 1)",
    "DELETE FROM sign_in_account WHERE trust = $1 AND person IN \
       (SELECT id FROM person WHERE trust = $1 AND demonstration = 1)",
    "DELETE FROM session WHERE trust = $1 AND person IN \
       (SELECT id FROM person WHERE trust = $1 AND demonstration = 1)",
    "DELETE FROM sign_in_link WHERE trust = $1 AND person IN \
       (SELECT id FROM person WHERE trust = $1 AND demonstration = 1)",
    "DELETE FROM mail_fault WHERE trust = $1 AND person IN \
       (SELECT id FROM person WHERE trust = $1 AND demonstration = 1)",
    "DELETE FROM message WHERE trust = $1 AND person IN \
       (SELECT id FROM person WHERE trust = $1 AND demonstration = 1)",
    "DELETE FROM message_preference WHERE trust = $1 AND person IN \
       (SELECT id FROM person WHERE trust = $1 AND demonstration = 1)",
    "DELETE FROM case_request WHERE trust = $1 AND person IN \
       (SELECT id FROM person WHERE trust = $1 AND demonstration = 1)",
    "DELETE FROM calendar_feed WHERE trust = $1 AND person IN \
       (SELECT id FROM person WHERE trust = $1 AND demonstration = 1)",
    "DELETE FROM api_token WHERE trust = $1 AND person IN \
       (SELECT id FROM person WHERE trust = $1 AND demonstration = 1)",
    "DELETE FROM roster_same WHERE trust = $1 AND record IN \
     (SELECT id FROM person WHERE trust = $1 AND demonstration = 1)",
    "DELETE FROM delegation WHERE trust = $1 AND person IN \
       (SELECT id FROM person WHERE trust = $1 AND demonstration = 1)",
    "DELETE FROM held_role WHERE trust = $1 AND person IN \
       (SELECT id FROM person WHERE trust = $1 AND demonstration = 1)",
    "DELETE FROM guardian_of WHERE trust = $1 AND pupil IN \
       (SELECT id FROM pupil WHERE trust = $1 AND demonstration = 1)",
    "DELETE FROM guardian WHERE trust = $1 AND demonstration = 1",
    "DELETE FROM pupil WHERE trust = $1 AND demonstration = 1",
    "UPDATE person SET line_manager = NULL WHERE trust = $1 AND demonstration = 1",
    "DELETE FROM person WHERE trust = $1 AND demonstration = 1",
];

/// Why invented cases go; it is kept with each erasure.
const REASON: &str = "The demonstration was removed";
/// How many states are read at a time.
const BATCH: u32 = 500;

/// Removes the demonstration, in the transaction of the caller. A real administrator must be
/// there to carry on, and no real person or pupil may be tied to what goes.
pub(crate) async fn remove(tx: &mut Tx, permit: &Permit) -> Result<(), DemonstrationError> {
    permit.at(Place::Trust)?;
    if !schools::trust(tx).await?.demonstration {
        return Err(DemonstrationError::NotLoaded);
    }
    check(tx).await?;
    schools::mark_demonstration(tx, permit, false).await?;
    remove_cases(tx, permit).await?;
    for (kind, event, states) in gathered(tx, permit).await? {
        for (record, state) in states {
            let change = Change {
                kind: event,
                record_kind: kind,
                record: &record,
                before: Some(state),
                after: None,
            };
            record_event(tx, permit.actor(), Some(permit.action()), change).await?;
        }
    }
    for sql in GOING {
        tx.execute(sql, values![]).await?;
    }
    for school in schools::all(tx).await? {
        if school.demonstration {
            remove_school(tx, permit, &school).await?;
        }
    }
    Ok(())
}

/// Erases the cases of invented schools and people, with all that hangs on them.
async fn remove_cases(tx: &mut Tx, permit: &Permit) -> Result<(), DemonstrationError> {
    let rows = tx
        .all(
            "SELECT c.id FROM case_file c \
             LEFT JOIN school s ON s.trust = c.trust AND s.id = c.school \
             LEFT JOIN person o ON o.trust = c.trust AND o.id = c.opened_by \
             LEFT JOIN person p ON p.trust = c.trust AND p.id = c.subject \
             WHERE c.trust = $1 AND (s.demonstration = 1 OR o.demonstration = 1 OR p.demonstration = 1) \
             ORDER BY c.id",
            values![],
        )
        .await?;
    for row in rows {
        let id: CaseId = row.get("id")?;
        cases::erase(tx, permit.actor(), permit.action(), &id, REASON).await?;
    }
    Ok(())
}

/// Whether it can go.
async fn check(tx: &mut Tx) -> Result<(), DemonstrationError> {
    let administrators = tx
        .count(
            "SELECT COUNT(*) AS n FROM person p JOIN held_role h ON h.trust = p.trust AND h.person = p.id \
             WHERE p.trust = $1 AND p.demonstration = 0 AND p.ends_on IS NULL \
               AND h.role = 'trust-administrator' AND h.school IS NULL AND h.ends_on IS NULL",
            values![],
        )
        .await?;
    if administrators == 0 {
        return Err(DemonstrationError::NoRealAdministrator);
    }
    let tied = tx
        .first(
            "SELECT CAST( \
               (SELECT COUNT(*) FROM held_role h \
                JOIN person p ON p.trust = h.trust AND p.id = h.person \
                JOIN school s ON s.trust = h.trust AND s.id = h.school \
                WHERE h.trust = $1 AND p.demonstration = 0 AND s.demonstration = 1) \
             + (SELECT COUNT(*) FROM person p \
                JOIN person m ON m.trust = p.trust AND m.id = p.line_manager \
                WHERE p.trust = $1 AND p.demonstration = 0 AND m.demonstration = 1) \
             + (SELECT COUNT(*) FROM pupil u \
                JOIN school s ON s.trust = u.trust AND s.id = u.school \
                WHERE u.trust = $1 AND u.demonstration = 0 AND s.demonstration = 1) \
             + (SELECT COUNT(*) FROM delegation d \
                JOIN person p ON p.trust = d.trust AND p.id = d.person \
                JOIN person o ON o.trust = d.trust AND o.id = d.delegate \
                WHERE d.trust = $1 AND p.demonstration <> o.demonstration) \
             AS BIGINT) AS n",
            values![],
        )
        .await?;
    let tied: u64 = tied.map_or(Ok(0), |row| row.get("n"))?;
    match tied {
        0 => Ok(()),
        _ => Err(DemonstrationError::Tied),
    }
}

/// A kind of record, the event of its removal, and the states of those that go.
type Gathered = (&'static str, &'static str, Vec<(String, Json)>);

async fn gathered(tx: &mut Tx, permit: &Permit) -> Result<Vec<Gathered>, DemonstrationError> {
    let (store, trust) = (tx.store().clone(), permit.actor().trust.clone());
    let mut people = Vec::new();
    let mut after = None;
    loop {
        let batch = people::states(tx, after.as_ref(), BATCH).await?;
        let Some((last, _)) = batch.last() else { break };
        after = Some(last.clone());
        people.extend(invented(batch));
    }
    let mut delegations = Vec::new();
    for (id, state) in people::delegation_states(tx, None, u32::MAX).await? {
        let of =
            |person: &(String, Json)| state.get("person").and_then(Json::as_str) == Some(&person.0);
        if people.iter().any(of) {
            delegations.push((id.to_string(), state));
        }
    }
    let mut pupils = Vec::new();
    let mut after = None;
    loop {
        let batch = pupils::states(tx, (&store, &trust), after.as_ref(), BATCH).await?;
        let Some((last, _)) = batch.last() else { break };
        after = Some(last.clone());
        pupils.extend(invented(batch));
    }
    let mut guardians = Vec::new();
    let mut after = None;
    loop {
        let batch = pupils::guardian_states(tx, (&store, &trust), after.as_ref(), BATCH).await?;
        let Some((last, _)) = batch.last() else { break };
        after = Some(last.clone());
        guardians.extend(invented(batch));
    }
    let schools = schools::all(tx).await?;
    let of_invented = |(_, state): &(String, Json)| {
        let school = state.get("school").and_then(Json::as_str);
        let mut invented = schools.iter().filter(|school| school.demonstration);
        invented.any(|invented| Some(invented.id.as_str()) == school)
    };
    let mut rounds = attestation::states(tx, "", u32::MAX).await?;
    rounds.retain(of_invented);
    let mut askings = consent::asking_states(tx, "", u32::MAX).await?;
    askings.retain(of_invented);
    let mut settings = cases::settings_states(tx, "", u32::MAX).await?;
    settings.retain(of_invented);
    let mut figures = overview::states(tx, "", u32::MAX).await?;
    figures.retain(of_invented);
    Ok(vec![
        ("group_figures", "group_figures.removed", figures),
        ("consent_asking", "consent.asking-removed", askings),
        ("attestation_round", "attestation.removed", rounds),
        ("register_settings", "register_settings.removed", settings),
        ("delegation", "delegation.removed", delegations),
        ("guardian", "guardian.removed", guardians),
        ("pupil", "pupil.removed", pupils),
        ("person", "person.removed", people),
    ])
}

fn invented<I: ToString>(batch: Vec<(I, Json)>) -> impl Iterator<Item = (String, Json)> {
    let batch = batch.into_iter();
    let invented = |state: &Json| state.get("demonstration") == Some(&Json::Bool(true));
    batch
        .filter(move |(_, state)| invented(state))
        .map(|(id, state)| (id.to_string(), state))
}

async fn remove_school(
    tx: &mut Tx,
    permit: &Permit,
    school: &School,
) -> Result<(), DemonstrationError> {
    for following in schools::policies_of(tx, &school.id).await? {
        schools::remove_following(tx, permit, &following).await?;
    }
    for contact in schools::outside(tx, &school.id).await? {
        schools::remove_contact(tx, permit, &contact).await?;
    }
    remove_calendar(tx, permit, &school.id).await?;
    schools::remove_school(tx, permit, school).await?;
    Ok(())
}
