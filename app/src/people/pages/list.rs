//! The list of people.

use axum::extract::State;
use axum::response::Html;
use serde::{Deserialize, Serialize};

use super::{role_choices, schools};
use crate::authority::{Action, Permit, Place, Role};
use crate::people::{self, Filter, HeldRole, Order, Part, Person, Standing, Standings};
use crate::store::SchoolId;
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
pub(in crate::people) struct Asked {
    q: String,
    school: String,
    role: String,
    show: String,
    sort: String,
    #[serde(skip_serializing)]
    page: u32,
}

/// `people/list.html`.
#[derive(Serialize)]
pub(crate) struct ListPage {
    asked: Asked,
    schools: Vec<Choice>,
    roles: Vec<Choice>,
    people: Vec<Row>,
    paging: Paging,
    may_add: bool,
    filtered: bool,
}

/// A person in the list.
#[derive(Serialize)]
struct Row {
    href: String,
    name: String,
    email: String,
    roles: Vec<String>,
    days: String,
}

impl Page for ListPage {
    const TEMPLATE: &'static str = "people/list.html";
    const SECTION: Option<Section> = Some(Section::Administration);

    fn samples() -> Vec<Self> {
        let row = |email: &str, days: &str| Row {
            href: "/people/p1".to_owned(),
            name: "Kate Adeyemi".to_owned(),
            email: email.to_owned(),
            roles: vec!["Head, Ash Primary".to_owned()],
            days: days.to_owned(),
        };
        let page = |people: Vec<Row>, total, filtered| Self {
            asked: Asked {
                show: "current".to_owned(),
                ..Asked::default()
            },
            schools: vec![Choice::new("ash", "Ash Primary")],
            roles: role_choices(Role::ALL),
            people,
            paging: Paging::of(total, 1, "/people"),
            may_add: filtered,
            filtered,
        };
        vec![
            page(Vec::new(), 0, true),
            page(Vec::new(), 0, false),
            page(
                vec![row("", ""), row("k@ash.example", "Since 1 May 2020")],
                500,
                false,
            ),
        ]
    }
}

impl Asked {
    fn filter(&self) -> Filter {
        Filter {
            search: self.q.clone(),
            school: self.school.parse().ok(),
            role: Role::named(&self.role),
            standing: match self.show.as_str() {
                "joining" => Standings::Joining,
                "left" => Standings::Left,
                "all" => Standings::All,
                _ => Standings::Current,
            },
            order: match self.sort.as_str() {
                "newest" => Order::NewestFirst,
                "left" => Order::LeftLast,
                _ => Order::Name,
            },
        }
    }

    /// The address of this list, without the page.
    fn address(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        let parts = [
            ("q", &self.q),
            ("school", &self.school),
            ("role", &self.role),
            ("show", &self.show),
            ("sort", &self.sort),
        ];
        for (name, value) in parts {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        match query.finish().as_str() {
            "" => "/people".to_owned(),
            query => format!("/people?{query}"),
        }
    }
}

pub(in crate::people) async fn list(
    State(app): State<App>,
    permit: Permit,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Problem> {
    let today = app.today();
    let mut reader = app.store()?.read(&permit.actor().trust);
    let part = Part {
        skip: skip(asked.page),
        size: PAGE_SIZE,
    };
    let filter = asked.filter();
    let listed = people::list(&mut reader, &permit, today, &filter, part).await?;
    let names = schools(&mut reader, app.today()).await?;
    let here = |school: &&(SchoolId, String)| permit.at(Place::School(&school.0)).is_ok();
    let row = |person: &Person| Row {
        href: format!("/people/{}", person.id),
        name: person.name(),
        email: person
            .details
            .email
            .as_ref()
            .map_or_else(String::new, ToString::to_string),
        roles: person
            .telling_roles(today)
            .map(|held| role_at(held, &names))
            .collect(),
        days: days(person, today),
    };
    let filtered = filter != Filter::default();
    app.render(&ListPage {
        people: listed.items.iter().map(row).collect(),
        paging: Paging::of(listed.total, asked.page, &asked.address()),
        schools: names
            .iter()
            .filter(here)
            .map(|(id, name)| Choice::new(id.as_str(), name))
            .collect(),
        roles: role_choices(Role::ALL),
        may_add: permit.actor().may(Action::ManagePeople, Place::Anywhere),
        filtered,
        asked,
    })
}

/// A role and where it is held.
pub(super) fn role_at(held: &HeldRole, schools: &[(SchoolId, String)]) -> String {
    format!(
        "{}, {}",
        held.role.label(),
        place_name(held.school.as_ref(), schools)
    )
}

/// A school's name, or that it is the whole trust.
pub(super) fn place_name(school: Option<&SchoolId>, schools: &[(SchoolId, String)]) -> String {
    let Some(school) = school else {
        return "the whole trust".to_owned();
    };
    let named = schools.iter().find(|(id, _)| id == school);
    named.map_or_else(|| "a closed school".to_owned(), |(_, name)| name.clone())
}

/// When somebody comes or goes, where that is worth telling.
fn days(person: &Person, today: jiff::civil::Date) -> String {
    match (
        person.standing(today),
        person.details.starts_on,
        person.ends_on,
    ) {
        (Standing::Left, _, Some(last)) => format!("Left on {}", day(last)),
        (Standing::Joining, Some(first), _) => format!("Begins on {}", day(first)),
        (_, _, Some(last)) => format!("Leaves on {}", day(last)),
        (_, Some(first), None) => format!("Since {}", day(first)),
        _ => String::new(),
    }
}
