//! `POST /api/v1/registers/{id}/cases` and `POST /api/v1/cases/{id}/steps/{step}`.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use register::Field;
use register::value::{AnswerFault, Answers, from_json};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value as Body, json};

use super::once;
use super::registers::Which;
use crate::authority::{Actor, Permit};
use crate::cases::{self, Case, CaseError, CaseId, Engine, Opening, Taking};
use crate::schools;
use crate::store::{SchoolId, Tx};
use crate::web::App;
use crate::web::extract::{self, Path};
use crate::web::problem::{Kind, Problem};

/// The header by which a request that is sent again is known.
const KEY: &str = "idempotency-key";

/// A case to be opened.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ToOpen {
    /// Where; the person's own school where they have one alone and none is named.
    school: Option<SchoolId>,
    #[serde(default)]
    answers: Body,
}

/// A step to be taken.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ToTake {
    /// The revision of the case that the person saw.
    revision: i64,
    #[serde(default)]
    note: String,
    #[serde(default)]
    answers: Body,
}

/// A step of a case in the path.
#[derive(Deserialize)]
pub(crate) struct Step {
    id: CaseId,
    step: String,
}

pub(crate) async fn open(
    State(app): State<App>,
    permit: Permit,
    Path(which): Path<Which>,
    headers: HeaderMap,
    extract::Json(body): extract::Json<Body>,
) -> Result<Response, Problem> {
    let actor = permit.actor();
    let mut tx = app.store()?.begin(&actor.trust).await?;
    let request = once::digest(&["open", &which.id, &body.to_string()]);
    let key = taken_key(&mut tx, actor, &headers, &request).await?;
    let key = match key {
        Key::Done(answer) => return Ok(created(answer)),
        Key::Fresh(key) => key,
    };
    let case = opened(&mut tx, &app.engine(), actor, &which.id, read(body)?).await?;
    let answer = changed(&case);
    if let (Some(key), Some(person)) = (key, &actor.person) {
        once::end(&mut tx, person, key, &answer).await?;
    }
    tx.commit().await?;
    Ok(created(answer))
}

async fn opened(
    tx: &mut Tx,
    engine: &Engine,
    actor: &Actor,
    register: &str,
    body: ToOpen,
) -> Result<Case, Problem> {
    let registers = engine.registers();
    let definition = registers
        .register(register)
        .ok_or(CaseError::NoSuchRegister)?;
    let answers = answers(&definition.fields, &body.answers)?;
    let school = match body.school {
        Some(school) => match schools::find(tx, &school).await? {
            Some(school) => Some(school.id),
            None => return Err(wrong("school", "There is no such school in this trust").into()),
        },
        None => schools::only_school_of(tx, actor)
            .await?
            .map(|school| school.id),
    };
    let opening = Opening {
        register: register.to_owned(),
        school,
        answers,
        ..Opening::default()
    };
    Ok(cases::open(tx, engine, actor, opening).await?)
}

pub(crate) async fn step(
    State(app): State<App>,
    permit: Permit,
    Path(which): Path<Step>,
    headers: HeaderMap,
    extract::Json(body): extract::Json<Body>,
) -> Result<Response, Problem> {
    let actor = permit.actor();
    let mut tx = app.store()?.begin(&actor.trust).await?;
    let request = once::digest(&["step", which.id.as_str(), &which.step, &body.to_string()]);
    let key = match taken_key(&mut tx, actor, &headers, &request).await? {
        Key::Done(answer) => return Ok(Json(answer).into_response()),
        Key::Fresh(key) => key,
    };
    let body: ToTake = read(body)?;
    // Before anything is said of the body: a case that they may not see looks as if it were not there.
    let seen = cases::see(&mut tx, actor, &which.id).await?;
    let step = seen.rules.register().step(&which.step);
    let fields = step.map(|step| seen.asked(step));
    let taking = Taking {
        answers: match fields {
            Some(fields) => answers(&fields, &body.answers)?,
            None => Answers::new(),
        },
        step: which.step,
        revision: body.revision,
        note: body.note,
    };
    let case = cases::take(&mut tx, &app.engine(), actor, &which.id, taking).await?;
    let answer = changed(&case);
    if let (Some(key), Some(person)) = (key, &actor.person) {
        once::end(&mut tx, person, key, &answer).await?;
    }
    tx.commit().await?;
    Ok(Json(answer).into_response())
}

/// A key of the request, where it has one.
enum Key<'h> {
    /// It is new, or there is none.
    Fresh(Option<&'h str>),
    /// It was done before, with this answer.
    Done(Body),
}

async fn taken_key<'h>(
    tx: &mut Tx,
    actor: &Actor,
    headers: &'h HeaderMap,
    request: &str,
) -> Result<Key<'h>, Problem> {
    let (Some(key), Some(person)) = (headers.get(KEY), &actor.person) else {
        return Ok(Key::Fresh(None));
    };
    let key = once::key(key.to_str().unwrap_or_default())?;
    Ok(match once::begin(tx, person, key, request).await? {
        Some(answer) => Key::Done(answer),
        None => Key::Fresh(Some(key)),
    })
}

/// Reads a body whose members are known.
fn read<T: DeserializeOwned>(body: Body) -> Result<T, Problem> {
    serde_json::from_value(body)
        .map_err(|error| Problem::new(Kind::Unprocessable).detail(format!("{error}.")))
}

fn answers(fields: &[Field], json: &Body) -> Result<Answers, CaseError> {
    match json {
        Body::Null => Ok(Answers::new()),
        json => from_json(fields, json).map_err(CaseError::Answers),
    }
}

fn wrong(field: &str, what: &str) -> CaseError {
    CaseError::Answers(vec![AnswerFault {
        field: field.to_owned(),
        what: what.to_owned(),
    }])
}

/// What a change answers: enough to go on, and nothing that would have to be kept from anybody.
fn changed(case: &Case) -> Body {
    json!({
        "id": case.id,
        "reference": case.reference,
        "register": case.register,
        "state": case.state,
        "revision": case.revision,
    })
}

fn created(answer: Body) -> Response {
    let id = answer.get("id").and_then(Body::as_str).unwrap_or_default();
    let place = format!("/api/v1/cases/{id}");
    (
        StatusCode::CREATED,
        [(header::LOCATION, place)],
        Json(answer),
    )
        .into_response()
}
