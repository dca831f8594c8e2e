//! The cases about one person, for their personnel file.

use std::sync::Arc;

use jiff::Timestamp;
use register::Effect;
use register::life::Sees;

use super::case::{Case, CaseId, moment};
use super::rules::{self, InForce};
use super::{CaseError, access, closer, row};
use crate::authority::Actor;
use crate::store::{PersonId, Query, Row, Store};
use crate::values;

/// A case on somebody's personnel file, as somebody may see it.
#[derive(Clone, Debug)]
pub struct OnFile {
    /// The case.
    pub case: Case,
    /// The rules it runs under.
    pub rules: Arc<InForce>,
    /// Whether only its outline is theirs.
    pub outline: bool,
}

/// The cases on a person's file that somebody may see by the rules of their registers, the latest first.
///
/// # Errors
/// Where the store fails.
pub async fn on_file(
    query: &mut impl Query,
    store: &Store,
    actor: &Actor,
    person: &PersonId,
) -> Result<Vec<OnFile>, CaseError> {
    let rows = query
        .all(
            "SELECT id FROM case_file WHERE trust = $1 AND subject = $2 AND subject_kind = 'person' AND filed = 1 \
             ORDER BY id DESC",
            values![person],
        )
        .await?;
    let mut filed = Vec::new();
    for row in &rows {
        let id: CaseId = row.get("id")?;
        let Some(mut case) = row::find(query, store, &actor.trust, &id).await? else {
            continue;
        };
        let sees = access::sees(query, actor, &case).await?;
        if sees != Sees::Nothing {
            let rules = rules::of_case(query, &case.rules).await?;
            closer::without(query, store, actor, &rules, &mut case).await?;
            filed.push(OnFile {
                rules,
                outline: sees == Sees::Outline,
                case,
            });
        }
    }
    Ok(filed)
}

impl OnFile {
    /// The words of its state.
    #[must_use]
    pub fn state(&self) -> &str {
        let state = self.rules.register().state(&self.case.state);
        state.map_or(self.case.state.as_str(), |state| state.says.as_str())
    }

    /// Since when its subject may know of it; never, while it is kept from them.
    #[must_use]
    pub fn known_since(&self) -> Option<Timestamp> {
        let register = self.rules.register();
        if !register.undisclosed {
            return Some(self.case.opened());
        }
        let discloses = |name: &str| {
            let step = register.step(name);
            step.is_some_and(|step| step.effects.contains(&Effect::Disclose))
        };
        let told = self.case.done.iter().find(|done| discloses(&done.step));
        told.filter(|_| self.case.disclosed)
            .map(|done| moment(done.at))
    }
}

/// Who read a case since its subject may know of it, and when, the latest first: nothing of the time before, which
/// would tell them what was kept from them.
///
/// # Errors
/// Where the store fails.
pub async fn readers(
    query: &mut impl Query,
    filed: &OnFile,
) -> Result<Vec<(Timestamp, PersonId)>, CaseError> {
    let Some(since) = filed.known_since().filter(|_| !filed.outline) else {
        return Ok(Vec::new());
    };
    let rows = query
        .all(
            "SELECT at, person FROM ledger_event \
             WHERE trust = $1 AND record_kind = 'case_file' AND record = $2 AND kind = 'case.read' \
               AND person IS NOT NULL AND at >= $3 ORDER BY seq DESC LIMIT 200",
            values![&filed.case.id, since],
        )
        .await?;
    let read = |row: &Row| Ok((row.get("at")?, row.get("person")?));
    rows.iter().map(read).collect()
}
