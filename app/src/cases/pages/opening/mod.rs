//! The pages with which a case is opened.

use crate::authority::Routes;

pub(super) fn routes() -> Routes {
    Routes::new()
}
