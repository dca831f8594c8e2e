//! One school: everything that is known of it, with the way to change each part.

use axum::extract::State;
use axum::response::Html;
use jiff::civil::Date;
use policy::library::Library;
use serde::{Deserialize, Serialize};

use super::days::{bank_holidays, calendar};
use super::{SchoolName, school_here};
use crate::authority::{Access, Action, Actor, Permit, Place, Routes};
use crate::schools::{Contact, Following, School, contacts, policies_of};
use crate::store::SchoolId;
use crate::web::App;
use crate::web::dates;
use crate::web::extract::{Path, Query};
use crate::web::page::{Page, Section};
use crate::web::problem::Problem;

/// `schools/school.html`.
#[derive(Debug, Serialize)]
pub(crate) struct OneSchoolPage {
    school: SchoolName,
    notice: Option<&'static str>,
    demonstration: bool,
    urn: Option<String>,
    dfe_number: Option<String>,
    phase: &'static str,
    nation: &'static str,
    closed_on: Option<String>,
    policy: Option<PolicyLine>,
    planned: Option<PolicyLine>,
    contacts: Vec<ContactLine>,
    terms: Vec<Line>,
    next_closed: Vec<Line>,
    day_known: bool,
    five_days: String,
    may_manage: bool,
    may_close: bool,
    may_adopt: bool,
}

#[derive(Debug, Serialize)]
struct PolicyLine {
    title: String,
    organisation: String,
    href: Option<String>,
    since: String,
    changed: bool,
}

/// A contact as pages show it.
#[derive(Debug, Serialize)]
pub(super) struct ContactLine {
    role: &'static str,
    name: String,
    organisation: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    outside: Option<String>,
}

impl ContactLine {
    pub(super) fn of(contact: Contact) -> Self {
        let details = contact.details;
        Self {
            role: details.role.label(),
            name: details.name,
            organisation: details.organisation,
            email: details.email,
            phone: details.phone,
            outside: contact.outside.map(|id| id.to_string()),
        }
    }

    pub(super) fn sample(outside: bool) -> Self {
        let text = |text: &str| outside.then(|| text.to_owned());
        Self {
            role: "Head",
            name: "Kate Adeyemi".to_owned(),
            organisation: text("Council"),
            email: Some("kate@ash.example".to_owned()),
            phone: text("01632 960 001"),
            outside: text("c1"),
        }
    }
}

#[derive(Debug, Serialize)]
struct Line {
    name: String,
    days: String,
}

impl Line {
    fn new(name: &str, first: Date, last: Date) -> Self {
        let days = match first == last {
            true => dates::day(first),
            false => format!("{} to {}", dates::day(first), dates::day(last)),
        };
        let name = name.to_owned();
        Self { name, days }
    }
}

impl Page for OneSchoolPage {
    const TEMPLATE: &'static str = "schools/school.html";
    const SECTION: Option<Section> = Some(Section::Administration);

    fn samples() -> Vec<Self> {
        vec![Self::sample(true), Self::sample(false)]
    }
}

impl OneSchoolPage {
    fn sample(full: bool) -> Self {
        let some = |text: &str| full.then(|| text.to_owned());
        let policy = |changed| PolicyLine {
            title: "Social media policy".to_owned(),
            organisation: "Example School".to_owned(),
            href: full.then(|| "/policies/example".to_owned()),
            since: "1 September 2026".to_owned(),
            changed,
        };
        let line = || Line {
            name: "Autumn term".to_owned(),
            days: "2 September 2026 to 18 December 2026".to_owned(),
        };
        let lines = || if full { vec![line()] } else { Vec::new() };
        Self {
            school: SchoolName::sample(),
            notice: full.then_some("The contact was added"),
            demonstration: full,
            urn: some("103456"),
            dfe_number: some("331/2045"),
            phase: "Primary",
            nation: "England",
            closed_on: some("31 August 2027"),
            policy: full.then(|| policy(true)),
            planned: full.then(|| policy(false)),
            contacts: match full {
                true => vec![ContactLine::sample(true), ContactLine::sample(false)],
                false => Vec::new(),
            },
            terms: lines(),
            next_closed: lines(),
            day_known: full,
            five_days: "27 November 2026".to_owned(),
            may_manage: full,
            may_close: full,
            may_adopt: full,
        }
    }
}

pub(super) fn routes() -> Routes {
    Routes::new().get("/schools/{school}", Access::May(Action::ViewSchools), show)
}

/// What was just done, for the banner above the page.
#[derive(Deserialize)]
struct After {
    done: Option<String>,
}

fn notice(done: &str) -> Option<&'static str> {
    Some(match done {
        "added" => "The school was added",
        "changed" => "The school’s details were changed",
        "closed" => "The school’s last day was changed",
        "calendar" => "The terms and closed days were saved",
        "day" => "The school day was saved",
        "policy" => "The policy was adopted",
        "withdrawn" => "The planned change of policy was taken back",
        _ => return None,
    })
}

async fn show(
    State(app): State<App>,
    actor: Actor,
    permit: Permit,
    Path(id): Path<SchoolId>,
    Query(after): Query<After>,
) -> Result<Html<String>, Problem> {
    let (mut reader, school) = school_here(&app, &permit, &id).await?;
    let (today, library) = (app.today(), app.library());
    let calendar = calendar(&mut reader, &school).await?;
    let policies = policies_of(&mut reader, &id).await?;
    let in_force = policies.iter().find(|one| one.since <= today);
    let planned = policies.iter().rev().find(|one| one.since > today);
    let terms = calendar.terms().iter().filter(|term| today <= term.last);
    let terms = terms.map(|term| Line::new(&term.name, term.first, term.last));
    let place = Place::School(&id);
    app.render(&OneSchoolPage {
        notice: after.done.as_deref().and_then(notice),
        demonstration: school.demonstration,
        urn: school
            .details
            .urn
            .as_ref()
            .map(|urn| urn.as_str().to_owned()),
        dfe_number: school
            .details
            .dfe_number
            .as_ref()
            .map(|number| number.as_str().to_owned()),
        phase: school.details.phase.label(),
        nation: school.details.nation.label(),
        closed_on: school.closed_on.map(dates::day),
        policy: in_force.map(|one| policy_line(&library, one)),
        planned: planned.map(|one| policy_line(&library, one)),
        contacts: contacts(&mut reader, &id, today)
            .await?
            .into_iter()
            .map(ContactLine::of)
            .collect(),
        terms: terms.take(4).collect(),
        next_closed: next_closed(&calendar, &school, today),
        day_known: calendar.week().is_known(),
        five_days: dates::day(calendar.school_days_after(today, 5)),
        may_manage: actor.may(Action::ManageSchools, place),
        may_close: actor.may(Action::ManageSchools, Place::Trust),
        may_adopt: actor.may(Action::AdoptPolicy, place),
        school: SchoolName::of(&school),
    })
}

/// A policy that the installation no longer has is named by its id.
fn policy_line(library: &Library, following: &Following) -> PolicyLine {
    let policy = library.table(&following.policy).map(|table| table.policy());
    PolicyLine {
        title: policy.map_or_else(|| following.policy.clone(), |policy| policy.title.clone()),
        organisation: policy
            .map(|policy| policy.organisation.clone())
            .unwrap_or_default(),
        href: policy.map(|policy| format!("/policies/{}", policy.id)),
        since: dates::day(following.since),
        changed: policy.is_some_and(|policy| policy.hash != following.content_hash),
    }
}

/// The next days on which the school is closed, bank holidays among them.
fn next_closed(calendar: &super::days::SchoolCalendar, school: &School, today: Date) -> Vec<Line> {
    let own = calendar.closed().iter().filter(|one| today <= one.last);
    let mut all: Vec<(Date, Line)> = own
        .map(|one| (one.first, Line::new(&one.name, one.first, one.last)))
        .collect();
    let last = calendar.terms().last().map_or(today, |term| term.last);
    for (day, name) in bank_holidays(school.details.nation, today, last) {
        if calendar.terms().iter().any(|term| term.holds(day)) {
            all.push((day, Line::new(&format!("{name} bank holiday"), day, day)));
        }
    }
    all.sort_by_key(|(first, _)| *first);
    all.into_iter().map(|(_, line)| line).take(5).collect()
}
