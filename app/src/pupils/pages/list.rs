//! The list of pupils.

use axum::extract::State;
use axum::response::Html;
use serde::{Deserialize, Serialize};

use super::After;
use crate::authority::{Action, Permit, Place};
use crate::people::{self, Part};
use crate::pupils::{self, Filter, Line};
use crate::web::App;
use crate::web::dates::day;
use crate::web::extract::Query;
use crate::web::form::Choice;
use crate::web::page::{Page, Section};
use crate::web::paging::{PAGE_SIZE, Paging, skip};
use crate::web::problem::Problem;

/// What the address asks for.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct Asked {
    q: String,
    school: String,
    year: String,
    show: String,
    #[serde(skip_serializing)]
    page: u32,
}

/// `pupils/list.html`.
#[derive(Serialize)]
pub(crate) struct ListPage {
    done: &'static str,
    asked: Asked,
    schools: Vec<Choice>,
    pupils: Vec<Row>,
    paging: Paging,
    may_add: bool,
    filtered: bool,
}

/// A pupil in the list.
#[derive(Serialize)]
struct Row {
    href: String,
    name: String,
    place: String,
    left: String,
}

impl Page for ListPage {
    const TEMPLATE: &'static str = "pupils/list.html";
    const SECTION: Option<Section> = Some(Section::Administration);

    fn samples() -> Vec<Self> {
        let row = |left: &str| Row {
            href: "/pupils/u1".to_owned(),
            name: "Ama Ofori".to_owned(),
            place: "Year 7, 7B, Ash Primary".to_owned(),
            left: left.to_owned(),
        };
        let page = |done, pupils: Vec<Row>, total, filtered| Self {
            done,
            asked: Asked::default(),
            schools: vec![Choice::new("ash", "Ash Primary")],
            pupils,
            paging: Paging::of(total, 1, "/pupils"),
            may_add: filtered,
            filtered,
        };
        vec![
            page("", Vec::new(), 0, true),
            page("Done", Vec::new(), 0, false),
            page("", vec![row(""), row("Left on 1 May 2026")], 500, false),
        ]
    }
}

impl Asked {
    fn filter(&self) -> Filter {
        Filter {
            search: self.q.clone(),
            school: self.school.parse().ok(),
            year: Some(self.year.trim().to_owned()).filter(|year| !year.is_empty()),
            left: self.show == "left",
        }
    }

    /// The address of this list, without the page.
    fn address(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        let parts = [
            ("q", &self.q),
            ("school", &self.school),
            ("year", &self.year),
            ("show", &self.show),
        ];
        for (name, value) in parts {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        match query.finish().as_str() {
            "" => "/pupils".to_owned(),
            query => format!("/pupils?{query}"),
        }
    }
}

pub(super) async fn list(
    State(app): State<App>,
    permit: Permit,
    Query(asked): Query<Asked>,
    Query(after): Query<After>,
) -> Result<Html<String>, Problem> {
    let mut reader = app.store()?.read(&permit.actor().trust);
    let part = Part {
        skip: skip(asked.page),
        size: PAGE_SIZE,
    };
    let filter = asked.filter();
    let listed = pupils::list(&mut reader, &permit, app.today(), &filter, part).await?;
    let schools = people::schools(&mut reader, app.today()).await?;
    let row = |line: &Line| Row {
        href: format!("/pupils/{}", line.id),
        name: line.name.clone(),
        place: line.place(),
        left: line
            .left_on
            .map_or_else(String::new, |left| format!("Last day {}", day(left))),
    };
    app.render(&ListPage {
        done: after.says(),
        pupils: listed.items.iter().map(row).collect(),
        paging: Paging::of(listed.total, asked.page, &asked.address()),
        schools: schools
            .iter()
            .filter(|(id, _)| permit.at(Place::School(id)).is_ok())
            .map(|(id, name)| Choice::new(id.as_str(), name))
            .collect(),
        may_add: permit.actor().may(Action::ManagePupils, Place::Anywhere),
        filtered: filter != Filter::default(),
        asked,
    })
}
