//! The policies in force: those built in, and those of a folder of the school's own.

mod folder;
mod in_force;
mod shelf;
mod watch;
mod words;

use policy::library::Library;
use policy::table::Table;

pub use folder::FolderError;
pub use in_force::{Policies, PoliciesError, is_law, vocabulary};
#[cfg(test)]
pub(crate) use shelf::ShelfPage;
pub(crate) use shelf::is_draft;
pub use watch::watch;
pub(crate) use words::{anchor, contact_label};

use crate::web::App;
use crate::web::problem::{Kind, Problem};

/// The pages and their addresses.
pub(crate) fn routes() -> axum::Router<App> {
    axum::Router::new().merge(shelf::routes())
}

/// The policy that an address names.
pub(crate) fn find<'l>(library: &'l Library, id: &str) -> Result<&'l Table, Problem> {
    library
        .table(id)
        .ok_or_else(|| Problem::new(Kind::NotFound).detail("There is no such policy here."))
}
