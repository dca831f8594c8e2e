//! The second factor: codes by the time (RFC 6238), and recovery codes for when the telephone is
//! lost.

use data_encoding::BASE32_NOPAD as BASE32;
use sha2::{Digest as _, Sha256};
use totp_rs::{Builder, Totp};
use zeroize::Zeroizing;

use super::account::{self, Account};
use super::session;
use crate::authority::Actor;
use crate::ledger::LedgerError;
use crate::protection::{ProtectionError, Sealed, place};
use crate::store::{KeyError, PersonId, Query, StoreError, TrustId, Tx};
use crate::values;
use crate::web::problem::Problem;

/// How many recovery codes there are.
pub(super) const RECOVERY_CODES: usize = 10;

/// What went wrong with a second factor: never the code itself.
#[derive(Debug, thiserror::Error)]
pub(super) enum FactorError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error(transparent)]
    Protection(#[from] ProtectionError),
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error("the secret of a second factor cannot be used: {0}")]
    Secret(#[from] totp_rs::TotpError),
}

impl From<FactorError> for Problem {
    fn from(error: FactorError) -> Self {
        match error {
            FactorError::Store(error) => error.into(),
            FactorError::Ledger(error) => error.into(),
            other => Self::internal(&other),
        }
    }
}

fn sealed_at(trust: &TrustId, person: &PersonId) -> String {
    place("sign_in_account", "factor", trust.as_str(), person.as_str())
}

/// Draws a new secret, which is asked for only after its first code ([`confirm`]).
pub(super) async fn begin(
    tx: &mut Tx,
    trust: &TrustId,
    person: &PersonId,
) -> Result<(), FactorError> {
    account::ensure(tx, person).await?;
    let secret = Zeroizing::new(
        tx.store()
            .randomness()
            .bytes::<20>()
            .map_err(StoreError::from)?,
    );
    let key = tx.record_key(&format!("person/{person}")).await?;
    let at = sealed_at(trust, person);
    let sealed = key.seal(&at, secret.as_slice(), tx.store().randomness())?;
    tx.execute(
        "UPDATE sign_in_account \
         SET factor = $3, factor_confirmed_at = NULL, factor_step = 0 \
         WHERE trust = $1 AND person = $2 AND factor_confirmed_at IS NULL",
        values![person, sealed.0],
    )
    .await?;
    Ok(())
}

/// The generator of an account's codes, confirmed or not.
pub(super) async fn totp(
    query: &mut impl Query,
    store: &crate::store::Store,
    trust: &TrustId,
    account: &Account,
) -> Result<Option<Totp>, FactorError> {
    let Some(sealed) = account.factor.clone() else {
        return Ok(None);
    };
    let person = &account.person.id;
    let record = format!("person/{person}");
    let Some(key) = crate::store::record_key(query, store, trust, &record).await? else {
        return Ok(None);
    };
    let secret = key.open(&sealed_at(trust, person), &Sealed(sealed))?;
    // A colon would end the account's name in the address that the telephone reads.
    let name = account.sign_in_name().unwrap_or(person.as_str());
    let totp = Builder::new()
        .with_secret(secret.as_slice())
        .with_account_name(name.replace(':', " "))
        .with_issuer(Some("Probity"))
        .build()?;
    Ok(Some(totp))
}

/// Whether this is the code of this moment, or of the half minute before or after; each works
/// once.
pub(super) async fn proves(
    tx: &mut Tx,
    trust: &TrustId,
    account: &Account,
    code: &str,
) -> Result<bool, FactorError> {
    let store = tx.store().clone();
    let Some(totp) = totp(tx, &store, trust, account).await? else {
        return Ok(false);
    };
    let code: String = code.chars().filter(char::is_ascii_digit).collect();
    let now = u64::try_from(tx.now().as_second()).unwrap_or(0);
    let Some(step) = totp.check(&code, now) else {
        return Ok(false);
    };
    let step = i64::try_from(step).unwrap_or(i64::MAX);
    let fresh = tx
        .execute(
            "UPDATE sign_in_account SET factor_step = $3 \
             WHERE trust = $1 AND person = $2 AND factor_step < $3",
            values![&account.person.id, step],
        )
        .await?;
    Ok(fresh == 1)
}

/// From now on the second factor is asked for; gives the recovery codes, which are shown once.
pub(super) async fn confirm(
    tx: &mut Tx,
    actor: &Actor,
    person: &PersonId,
) -> Result<Vec<String>, FactorError> {
    let now = tx.now();
    tx.execute(
        "UPDATE sign_in_account SET factor_confirmed_at = $3 \
         WHERE trust = $1 AND person = $2 AND factor IS NOT NULL",
        values![person, now],
    )
    .await?;
    session::about(tx, actor, person, "sign-in.second-factor-set").await?;
    recovery_codes(tx, actor, person).await
}

/// New recovery codes; the old ones stop working.
pub(super) async fn recovery_codes(
    tx: &mut Tx,
    actor: &Actor,
    person: &PersonId,
) -> Result<Vec<String>, FactorError> {
    tx.execute(
        "DELETE FROM recovery_code WHERE trust = $1 AND person = $2",
        values![person],
    )
    .await?;
    let mut codes = Vec::new();
    for _ in 0..RECOVERY_CODES {
        let code = BASE32.encode(
            &tx.store()
                .randomness()
                .bytes::<10>()
                .map_err(StoreError::from)?,
        );
        tx.execute(
            "INSERT INTO recovery_code (trust, person, hash) VALUES ($1, $2, $3)",
            values![person, recovery_hash(person, &code)],
        )
        .await?;
        codes.push(grouped(&code));
    }
    session::about(tx, actor, person, "sign-in.recovery-codes-made").await?;
    Ok(codes)
}

/// In groups of four, so that they can be read and typed.
pub(super) fn grouped(code: &str) -> String {
    let letters: Vec<char> = code.chars().collect();
    let groups: Vec<String> = letters
        .chunks(4)
        .map(|four| four.iter().collect())
        .collect();
    groups.join("-")
}

/// 80 random bits need no slow hash.
fn recovery_hash(person: &PersonId, code: &str) -> String {
    let letters = code.chars().filter(char::is_ascii_alphanumeric);
    let plain: String = letters.map(|c| c.to_ascii_uppercase()).collect();
    let hash = Sha256::digest(format!("{person}\n{plain}").as_bytes());
    data_encoding::HEXLOWER.encode(&hash)
}

/// Whether this is one of the recovery codes; it is used up by that.
pub(super) async fn recovers(
    tx: &mut Tx,
    person: &PersonId,
    code: &str,
) -> Result<bool, StoreError> {
    let used = tx
        .execute(
            "DELETE FROM recovery_code WHERE trust = $1 AND person = $2 AND hash = $3",
            values![person, recovery_hash(person, code)],
        )
        .await?;
    Ok(used == 1)
}

/// How many recovery codes are left.
pub(super) async fn recovery_codes_left(
    query: &mut impl Query,
    person: &PersonId,
) -> Result<u64, StoreError> {
    query
        .count(
            "SELECT COUNT(*) AS n FROM recovery_code WHERE trust = $1 AND person = $2",
            values![person],
        )
        .await
}

/// Takes the second factor and the recovery codes away.
pub(super) async fn remove(
    tx: &mut Tx,
    actor: &Actor,
    person: &PersonId,
) -> Result<(), LedgerError> {
    tx.execute(
        "UPDATE sign_in_account \
         SET factor = NULL, factor_confirmed_at = NULL, factor_step = 0 \
         WHERE trust = $1 AND person = $2",
        values![person],
    )
    .await?;
    tx.execute(
        "DELETE FROM recovery_code WHERE trust = $1 AND person = $2",
        values![person],
    )
    .await?;
    session::about(tx, actor, person, "sign-in.second-factor-removed").await
}
