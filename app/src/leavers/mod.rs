//! Leavers: what somebody who leaves holds, as a list of things to be done on their case in the register `leaver`. The
//! case is opened by the program when a last day is set, exactly once, and closed by it when nothing is left.

mod accounts;
mod holding;
mod rights;
#[cfg(test)]
mod tests;
mod watch;
mod work;

use jiff::civil::Date;

pub(crate) use holding::{Holding, Kind, LeaverError};

use crate::authority::Actor;
use crate::cases::{Engine, Panel, PanelGroup, PanelItem, Seen};
use crate::jobs::{Every, Registry};
use crate::people::{self, Person};
use crate::store::Tx;
use crate::web::dates::day;

/// The register in which a leaver has a case.
const REGISTER: &str = "leaver";
/// How often the program looks who leaves, in minutes.
const EVERY: u32 = 10;

/// What somebody may hold, in the order in which it is shown. A feature whose things are to be handed on adds its own.
const KINDS: &[Kind] = &[
    rights::ROLES,
    work::HANDLED,
    work::PERMISSIONS,
    accounts::KEPT,
    accounts::SEEN,
    rights::DELEGATIONS,
    rights::SIGN_IN,
    rights::TOKENS,
    work::WAITING,
];

/// The jobs of this feature.
#[must_use]
pub(crate) fn kinds(engine: &Engine) -> Registry {
    Registry::new().recurring::<watch::Watch>(Every::Minutes(EVERY), engine.clone())
}

/// The list on the page of a leaver's case; none on any other. What the reader may not see is not in it.
///
/// # Errors
/// Where the store fails.
pub(crate) async fn panel(
    tx: &mut Tx,
    actor: &Actor,
    seen: &Seen,
) -> Result<Option<Panel>, LeaverError> {
    let case = &seen.case;
    let Some(person) = case.subject_person().filter(|_| case.register == REGISTER) else {
        return Ok(None);
    };
    let Some(person) = people::find(tx, person).await? else {
        return Ok(None);
    };
    let own = actor.person.as_ref() == Some(&person.id);
    let (mut groups, mut left) = (Vec::new(), 0usize);
    for kind in KINDS {
        let items = (kind.held)(tx, actor, &person).await?;
        left += items.iter().filter(|item| item.is_left()).count();
        if !items.is_empty() {
            let items = items.into_iter().map(|item| shown(item, own));
            groups.push(PanelGroup {
                title: kind.title,
                items: items.collect(),
            });
        }
    }
    Ok(Some(Panel {
        title: "What they hold".to_owned(),
        lead: lead(&person, last_day_of(seen), left),
        groups,
    }))
}

fn shown(item: Holding, own: bool) -> PanelItem {
    let note = match item.ends_on {
        Some(last) => format!("Ends by itself on {}", day(last)),
        None => item.note,
    };
    PanelItem {
        says: item.says,
        note,
        act: item.act.filter(|_| !own),
    }
}

/// The last day that the case gives.
fn last_day_of(seen: &Seen) -> Option<Date> {
    let answer = seen.case.answers.get("last_day")?.first()?;
    answer.parse().ok()
}

fn lead(person: &Person, in_case: Option<Date>, left: usize) -> Vec<String> {
    let mut lead = vec![match person.ends_on {
        None => {
            "No last day is on record for them: if they leave, set it on their page.".to_owned()
        }
        Some(last) if Some(last) != in_case => format!(
            "Their last day on record is {}. This case gives another: correct one of the two.",
            day(last)
        ),
        Some(last) => format!("Their last day is {}.", day(last)),
    }];
    lead.push(match left {
        0 => "Nothing that you can see is left to hand on.".to_owned(),
        1 => "1 thing is left to end or hand on.".to_owned(),
        many => format!("{many} things are left to end or hand on."),
    });
    lead
}
