//! How the papers, editions and reviews of a policy stand, from the registers that keep them.

use std::collections::BTreeSet;

use policy::policy_file::{Citation, Linked, Policy};

use crate::authority::Actor;
use crate::cases::{self, CaseError, Filter, Line, Standing};
use crate::people::Part;
use crate::schools;
use crate::store::{Query, SchoolId, Store};

pub(super) const LINKED: &str = "linked-policy";
pub(super) const EDITIONS: &str = "statutory-edition";
pub(super) const REVIEWS: &str = "policy-review";
/// So many of the latest cases of a register are looked through.
const LATEST: u32 = 200;

/// What the registers hold that goes with one policy and that somebody may see, the latest first.
#[derive(Debug, Default)]
pub(super) struct Kept {
    pub(super) linked: Vec<Line>,
    pub(super) editions: Vec<Line>,
    pub(super) reviews: Vec<Line>,
}

impl Kept {
    pub(super) async fn of(
        query: &mut impl Query,
        store: &Store,
        actor: &Actor,
        policy: &Policy,
    ) -> Result<Self, CaseError> {
        let today = store.clock().today();
        let mut follow: BTreeSet<SchoolId> = BTreeSet::new();
        for school in schools::all(query).await? {
            let following = schools::policy_on(query, &school.id, today).await?;
            if following.is_some_and(|following| following.policy == policy.id) {
                follow.insert(school.id);
            }
        }
        let here = |line: &Line| line.case.school.as_ref().is_none_or(|s| follow.contains(s));
        let mut kept = Self {
            linked: list(query, store, actor, LINKED, Standing::Open).await?,
            editions: list(query, store, actor, EDITIONS, Standing::Open).await?,
            reviews: list(query, store, actor, REVIEWS, Standing::All).await?,
        };
        kept.linked.retain(|line| here(line) && about(line, policy));
        kept.editions.retain(here);
        kept.reviews
            .retain(|line| here(line) && about(line, policy));
        Ok(kept)
    }

    /// The case of a paper that the policy is read with.
    pub(super) fn of_linked(&self, paper: &Linked) -> Option<&Line> {
        let same = |line: &&Line| alike(answer(line, "title"), &paper.title);
        self.linked.iter().find(same)
    }

    /// The case of a work that the policy cites: of the edition that is named there, or of a later one.
    pub(super) fn of_work(&self, cited: &Citation, title: Option<&str>) -> Option<&Line> {
        let same = |line: &&Line| {
            let work = answer(line, "work");
            alike(work, &cited.work) || title.is_some_and(|title| alike(work, title))
        };
        self.editions.iter().find(same)
    }
}

async fn list(
    query: &mut impl Query,
    store: &Store,
    actor: &Actor,
    register: &str,
    standing: Standing,
) -> Result<Vec<Line>, CaseError> {
    let filter = Filter {
        register: Some(register.to_owned()),
        standing,
        ..Filter::default()
    };
    let part = Part {
        skip: 0,
        size: LATEST,
    };
    Ok(cases::list(query, store, actor, &filter, part).await?.items)
}

/// The first answer to a field; nothing where only an outline is shown.
pub(super) fn answer<'l>(line: &'l Line, field: &str) -> &'l str {
    let answers = line.case.answers.get(field);
    answers
        .and_then(|answers| answers.first())
        .map_or("", String::as_str)
}

/// Whether a case names the policy: by its name in data, its title, or both title and organisation.
fn about(line: &Line, policy: &Policy) -> bool {
    names(answer(line, "policy"), policy)
}

/// Whether a text names a policy.
pub(super) fn names(text: &str, policy: &Policy) -> bool {
    [policy.id.clone(), policy.title.clone(), called(policy)]
        .iter()
        .any(|name| alike(text, name))
}

/// What the program calls a policy in a case: its title, and whose it is.
pub(super) fn called(policy: &Policy) -> String {
    format!("{} ({})", policy.title, policy.organisation)
}

fn alike(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
}
