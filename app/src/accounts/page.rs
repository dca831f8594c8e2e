//! The accounts that concern somebody, and one of them: who was named for what.

use axum::extract::State;
use axum::response::Html;
use serde::{Deserialize, Serialize};

use super::keeper::Keeping;
use super::sight::{Sight, sight};
use super::{AccountError, REGISTER, answer, says};
use crate::authority::{Access, Actor, Routes};
use crate::cases::{self, CaseError, CaseId};
use crate::schools;
use crate::store::StoreError;
use crate::web::App;
use crate::web::extract::{Path, Query};
use crate::web::page::{Page, Section};
use crate::web::problem::Problem;

/// `accounts/list.html`.
#[derive(Debug, Serialize)]
pub(crate) struct ListPage {
    accounts: Vec<Line>,
}

/// An account on the list.
#[derive(Debug, Serialize)]
struct Line {
    href: String,
    says: String,
    school: String,
    /// What the reader is named for, in words; empty where they are not.
    own: String,
    /// Whether nobody looks after it.
    ownerless: bool,
}

/// `accounts/account.html`.
#[derive(Debug, Serialize)]
pub(crate) struct AccountPage {
    id: String,
    says: String,
    reference: String,
    purpose: String,
    /// Whether the reader sees its case.
    sees_case: bool,
    ownerless: bool,
    parts: Vec<PartLine>,
    /// Whether its log-in concerns the reader.
    log_in: bool,
    /// What was done just now: `named`, `ended`, or nothing.
    done: String,
}

/// Those who are named for one thing.
#[derive(Debug, Serialize)]
struct PartLine {
    name: &'static str,
    title: &'static str,
    people: Vec<PersonLine>,
    /// Whether the reader may name and end.
    may: bool,
}

/// Somebody who is named.
#[derive(Debug, Serialize)]
struct PersonLine {
    keeper: String,
    name: String,
    /// Whether they have left or lost their role.
    gone: bool,
}

impl Page for ListPage {
    const TEMPLATE: &'static str = "accounts/list.html";
    const SECTION: Option<Section> = Some(Section::Home);

    fn samples() -> Vec<Self> {
        let line = |own: &str, ownerless| Line {
            href: "/accounts/01k".into(),
            says: "Instagram: @ash.primary".into(),
            school: "Ash Primary".into(),
            own: own.into(),
            ownerless,
        };
        let lines = vec![line("look after it", false), line("", true)];
        [lines, Vec::new()].map(|accounts| Self { accounts }).into()
    }
}

impl Page for AccountPage {
    const TEMPLATE: &'static str = "accounts/account.html";
    const SECTION: Option<Section> = Some(Section::Home);

    fn samples() -> Vec<Self> {
        let person = |gone| PersonLine {
            keeper: "01k".into(),
            name: "Kate Adeyemi".into(),
            gone,
        };
        let part = |people, may| PartLine {
            name: "poster",
            title: "Posters",
            people,
            may,
        };
        let page = |done: &str, ownerless: bool, parts| Self {
            id: "01k".into(),
            says: "Instagram: @ash.primary".into(),
            reference: "ACC-2026-0001".into(),
            purpose: "News for parents and carers".into(),
            sees_case: !ownerless,
            ownerless,
            parts,
            log_in: !ownerless,
            done: done.into(),
        };
        vec![
            page(
                "named",
                false,
                vec![
                    part(vec![person(false), person(true)], true),
                    part(Vec::new(), false),
                ],
            ),
            page("ended", true, vec![part(vec![person(true)], false)]),
            page("", false, Vec::new()),
        ]
    }
}

pub(super) fn routes() -> Routes {
    Routes::new().get("/accounts", Access::SignedIn, list).get(
        "/accounts/{case}",
        Access::SignedIn,
        one,
    )
}

async fn list(State(app): State<App>, actor: Actor) -> Result<Html<String>, Problem> {
    let store = app.store()?;
    let mut tx = store.begin(&actor.trust).await?;
    let (engine, library) = (app.engine(), app.library());
    let mut accounts = Vec::new();
    let standing = cases::standing(&mut tx, (store, &actor.trust), REGISTER, None).await;
    for case in standing? {
        let seen = match sight(&mut tx, &engine, &actor, &case.id).await {
            Ok(seen) => seen,
            Err(AccountError::Case(CaseError::NotFound)) => continue,
            Err(error) => return Err(error.into()),
        };
        let own: Vec<&str> = seen.own.iter().map(|keeping| keeping.does()).collect();
        accounts.push(Line {
            href: format!("/accounts/{}", case.id),
            says: says(&case, library.platforms()),
            school: school(&mut tx, &seen).await?,
            own: own.join(", "),
            ownerless: seen.counting(Keeping::Administrator).next().is_none(),
        });
    }
    tx.commit_unrecorded().await?;
    app.render(&ListPage { accounts })
}

/// The name of the school that an account is of.
async fn school(tx: &mut crate::store::Tx, seen: &Sight) -> Result<String, StoreError> {
    let Some(id) = &seen.case.school else {
        return Ok("The whole trust".to_owned());
    };
    let school = schools::find(tx, id).await?;
    Ok(school.map_or_else(String::new, |school| school.details.name))
}

/// What was done just now.
#[derive(Deserialize)]
struct Shown {
    #[serde(default)]
    done: String,
}

async fn one(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<CaseId>,
    Query(shown): Query<Shown>,
) -> Result<Html<String>, Problem> {
    let mut tx = app.store()?.begin(&actor.trust).await?;
    let seen = sight(&mut tx, &app.engine(), &actor, &id).await?;
    tx.commit_unrecorded().await?;
    let library = app.library();
    let part = |keeping: Keeping| PartLine {
        name: keeping.name(),
        title: keeping.title(),
        people: seen
            .named
            .iter()
            .filter(|(kept, _)| kept.keeper.part == keeping)
            .map(|(kept, counts)| PersonLine {
                keeper: kept.keeper.id.to_string(),
                name: kept.person.name(),
                gone: !counts,
            })
            .collect(),
        may: seen.may_name.contains(&keeping),
    };
    app.render(&AccountPage {
        id: id.to_string(),
        says: says(&seen.case, library.platforms()),
        reference: seen.case.reference.clone(),
        purpose: answer(&seen.case, "public_purpose").to_owned(),
        sees_case: seen.sees_case,
        ownerless: seen.counting(Keeping::Administrator).next().is_none(),
        parts: Keeping::ALL.map(part).into(),
        log_in: seen.is(Keeping::LogIn)
            || seen.is(Keeping::Administrator)
            || seen.may_name.contains(&Keeping::LogIn)
            || seen.holds(&actor, "keeps_log_ins"),
        done: shown.done,
    })
}
