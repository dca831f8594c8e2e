//! Official accounts: the cases of the register `account` that are in force, and the people who were named for them.
//!
//! The life of an account (asked for, agreed, in use, reviewed, closed) is its case's. This feature keeps who looks after
//! it, who posts on it and who may open its log-in ([`Keeper`]), shows a school's genuine accounts to everybody, and
//! lets an account that lost its last administrator rise to the head.

mod error;
mod keeper;
mod naming;
mod page;
mod public;
mod sight;
#[cfg(test)]
pub(crate) mod tests;
mod watch;

pub(crate) use error::AccountError;
pub(crate) use keeper::{Keeping, Kept, forget, keepers, kept_by, states};
#[cfg(test)]
pub(crate) use page::{AccountPage, ListPage};
#[cfg(test)]
pub(crate) use public::{PublicPage, SchoolsPage};
pub(crate) use sight::{Sight, sight};

use policy::platforms::Platforms;

use self::keeper::{Keeper, at_once};
use crate::authority::{Actor, Routes};
use crate::cases::{
    self, Account, Case, CaseError, Engine, InForce, Panel, PanelGroup, PanelItem, Seen,
};
use crate::jobs::{Every, Registry};
use crate::people;
use crate::store::{Query, SchoolId, Store, StoreError, TrustId, Tx};

/// The register in which an account is a case.
pub(crate) const REGISTER: &str = "account";
/// The register whose settings say how log-ins are kept.
pub(crate) const CUSTODY: &str = "credential";
/// How often the program looks whether accounts are still looked after, in minutes.
const EVERY: u32 = 10;

pub(crate) fn routes() -> Routes {
    public::routes()
        .merge(page::routes())
        .merge(naming::routes())
}

/// The jobs of this feature.
#[must_use]
pub(crate) fn kinds(engine: &Engine) -> Registry {
    Registry::new().recurring::<watch::Watch>(Every::Minutes(EVERY), engine.clone())
}

/// The names under which a school's genuine accounts appear.
///
/// # Errors
/// Where the store fails.
pub(crate) async fn names_of(
    query: &mut impl Query,
    of: (&Store, &TrustId),
    school: &SchoolId,
) -> Result<Vec<String>, CaseError> {
    let cases = cases::standing(query, of, REGISTER, Some(school)).await?;
    let names = cases.iter().map(|case| {
        let account = Account::of(answer(case, "account"));
        let path = account.address.trim_end_matches('/');
        let name = path.rsplit('/').next().unwrap_or(path);
        name.trim_start_matches('@').to_owned()
    });
    Ok(names.filter(|name| !name.is_empty()).collect())
}

/// The settings that hold today for a school's accounts or log-ins, whatever held when a case was opened.
///
/// # Errors
/// Where the store fails.
pub(crate) async fn settings(
    query: &mut impl Query,
    engine: &Engine,
    register: &str,
    school: Option<&SchoolId>,
    today: jiff::civil::Date,
) -> Result<InForce, AccountError> {
    let registers = engine.registers();
    Ok(cases::in_force(query, &registers, register, school, today).await?)
}

/// Whether somebody holds one of these roles where an account belongs.
pub(crate) fn holds_one_of(actor: &Actor, roles: &[String], school: Option<&SchoolId>) -> bool {
    actor.roles.iter().any(|held| {
        let here = held.school.is_none() || held.school.as_ref() == school;
        here && roles.iter().any(|role| role == held.role.name())
    })
}

/// What an account is called on screen.
pub(crate) fn says(case: &Case, platforms: &Platforms) -> String {
    let answer = answer(case, "account");
    Account::of(answer).says(platforms)
}

/// The first answer to a question of a case; empty where there is none.
pub(crate) fn answer<'c>(case: &'c Case, field: &str) -> &'c str {
    let answers = case.answers.get(field);
    answers
        .and_then(|answers| answers.first())
        .map_or("", String::as_str)
}

/// Who was named for an account, on the page of its case; nothing on any other.
///
/// # Errors
/// Where the store fails.
pub(crate) async fn panel(tx: &mut Tx, seen: &Seen) -> Result<Option<Panel>, AccountError> {
    let case = &seen.case;
    if case.register != REGISTER || seen.outline || !case.in_force {
        return Ok(None);
    }
    at_once(tx, case).await?;
    let named = keepers(tx, &case.id).await?;
    let mut groups = Vec::new();
    for keeping in Keeping::ALL {
        let mut items = Vec::new();
        for keeper in named.iter().filter(|keeper| keeper.part == keeping) {
            items.push(PanelItem {
                says: called(tx, keeper).await?,
                note: String::new(),
                act: None,
            });
        }
        if items.is_empty() {
            items.push(PanelItem {
                says: "Nobody".to_owned(),
                note: String::new(),
                act: None,
            });
        }
        groups.push(PanelGroup {
            title: keeping.title(),
            items,
        });
    }
    if let Some(last) = groups.last_mut().and_then(|group| group.items.last_mut()) {
        last.act = Some((
            "See to the account".to_owned(),
            format!("/accounts/{}", case.id),
        ));
    }
    Ok(Some(Panel {
        title: "Who was named for it".to_owned(),
        lead: Vec::new(),
        groups,
    }))
}

/// The name of somebody who was named.
async fn called(query: &mut impl Query, keeper: &Keeper) -> Result<String, StoreError> {
    let person = people::find(query, &keeper.person).await?;
    Ok(person.map_or_else(
        || "Somebody who was erased".to_owned(),
        |person| person.name(),
    ))
}
