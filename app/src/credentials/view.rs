//! Who saw a log-in, when and why: a record each time, shown to those who say who may.

use serde::Serialize;
use serde_json::Value as Json;

use super::CredentialError;
use crate::authority::{Action, Actor};
use crate::cases::CaseId;
use crate::ledger::{LedgerError, Record, record};
use crate::protection::{Sealed, place};
use crate::store::{
    PersonId, Query, Row, Store, StoreError, TrustId, Tx, Value, column, ids, record_key,
};
use crate::values;

ids! {
    /// Somebody's having seen a log-in.
    ViewId
}

const ACTION: Option<Action> = Some(Action::WorkCases);
/// The most openings that are shown.
const AT_MOST: i64 = 200;

/// How somebody came to know a log-in.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum How {
    /// It was shown to them.
    Shown,
    /// They copied it without its being shown.
    Copied,
    /// They lodged it, or had it made.
    Set,
}

impl How {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Shown => "shown",
            Self::Copied => "copied",
            Self::Set => "set",
        }
    }

    fn named(name: &str) -> Option<Self> {
        [Self::Shown, Self::Copied, Self::Set]
            .into_iter()
            .find(|how| how.name() == name)
    }

    /// What happened, in words.
    pub(super) const fn says(self) -> &'static str {
        match self {
            Self::Shown => "Shown",
            Self::Copied => "Copied, not shown",
            Self::Set => "Lodged or made",
        }
    }
}

column!(How, text, |text: String| How::named(&text));

impl From<How> for Value {
    fn from(how: How) -> Self {
        how.name().into()
    }
}

/// Somebody saw a log-in.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct View {
    pub(super) id: ViewId,
    /// The account.
    pub(super) case: CaseId,
    pub(super) person: PersonId,
    pub(super) version: i64,
    pub(super) how: How,
    /// When, in milliseconds since 1970.
    pub(super) at: i64,
    /// Why, in their words.
    pub(super) reason: String,
}

impl Record for View {
    const KIND: &'static str = "credential_view";

    fn id(&self) -> &str {
        self.id.as_str()
    }
}

fn record_of(id: &ViewId) -> String {
    format!("{}/{id}", View::KIND)
}

fn reason_at(trust: &TrustId, id: &ViewId) -> String {
    place(View::KIND, "reason", trust.as_str(), id.as_str())
}

/// Enters that somebody sees a log-in, before they do.
pub(super) async fn enter(
    tx: &mut Tx,
    actor: &Actor,
    (case, version): (&CaseId, i64),
    how: How,
    reason: &str,
) -> Result<(), CredentialError> {
    let person = actor.person.clone().ok_or(CredentialError::NotNamed)?;
    let view = View {
        id: tx.fresh()?,
        case: case.clone(),
        person,
        version,
        how,
        at: tx.now().as_millisecond(),
        reason: reason.trim().to_owned(),
    };
    let key = tx.record_key(&record_of(&view.id)).await?;
    let at = reason_at(&actor.trust, &view.id);
    let sealed = key.seal_text(&at, &view.reason, tx.store().randomness())?;
    tx.execute(
        "INSERT INTO credential_view (trust, id, case_id, person, version, how, at, reason) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        values![
            &view.id,
            &view.case,
            &view.person,
            view.version,
            view.how,
            view.at,
            sealed.0
        ],
    )
    .await?;
    Ok(record(tx, actor, ACTION, "credential.seen", None, Some(&view)).await?)
}

/// Openings; what follows says which.
macro_rules! seen {
    ($which:literal) => {
        concat!(
            "SELECT id, case_id, person, version, how, at, reason FROM credential_view WHERE trust = $1 AND ",
            $which
        )
    };
}

async fn read(
    query: &mut impl Query,
    (store, trust): (&Store, &TrustId),
    row: &Row,
) -> Result<View, CredentialError> {
    let id: ViewId = row.get("id")?;
    let reason = match record_key(query, store, trust, &record_of(&id)).await? {
        Some(key) => key
            .open_text(&reason_at(trust, &id), &Sealed(row.get("reason")?))?
            .to_string(),
        None => String::new(),
    };
    Ok(View {
        case: row.get("case_id")?,
        person: row.get("person")?,
        version: row.get("version")?,
        how: row.get("how")?,
        at: row.get("at")?,
        reason,
        id,
    })
}

/// The openings of an account's log-in, the latest first.
pub(super) async fn of_account(
    query: &mut impl Query,
    (store, trust): (&Store, &TrustId),
    case: &CaseId,
) -> Result<Vec<View>, CredentialError> {
    let sql = seen!("case_id = $2 ORDER BY id DESC LIMIT $3");
    let rows = query.all(sql, values![case, AT_MOST]).await?;
    let mut views = Vec::new();
    for row in &rows {
        views.push(read(query, (store, trust), row).await?);
    }
    Ok(views)
}

/// Who knows one version of a log-in: everybody who saw it, and whether they were only the one to set it.
pub(super) async fn knowing(
    query: &mut impl Query,
    case: &CaseId,
    version: i64,
) -> Result<Vec<(PersonId, bool)>, StoreError> {
    let rows = query
        .all(
            "SELECT person, CAST(MIN(CASE WHEN how = 'set' THEN 1 ELSE 0 END) AS BIGINT) AS only_set FROM credential_view \
             WHERE trust = $1 AND case_id = $2 AND version = $3 GROUP BY person ORDER BY person",
            values![case, version],
        )
        .await?;
    let one = rows
        .iter()
        .map(|row| Ok((row.get("person")?, row.get::<i64>("only_set")? == 1)));
    one.collect()
}

/// The accounts whose present log-in somebody has seen.
pub(crate) async fn seen_by(
    query: &mut impl Query,
    person: &PersonId,
) -> Result<Vec<CaseId>, StoreError> {
    let rows = query
        .all(
            "SELECT DISTINCT v.case_id FROM credential_view v \
             JOIN credential c ON c.trust = v.trust AND c.case_id = v.case_id AND c.version = v.version \
             WHERE v.trust = $1 AND v.person = $2 AND c.kind = 'log-in' ORDER BY v.case_id",
            values![person],
        )
        .await?;
    rows.iter().map(|row| row.get("case_id")).collect()
}

/// Forgets an opening: the record alone, the ledger sees to the rest.
pub(crate) async fn forget(tx: &mut Tx, id: &str) -> Result<(), StoreError> {
    tx.execute(
        "DELETE FROM credential_view WHERE trust = $1 AND id = $2",
        values![id],
    )
    .await?;
    Ok(())
}

/// The states of all after one, for verifying them against the ledger.
pub(crate) async fn states(
    query: &mut impl Query,
    (store, trust): (&Store, &TrustId),
    after: &str,
    limit: u32,
) -> Result<Vec<(String, Json)>, CredentialError> {
    let sql = seen!("id > $2 ORDER BY id LIMIT $3");
    let rows = query.all(sql, values![after, i64::from(limit)]).await?;
    let mut states = Vec::new();
    for row in &rows {
        let view = read(query, (store, trust), row).await?;
        let state = serde_json::to_value(&view).map_err(LedgerError::from)?;
        states.push((view.id.to_string(), state));
    }
    Ok(states)
}
