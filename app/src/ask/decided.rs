//! An answer, known again by its own address: for records that keep what led to them.

use policy::library::Library;

use super::facts::{Facts, Pairs};
use super::on_record::HELD;
use super::verdict::Panel;

/// What a policy answered at an address of this site.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Decided {
    /// The address, written anew.
    pub(crate) address: String,
    /// The policy, by its title and whose it is.
    pub(crate) policy: String,
    /// The hash of its content.
    pub(crate) version: String,
    /// The answer in a few words.
    pub(crate) says: String,
    /// The facts that were told, by attribute and value.
    pub(crate) facts: Pairs,
}

/// What the answer at an address says today; nothing where the address is not one of an answer here.
pub(crate) fn decided(library: &Library, address: &str) -> Option<Decided> {
    let (path, query) = address.split_once('?')?;
    let policy = path.strip_prefix("/ask/")?.strip_suffix("/answer")?;
    let (table, vocabulary) = (library.table(policy)?, library.vocabulary());
    let pairs: Pairs = form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect();
    let facts = Facts::read(vocabulary, &pairs, &[HELD]).ok()?;
    let given = facts.given(vocabulary).ok()?;
    let situation = given.situation(vocabulary)?;
    let decision = table.decide(vocabulary, &situation, &given.assumed(vocabulary));
    let policy = table.policy();
    Some(Decided {
        address: format!("{path}?{}", facts.query(vocabulary, &[])),
        policy: format!("{}, {}", policy.title, policy.organisation),
        version: policy.hash.clone(),
        says: Panel::of(vocabulary, &decision).title,
        facts: facts.pairs(vocabulary),
    })
}
