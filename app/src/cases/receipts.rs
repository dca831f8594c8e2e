//! Cases that somebody without an account opens: a receipt instead of an account, and a measure of how much comes.

use data_encoding::{BASE32_NOPAD, HEXLOWER};
use register::{Party, Register};
use sha2::{Digest as _, Sha256};

use super::case::{Case, moment};
use super::{CaseError, Engine, Opening, rules};
use crate::authority::{Actor, Means};
use crate::randomness::Randomness;
use crate::store::{Query as _, StoreError, TrustId, Tx};
use crate::values;

/// What is counted, and how often a client may do it in an hour. A household or a school may share one address.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Counted {
    /// Sending a form.
    Sent,
    /// Trying a receipt, or a link that does not work.
    Tried,
    /// Answering by a link that works.
    Answered,
}

impl Counted {
    const fn name(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Tried => "tried",
            Self::Answered => "answered",
        }
    }

    const fn most(self) -> i64 {
        match self {
            Self::Sent => 10,
            Self::Tried => 30,
            // A parents' evening may go through one network.
            Self::Answered => 120,
        }
    }
}

/// Where a case stands, as the holder of its receipt learns it: in words, and nothing else of it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Stands {
    /// What kind of record it is.
    pub(super) name: String,
    /// Its state.
    pub(super) state: String,
    /// When it came in.
    pub(super) since: jiff::Timestamp,
}

/// Whether anybody may open a case in the register.
pub(crate) fn is_public(register: &Register) -> bool {
    register.opened_by.contains(&Party::Public)
}

/// Somebody without an account.
pub(super) fn the_public(trust: &TrustId) -> Actor {
    Actor {
        trust: trust.clone(),
        person: None,
        name: "a member of the public".to_owned(),
        roles: Vec::new(),
        means: Means::Token(std::collections::BTreeSet::new()),
    }
}

/// Opens a case for somebody without an account; gives it with the code of its receipt, which is nowhere else.
pub(super) async fn open_publicly(
    tx: &mut Tx,
    engine: &Engine,
    trust: &TrustId,
    opening: Opening,
) -> Result<(Case, String), CaseError> {
    let registers = engine.registers();
    let register = registers.register(&opening.register);
    if !register.is_some_and(is_public) {
        return Err(CaseError::NoSuchRegister);
    }
    let case = super::open(tx, engine, &the_public(trust), opening).await?;
    let code = code(tx.store().randomness())?;
    tx.execute(
        "INSERT INTO case_receipt (trust, code_hash, case_id, made_at) VALUES ($1, $2, $3, $4)",
        values![hash(&code), &case.id, tx.now()],
    )
    .await?;
    Ok((case, code))
}

/// Where the case of a receipt stands; nothing where there is no such receipt.
pub(super) async fn stands(tx: &mut Tx, code: &str) -> Result<Option<Stands>, CaseError> {
    let row = tx
        .first(
            "SELECT c.rules, c.state, c.opened_at FROM case_receipt r \
             JOIN case_file c ON c.trust = r.trust AND c.id = r.case_id WHERE r.trust = $1 AND r.code_hash = $2",
            values![hash(code)],
        )
        .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let rules = rules::of_case(tx, &row.get::<String>("rules")?).await?;
    let state: String = row.get("state")?;
    let says = rules
        .register()
        .state(&state)
        .map(|state| state.says.clone());
    Ok(Some(Stands {
        name: rules.register().name.clone(),
        state: says.unwrap_or(state),
        since: moment(row.get("opened_at")?),
    }))
}

/// Counts what a client does; whether it may.
pub(crate) async fn count(
    tx: &mut Tx,
    trust: &TrustId,
    counted: Counted,
    client: std::net::IpAddr,
) -> Result<bool, StoreError> {
    let purpose = format!("case-client/{trust}/{}", counted.name());
    let client = tx
        .store()
        .root_key()
        .keyed_hash(&purpose, &client.to_string());
    let hour = tx.now().as_second() / 3600;
    tx.execute(
        "DELETE FROM case_client WHERE trust = $1 AND hour < $2",
        values![hour],
    )
    .await?;
    let row = tx
        .first(
            "INSERT INTO case_client (trust, client, hour, sent) VALUES ($1, $2, $3, 1) \
             ON CONFLICT (trust, client) DO UPDATE SET sent = case_client.sent + 1 RETURNING sent",
            values![client, hour],
        )
        .await?;
    let sent: i64 = row.ok_or(StoreError::Changed)?.get("sent")?;
    Ok(sent <= counted.most())
}

/// A code of 100 random bits, in five groups of four letters and digits: to be written down and typed in again.
fn code(randomness: &Randomness) -> Result<String, CaseError> {
    let text = BASE32_NOPAD.encode(&randomness.bytes::<13>()?);
    let letters: Vec<char> = text.chars().take(20).collect();
    let groups = letters
        .chunks(4)
        .map(|group| group.iter().collect::<String>());
    Ok(groups.collect::<Vec<_>>().join("-"))
}

/// The hash under which a code is kept, however it was typed. A plain hash does: nobody guesses 100 random bits.
fn hash(code: &str) -> String {
    let typed = code.chars().filter(char::is_ascii_alphanumeric);
    // The alphabet has no 0, 1 or 8: who reads one of them saw the letter that looks like it.
    let meant = typed.map(|c| match c.to_ascii_uppercase() {
        '0' => 'O',
        '1' => 'I',
        '8' => 'B',
        other => other,
    });
    let code: String = meant.collect();
    HEXLOWER.encode(&Sha256::digest(code.as_bytes()))
}
