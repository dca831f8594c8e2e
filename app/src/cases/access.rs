//! Who sees a case and for whom it waits, worked out anew with every change, so that lists, counts, searches and
//! exports all ask one table.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use register::life::Sees;
use register::{Need, Party};

use super::CaseError;
use super::case::{Case, CaseId, moment};
use super::parties::{Side, Subject, holders, holders_elsewhere};
use super::rules::InForce;
use crate::authority::{Actor, Role};
use crate::store::{Query, Row, SchoolId, StoreError, Tx, Value};
use crate::values;

/// So long after a deadline has passed the trust hears of it, where it still runs.
pub(super) const LONG_OVERDUE: SignedDuration = SignedDuration::from_hours(7 * 24);

/// How somebody on a side stands to a case.
#[derive(Clone, Copy, Debug, Default)]
struct Standing {
    whole: bool,
    waits: bool,
}

/// The most audiences that one person is in: themselves, and the roles they hold.
pub(super) const AUDIENCES: usize = 24;

/// The audiences that somebody is in, as the statements of lists want them: [`AUDIENCES`] of them, the rest empty. At
/// one school alone, what they see of the whole trust is what they see there.
fn audiences_of(actor: &Actor, school: Option<&SchoolId>) -> Vec<String> {
    let person = actor.person.iter().map(|person| format!("person/{person}"));
    let roles = actor
        .roles
        .iter()
        .map(|held| audience(held.role, held.school.as_ref().or(school)));
    let all: BTreeSet<String> = roles.collect();
    let mut all: Vec<String> = person.chain(all).take(AUDIENCES).collect();
    all.resize(AUDIENCES, String::new());
    all
}

/// The first values of a statement of a list: the audiences, and the person whom a case must not be about.
pub(super) fn audience_values(actor: &Actor, school: Option<&SchoolId>) -> Vec<Value> {
    let audiences = audiences_of(actor, school).into_iter().map(Value::from);
    let person = actor.person.as_ref().map_or("", |person| person.as_str());
    audiences.chain([Value::from(person)]).collect()
}

fn audience(role: Role, school: Option<&SchoolId>) -> String {
    let school = school.map_or("*", SchoolId::as_str);
    format!("role/{school}/{}", role.name())
}

/// Who sees a case, as its register says.
pub(super) fn sights(rules: &InForce, case: &Case, subject: &Subject) -> BTreeMap<Side, bool> {
    let mut sights: BTreeMap<Side, bool> = BTreeMap::new();
    for sight in &rules.register().seen_by {
        let here = sight.states.is_empty() || sight.states.contains(&case.state);
        if here
            && sight
                .when
                .iter()
                .all(|condition| condition.holds(&case.answers))
        {
            let sides = sight
                .who
                .iter()
                .flat_map(|party| subject.sides(rules, case, party));
            for side in sides {
                *sights.entry(side).or_default() |= !sight.outline;
            }
        }
    }
    if let Some(opener) = &case.opened_by {
        sights.entry(Side::Person(opener.clone())).or_default();
    }
    if let Some(handler) = &case.handler {
        sights.insert(Side::Person(handler.clone()), true);
    }
    sights
}

/// Writes who sees a case and for whom it waits; gives the sides that it waits for.
pub(super) async fn write(
    tx: &mut Tx,
    rules: &InForce,
    case: &Case,
    today: Date,
) -> Result<Vec<Side>, CaseError> {
    let subject = Subject::of(tx, case, today).await?;
    let sights = sights(rules, case, &subject);
    let running = Running::of(tx, &case.id).await?;
    let of = (rules, case, &subject);
    let mut waiting = waiting(tx, of, &running, &sights, today).await?;
    let mut sides: BTreeMap<Side, Standing> = BTreeMap::new();
    for (side, whole) in sights {
        sides.entry(side).or_default().whole |= whole;
    }
    for side in &waiting {
        // Whom it rises to sees it, though the register does not name them; whom it names sees what it says.
        let standing = sides.entry(side.clone()).or_insert(Standing {
            whole: true,
            waits: true,
        });
        standing.waits = true;
    }
    let over = rules.register().state(&case.state).is_none_or(|s| s.end);
    if !case.paper && !over && running.long_overdue(tx.now()) {
        // The trust sees that something is overdue; what it is about only where the register says so.
        let trust = Side::Role(Role::TrustAdministrator);
        sides.entry(trust.clone()).or_default().waits = true;
        if !waiting.contains(&trust) {
            waiting.push(trust);
        }
    }
    tx.execute(
        "DELETE FROM case_access WHERE trust = $1 AND case_id = $2",
        values![&case.id],
    )
    .await?;
    let due = running.next_due().unwrap_or(NEVER);
    let closed = case.closed_at.is_some();
    let about = case.subject.as_ref().map_or("", |about| about.id());
    let mut rows = Vec::new();
    for (side, standing) in &sides {
        let (outline, waits) = (!standing.whole, standing.waits);
        for audience in audiences(side, case.school.as_ref()) {
            let register = &case.register;
            rows.push(values![
                audience, &case.id, outline, waits, register, closed, due, about
            ]);
        }
    }
    tx.insert_all(
        "INSERT INTO case_access (trust, audience, case_id, outline, waits, register, closed, due_at, about)",
        "ON CONFLICT (trust, audience, case_id) DO NOTHING",
        rows,
    )
    .await?;
    Ok(waiting)
}

/// Stands where no deadline runs: behind all that are due.
const NEVER: i64 = i64::MAX;

/// The deadlines of a case that run.
#[derive(Debug, Default)]
struct Running(Vec<Deadline>);

#[derive(Debug)]
struct Deadline {
    name: String,
    due_at: i64,
    passed_at: Option<i64>,
}

impl Running {
    async fn of(query: &mut impl Query, case: &CaseId) -> Result<Self, StoreError> {
        let rows = query
            .all(
                "SELECT deadline, due_at, passed_at FROM case_deadline \
                 WHERE trust = $1 AND case_id = $2 AND ended_at IS NULL",
                values![case],
            )
            .await?;
        let deadlines = rows.iter().map(|row| {
            Ok(Deadline {
                name: row.get("deadline")?,
                due_at: row.get("due_at")?,
                passed_at: row.get("passed_at")?,
            })
        });
        Ok(Self(deadlines.collect::<Result<_, StoreError>>()?))
    }

    /// When the next is due.
    fn next_due(&self) -> Option<i64> {
        self.0.iter().map(|deadline| deadline.due_at).min()
    }

    /// Those that have passed.
    fn passed(&self) -> BTreeSet<&str> {
        let passed = self.0.iter().filter(|one| one.passed_at.is_some());
        passed.map(|deadline| deadline.name.as_str()).collect()
    }

    /// Whether one passed so long ago that the trust hears of it.
    fn long_overdue(&self, now: Timestamp) -> bool {
        let since = (now - LONG_OVERDUE).as_millisecond();
        self.0
            .iter()
            .any(|one| one.passed_at.is_some_and(|at| at <= since))
    }
}

/// When the case of a row of a list is next due.
pub(super) fn due_of(row: &Row) -> Result<Option<Timestamp>, StoreError> {
    let due: i64 = row.get("due_at")?;
    Ok((due != NEVER).then(|| moment(due)))
}

/// The audiences of a side: whoever holds the role at the school, and whoever holds it at the whole trust.
fn audiences(side: &Side, school: Option<&SchoolId>) -> Vec<String> {
    match side {
        Side::Person(person) => vec![format!("person/{person}")],
        Side::Role(role) => {
            let trust = audience(*role, None);
            let school = school.map(|school| audience(*role, Some(school)));
            school.into_iter().chain([trust]).collect()
        }
    }
}

/// The sides that a case waits for: its handler, otherwise those who can take the next step and see it; and where
/// nobody does or a deadline has passed, those to whom it rises, in the end the head and then the trust.
async fn waiting(
    tx: &mut Tx,
    (rules, case, subject): (&InForce, &Case, &Subject),
    running: &Running,
    sights: &BTreeMap<Side, bool>,
    today: Date,
) -> Result<Vec<Side>, CaseError> {
    let register = rules.register();
    if case.paper || register.state(&case.state).is_none_or(|state| state.end) {
        return Ok(Vec::new());
    }
    let parties = rules.rules().waits_for(&case.state);
    let mut waiting = subject.sides(rules, case, &Party::Handler);
    if waiting.is_empty() {
        waiting = parties
            .iter()
            .flat_map(|party| subject.sides(rules, case, party))
            .collect();
        waiting.retain(|side| sights.contains_key(side));
    }
    waiting.extend(seconds(tx, rules, case, subject, today).await?);
    let passed = running.passed();
    for deadline in &passed {
        let risen = register
            .deadline(deadline)
            .map_or(&[][..], |deadline| &deadline.escalate);
        if risen.is_empty() {
            waiting.push(Side::Role(subject.acting(Role::Head)));
        }
        waiting.extend(
            risen
                .iter()
                .flat_map(|party| subject.sides(rules, case, party)),
        );
    }
    waiting.sort();
    waiting.dedup();
    if (parties.is_empty() && passed.is_empty()) || owned(tx, case, &waiting, today).await? {
        return Ok(waiting);
    }
    for role in [subject.acting(Role::Head), Role::TrustAdministrator] {
        waiting.push(Side::Role(role));
        if owned(tx, case, &waiting, today).await? {
            break;
        }
    }
    Ok(waiting)
}

/// Those elsewhere in the trust who step in as the second person, where nobody else at the school can.
async fn seconds(
    tx: &mut Tx,
    rules: &InForce,
    case: &Case,
    subject: &Subject,
    today: Date,
) -> Result<Vec<Side>, CaseError> {
    let steps = rules
        .register()
        .steps
        .iter()
        .filter(|step| step.from.contains(&case.state));
    let fallbacks = steps
        .flat_map(|step| &step.needs)
        .filter_map(|need| match need {
            Need::SecondPerson { fallback, .. } => Role::named(fallback),
            _ => None,
        });
    let mut seconds = Vec::new();
    for role in fallbacks.collect::<BTreeSet<Role>>() {
        let here = holders(tx, subject.acting(role), case.school.as_ref(), today).await?;
        if here.len() < 2 {
            let others = holders_elsewhere(tx, role, case.school.as_ref(), today).await?;
            let others = others
                .into_iter()
                .filter(|person| case.subject_person() != Some(person));
            seconds.extend(others.map(Side::Person));
        }
    }
    Ok(seconds)
}

/// Whether anybody is there for whom it waits.
async fn owned(
    query: &mut impl Query,
    case: &Case,
    sides: &[Side],
    today: Date,
) -> Result<bool, StoreError> {
    for side in sides {
        let there = match side {
            Side::Person(_) => true,
            Side::Role(role) => {
                let people = holders(query, *role, case.school.as_ref(), today).await?;
                people
                    .iter()
                    .any(|person| case.subject_person() != Some(person))
            }
        };
        if there {
            return Ok(true);
        }
    }
    Ok(false)
}

/// What somebody sees of a case, as lists say.
pub(super) async fn sees(
    query: &mut impl Query,
    actor: &Actor,
    case: &Case,
) -> Result<Sees, StoreError> {
    let rows = query
        .all(
            "SELECT audience, outline FROM case_access WHERE trust = $1 AND case_id = $2",
            values![&case.id],
        )
        .await?;
    let mine = audiences_of(actor, None);
    let myself = actor
        .person
        .as_ref()
        .map(|person| format!("person/{person}"));
    let about_me = actor.person.is_some() && case.subject_person() == actor.person.as_ref();
    let mut sees = Sees::Nothing;
    for row in &rows {
        let audience: String = row.get("audience")?;
        let through_a_role = Some(&audience) != myself.as_ref();
        if audience.is_empty() || !mine.contains(&audience) || (about_me && through_a_role) {
            continue;
        }
        let outline: bool = row.get("outline")?;
        sees = sees.max(if outline { Sees::Outline } else { Sees::Whole });
    }
    Ok(sees)
}
