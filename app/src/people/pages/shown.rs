//! One person.

use axum::extract::State;
use axum::response::Html;
use jiff::civil::Date;
use serde::Serialize;

use super::history::{Happened, history};
use super::list::place_name;
use super::{After, schools};
use crate::authority::{Action, Actor, Permit, Place};
use crate::people::delegation::Named;
use crate::people::{self, Contract, Email, HeldRole, Name, Person, Standing, may_give};
use crate::store::{PersonId, Query as _, Reader};
use crate::web::App;
use crate::web::dates::day;
use crate::web::extract::{Path, Query};
use crate::web::page::{Page, Section};
use crate::web::problem::Problem;

/// `people/person.html`.
#[derive(Serialize)]
pub(crate) struct PersonPage {
    done: &'static str,
    about: About,
    may_change: bool,
    may_end: bool,
    may_give: bool,
    /// Whether they may look after how the person signs in.
    may_sign_in: bool,
    /// Whether they may see the personnel file.
    may_see_file: bool,
    erase: String,
    history: Option<Vec<Happened>>,
}

/// What is shown of a person, to others and to themselves.
#[derive(Serialize)]
pub(super) struct About {
    pub(super) id: String,
    pub(super) name: String,
    /// `current`, `joining`, `left`.
    pub(super) standing: Standing,
    pub(super) given: String,
    pub(super) family: String,
    pub(super) known_as: String,
    pub(super) email: String,
    pub(super) contract: &'static str,
    pub(super) manager: String,
    pub(super) manager_href: String,
    pub(super) starts: String,
    pub(super) ends: String,
    pub(super) roles: Vec<RoleRow>,
    pub(super) past: Vec<RoleRow>,
    pub(super) delegations: Vec<DelegationRow>,
}

/// A role.
#[derive(Serialize)]
pub(super) struct RoleRow {
    role: &'static str,
    place: String,
    days: String,
    take: String,
}

/// A delegation.
#[derive(Serialize)]
pub(super) struct DelegationRow {
    says: String,
    revoke: String,
}

impl About {
    pub(super) fn sample(full: bool) -> Self {
        let text = |text: &str| if full { text.to_owned() } else { String::new() };
        let role = |take: String| RoleRow {
            role: "Head",
            place: "Ash Primary".to_owned(),
            days: "Since 1 September 2020".to_owned(),
            take,
        };
        let rows = |take: String| match full {
            true => vec![role(take), role(String::new())],
            false => Vec::new(),
        };
        Self {
            id: "p1".to_owned(),
            name: "Kate Adeyemi".to_owned(),
            standing: if full {
                Standing::Left
            } else {
                Standing::Current
            },
            given: "Katherine".to_owned(),
            family: "Adeyemi".to_owned(),
            known_as: text("Kate"),
            email: text("kate@ash.example"),
            contract: if full { "Fixed term" } else { "" },
            manager: text("Ada Okafor"),
            manager_href: text("/people/p2"),
            starts: text("1 September 2020"),
            ends: text("31 August 2026"),
            roles: rows("/people/p1/roles/r1/take".to_owned()),
            past: rows(String::new()),
            delegations: match full {
                true => vec![
                    DelegationRow {
                        says: "Ada holds the roles of Kate.".to_owned(),
                        revoke: "/me/delegations/d1/revoke".to_owned(),
                    },
                    DelegationRow {
                        says: "Kate holds the roles of Ada.".to_owned(),
                        revoke: String::new(),
                    },
                ],
                false => Vec::new(),
            },
        }
    }
}

impl Page for PersonPage {
    const TEMPLATE: &'static str = "people/person.html";
    const SECTION: Option<Section> = Some(Section::Administration);

    fn samples() -> Vec<Self> {
        let page = |full: bool, standing, history| Self {
            done: if full { "The person was added" } else { "" },
            about: About {
                standing,
                ..About::sample(full)
            },
            may_change: full,
            may_end: full,
            may_give: full,
            may_sign_in: full,
            may_see_file: full,
            erase: if full {
                "/people/p1/erase".to_owned()
            } else {
                String::new()
            },
            history,
        };
        let happened = Happened {
            what: "Added".to_owned(),
            when: "20 November 2026 at 3:04pm".to_owned(),
            who: "Ada Okafor".to_owned(),
        };
        vec![
            page(false, Standing::Current, None),
            page(true, Standing::Left, Some(vec![happened])),
            page(true, Standing::Joining, Some(Vec::new())),
        ]
    }
}

pub(super) async fn show(
    State(app): State<App>,
    permit: Permit,
    Path(id): Path<PersonId>,
    Query(after): Query<After>,
) -> Result<Html<String>, Problem> {
    let today = app.today();
    let mut reader = app.store()?.read(&permit.actor().trust);
    let person = people::seen(&mut reader, &permit, &id, today).await?;
    let actor = permit.actor();
    let own = actor.person.as_ref() == Some(&id);
    let manages = actor.permit(Action::ManagePeople);
    let may_change = manages.is_some_and(|permit| person.governed_by(&permit, today));
    let gives = actor.permit(Action::GiveRoles);
    let may_give = !own
        && person.standing(today) != Standing::Left
        && gives.is_some_and(|permit| person.seen_by(&permit, today));
    let signs_in = actor.permit(Action::ManageSignIn);
    let history = match actor.may(Action::ReadAudit, Place::Trust) {
        true => {
            let zone = app.clock().zoned().time_zone().clone();
            Some(history(&mut reader, &id, &zone).await?)
        }
        false => None,
    };
    let files = actor.permit(Action::ViewPersonnel);
    let erases = actor.permit(Action::Erase);
    let erases = erases.is_some_and(|permit| person.governed_by(&permit, today));
    let erase = match erases && person.standing(today) == Standing::Left {
        true => format!("/people/{id}/erase"),
        false => String::new(),
    };
    let mut about = about(&mut reader, &person, actor, today).await?;
    if let Some(manager) = &person.details.line_manager {
        let manager = people::find(&mut reader, manager).await?;
        if let Some(manager) = manager.filter(|manager| manager.seen_by(&permit, today)) {
            about.manager_href = format!("/people/{}", manager.id);
        }
    }
    app.render(&PersonPage {
        done: after.says(),
        about,
        may_change,
        may_end: may_change && !own,
        may_give,
        may_sign_in: signs_in.is_some_and(|permit| person.governed_by(&permit, today)),
        may_see_file: !own && files.is_some_and(|permit| person.seen_by(&permit, today)),
        erase,
        history,
    })
}

/// What is shown of a person to somebody who may see them.
pub(super) async fn about(
    reader: &mut Reader,
    person: &Person,
    actor: &Actor,
    today: Date,
) -> Result<About, Problem> {
    let names = schools(reader, today).await?;
    let details = &person.details;
    let manager = match &details.line_manager {
        Some(manager) => people::find(reader, manager).await?,
        None => None,
    };
    let delegations = people::delegations(reader, &person.id, today).await?;
    let row = |held: &HeldRole| RoleRow {
        role: held.role.label(),
        place: place_name(held.school.as_ref(), &names),
        days: days(held, today),
        take: match !held.over(today) && may_give(actor, held.role, held.place()) {
            true => format!("/people/{}/roles/{}/take", person.id, held.id),
            false => String::new(),
        },
    };
    let (past, roles): (Vec<_>, Vec<_>) = person.roles.iter().partition(|held| held.over(today));
    Ok(About {
        id: person.id.to_string(),
        name: person.name(),
        standing: person.standing(today),
        given: details.given_name.to_string(),
        family: details.family_name.to_string(),
        known_as: details
            .known_as
            .as_ref()
            .map_or_else(String::new, Name::to_string),
        email: details
            .email
            .as_ref()
            .map_or_else(String::new, Email::to_string),
        contract: details.contract.map_or("", Contract::label),
        manager: manager.map_or_else(String::new, |manager| manager.name()),
        manager_href: String::new(),
        starts: details.starts_on.map_or_else(String::new, day),
        ends: person.ends_on.map_or_else(String::new, day),
        roles: roles.into_iter().map(row).collect(),
        past: past.into_iter().map(row).collect(),
        delegations: delegations
            .iter()
            .map(|named| delegation_row(named, &person.id, actor))
            .collect(),
    })
}

fn delegation_row(named: &Named, person: &PersonId, actor: &Actor) -> DelegationRow {
    let delegation = &named.delegation;
    let place: Place<'_> = Place::School(&delegation.school);
    let made_it = actor.person.as_ref() == Some(&delegation.person);
    let revoke = if made_it && actor.may(Action::Delegate, place) {
        format!("/me/delegations/{}/revoke", delegation.id)
    } else if actor.may(Action::GiveRoles, place) {
        format!("/people/{person}/delegations/{}/revoke", delegation.id)
    } else {
        String::new()
    };
    DelegationRow {
        says: format!(
            "From {} up to and with {}, {} holds the roles of {} at {}.",
            day(delegation.starts_on),
            day(delegation.ends_on),
            named.delegate,
            named.person,
            named.school
        ),
        revoke,
    }
}

fn days(held: &HeldRole, today: Date) -> String {
    let begun = held.starts_on.is_none_or(|first| first <= today);
    match (held.starts_on, held.ends_on) {
        (None, None) => "Always".to_owned(),
        (Some(first), None) if begun => format!("Since {}", day(first)),
        (Some(first), None) => format!("From {}", day(first)),
        (None, Some(last)) => format!("Until {}", day(last)),
        (Some(first), Some(last)) => format!("{} to {}", day(first), day(last)),
    }
}

/// The people whom somebody leads and who are here, as lines of a page.
pub(super) async fn led_by(
    reader: &mut Reader,
    id: &PersonId,
    today: Date,
) -> Result<Vec<String>, Problem> {
    let rows = reader
        .all(
            "SELECT given_name, known_as, family_name FROM person \
             WHERE trust = $1 AND line_manager = $2 AND (ends_on IS NULL OR ends_on >= $3) \
             ORDER BY search, id",
            crate::values![id, today],
        )
        .await?;
    let columns = ["known_as", "given_name", "family_name"];
    let name = |row| people::delegation::name(row, columns);
    Ok(rows.iter().map(name).collect::<Result<_, _>>()?)
}
