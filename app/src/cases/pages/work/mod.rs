//! The pages of cases that are open.

use crate::authority::Routes;

pub(super) fn routes() -> Routes {
    Routes::new()
}
