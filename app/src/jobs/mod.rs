//! The queue: work that is done after the change that asked for it, by any node, at least once.
//!
//! A feature implements [`Job`] for a payload of its own and queues it with [`enqueue`] in the
//! transaction of its change: the job exists if and only if the change does. A [`Worker`] claims
//! due jobs, each under a lease that a node which was killed lets lapse, so that another takes it
//! over. A job may therefore run twice; one whose whole effect is in the store ends itself in its
//! own transaction with [`JobContext::complete`], and then takes effect once.
//!
//! [`Registry`] names every kind of job; it is assembled in one place, at the start of the
//! program.

mod claim;
mod job;
mod list;
mod page;
#[cfg(test)]
mod page_tests;
mod queue;
mod registry;
#[cfg(test)]
mod tests;
mod worker;

pub use job::{Due, Job, JobContext, JobError, Protection};
pub(crate) use list::routes;
pub use queue::{JobId, QueueError, Waiting, enqueue, enqueue_once, forget, waiting};
pub use registry::{Every, Registry};
pub use worker::Worker;
#[cfg(test)]
pub(crate) use {list::ListPage, page::DiscardPage, page::JobPage};
