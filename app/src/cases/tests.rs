//! The engine of cases, on both engines of the store.

mod life;
