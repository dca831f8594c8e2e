//! Every kind of job that this program can do, put together from the features.

use crate::jobs::Registry;

/// The kinds of all features.
#[must_use]
pub fn registry() -> Registry {
    Registry::new()
}
