//! A case as JSON, by what the person sees of it.

use jiff::Timestamp;
use register::value::Answers;
use register::{Field, Register};
use serde_json::{Value as Json, json};

use super::schema::of_fields;
use super::words::{name, says};
use crate::authority::Actor;
use crate::cases::{About, Case, CaseError, Done, Line, Open, Seen};
use crate::pupils;
use crate::schools;
use crate::store::{PersonId, Query, Row, SchoolId, Store};

/// To whom it is told, over which store.
#[derive(Clone, Copy)]
pub(crate) struct Told<'a> {
    store: &'a Store,
    actor: &'a Actor,
}

impl<'a> Told<'a> {
    pub(crate) fn of(store: &'a Store, actor: &'a Actor) -> Self {
        Self { store, actor }
    }
}

/// A case of a list: with the answers that lists show, never a sensitive one.
pub(crate) async fn line(
    query: &mut impl Query,
    told: Told<'_>,
    line: &Line,
) -> Result<Json, CaseError> {
    let listed = fields(line.rules.register()).filter(|field| field.listed && !field.sensitive);
    let listed: Vec<&Field> = listed.collect();
    let answers = answers(query, told, &listed, &line.case.answers).await?;
    let mut json = outline(query, &line.case, &line.state).await?;
    add(
        &mut json,
        json!({ "outline": line.outline, "due": line.due, "answers": answers }),
    );
    Ok(json)
}

/// All fields of a register, those of its steps included.
pub(super) fn fields(register: &Register) -> impl Iterator<Item = &Field> {
    let of_steps = register.steps.iter().flat_map(|step| &step.fields);
    register.fields.iter().chain(of_steps)
}

/// What everybody who sees a case at all sees of it.
async fn outline(query: &mut impl Query, case: &Case, state: &str) -> Result<Json, CaseError> {
    Ok(json!({
        "id": case.id,
        "reference": case.reference,
        "register": case.register,
        "school": school(query, case.school.as_ref()).await?,
        "state": { "id": case.state, "says": state },
        "opened_at": moment(case.opened_at),
        "changed_at": moment(case.changed_at),
        "closed_at": case.closed_at.map(moment),
        "revision": case.revision,
        "from_paper": case.paper,
        "in_force": case.in_force,
        "in_force_until": case.in_force_until,
    }))
}

/// One case.
pub(crate) async fn seen(
    query: &mut impl Query,
    told: Told<'_>,
    seen: &Seen,
) -> Result<Json, CaseError> {
    let (case, register) = (&seen.case, seen.rules.register());
    let state = register.state(&case.state);
    let state = state.map_or(case.state.as_str(), |state| &state.says);
    let mut json = outline(query, case, state).await?;
    let all: Vec<&Field> = fields(register).collect();
    let answers = answers(query, told, &all, &case.answers).await?;
    let steps: Vec<Json> = seen.steps.iter().map(|open| step(seen, open)).collect();
    let mut linked = Vec::new();
    for line in &seen.linked {
        linked.push(
            json!({ "id": line.case.id, "reference": line.case.reference, "state": line.state }),
        );
    }
    add(
        &mut json,
        json!({ "outline": seen.outline, "answers": answers, "steps": steps, "linked": linked }),
    );
    if !seen.outline {
        let deadlines = seen.deadlines.iter().map(|deadline| {
            json!({
                "says": deadline.says,
                "due": deadline.due,
                "passed": deadline.passed,
                "statutory": deadline.statutory,
            })
        });
        let deadlines: Vec<Json> = deadlines.collect();
        let whole = json!({
            "opened_by": person(query, case.opened_by.as_ref()).await?,
            "about": about(query, told, case.subject.as_ref()).await?,
            "handler": person(query, case.handler.as_ref()).await?,
            "on_personnel_file": case.filed,
            "deadlines": deadlines,
            "evidence": seen.evidence,
        });
        add(&mut json, whole);
    }
    Ok(json)
}

/// A step that is open to them, with what it asks.
fn step(seen: &Seen, open: &Open) -> Json {
    let step = seen.rules.register().step(&open.id);
    let fields = step.map(|step| seen.asked(step));
    json!({
        "id": open.id,
        "says": open.says,
        "help": step.and_then(|step| step.help.as_deref()),
        "lacks": open.lacks,
        "taken_on": open.page,
        "answers": of_fields(&fields.unwrap_or_default()),
    })
}

/// What was done, as far as they see it.
pub(crate) async fn events_of(
    query: &mut impl Query,
    told: Told<'_>,
    seen: &Seen,
) -> Result<Vec<Json>, CaseError> {
    let mut events = Vec::new();
    for done in &seen.case.done {
        events.push(event(query, told, seen.rules.register(), done).await?);
    }
    Ok(events)
}

async fn event(
    query: &mut impl Query,
    told: Told<'_>,
    register: &Register,
    done: &Done,
) -> Result<Json, CaseError> {
    let all: Vec<&Field> = fields(register).collect();
    let step = register.step(&done.step);
    Ok(json!({
        "step": done.step,
        "says": step.map_or("Opened", |step| &step.says),
        "at": moment(done.at),
        "person": person(query, done.person.as_ref()).await?,
        "role": done.role.map(crate::authority::Role::name),
        "state": done.to,
        "note": done.note,
        "answers": answers(query, told, &all, &done.answers).await?,
    }))
}

/// The answers to some fields, in their order: as they are kept, and in words.
async fn answers(
    query: &mut impl Query,
    told: Told<'_>,
    fields: &[&Field],
    answers: &Answers,
) -> Result<Vec<Json>, CaseError> {
    let mut all = Vec::new();
    for field in fields {
        if let Some(given) = answers.get(&field.id) {
            let says = says(query, (told.store, &told.actor.trust), field, given).await?;
            all.push(json!({ "field": field.id, "label": field.label, "is": given, "says": says }));
        }
    }
    Ok(all)
}

async fn school(query: &mut impl Query, id: Option<&SchoolId>) -> Result<Option<Json>, CaseError> {
    let Some(id) = id else {
        return Ok(None);
    };
    let school = schools::find(query, id).await?;
    let name = school.map(|school| school.details.name);
    Ok(Some(json!({ "id": id, "name": name })))
}

async fn person(query: &mut impl Query, id: Option<&PersonId>) -> Result<Option<Json>, CaseError> {
    let Some(id) = id else {
        return Ok(None);
    };
    let name = name(query, id).await?;
    Ok(Some(json!({ "id": id, "name": name })))
}

async fn about(
    query: &mut impl Query,
    told: Told<'_>,
    about: Option<&About>,
) -> Result<Option<Json>, CaseError> {
    match about {
        Some(About::Person(id)) => person(query, Some(id)).await,
        Some(About::Pupil(id)) => {
            let pupil = pupils::find(query, told.store, &told.actor.trust, id).await;
            let pupil = pupil.map_err(|_| Row::unreadable("pupil"))?;
            let name = pupil.map(|pupil| pupil.name());
            Ok(Some(json!({ "id": id, "name": name })))
        }
        None => Ok(None),
    }
}

fn moment(milliseconds: i64) -> Timestamp {
    crate::cases::case::moment(milliseconds)
}

/// Adds members to an object.
fn add(to: &mut Json, more: Json) {
    if let (Some(to), Json::Object(more)) = (to.as_object_mut(), more) {
        to.extend(more);
    }
}
