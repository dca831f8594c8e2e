//! Two policies side by side: where they part company, in words.

mod choose;
mod side_by_side;

use crate::authority::Routes;

#[cfg(test)]
pub(crate) use {choose::ChoosePage, side_by_side::SideBySidePage};

/// The pages and their addresses.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .merge(choose::routes())
        .merge(side_by_side::routes())
}
