//! `POST /api/v1/decide`: a situation, or several at once, to a decision.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use policy::answer::Answer;
use policy::law::Requirement;
use policy::library::Library;
use policy::situation::Given;
use policy::table::Table;
use policy::vocabulary::Vocabulary;
use serde::Serialize;
use serde_json::{Map, Value};

use super::fields::Fields;
use super::{find, refused};
use crate::ask::{OnRecord, OnRecordTold, on_record_lines};
use crate::web::App;
use crate::web::problem::Problem;

/// The decision as the command line prints it, the paper it is from, and the law that bears on it.
#[derive(Serialize)]
pub(super) struct Answered<'l> {
    id: Value,
    #[serde(flatten)]
    answer: Answer<'l>,
    version: Option<&'l str>,
    hash: &'l str,
    review_overdue: bool,
    law: Vec<&'l Requirement>,
    /// What is on record for the person whose token it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) on_record: Option<OnRecordTold>,
}

pub(super) async fn decide(State(app): State<App>, fields: Fields) -> Result<Response, Problem> {
    fields.only(&["policy", "given", "id", "held"])?;
    let library = app.library();
    let table = named(&library, &fields)?;
    let given = given_unchecked(library.vocabulary(), &fields)?.completed(library.vocabulary())?;
    let id = id(&fields)?;
    let answer = table.decide_given(library.vocabulary(), &given)?;
    let held = fields.text("held")?;
    let (answer, on_record) =
        on_record(&app, (table, library.vocabulary()), &given, answer, held).await?;
    let mut answered = Answered::of(&app, &library, table, &given, answer, id);
    answered.on_record = on_record;
    Ok(Json(answered).into_response())
}

/// The answer with the leave that is on record, and what is; nothing of it where nobody's token was sent.
pub(super) async fn on_record<'l>(
    app: &App,
    (table, vocabulary): (&'l Table, &'l Vocabulary),
    given: &Given,
    answer: Answer<'l>,
    held: Option<&str>,
) -> Result<(Answer<'l>, Option<OnRecordTold>), Problem> {
    let Answer::Decided { decision, possible } = answer else {
        return Ok((answer, None));
    };
    let record = OnRecord::of_request(app).await?;
    if record.is_empty() {
        return Ok((Answer::Decided { decision, possible }, None));
    }
    let (decision, honoured) = record.honour((table, vocabulary), given, decision, held);
    let granted: Vec<_> = honoured.granted.iter().map(|(held, _)| *held).collect();
    let told = OnRecordTold {
        permission: on_record_lines(app, &granted).await?.pop(),
        perhaps: on_record_lines(app, &honoured.perhaps).await?,
        declared: on_record_lines(app, &honoured.declared).await?,
    };
    Ok((Answer::Decided { decision, possible }, Some(told)))
}

impl<'l> Answered<'l> {
    pub(super) fn of(
        app: &App,
        library: &'l Library,
        table: &'l Table,
        given: &Given,
        answer: Answer<'l>,
        id: Value,
    ) -> Self {
        let policy = table.policy();
        Self {
            id,
            answer,
            version: policy.version(),
            hash: &policy.hash,
            review_overdue: policy.is_review_overdue(app.today()),
            law: law(library, &policy.nation, given),
            on_record: None,
        }
    }
}

/// The policy that the body names.
pub(super) fn named<'l>(library: &'l Library, fields: &Fields) -> Result<&'l Table, Problem> {
    let id = fields.text("policy")?.ok_or_else(|| {
        refused("'policy' is missing: the id of a policy, as GET /api/v1/policies lists them.")
    })?;
    find(library, id)
}

/// What the body says of the situation, whether or not it can be; nothing, where it says nothing.
pub(super) fn given_unchecked(vocabulary: &Vocabulary, fields: &Fields) -> Result<Given, Problem> {
    let nothing = Value::Object(Map::new());
    let given = fields.value("given").unwrap_or(&nothing);
    Ok(Given::from_json_unchecked(vocabulary, given)?)
}

/// The body's own name for what it asks; `null`, where it gives none.
pub(super) fn id(fields: &Fields) -> Result<Value, Problem> {
    match fields.value("id") {
        Some(id) if !id.is_string() && !id.is_number() => {
            Err(refused("'id' must be a text or a number."))
        }
        id => Ok(id.cloned().unwrap_or_default()),
    }
}

/// What the law asks in any of the situations that may be meant.
fn law<'l>(library: &'l Library, nation: &str, given: &Given) -> Vec<&'l Requirement> {
    let situations = given.filled(library.vocabulary());
    let bears = |requirement: &&Requirement| {
        requirement.nations.iter().any(|n| n == nation)
            && requirement.cubes.iter().any(|cube| cube.meets(&situations))
    };
    library.law().requirements.iter().filter(bears).collect()
}
