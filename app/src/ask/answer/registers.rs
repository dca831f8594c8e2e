//! The registers in which what an answer asks for is done: those that carry out the clauses that gave it.

use policy::decision::Decision;
use policy::policy_file::Clause;
use register::{Door, Register};

use super::page::RegisterLine;
use crate::web::App;

/// Before a register's name, where a clause names it as what carries it out.
const REGISTER: &str = "register:";

/// One line for each register that a clause of the answer names and that people open themselves; the answer's own
/// address tells it what is known of the situation, and stays with what is opened. None where the site keeps no records.
pub(super) fn lines(app: &App, decision: &Decision<'_>, address: &str) -> Vec<RegisterLine> {
    if app.store_if_any().is_none() {
        return Vec::new();
    }
    let owed = decision.duties.iter().map(|duty| duty.clause);
    let leave = decision
        .permission
        .iter()
        .map(|permission| permission.clause);
    let clauses = owed.chain(leave).chain(decision.decided_by.iter().copied());
    let mut ids: Vec<&str> = Vec::new();
    for id in clauses.flat_map(registers_of) {
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    let registers = app.registers();
    let mut query = form_urlencoded::Serializer::new(String::new());
    let query = query.append_pair("decision", address).finish();
    let lines = ids.into_iter().filter_map(|id| {
        let register = registers.register(id)?;
        Some(RegisterLine {
            says: format!("{}: {}", lead(register)?, register.name),
            href: format!("/registers/{id}?{query}"),
        })
    });
    lines.collect()
}

fn registers_of(clause: &Clause) -> impl Iterator<Item = &str> {
    clause
        .carried_by
        .iter()
        .filter_map(|name| name.strip_prefix(REGISTER))
}

/// What is done at a register's door; nothing where people do not open its cases themselves.
fn lead(register: &Register) -> Option<&'static str> {
    match register.door? {
        Door::Ask => Some("Ask about it"),
        Door::Report => Some("Report it"),
        Door::Declare => Some("Declare it"),
        Door::Request => Some("Ask for it"),
        Door::Keep => None,
    }
}
