//! `/audit`: the list.

use axum::extract::State;
use axum::response::Html;
use serde::Serialize;

use super::events::{self, Listed, in_words};
use super::filter::{Asked, Fault};
use super::log_state::{LogState, log_state};
use super::of_case::Sight;
use crate::authority::Permit;
use crate::web::App;
use crate::web::dates::moment;
use crate::web::extract::Query;
use crate::web::page::{Page, Section};
use crate::web::problem::Problem;

/// Events on a page.
const SHOWN: usize = 50;

/// `audit/list.html`.
#[derive(Serialize)]
pub(crate) struct AuditPage {
    asked: Asked,
    narrows: bool,
    faults: Vec<Fault>,
    state: LogState,
    kinds: Vec<Choice>,
    record_kinds: Vec<Choice>,
    events: Vec<Line>,
    /// The query string of the export.
    export: String,
    /// The addresses of the newest and of the next older page, where there is another.
    newest: Option<String>,
    older: Option<String>,
}

#[derive(Serialize)]
struct Choice {
    value: String,
    text: String,
}

#[derive(Serialize)]
struct Line {
    number: i64,
    at: String,
    who: String,
    what: String,
    record_kind: String,
    record: String,
    erased: bool,
}

impl Page for AuditPage {
    const TEMPLATE: &'static str = "audit/list.html";
    const SECTION: Option<Section> = Some(Section::Administration);

    fn samples() -> Vec<Self> {
        let page = |narrows, events, faults| Self {
            asked: Asked::default(),
            narrows,
            faults,
            state: LogState::sample(),
            kinds: choices(vec!["person.added".to_owned()], "Anything"),
            record_kinds: choices(vec!["person".to_owned()], "Any"),
            events,
            export: "kind=person.added".to_owned(),
            newest: Some("/audit".to_owned()),
            older: Some("/audit?before=3".to_owned()),
        };
        let line = |erased| Line {
            number: 3,
            at: "20 November 2026 at 3:04pm".to_owned(),
            who: "Kate Adeyemi".to_owned(),
            what: "Person added".to_owned(),
            record_kind: "Person".to_owned(),
            record: "01j".to_owned(),
            erased,
        };
        let fault = Fault {
            field: "from",
            says: "Enter the first day as year, month and day, such as 2026-11-20",
        };
        vec![
            page(false, vec![line(false), line(true)], Vec::new()),
            page(true, Vec::new(), vec![fault]),
            Self {
                state: LogState::empty(),
                newest: None,
                older: None,
                ..page(false, Vec::new(), Vec::new())
            },
        ]
    }
}

fn choices(names: Vec<String>, all: &str) -> Vec<Choice> {
    let every = Choice {
        value: String::new(),
        text: all.to_owned(),
    };
    let named = names.into_iter().map(|value| Choice {
        text: in_words(&value),
        value,
    });
    std::iter::once(every).chain(named).collect()
}

pub(super) async fn show(
    State(app): State<App>,
    permit: Permit,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Problem> {
    let store = app.store()?;
    let mut reader = store.read(&permit.actor().trust);
    let (rows, faults) = match asked.read(app.clock()) {
        Ok(filter) => (
            Sight::of(store, permit.actor())
                .rows(&mut reader, &filter, SHOWN + 1)
                .await?,
            Vec::new(),
        ),
        Err(faults) => (Vec::new(), faults),
    };
    let more = rows.len() > SHOWN;
    let listed: Vec<Listed> = rows
        .iter()
        .take(SHOWN)
        .map(events::listed)
        .collect::<Result<_, _>>()?;
    let zone = app.clock().zoned().time_zone().clone();
    let older = listed.last().filter(|_| more).map(|last| last.number);
    let address = |before| format!("/audit?{}", asked.query(before));
    let line = |event: Listed| Line {
        number: event.number,
        at: moment(event.at, &zone),
        who: event.name.or(event.person).unwrap_or_else(nobody),
        what: in_words(&event.kind),
        record_kind: in_words(&event.record_kind),
        record: event.record,
        erased: event.erased,
    };
    app.render(&AuditPage {
        narrows: asked.narrows(),
        faults,
        state: log_state(&mut reader, &zone).await?,
        kinds: choices(events::kinds(&mut reader).await?, "Anything"),
        record_kinds: choices(events::record_kinds(&mut reader).await?, "Any"),
        export: asked.query(None),
        newest: asked.before.map(|_| address(None)),
        older: older.map(|number| address(Some(number))),
        events: listed.into_iter().map(line).collect(),
        asked,
    })
}

/// Who acted where it was no person with an account.
pub(super) fn nobody() -> String {
    "The program or its operator".to_owned()
}
