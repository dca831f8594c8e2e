//! What the program opens of itself for the owner of a policy: the review of each version that a school follows, and
//! the edition of guidance that has replaced one which the policy names. Each once, whichever node looks.

use jiff::civil::Date;
use policy::law::Edition;
use policy::library::Library;
use policy::policy_file::{Citation, FactKind, Policy};
use register::value::{Answers, LONGEST_LINE};
use serde::{Deserialize, Serialize};

use super::standing::{EDITIONS, REVIEWS, called, names};
use crate::authority::Actor;
use crate::cases::{self, Case, CaseError, Engine, Opening};
use crate::jobs::{self, Due, Job, JobContext, JobError, Protection};
use crate::schools;
use crate::store::{SchoolId, StoreError, Tx};
use crate::values;

/// Cases that are opened in one change, so that it stays short.
const AT_ONCE: u32 = 25;

/// What is noted where it is time to look at an edition again.
const REPLACED: &str =
    "A policy that is followed here names an edition which this one has replaced.";

/// Looks at the policy that each school follows.
#[derive(Debug, Default, Deserialize, Serialize)]
pub(super) struct Watch;

impl Job for Watch {
    const KIND: &'static str = "policies.watch";
    const TITLE: &'static str = "Open the reviews of policies, and look at the editions they name";
    type With = Engine;

    fn protection(&self) -> Protection {
        Protection::Open
    }

    async fn run(self, engine: &Engine, context: &JobContext) -> Result<(), JobError> {
        let library = engine.library();
        let mut tx = context.begin().await?;
        let watcher = Watcher {
            engine,
            library: &library,
            program: Actor::operator(context.trust().clone()),
            today: context.store().clock().today(),
        };
        let opened = watcher.look(&mut tx).await.map_err(JobError::retry)?;
        if opened >= AT_ONCE {
            jobs::enqueue(&mut tx, &Self, Due::Now).await?;
        }
        context.complete(&mut tx).await?;
        Ok(tx.commit_unrecorded().await?)
    }
}

struct Watcher<'w> {
    engine: &'w Engine,
    library: &'w Library,
    program: Actor,
    today: Date,
}

impl Watcher<'_> {
    /// Looks at every school, until enough was opened; gives how many things were new.
    async fn look(&self, tx: &mut Tx) -> Result<u32, CaseError> {
        let mut new = 0;
        for school in schools::all(tx).await? {
            if school.closed_on.is_some_and(|day| day <= self.today) {
                continue;
            }
            let following = schools::policy_on(tx, &school.id, self.today).await?;
            let table = following.and_then(|following| self.library.table(&following.policy));
            let Some(policy) = table.map(policy::table::Table::policy) else {
                continue;
            };
            new += self.review(tx, &school.id, policy).await?;
            for cited in &policy.cites {
                if new >= AT_ONCE {
                    return Ok(new);
                }
                new += self.edition(tx, &school.id, policy, cited).await?;
            }
            if new >= AT_ONCE {
                return Ok(new);
            }
        }
        Ok(new)
    }

    /// Opens the review of the version, unless one of the policy is open there.
    async fn review(
        &self,
        tx: &mut Tx,
        school: &SchoolId,
        policy: &Policy,
    ) -> Result<u32, CaseError> {
        let version = policy.version().unwrap_or(&policy.hash);
        let what = format!("review/{version}");
        if !note(tx, school, policy, &what).await? {
            return Ok(0);
        }
        let open = cases::underway(tx, REVIEWS, school).await?;
        if !open.iter().any(|case| names(first(case, "policy"), policy)) {
            let answers = review_of(policy, self.today);
            let opened = self.open(tx, REVIEWS, school, answers).await;
            return opened_or_forgotten(tx, school, policy, &what, opened).await;
        }
        Ok(1)
    }

    /// Puts the edition in force on record where the policy names another, or says that it is time to look again.
    async fn edition(
        &self,
        tx: &mut Tx,
        school: &SchoolId,
        policy: &Policy,
        cited: &Citation,
    ) -> Result<u32, CaseError> {
        let current = self.library.law().edition_in_force(&cited.work, self.today);
        let Some(current) = current.filter(|current| current.edition != cited.edition) else {
            return Ok(0);
        };
        let what = format!(
            "edition/{}/{}/{}",
            cited.work, cited.edition, current.edition
        );
        if !note(tx, school, policy, &what).await? {
            return Ok(0);
        }
        let open = cases::underway(tx, EDITIONS, school).await?;
        let same = |case: &&Case| {
            let work = first(case, "work");
            (work == current.title || work == current.work)
                && first(case, "edition") == current.edition
        };
        match open.iter().find(same) {
            Some(case) => {
                cases::take_by_program(
                    tx,
                    self.engine,
                    &self.program,
                    &case.id,
                    ("look", REPLACED),
                )
                .await?;
            }
            None => {
                let answers = edition_of(policy, cited, current);
                let opened = self.open(tx, EDITIONS, school, answers).await;
                return opened_or_forgotten(tx, school, policy, &what, opened).await;
            }
        }
        Ok(1)
    }

    async fn open(
        &self,
        tx: &mut Tx,
        register: &str,
        school: &SchoolId,
        answers: Answers,
    ) -> Result<(), CaseError> {
        let opening = Opening {
            register: register.to_owned(),
            school: Some(school.clone()),
            answers,
            ..Opening::default()
        };
        cases::open(tx, self.engine, &self.program, opening).await?;
        Ok(())
    }
}

/// Notes that something was noticed; not so, where it was before. Of two that notice at once the second waits and is
/// told so.
async fn note(
    tx: &mut Tx,
    school: &SchoolId,
    policy: &Policy,
    what: &str,
) -> Result<bool, StoreError> {
    let noticed_at = tx.now();
    let noted = tx
        .execute(
            "INSERT INTO policy_watch (trust, school, policy, what, noticed_at) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (trust, school, policy, what) DO NOTHING",
            values![school, &policy.id, what, noticed_at],
        )
        .await?;
    Ok(noted == 1)
}

/// A school's own register may not take what the program gives; then nothing was noticed, and the other schools are
/// looked at all the same.
async fn opened_or_forgotten(
    tx: &mut Tx,
    school: &SchoolId,
    policy: &Policy,
    what: &str,
    opened: Result<(), CaseError>,
) -> Result<u32, CaseError> {
    match opened {
        Ok(()) => Ok(1),
        Err(error @ (CaseError::Answers(_) | CaseError::NoSuchRegister)) => {
            tracing::warn!(%school, policy = %policy.id, %error, "a review or edition was not put on record");
            tx.execute(
                "DELETE FROM policy_watch WHERE trust = $1 AND school = $2 AND policy = $3 AND what = $4",
                values![school, &policy.id, what],
            )
            .await?;
            Ok(0)
        }
        Err(error) => Err(error),
    }
}

fn first<'c>(case: &'c Case, field: &str) -> &'c str {
    let answers = case.answers.get(field);
    answers
        .and_then(|answers| answers.first())
        .map_or("", String::as_str)
}

/// What the policy says of itself, as its review begins with it.
fn review_of(policy: &Policy, today: Date) -> Answers {
    let told = |kind: FactKind| {
        let facts = policy.facts.iter().filter(move |fact| fact.kind == kind);
        let words = facts.map(|fact| fact.printed.as_ref().unwrap_or(&fact.value).clone());
        words.collect::<Vec<_>>().join("; ")
    };
    let first_day = |kind: FactKind| {
        let date = policy.fact(kind).and_then(|fact| fact.date);
        date.map(|date| date.first)
    };
    let approved = first_day(FactKind::Approved).or_else(|| first_day(FactKind::Adopted));
    let due = policy.next_review();
    let standing = match due {
        _ if crate::policies::is_draft(policy) => "draft",
        Some(due) if due < today => "overdue",
        _ => "approved",
    };
    let answers = [
        ("policy", called(policy)),
        ("version", policy.version().unwrap_or_default().to_owned()),
        ("standing", standing.to_owned()),
        ("adopted_on", on(approved.filter(|day| *day <= today))),
        ("in_force_from", on(first_day(FactKind::InForce))),
        ("earlier", told(FactKind::Reviewed)),
        ("changed_then", told(FactKind::Change)),
        ("due_on", on(due)),
        ("why", "round".to_owned()),
    ];
    given(answers)
}

fn edition_of(policy: &Policy, cited: &Citation, current: &Edition) -> Answers {
    let printed = policy.clause(&cited.clause).map(|clause| &clause.printed);
    let named = format!(
        "{} names the edition of {} (clause {}).",
        called(policy),
        cited.edition,
        printed.unwrap_or(&cited.clause)
    );
    given([
        ("work", current.title.clone()),
        ("edition", current.edition.clone()),
        ("in_force_from", current.in_force.to_string()),
        ("policies", named),
        ("sure", "unsure".to_owned()),
    ])
}

fn on(day: Option<Date>) -> String {
    day.map_or_else(String::new, |day| day.to_string())
}

/// The answers that are not empty, none longer than a line may be.
fn given<const N: usize>(answers: [(&str, String); N]) -> Answers {
    let given = answers.into_iter().filter(|(_, answer)| !answer.is_empty());
    let line = |answer: String| answer.chars().take(LONGEST_LINE).collect::<String>();
    given
        .map(|(field, answer)| (field.to_owned(), vec![line(answer)]))
        .collect()
}
