//! The providers of a trust, and who is whom there.

use serde::Serialize;
use zeroize::Zeroizing;

use crate::authority::Actor;
use crate::ledger::{Change, LedgerError, record_event};
use crate::people;
use crate::protection::{ProtectionError, Sealed, place};
use crate::settings::ProviderSettings;
use crate::sign_in::account::{self, Account};
use crate::store::{self, KeyError, PersonId, Query, Store, StoreError, TrustId, Tx, record_key};
use crate::values;
use crate::web::App;
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
    /// Where it stands in the settings, if it does.
    pub(in crate::sign_in) source: Option<String>,
}

/// A provider as pages show it.
#[derive(Clone, Debug, Default, Serialize)]
pub(in crate::sign_in) struct Shown {
    pub(in crate::sign_in) id: String,
    pub(in crate::sign_in) name: String,
    pub(in crate::sign_in) issuer: String,
    pub(in crate::sign_in) client_id: String,
    /// Where it stands in the settings, if it does: then it is not changed on a page.
    pub(in crate::sign_in) source: Option<String>,
}

impl From<Provider> for Shown {
    fn from(provider: Provider) -> Self {
        Self {
            id: provider.id.to_string(),
            name: provider.name,
            issuer: provider.issuer,
            client_id: provider.client_id,
            source: provider.source,
        }
    }
}

/// The providers of the settings that are for a trust.
fn in_settings(app: &App, trust: &TrustId) -> impl Iterator<Item = Provider> {
    let for_trust = |set: &&ProviderSettings| {
        let only = set.trust.as_ref();
        only.is_none_or(|only| only == trust.as_str())
    };
    let provider = |set: &ProviderSettings| {
        Some(Provider {
            id: set.key.parse().ok()?,
            name: set.name.clone(),
            issuer: set.issuer.clone(),
            client_id: set.client_id.clone(),
            client_secret: Zeroizing::new(set.client_secret.reveal().to_owned()),
            trusts_email: set.trusts_email,
            private_network: set.private_network,
            source: Some(set.source.clone()),
        })
    };
    app.providers()
        .iter()
        .filter(for_trust)
        .filter_map(provider)
}

fn sealed_at(trust: &TrustId, id: &ProviderId) -> String {
    place("provider", "client_secret", trust.as_str(), id.as_str())
}

/// The providers, by name.
pub(in crate::sign_in) async fn list(app: &App, trust: &TrustId) -> Result<Vec<Shown>, Problem> {
    let rows = app
        .store()?
        .read(trust)
        .all(
            "SELECT id, name, issuer, client_id FROM provider \
             WHERE trust = $1 AND in_settings = 0",
            values![],
        )
        .await?;
    let mut shown: Vec<Shown> = in_settings(app, trust).map(Shown::from).collect();
    for row in rows {
        shown.push(Shown {
            id: row.get("id")?,
            name: row.get("name")?,
            issuer: row.get("issuer")?,
            client_id: row.get("client_id")?,
            source: None,
        });
    }
    shown.sort_by(|a, b| (&a.name, &a.id).cmp(&(&b.name, &b.id)));
    Ok(shown)
}

/// Providers that stood in the settings and no longer do. Nobody comes in by them; what hangs on
/// them goes when they are removed.
pub(super) async fn left_over(app: &App, trust: &TrustId) -> Result<Vec<Shown>, Problem> {
    let rows = app
        .store()?
        .read(trust)
        .all(
            "SELECT id, name FROM provider WHERE trust = $1 AND in_settings = 1 ORDER BY name, id",
            values![],
        )
        .await?;
    let mut left = Vec::new();
    for row in rows {
        let id: ProviderId = row.get("id")?;
        if !in_settings(app, trust).any(|set| set.id == id) {
            let (id, name) = (id.to_string(), row.get("name")?);
            left.push(Shown {
                id,
                name,
                ..Shown::default()
            });
        }
    }
    Ok(left)
}

/// The provider of that id.
pub(super) async fn find(
    app: &App,
    trust: &TrustId,
    id: &ProviderId,
) -> Result<Option<Provider>, Problem> {
    let set = in_settings(app, trust).find(|set| set.id == *id);
    match set {
        Some(set) => Ok(Some(set)),
        None => Ok(kept(app.store()?, trust, id).await?),
    }
}

async fn kept(
    store: &Store,
    trust: &TrustId,
    id: &ProviderId,
) -> Result<Option<Provider>, RecordError> {
    let mut reader = store.read(trust);
    let row = reader
        .first(
            "SELECT name, issuer, client_id, client_secret, trusts_email, private_network \
             FROM provider WHERE trust = $1 AND id = $2 AND in_settings = 0",
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
        source: None,
    }))
}

/// Sees to it that a provider of the settings has a row, for others to name. What stands there is
/// not read, so there is no secret in it.
pub(super) async fn anchor(tx: &mut Tx, provider: &Provider) -> Result<(), StoreError> {
    if provider.source.is_none() {
        return Ok(());
    }
    tx.execute(
        "INSERT INTO provider (trust, id, name, issuer, client_id, client_secret, trusts_email, \
           private_network, in_settings) \
         VALUES ($1, $2, $3, '', '', $4, 0, 0, 1) \
         ON CONFLICT (trust, id) DO UPDATE SET name = excluded.name",
        values![&provider.id, &provider.name, Vec::new()],
    )
    .await?;
    Ok(())
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

/// Removes a provider, and the roles that came from it. Who was whom there is forgotten; their
/// sessions end at the next sign-out.
pub(in crate::sign_in) async fn remove(
    tx: &mut Tx,
    actor: &Actor,
    id: &ProviderId,
) -> Result<(), Problem> {
    people::end_claimed(tx, actor, id.as_str()).await?;
    for text in [
        "DELETE FROM provider_role WHERE trust = $1 AND provider = $2",
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
