//! An account as somebody stands to it: what they see of it, and whom they may name.

use super::keeper::{self, Keeping, Kept};
use super::{AccountError, CUSTODY, REGISTER, at_once, holds_one_of, settings};
use crate::authority::Actor;
use crate::cases::{self, Case, CaseError, CaseId, Engine, InForce};
use crate::store::Tx;

/// An account in use, as somebody stands to it.
pub(crate) struct Sight {
    pub(crate) case: Case,
    /// Everybody who is named for it, with whether it still counts.
    pub(crate) named: Vec<(Kept, bool)>,
    /// How the school keeps log-ins today.
    pub(crate) custody: InForce,
    /// What they themselves are named for, as far as it counts.
    pub(crate) own: Vec<Keeping>,
    /// For what they may name others.
    pub(crate) may_name: Vec<Keeping>,
    /// Whether they see its case.
    pub(crate) sees_case: bool,
}

impl Sight {
    /// Whether they are named for this, and it counts.
    pub(crate) fn is(&self, keeping: Keeping) -> bool {
        self.own.contains(&keeping)
    }

    /// Whether they hold a role that a setting of the custody of log-ins names.
    pub(crate) fn holds(&self, actor: &Actor, setting: &str) -> bool {
        let roles = self.custody.settings.roles(setting);
        holds_one_of(actor, roles, self.case.school.as_ref())
    }

    /// Those who are named for this, and count.
    pub(crate) fn counting(&self, keeping: Keeping) -> impl Iterator<Item = &Kept> {
        let named = self.named.iter();
        named
            .filter(move |(kept, counts)| *counts && kept.keeper.part == keeping)
            .map(|(kept, _)| kept)
    }
}

/// An account in use, for whoever is named for it, may name others, or sees its case.
///
/// # Errors
/// [`CaseError::NotFound`] for everybody else, and where no such account is in use.
pub(crate) async fn sight(
    tx: &mut Tx,
    engine: &Engine,
    actor: &Actor,
    id: &CaseId,
) -> Result<Sight, AccountError> {
    let (store, today) = (tx.store().clone(), tx.store().clock().today());
    let case = cases::one_of(tx, (&store, &actor.trust), REGISTER, id).await?;
    let case = case
        .filter(|case| case.in_force)
        .ok_or(CaseError::NotFound)?;
    at_once(tx, &case).await?;
    let school = case.school.as_ref();
    let mut named = Vec::new();
    for keeper in keeper::keepers(tx, id).await? {
        if let Some(kept) = Kept::of(tx, keeper).await? {
            let counts = kept.counts(school, today);
            named.push((kept, counts));
        }
    }
    let own = named
        .iter()
        .filter(|(kept, counts)| *counts && Some(&kept.person.id) == actor.person.as_ref());
    let own: Vec<Keeping> = own.map(|(kept, _)| kept.keeper.part).collect();
    let account = settings(tx, engine, REGISTER, school, today).await?;
    let custody = settings(tx, engine, CUSTODY, school, today).await?;
    let may_name = Keeping::ALL.into_iter().filter(|keeping| {
        let (register, setting) = keeping.named_by();
        let rules = if register == REGISTER {
            &account
        } else {
            &custody
        };
        holds_one_of(actor, rules.settings.roles(setting), school)
    });
    let may_name: Vec<Keeping> = may_name.collect();
    let sees_case = match cases::see(tx, actor, id).await {
        Ok(seen) => !seen.outline,
        Err(CaseError::NotFound) => false,
        Err(error) => return Err(error.into()),
    };
    if own.is_empty() && may_name.is_empty() && !sees_case {
        return Err(CaseError::NotFound.into());
    }
    Ok(Sight {
        case,
        named,
        custody,
        own,
        may_name,
        sees_case,
    })
}
