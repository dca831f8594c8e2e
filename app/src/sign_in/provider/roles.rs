//! Which roles somebody gets of whom a provider claims something.

use std::collections::BTreeSet;

use serde::Serialize;

use super::claims::Claims;
use super::record::{Provider, ProviderId};
use crate::authority::{Action, Actor, Role};
use crate::ledger::{Change, LedgerError, record_event};
use crate::people::{self, RoleAt};
use crate::store::{self, PersonId, Query, Row, SchoolId, StoreError, TrustId, Tx};
use crate::values;
use crate::web::problem::Problem;

store::ids! {
    /// A line of the table that turns claims into roles.
    LineId
}

/// Whoever has this value in this claim has this role there.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Line {
    pub(super) id: LineId,
    pub(super) claim: String,
    pub(super) value: String,
    pub(super) role: Role,
    /// At which school; at the whole trust where none is named.
    pub(super) school: Option<SchoolId>,
    /// Who wrote it down. They get no role by it: nobody gives one to themselves.
    pub(super) made_by: Option<PersonId>,
}

impl Line {
    fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.get("id")?,
            claim: row.get("claim")?,
            value: row.get("value")?,
            role: row.get("role")?,
            school: row.get("school")?,
            made_by: row.get("made_by")?,
        })
    }

    /// Whether it says the same as another.
    pub(super) fn same(&self, other: &Self) -> bool {
        let said = |line: &Self| {
            let (claim, value) = (line.claim.clone(), line.value.clone());
            (claim, value, line.role, line.school.clone())
        };
        said(self) == said(other)
    }
}

/// The table of a provider.
pub(super) async fn lines(
    query: &mut impl Query,
    provider: &ProviderId,
) -> Result<Vec<Line>, StoreError> {
    let rows = query
        .all(
            "SELECT id, claim, value, role, school, made_by FROM provider_role \
             WHERE trust = $1 AND provider = $2 ORDER BY claim, value, id",
            values![provider],
        )
        .await?;
    rows.iter().map(Line::read).collect()
}

/// Adds a line.
pub(super) async fn add(
    tx: &mut Tx,
    actor: &Actor,
    provider: &Provider,
    line: &Line,
) -> Result<(), LedgerError> {
    super::record::anchor(tx, provider).await?;
    tx.execute(
        "INSERT INTO provider_role (trust, id, provider, claim, value, role, school, made_by) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        values![
            &line.id,
            &provider.id,
            &line.claim,
            &line.value,
            line.role,
            line.school.as_ref(),
            line.made_by.as_ref()
        ],
    )
    .await?;
    let after = Some(serde_json::to_value(line)?);
    told(
        tx,
        actor,
        &provider.id,
        ("sign-in.claim-given-a-role", None, after),
    )
    .await
}

/// Removes a line. Who got a role by it loses it when they next come through the provider.
pub(super) async fn remove(
    tx: &mut Tx,
    actor: &Actor,
    provider: &ProviderId,
    line: &Line,
) -> Result<(), LedgerError> {
    tx.execute(
        "DELETE FROM provider_role WHERE trust = $1 AND provider = $2 AND id = $3",
        values![provider, &line.id],
    )
    .await?;
    let before = Some(serde_json::to_value(line)?);
    told(
        tx,
        actor,
        provider,
        ("sign-in.claim-without-a-role", before, None),
    )
    .await
}

async fn told(
    tx: &mut Tx,
    actor: &Actor,
    provider: &ProviderId,
    (kind, before, after): (
        &'static str,
        Option<serde_json::Value>,
        Option<serde_json::Value>,
    ),
) -> Result<(), LedgerError> {
    let change = Change {
        kind,
        record_kind: "provider",
        record: provider.as_str(),
        before,
        after,
    };
    record_event(tx, actor, Some(Action::ManageSettings), change).await
}

/// The roles that a table makes of somebody's claims; nothing where the provider keeps a claim of
/// the table elsewhere, so that nobody knows.
fn said(table: &[Line], person: &PersonId, claims: &Claims) -> Option<BTreeSet<RoleAt>> {
    let mut roles = BTreeSet::new();
    for line in table {
        let values = claims.values(&line.claim)?;
        if values.contains(&line.value) && line.made_by.as_ref() != Some(person) {
            roles.insert((line.role, line.school.clone()));
        }
    }
    Some(roles)
}

/// Brings the roles that somebody has from a provider into line with what it says of them now.
pub(super) async fn bring_into_line(
    tx: &mut Tx,
    trust: &TrustId,
    provider: &Provider,
    person: &PersonId,
    claims: &Claims,
) -> Result<(), Problem> {
    let table = lines(tx, &provider.id).await?;
    let today = tx.store().clock().today();
    let id = provider.id.as_str();
    // Most providers give no roles, and then nobody waits for anybody.
    if table.is_empty() && people::claiming(tx, id, today).await? == 0 {
        return Ok(());
    }
    let Some(wanted) = said(&table, person, claims) else {
        tracing::warn!(
            provider = id,
            "a claim that gives roles is too long for the ID token and is kept elsewhere: \
             nobody's roles were changed by it"
        );
        return Ok(());
    };
    let actor = Actor {
        name: provider.name.clone(),
        ..Actor::operator(trust.clone())
    };
    let done = people::bring_into_line(tx, &actor, id, person, &wanted).await?;
    if done.kept {
        tracing::warn!(
            provider = id,
            "the last trust administrator keeps that role, though it is no longer claimed"
        );
    }
    Ok(())
}
