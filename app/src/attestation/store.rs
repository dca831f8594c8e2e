//! Rounds, and who was asked in them.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use serde_json::Value as Json;

use crate::cases::CaseId;
use crate::ledger::Record;
use crate::people;
use crate::store::{PersonId, Query, Row, SchoolId, StoreError, Tx, ids};
use crate::values;

ids! {
    /// A round of signing.
    RoundId
}

/// That a school asks its people to sign a version of its policy.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub(super) struct Round {
    /// The identifier.
    pub id: RoundId,
    /// The school.
    pub school: SchoolId,
    /// The policy.
    pub policy: String,
    /// Its version, where it has one.
    pub version: Option<String>,
    /// The hash of its rules: what is signed.
    pub rules_hash: String,
    /// When it was begun, in milliseconds since 1970.
    pub started_at: i64,
    /// The quiz that goes with it, where one was set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quiz: Option<Quiz>,
}

/// How many questions a quiz has, and how many must be right.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
pub(super) struct Quiz {
    pub(super) questions: i64,
    pub(super) pass: i64,
}

impl Record for Round {
    const KIND: &'static str = "attestation_round";

    fn id(&self) -> &str {
        self.id.as_str()
    }
}

/// Somebody at a school who has not been asked in a round.
#[derive(Clone, Debug)]
pub(super) struct Unasked {
    pub(super) person: PersonId,
    pub(super) starts_on: Option<Date>,
    pub(super) governs: bool,
    /// Whether they were asked to sign another version before.
    pub(super) before: bool,
}

/// Somebody who was asked, and what came of it.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub(super) person: String,
    /// The case, unless it was erased.
    pub(super) case: CaseId,
    pub(super) state: Option<String>,
    pub(super) closed_at: Option<Timestamp>,
}

/// How far a round has come.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize)]
pub(super) struct Coverage {
    /// Who works at the school today.
    pub(super) people: u64,
    /// Who of them was asked.
    pub(super) asked: u64,
    /// Who of them has signed.
    pub(super) signed: u64,
}

/// People who have a role at the school of `$2` on the day `$3`.
macro_rules! here {
    () => {
        "p.erased_at IS NULL AND (p.ends_on IS NULL OR p.ends_on >= $3) AND EXISTS (SELECT 1 FROM held_role h \
           WHERE h.trust = p.trust AND h.person = p.id AND h.school = $2 \
             AND (h.ends_on IS NULL OR h.ends_on >= $3))"
    };
}

pub(super) async fn insert(tx: &mut Tx, round: &Round) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO attestation_round (trust, id, school, policy, version, rules_hash, started_at, quiz_questions, quiz_pass) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        values![
            &round.id,
            &round.school,
            &round.policy,
            round.version.clone(),
            &round.rules_hash,
            round.started_at,
            round.quiz.map(|quiz| quiz.questions),
            round.quiz.map(|quiz| quiz.pass)
        ],
    )
    .await?;
    Ok(())
}

/// The rounds of a school, the latest first.
pub(super) async fn rounds(
    query: &mut impl Query,
    school: &SchoolId,
) -> Result<Vec<Round>, StoreError> {
    let rows = query
        .all(
            "SELECT id, school, policy, version, rules_hash, started_at, quiz_questions, quiz_pass FROM attestation_round \
             WHERE trust = $1 AND school = $2 ORDER BY started_at DESC, id DESC",
            values![school],
        )
        .await?;
    rows.iter().map(read).collect()
}

/// The rounds that still ask people, one for each school: the latest.
pub(super) async fn latest(query: &mut impl Query) -> Result<Vec<Round>, StoreError> {
    let rows = query
        .all(
            "SELECT id, school, policy, version, rules_hash, started_at, quiz_questions, quiz_pass FROM attestation_round r \
             WHERE trust = $1 AND NOT EXISTS (SELECT 1 FROM attestation_round o WHERE o.trust = r.trust \
               AND o.school = r.school AND (o.started_at > r.started_at \
                 OR (o.started_at = r.started_at AND o.id > r.id))) ORDER BY id",
            values![],
        )
        .await?;
    rows.iter().map(read).collect()
}

/// Some of those who work at the school and were not asked in the round.
pub(super) async fn unasked(
    query: &mut impl Query,
    round: &Round,
    today: Date,
    most: u32,
) -> Result<Vec<Unasked>, StoreError> {
    let rows = query
        .all(
            concat!(
                "SELECT p.id, p.starts_on, \
                   (SELECT COUNT(*) FROM held_role g WHERE g.trust = p.trust AND g.person = p.id AND g.school = $2 \
                     AND g.role IN ('governor', 'chair-of-governors')) AS governs, \
                   (SELECT COUNT(*) FROM attestation_asked b WHERE b.trust = p.trust AND b.person = p.id) AS before \
                 FROM person p WHERE p.trust = $1 AND ",
                here!(),
                " AND NOT EXISTS (SELECT 1 FROM attestation_asked a WHERE a.trust = p.trust AND a.round = $4 \
                   AND a.person = p.id) ORDER BY p.id LIMIT $5"
            ),
            values![&round.school, today, &round.id, i64::from(most)],
        )
        .await?;
    let unasked = rows.iter().map(|row| {
        Ok(Unasked {
            person: row.get("id")?,
            starts_on: row.get("starts_on")?,
            governs: row.get::<i64>("governs")? > 0,
            before: row.get::<i64>("before")? > 0,
        })
    });
    unasked.collect()
}

pub(super) async fn note_asked(
    tx: &mut Tx,
    round: &RoundId,
    person: &PersonId,
    case: &CaseId,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO attestation_asked (trust, round, person, case_id) VALUES ($1, $2, $3, $4)",
        values![round, person, case],
    )
    .await?;
    Ok(())
}

/// The open cases of earlier rounds at the school: their version is no longer the one in force.
pub(super) async fn overtaken(
    query: &mut impl Query,
    round: &Round,
    most: u32,
) -> Result<Vec<CaseId>, StoreError> {
    let rows = query
        .all(
            "SELECT c.id FROM attestation_round r \
             JOIN attestation_asked a ON a.trust = r.trust AND a.round = r.id \
             JOIN case_file c ON c.trust = a.trust AND c.id = a.case_id \
             WHERE r.trust = $1 AND r.school = $2 AND r.id <> $3 AND r.started_at <= $4 AND c.closed_at IS NULL \
             ORDER BY c.id LIMIT $5",
            values![&round.school, &round.id, round.started_at, i64::from(most)],
        )
        .await?;
    rows.iter().map(|row| row.get("id")).collect()
}

/// Everybody who was asked in a round, those who have not signed first, by name.
pub(super) async fn asked(
    query: &mut impl Query,
    round: &RoundId,
) -> Result<Vec<Asked>, StoreError> {
    let rows = query
        .all(
            "SELECT p.given_name, p.known_as, p.family_name, a.case_id, c.state, c.closed_at \
             FROM attestation_asked a JOIN person p ON p.trust = a.trust AND p.id = a.person \
             LEFT JOIN case_file c ON c.trust = a.trust AND c.id = a.case_id \
             WHERE a.trust = $1 AND a.round = $2 AND p.erased_at IS NULL \
             ORDER BY CASE WHEN c.closed_at IS NULL THEN 0 ELSE 1 END, p.search, p.id",
            values![round],
        )
        .await?;
    let asked = rows.iter().map(|row| {
        Ok(Asked {
            person: people::shown_name(row)?,
            case: row.get("case_id")?,
            state: row.get("state")?,
            closed_at: row.get("closed_at")?,
        })
    });
    asked.collect()
}

/// How far a round has come; without one, how many people there are.
pub(super) async fn coverage(
    query: &mut impl Query,
    school: &SchoolId,
    round: Option<&RoundId>,
    today: Date,
) -> Result<Coverage, StoreError> {
    let row = query
        .first(
            concat!(
                "SELECT COUNT(*) AS people, COUNT(a.person) AS asked, \
                   COUNT(CASE WHEN c.state IN ('signed', 'signed-on-paper') THEN 1 END) AS signed \
                 FROM person p \
                 LEFT JOIN attestation_asked a ON a.trust = p.trust AND a.person = p.id AND a.round = $4 \
                 LEFT JOIN case_file c ON c.trust = a.trust AND c.id = a.case_id \
                 WHERE p.trust = $1 AND ",
                here!()
            ),
            values![school, today, round.map_or("", RoundId::as_str)],
        )
        .await?;
    let Some(row) = row else {
        return Ok(Coverage::default());
    };
    let count = |column: &str| {
        row.get::<i64>(column)
            .map(|n| u64::try_from(n).unwrap_or(0))
    };
    Ok(Coverage {
        people: count("people")?,
        asked: count("asked")?,
        signed: count("signed")?,
    })
}

/// The states of all rounds after one, for verifying them against the ledger.
pub(crate) async fn states(
    query: &mut impl Query,
    after: &str,
    limit: u32,
) -> Result<Vec<(String, Json)>, StoreError> {
    let rows = query
        .all(
            "SELECT id, school, policy, version, rules_hash, started_at, quiz_questions, quiz_pass FROM attestation_round \
             WHERE trust = $1 AND id > $2 ORDER BY id LIMIT $3",
            values![after, i64::from(limit)],
        )
        .await?;
    let state = |row: &Row| {
        let round = read(row)?;
        let state =
            serde_json::to_value(&round).map_err(|_| Row::unreadable("attestation_round"))?;
        Ok((round.id.to_string(), state))
    };
    rows.iter().map(state).collect()
}

fn read(row: &Row) -> Result<Round, StoreError> {
    Ok(Round {
        id: row.get("id")?,
        school: row.get("school")?,
        policy: row.get("policy")?,
        version: row.get("version")?,
        rules_hash: row.get("rules_hash")?,
        started_at: row.get("started_at")?,
        quiz: match (row.get("quiz_questions")?, row.get("quiz_pass")?) {
            (Some(questions), Some(pass)) => Some(Quiz { questions, pass }),
            _ => None,
        },
    })
}
