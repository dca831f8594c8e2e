//! The engine of cases, on both engines of the store.

mod finding;
mod life;
pub(crate) mod made;
