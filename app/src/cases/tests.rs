//! The engine of cases, and its interface for programs, on both engines of the store.

mod desk;
mod finding;
mod interface;
mod kept;
mod kept_preview;
mod kinds;
mod life;
pub(crate) mod made;
mod once;
mod opening;
mod plan;
mod rising;
mod sight;
mod walk;
mod way;
mod world;
