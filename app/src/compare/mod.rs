//! Two policies side by side: where they part company, in words.

mod choose;
mod side_by_side;

use axum::Router;

use crate::web::App;

#[cfg(test)]
pub(crate) use {choose::ChoosePage, side_by_side::SideBySidePage};

/// The pages and their addresses.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .merge(choose::routes())
        .merge(side_by_side::routes())
}
