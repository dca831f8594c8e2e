//! The ledger: who did what, to what, when, from what to what; nothing of it can be changed
//! unseen. An event is entered with [`record`], in the transaction of the change itself.

mod record;
#[cfg(test)]
mod tests;

pub use record::{Change, Content, LedgerError, Record, record, record_event};
