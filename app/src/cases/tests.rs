//! The engine of cases, on both engines of the store.

mod life;
mod made;
mod plan;
mod sight;
mod walk;
