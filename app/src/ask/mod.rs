//! Ask before you act: choose a school, say what you are about to do, answer what matters, read the answer.
//! Nothing is stored; what was told travels in the address as names of the vocabulary, free text never.

mod act;
mod facts;
mod school;

use axum::Router;
use policy::table::Table;

use crate::web::App;

#[cfg(test)]
pub(crate) use {act::ActPage, school::SchoolPage};

/// The pages and their addresses.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .merge(school::routes())
        .route("/ask/{policy}", axum::routing::get(act::choose))
}

/// The policy as pages name it.
#[derive(Debug, Clone, serde::Serialize)]
pub(crate) struct PolicyName {
    id: String,
    title: String,
    organisation: String,
}

impl PolicyName {
    fn of(table: &Table) -> Self {
        let policy = table.policy();
        Self {
            id: policy.id.clone(),
            title: policy.title.clone(),
            organisation: policy.organisation.clone(),
        }
    }

    fn sample() -> Self {
        let text = |text: &str| text.to_owned();
        Self {
            id: text("example"),
            title: text("Social media policy"),
            organisation: text("Example School"),
        }
    }
}
