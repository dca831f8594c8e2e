//! What is to be done about a log-in: a case in the register `credential` for each thing, one at a time for an account.

use std::collections::BTreeMap;

use crate::accounts::{self, CUSTODY, Keeping, Kept as Named};
use crate::authority::Actor;
use crate::cases::{self, Case, CaseId, Engine, Opening};
use crate::store::{Query, Row, StoreError, Tx};
use crate::values;

use super::CredentialError;

/// What is to be done.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum What {
    Lodge,
    Change,
}

/// Why.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Why {
    New,
    Ended,
    Left,
    Breach,
}

impl What {
    const fn name(self) -> &'static str {
        match self {
            Self::Lodge => "lodge",
            Self::Change => "change",
        }
    }
}

impl Why {
    const fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Ended => "ended",
            Self::Left => "left",
            Self::Breach => "breach",
        }
    }
}

/// The cases that say what is still to be done about an account's log-in.
pub(super) async fn wanted(
    query: &mut impl Query,
    account: &CaseId,
) -> Result<Vec<CaseId>, StoreError> {
    let rows = query
        .all(
            "SELECT ch.case_id FROM credential_change ch \
             JOIN case_file c ON c.trust = ch.trust AND c.id = ch.case_id \
             WHERE ch.trust = $1 AND ch.account = $2 AND c.closed_at IS NULL ORDER BY ch.case_id",
            values![account],
        )
        .await?;
    rows.iter().map(|row| row.get("case_id")).collect()
}

/// Has something done about an account's log-in. Where something is still to be done already, that stands for this too,
/// as part of the drill where there is one.
pub(super) async fn ask(
    tx: &mut Tx,
    engine: &Engine,
    account: &Case,
    (what, why): (What, Why),
    drill: Option<&str>,
) -> Result<(), CredentialError> {
    if let Some(open) = wanted(tx, &account.id).await?.first() {
        if drill.is_some() {
            tx.execute(
                "UPDATE credential_change SET drill = $3 WHERE trust = $1 AND case_id = $2",
                values![open, drill],
            )
            .await?;
        }
        return Ok(());
    }
    let Some(trust) = tx.trust().cloned() else {
        return Ok(());
    };
    let mut answers: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let given = [
        ("what", what.name()),
        ("why", why.name()),
        ("account", accounts::answer(account, "account")),
    ];
    for (field, answer) in given {
        answers.insert(field.to_owned(), vec![answer.to_owned()]);
    }
    if let Some(keeper) = first_administrator(tx, account).await? {
        answers.insert("keeper".to_owned(), vec![keeper]);
    }
    let opening = Opening {
        register: CUSTODY.to_owned(),
        school: account.school.clone(),
        answers,
        linked: Some(account.id.clone()),
        ..Opening::default()
    };
    let program = Actor::operator(trust);
    let case = cases::open(tx, engine, &program, opening).await?;
    tx.execute(
        "INSERT INTO credential_change (trust, case_id, account, drill) VALUES ($1, $2, $3, $4)",
        values![&case.id, &account.id, drill],
    )
    .await?;
    Ok(())
}

/// An administrator who counts today: one case names one of them, the others see it on the account.
async fn first_administrator(
    tx: &mut Tx,
    account: &Case,
) -> Result<Option<String>, CredentialError> {
    let today = tx.store().clock().today();
    for keeper in accounts::keepers(tx, &account.id).await? {
        if keeper.part != Keeping::Administrator {
            continue;
        }
        if let Some(named) = Named::of(tx, keeper).await?
            && named.counts(account.school.as_ref(), today)
        {
            return Ok(Some(named.person.id.to_string()));
        }
    }
    Ok(None)
}

/// What was to be done about an account's log-in is done, or needed no more.
pub(super) async fn settle(
    tx: &mut Tx,
    engine: &Engine,
    account: &CaseId,
    (step, note): (&str, &str),
) -> Result<(), CredentialError> {
    let Some(trust) = tx.trust().cloned() else {
        return Ok(());
    };
    let program = Actor::operator(trust);
    for case in wanted(tx, account).await? {
        cases::take_by_program(tx, engine, &program, &case, (step, note)).await?;
    }
    Ok(())
}

/// How far a drill is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Progress {
    pub(super) all: i64,
    pub(super) done: i64,
}

/// How far the latest drill of a school is; none where there was none.
pub(super) async fn progress(
    query: &mut impl Query,
    school: &crate::store::SchoolId,
) -> Result<Option<Progress>, StoreError> {
    let row = query
        .first(
            "SELECT COUNT(*) AS n, COUNT(c.closed_at) AS over FROM credential_change ch \
             JOIN case_file c ON c.trust = ch.trust AND c.id = ch.case_id \
             WHERE ch.trust = $1 AND ch.drill = (SELECT MAX(l.drill) FROM credential_change l \
               JOIN case_file a ON a.trust = l.trust AND a.id = l.account WHERE l.trust = $1 AND a.school = $2)",
            values![school],
        )
        .await?;
    let read = |row: &Row| -> Result<Progress, StoreError> {
        Ok(Progress {
            all: row.get("n")?,
            done: row.get("over")?,
        })
    };
    let progress: Option<Progress> = row.as_ref().map(read).transpose()?;
    Ok(progress.filter(|progress| progress.all > 0))
}
