//! The JSON interface: the engine's answers for programs. One endpoint a file; [`ENDPOINTS`] is
//! the one list of them, from which the routes are made and against which the OpenAPI document is
//! checked.

mod ask;
mod compare;
mod coverage;
mod decide;
mod fields;
mod lint;
mod openapi;
mod page;
mod policies;
mod question;
mod screen;
#[cfg(test)]
mod tests;
mod vocabulary;
mod whole;

use policy::library::Library;
use policy::source::nearest;
use policy::table::Table;

use crate::audit;
use crate::authority::{Access, Action, Routes};
use crate::cases::api as cases;
use crate::web::heavy::heavy;
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
    add: fn(Routes, &'static str) -> Routes,
    /// Whether a browser can simply open it.
    opens: bool,
}

/// Every endpoint, in the order in which the page `/api` shows them.
const ENDPOINTS: [Endpoint; 18] = [
    Endpoint {
        method: "POST",
        path: "/api/v1/ask",
        says: "Ask step by step: what is known, what is possible, what to ask next",
        add: |routes, path| routes.post(path, Access::Reading, ask::ask),
        opens: false,
    },
    Endpoint {
        method: "POST",
        path: "/api/v1/decide",
        says: "Decide a situation under a policy",
        add: |routes, path| routes.post(path, Access::Reading, decide::decide),
        opens: false,
    },
    Endpoint {
        method: "POST",
        path: "/api/v1/screen",
        says: "Check a draft before it is posted",
        add: |routes, path| routes.post(path, Access::May(Action::CheckDrafts), screen::screen),
        opens: false,
    },
    Endpoint {
        method: "GET",
        path: "/api/v1/policies",
        says: "List the policies in force, with their document control",
        add: |routes, path| routes.get(path, Access::Reading, policies::list),
        opens: true,
    },
    Endpoint {
        method: "GET",
        path: "/api/v1/policies/{id}",
        says: "Read one policy: its clauses, rules, facts and contacts",
        add: |routes, path| routes.get(path, Access::Reading, whole::read),
        opens: false,
    },
    Endpoint {
        method: "GET",
        path: "/api/v1/compare",
        says: "Compare two policies: where they part company",
        add: |routes, path| routes.get(path, Access::Reading, compare::read),
        opens: false,
    },
    Endpoint {
        method: "GET",
        path: "/api/v1/lint",
        says: "See what the owner of a policy should know",
        add: |routes, path| routes.get(path, Access::Reading, lint::read),
        opens: true,
    },
    Endpoint {
        method: "GET",
        path: "/api/v1/coverage",
        says: "See what carries each clause out, and what is not built yet",
        add: |routes, path| routes.get(path, Access::Reading, coverage::read),
        opens: true,
    },
    Endpoint {
        method: "GET",
        path: "/api/v1/vocabulary",
        says: "Read the words that situations are described in",
        add: |routes, path| routes.get(path, Access::Reading, vocabulary::read),
        opens: true,
    },
    Endpoint {
        method: "GET",
        path: "/api/v1/registers",
        says: "List the registers: the kinds of record with a life",
        add: |routes, path| routes.get(path, Access::May(Action::ReadCases), cases::registers),
        opens: false,
    },
    Endpoint {
        method: "GET",
        path: "/api/v1/registers/{id}",
        says: "Read one register: its definition, and what opening a case asks",
        add: |routes, path| routes.get(path, Access::May(Action::ReadCases), cases::register),
        opens: false,
    },
    Endpoint {
        method: "POST",
        path: "/api/v1/registers/{id}/cases",
        says: "Open a case in a register",
        add: |routes, path| routes.post(path, Access::May(Action::WorkCases), cases::open),
        opens: false,
    },
    Endpoint {
        method: "GET",
        path: "/api/v1/cases",
        says: "List the cases that you may see",
        add: |routes, path| routes.get(path, Access::May(Action::ReadCases), cases::cases),
        opens: false,
    },
    Endpoint {
        method: "GET",
        path: "/api/v1/cases/{id}",
        says: "Read one case: its answers, its deadlines and what you can do",
        add: |routes, path| routes.get(path, Access::May(Action::ReadCases), cases::case),
        opens: false,
    },
    Endpoint {
        method: "GET",
        path: "/api/v1/cases/{id}/events",
        says: "Read what was done to a case, the opening first",
        add: |routes, path| routes.get(path, Access::May(Action::ReadCases), cases::events),
        opens: false,
    },
    Endpoint {
        method: "POST",
        path: "/api/v1/cases/{id}/steps/{step}",
        says: "Take a step on a case",
        add: |routes, path| routes.post(path, Access::May(Action::WorkCases), cases::step),
        opens: false,
    },
    Endpoint {
        method: "GET",
        path: "/api/v1/audit",
        says: "Read the audit: what was done, by whom, to what and when",
        add: |routes, path| routes.get(path, audit::ACCESS, audit::api_read),
        opens: false,
    },
    Endpoint {
        method: "GET",
        path: "/api/v1/openapi.json",
        says: "Read the description of this interface (OpenAPI 3.1)",
        add: |routes, path| routes.get(path, Access::Reading, openapi::read),
        opens: true,
    },
];

/// The endpoints, and the page that tells people of them.
pub(crate) fn routes() -> Routes {
    ENDPOINTS
        .iter()
        .fold(Routes::new(), |routes, endpoint| {
            (endpoint.add)(routes, endpoint.path)
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

/// The policy that is named; all of them, where none is.
fn chosen<'l>(library: &'l Library, id: Option<&str>) -> Result<Vec<&'l Table>, Problem> {
    match id {
        Some(id) => Ok(vec![find(library, id)?]),
        None => Ok(library.tables().iter().collect()),
    }
}

/// A request that can be read but not be answered, and why.
fn refused(why: impl Into<String>) -> Problem {
    Problem::new(Kind::Unprocessable).detail(why)
}
