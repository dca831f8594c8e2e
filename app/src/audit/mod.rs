//! The audit: what was recorded, for the data protection officer and the trust's administrators.
//!
//! The list shows what stands beside the content of an event. The content itself is opened on the
//! event's own page and in the export as JSON lines, and each of these is an event again.

mod api;
mod event;
mod events;
mod export;
mod filter;
mod jobs;
mod log_state;
mod mailed;
mod of_case;
mod of_installation;
mod page;
#[cfg(test)]
mod tests;

pub(crate) use api::read as api_read;
pub(crate) use events::in_words;
pub(crate) use filter::Asked;
pub(crate) use jobs::jobs;
pub(crate) use mailed::{MailedError, Occasion, mail_checkpoints};
pub(crate) use of_installation::{Told, of_installation};
#[cfg(test)]
pub(crate) use {event::EventPage, page::AuditPage};

use crate::authority::{Access, Action, Routes};

/// Who may read the audit: for the whole trust only, because events of all schools stand in one log.
pub(crate) const ACCESS: Access = Access::MayEverywhere(Action::ReadAudit);

pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/audit", ACCESS, page::show)
        .get("/audit/events/{event}", ACCESS, event::show)
        .get("/audit/export.csv", ACCESS, export::csv)
        .get("/audit/export.jsonl", ACCESS, export::json_lines)
        .get("/audit/checkpoint", ACCESS, log_state::checkpoint)
}
