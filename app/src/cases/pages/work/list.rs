//! The list of cases.

use axum::extract::State;
use axum::response::{Html, IntoResponse as _, Response};
use policy::words::capitalised;
use register::Register;
use serde::{Deserialize, Serialize};

use super::row::{Row, listed, rows};
use crate::authority::{Actor, Permit};
use crate::cases::pages::words::Names;
use crate::cases::{self, Filter, Standing, View};
use crate::people::{Part, schools};
use crate::store::Reader;
use crate::web::App;
use crate::web::extract::Query;
use crate::web::form::Choice;
use crate::web::page::{Page, Section};
use crate::web::paging::{PAGE_SIZE, Paging, skip};
use crate::web::problem::Problem;

/// What the address asks for.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct Asked {
    register: String,
    state: String,
    school: String,
    show: String,
    reference: String,
    sort: String,
    #[serde(skip_serializing)]
    page: u32,
    #[serde(skip_serializing)]
    done: String,
}

/// `cases/work/list.html`.
#[derive(Debug, Default, Serialize)]
pub(crate) struct ListPage {
    asked: Asked,
    tabs: Vec<Tab>,
    registers: Vec<Choice>,
    states: Vec<Choice>,
    /// Empty where there is one school only.
    schools: Vec<Choice>,
    /// What the listed fields of the one register are called.
    columns: Vec<String>,
    rows: Vec<Row>,
    paging: Paging,
    views: Vec<ViewLink>,
    /// The query that a view would be saved with; empty where nothing is chosen.
    query: String,
    /// What was typed as a view's name, and what is wrong with it.
    view_name: String,
    view_error: String,
    done: String,
    filtered: bool,
}

/// All cases, those that wait, those that are over: each with how many there are.
#[derive(Debug, Serialize)]
struct Tab {
    text: &'static str,
    href: String,
    count: u64,
    /// Whether there are more than were counted.
    more: bool,
    current: bool,
}

/// A saved view.
#[derive(Debug, Serialize)]
struct ViewLink {
    name: String,
    href: String,
    delete: String,
}

/// What was typed to save a view, where it could not be saved.
#[derive(Debug, Default)]
pub(super) struct Refused {
    pub(super) name: String,
    pub(super) error: String,
}

impl Page for ListPage {
    const TEMPLATE: &'static str = "cases/work/list.html";
    const SECTION: Option<Section> = Some(Section::Home);

    fn samples() -> Vec<Self> {
        let row = |overdue, over| Row {
            href: "/cases/c1".into(),
            reference: "DEC-2026-0001".into(),
            kind: "Declaration of a relationship".into(),
            state: "Waiting to be acknowledged".into(),
            over,
            outline: over,
            school: "Ash Primary".into(),
            opened: "20 November 2026".into(),
            cells: vec!["A colleague".into()],
            due: if over {
                ""
            } else {
                "27 November 2026 at 11:59pm"
            }
            .into(),
            overdue,
        };
        let tab = |current: bool| Tab {
            text: "Open",
            href: "/cases".into(),
            count: 3,
            more: !current,
            current,
        };
        let empty = |filtered| Self {
            tabs: vec![tab(true), tab(false)],
            filtered,
            ..Self::default()
        };
        let full = Self {
            rows: vec![row(true, false), row(false, true)],
            registers: vec![Choice::new("declaration", "Declarations")],
            states: vec![Choice::new("received", "Received")],
            schools: vec![Choice::new("ash", "Ash Primary")],
            columns: vec!["With".into()],
            paging: Paging::of(500, 2, "/cases"),
            views: vec![ViewLink {
                name: "Mine".into(),
                href: "/cases?show=waiting".into(),
                delete: "/cases/views/v1/delete".into(),
            }],
            query: "register=declaration".into(),
            view_error: "Give the view a name.".into(),
            done: "The view was saved".into(),
            ..empty(true)
        };
        let unnamed = Self {
            view_error: String::new(),
            columns: Vec::new(),
            rows: vec![Row {
                cells: Vec::new(),
                ..row(false, false)
            }],
            paging: Paging::of(1, 1, "/cases"),
            ..empty(false)
        };
        vec![empty(true), empty(false), full, unnamed]
    }
}

impl Asked {
    /// What the query of an address asks for; nothing that is no part of a filter stays.
    pub(super) fn read(query: &str) -> Self {
        let mut asked = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let value = value.into_owned();
            match &*name {
                "register" => asked.register = value,
                "state" => asked.state = value,
                "school" => asked.school = value,
                "show" => asked.show = value,
                "reference" => asked.reference = value,
                "sort" => asked.sort = value,
                _ => {}
            }
        }
        asked
    }

    fn filter(&self) -> Filter {
        let chosen = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
        let register = chosen(&self.register);
        Filter {
            // A state is one of a register.
            state: register.as_ref().and(chosen(&self.state)),
            register,
            school: self.school.parse().ok(),
            standing: match self.show.as_str() {
                "closed" => Standing::Closed,
                "all" => Standing::All,
                _ => Standing::Open,
            },
            waiting: self.show == "waiting",
            reference: self.reference.clone(),
            oldest_first: self.sort == "oldest",
        }
    }

    /// The query of this list's address, without the page.
    pub(super) fn query(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        let parts = [
            ("register", &self.register),
            ("state", &self.state),
            ("school", &self.school),
            ("show", &self.show),
            ("reference", &self.reference),
            ("sort", &self.sort),
        ];
        for (name, value) in parts {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        query.finish()
    }

    /// The address of this list.
    pub(super) fn address(&self) -> String {
        match self.query().as_str() {
            "" => "/cases".to_owned(),
            query => format!("/cases?{query}"),
        }
    }

    fn showing(&self, show: &str) -> Self {
        Self {
            show: show.to_owned(),
            ..self.clone()
        }
    }
}

pub(super) async fn list(
    State(app): State<App>,
    permit: Permit,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Problem> {
    let page = page(&app, permit.actor(), asked, Refused::default()).await?;
    app.render(&page)
}

/// The list again, where a view could not be saved.
pub(super) async fn refused(
    app: &App,
    actor: &Actor,
    asked: Asked,
    refused: Refused,
) -> Result<Response, Problem> {
    let page = page(app, actor, asked, refused).await?;
    let html = app.render(&page)?;
    Ok((axum::http::StatusCode::UNPROCESSABLE_ENTITY, html).into_response())
}

async fn page(
    app: &App,
    actor: &Actor,
    asked: Asked,
    refused: Refused,
) -> Result<ListPage, Problem> {
    let store = app.store()?;
    let mut reader = store.read(&actor.trust);
    let catalogue = app.registers();
    let filter = asked.filter();
    let part = Part {
        skip: skip(asked.page),
        size: PAGE_SIZE,
    };
    let listed_cases = cases::list(&mut reader, store, actor, &filter, part).await?;
    let register = filter
        .register
        .as_deref()
        .and_then(|id| catalogue.register(id));
    let mut names = Names::of(app)?;
    let rows = rows(
        &mut reader,
        &mut names,
        &listed_cases.items,
        catalogue.registers(),
        register,
        store.clock().now(),
    )
    .await?;
    let schools = schools(&mut reader, app.today()).await?;
    let schools = schools
        .iter()
        .map(|(id, name)| Choice::new(id.as_str(), name));
    let mut schools: Vec<Choice> = schools.collect();
    if schools.len() == 1 {
        schools.clear();
    }
    let views = match &actor.person {
        Some(person) => cases::views(&mut reader, person).await?,
        None => Vec::new(),
    };
    Ok(ListPage {
        tabs: tabs(app, &mut reader, actor, &asked).await?,
        registers: registers(catalogue.registers()),
        states: register.map(states).unwrap_or_default(),
        schools,
        columns: columns(register),
        rows,
        paging: Paging::of(listed_cases.total, asked.page, &asked.address())
            .more(listed_cases.more),
        views: views.iter().map(link).collect(),
        query: asked.query(),
        view_name: refused.name,
        view_error: refused.error,
        done: said(&asked.done).to_owned(),
        filtered: !asked.showing("").query().is_empty(),
        asked,
    })
}

fn said(done: &str) -> &'static str {
    match done {
        "saved" => "The view was saved. It is listed under Saved views.",
        "deleted" => "The view was deleted",
        _ => "",
    }
}

fn link(view: &View) -> ViewLink {
    ViewLink {
        name: view.name.clone(),
        href: Asked::read(&view.query).address(),
        delete: format!("/cases/views/{}/delete", view.id),
    }
}

pub(super) fn registers(registers: &[Register]) -> Vec<Choice> {
    let choices = registers
        .iter()
        .map(|register| Choice::new(&register.id, capitalised(&register.plural)));
    let mut choices: Vec<Choice> = choices.collect();
    choices.sort_by(|a, b| a.text.cmp(&b.text));
    choices
}

fn states(register: &Register) -> Vec<Choice> {
    let states = register.states.iter();
    states
        .map(|state| Choice::new(&state.id, &state.says))
        .collect()
}

fn columns(register: Option<&Register>) -> Vec<String> {
    let fields = register.map(listed).unwrap_or_default();
    fields.iter().map(|field| field.label.clone()).collect()
}

async fn tabs(
    app: &App,
    reader: &mut Reader,
    actor: &Actor,
    asked: &Asked,
) -> Result<Vec<Tab>, Problem> {
    let shows = [
        ("waiting", "Waiting for you"),
        ("", "Open"),
        ("closed", "Over"),
        ("all", "All"),
    ];
    let current = match asked.show.as_str() {
        show @ ("waiting" | "closed" | "all") => show,
        _ => "",
    };
    let none = Part { skip: 0, size: 0 };
    let mut tabs = Vec::new();
    for (show, text) in shows {
        let of = asked.showing(show);
        let counted = cases::list(reader, app.store()?, actor, &of.filter(), none).await?;
        tabs.push(Tab {
            text,
            href: of.address(),
            count: counted.total,
            more: counted.more,
            current: show == current,
        });
    }
    Ok(tabs)
}
