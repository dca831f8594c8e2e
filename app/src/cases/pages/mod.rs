//! The pages of cases: opening one, and working on those that are open. All are made from the registers' definitions.

mod opening;
mod words;
mod work;

#[cfg(test)]
pub(crate) use opening::{
    CheckPage, DiscardPage, DonePage, PublicFormPage, PublicPage, QuestionPage, ReceiptPage,
    RegistersPage, SchoolPage, SentPage, StartPage,
};

use super::settings;
use crate::authority::Routes;

#[cfg(test)]
pub(crate) use work::{CasePage, ListPage, SearchPage, StepPage};

/// The pages and their addresses.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .merge(opening::routes())
        .merge(work::routes())
        .merge(settings::routes())
}
