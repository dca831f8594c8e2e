//! The cases that somebody may see, as lists, counts and searches have them.
//!
//! Every statement begins at `case_access`, with the audiences that the person is in, and stops where the page is
//! full: what a list costs hangs on what it shows, not on how many cases there are. Each audience is a branch of its
//! own, read in the order of its index; a list of them in one condition would have to be sorted whole.

use std::sync::Arc;

use jiff::Timestamp;
use register::life::Sees;

use super::case::{Case, CaseId};
use super::rules::{self, InForce};
use super::{CaseError, access, closer, row};
use crate::authority::Actor;
use crate::people::Part;
use crate::store::{Query, Row, SchoolId, Store, Value};
use crate::values;

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

/// Cases that were found, a part of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// That part.
    pub items: Vec<Line>,
    /// How many there are; where there are more than are counted, so many were counted.
    pub total: u64,
    /// Whether there are more than were counted.
    pub more: bool,
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
    /// Only those that wait for them, which are open; the most urgent first.
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

/// How many cases a list counts: whoever has more narrows it down.
pub(super) const COUNTED: u64 = 1_000;

/// One branch for each audience, `$2` to `$25`.
macro_rules! each_audience {
    ($before:expr, $after:expr) => {
        $crate::cases::list::each_audience!($before, $after,
            2; 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25)
    };
    ($before:expr, $after:expr, $first:literal; $($next:literal)*) => {
        concat!(
            "SELECT * FROM (", $before, "$", $first, $after, ") AS a", $first,
            $(" UNION ALL SELECT * FROM (", $before, "$", $next, $after, ") AS a", $next,)*
        )
    };
}
pub(super) use each_audience;

/// The cases of one audience, but for the ones about the person: these they see as themself and never through a role;
/// `$27` is the register. With the cases themselves as `c`, the order of a cross join is kept by SQLite, which would
/// otherwise begin at an index of the cases.
macro_rules! of_audience {
    () => {
        "SELECT a.case_id AS id, a.outline AS outline, a.due_at AS due_at FROM case_access a \
         WHERE a.trust = $1 AND (a.about = '' OR a.about <> $26 OR a.audience = 'person/' || $26) \
           AND ($27 = '' OR a.register = $27) AND a.audience = "
    };
    (with cases) => {
        "SELECT a.case_id AS id, a.outline AS outline, a.due_at AS due_at FROM case_access a CROSS JOIN case_file c \
         WHERE a.trust = $1 AND (a.about = '' OR a.about <> $26 OR a.audience = 'person/' || $26) \
           AND ($27 = '' OR a.register = $27) AND c.trust = $1 AND c.id = a.case_id AND a.audience = "
    };
}
pub(super) use of_audience;

/// The cases that a list shows: `$28` how many of each audience are looked at, which are those of the parts up to this
/// one; `$which` and `$order` of an audience have an index, which holds all that is read.
macro_rules! listed {
    ($which:literal, $order:literal) => {
        each_audience!(
            of_audience!(),
            concat!($which, " ORDER BY ", $order, " LIMIT $28")
        )
    };
}

/// The same where the filter asks the cases themselves: `$28` the state, `$29` the school, `$30` how the reference
/// begins.
macro_rules! narrowed {
    ($which:literal, $order:literal) => {
        each_audience!(
            of_audience!(with cases),
            concat!(
                " AND ($28 = '' OR c.state = $28) AND ($29 = '' OR c.school = $29) AND c.reference LIKE $30 ESCAPE '\\'",
                $which,
                " ORDER BY ",
                $order,
                " LIMIT $31"
            )
        )
    };
}

/// How many those are.
macro_rules! counted {
    ($cases:expr) => {
        concat!("SELECT COUNT(DISTINCT m.id) AS n FROM (", $cases, ") m")
    };
}
pub(super) use counted;

/// A part of those: the cases themselves, whether only their outline is the person's, and when they are next due.
macro_rules! lines {
    ($cases:expr, $order:literal, $part:literal, $after:literal) => {
        concat!(
            "SELECT c.id, c.register, c.rules, c.reference, c.school, c.state, c.opened_by, c.subject_kind, \
               c.subject, c.handler, c.opened_at, c.changed_at, c.closed_at, c.revision, c.paper, c.filed, \
               c.disclosed, c.in_force, c.in_force_until, c.answers, k.wrapped, s.outline, s.due_at \
             FROM (SELECT m.id, MIN(m.outline) AS outline, MIN(m.due_at) AS due_at FROM (",
            $cases,
            ") m GROUP BY m.id ORDER BY ",
            $order,
            " ",
            $part,
            ") s JOIN case_file c ON c.trust = $1 AND c.id = s.id \
             LEFT JOIN record_key k ON k.trust = c.trust AND k.record = 'case_file/' || c.id ORDER BY ",
            $after
        )
    };
}
pub(super) use lines;

/// The count and the part of one kind of list, narrowed down or not.
macro_rules! statements {
    ($narrow:expr, $which:literal, $order:literal, $of_all:literal, $after:literal) => {
        match $narrow {
            true => (
                counted!(narrowed!($which, $order)),
                lines!(
                    narrowed!($which, $order),
                    $of_all,
                    "LIMIT $32 OFFSET $33",
                    $after
                ),
            ),
            false => (
                counted!(listed!($which, $order)),
                lines!(
                    listed!($which, $order),
                    $of_all,
                    "LIMIT $29 OFFSET $30",
                    $after
                ),
            ),
        }
    };
}

/// The statements of a list, its count first.
fn statements(standing: Standing, order: Order, narrow: bool) -> (&'static str, &'static str) {
    match (standing, order) {
        (_, Order::Due) => statements!(
            narrow,
            " AND a.waits = 1",
            "a.due_at, a.case_id",
            "due_at, m.id",
            "s.due_at, s.id"
        ),
        (Standing::Open, Order::Latest) => statements!(
            narrow,
            " AND a.closed = 0",
            "a.case_id DESC",
            "m.id DESC",
            "s.id DESC"
        ),
        (Standing::Open, Order::Oldest) => {
            statements!(narrow, " AND a.closed = 0", "a.case_id", "m.id", "s.id")
        }
        (Standing::Closed, Order::Latest) => statements!(
            narrow,
            " AND a.closed = 1",
            "a.case_id DESC",
            "m.id DESC",
            "s.id DESC"
        ),
        (Standing::Closed, Order::Oldest) => {
            statements!(narrow, " AND a.closed = 1", "a.case_id", "m.id", "s.id")
        }
        (Standing::All, Order::Latest) => {
            statements!(narrow, "", "a.case_id DESC", "m.id DESC", "s.id DESC")
        }
        (Standing::All, Order::Oldest) => {
            statements!(narrow, "", "a.case_id", "m.id", "s.id")
        }
    }
}

/// The cases that somebody may see and the filter wants, the latest first; those that wait, the most urgent first.
///
/// # Errors
/// Where the store fails.
pub async fn list(
    query: &mut impl Query,
    store: &Store,
    actor: &Actor,
    filter: &Filter,
    part: Part,
) -> Result<Found, CaseError> {
    let order = match (filter.waiting, filter.oldest_first) {
        (true, _) => Order::Due,
        (false, true) => Order::Oldest,
        (false, false) => Order::Latest,
    };
    let state = filter.state.as_deref().unwrap_or_default();
    let school = filter.school.as_ref().map_or("", SchoolId::as_str);
    let begins = escaped(&filter.reference);
    let narrow = ![state, school, &begins].iter().all(|text| text.is_empty());
    let mut values = access::audience_values(actor, filter.school.as_ref());
    values.extend(values![filter.register.as_deref().unwrap_or_default()]);
    if narrow {
        values.extend(values![state, school, format!("{begins}%")]);
    }
    let statements = statements(filter.standing, order, narrow);
    found(query, (store, actor), statements, values, part, COUNTED).await
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
) -> Result<Found, CaseError> {
    let filter = Filter {
        waiting: true,
        ..Filter::default()
    };
    list(query, store, actor, &filter, part).await
}

/// The order of a list.
#[derive(Clone, Copy)]
enum Order {
    Latest,
    Oldest,
    Due,
}

/// Counts what the statements find, and reads a part of it. Behind the values stand how many of each audience are
/// looked at and, for the part, its size and what it skips.
pub(super) async fn found(
    query: &mut impl Query,
    (store, actor): (&Store, &Actor),
    (count, lines): (&'static str, &'static str),
    values: Vec<Value>,
    part: Part,
    at_most: u64,
) -> Result<Found, CaseError> {
    let number = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    let mut counting = values.clone();
    counting.extend(values![number(at_most + 1)]);
    let counted = query.count(count, counting).await?;
    let (size, skip) = (u64::from(part.size), u64::from(part.skip));
    let items = match part.size {
        0 => Vec::new(),
        _ => {
            let mut reading = values;
            reading.extend(values![number(size + skip), number(size), number(skip)]);
            let rows = query.all(lines, reading).await?;
            cases_of(query, store, actor, &rows).await?
        }
    };
    Ok(Found {
        items,
        total: counted.min(at_most),
        more: counted > at_most,
    })
}

pub(super) fn escaped(text: &str) -> String {
    let text = text.trim().to_uppercase();
    text.replace('\\', "\\\\")
        .replace('%', "\\%")
        .replace('_', "\\_")
}

/// The cases of rows of [`lines!`], without those whose key is gone.
async fn cases_of(
    query: &mut impl Query,
    store: &Store,
    actor: &Actor,
    rows: &[Row],
) -> Result<Vec<Line>, CaseError> {
    let mut lines = Vec::new();
    for row in rows {
        if let Some((mut case, _)) = row::opened(store, &actor.trust, row)? {
            let rules = rules::of_case(query, &case.rules).await?;
            closer::without(query, store, actor, &rules, &mut case).await?;
            let due = access::due_of(row)?;
            lines.push(Line::new(case, rules, row.get("outline")?, due));
        }
    }
    Ok(lines)
}

impl Line {
    pub(super) fn new(
        mut case: Case,
        rules: Arc<InForce>,
        outline: bool,
        due: Option<Timestamp>,
    ) -> Self {
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
    let reference = reference.trim().to_uppercase();
    let case = row::by_reference(query, store, &actor.trust, &reference)
        .await?
        .ok_or(CaseError::NotFound)?;
    match access::sees(query, actor, &case).await? {
        Sees::Nothing => Err(CaseError::NotFound),
        Sees::Outline | Sees::Whole => Ok(case.id),
    }
}
