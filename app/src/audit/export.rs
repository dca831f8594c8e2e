//! `/audit/export.csv` and `/audit/export.jsonl`: everything that is asked for, newest first, written
//! while it is read. Taking it out is an event.

use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use futures_util::stream::try_unfold;
use serde_json::json;

use super::events::{self, Listed};
use super::filter::{Asked, Filter};
use super::of_case::{self, Sight};
use crate::authority::{Action, Actor, Permit};
use crate::cases::CaseError;
use crate::ledger::{Change, LedgerError, open_content, record_event};
use crate::store::{Row, Store};
use crate::web::App;
use crate::web::extract::Query;
use crate::web::problem::{Kind, Problem};

/// Events that are read at once.
const PAGE: usize = 1_000;
const HEAD: [&str; 8] = [
    "event",
    "time",
    "person",
    "name",
    "what",
    "record_kind",
    "record",
    "erased",
];

#[derive(Clone, Copy)]
enum Form {
    Csv,
    JsonLines,
}

/// What stands beside the content of the events, for a spreadsheet.
pub(super) async fn csv(
    state: State<App>,
    permit: Permit,
    query: Query<Asked>,
) -> Result<Response, Problem> {
    export(state, permit, query, Form::Csv).await
}

/// The events with their content, one JSON object a line.
pub(super) async fn json_lines(
    state: State<App>,
    permit: Permit,
    query: Query<Asked>,
) -> Result<Response, Problem> {
    export(state, permit, query, Form::JsonLines).await
}

async fn export(
    State(app): State<App>,
    permit: Permit,
    Query(asked): Query<Asked>,
    form: Form,
) -> Result<Response, Problem> {
    let filter = asked.read(app.clock()).map_err(|faults| {
        let says = faults.first().map_or("", |fault| fault.says);
        Problem::new(Kind::Unprocessable).detail(format!("{says}."))
    })?;
    let store = app.store()?.clone();
    let actor = permit.actor().clone();
    let (media_type, name) = match form {
        Form::Csv => ("text/csv; charset=utf-8", "audit.csv"),
        Form::JsonLines => ("application/jsonl; charset=utf-8", "audit.jsonl"),
    };
    enter(&store, &actor, &asked, name).await?;
    let headers = [
        (header::CONTENT_TYPE, media_type.to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    let head = match form {
        Form::Csv => line(&HEAD.map(str::to_owned)),
        Form::JsonLines => String::new(),
    };
    let begin = Some((filter, head));
    let pages = try_unfold(begin, move |state| {
        let (store, actor) = (store.clone(), actor.clone());
        async move {
            let Some((filter, head)) = state else {
                return Ok::<_, CaseError>(None);
            };
            let (text, next) = page(&store, &actor, filter, form).await?;
            Ok(Some((head + &text, next.map(|next| (next, String::new())))))
        }
    });
    Ok((headers, Body::from_stream(pages)).into_response())
}

async fn enter(store: &Store, actor: &Actor, asked: &Asked, name: &str) -> Result<(), LedgerError> {
    let mut tx = store.begin(&actor.trust).await?;
    let change = Change {
        kind: "audit.exported",
        record_kind: "audit",
        record: name,
        before: None,
        after: Some(serde_json::to_value(asked)?),
    };
    record_event(&mut tx, actor, Some(Action::ReadAudit), change).await?;
    tx.commit().await?;
    Ok(())
}

async fn page(
    store: &Store,
    actor: &Actor,
    filter: Filter,
    form: Form,
) -> Result<(String, Option<Filter>), CaseError> {
    let mut reader = store.read(&actor.trust);
    let mut sight = Sight::of(store, actor);
    let rows = sight.rows(&mut reader, &filter, PAGE).await?;
    let mut text = String::new();
    let mut last = None;
    for row in &rows {
        let event = events::listed(row)?;
        last = Some(event.number);
        match form {
            Form::Csv => text.push_str(&csv_line(&event)),
            Form::JsonLines => {
                text.push_str(&json_line(store, actor, row, &event).await?);
                text.push('\n');
            }
        }
    }
    let full = rows.len() == PAGE;
    let next = last
        .filter(|_| full)
        .map(|before| Filter { before, ..filter });
    Ok((text, next))
}

fn csv_line(event: &Listed) -> String {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    line(&[
        event.number.to_string(),
        event.at.to_string(),
        text(&event.person),
        text(&event.name),
        event.kind.clone(),
        event.record_kind.clone(),
        event.record.clone(),
        if event.erased { "yes" } else { "no" }.to_owned(),
    ])
}

/// A line of CSV (RFC 4180).
fn line(cells: &[String]) -> String {
    let cells: Vec<String> = cells.iter().map(|cell| quoted(cell)).collect();
    cells.join(",") + "\r\n"
}

/// A cell that no spreadsheet takes for a formula: one that begins like one gets an apostrophe.
fn quoted(cell: &str) -> String {
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
    let guard = if formula { "'" } else { "" };
    match formula || cell.contains([',', '"', '\r', '\n']) {
        true => format!("\"{guard}{}\"", cell.replace('"', "\"\"")),
        false => cell.to_owned(),
    }
}

async fn json_line(
    store: &Store,
    actor: &Actor,
    row: &Row,
    event: &Listed,
) -> Result<String, CaseError> {
    let mut reader = store.read(&actor.trust);
    let content = open_content(&mut reader, store, &actor.trust, row).await?;
    let record = (event.record_kind.as_str(), event.record.as_str());
    let shown = of_case::may_be_shown(&mut reader, store, actor, record).await?;
    let content = content.filter(|_| shown);
    let (before, after, role) = match content {
        Some(content) => (content.before, content.after, content.role),
        None => (None, None, None),
    };
    let line = json!({
        "event": event.number,
        "time": event.at,
        "person": event.person,
        "name": event.name,
        "role": role,
        "what": event.kind,
        "record_kind": event.record_kind,
        "record": event.record,
        "erased": event.erased,
        "before": before,
        "after": after,
    });
    Ok(line.to_string())
}

#[cfg(test)]
mod tests {
    use super::line;

    #[test]
    fn a_cell_is_never_a_formula_and_never_two() {
        let cells = [
            "=1+1",
            "-2",
            "@x",
            "a,b",
            "say \"no\"",
            "two\nlines",
            "plain",
        ];
        assert_eq!(
            line(&cells.map(str::to_owned)),
            "\"'=1+1\",\"'-2\",\"'@x\",\"a,b\",\"say \"\"no\"\"\",\"two\nlines\",plain\r\n"
        );
    }
}
