//! What steps bring about.

use jiff::civil::Date;
use register::value::Answers;
use register::{Carried, Condition, Effect, Party};
use serde::{Deserialize, Serialize};

use super::case::{About, Case, CaseId};
use super::change::{self, Opening};
use super::parties::{self, Subject};
use super::rules::{self, InForce};
use super::{CaseError, Engine, access, deadlines, row};
use crate::authority::Actor;
use crate::jobs::{self, Job, JobContext, JobError, Protection};
use crate::messages;
use crate::store::{Query, StoreError, Tx};
use crate::values;

/// How many cases may open one another in a row.
const DEPTH: u32 = 5;
/// The register that takes content down, and its field for the address.
const REMOVAL: (&str, &str) = ("removal", "address");

/// The effects on the case itself, before it is written.
pub(super) fn on_case(case: &mut Case, actor: &Actor, effects: &[&Effect]) {
    for effect in effects {
        match effect {
            Effect::Grant { until } => {
                case.in_force = true;
                let day = until
                    .as_ref()
                    .and_then(|field| case.answers.get(field)?.first()?.parse::<Date>().ok());
                case.in_force_until = day;
            }
            Effect::Revoke => {
                case.in_force = false;
                case.in_force_until = None;
            }
            Effect::File => case.filed = true,
            Effect::Unfile => case.filed = false,
            Effect::Disclose => case.disclosed = true,
            Effect::Assign { to } => {
                case.handler = assigned(case, actor, to).or(case.handler.take())
            }
            Effect::Notify { .. }
            | Effect::Open { .. }
            | Effect::Clock { .. }
            | Effect::StopClock { .. }
            | Effect::TakeDown { .. }
            | Effect::Check { .. }
            | Effect::Advise { .. }
            | Effect::Publish { .. }
            | Effect::Where { .. } => {}
        }
    }
}

/// The person whom a case is assigned to: `handler` is whoever takes the step.
fn assigned(case: &Case, actor: &Actor, to: &Party) -> Option<crate::store::PersonId> {
    let person = match to {
        Party::Handler => actor.person.clone(),
        Party::Opener => case.opened_by.clone(),
        Party::Named(field) => case.answers.get(field)?.first()?.parse().ok(),
        _ => None,
    };
    person.filter(|person| case.subject_person() != Some(person))
}

/// The effects beyond the case: people told, cases opened now or later.
pub(super) async fn beyond(
    tx: &mut Tx,
    engine: &Engine,
    actor: &Actor,
    rules: &InForce,
    case: &Case,
    effects: &[&Effect],
    depth: u32,
) -> Result<(), CaseError> {
    if case.paper {
        return Ok(());
    }
    let today = tx.store().clock().today();
    for effect in effects {
        match effect {
            Effect::Notify { whom, says } => tell(tx, rules, case, whom, says, today).await?,
            Effect::Open {
                register,
                carry,
                set,
            } => {
                let with = (carry.as_slice(), set.as_slice());
                Box::pin(open(tx, engine, actor, case, register, with, depth)).await?;
            }
            Effect::TakeDown { address } => {
                let carry = [Carried {
                    to: REMOVAL.1.to_owned(),
                    from: address.clone(),
                }];
                let with = (carry.as_slice(), [].as_slice());
                Box::pin(open(tx, engine, actor, case, REMOVAL.0, with, depth)).await?;
            }
            Effect::Check {
                register,
                after,
                carry,
                set,
            } => {
                if let Some(span) = rules.settings.span(after) {
                    let calendar = deadlines::calendar(tx, case).await?;
                    let at = deadlines::later(&tx.store().clock().zoned(), span, &calendar);
                    let later = OpenLater {
                        case: case.id.clone(),
                        register: register.clone(),
                        carry: carry
                            .iter()
                            .map(|c| (c.to.clone(), c.from.clone()))
                            .collect(),
                        set: set.clone(),
                    };
                    jobs::enqueue(tx, &later, jobs::Due::At(at.timestamp())).await?;
                }
            }
            // On the case itself; deadlines with the step; advice and guidance are read from the steps taken; what
            // hangs on answers stands here by itself where it follows.
            Effect::Grant { .. }
            | Effect::Revoke
            | Effect::File
            | Effect::Unfile
            | Effect::Disclose
            | Effect::Assign { .. }
            | Effect::Clock { .. }
            | Effect::StopClock { .. }
            | Effect::Advise { .. }
            | Effect::Publish { .. }
            | Effect::Where { .. } => {}
        }
    }
    Ok(())
}

async fn tell(
    tx: &mut Tx,
    rules: &InForce,
    case: &Case,
    whom: &[Party],
    says: &str,
    today: Date,
) -> Result<(), CaseError> {
    let subject = Subject::of(tx, case, today).await?;
    // Of those named by role only whoever may see the case is told: that there is one is itself told to nobody else.
    let sights = access::sights(rules, case, &subject);
    let sides: Vec<parties::Side> = whom
        .iter()
        .flat_map(|party| subject.sides(rules, case, party))
        .filter(|side| matches!(side, parties::Side::Person(_)) || sights.contains_key(side))
        .collect();
    for person in parties::people_of(tx, case, &sides, today).await? {
        let text = format!("{says} ({})", case.reference);
        messages::send(tx, &person, &deadlines::message(case, text)).await?;
    }
    Ok(())
}

/// Opens a case that another brings about, linked with it: with what is carried over, and what every such case says.
async fn open(
    tx: &mut Tx,
    engine: &Engine,
    actor: &Actor,
    from: &Case,
    register: &str,
    (carry, set): (&[Carried], &[Condition]),
    depth: u32,
) -> Result<(), CaseError> {
    if depth >= DEPTH {
        return Err(CaseError::Endless);
    }
    let today = tx.store().clock().today();
    let registers = engine.registers();
    let rules = rules::in_force(tx, &registers, register, from.school.as_ref(), today).await?;
    let set = set.iter().map(|set| (set.field.clone(), set.is.clone()));
    let mut answers: Answers = set.collect();
    for carried in carry {
        let values = match (carried.from.as_str(), &from.subject) {
            ("subject", Some(about)) => Some(vec![about.id().to_owned()]),
            ("subject", None) => None,
            (field, _) => from.answers.get(field).cloned(),
        };
        if let Some(values) = values {
            answers.insert(carried.to.clone(), values);
        }
    }
    let opening = Opening {
        register: register.to_owned(),
        school: from.school.clone(),
        answers,
        paper: None,
        linked: Some(from.id.clone()),
        decision: None,
    };
    change::open_under(tx, engine, actor, &rules, opening, depth + 1).await?;
    Ok(())
}

/// The open cases of the same register about the same subject, or by the same person where it is about nobody.
pub(super) async fn open_about(
    query: &mut impl Query,
    case: &Case,
) -> Result<Vec<CaseId>, StoreError> {
    let rows = query
        .all(
            "SELECT id FROM case_file WHERE trust = $1 AND register = $2 AND subject = $3 AND closed_at IS NULL AND id <> $4 \
             ORDER BY id",
            values![&case.register, case.subject.as_ref().map(About::id), &case.id],
        )
        .await?;
    rows.iter().map(|row| row.get("id")).collect()
}

/// A case to be opened later, because another asked for it.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct OpenLater {
    case: CaseId,
    register: String,
    carry: Vec<(String, String)>,
    #[serde(default)]
    set: Vec<Condition>,
}

impl Job for OpenLater {
    const KIND: &'static str = "cases.open";
    const TITLE: &'static str = "Open a case that another case asked for";
    type With = Engine;

    fn protection(&self) -> Protection {
        Protection::Open
    }

    async fn run(self, engine: &Engine, context: &JobContext) -> Result<(), JobError> {
        let mut tx = context.begin().await?;
        let (store, trust) = (context.store().clone(), context.trust().clone());
        let from = row::find(&mut tx, &store, &trust, &self.case)
            .await
            .map_err(JobError::retry)?;
        if let Some(from) = from {
            let carry = self
                .carry
                .into_iter()
                .map(|(to, from)| Carried { to, from });
            let carry: Vec<Carried> = carry.collect();
            let program = Actor::operator(trust);
            let with = (carry.as_slice(), self.set.as_slice());
            open(&mut tx, engine, &program, &from, &self.register, with, 0)
                .await
                .map_err(JobError::retry)?;
        }
        context.complete(&mut tx).await?;
        Ok(tx.commit_unrecorded().await?)
    }
}
