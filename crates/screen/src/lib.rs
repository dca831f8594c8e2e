//! What a draft holds before anybody posts it: pupils and staff by name, contact details, tone, links.
//!
//! [`screen`] compares a [`Draft`] with an [`Index`] of what the school knows and with the [`Lists`] of `screening/*.toml`.
//! Each [`Finding`] has its exact place, its [`Kind`], how sure it is, why it matters and how to mend it; what a kind
//! means as facts of the vocabulary is data ([`Lists::told`]), so that the engine of asking gives the standing. What
//! the words cannot tell is a [`Question`]. Nothing here does I/O or reads a clock, and nothing of a draft is kept.

mod contact;
mod disguise;
mod draft;
mod finding;
mod judge;
mod kind;
mod known;
mod links;
mod lists;
mod names;
mod phrases;
mod questions;
mod run;
mod text;

pub use draft::{Account, Audience, Draft, Part, in_characters, in_utf16};
pub use finding::{Finding, Manner, Question, Screening, Sure};
pub use judge::{Asking, JudgeError, Judged};
pub use kind::Kind;
pub use known::{Known, Person, Pupil, School, Staff};
pub use lists::{Clauses, Fact, Lists, Told};
pub use names::Index;
pub use run::screen;
