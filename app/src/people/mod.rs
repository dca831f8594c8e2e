//! People: who they are, the roles they hold and where, who leads them, when they came and left.
//!
//! Every change goes through here, with the permit of whoever makes it, and is entered in the
//! ledger in the same transaction. What must never go wrong is kept by code, not by pages: nobody
//! gives themselves a role, the last trust administrator stays, no two people have one address,
//! and a right at one school changes nothing of a person who belongs to another as well.

mod change;
mod claimed;
mod delegation;
mod erase;
mod error;
mod lookup;
mod name;
mod pages;
mod person;
mod read;
mod roles;
#[cfg(test)]
mod tests;

pub use ::roster::Contract;
pub use change::{NewPerson, add, change, end, ended};
pub(crate) use claimed::{RoleAt, bring_into_line, claiming, end_claimed};
pub(crate) use delegation::shown_name;
pub use delegation::{
    Delegation, NewDelegation, delegate, delegation_states, delegations, may_hand_on, revoke,
};
pub(crate) use erase::reason_given;
pub use erase::{erase, forget};
pub use error::{PeopleError, Refusal};
pub use lookup::{Colleague, RollName, colleagues, email_domains_at, names_after, names_at};
pub use name::{Email, NAME_MAX, Name, NotAName, NotAnEmail, folded};
#[cfg(test)]
pub(crate) use pages::{ChoosePage, ListPage, MePage, PersonPage};
pub(crate) use pages::{Erased, Erasing, erasing_form, routes, schools};
pub use person::{Details, FIRST_DAY, HeldRole, LAST_DAY, Person, Standing};
pub(crate) use read::patterns;
pub use read::{Filter, Listed, Order, Part, Standings, by_email, find, list, seen, states};
pub(crate) use roles::is_open;
pub use roles::{NewRole, give_role, given_by_the_trust, may_give, take_role};
