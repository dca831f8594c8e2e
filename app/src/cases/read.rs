//! Reading cases: one, or those that somebody may see.

use std::sync::Arc;

use jiff::Timestamp;
use register::life::Sees;

use super::case::{Case, CaseId, moment};
use super::rules::{self, InForce, OfCases};
use super::{CaseError, access, deadlines, parties, row};
use crate::attachments::AttachmentId;
use crate::authority::Actor;
use crate::people::{Listed, Part};
use crate::store::{Query, Row, SchoolId, Store, StoreError, Tx};
use crate::values;

/// A case as somebody sees it.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The case; where only its outline is theirs, answers and steps hold what they gave themselves alone.
    pub case: Case,
    /// The rules it runs under.
    pub rules: InForce,
    /// Whether they see its outline only.
    pub outline: bool,
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

/// A case as a list shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// The case.
    pub case: Case,
    /// The rules it runs under.
    pub rules: Arc<InForce>,
    /// Whether only its outline is theirs.
    pub outline: bool,
    /// The words of its state.
    pub state: String,
    /// When the next deadline is due.
    pub due: Option<Timestamp>,
}

/// Which cases to list.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Filter {
    /// Of that register.
    pub register: Option<String>,
    /// In that state.
    pub state: Option<String>,
    /// Of that school.
    pub school: Option<SchoolId>,
    /// Open, over, or either.
    pub standing: Standing,
    /// Only those that wait for them.
    pub waiting: bool,
    /// With that reference, or one that begins so.
    pub reference: String,
    /// The oldest first.
    pub oldest_first: bool,
}

/// Whether a case is over.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Standing {
    /// Still open.
    #[default]
    Open,
    /// Over.
    Closed,
    /// Either.
    All,
}

/// Which cases a list shows: `$2` to `$25` are the audiences, `$26` the person, `$27` the register, `$28` the state,
/// `$29` the school, `$30` the standing, `$31` whether only waiting ones, `$32` the reference. Whoever a case is about
/// sees it as themself and never through a role.
macro_rules! listed {
    () => {
        "c.id IN (SELECT a.case_id FROM case_access a WHERE a.trust = $1 AND a.audience IN ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, \
             $21, $22, $23, $24, $25) \
           AND (c.subject IS NULL OR c.subject <> $26 OR a.audience = 'person/' || $26) \
           AND ($31 = 0 OR a.waits = 1)) \
         AND ($27 = '' OR c.register = $27) AND ($28 = '' OR c.state = $28) AND ($29 = '' OR c.school = $29) \
         AND ($30 = 'all' OR ($30 = 'open' AND c.closed_at IS NULL) OR ($30 = 'closed' AND c.closed_at IS NOT NULL)) \
         AND c.reference LIKE $32 ESCAPE '\\'"
    };
}

/// What a list shows of each case: whether only its outline is theirs, and when it is next due. What follows says
/// which cases, in which order; the audiences and the person stand where [`listed!`] has them.
macro_rules! lines {
    ($which:expr) => {
        concat!(
            "SELECT c.id, c.register, c.rules, c.reference, c.school, c.state, c.opened_by, c.subject_kind, \
               c.subject, c.handler, c.opened_at, c.changed_at, c.closed_at, c.revision, c.paper, c.filed, \
               c.disclosed, c.in_force, c.in_force_until, c.answers, k.wrapped, \
               (SELECT MIN(a.outline) FROM case_access a WHERE a.trust = $1 AND a.case_id = c.id \
                 AND a.audience IN ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, \
                   $20, $21, $22, $23, $24, $25) \
                 AND (c.subject IS NULL OR c.subject <> $26 OR a.audience = 'person/' || $26)) AS outline, \
               (SELECT MIN(d.due_at) FROM case_deadline d WHERE d.trust = $1 AND d.case_id = c.id \
                 AND d.ended_at IS NULL) AS due_at \
             FROM case_file c \
             LEFT JOIN record_key k ON k.trust = c.trust AND k.record = 'case_file/' || c.id WHERE c.trust = $1 AND ",
            $which
        )
    };
}
pub(super) use lines;

/// The cases that somebody may see and the filter wants, the latest first.
///
/// # Errors
/// Where the store fails.
pub async fn list(
    query: &mut impl Query,
    store: &Store,
    actor: &Actor,
    filter: &Filter,
    part: Part,
) -> Result<Listed<Line>, CaseError> {
    let order = match filter.oldest_first {
        true => Order::Oldest,
        false => Order::Latest,
    };
    ordered(query, store, actor, filter, order, part).await
}

/// The open cases that wait for somebody, the most urgent first.
///
/// # Errors
/// Where the store fails.
pub async fn waiting(
    query: &mut impl Query,
    store: &Store,
    actor: &Actor,
    part: Part,
) -> Result<Listed<Line>, CaseError> {
    let filter = Filter {
        waiting: true,
        ..Filter::default()
    };
    ordered(query, store, actor, &filter, Order::Due, part).await
}

/// The order of a list.
#[derive(Clone, Copy)]
enum Order {
    Latest,
    Oldest,
    Due,
}

async fn ordered(
    query: &mut impl Query,
    store: &Store,
    actor: &Actor,
    filter: &Filter,
    order: Order,
    part: Part,
) -> Result<Listed<Line>, CaseError> {
    let mut values = access::audience_values(actor);
    values.extend(values![
        filter.register.as_deref().unwrap_or_default(),
        filter.state.as_deref().unwrap_or_default(),
        filter.school.as_ref().map_or("", SchoolId::as_str),
        match filter.standing {
            Standing::Open => "open",
            Standing::Closed => "closed",
            Standing::All => "all",
        },
        filter.waiting,
        format!("{}%", escaped(&filter.reference))
    ]);
    let total = query
        .count(
            concat!(
                "SELECT COUNT(*) AS n FROM case_file c WHERE c.trust = $1 AND ",
                listed!()
            ),
            values.clone(),
        )
        .await?;
    values.extend(values![i64::from(part.size), i64::from(part.skip)]);
    let rows = match order {
        Order::Oldest => {
            let sql = lines!(concat!(listed!(), " ORDER BY c.id LIMIT $33 OFFSET $34"));
            query.all(sql, values).await?
        }
        Order::Latest => {
            let sql = lines!(concat!(
                listed!(),
                " ORDER BY c.id DESC LIMIT $33 OFFSET $34"
            ));
            query.all(sql, values).await?
        }
        Order::Due => {
            let sql = lines!(concat!(
                listed!(),
                " ORDER BY due_at NULLS LAST, c.id LIMIT $33 OFFSET $34"
            ));
            query.all(sql, values).await?
        }
    };
    let items = cases_of(query, store, actor, &rows).await?;
    Ok(Listed { items, total })
}

pub(super) fn escaped(text: &str) -> String {
    let text = text.trim().to_uppercase();
    text.replace('\\', "\\\\")
        .replace('%', "\\%")
        .replace('_', "\\_")
}

/// The cases of rows of [`lines!`], without those whose key is gone.
pub(super) async fn cases_of(
    query: &mut impl Query,
    store: &Store,
    actor: &Actor,
    rows: &[Row],
) -> Result<Vec<Line>, CaseError> {
    let (mut lines, mut rules) = (Vec::new(), OfCases::default());
    for row in rows {
        if let Some((case, _)) = row::opened(store, &actor.trust, row)? {
            let rules = rules.get(query, &case.rules).await?;
            lines.push(Line::new(
                case,
                rules,
                row.get("outline")?,
                row.get("due_at")?,
            ));
        }
    }
    Ok(lines)
}

impl Line {
    fn new(mut case: Case, rules: Arc<InForce>, outline: bool, due: Option<Timestamp>) -> Self {
        let state = rules.register().state(&case.state);
        let state = state.map_or_else(|| case.state.clone(), |state| state.says.clone());
        // Which of the answers somebody gave themselves stands in the steps, which a list does not read.
        if outline {
            case.answers.clear();
        }
        Self {
            case,
            rules,
            outline,
            state,
            due,
        }
    }
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
    });
    let steps = steps.collect();
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
        evidence(tx, id).await?
    };
    Ok(Seen {
        case,
        rules,
        outline,
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
    let (mut lines, mut rules) = (Vec::new(), OfCases::default());
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
        let rules = rules.get(tx, &case.rules).await?;
        lines.push(Line::new(case, rules, sees == Sees::Outline, None));
    }
    Ok(lines)
}

/// The case with a reference, where somebody may see it.
///
/// # Errors
/// [`CaseError::NotFound`] where they may not.
pub async fn by_reference(
    query: &mut impl Query,
    actor: &Actor,
    store: &Store,
    reference: &str,
) -> Result<CaseId, CaseError> {
    let filter = Filter {
        reference: reference.to_owned(),
        standing: Standing::All,
        oldest_first: true,
        ..Filter::default()
    };
    // The oldest has the shortest number of those that begin alike.
    let part = Part { skip: 0, size: 1 };
    let found = list(query, store, actor, &filter, part)
        .await?
        .items
        .into_iter()
        .next();
    let exact = found.filter(|line| line.case.reference.eq_ignore_ascii_case(reference.trim()));
    exact.map(|line| line.case.id).ok_or(CaseError::NotFound)
}

impl Seen {
    /// When it was last changed.
    #[must_use]
    pub fn changed(&self) -> Timestamp {
        moment(self.case.changed_at)
    }
}
