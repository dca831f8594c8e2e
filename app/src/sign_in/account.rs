//! How a person signs in.

use jiff::Timestamp;
use jiff::civil::Date;

use super::session;
use super::who::{self, Person};
use crate::authority::Actor;
use crate::ledger::LedgerError;
use crate::store::{PersonId, Query, SessionId, StoreError, Tx};
use crate::values;

/// How a person signs in.
#[derive(Clone, Debug)]
pub(super) struct Account {
    pub(super) person: Person,
    /// The name with which they sign in, where they have no e-mail address.
    pub(super) username: Option<String>,
    pub(super) password_hash: Option<String>,
    pub(super) code_hash: Option<String>,
    pub(super) code_expires_at: Option<Timestamp>,
    /// The second factor's secret, sealed; one that waits for its first code too.
    pub(super) factor: Option<Vec<u8>>,
    /// Since when the second factor is asked for.
    pub(super) factor_since: Option<Timestamp>,
}

impl Account {
    /// What a password must not be made of.
    pub(super) fn about(&self) -> Vec<String> {
        let mut about = vec![self.person.name.clone()];
        about.extend(self.person.email.clone());
        about.extend(self.username.clone());
        about
    }

    /// The name that is typed to sign in.
    pub(super) fn sign_in_name(&self) -> Option<&str> {
        let email = self.person.email.as_deref();
        email.or(self.username.as_deref())
    }
}

/// The account of a person, unless they have left.
pub(super) async fn of(
    query: &mut impl Query,
    person: &PersonId,
    today: Date,
) -> Result<Option<Account>, StoreError> {
    let row = query
        .first(
            "SELECT p.id, p.given_name, p.known_as, p.family_name, p.email, p.ends_on, \
               a.username, a.password_hash, a.code_hash, a.code_expires_at, a.factor, \
               a.factor_confirmed_at \
             FROM person p LEFT JOIN sign_in_account a ON a.trust = p.trust AND a.person = p.id \
             WHERE p.trust = $1 AND p.id = $2",
            values![person],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    let account = Account {
        person: Person::read(&row)?,
        username: row.get("username")?,
        password_hash: row.get("password_hash")?,
        code_hash: row.get("code_hash")?,
        code_expires_at: row.get("code_expires_at")?,
        factor: row.get("factor")?,
        factor_since: row.get("factor_confirmed_at")?,
    };
    Ok(Some(account).filter(|account| account.person.here(today)))
}

/// The account of the name that somebody typed: an e-mail address or a name for signing in. As
/// many statements are run where there is none.
pub(super) async fn named(
    query: &mut impl Query,
    name: &str,
    today: Date,
) -> Result<Option<Account>, StoreError> {
    let row = query
        .first(
            "SELECT id FROM person WHERE trust = $1 AND email = $2 \
             UNION ALL \
             SELECT person AS id FROM sign_in_account WHERE trust = $1 AND username = $2",
            values![name.trim().to_lowercase()],
        )
        .await?;
    let nobody = "nobody".parse().map_err(|_| StoreError::Unrecorded);
    let person = row.map_or(nobody, |row| row.get("id"))?;
    of(query, &person, today).await
}

/// Makes the row of an account, where there is none yet.
pub(super) async fn ensure(tx: &mut Tx, person: &PersonId) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO sign_in_account (trust, person, factor_step) VALUES ($1, $2, 0) \
         ON CONFLICT (trust, person) DO NOTHING",
        values![person],
    )
    .await?;
    Ok(())
}

/// Sets a password. Whoever knew the old one, had a code or a reset link, has nothing any more;
/// the sessions and known browsers end but for the session that is named.
pub(super) async fn set_password(
    tx: &mut Tx,
    actor: &Actor,
    person: &PersonId,
    hash: &str,
    but: Option<&SessionId>,
) -> Result<(), LedgerError> {
    ensure(tx, person).await?;
    let now = tx.now();
    tx.execute(
        "UPDATE sign_in_account \
         SET password_hash = $3, password_at = $4, code_hash = NULL, code_expires_at = NULL \
         WHERE trust = $1 AND person = $2",
        values![person, hash, now],
    )
    .await?;
    for text in [
        "DELETE FROM sign_in_link WHERE trust = $1 AND person = $2",
        "DELETE FROM half_sign_in WHERE trust = $1 AND person = $2",
    ] {
        tx.execute(text, values![person]).await?;
    }
    tx.execute(
        "DELETE FROM session WHERE trust = $1 AND person = $2 AND id <> $3",
        values![person, but.map_or("", |id| id.as_str())],
    )
    .await?;
    super::known::forget(tx, person).await?;
    session::about(tx, actor, person, "sign-in.password-set").await
}

/// How long a new password must be in this trust.
pub(super) async fn shortest_password(query: &mut impl Query) -> Result<usize, StoreError> {
    let row = query
        .first(
            "SELECT shortest_password FROM sign_in_setting WHERE trust = $1",
            values![],
        )
        .await?;
    let set = match row {
        Some(row) => row.get::<u64>("shortest_password")?,
        None => return Ok(super::password::SHORTEST),
    };
    Ok(usize::try_from(set).unwrap_or(super::password::SHORTEST))
}

/// A name for signing in that nobody has yet: `k.adeyemi`, `k.adeyemi2`.
pub(super) async fn free_username(
    query: &mut impl Query,
    person: &Person,
) -> Result<String, StoreError> {
    let mut words = person.name.split_whitespace();
    let plain = |word: &str| -> String {
        let letters = word.chars().flat_map(char::to_lowercase);
        letters.filter(char::is_ascii_alphanumeric).collect()
    };
    let initial: String = words.next().map(plain).unwrap_or_default();
    let initial: String = initial.chars().take(1).collect();
    let family = words.next_back().map(plain).unwrap_or_default();
    let base = match (initial.is_empty(), family.is_empty()) {
        (false, false) => format!("{initial}.{family}"),
        _ => "staff".to_owned(),
    };
    for number in 1_u32.. {
        let name = match number {
            1 => base.clone(),
            number => format!("{base}{number}"),
        };
        let taken = query
            .count(
                "SELECT COUNT(*) AS n FROM sign_in_account WHERE trust = $1 AND username = $2",
                values![&name],
            )
            .await?;
        if taken == 0 {
            return Ok(name);
        }
    }
    Ok(base)
}

/// The person in the act of signing in, for the ledger.
pub(super) async fn acting(
    tx: &mut Tx,
    trust: &crate::store::TrustId,
    person: &Person,
) -> Result<Actor, StoreError> {
    let today = tx.store().clock().today();
    who::signing_in(tx, trust, person, today).await
}
