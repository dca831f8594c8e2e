//! Who is asking, and what they may do.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::{Action, Held, Role};
use crate::store::{PersonId, SchoolId, SessionId, TrustId};

/// How the request shows who is asking.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Means {
    /// A session in a browser, and when its owner last proved who they are.
    Session {
        /// The session.
        id: SessionId,
        /// The last proof, by password or otherwise.
        authenticated_at: Timestamp,
    },
    /// An API token, which may do only what it was made for.
    Token(BTreeSet<Action>),
    /// The command line or the program itself: it has the whole store in its hands anyway.
    Operator,
}

/// Somebody who is known to the installation, with the roles they hold today.
#[derive(Clone, Debug)]
pub struct Actor {
    /// Their trust.
    pub trust: TrustId,
    /// Who they are; nobody for the operator of the machine.
    pub person: Option<PersonId>,
    /// Their name as others see it.
    pub name: String,
    /// The roles they hold today, delegated ones included.
    pub roles: Vec<Held>,
    /// How they came in.
    pub means: Means,
}

/// Whom or what an action is about.
#[derive(Clone, Copy, Debug)]
pub enum Place<'a> {
    /// The whole trust.
    Trust,
    /// One school, and what belongs to it.
    School(&'a SchoolId),
    /// Any school: at least one will do.
    Anywhere,
}

impl Actor {
    /// The operator of the machine: the command line, a job of the program itself.
    #[must_use]
    pub fn operator(trust: TrustId) -> Self {
        Self {
            trust,
            person: None,
            name: "the operator of this installation".to_owned(),
            roles: Vec::new(),
            means: Means::Operator,
        }
    }

    /// Whether they may do this there.
    #[must_use]
    pub fn may(&self, action: Action, place: Place<'_>) -> bool {
        match &self.means {
            Means::Operator => return true,
            Means::Token(scope) if !scope.contains(&action) => return false,
            Means::Token(_) | Means::Session { .. } => {}
        }
        let granting = |held: &&Held| action.roles().contains(&held.role);
        self.roles
            .iter()
            .filter(granting)
            .any(|held| match (place, &held.school) {
                (_, None) | (Place::Anywhere, _) => true,
                (Place::School(asked), Some(at)) => asked == at,
                (Place::Trust, Some(_)) => false,
            })
    }

    /// Leave to do this wherever they may do it, or nothing.
    #[must_use]
    pub fn permit(&self, action: Action) -> Option<Permit> {
        self.may(action, Place::Anywhere).then(|| Permit {
            actor: self.clone(),
            action,
        })
    }

    /// Whether they hold a role, anywhere.
    #[must_use]
    pub fn holds(&self, role: Role) -> bool {
        self.roles.iter().any(|held| held.role == role)
    }

    /// The most telling role in which they do this, for the ledger: the first that grants it,
    /// otherwise the first held.
    #[must_use]
    pub fn role_for(&self, action: Option<Action>) -> Option<Role> {
        let granting = action.and_then(|action| {
            let mut roles = self.roles.iter().map(|held| held.role);
            roles.find(|role| action.roles().contains(role))
        });
        granting.or_else(|| self.roles.first().map(|held| held.role))
    }
}

/// Leave to do one thing, given by the authority module alone. Where a record belongs to a
/// school, ask [`Permit::at`] or read with [`Permit::reach`].
#[derive(Clone, Debug)]
pub struct Permit {
    actor: Actor,
    action: Action,
}

/// The person may do this, but not there.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("your role does not give you the right to do this here")]
pub struct Denied;

impl Permit {
    /// Who may.
    #[must_use]
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// What they may.
    #[must_use]
    pub fn action(&self) -> Action {
        self.action
    }

    /// Whether it holds there.
    pub fn at(&self, place: Place<'_>) -> Result<(), Denied> {
        self.actor
            .may(self.action, place)
            .then_some(())
            .ok_or(Denied)
    }

    /// Where it holds, as a value for SQL: `*` for the whole trust, otherwise the schools' ids
    /// between commas, to be asked as `($2 = '*' OR $2 LIKE '%,' || school || ',%')`.
    #[must_use]
    pub fn reach(&self) -> String {
        if self.actor.may(self.action, Place::Trust) {
            return "*".to_owned();
        }
        let granting = |held: &&Held| self.action.roles().contains(&held.role);
        let mut reach = ",".to_owned();
        for held in self.actor.roles.iter().filter(granting) {
            if let Some(school) = &held.school {
                reach.push_str(school.as_str());
                reach.push(',');
            }
        }
        reach
    }
}
