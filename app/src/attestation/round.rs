//! Beginning a round, and asking people in it.

use jiff::ToSpan as _;
use jiff::civil::Date;
use policy::library::Library;
use register::value::Answers;
use serde::{Deserialize, Serialize};

use super::REGISTER;
use super::store::{self, Quiz, Round, Unasked};
use crate::authority::{Actor, Denied, Permit, Place};
use crate::cases::{self, CaseError, Engine, Opening};
use crate::document_control::document_of;
use crate::jobs::{self, Due, Job, JobContext, JobError, Protection, QueueError};
use crate::ledger::{LedgerError, record};
use crate::schools;
use crate::store::{SchoolId, StoreError, Tx};

/// People who are asked in one change, so that it stays short.
const AT_ONCE: u32 = 25;
/// Why a case of an earlier round is let go of.
const OVERTAKEN: &str = "There is a new version to sign.";
/// Whoever began so lately joined; others are asked because the policy is new to them.
const JOINED_WITHIN_DAYS: i32 = 60;

/// What stands in place of its hash where no approved document is attached.
const NO_DOCUMENT: &str = "No approved document was attached to this version";

/// Why a round cannot be begun.
#[derive(Debug, thiserror::Error)]
pub(super) enum RoundError {
    /// The school follows no policy.
    #[error("the school follows no policy yet. Say which it follows first, on the school's page")]
    NoPolicy,
    /// It was begun before.
    #[error("everybody is being asked to sign this version already")]
    Begun,
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error(transparent)]
    Queue(#[from] QueueError),
}

/// The policy that a school follows today, as it would be signed: its name, version and the hash of its rules.
pub(super) async fn version_of(
    query: &mut impl crate::store::Query,
    library: &Library,
    school: &SchoolId,
    today: Date,
) -> Result<Option<(String, Option<String>, String)>, StoreError> {
    let following = schools::policy_on(query, school, today).await?;
    let table = following.and_then(|following| library.table(&following.policy));
    Ok(table.map(|table| {
        let policy = table.policy();
        (
            policy.id.clone(),
            policy.version().map(str::to_owned),
            policy.hash.clone(),
        )
    }))
}

/// Begins a round: from now on everybody at the school is asked to sign the version in force.
pub(super) async fn begin(
    tx: &mut Tx,
    permit: &Permit,
    library: &Library,
    school: &SchoolId,
    quiz: Option<Quiz>,
) -> Result<Round, RoundError> {
    permit.at(Place::School(school))?;
    let today = tx.store().clock().today();
    let version = version_of(tx, library, school, today).await?;
    let (policy, version, rules_hash) = version.ok_or(RoundError::NoPolicy)?;
    let latest = store::rounds(tx, school).await?.into_iter().next();
    if latest.is_some_and(|round| round.rules_hash == rules_hash) {
        return Err(RoundError::Begun);
    }
    let round = Round {
        id: tx.fresh()?,
        school: school.clone(),
        policy,
        version,
        rules_hash,
        started_at: tx.now().as_millisecond(),
        quiz,
    };
    store::insert(tx, &round).await?;
    record(
        tx,
        permit.actor(),
        Some(permit.action()),
        "attestation.begun",
        None,
        Some(&round),
    )
    .await?;
    jobs::enqueue(tx, &Ask, Due::Now).await?;
    Ok(round)
}

/// Asks whoever has not been asked in the latest round of their school, and lets go of what an earlier one left open.
#[derive(Debug, Default, Deserialize, Serialize)]
pub(super) struct Ask;

impl Job for Ask {
    const KIND: &'static str = "attestation.ask";
    const TITLE: &'static str = "Ask people to sign the policy";
    type With = Engine;

    fn protection(&self) -> Protection {
        Protection::Open
    }

    async fn run(self, engine: &Engine, context: &JobContext) -> Result<(), JobError> {
        let mut tx = context.begin().await?;
        let program = Actor::operator(context.trust().clone());
        let today = context.store().clock().today();
        let mut left = AT_ONCE;
        for round in store::latest(&mut tx).await? {
            for person in store::unasked(&mut tx, &round, today, left).await? {
                ask(&mut tx, engine, &program, &round, &person, today)
                    .await
                    .map_err(JobError::retry)?;
                left = left.saturating_sub(1);
            }
            for case in store::overtaken(&mut tx, &round, left).await? {
                cases::take_by_program(&mut tx, engine, &program, &case, ("supersede", OVERTAKEN))
                    .await
                    .map_err(JobError::retry)?;
                left = left.saturating_sub(1);
            }
        }
        if left == 0 {
            jobs::enqueue(&mut tx, &Self, Due::Now).await?;
        }
        context.complete(&mut tx).await?;
        Ok(tx.commit_unrecorded().await?)
    }
}

async fn ask(
    tx: &mut Tx,
    engine: &Engine,
    program: &Actor,
    round: &Round,
    who: &Unasked,
    today: Date,
) -> Result<(), CaseError> {
    let lately = today
        .checked_sub(JOINED_WITHIN_DAYS.days())
        .unwrap_or(today);
    let capacity = match who {
        Unasked { governs: true, .. } => "governor",
        Unasked {
            starts_on: Some(day),
            ..
        } if *day > today => "new-starter",
        _ => "employee",
    };
    let occasion = match who {
        Unasked { before: true, .. } => "changed",
        Unasked {
            starts_on: Some(day),
            ..
        } if *day >= lately => "joined",
        _ => "changed",
    };
    let version = round.version.as_deref().unwrap_or("without a number");
    let document = document_of(tx, &round.policy, &round.rules_hash).await?;
    let document = document.map_or_else(|| NO_DOCUMENT.to_owned(), |document| document.sha256);
    let answers = [
        ("person", who.person.as_str()),
        ("as", capacity),
        ("occasion", occasion),
        ("policy", &round.policy),
        ("version", version),
        ("document_hash", &document),
        ("rules_hash", &round.rules_hash),
    ];
    let mut answers: Answers = answers
        .map(|(name, value)| (name.to_owned(), vec![value.to_owned()]))
        .into();
    if let Some(quiz) = round.quiz {
        let numbers = [("quiz_questions", quiz.questions), ("quiz_pass", quiz.pass)];
        answers.extend(numbers.map(|(name, n)| (name.to_owned(), vec![n.to_string()])));
    }
    let opening = Opening {
        register: REGISTER.to_owned(),
        school: Some(round.school.clone()),
        answers,
        ..Opening::default()
    };
    let case = cases::open(tx, engine, program, opening).await?;
    store::note_asked(tx, &round.id, &who.person, &case.id).await?;
    Ok(())
}
