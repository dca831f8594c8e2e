//! Where somebody may write for, and to which accounts.

use std::collections::BTreeSet;

use super::super::super::{PostError, leave, sending};
use crate::accounts::REGISTER as ACCOUNT;
use crate::authority::Actor;
use crate::cases::{self, Case, CaseId};
use crate::schools;
use crate::store::{SchoolId, Tx};
use crate::web::App;
use crate::web::problem::{Kind, Problem};

/// Where somebody may write for: the schools at which they work, and the one that is meant.
pub(super) async fn desk(
    tx: &mut Tx,
    actor: &Actor,
    named: &str,
    today: jiff::civil::Date,
) -> Result<(Vec<schools::School>, schools::School), Problem> {
    let mut schools = schools::all(tx).await?;
    let everywhere = actor.roles.iter().any(|held| held.school.is_none());
    schools.retain(|one| {
        let works = actor.roles.iter();
        let works = works
            .filter_map(|held| held.school.as_ref())
            .any(|at| *at == one.id);
        one.is_open(today) && (everywhere || works)
    });
    let at = match named.is_empty() {
        true => schools.first(),
        false => schools.iter().find(|one| one.id.as_str() == named),
    };
    let at = at.cloned().ok_or_else(|| Problem::new(Kind::NotFound))?;
    Ok((schools, at))
}

/// The accounts of a school in use on which somebody may post.
pub(super) async fn open_to(
    tx: &mut Tx,
    actor: &Actor,
    school: &SchoolId,
    today: jiff::civil::Date,
) -> Result<Vec<Case>, PostError> {
    let Some(person) = &actor.person else {
        return Ok(Vec::new());
    };
    let store = tx.store().clone();
    let mut open = Vec::new();
    for account in cases::standing(tx, (&store, &actor.trust), ACCOUNT, None).await? {
        let here = account.school.is_none() || account.school.as_ref() == Some(school);
        if here && leave::may_post(tx, person, &account, today).await? {
            open.push(account);
        }
    }
    Ok(open)
}

/// Chooses of the accounts those on which whoever writes may post.
pub(super) async fn choose(
    tx: &mut Tx,
    app: &App,
    actor: &Actor,
    post: &Case,
    mut chosen: BTreeSet<CaseId>,
) -> Result<(), PostError> {
    let Some(school) = &post.school else {
        return Ok(());
    };
    let open = open_to(tx, actor, school, app.today()).await?;
    chosen.retain(|id| open.iter().any(|account| account.id == *id));
    sending::choose(tx, actor, post, &chosen).await
}
