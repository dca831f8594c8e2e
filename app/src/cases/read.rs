//! Reading one case.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;
use register::life::Sees;

use super::case::{Case, CaseId, moment};
use super::list::Line;
use super::rules::{self, InForce};
use super::{CaseError, access, closer, deadlines, parties, row};
use crate::attachments::AttachmentId;
use crate::authority::Actor;
use crate::store::{Query, Store, StoreError, Tx};
use crate::values;

/// A case as somebody sees it.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The case; where only its outline is theirs, answers and steps hold what they gave themselves alone.
    pub case: Case,
    /// The rules it runs under.
    pub rules: Arc<InForce>,
    /// Whether they see its outline only.
    pub outline: bool,
    /// The fields whose answers are not theirs to see: the case is without them.
    pub hidden: BTreeSet<String>,
    /// The steps that are open to them, each with what it lacks, in words.
    pub steps: Vec<Open>,
    /// The deadlines that run: in words, when due, whether passed.
    pub deadlines: Vec<Running>,
    /// The linked cases that they may see too.
    pub linked: Vec<Line>,
    /// The files of evidence.
    pub evidence: Vec<AttachmentId>,
}

/// A step that is open to somebody.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Open {
    /// The step.
    pub id: String,
    /// The words on its button.
    pub says: String,
    /// What must be there first.
    pub lacks: Vec<String>,
    /// The page on which alone it is taken, where it has one of its own.
    pub page: Option<String>,
}

/// A deadline that runs.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Running {
    /// What must have happened.
    pub says: String,
    /// By when.
    pub due: Timestamp,
    /// Whether it has passed.
    pub passed: bool,
    /// Whether the law sets it.
    pub statutory: bool,
}

/// A case as somebody sees it. Where its register is sensitive, that they looked is entered in the ledger.
///
/// # Errors
/// [`CaseError::NotFound`] where they may not see it: that looks as if it were not there.
pub async fn see(tx: &mut Tx, actor: &Actor, id: &CaseId) -> Result<Seen, CaseError> {
    let (store, trust) = (tx.store().clone(), actor.trust.clone());
    let mut case = row::find(tx, &store, &trust, id)
        .await?
        .ok_or(CaseError::NotFound)?;
    let rules = rules::of_case(tx, &case.rules).await?;
    let today = store.clock().today();
    let who = parties::who(tx, &rules, &case, actor, today).await?;
    let (past, beside) = (case.past(), row::beside(tx, id).await?);
    let life = case.life(&past, &beside);
    // Whom it waits for sees it, as lists say: an overdue case rises to those whom its register does not name.
    let listed = access::sees(tx, actor, &case).await?;
    let sees = rules.rules().sees(life, &who).max(listed);
    if sees == Sees::Nothing {
        return Err(CaseError::NotFound);
    }
    let outline = sees == Sees::Outline;
    let offers = rules.rules().offered(life, &who).into_iter();
    let steps = offers.map(|offer| Open {
        id: offer.step.id.clone(),
        says: offer.step.says.clone(),
        lacks: offer.lacks.iter().map(ToString::to_string).collect(),
        page: closer::own_page(offer.step, id),
    });
    let steps = steps.collect();
    let kept = closer::kept_files(tx, &store, actor, &rules, &case).await?;
    let hidden = closer::without(tx, &store, actor, &rules, &mut case).await?;
    let running = deadlines::running(tx, id).await?;
    let running = running.into_iter().filter_map(|(deadline, due, passed)| {
        let deadline = rules.register().deadline(&deadline)?;
        Some(Running {
            says: deadline.says.clone(),
            due,
            passed,
            statutory: deadline.statutory,
        })
    });
    let deadlines = running.collect();
    if outline {
        case.done
            .retain(|done| done.person.is_some() && done.person == actor.person);
        case.answers = case
            .done
            .iter()
            .flat_map(|done| done.answers.clone())
            .collect();
    } else if rules.register().sensitivity == register::Sensitivity::Sensitive {
        looked(tx, actor, &case).await?;
    }
    let linked = linked(tx, &store, actor, id).await?;
    let evidence = if outline {
        Vec::new()
    } else {
        let mut files = evidence(tx, id).await?;
        files.retain(|file| !kept.contains(file));
        files
    };
    Ok(Seen {
        case,
        rules,
        outline,
        hidden,
        steps,
        deadlines,
        linked,
        evidence,
    })
}

/// Enters that somebody read a case.
async fn looked(tx: &mut Tx, actor: &Actor, case: &Case) -> Result<(), CaseError> {
    let change = crate::ledger::Change {
        kind: "case.read",
        record_kind: "case_file",
        record: case.id.as_str(),
        before: None,
        after: None,
    };
    crate::ledger::record_event(tx, actor, Some(crate::authority::Action::ReadCases), change)
        .await?;
    Ok(())
}

async fn evidence(query: &mut impl Query, id: &CaseId) -> Result<Vec<AttachmentId>, StoreError> {
    let rows = query
        .all(
            "SELECT id FROM attachment WHERE trust = $1 AND record_kind = 'case_file' AND record = $2 ORDER BY added_at, id",
            values![id],
        )
        .await?;
    rows.iter().map(|row| row.get("id")).collect()
}

/// The cases linked with one that somebody may see.
async fn linked(
    tx: &mut Tx,
    store: &Store,
    actor: &Actor,
    id: &CaseId,
) -> Result<Vec<Line>, CaseError> {
    let rows = tx
        .all(
            "SELECT linked FROM case_link WHERE trust = $1 AND case_id = $2 ORDER BY linked",
            values![id],
        )
        .await?;
    let mut lines = Vec::new();
    for row in &rows {
        let other: CaseId = row.get("linked")?;
        let Some(mut case) = row::find(tx, store, &actor.trust, &other).await? else {
            continue;
        };
        let sees = access::sees(tx, actor, &case).await?;
        if sees == Sees::Nothing {
            continue;
        }
        case.done.clear();
        let rules = rules::of_case(tx, &case.rules).await?;
        closer::without(tx, store, actor, &rules, &mut case).await?;
        lines.push(Line::new(case, rules, sees == Sees::Outline, None));
    }
    Ok(lines)
}

impl Seen {
    /// When it was last changed.
    #[must_use]
    pub fn changed(&self) -> Timestamp {
        moment(self.case.changed_at)
    }
}
