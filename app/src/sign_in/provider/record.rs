//! The providers of a trust, and who is whom there.

use serde::Serialize;
use zeroize::Zeroizing;

use crate::authority::Actor;
use crate::ledger::{Change, LedgerError, record_event};
use crate::protection::{ProtectionError, Sealed, place};
use crate::sign_in::account::{self, Account};
use crate::store::{self, KeyError, PersonId, Query, Store, StoreError, TrustId, Tx, record_key};
use crate::values;
use crate::web::problem::Problem;

store::ids! {
    /// A provider of sign-in.
    ProviderId
}

/// A provider that cannot be kept or read.
#[derive(Debug, thiserror::Error)]
pub(in crate::sign_in) enum RecordError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error(transparent)]
    Protection(#[from] ProtectionError),
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

impl From<RecordError> for Problem {
    fn from(error: RecordError) -> Self {
        match error {
            RecordError::Store(error) => error.into(),
            RecordError::Ledger(error) => error.into(),
            other => Self::internal(&other),
        }
    }
}

/// A provider, with the secret that this site has there.
#[derive(Clone, Debug)]
pub(in crate::sign_in) struct Provider {
    pub(in crate::sign_in) id: ProviderId,
    pub(in crate::sign_in) name: String,
    pub(in crate::sign_in) issuer: String,
    pub(in crate::sign_in) client_id: String,
    pub(in crate::sign_in) client_secret: Zeroizing<String>,
    /// The provider's e-mail addresses are the trust's own, so that one it does not call verified
    /// counts too.
    pub(in crate::sign_in) trusts_email: bool,
    /// It may lie in a private network.
    pub(in crate::sign_in) private_network: bool,
}

/// A provider as pages show it.
#[derive(Clone, Debug, Serialize)]
pub(in crate::sign_in) struct Shown {
    pub(in crate::sign_in) id: String,
    pub(in crate::sign_in) name: String,
    pub(in crate::sign_in) issuer: String,
    pub(in crate::sign_in) client_id: String,
}

fn sealed_at(trust: &TrustId, id: &ProviderId) -> String {
    place("provider", "client_secret", trust.as_str(), id.as_str())
}

/// The providers, by name.
pub(in crate::sign_in) async fn list(query: &mut impl Query) -> Result<Vec<Shown>, StoreError> {
    let rows = query
        .all(
            "SELECT id, name, issuer, client_id FROM provider WHERE trust = $1 ORDER BY name, id",
            values![],
        )
        .await?;
    let mut shown = Vec::new();
    for row in rows {
        shown.push(Shown {
            id: row.get("id")?,
            name: row.get("name")?,
            issuer: row.get("issuer")?,
            client_id: row.get("client_id")?,
        });
    }
    Ok(shown)
}

/// The provider of that id.
pub(super) async fn find(
    store: &Store,
    trust: &TrustId,
    id: &ProviderId,
) -> Result<Option<Provider>, RecordError> {
    let mut reader = store.read(trust);
    let row = reader
        .first(
            "SELECT name, issuer, client_id, client_secret, trusts_email, private_network \
             FROM provider WHERE trust = $1 AND id = $2",
            values![id],
        )
        .await?;
    let key = record_key(&mut reader, store, trust, &format!("provider/{id}")).await?;
    let (Some(row), Some(key)) = (row, key) else {
        return Ok(None);
    };
    let sealed = Sealed(row.get("client_secret")?);
    Ok(Some(Provider {
        id: id.clone(),
        name: row.get("name")?,
        issuer: row.get("issuer")?,
        client_id: row.get("client_id")?,
        client_secret: key.open_text(&sealed_at(trust, id), &sealed)?,
        trusts_email: row.get("trusts_email")?,
        private_network: row.get("private_network")?,
    }))
}

fn event<'a>(kind: &'static str, id: &'a ProviderId) -> Change<'a> {
    Change {
        kind,
        record_kind: "provider",
        record: id.as_str(),
        before: None,
        after: None,
    }
}

/// Adds a provider; its own id is not looked at.
pub(in crate::sign_in) async fn add(
    tx: &mut Tx,
    actor: &Actor,
    new: &Provider,
) -> Result<(), RecordError> {
    let (trust, id) = (&actor.trust, &new.id);
    let key = tx.record_key(&format!("provider/{id}")).await?;
    let randomness = tx.store().randomness();
    let sealed = key.seal_text(&sealed_at(trust, id), &new.client_secret, randomness)?;
    tx.execute(
        "INSERT INTO provider (trust, id, name, issuer, client_id, client_secret, trusts_email, \
           private_network) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        values![
            id,
            &new.name,
            &new.issuer,
            &new.client_id,
            sealed.0,
            new.trusts_email,
            new.private_network
        ],
    )
    .await?;
    let action = Some(crate::authority::Action::ManageSettings);
    Ok(record_event(tx, actor, action, event("sign-in.provider-added", id)).await?)
}

/// Removes a provider. Who was whom there is forgotten; their sessions end at the next sign-out.
pub(in crate::sign_in) async fn remove(
    tx: &mut Tx,
    actor: &Actor,
    id: &ProviderId,
) -> Result<(), RecordError> {
    for text in [
        "DELETE FROM provider_trip WHERE trust = $1 AND provider = $2",
        "DELETE FROM provider_account WHERE trust = $1 AND provider = $2",
        "DELETE FROM provider WHERE trust = $1 AND id = $2",
    ] {
        tx.execute(text, values![id]).await?;
    }
    let action = Some(crate::authority::Action::ManageSettings);
    Ok(record_event(tx, actor, action, event("sign-in.provider-removed", id)).await?)
}

/// Whoever has this subject at the provider; otherwise whoever has the e-mail address, who is from
/// now on known by the subject. An address moves to somebody else in time, a subject does not.
pub(super) async fn person(
    tx: &mut Tx,
    provider: &Provider,
    subject: &str,
    email: Option<&str>,
) -> Result<Option<Account>, StoreError> {
    let today = tx.store().clock().today();
    let row = tx
        .first(
            "SELECT person FROM provider_account \
             WHERE trust = $1 AND provider = $2 AND subject = $3",
            values![&provider.id, subject],
        )
        .await?;
    if let Some(row) = row {
        return account::of(tx, &row.get::<PersonId>("person")?, today).await;
    }
    let Some(email) = email else { return Ok(None) };
    let Some(person) = crate::sign_in::person_by_email(tx, email, today).await? else {
        return Ok(None);
    };
    let linked = tx
        .count(
            "SELECT COUNT(*) AS n FROM provider_account \
             WHERE trust = $1 AND provider = $2 AND person = $3",
            values![&provider.id, &person.id],
        )
        .await?;
    // Two subjects for one person: the address went to somebody else at the provider.
    if linked > 0 {
        return Ok(None);
    }
    tx.execute(
        "INSERT INTO provider_account (trust, provider, subject, person) VALUES ($1, $2, $3, $4)",
        values![&provider.id, subject, &person.id],
    )
    .await?;
    account::of(tx, &person.id, today).await
}
