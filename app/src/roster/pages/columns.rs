//! Saying which column of a list is what.

use axum::extract::State;
use axum::response::{Html, IntoResponse as _, Response};
use roster::{DateOrder, Field, Kind, Mapping, Peek, peek};
use serde::{Deserialize, Serialize};

use super::{found, to, unprocessable};
use crate::authority::Permit;
use crate::roster::import::{ImportId, State as Stands, Wrong};
use crate::roster::stage::schools_here;
use crate::roster::{RosterError, Work, files_of, map, remembered};
use crate::web::App;
use crate::web::extract::{Form, Path, Query};
use crate::web::page::{Page, Section};
use crate::web::problem::Problem;

const ROWS: usize = 3;

/// `roster/columns.html`.
#[derive(Debug, Serialize)]
pub(crate) struct ColumnsPage {
    action: String,
    files: String,
    kinds: Vec<Choice>,
    kind: &'static str,
    fields: Vec<FieldLine>,
    schools: Vec<Choice>,
    day_first: bool,
    headers: Vec<String>,
    rows: Vec<Vec<String>>,
    wrong: Vec<Wrong>,
}

/// Something to choose.
#[derive(Clone, Debug, Serialize)]
struct Choice {
    value: String,
    text: String,
    selected: bool,
}

/// A field and the columns that it may stand in.
#[derive(Clone, Debug, Serialize)]
struct FieldLine {
    name: String,
    label: &'static str,
    columns: Vec<Choice>,
}

impl Page for ColumnsPage {
    const TEMPLATE: &'static str = "roster/columns.html";
    const SECTION: Option<Section> = Some(Section::Administration);

    fn samples() -> Vec<Self> {
        let choice = Choice {
            value: "staff".into(),
            text: "Staff".into(),
            selected: true,
        };
        let page = |wrong| Self {
            action: "/roster/01j/columns".into(),
            files: "staff.csv".into(),
            kinds: vec![choice.clone()],
            kind: "staff",
            fields: vec![FieldLine {
                name: "given".into(),
                label: "Given name",
                columns: vec![choice.clone()],
            }],
            schools: vec![choice.clone()],
            day_first: true,
            headers: vec!["Forename".into()],
            rows: vec![vec!["Ada".into()]],
            wrong,
        };
        let wrong = Wrong {
            place: "staff.csv, row 1".into(),
            wrong: "No column is mapped to this.".into(),
            mend: "Choose the column.".into(),
        };
        vec![page(Vec::new()), page(vec![wrong])]
    }
}

#[derive(Deserialize)]
pub(super) struct Asked {
    kind: Option<Kind>,
}

pub(super) async fn columns(
    State(app): State<App>,
    permit: Permit,
    Path(id): Path<ImportId>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let import = found(&app, &permit, &id).await?;
    if import.state != Stands::Mapping {
        return Ok(to(&id));
    }
    let store = app.store()?;
    let head = head(&app, &permit, &id).await?;
    let mapping = match (asked.kind, import.detail.mapping) {
        (None, Some(mapping)) => mapping,
        (kind, _) => {
            let kind = kind.unwrap_or_else(|| Kind::guess(&head.headers));
            remembered(store, &permit, kind, &head).await?
        }
    };
    let page = page(
        &app,
        &permit,
        &id,
        (import.files, head),
        &mapping,
        Vec::new(),
    )
    .await?;
    Ok(page.into_response())
}

async fn head(app: &App, permit: &Permit, id: &ImportId) -> Result<Peek, Problem> {
    let files = files_of(app.store()?, permit, id).await?;
    peek(&files, ROWS).map_err(|errors| RosterError::from(errors).into())
}

async fn page(
    app: &App,
    permit: &Permit,
    id: &ImportId,
    (files, head): (String, Peek),
    mapping: &Mapping,
    wrong: Vec<Wrong>,
) -> Result<Html<String>, Problem> {
    let schools = schools_here(&mut app.store()?.read(&permit.actor().trust)).await?;
    let school = schools.into_iter().map(|school| Choice {
        selected: mapping.school.as_deref() == Some(school.id.as_str()),
        value: school.id.to_string(),
        text: school.name,
    });
    let kinds = [
        (Kind::Staff, "Staff"),
        (Kind::Pupils, "Pupils"),
        (Kind::Parents, "Parents and carers"),
    ];
    let kinds = kinds.map(|(kind, text)| Choice {
        value: word(&kind),
        text: text.to_owned(),
        selected: kind == mapping.kind,
    });
    let fields = mapping.kind.fields().iter().map(|field| FieldLine {
        name: word(field),
        label: field.label(),
        columns: columns_for(&head, mapping.columns.get(field)),
    });
    app.render(&ColumnsPage {
        action: format!("/roster/{id}/columns"),
        files,
        kinds: kinds.to_vec(),
        kind: match mapping.kind {
            Kind::Staff => "staff",
            Kind::Pupils => "pupils",
            Kind::Parents => "parents",
        },
        fields: fields.collect(),
        schools: std::iter::once(Choice {
            value: String::new(),
            text: "The list says it in a column".to_owned(),
            selected: mapping.school.is_none(),
        })
        .chain(school)
        .collect(),
        day_first: mapping.date_order == DateOrder::DayFirst,
        headers: head.headers,
        rows: head.rows,
        wrong,
    })
}

fn columns_for(head: &Peek, chosen: Option<&String>) -> Vec<Choice> {
    let none = Choice {
        value: String::new(),
        text: "Not in this list".to_owned(),
        selected: chosen.is_none(),
    };
    let column = |header: &String| Choice {
        value: header.clone(),
        text: header.clone(),
        selected: chosen == Some(header),
    };
    let headers = head.headers.iter().filter(|header| !header.is_empty());
    std::iter::once(none).chain(headers.map(column)).collect()
}

/// The word that stands for a kind or field in data.
fn word(value: &impl Serialize) -> String {
    let word = serde_json::to_value(value).ok();
    let word = word.as_ref().and_then(|word| word.as_str());
    word.unwrap_or_default().to_owned()
}

pub(super) async fn mapped(
    State(app): State<App>,
    permit: Permit,
    Path(id): Path<ImportId>,
    Form(sent): Form<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let import = found(&app, &permit, &id).await?;
    if import.state != Stands::Mapping {
        return Ok(to(&id));
    }
    let mapping = chosen(&sent);
    match map(app.store()?, &permit, &id, mapping.clone(), Work::Queued).await {
        Ok(()) => Ok(to(&id)),
        Err(RosterError::Roster(errors)) => {
            let wrong = errors.errors.into_iter().map(Wrong::from).collect();
            let head = head(&app, &permit, &id).await?;
            let page = page(&app, &permit, &id, (import.files, head), &mapping, wrong).await?;
            Ok(unprocessable(page))
        }
        Err(other) => Err(other.into()),
    }
}

fn chosen(sent: &[(String, String)]) -> Mapping {
    let of = |name: &str| {
        let found = sent.iter().find(|(key, _)| key == name);
        found
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
    };
    let read = |text: &str| serde_json::from_value::<Kind>(text.into()).ok();
    let kind = of("kind").and_then(read).unwrap_or(Kind::Staff);
    let column = |field: &Field| Some((*field, of(&word(field))?.to_owned()));
    Mapping {
        kind,
        columns: kind.fields().iter().filter_map(column).collect(),
        date_order: match of("date-order") {
            Some("month-first") => DateOrder::MonthFirst,
            _ => DateOrder::DayFirst,
        },
        school: of("one-school").map(str::to_owned),
    }
}
