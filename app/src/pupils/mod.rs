//! Pupils and their parents or carers: held only as far as screening, declarations and consent
//! need them, and erasable.
//!
//! Date of birth, e-mail addresses and telephone numbers are sealed under the key of their record;
//! whoever reads them is entered in the ledger ([`contacts`]). Lists and searches see names, year,
//! class and school alone.

mod change;
mod erase;
mod error;
mod guardians;
mod lookup;
mod names;
mod pages;
mod pupil;
mod read;
mod sealed;
#[cfg(test)]
mod tests;

pub use change::{add, change, leave};
pub use erase::{erase, forget, forget_guardian};
pub use error::{PupilsError, Refusal};
pub use guardians::{add_guardian, change_guardian, remove_guardian};
pub use lookup::{Known, OnRoll, known, named_so, on_roll};
pub use names::{guardian_names_after, names_after};
pub(crate) use pages::routes;
#[cfg(test)]
pub(crate) use pages::{ListPage, PupilPage};
pub use pupil::{Guardian, GuardianDetails, GuardianId, NewPupil, Pupil, PupilDetails, PupilId};
pub use read::{
    Contacts, Filter, Line, all, all_guardians, contacts, find, find_guardian, guardian_states,
    guardians_of, line, list, states,
};
