//! Cases: records with a life, each in a register. One engine runs them all.
//!
//! [`open`] and [`take`] are the one door for every change: who may, the answers, the state, what follows, the ledger
//! and the messages are one transaction. [`see`] and [`list`] show a case only to those whom its register lets see it.
//! What a register is, is data: `registers/*.toml`, read by the crate `register`.

mod about;
mod access;
mod case;
mod change;
mod deadlines;
mod effects;
mod error;
mod known;
mod pages;
mod parties;
mod read;
mod row;
mod rules;
#[cfg(test)]
mod tests;

use std::sync::Arc;

pub use about::{OnFile, on_file, readers};
pub use case::{About, Case, CaseId, Done, DraftId};
pub use change::{Opening, Taking, assign, open, take};
pub use error::CaseError;
pub(crate) use pages::routes;
pub use read::{Filter, Line, Open, Running, Seen, Standing, by_reference, list, see, waiting};
pub(crate) use row::{forget, states};
pub use rules::{InForce, Version, in_force};

use register::Catalogue;

use crate::jobs::Registry;
use crate::policies::Policies;

/// What the engine works with beside the store: the registers in force.
#[derive(Clone, Debug)]
pub struct Engine(Arc<Policies>);

impl Engine {
    /// The engine over the registers in force.
    #[must_use]
    pub fn new(policies: Arc<Policies>) -> Self {
        Self(policies)
    }

    /// The registers in force now.
    #[must_use]
    pub fn registers(&self) -> Arc<Catalogue> {
        self.0.registers()
    }
}

/// The jobs of this feature.
#[must_use]
pub fn kinds(engine: &Engine) -> Registry {
    Registry::new()
        .job::<deadlines::Turn>(engine.clone())
        .job::<effects::OpenLater>(engine.clone())
}
