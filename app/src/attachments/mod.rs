//! Files that belong to a record: evidence, a screenshot, a signed form.

mod kind;
mod name;

pub use kind::{Inspection, KINDS, Kind, Refused};
pub use name::{clean, content_disposition};
