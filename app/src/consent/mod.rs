//! Image consent: what a pupil's family lets be done with pictures of the pupil, for each use.
//!
//! The consent of one pupil is a case in the register `consent`. Asked-for consent is the default: silence counts only
//! where a school has marked that it does, and every answer then says so.
//!
//! For whoever shows pictures there are two doors: [`standing`] says what may be done today, and the job [`Narrowed`]
//! is queued in the same transaction whenever a pupil's consent gets narrower.

mod error;
mod follow;
#[allow(
    dead_code,
    reason = "what is said is asked for by pages that come next"
)]
mod said;
#[allow(dead_code, reason = "the door for posts, which come next")]
mod standing;

pub(crate) use error::ConsentError;
pub(crate) use follow::{Narrowed, changed};
#[allow(unused_imports, reason = "the door for posts, which come next")]
pub(crate) use said::{Extent, Use};
#[allow(unused_imports, reason = "the door for posts, which come next")]
pub(crate) use standing::{Standing, WhyNot, standing};

use crate::jobs::Registry;

/// The register in which a pupil's consent is a case.
pub(crate) const REGISTER: &str = "consent";

/// The jobs of this feature.
#[must_use]
pub(crate) fn kinds() -> Registry {
    Registry::new().job::<Narrowed>(())
}
