//! What answers name and must be there: people, pupils, schools, platforms, cases.

use std::collections::BTreeSet;

use register::value::{Answers, Known};
use register::{Field, FieldKind};

use super::{CaseError, list};
use crate::authority::Actor;
use crate::store::{Query, StoreError, Tx};
use crate::values;

/// The answers that were found.
#[derive(Debug, Default)]
pub(super) struct Found(BTreeSet<(String, String)>);

/// Looks up what the answers to some fields name.
pub(super) async fn known(
    query: &mut impl Query,
    fields: &[Field],
    answers: &Answers,
) -> Result<Found, CaseError> {
    let mut found = BTreeSet::new();
    for field in fields {
        for answer in answers.get(&field.id).into_iter().flatten() {
            if is_there(query, &field.kind, answer.trim()).await? {
                found.insert((field.id.clone(), answer.trim().to_owned()));
            }
        }
    }
    Ok(Found(found))
}

/// Looks up what somebody's answers name. A case that is not there for them is not there: they learn of none by naming it.
pub(super) async fn known_to(
    tx: &mut Tx,
    actor: &Actor,
    fields: &[Field],
    answers: &Answers,
) -> Result<Found, CaseError> {
    let mut found = known(tx, fields, answers).await?;
    let store = tx.store().clone();
    let cases = fields
        .iter()
        .filter(|field| matches!(field.kind, FieldKind::Case(_)));
    for field in cases.filter(|_| actor.person.is_some()) {
        for answer in answers.get(&field.id).into_iter().flatten() {
            let answer = answer.trim().to_owned();
            match list::by_reference(tx, actor, &store, &answer).await {
                Ok(_) => {}
                Err(CaseError::NotFound) => {
                    found.0.remove(&(field.id.clone(), answer));
                }
                Err(error) => return Err(error),
            }
        }
    }
    Ok(found)
}

async fn is_there(
    query: &mut impl Query,
    kind: &FieldKind,
    answer: &str,
) -> Result<bool, StoreError> {
    let sql = match kind {
        FieldKind::Person => {
            "SELECT COUNT(*) AS n FROM person WHERE trust = $1 AND id = $2 AND erased_at IS NULL"
        }
        FieldKind::Pupil => "SELECT COUNT(*) AS n FROM pupil WHERE trust = $1 AND id = $2",
        FieldKind::School => "SELECT COUNT(*) AS n FROM school WHERE trust = $1 AND id = $2",
        FieldKind::Case(_) => {
            "SELECT COUNT(*) AS n FROM case_file WHERE trust = $1 AND reference = $2"
        }
        FieldKind::Evidence => "SELECT COUNT(*) AS n FROM attachment WHERE trust = $1 AND id = $2",
        _ => return Ok(true),
    };
    Ok(query.count(sql, values![answer]).await? > 0)
}

impl Known for Found {
    fn is_there(&self, field: &Field, answer: &str) -> Result<(), String> {
        let found = self.0.contains(&(field.id.clone(), answer.to_owned()));
        let missing = match field.kind {
            FieldKind::Person => "Choose somebody who works here",
            FieldKind::Pupil => "Choose a pupil who is on the roll",
            FieldKind::School => "Choose a school of this trust",
            FieldKind::Case(_) => "Give the reference of a case, as in INC-2026-0001",
            FieldKind::Evidence => "Add the file again: it did not arrive",
            _ => return Ok(()),
        };
        if found {
            Ok(())
        } else {
            Err(missing.to_owned())
        }
    }
}
