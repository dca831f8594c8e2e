//! The engine of cases, on both engines of the store.

mod kept;
mod life;
mod made;
mod once;
mod plan;
mod sight;
mod walk;
