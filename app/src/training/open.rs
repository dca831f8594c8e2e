//! Opening training when it falls due, each occasion once.

use std::collections::BTreeMap;

use jiff::ToSpan as _;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::due::{self, Course};
use super::stand::{Stand, stand};
use super::{COURSE, INDUCTION, REGISTER};
use crate::authority::Actor;
use crate::cases::{self, CaseError, Engine, Opening};
use crate::jobs::{self, Due, Job, JobContext, JobError, Protection};
use crate::people::{self, Person, Standing};
use crate::store::{PersonId, Query as _, Row, SchoolId, StoreError, Tx};
use crate::values;

/// People who are looked at in one change, so that it stays short.
const AT_ONCE: i64 = 25;
/// Whoever began so lately has just started.
const STARTED_WITHIN_DAYS: i32 = 60;
/// So long before their first day somebody is asked.
const BEFORE_DAYS: i32 = 14;

/// Opens training for whoever starts and must take it, and for those whose training has run out.
#[derive(Debug, Default, Deserialize, Serialize)]
pub(super) struct FallDue {
    /// The last person who was looked at in this round.
    after: String,
}

impl Job for FallDue {
    const KIND: &'static str = "training.due";
    const TITLE: &'static str = "Ask those whose training falls due";
    type With = Engine;

    fn protection(&self) -> Protection {
        Protection::Open
    }

    async fn run(self, engine: &Engine, context: &JobContext) -> Result<(), JobError> {
        let mut tx = context.begin().await?;
        let today = context.store().clock().today();
        let program = due::program(context.trust());
        let mut courses = BTreeMap::new();
        let people = next(&mut tx, &self.after, today).await?;
        for id in &people {
            look(&mut tx, engine, &program, id, &mut courses)
                .await
                .map_err(JobError::retry)?;
        }
        if let Some(last) = people
            .last()
            .filter(|_| i64::try_from(people.len()) == Ok(AT_ONCE))
        {
            let after = last.to_string();
            jobs::enqueue(&mut tx, &Self { after }, Due::Now).await?;
        }
        context.complete(&mut tx).await?;
        Ok(tx.commit_unrecorded().await?)
    }
}

/// The next people who are here or begin soon.
async fn next(tx: &mut Tx, after: &str, today: Date) -> Result<Vec<PersonId>, StoreError> {
    let rows = tx
        .all(
            "SELECT id FROM person WHERE trust = $1 AND id > $2 AND erased_at IS NULL \
               AND (ends_on IS NULL OR ends_on >= $3) ORDER BY id LIMIT $4",
            values![after, today, AT_ONCE],
        )
        .await?;
    rows.iter().map(|row: &Row| row.get("id")).collect()
}

/// Asks one person for what has fallen due.
async fn look(
    tx: &mut Tx,
    engine: &Engine,
    program: &Actor,
    id: &PersonId,
    courses: &mut BTreeMap<SchoolId, Vec<Course>>,
) -> Result<(), CaseError> {
    let (store, today) = (tx.store().clone(), tx.store().clock().today());
    let Some(person) = people::find(tx, id).await? else {
        return Ok(());
    };
    if person.standing(today) == Standing::Left {
        return Ok(());
    }
    let lines = cases::of_subject(tx, &store, program, (REGISTER, id)).await?;
    let starts = starts(&person, today);
    if lines.is_empty() && !starts {
        return Ok(());
    }
    let mut asked: Vec<String> = Vec::new();
    for school in schools_of(&person, today) {
        if !courses.contains_key(&school) {
            let of_school = due::courses(tx, engine, &school, today).await?;
            courses.insert(school.clone(), of_school);
        }
        let here = courses.get(&school).map(Vec::as_slice).unwrap_or_default();
        for course in here
            .iter()
            .filter(|course| course.is_for(&person, &school, today))
        {
            let occasion = match stand(&lines, &course.id) {
                Stand::Never if starts => format!("training/{}", course.id),
                Stand::Past(case) if course.id != INDUCTION => {
                    format!("training/{}/{case}", course.id)
                }
                _ => continue,
            };
            if !asked.contains(&course.id) {
                let opening = opening(id, &school, &course.id);
                cases::open_once(tx, engine, program, (id, &occasion), opening).await?;
                asked.push(course.id.clone());
            }
        }
    }
    Ok(())
}

/// Whether somebody has just begun, or begins soon.
fn starts(person: &Person, today: Date) -> bool {
    let (since, until) = (
        today.checked_sub(STARTED_WITHIN_DAYS.days()),
        today.checked_add(BEFORE_DAYS.days()),
    );
    let (Some(first), Ok(since), Ok(until)) = (person.details.starts_on, since, until) else {
        return false;
    };
    (since..=until).contains(&first)
}

/// The schools where somebody holds a role that is not over.
fn schools_of(person: &Person, today: Date) -> Vec<SchoolId> {
    let here = person.roles.iter().filter(|held| !held.over(today));
    let mut schools: Vec<SchoolId> = here.filter_map(|held| held.school.clone()).collect();
    schools.sort();
    schools.dedup();
    schools
}

/// A case that asks somebody to take a course.
pub(super) fn opening(person: &PersonId, school: &SchoolId, course: &str) -> Opening {
    let answers = [("person", person.as_str()), (COURSE, course)];
    Opening {
        register: REGISTER.to_owned(),
        school: Some(school.clone()),
        answers: answers
            .map(|(name, value)| (name.to_owned(), vec![value.to_owned()]))
            .into(),
        ..Opening::default()
    }
}
