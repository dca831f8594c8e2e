//! The trust itself: its name and what it has settled for all its schools.

use serde::Serialize;

use super::kinds::kinds;
use super::{Nation, SchoolsError};
use crate::authority::{Permit, Place};
use crate::ledger::{Record, record};
use crate::store::{Query, TrustId, Tx};
use crate::values;

kinds! {
    /// Who may ask and read the policies.
    Reading {
        /// Everybody.
        Open "open" "Everybody"
        /// Whoever has signed in.
        SignedIn "signed-in" "Only people who have signed in"
    }
}

/// A trust.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Trust {
    /// Its identifier.
    pub id: TrustId,
    /// What it has settled.
    #[serde(flatten)]
    pub settings: TrustSettings,
    /// Whether it holds demonstration data.
    pub demonstration: bool,
}

/// What a trust has settled.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct TrustSettings {
    /// Its name.
    pub name: String,
    /// The host name under which people reach it, where an installation serves several.
    pub host: Option<String>,
    /// Where it lies: what new schools start with.
    pub nation: Nation,
    /// Who may ask and read.
    pub reading: Reading,
}

impl Record for Trust {
    const KIND: &'static str = "trust";

    fn id(&self) -> &str {
        self.id.as_str()
    }
}

/// The trust of this reader or transaction.
pub async fn trust(query: &mut impl Query) -> Result<Trust, SchoolsError> {
    let row = query
        .first(
            "SELECT trust, name, host, nation, reading, demonstration FROM trust WHERE trust = $1",
            values![],
        )
        .await?
        .ok_or(SchoolsError::Missing)?;
    Ok(Trust {
        id: row.get("trust")?,
        settings: TrustSettings {
            name: row.get("name")?,
            host: row.get("host")?,
            nation: row.get("nation")?,
            reading: row.get("reading")?,
        },
        demonstration: row.get("demonstration")?,
    })
}

/// Adds the trust of this transaction.
pub async fn add_trust(
    tx: &mut Tx,
    permit: &Permit,
    settings: TrustSettings,
) -> Result<Trust, SchoolsError> {
    permit.at(Place::Trust)?;
    let id = tx.trust().cloned().ok_or(SchoolsError::Missing)?;
    let trust = Trust {
        id,
        settings,
        demonstration: false,
    };
    let (settings, now) = (&trust.settings, tx.now());
    tx.execute(
        "INSERT INTO trust (trust, name, host, nation, reading, demonstration, created_at) \
         VALUES ($1, $2, $3, $4, $5, 0, $6)",
        values![
            &settings.name,
            settings.host.clone(),
            settings.nation,
            settings.reading,
            now
        ],
    )
    .await?;
    enter(tx, permit, "trust.added", None, &trust).await?;
    Ok(trust)
}

/// Changes what the trust has settled.
pub async fn change_trust(
    tx: &mut Tx,
    permit: &Permit,
    settings: TrustSettings,
) -> Result<(), SchoolsError> {
    let before = trust(tx).await?;
    let after = Trust {
        settings,
        ..before.clone()
    };
    if let Some(host) = &after.settings.host {
        let others = tx
            .count(
                "SELECT COUNT(*) AS n FROM trust WHERE host = $2 AND trust <> $1",
                values![host],
            )
            .await?;
        if others > 0 {
            return Err(SchoolsError::refused(
                "host",
                "Another trust of this installation has this host name",
            ));
        }
    }
    write(tx, permit, "trust.changed", &before, &after).await
}

/// Says whether the trust holds demonstration data.
pub async fn mark_demonstration(
    tx: &mut Tx,
    permit: &Permit,
    demonstration: bool,
) -> Result<(), SchoolsError> {
    let before = trust(tx).await?;
    let after = Trust {
        demonstration,
        ..before.clone()
    };
    let kind = match demonstration {
        true => "demonstration.loaded",
        false => "demonstration.removed",
    };
    write(tx, permit, kind, &before, &after).await
}

async fn write(
    tx: &mut Tx,
    permit: &Permit,
    kind: &'static str,
    before: &Trust,
    after: &Trust,
) -> Result<(), SchoolsError> {
    permit.at(Place::Trust)?;
    let settings = &after.settings;
    tx.execute(
        "UPDATE trust SET name = $2, host = $3, nation = $4, reading = $5, demonstration = $6 \
         WHERE trust = $1",
        values![
            &settings.name,
            settings.host.clone(),
            settings.nation,
            settings.reading,
            after.demonstration
        ],
    )
    .await?;
    enter(tx, permit, kind, Some(before), after).await
}

async fn enter(
    tx: &mut Tx,
    permit: &Permit,
    kind: &'static str,
    before: Option<&Trust>,
    after: &Trust,
) -> Result<(), SchoolsError> {
    let (actor, action) = (permit.actor(), Some(permit.action()));
    Ok(record(tx, actor, action, kind, before, Some(after)).await?)
}
