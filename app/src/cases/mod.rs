//! Cases: records with a life, each in a register. One engine runs them all.
//!
//! [`open`] and [`take`] are the one door for every change: who may, the answers, the state, what follows, the ledger
//! and the messages are one transaction. [`see`] and [`list`] show a case only to those whom its register lets see it.
//! What a register is, is data: `registers/*.toml`, read by the crate `register`.

mod about;
mod access;
mod account;
pub(crate) mod api;
mod assign;
mod brought;
mod case;
mod change;
mod closed;
mod closer;
mod concerning;
mod deadlines;
mod drafts;
mod effects;
mod error;
mod evidence;
mod expiry;
pub(crate) mod export;
mod feed;
mod held;
pub(crate) mod import;
mod in_hand;
mod known;
mod list;
mod once;
mod pages;
mod panel;
mod paper;
mod parties;
mod read;
mod receipts;
mod row;
mod rules;
mod saved;
mod search;
mod settings;
mod standing;
#[cfg(test)]
pub(crate) mod tests;
mod told;
mod underway;
mod waits;
mod words;
mod workload;

use std::sync::Arc;

pub use about::{OnFile, on_file, readers};
pub(crate) use account::Account;
pub use assign::{assign, release};
pub use brought::{Brought, add_evidence, evidence_of, open_evidence, take_with_evidence};
pub use case::{About, Case, CaseId, Decision, Done, DraftId};
pub(crate) use change::take_on_its_page;
pub use change::{Opening, Paper, Taking, open, take, take_by_program};
pub use closed::{Closed, closed, closed_one, erase, hold_still};
pub use concerning::{Concerning, Told, Whom, answered_for, concerning, kept_out, seen_whole};
pub use drafts::{Draft, NewDraft, begin, draft, drafts, open_draft};
pub use error::CaseError;
pub use expiry::{DRAFT_DAYS, expire_drafts, forget_of};
#[cfg(test)]
pub(crate) use feed::{CalendarPage, RevokeCalendarPage};
pub use held::{Facts as HeldFacts, Held, held, in_force_for};
pub use in_hand::{handled, handled_by, of_subject, waiting_on};
pub use list::{Filter, Found, Line, Standing, by_reference, list, waiting};
pub use once::{note_occasion, open_about, open_once, opened_for};
#[cfg(test)]
pub(crate) use pages::{
    CasePage, CheckPage, DiscardPage, DonePage, ListPage, PublicFormPage, PublicPage, QuestionPage,
    ReceiptPage, RegistersPage, SchoolPage, SearchPage, SentPage, StartPage, StepPage,
};
pub(crate) use panel::{Group as PanelGroup, Item as PanelItem, Panel};
pub use read::{Open, Running, Seen, see};
pub(crate) use receipts::{Counted, count, is_public};
pub(crate) use row::{forget, states};
pub use rules::{InForce, Version, in_force, of_case as rules_of};
pub use saved::{View, ViewError, ViewId, delete_view, save_view, views};
pub(crate) use saved::{forget_view, view_states};
pub use search::{Sought, search};
pub(crate) use settings::states as settings_states;
#[cfg(test)]
pub(crate) use settings::{SettingsListPage, SettingsPage};
pub use standing::{one_of, standing};
pub(crate) use underway::underway;
pub use waits::{Waits, holding_role, may_look_after, waiting_for};
pub use workload::{Load, workload};

use policy::library::Library;
use register::Catalogue;

use crate::authority::Routes;
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

    /// The policies in force now.
    pub(crate) fn library(&self) -> Arc<Library> {
        self.0.library()
    }
}

/// The pages, the files, the import and the calendar, with their addresses.
pub(crate) fn routes() -> Routes {
    pages::routes()
        .merge(export::routes())
        .merge(import::routes())
        .merge(feed::routes())
}

/// The jobs of this feature.
#[must_use]
pub fn kinds(engine: &Engine) -> Registry {
    Registry::new()
        .job::<deadlines::Turn>(engine.clone())
        .job::<effects::OpenLater>(engine.clone())
}
