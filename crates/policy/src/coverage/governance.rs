//! What carries out the clauses on the policy itself: its page of document control, the registers that keep what goes
//! with it, and the pages of the program.

use crate::policy_file::{Clause, Policy};

use super::{Carrier, Carriers};

/// The page that shows the document control of a policy.
pub const CONTROL_PAGE: &str = "/policies/{policy}/control";
/// The register of the editions of statutory guidance.
const EDITIONS: &str = "register:statutory-edition";
/// The register of the papers that a policy is read with.
const LINKED: &str = "register:linked-policy";

/// What carries a clause on the policy itself out; nothing where what it leans on is not there.
pub(super) fn carriers(policy: &Policy, clause: &Clause, carriers: &Carriers) -> Vec<Carrier> {
    let named = |reference: &String| *reference == clause.reference;
    let shown = carriers.pages.contains(CONTROL_PAGE);
    let kept = |register| shown && carriers.registers.contains(register);
    let answers = (policy.id.clone(), clause.reference.clone());
    let there = |page: &String| carriers.pages.contains(page);
    let found = [
        (Carrier::Scope, shown && !clause.covers.is_empty()),
        (
            Carrier::Fact,
            shown && policy.facts.iter().any(|f| named(&f.clause)),
        ),
        (
            Carrier::Contact,
            shown && policy.contacts.iter().any(|c| named(&c.clause)),
        ),
        (
            Carrier::Citation,
            kept(EDITIONS) && policy.cites.iter().any(|c| named(&c.clause)),
        ),
        (Carrier::Aim, shown && clause.aim),
        (
            Carrier::Linked,
            kept(LINKED) && policy.linked.iter().any(|l| named(&l.clause)),
        ),
        (Carrier::Register, carriers.clauses.contains(&answers)),
        (
            Carrier::Page,
            !clause.pages.is_empty() && clause.pages.iter().all(there),
        ),
    ];
    let found = found.into_iter().filter(|(_, holds)| *holds);
    found.map(|(carrier, _)| carrier).collect()
}
