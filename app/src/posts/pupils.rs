//! The pupils whom a post shows or names: a list that somebody enters, and that consent is asked about.

use serde::Serialize;
use serde_json::Value as Json;

use super::PostError;
use crate::authority::{Action, Actor};
use crate::cases::CaseId;
use crate::ledger::{LedgerError, Record, record};
use crate::pupils::PupilId;
use crate::store::{Query, Row, StoreError, Tx, Value, column, ids};
use crate::values;

ids! {
    /// A pupil in a post.
    PostPupilId
}

const ACTION: Option<Action> = Some(Action::WorkCases);

/// How pictures of a post show a pupil.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Shown {
    /// Not at all.
    No,
    /// Among others.
    Group,
    /// Alone, or so that they stand out.
    Alone,
}

impl Shown {
    /// The name in forms and in the store.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::No => "no",
            Self::Group => "group",
            Self::Alone => "alone",
        }
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        [Self::No, Self::Group, Self::Alone]
            .into_iter()
            .find(|shown| shown.name() == name)
    }
}

column!(Shown, text, |text: String| Shown::named(&text));

impl From<Shown> for Value {
    fn from(shown: Shown) -> Self {
        shown.name().into()
    }
}

/// A pupil whom a post shows or names.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct PostPupil {
    pub(crate) id: PostPupilId,
    pub(crate) case: CaseId,
    pub(crate) pupil: PupilId,
    pub(crate) shown: Shown,
    pub(crate) named: bool,
}

impl Record for PostPupil {
    const KIND: &'static str = "post_pupil";

    fn id(&self) -> &str {
        self.id.as_str()
    }
}

impl PostPupil {
    /// What they are in it for, in words.
    pub(crate) const fn says(&self) -> &'static str {
        match (self.shown, self.named) {
            (Shown::No, _) => "named",
            (Shown::Group, false) => "shown in a group",
            (Shown::Group, true) => "shown in a group, and named",
            (Shown::Alone, false) => "shown",
            (Shown::Alone, true) => "shown and named",
        }
    }
}

/// Pupils of posts; what follows says which.
macro_rules! pupils {
    ($which:literal) => {
        concat!(
            "SELECT id, case_id, pupil, shown, named FROM post_pupil WHERE trust = $1 AND ",
            $which
        )
    };
}

fn read(row: &Row) -> Result<PostPupil, StoreError> {
    Ok(PostPupil {
        id: row.get("id")?,
        case: row.get("case_id")?,
        pupil: row.get("pupil")?,
        shown: row.get("shown")?,
        named: row.get("named")?,
    })
}

/// The pupils of a post, the first entered first.
pub(crate) async fn of_post(
    query: &mut impl Query,
    case: &CaseId,
) -> Result<Vec<PostPupil>, StoreError> {
    let rows = query
        .all(pupils!("case_id = $2 ORDER BY id"), values![case])
        .await?;
    rows.iter().map(read).collect()
}

/// The posts that show or name a pupil.
pub(crate) async fn posts_with(
    query: &mut impl Query,
    pupil: &PupilId,
) -> Result<Vec<CaseId>, StoreError> {
    let rows = query
        .all(
            "SELECT case_id FROM post_pupil WHERE trust = $1 AND pupil = $2 ORDER BY case_id",
            values![pupil],
        )
        .await?;
    rows.iter().map(|row| row.get("case_id")).collect()
}

/// Enters a pupil, or how they are in it anew.
pub(super) async fn enter(
    tx: &mut Tx,
    actor: &Actor,
    (case, pupil): (&CaseId, &PupilId),
    (shown, named): (Shown, bool),
) -> Result<(), PostError> {
    let listed = of_post(tx, case).await?;
    let before = listed.into_iter().find(|one| one.pupil == *pupil);
    let after = PostPupil {
        id: match &before {
            Some(before) => before.id.clone(),
            None => tx.fresh()?,
        },
        case: case.clone(),
        pupil: pupil.clone(),
        shown,
        named,
    };
    if before.as_ref() == Some(&after) {
        return Ok(());
    }
    tx.execute(
        "INSERT INTO post_pupil (trust, id, case_id, pupil, shown, named) VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT (trust, case_id, pupil) DO UPDATE SET shown = $5, named = $6",
        values![&after.id, &after.case, &after.pupil, after.shown, after.named],
    )
    .await?;
    let event = "post.pupil-listed";
    Ok(record(tx, actor, ACTION, event, before.as_ref(), Some(&after)).await?)
}

/// Takes a pupil off the list again.
pub(super) async fn leave_out(
    tx: &mut Tx,
    actor: &Actor,
    listed: &PostPupil,
) -> Result<(), PostError> {
    forget(tx, listed.id.as_str()).await?;
    let event = "post.pupil-left-out";
    Ok(record(tx, actor, ACTION, event, Some(listed), None).await?)
}

/// Forgets a pupil of a post: the record alone, the ledger sees to the rest.
pub(crate) async fn forget(tx: &mut Tx, id: &str) -> Result<(), StoreError> {
    tx.execute(
        "DELETE FROM post_pupil WHERE trust = $1 AND id = $2",
        values![id],
    )
    .await?;
    Ok(())
}

/// The states of all after one, for verifying them against the ledger.
pub(crate) async fn states(
    query: &mut impl Query,
    after: &str,
    limit: u32,
) -> Result<Vec<(String, Json)>, LedgerError> {
    let sql = pupils!("id > $2 ORDER BY id LIMIT $3");
    let rows = query.all(sql, values![after, i64::from(limit)]).await?;
    let state = |row: &Row| {
        let listed = read(row)?;
        Ok((listed.id.to_string(), serde_json::to_value(&listed)?))
    };
    rows.iter().map(state).collect()
}
