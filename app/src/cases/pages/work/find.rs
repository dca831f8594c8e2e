//! Finding cases by words.

use axum::extract::State;
use axum::response::Html;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::list::registers;
use super::row::{Row, rows};
use crate::authority::Permit;
use crate::cases::pages::words::Names;
use crate::cases::{self, Sought};
use crate::people::Part;
use crate::web::App;
use crate::web::extract::Query;
use crate::web::form::{Choice, DateTyped};
use crate::web::page::{Page, Section};
use crate::web::paging::{PAGE_SIZE, Paging, skip};
use crate::web::problem::Problem;

/// What the address asks for.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default, rename_all = "kebab-case")]
pub(super) struct Asked {
    q: String,
    register: String,
    from_day: String,
    from_month: String,
    from_year: String,
    to_day: String,
    to_month: String,
    to_year: String,
    #[serde(skip_serializing)]
    page: u32,
}

/// `cases/work/search.html`.
#[derive(Debug, Default, Serialize)]
pub(crate) struct SearchPage {
    q: String,
    register: String,
    from: DateTyped,
    to: DateTyped,
    from_error: String,
    to_error: String,
    registers: Vec<Choice>,
    /// Whether anything was looked for.
    sought: bool,
    rows: Vec<Row>,
    paging: Paging,
}

impl Page for SearchPage {
    const TEMPLATE: &'static str = "cases/work/search.html";
    const SECTION: Option<Section> = Some(Section::Home);

    fn samples() -> Vec<Self> {
        let row = Row {
            href: "/cases/c1".into(),
            reference: "INC-2026-0001".into(),
            kind: "Incident".into(),
            state: "Open".into(),
            school: "Ash Primary".into(),
            opened: "20 November 2026".into(),
            ..Row::default()
        };
        let found = Self {
            sought: true,
            q: "screenshot".into(),
            registers: vec![Choice::new("incident", "Incidents")],
            rows: vec![row],
            paging: Paging::of(500, 1, "/search?q=screenshot"),
            ..Self::default()
        };
        let wrong = Self {
            from_error: "Enter a real date.".into(),
            to_error: "Enter a real date.".into(),
            ..Self::default()
        };
        let nothing = Self {
            sought: true,
            ..Self::default()
        };
        vec![Self::default(), found, wrong, nothing]
    }
}

impl Asked {
    fn from(&self) -> DateTyped {
        DateTyped {
            day: self.from_day.clone(),
            month: self.from_month.clone(),
            year: self.from_year.clone(),
        }
    }

    fn to(&self) -> DateTyped {
        DateTyped {
            day: self.to_day.clone(),
            month: self.to_month.clone(),
            year: self.to_year.clone(),
        }
    }

    fn address(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        let parts = [
            ("q", &self.q),
            ("register", &self.register),
            ("from-day", &self.from_day),
            ("from-month", &self.from_month),
            ("from-year", &self.from_year),
            ("to-day", &self.to_day),
            ("to-month", &self.to_month),
            ("to-year", &self.to_year),
        ];
        for (name, value) in parts {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        format!("/search?{}", query.finish())
    }
}

fn read(typed: &DateTyped) -> (Option<Date>, String) {
    match typed.read() {
        Ok(day) => (day, String::new()),
        Err(error) => (None, error.to_string()),
    }
}

pub(super) async fn find(
    State(app): State<App>,
    permit: Permit,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Problem> {
    let (actor, store, catalogue) = (permit.actor(), app.store()?, app.registers());
    let ((from, from_error), (to, to_error)) = (read(&asked.from()), read(&asked.to()));
    let sought = Sought {
        text: asked.q.trim().to_owned(),
        register: Some(asked.register.clone()).filter(|register| !register.is_empty()),
        from,
        to,
    };
    let mut page = SearchPage {
        from: asked.from(),
        to: asked.to(),
        registers: registers(catalogue.registers()),
        sought: from_error.is_empty() && to_error.is_empty() && !sought.is_empty(),
        from_error,
        to_error,
        q: asked.q.clone(),
        register: asked.register.clone(),
        ..SearchPage::default()
    };
    if page.sought {
        let part = Part {
            skip: skip(asked.page),
            size: PAGE_SIZE,
        };
        let mut reader = store.read(&actor.trust);
        let found = cases::search(&mut reader, store, actor, &sought, part).await?;
        let mut names = Names::of(&app)?;
        let (lines, now) = (&found.items, store.clock().now());
        page.rows = rows(
            &mut reader,
            &mut names,
            lines,
            catalogue.registers(),
            None,
            now,
        )
        .await?;
        page.paging = Paging::of(found.total, asked.page, &asked.address()).more(found.more);
    }
    app.render(&page)
}
