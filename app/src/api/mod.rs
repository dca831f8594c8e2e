//! The JSON interface: the engine's answers for programs. One endpoint a file; [`ENDPOINTS`] is
//! the one list of them, from which the routes are made and against which the OpenAPI document is
//! checked.

mod decide;
mod fields;
mod openapi;
mod page;
mod policies;
#[cfg(test)]
mod tests;
mod vocabulary;
mod whole;

use axum::Router;
use axum::routing::{MethodRouter, get, post};
use policy::library::Library;
use policy::situation::GivenError;
use policy::source::nearest;
use policy::table::Table;

use crate::web::App;
use crate::web::problem::{Kind, Problem};

#[cfg(test)]
pub(crate) use page::ApiPage;

/// One thing that a program can ask for.
struct Endpoint {
    method: &'static str,
    /// The path, as routes and OpenAPI write it.
    path: &'static str,
    /// What it gives, in a few words.
    says: &'static str,
    handler: fn() -> MethodRouter<App>,
}

/// Every endpoint, in the order in which the page `/api` shows them.
const ENDPOINTS: [Endpoint; 5] = [
    Endpoint {
        method: "POST",
        path: "/api/v1/decide",
        says: "Decide a situation under a policy",
        handler: || post(decide::decide),
    },
    Endpoint {
        method: "GET",
        path: "/api/v1/policies",
        says: "List the policies in force, with their document control",
        handler: || get(policies::list),
    },
    Endpoint {
        method: "GET",
        path: "/api/v1/policies/{id}",
        says: "Read one policy: its clauses, rules, facts and contacts",
        handler: || get(whole::read),
    },
    Endpoint {
        method: "GET",
        path: "/api/v1/vocabulary",
        says: "Read the words that situations are described in",
        handler: || get(vocabulary::read),
    },
    Endpoint {
        method: "GET",
        path: "/api/v1/openapi.json",
        says: "Read the description of this interface (OpenAPI 3.1)",
        handler: || get(openapi::read),
    },
];

/// The endpoints, and the page that tells people of them.
pub(crate) fn routes() -> Router<App> {
    ENDPOINTS
        .iter()
        .fold(Router::new(), |router, endpoint| {
            router.route(endpoint.path, (endpoint.handler)())
        })
        .merge(page::routes())
}

/// The policy that a request names.
fn find<'l>(library: &'l Library, id: &str) -> Result<&'l Table, Problem> {
    let found = library.table(id);
    found.ok_or_else(|| {
        let ids = library.tables().iter().map(|t| t.policy().id.as_str());
        let meant = nearest(id, ids)
            .map(|near| format!(" Did you mean '{near}'?"))
            .unwrap_or_default();
        Problem::new(Kind::NotFound).detail(format!(
            "There is no policy '{id}' here.{meant} GET /api/v1/policies lists them."
        ))
    })
}

/// A request that can be read but not be answered, and why.
fn refused(why: impl Into<String>) -> Problem {
    Problem::new(Kind::Unprocessable).detail(why)
}

impl From<GivenError> for Problem {
    fn from(error: GivenError) -> Self {
        let told = error.to_string();
        let mut letters = told.chars();
        let first = letters.next().into_iter().flat_map(char::to_uppercase);
        let told: String = first.chain(letters).collect();
        refused(match told.ends_with(['.', '?']) {
            true => told,
            false => format!("{told}."),
        })
    }
}
