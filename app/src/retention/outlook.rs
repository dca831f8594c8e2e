//! What the rules say of one case now: whether it may be erased, and if not, what keeps it and until when.

use jiff::civil::Date;

use super::{disposal, period, run};
use crate::authority::{Actor, Permit};
use crate::cases::{self, CaseError, CaseId};
use crate::store::{Query, Store, TrustId};
use crate::values;

/// What keeps a case, or that nothing does.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Outlook {
    /// Its time is over: how it was worked out, and what is not sure about it.
    Over {
        /// "6 years after the case was closed on 1 September 2020".
        says: String,
        /// Empty where nothing is unsure.
        doubt: String,
    },
    /// It is kept until the end of a day, by its register's rule.
    Until {
        /// The last day.
        last: Date,
        /// How it was worked out.
        says: String,
        /// Where the rule is from.
        source: String,
    },
    /// Somebody holds it back.
    Held,
    /// A case that is linked with it is still open.
    Linked,
    /// It is still open.
    Open,
    /// Its time has not begun to run: it begins when whom it is about leaves.
    NotBegun {
        /// Where the rule is from.
        source: String,
    },
}

/// What the rules say of a case that is about somebody; nothing where it is about nobody of that identifier: then it is
/// another's record. Ask only for a case that the person who asks was shown.
///
/// # Errors
/// Where the store fails.
pub(crate) async fn outlook(
    query: &mut impl Query,
    (store, trust): (&Store, &TrustId),
    id: &CaseId,
    about: &str,
) -> Result<Option<Outlook>, CaseError> {
    let row = query
        .first(
            "SELECT c.subject, c.closed_at, \
               (SELECT COUNT(*) FROM retention_hold h WHERE h.trust = $1 AND h.case_id = c.id AND h.lifted_at IS NULL) AS held, \
               (SELECT COUNT(*) FROM case_link l JOIN case_file o ON o.trust = l.trust AND o.id = l.linked \
                 WHERE l.trust = $1 AND l.case_id = c.id AND o.closed_at IS NULL) AS linked \
             FROM case_file c WHERE c.trust = $1 AND c.id = $2",
            values![id],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    let subject: Option<String> = row.get("subject")?;
    if subject.as_deref() != Some(about) {
        return Ok(None);
    }
    let (held, linked): (u64, u64) = (row.get("held")?, row.get("linked")?);
    let Some(case) = cases::closed_one(query, (store, trust), id).await? else {
        return Ok(Some(Outlook::Open));
    };
    let rule = &case.retention;
    let known = run::known(query, store, trust, &case).await?;
    Ok(Some(match period::period(rule, &known) {
        _ if held > 0 => Outlook::Held,
        _ if linked > 0 => Outlook::Linked,
        None => Outlook::NotBegun {
            source: rule.source.clone(),
        },
        Some(period) if period.ends < store.clock().today() => Outlook::Over {
            says: period.says,
            doubt: period.doubt,
        },
        Some(period) => Outlook::Until {
            last: period.ends,
            says: period.says,
            source: rule.source.clone(),
        },
    }))
}

/// Erases a case whose time is over without waiting for the nightly run; gives whether it did. It is proposed first, and
/// the proposal confirmed, so that all that holds for others holds for it.
///
/// # Errors
/// Where the store fails.
pub(crate) async fn erase_now(
    store: &Store,
    permit: &Permit,
    id: &CaseId,
) -> Result<bool, CaseError> {
    let trust = &permit.actor().trust;
    let mut tx = store.begin(trust).await?;
    let Some(case) = cases::closed_one(&mut tx, (store, trust), id).await? else {
        return Ok(false);
    };
    let Some(period) = run::judged(&mut tx, store, trust, &case).await? else {
        return Ok(false);
    };
    match run::write(&mut tx, &case, Some(period)).await? {
        true => {
            run::entered(&mut tx, &Actor::operator(trust.clone()), 1).await?;
            tx.commit().await?;
        }
        false => tx.commit_unrecorded().await?,
    }
    disposal::dispose(store, permit, id).await
}

/// Why a case is held back, where it is: in words that name nobody.
///
/// # Errors
/// Where the store fails.
pub(crate) async fn held_because(
    query: &mut impl Query,
    id: &CaseId,
) -> Result<Vec<String>, CaseError> {
    let rows = query
        .all(
            "SELECT reason FROM retention_hold WHERE trust = $1 AND case_id = $2 AND lifted_at IS NULL ORDER BY id",
            values![id],
        )
        .await?;
    let reasons = rows.iter().map(|row| row.get("reason"));
    Ok(reasons.collect::<Result<_, crate::store::StoreError>>()?)
}
