//! How changed settings are kept.

use std::collections::BTreeMap;

use jiff::Timestamp;
use register::{Register, SettingValue};
use serde::Serialize;
use serde_json::Value as Json;

use crate::authority::{Permit, Place};
use crate::cases::CaseError;
use crate::cases::rules::own_settings;
use crate::ledger::{Record, record};
use crate::people;
use crate::store::{Query, Row, SchoolId, StoreError, Tx, ids};
use crate::values;

ids! {
    /// A version of a register's settings at a school.
    SettingsId
}

/// What a school has changed, as one version.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Version {
    id: SettingsId,
    school: SchoolId,
    register: String,
    version: i64,
    values: BTreeMap<String, SettingValue>,
    changed_at: i64,
}

impl Record for Version {
    const KIND: &'static str = "register_settings";

    fn id(&self) -> &str {
        self.id.as_str()
    }
}

/// A version as the page lists it.
#[derive(Clone, Debug)]
pub(super) struct Past {
    pub(super) version: i64,
    pub(super) changed_at: Timestamp,
    pub(super) changed_by: Option<String>,
    pub(super) values: BTreeMap<String, SettingValue>,
}

/// Keeps what a school wants otherwise; what is as the policy has it is left out.
pub(super) async fn change(
    tx: &mut Tx,
    permit: &Permit,
    school: &SchoolId,
    register: &Register,
    seen: i64,
    values: BTreeMap<String, SettingValue>,
) -> Result<(), CaseError> {
    permit
        .at(Place::School(school))
        .map_err(|_| CaseError::NotFound)?;
    let latest = latest(tx, school, &register.id).await?;
    if latest != seen {
        return Err(CaseError::Changed);
    }
    let before = own_settings(tx, school, &register.id).await?;
    if before == values {
        return Ok(());
    }
    let after = Version {
        id: tx.fresh()?,
        school: school.clone(),
        register: register.id.clone(),
        version: latest + 1,
        values,
        changed_at: tx.now().as_millisecond(),
    };
    let text = serde_json::to_string(&after.values).map_err(|e| CaseError::Rules(e.to_string()))?;
    tx.execute(
        "INSERT INTO register_settings (trust, id, school, register, version, values_json, changed_at, changed_by) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        values![
            &after.id,
            school,
            &register.id,
            after.version,
            text,
            after.changed_at,
            permit.actor().person.as_ref()
        ],
    )
    .await?;
    record(
        tx,
        permit.actor(),
        Some(permit.action()),
        "register_settings.changed",
        None,
        Some(&after),
    )
    .await?;
    Ok(())
}

/// The number of the latest version; 0 where nothing was changed yet.
pub(super) async fn latest(
    query: &mut impl Query,
    school: &SchoolId,
    register: &str,
) -> Result<i64, StoreError> {
    let row = query
        .first(
            "SELECT COALESCE(MAX(version), 0) AS n FROM register_settings \
             WHERE trust = $1 AND school = $2 AND register = $3",
            values![school, register],
        )
        .await?;
    row.map_or(Ok(0), |row| row.get("n"))
}

/// The versions of a register's settings at a school, the latest first.
pub(super) async fn past(
    query: &mut impl Query,
    school: &SchoolId,
    register: &str,
) -> Result<Vec<Past>, StoreError> {
    let rows = query
        .all(
            "SELECT s.version, s.values_json, s.changed_at, s.changed_by, p.given_name, p.known_as, p.family_name \
             FROM register_settings s LEFT JOIN person p ON p.trust = s.trust AND p.id = s.changed_by \
             WHERE s.trust = $1 AND s.school = $2 AND s.register = $3 ORDER BY s.version DESC LIMIT 50",
            values![school, register],
        )
        .await?;
    let past = rows.iter().map(|row| {
        let by: Option<String> = row.get("changed_by")?;
        let name = by.map(|_| people::shown_name(row)).transpose()?;
        Ok(Past {
            version: row.get("version")?,
            changed_at: row.get("changed_at")?,
            changed_by: name,
            values: values_of(row)?,
        })
    });
    past.collect()
}

fn values_of(row: &Row) -> Result<BTreeMap<String, SettingValue>, StoreError> {
    let text: String = row.get("values_json")?;
    serde_json::from_str(&text).map_err(|_| Row::unreadable("values_json"))
}

/// The states of all versions after one, for verifying them against the ledger.
pub(crate) async fn states(
    query: &mut impl Query,
    after: &str,
    limit: u32,
) -> Result<Vec<(String, Json)>, StoreError> {
    let rows = query
        .all(
            "SELECT id, school, register, version, values_json, changed_at FROM register_settings \
             WHERE trust = $1 AND id > $2 ORDER BY id LIMIT $3",
            values![after, i64::from(limit)],
        )
        .await?;
    let state = |row: &Row| {
        let version = Version {
            id: row.get("id")?,
            school: row.get("school")?,
            register: row.get("register")?,
            version: row.get("version")?,
            values: values_of(row)?,
            changed_at: row.get("changed_at")?,
        };
        let state =
            serde_json::to_value(&version).map_err(|_| Row::unreadable("register_settings"))?;
        Ok((version.id.to_string(), state))
    };
    rows.iter().map(state).collect()
}
