//! The link by which a parent or carer answers, without an account: an identifier with a signature over everything that
//! it stands for. Whoever has it answers for that pupil as that parent, until it runs out or is revoked.

use jiff::civil::Date;
use serde::Serialize;
use serde_json::Value as Json;

use super::asking::AskingId;
use super::standing::current;
use super::{ConsentError, REGISTER};
use crate::authority::{Action, Actor};
use crate::cases::{self, About, Case, CaseId};
use crate::ledger::{LedgerError, Record, record};
use crate::pupils::{self, GuardianId, PupilId};
use crate::store::{Query, Row, Store, StoreError, TrustId, Tx, ids};
use crate::values;

ids! {
    /// A link by which a parent or carer answers.
    LinkId
}

/// Letters of the signature: 160 bits in hexadecimal.
const SIGNATURE: usize = 40;

/// A link.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Link {
    pub(crate) id: LinkId,
    pub(crate) case: CaseId,
    pub(crate) asking: AskingId,
    /// The parent or carer; nobody where none is on record.
    pub(crate) guardian: Option<GuardianId>,
    pub(crate) made_at: i64,
    /// The last day on which it works.
    pub(crate) until: Date,
    pub(crate) revoked_at: Option<i64>,
    /// Whether it went out by e-mail; otherwise it is to be printed.
    #[serde(skip)]
    pub(crate) by_mail: bool,
}

impl Record for Link {
    const KIND: &'static str = "consent_link";

    fn id(&self) -> &str {
        self.id.as_str()
    }
}

/// Whom a link that works is for, and where the pupil's consent stands.
#[derive(Clone, Debug)]
pub(crate) struct Opened {
    pub(crate) link: Link,
    pub(crate) pupil: PupilId,
    pub(crate) case: Case,
}

impl Link {
    /// The link as it stands in an address: `ID.SIGNATURE`.
    pub(crate) fn token(&self, store: &Store, trust: &TrustId) -> String {
        format!("{}.{}", self.id, self.signature(store, trust))
    }

    /// Its path on this site.
    pub(crate) fn path(&self, store: &Store, trust: &TrustId) -> String {
        format!("/pictures/{}", self.token(store, trust))
    }

    fn signature(&self, store: &Store, trust: &TrustId) -> String {
        let guardian = self.guardian.as_ref().map_or("", GuardianId::as_str);
        let stands_for = format!("{}|{}|{guardian}|{}", self.id, self.case, self.until);
        let purpose = format!("consent-link/{trust}");
        let mut signature = store.root_key().keyed_hash(&purpose, &stands_for);
        signature.truncate(SIGNATURE);
        signature
    }
}

/// Makes a link for a case; those that the same parent or carer has for it already work no more.
pub(super) async fn make(
    tx: &mut Tx,
    actor: &Actor,
    (case, asking): (&CaseId, &AskingId),
    guardian: Option<GuardianId>,
    (until, by_mail): (Date, bool),
) -> Result<Link, ConsentError> {
    for earlier in of_case(tx, case).await? {
        if earlier.guardian == guardian && earlier.revoked_at.is_none() {
            revoke(tx, actor, &earlier).await?;
        }
    }
    let link = Link {
        id: tx.fresh()?,
        case: case.clone(),
        asking: asking.clone(),
        guardian,
        made_at: tx.now().as_millisecond(),
        until,
        revoked_at: None,
        by_mail,
    };
    tx.execute(
        "INSERT INTO consent_link (trust, id, case_id, asking, guardian, made_at, valid_until, by_mail) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        values![
            &link.id,
            &link.case,
            &link.asking,
            link.guardian.as_ref(),
            link.made_at,
            link.until,
            link.by_mail
        ],
    )
    .await?;
    let action = Some(Action::KeepConsents);
    record(tx, actor, action, "consent.link-made", None, Some(&link)).await?;
    Ok(link)
}

/// Revokes a link; where it is revoked already, nothing changes.
pub(super) async fn revoke(tx: &mut Tx, actor: &Actor, link: &Link) -> Result<(), ConsentError> {
    let after = Link {
        revoked_at: Some(tx.now().as_millisecond()),
        ..link.clone()
    };
    let revoked = tx
        .execute(
            "UPDATE consent_link SET revoked_at = $3 WHERE trust = $1 AND id = $2 AND revoked_at IS NULL",
            values![&link.id, after.revoked_at],
        )
        .await?;
    if revoked > 0 {
        let (action, kind) = (Some(Action::KeepConsents), "consent.link-revoked");
        record(tx, actor, action, kind, Some(link), Some(&after)).await?;
    }
    Ok(())
}

/// The letter of a link did not go out by e-mail: it is to be printed.
pub(super) async fn to_be_printed(tx: &mut Tx, id: &LinkId) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE consent_link SET by_mail = 0 WHERE trust = $1 AND id = $2",
        values![id],
    )
    .await?;
    Ok(())
}

/// What a link opens; nothing where it was altered, ran out, was revoked, is of another trust, or is for somebody who is
/// no longer a parent or carer of the pupil. All of these look alike.
pub(super) async fn opened(
    query: &mut impl Query,
    (store, trust): (&Store, &TrustId),
    token: &str,
    today: Date,
) -> Result<Option<Opened>, ConsentError> {
    let Some((id, signature)) = token.split_once('.') else {
        return Ok(None);
    };
    let Ok(id) = id.parse::<LinkId>() else {
        return Ok(None);
    };
    let Some(link) = find(query, &id).await? else {
        return Ok(None);
    };
    let works = link.revoked_at.is_none() && link.until >= today;
    if !same(signature, &link.signature(store, trust)) || !works {
        return Ok(None);
    }
    let case = cases::one_of(query, (store, trust), REGISTER, &link.case).await?;
    let Some(case) = case else {
        return Ok(None);
    };
    let Some(About::Pupil(pupil)) = case.subject.clone() else {
        return Ok(None);
    };
    if let Some(guardian) = &link.guardian {
        let theirs = pupils::guardians_of(query, &pupil).await?;
        if !theirs.iter().any(|(id, _)| id == guardian) {
            return Ok(None);
        }
    }
    // A later case may have taken the place of the one that was asked for.
    let case = match case.closed_at {
        Some(_) => current(query, (store, trust), &pupil).await?,
        None => Some(case),
    };
    Ok(case.map(|case| Opened { link, pupil, case }))
}

/// Whether two signatures are the same, in a time that says nothing of where they differ.
fn same(one: &str, other: &str) -> bool {
    let differ = one.bytes().zip(other.bytes());
    let differ = differ.fold(0, |differ, (one, other)| differ | (one ^ other));
    one.len() == other.len() && differ == 0
}

macro_rules! links {
    ($which:literal) => {
        concat!(
            "SELECT id, case_id, asking, guardian, made_at, valid_until, revoked_at, by_mail FROM consent_link \
             WHERE trust = $1 AND ",
            $which
        )
    };
}

fn read(row: &Row) -> Result<Link, StoreError> {
    Ok(Link {
        id: row.get("id")?,
        case: row.get("case_id")?,
        asking: row.get("asking")?,
        guardian: row.get("guardian")?,
        made_at: row.get("made_at")?,
        until: row.get("valid_until")?,
        revoked_at: row.get("revoked_at")?,
        by_mail: row.get("by_mail")?,
    })
}

pub(super) async fn find(query: &mut impl Query, id: &LinkId) -> Result<Option<Link>, StoreError> {
    let row = query.first(links!("id = $2"), values![id]).await?;
    row.as_ref().map(read).transpose()
}

/// The links of a case, the first first.
pub(super) async fn of_case(
    query: &mut impl Query,
    case: &CaseId,
) -> Result<Vec<Link>, StoreError> {
    let sql = links!("case_id = $2 ORDER BY id");
    let rows = query.all(sql, values![case]).await?;
    rows.iter().map(read).collect()
}

/// The links of a round of asking that are to be printed and still work, so many at most.
pub(super) async fn printed(
    query: &mut impl Query,
    asking: &AskingId,
    (skip, at_most): (u32, u32),
) -> Result<Vec<Link>, StoreError> {
    let sql =
        links!("asking = $2 AND by_mail = 0 AND revoked_at IS NULL ORDER BY id LIMIT $3 OFFSET $4");
    let values = values![asking, i64::from(at_most), i64::from(skip)];
    let rows = query.all(sql, values).await?;
    rows.iter().map(read).collect()
}

/// How many letters of a round go out by e-mail, and how many are to be printed.
pub(super) async fn counted(
    query: &mut impl Query,
    asking: &AskingId,
) -> Result<(u64, u64), StoreError> {
    let all = query
        .count(
            "SELECT COUNT(*) AS n FROM consent_link WHERE trust = $1 AND asking = $2 AND revoked_at IS NULL",
            values![asking],
        )
        .await?;
    let printed = query
        .count(
            "SELECT COUNT(*) AS n FROM consent_link \
             WHERE trust = $1 AND asking = $2 AND revoked_at IS NULL AND by_mail = 0",
            values![asking],
        )
        .await?;
    Ok((all.saturating_sub(printed), printed))
}

/// Forgets a link: the record alone, the ledger sees to the rest.
pub(crate) async fn forget(tx: &mut Tx, id: &str) -> Result<(), StoreError> {
    tx.execute(
        "DELETE FROM consent_link WHERE trust = $1 AND id = $2",
        values![id],
    )
    .await?;
    Ok(())
}

/// The states of all after one, for verifying them against the ledger.
pub(crate) async fn states(
    query: &mut impl Query,
    after: &str,
    limit: u32,
) -> Result<Vec<(String, Json)>, LedgerError> {
    let sql = links!("id > $2 ORDER BY id LIMIT $3");
    let rows = query.all(sql, values![after, i64::from(limit)]).await?;
    let state = |row: &Row| {
        let link = read(row)?;
        Ok((link.id.to_string(), serde_json::to_value(&link)?))
    };
    rows.iter().map(state).collect()
}
