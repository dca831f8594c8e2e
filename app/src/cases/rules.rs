//! The rules that a case runs under: its register as it was when the case was opened, with the settings of its school.
//! They are kept once for all cases that share them, and never change.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use data_encoding::HEXLOWER;
use jiff::civil::Date;
use register::life::Rules;
use register::settings::Settings;
use register::{Catalogue, Register, SettingValue};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::CaseError;
use crate::schools;
use crate::store::{Query, SchoolId, StoreError, Tx};
use crate::values;

/// A register with the settings that hold for a school.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Version {
    /// The register.
    pub register: Register,
    /// The policy that the school follows; none for the trust as a whole or before a school adopted one.
    pub policy: Option<String>,
    /// What the school has changed, by the setting's name.
    pub own: BTreeMap<String, SettingValue>,
}

/// Rules at work.
#[derive(Clone, Debug, PartialEq)]
pub struct InForce {
    /// The register and where its settings come from.
    pub version: Version,
    /// The settings.
    pub settings: Settings,
}

impl InForce {
    fn of(version: Version) -> Self {
        let policy = version.policy.as_deref().unwrap_or_default();
        let settings = Settings::of(&version.register, policy, &version.own);
        Self { version, settings }
    }

    /// The rules, for life.
    #[must_use]
    pub fn rules(&self) -> Rules<'_> {
        Rules {
            register: &self.version.register,
            settings: &self.settings,
        }
    }

    /// The register.
    #[must_use]
    pub fn register(&self) -> &Register {
        &self.version.register
    }
}

/// The rules that hold for a register at a school today.
///
/// # Errors
/// [`CaseError::NoSuchRegister`] where there is none of that name.
pub async fn in_force(
    query: &mut impl Query,
    registers: &Catalogue,
    register: &str,
    school: Option<&SchoolId>,
    today: Date,
) -> Result<InForce, CaseError> {
    let register = registers
        .register(register)
        .ok_or(CaseError::NoSuchRegister)?;
    let (mut policy, mut own) = (None, BTreeMap::new());
    if let Some(school) = school {
        policy = schools::policy_on(query, school, today)
            .await?
            .map(|following| following.policy);
        own = own_settings(query, school, &register.id).await?;
    }
    Ok(InForce::of(Version {
        register: register.clone(),
        policy,
        own,
    }))
}

/// What a school has changed of a register's settings, as it holds now.
pub(super) async fn own_settings(
    query: &mut impl Query,
    school: &SchoolId,
    register: &str,
) -> Result<BTreeMap<String, SettingValue>, CaseError> {
    let row = query
        .first(
            "SELECT values_json FROM register_settings \
             WHERE trust = $1 AND school = $2 AND register = $3 ORDER BY version DESC LIMIT 1",
            values![school, register],
        )
        .await?;
    let Some(row) = row else {
        return Ok(BTreeMap::new());
    };
    let text: String = row.get("values_json")?;
    serde_json::from_str(&text).map_err(|e| CaseError::Rules(e.to_string()))
}

/// Keeps rules for the cases that will run under them; gives the name by which they are found again.
pub(super) async fn keep(tx: &mut Tx, rules: &InForce) -> Result<String, CaseError> {
    let text =
        serde_json::to_string(&rules.version).map_err(|e| CaseError::Rules(e.to_string()))?;
    let id = HEXLOWER.encode(&Sha256::digest(text.as_bytes()));
    tx.execute(
        "INSERT INTO case_rules (trust, id, rules) VALUES ($1, $2, $3) ON CONFLICT (trust, id) DO NOTHING",
        values![&id, text],
    )
    .await?;
    Ok(id)
}

/// How many rules are kept at hand. An installation has one for each register and policy, and one more for each school
/// that changed a setting.
const AT_HAND: usize = 2_000;

/// Rules that were read before, by their name: it is the hash of what they say, so that they cannot be out of date.
static READ: Mutex<BTreeMap<String, Arc<InForce>>> = Mutex::new(BTreeMap::new());

/// The rules that a case runs under.
pub async fn of_case(query: &mut impl Query, id: &str) -> Result<Arc<InForce>, CaseError> {
    if let Some(rules) = at_hand().get(id) {
        return Ok(Arc::clone(rules));
    }
    let row = query
        .first(
            "SELECT rules FROM case_rules WHERE trust = $1 AND id = $2",
            values![id],
        )
        .await?;
    let row = row.ok_or(StoreError::Dangling)?;
    let text: String = row.get("rules")?;
    let version = serde_json::from_str(&text).map_err(|e| CaseError::Rules(e.to_string()))?;
    let rules = Arc::new(InForce::of(version));
    let mut at_hand = at_hand();
    if at_hand.len() >= AT_HAND {
        at_hand.clear();
    }
    at_hand.insert(id.to_owned(), Arc::clone(&rules));
    Ok(rules)
}

fn at_hand() -> MutexGuard<'static, BTreeMap<String, Arc<InForce>>> {
    READ.lock().unwrap_or_else(PoisonError::into_inner)
}
