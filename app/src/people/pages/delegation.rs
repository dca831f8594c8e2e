//! Handing one's roles to somebody while away.

use axum::extract::State;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use serde::Deserialize;

use super::choosing::{ChoosePage, found};
use super::{fault, schools, to_person};
use crate::authority::{Actor, Permit};
use crate::people::{self, NewDelegation, PeopleError};
use crate::store::{DelegationId, PersonId, SchoolId};
use crate::web::App;
use crate::web::dates::day;
use crate::web::extract::{Form, Path, Query};
use crate::web::form::{Asked, Choice, DateTyped, Faults, Field, FormPage, Hidden};
use crate::web::problem::{Kind, Problem};

/// What the form and the search send.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub(super) struct Handing {
    q: String,
    chosen: String,
    school: String,
    starts_day: String,
    starts_month: String,
    starts_year: String,
    ends_day: String,
    ends_month: String,
    ends_year: String,
}

impl Handing {
    fn starts(&self) -> DateTyped {
        DateTyped {
            day: self.starts_day.clone(),
            month: self.starts_month.clone(),
            year: self.starts_year.clone(),
        }
    }

    fn ends(&self) -> DateTyped {
        DateTyped {
            day: self.ends_day.clone(),
            month: self.ends_month.clone(),
            year: self.ends_year.clone(),
        }
    }

    fn read(&self, schools: &[Choice], faults: &mut Faults) -> Option<NewDelegation> {
        let delegate = self.chosen.parse::<PersonId>().ok();
        if delegate.is_none() {
            faults.add("chosen", "Choose who takes your roles on, or search again.");
        }
        // With one school there is nothing to choose.
        let school = match schools {
            [only] => only.value.parse::<SchoolId>().ok(),
            _ => self.school.parse().ok(),
        };
        if school.is_none() {
            faults.add("school", "Choose at which school.");
        }
        let mut day = |name, typed: DateTyped, missing: &str| {
            let day = faults.take(name, typed.read());
            if day == Some(None) {
                faults.add(name, missing);
            }
            day.flatten()
        };
        let starts_on = day("starts", self.starts(), "Enter the first day you are away.");
        let ends_on = day("ends", self.ends(), "Enter the last day you are away.");
        Some(NewDelegation {
            delegate: delegate?,
            school: school?,
            starts_on: starts_on?,
            ends_on: ends_on?,
        })
    }
}

pub(super) async fn form(
    State(app): State<App>,
    permit: Permit,
    Query(handing): Query<Handing>,
) -> Result<Html<String>, Problem> {
    let page = asked(&app, &permit, &handing, &Faults::default()).await?;
    app.render(&page)
}

pub(super) async fn save(
    State(app): State<App>,
    permit: Permit,
    Form(handing): Form<Handing>,
) -> Result<Response, Problem> {
    let store = app.store()?;
    let mut faults = Faults::default();
    let schools = own_schools(&app, &permit).await?;
    if let Some(new) = handing.read(&schools, &mut faults) {
        let mut tx = store.begin(&permit.actor().trust).await?;
        match people::delegate(&mut tx, &permit, new).await {
            Ok(_) => {
                tx.commit().await?;
                return Ok(Redirect::to("/me?done=delegated").into_response());
            }
            Err(error) => {
                let (field, what) = fault(error)?;
                faults.add(field, what);
            }
        }
    }
    let page = asked(&app, &permit, &handing, &faults).await?;
    Ok(app.render(&page).into_response())
}

/// The schools at which the person holds roles of their own that they may hand on.
async fn own_schools(app: &App, permit: &Permit) -> Result<Vec<Choice>, Problem> {
    let mut reader = app.store()?.read(&permit.actor().trust);
    let own = match &permit.actor().person {
        Some(own) => people::find(&mut reader, own).await?,
        None => None,
    };
    let own = own.map(|person| people::may_hand_on(&person, app.today()));
    let own = own.unwrap_or_default();
    let schools = schools(&mut reader, app.today()).await?;
    Ok(schools
        .iter()
        .filter(|(id, _)| own.contains(id))
        .map(|(id, name)| Choice::new(id.as_str(), name))
        .collect())
}

async fn asked(
    app: &App,
    permit: &Permit,
    handing: &Handing,
    faults: &Faults,
) -> Result<ChoosePage, Problem> {
    let schools = own_schools(app, permit).await?;
    let (Some(own), false) = (&permit.actor().person, schools.is_empty()) else {
        return Err(PeopleError::Refused(people::Refusal::NothingToDelegate).into());
    };
    let mut reader = app.store()?.read(&permit.actor().trust);
    let found = found(&mut reader, permit, app.today(), &handing.q, None).await?;
    let any = found.any(own);
    let mut fields = vec![
        found
            .field("Who takes your roles on?", own)
            .value(&handing.chosen),
    ];
    if schools.len() > 1 {
        let at = Field::new(Asked::Radios, "school", "At which school?");
        fields.push(at.items(schools).value(&handing.school));
    }
    let date = |name, label| Field::new(Asked::Date, name, label).hint("For example, 4 1 2027.");
    fields.push(date("starts", "First day you are away").date(handing.starts()));
    fields.push(date("ends", "Last day you are away").date(handing.ends()));
    let form = FormPage {
        title: "Hand your roles over while you are away".to_owned(),
        back: "/me".to_owned(),
        action: "/me/delegate".to_owned(),
        lead: vec![
            "For these days somebody else of your school may do all that your roles at the school \
             let you do. You keep your roles, and you can take this back at any time."
                .to_owned(),
        ],
        fields: match any {
            true => fields
                .into_iter()
                .map(|field| field.faulted(faults))
                .collect(),
            false => Vec::new(),
        },
        hidden: vec![Hidden::new("q", &handing.q)],
        button: "Hand over".to_owned(),
        error: match any {
            true => faults.of("").to_owned(),
            false => faults.of("chosen").to_owned(),
        },
        ..FormPage::default()
    };
    Ok(ChoosePage {
        search: form.action.clone(),
        q: handing.q.clone(),
        found: any,
        more: found.more,
        form,
    })
}

/// Asks the person who made a delegation whether to take it back.
pub(super) async fn confirm(
    State(app): State<App>,
    permit: Permit,
    Path(id): Path<DelegationId>,
) -> Result<Html<String>, Problem> {
    let own = permit.actor().person.clone();
    let own = own.ok_or_else(|| Problem::new(Kind::NotFound))?;
    let page = confirming(&app, permit.actor(), &own, &id, "/me").await?;
    app.render(&page)
}

pub(super) async fn revoke(
    State(app): State<App>,
    permit: Permit,
    Path(id): Path<DelegationId>,
) -> Result<Redirect, Problem> {
    take_back(&app, &permit, &id).await?;
    Ok(Redirect::to("/me?done=revoked"))
}

/// Asks somebody who gives roles there whether to take another's delegation back.
pub(super) async fn confirm_for(
    State(app): State<App>,
    permit: Permit,
    Path((person, id)): Path<(PersonId, DelegationId)>,
) -> Result<Html<String>, Problem> {
    let mut reader = app.store()?.read(&permit.actor().trust);
    people::seen(&mut reader, &permit, &person, app.today()).await?;
    let back = format!("/people/{person}");
    let page = confirming(&app, permit.actor(), &person, &id, &back).await?;
    app.render(&page)
}

pub(super) async fn revoke_for(
    State(app): State<App>,
    permit: Permit,
    Path((person, id)): Path<(PersonId, DelegationId)>,
) -> Result<Redirect, Problem> {
    take_back(&app, &permit, &id).await?;
    Ok(to_person(&person, "revoked"))
}

async fn take_back(app: &App, permit: &Permit, id: &DelegationId) -> Result<(), Problem> {
    let mut tx = app.store()?.begin(&permit.actor().trust).await?;
    people::revoke(&mut tx, permit, id).await?;
    tx.commit().await?;
    Ok(())
}

async fn confirming(
    app: &App,
    actor: &Actor,
    person: &PersonId,
    id: &DelegationId,
    back: &str,
) -> Result<FormPage, Problem> {
    let mut reader = app.store()?.read(&actor.trust);
    let all = people::delegations(&mut reader, person, app.today()).await?;
    let named = all.into_iter().find(|named| named.delegation.id == *id);
    let named = named.ok_or_else(|| Problem::new(Kind::NotFound))?;
    Ok(FormPage {
        title: "Take this handover back".to_owned(),
        back: back.to_owned(),
        action: format!("{back}/delegations/{id}/revoke"),
        lead: vec![format!(
            "{} holds the roles of {} at {} from {} up to and with {}.",
            named.delegate,
            named.person,
            named.school,
            day(named.delegation.starts_on),
            day(named.delegation.ends_on)
        )],
        warning: "They lose these roles at once.".to_owned(),
        button: "Take it back".to_owned(),
        destructive: true,
        ..FormPage::default()
    })
}
