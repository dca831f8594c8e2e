//! The clauses on the policy itself, and what carries them out.

use policy::coverage::{Carrier as By, coverage};
use policy::library::Library;
use policy::table::Table;
use policy::words::capitalised;
use serde::Serialize;

use super::page::{ClauseLink, link};
use crate::web::App;

/// A clause that registers or pages carry out.
#[derive(Debug, Serialize)]
pub(super) struct Carried {
    pub(super) says: String,
    pub(super) clause: ClauseLink,
    pub(super) by: Vec<Carrier>,
}

/// A register or a page.
#[derive(Debug, Serialize)]
pub(super) struct Carrier {
    pub(super) says: String,
    pub(super) href: String,
}

/// The clauses on the policy itself that registers and pages carry out.
pub(super) fn carried(app: &App, library: &Library, table: &Table) -> Vec<Carried> {
    let (policy, registers) = (table.policy(), app.registers());
    let coverage = coverage(table, library.vocabulary(), &app.carriers());
    let rows = policy.clauses.iter().zip(&coverage.clauses);
    let rows = rows.filter_map(|(clause, norm)| {
        let mechanism = norm.mechanisms.iter().find(|m| m.name == "governance")?;
        // What stands above already is not said again.
        let elsewhere = |by: &By| matches!(by, By::Register | By::Page);
        if !mechanism.by.iter().all(elsewhere) {
            return None;
        }
        let mut by = Vec::new();
        if mechanism.by.contains(&By::Register) {
            let named = clause.carried_by.iter();
            let named = named.filter_map(|name| name.strip_prefix("register:"));
            by.extend(named.filter_map(|name| registers.register(name)).map(|r| {
                let says = capitalised(&r.plural);
                Carrier {
                    says,
                    href: format!("/registers/{}", r.id),
                }
            }));
        }
        if mechanism.by.contains(&By::Page) {
            by.extend(clause.pages.iter().map(|page| Carrier {
                says: page_called(page).to_owned(),
                href: page.replace("{policy}", &policy.id),
            }));
        }
        (!by.is_empty()).then(|| Carried {
            says: clause.says.clone(),
            clause: link(policy, &clause.reference),
            by,
        })
    });
    rows.collect()
}

/// What a page is called that a policy names; its address, where it is one of a school's own policy.
fn page_called(page: &str) -> &str {
    match page {
        "/retention" => "Retention",
        "/me/file" => "Your own file",
        "/policies/{policy}" => "The policy, open to read",
        other => other,
    }
}
