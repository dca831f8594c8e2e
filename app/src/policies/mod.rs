//! The policies in force: those built in, and those of a folder of the school's own.

mod folder;
mod in_force;
mod induction;
mod owner;
mod read;
mod shelf;
mod watch;
mod words;

use policy::library::Library;
use policy::table::Table;

pub use folder::FolderError;
pub use in_force::{Policies, PoliciesError, is_law, vocabulary};
pub(crate) use shelf::is_draft;
pub use watch::watch;
pub(crate) use words::{anchor, contact_label, fact_label};
#[cfg(test)]
pub(crate) use {induction::InductionPage, owner::OwnerPage, read::ReadPage, shelf::ShelfPage};

use crate::authority::Routes;
use crate::web::problem::{Kind, Problem};

/// The pages and their addresses.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .merge(shelf::routes())
        .merge(read::routes())
        .merge(induction::routes())
        .merge(owner::routes())
}

/// The policy that an address names.
pub(crate) fn find<'l>(library: &'l Library, id: &str) -> Result<&'l Table, Problem> {
    library
        .table(id)
        .ok_or_else(|| Problem::new(Kind::NotFound).detail("There is no such policy here."))
}
