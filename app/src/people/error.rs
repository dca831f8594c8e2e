//! What cannot be done with people, and why.

use crate::authority::Denied;
use crate::ledger::LedgerError;
use crate::store::StoreError;
use crate::web::problem::{Kind, Problem};

/// A rule that a change would break. Each says how to mend it.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Refusal {
    /// Nobody may widen their own rights.
    #[error("You cannot give yourself a role. Ask somebody else who may give roles.")]
    OwnRole,
    /// Nobody may end their own time: nobody would notice a slip.
    #[error("You cannot end your own time here. Ask somebody else who looks after people.")]
    OwnEnd,
    /// Without one, nobody could look after the installation.
    #[error(
        "This is the last trust administrator who can sign in. Give that role to somebody else \
         first, with an e-mail address and without a last day."
    )]
    LastAdministrator,
    /// Two people, one address.
    #[error("Another person in the trust has this e-mail address already.")]
    EmailTaken,
    /// A day that cannot be meant.
    #[error("Enter a day between 1940 and 2099.")]
    DayOutOfBounds,
    /// The wrong way round.
    #[error("The last day is before the first day. Enter a last day that is the same or later.")]
    EndsBeforeItStarts,
    /// Trust administrators look after the trust, not a school.
    #[error("A trust administrator has that role for the whole trust, not for one school.")]
    OnlyAtTheTrust,
    /// The same role twice.
    #[error("They hold that role there already, at the same time.")]
    HeldAlready,
    /// A role that is over cannot be taken.
    #[error("They no longer hold that role.")]
    NotHeld,
    /// They left; they are given a role by coming back.
    #[error("They have left. Change their last day first, or add them again.")]
    Left,
    /// The manager is nobody who is here.
    #[error("Choose a line manager who works here and has not left.")]
    NoSuchManager,
    /// Their own manager, or that of somebody above them.
    #[error("Nobody can be their own line manager, directly or through others.")]
    ManagerCircle,
    /// A school that is not of this trust, or closed.
    #[error("Choose a school of this trust.")]
    NoSuchSchool,
    /// Only one's own roles as head or safeguarding lead can be handed on.
    #[error("Only a head or safeguarding lead can hand their roles at that school to somebody.")]
    NothingToDelegate,
    /// Somebody of another school, or who left, or oneself.
    #[error("Choose somebody else who works at that school.")]
    NoSuchDelegate,
    /// Delegation in the past or without an end in sight.
    #[error("The last day must not be over, and at most a year after the first day.")]
    DelegationDays,
    /// Only somebody who left, or was never here, can be erased.
    #[error(
        "They have not left yet. Records of people who work here are needed; end their time first."
    )]
    NotLeft,
    /// An erasure that nobody could account for.
    #[error("Say why this is erased, in 5 to 500 characters and without names.")]
    NoReason,
}

/// Why something with people was not done.
#[derive(Debug, thiserror::Error)]
pub enum PeopleError {
    /// The store failed; [`StoreError::Changed`] where somebody else was first.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The ledger failed.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The right does not reach that far.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// A rule would be broken.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// What is asked for is there already: nothing was changed and nothing recorded.
    #[error("nothing was changed")]
    Same,
    /// There is no such person, or none that may be seen.
    #[error("there is no such person")]
    NotFound,
}

impl From<PeopleError> for Problem {
    fn from(error: PeopleError) -> Self {
        match error {
            PeopleError::Store(error) => error.into(),
            PeopleError::Ledger(error) => error.into(),
            PeopleError::Denied(error) => error.into(),
            PeopleError::Refused(refusal) => {
                Self::new(Kind::Unprocessable).detail(refusal.to_string())
            }
            PeopleError::Same => Self::new(Kind::Conflict).detail("That is so already."),
            PeopleError::NotFound => Self::new(Kind::NotFound),
        }
    }
}
