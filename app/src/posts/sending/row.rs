//! How a sending is kept: its row, the sealed copy of what went out, and what the ledger knows of it.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use sha2::{Digest as _, Sha256};

use super::super::{PostError, sealing};
use super::state::State;
use crate::authority::{Action, Actor};
use crate::cases::CaseId;
use crate::ledger::{LedgerError, Record, record};
use crate::store::{Query, Row, SchoolId, Store, StoreError, TrustId, Tx, ids};
use crate::values;

ids! {
    /// A post to one account.
    SendingId
}

const ACTION: Option<Action> = Some(Action::WorkCases);

/// What went out, as it stood at that moment.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(crate) struct Copy {
    /// The platform, as the list of platforms names it.
    pub(crate) platform: String,
    /// The account's address or name there.
    pub(crate) account: String,
    /// The text.
    pub(crate) text: String,
    /// The pictures, in their order.
    pub(crate) pictures: Vec<CopyPicture>,
}

/// A picture that went out.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(crate) struct CopyPicture {
    /// The attachment.
    pub(crate) file: String,
    /// The SHA-256 of the file, in hexadecimal.
    pub(crate) hash: String,
    /// What is said of it to those who cannot see it.
    pub(crate) alt: String,
}

impl Copy {
    /// The SHA-256 of what went out, as JSON, in hexadecimal.
    fn hash(plain: &[u8]) -> String {
        data_encoding::HEXLOWER.encode(&Sha256::digest(plain))
    }
}

/// A post to one account.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Sending {
    pub(crate) id: SendingId,
    /// The case of the post.
    pub(crate) case: CaseId,
    /// The case of the account.
    pub(crate) account: CaseId,
    pub(crate) school: Option<SchoolId>,
    pub(crate) state: State,
    /// Whether a person puts it out even where the program could.
    pub(crate) by_hand: bool,
    /// When it goes out, in milliseconds since 1970.
    pub(crate) due_at: Option<i64>,
    /// How often the platform was asked, this time with it.
    pub(crate) attempt: i64,
    /// When it was last taken to be sent.
    pub(crate) claimed_at: Option<i64>,
    /// When the platform was first asked under the key that it would be asked under now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) first_at: Option<i64>,
    /// What the platform calls it.
    pub(crate) remote: Option<String>,
    /// Where it is.
    pub(crate) address: Option<String>,
    pub(crate) published_at: Option<i64>,
    pub(crate) removed_at: Option<i64>,
    /// Why it is where it is, in words; empty where there is nothing to say.
    pub(crate) why: String,
    /// The hash of the copy.
    pub(crate) hash: Option<String>,
    /// The sealed copy. The ledger knows its hash.
    #[serde(skip)]
    pub(super) content: Option<Vec<u8>>,
}

impl Record for Sending {
    const KIND: &'static str = "post_sending";

    fn id(&self) -> &str {
        self.id.as_str()
    }
}

impl Sending {
    /// What the platform is told so that it takes the same post once only: the same in every attempt.
    pub(crate) fn idempotency_key(&self) -> &str {
        self.id.as_str()
    }

    /// It, in another state, for a reason.
    ///
    /// # Errors
    /// [`PostError::NotNow`] where nothing leads there.
    pub(super) fn become_(&self, to: State, why: &str) -> Result<Self, PostError> {
        if !self.state.may_become(to) {
            return Err(PostError::NotNow(format!(
                "This cannot be done now. It stands at: {}.",
                self.state.says()
            )));
        }
        Ok(Self {
            state: to,
            why: why.to_owned(),
            ..self.clone()
        })
    }

    /// The copy that is kept of what went out.
    pub(crate) async fn copy(
        &self,
        query: &mut impl Query,
        (store, trust): (&Store, &TrustId),
    ) -> Result<Option<Copy>, PostError> {
        let Some(sealed) = &self.content else {
            return Ok(None);
        };
        let plain = self.opened(query, (store, trust), sealed).await?;
        let Some(plain) = plain else {
            return Ok(None);
        };
        let copy = serde_json::from_slice(&plain).map_err(|_| Row::unreadable("content"))?;
        Ok(Some(copy))
    }

    async fn opened(
        &self,
        query: &mut impl Query,
        (store, trust): (&Store, &TrustId),
        sealed: &[u8],
    ) -> Result<Option<Vec<u8>>, PostError> {
        let place = sealing::at(trust, Self::KIND, "content", self.id.as_str());
        sealing::open(query, (store, trust), &self.case, &place, sealed).await
    }

    /// It, with a copy of what goes out.
    pub(super) async fn with_copy(self, tx: &mut Tx, copy: &Copy) -> Result<Self, PostError> {
        let trust = tx.trust().cloned().ok_or(LedgerError::NoTrust)?;
        let plain = serde_json::to_vec(copy).map_err(LedgerError::from)?;
        let place = sealing::at(&trust, Self::KIND, "content", self.id.as_str());
        let sealed = sealing::seal(tx, &self.case, &place, &plain).await?;
        Ok(Self {
            hash: Some(Copy::hash(&plain)),
            content: Some(sealed),
            ..self
        })
    }
}

/// Whole sendings; what follows says which.
macro_rules! sendings {
    ($which:literal) => {
        concat!(
            "SELECT id, case_id, account, school, state, by_hand, due_at, attempt, claimed_at, first_at, remote, \
               address, published_at, removed_at, why, hash, content FROM post_sending WHERE trust = $1 AND ",
            $which
        )
    };
}

fn read(row: &Row) -> Result<Sending, StoreError> {
    Ok(Sending {
        id: row.get("id")?,
        case: row.get("case_id")?,
        account: row.get("account")?,
        school: row.get("school")?,
        state: row.get("state")?,
        by_hand: row.get("by_hand")?,
        due_at: row.get("due_at")?,
        attempt: row.get("attempt")?,
        claimed_at: row.get("claimed_at")?,
        first_at: row.get("first_at")?,
        remote: row.get("remote")?,
        address: row.get("address")?,
        published_at: row.get("published_at")?,
        removed_at: row.get("removed_at")?,
        why: row.get("why")?,
        hash: row.get("hash")?,
        content: row.get("content")?,
    })
}

fn all(rows: &[Row]) -> Result<Vec<Sending>, StoreError> {
    rows.iter().map(read).collect()
}

/// A sending by its identifier.
pub(crate) async fn find(
    query: &mut impl Query,
    id: &SendingId,
) -> Result<Option<Sending>, StoreError> {
    let row = query.first(sendings!("id = $2"), values![id]).await?;
    row.as_ref().map(read).transpose()
}

/// The sendings of a post, the first chosen first.
pub(crate) async fn of_post(
    query: &mut impl Query,
    case: &CaseId,
) -> Result<Vec<Sending>, StoreError> {
    let sql = sendings!("case_id = $2 ORDER BY id");
    all(&query.all(sql, values![case]).await?)
}

/// Those that have fallen due, or were taken and never ended, the longest due first; no more than so many.
pub(crate) async fn due(
    query: &mut impl Query,
    now: i64,
    at_most: i64,
) -> Result<Vec<SendingId>, StoreError> {
    let rows = query
        .all(
            "SELECT id FROM post_sending WHERE trust = $1 AND state IN ('queued', 'sending', 'unknown') AND due_at <= $2 \
             ORDER BY due_at, id LIMIT $3",
            values![now, at_most],
        )
        .await?;
    rows.iter().map(|row| row.get("id")).collect()
}

/// Those that are queued, the soonest first; no more than so many as anybody is told of.
pub(crate) async fn waiting(query: &mut impl Query) -> Result<Vec<Sending>, StoreError> {
    let sql = sendings!("state = 'queued' ORDER BY due_at, id LIMIT 1000");
    all(&query.all(sql, values![]).await?)
}

/// What a school has published and not taken down, the latest first; no more than so many.
pub(crate) async fn published(
    query: &mut impl Query,
    school: &SchoolId,
    at_most: i64,
) -> Result<Vec<Sending>, StoreError> {
    let sql = sendings!(
        "school = $2 AND state = 'published' ORDER BY published_at DESC, id DESC LIMIT $3"
    );
    all(&query.all(sql, values![school, at_most]).await?)
}

/// What is planned, or went out, between two moments, in its order; no more than so many.
pub(crate) async fn between(
    query: &mut impl Query,
    (from, to): (i64, i64),
    at_most: i64,
) -> Result<Vec<Sending>, StoreError> {
    let sql = sendings!("due_at >= $2 AND due_at < $3 ORDER BY due_at, id LIMIT $4");
    all(&query.all(sql, values![from, to, at_most]).await?)
}

/// Chooses an account for a post.
pub(super) async fn insert(tx: &mut Tx, actor: &Actor, sending: &Sending) -> Result<(), PostError> {
    tx.execute(
        "INSERT INTO post_sending (trust, id, case_id, account, school, state, by_hand, attempt, why) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, 0, '')",
        values![
            &sending.id,
            &sending.case,
            &sending.account,
            sending.school.as_ref(),
            sending.state,
            sending.by_hand
        ],
    )
    .await?;
    Ok(record(
        tx,
        actor,
        ACTION,
        "post.account-chosen",
        None,
        Some(sending),
    )
    .await?)
}

/// Writes a sending that has moved on; somebody who was first has it.
pub(super) async fn update(
    tx: &mut Tx,
    actor: &Actor,
    event: &'static str,
    (before, after): (&Sending, &Sending),
) -> Result<(), PostError> {
    let changed = tx
        .execute(
            "UPDATE post_sending SET state = $3, by_hand = $4, due_at = $5, attempt = $6, claimed_at = $7, remote = $8, \
               address = $9, published_at = $10, removed_at = $11, why = $12, hash = $13, content = $14, \
               first_at = $17 \
             WHERE trust = $1 AND id = $2 AND state = $15 AND attempt = $16",
            values![
                &after.id,
                after.state,
                after.by_hand,
                after.due_at,
                after.attempt,
                after.claimed_at,
                after.remote.as_deref(),
                after.address.as_deref(),
                after.published_at,
                after.removed_at,
                &after.why,
                after.hash.as_deref(),
                after.content.clone(),
                before.state,
                before.attempt,
                after.first_at
            ],
        )
        .await?;
    if changed != 1 {
        return Err(StoreError::Changed.into());
    }
    Ok(record(tx, actor, ACTION, event, Some(before), Some(after)).await?)
}

/// Takes an account off a post again.
pub(super) async fn remove(tx: &mut Tx, actor: &Actor, sending: &Sending) -> Result<(), PostError> {
    forget(tx, sending.id.as_str()).await?;
    Ok(record(
        tx,
        actor,
        ACTION,
        "post.account-left-out",
        Some(sending),
        None,
    )
    .await?)
}

/// Forgets a sending: the record alone, the ledger sees to the rest.
pub(crate) async fn forget(tx: &mut Tx, id: &str) -> Result<(), StoreError> {
    tx.execute(
        "DELETE FROM post_sending WHERE trust = $1 AND id = $2",
        values![id],
    )
    .await?;
    Ok(())
}

/// The states of all after one, for verifying them against the ledger: each with the hash of the copy that is there.
pub(crate) async fn states(
    query: &mut impl Query,
    (store, trust): (&Store, &TrustId),
    after: &str,
    limit: u32,
) -> Result<Vec<(String, Json)>, PostError> {
    let sql = sendings!("id > $2 ORDER BY id LIMIT $3");
    let rows = query.all(sql, values![after, i64::from(limit)]).await?;
    let mut states = Vec::new();
    for mut sending in all(&rows)? {
        if let Some(sealed) = sending.content.take() {
            let plain = sending.opened(query, (store, trust), &sealed).await?;
            sending.hash = plain.map(|plain| Copy::hash(&plain));
        }
        let state = serde_json::to_value(&sending).map_err(LedgerError::from)?;
        states.push((sending.id.to_string(), state));
    }
    Ok(states)
}
