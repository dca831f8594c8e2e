//! What a case says is shown to those who see the case, and not by the log to anybody else. Of a case that is kept from
//! whom it is about, the log does not even say to others that it is there: who asks may be the one.

use std::collections::{BTreeSet, HashMap};

use super::events;
use super::filter::Filter;
use crate::attachments::{self, Attachment};
use crate::authority::Actor;
use crate::cases::{self, Case, CaseError, CaseId};
use crate::ledger::Record as _;
use crate::store::{Query, Row, Store};

/// Whether what an event did to a record may be shown: of a case only to those who see every answer of it.
///
/// # Errors
/// Where the store fails.
pub(super) async fn may_be_shown(
    query: &mut impl Query,
    store: &Store,
    actor: &Actor,
    (kind, record): (&str, &str),
) -> Result<bool, CaseError> {
    let Some(case) = case_of(query, (kind, record)).await? else {
        return Ok(true);
    };
    let seen = cases::seen_whole(query, store, actor, &BTreeSet::from([case])).await?;
    Ok(!seen.is_empty())
}

/// The case that an event's record is, or whose file it is.
async fn case_of(
    query: &mut impl Query,
    (kind, record): (&str, &str),
) -> Result<Option<CaseId>, CaseError> {
    let case = match kind {
        Case::KIND => Some(record.to_owned()),
        Attachment::KIND => attachments::belongs_to(query, record, Case::KIND).await?,
        _ => None,
    };
    Ok(case.and_then(|case| case.parse().ok()))
}

/// Which events are there for somebody. Each case is looked up once.
pub(super) struct Sight<'a> {
    store: &'a Store,
    actor: &'a Actor,
    kept_out: HashMap<CaseId, bool>,
}

impl<'a> Sight<'a> {
    pub(super) fn of(store: &'a Store, actor: &'a Actor) -> Self {
        Self {
            store,
            actor,
            kept_out: HashMap::new(),
        }
    }

    /// Whether an event of a record is there for them.
    ///
    /// # Errors
    /// Where the store fails.
    pub(super) async fn shows(
        &mut self,
        query: &mut impl Query,
        (kind, record): (&str, &str),
    ) -> Result<bool, CaseError> {
        let Some(case) = case_of(query, (kind, record)).await? else {
            return Ok(true);
        };
        if let Some(kept_out) = self.kept_out.get(&case) {
            return Ok(!kept_out);
        }
        let kept_out = cases::kept_out(query, self.store, self.actor, &case).await?;
        self.kept_out.insert(case, kept_out);
        Ok(!kept_out)
    }

    /// The next events that are asked for and there for them, the newest first.
    ///
    /// # Errors
    /// Where the store fails.
    pub(super) async fn rows(
        &mut self,
        query: &mut impl Query,
        filter: &Filter,
        limit: usize,
    ) -> Result<Vec<Row>, CaseError> {
        let mut filter = filter.clone();
        let mut shown = Vec::new();
        loop {
            let wanted = i64::try_from(limit).unwrap_or(i64::MAX);
            let rows = events::rows(query, &filter, wanted).await?;
            let last = rows.len() < limit;
            for row in rows {
                filter.before = row.get("seq")?;
                let (kind, record): (String, String) =
                    (row.get("record_kind")?, row.get("record")?);
                if self.shows(query, (&kind, &record)).await? {
                    shown.push(row);
                }
                if shown.len() == limit {
                    return Ok(shown);
                }
            }
            if last {
                return Ok(shown);
            }
        }
    }
}
