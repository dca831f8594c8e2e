//! The engine of cases, and its interface for programs, on both engines of the store.

mod interface;
mod life;
