//! Who was named for an account, and for what.

use jiff::civil::Date;
use serde::Serialize;
use serde_json::Value as Json;

use super::{AccountError, answer};
use crate::authority::{Action, Actor};
use crate::cases::{Case, CaseId};
use crate::ledger::{LedgerError, Record, record};
use crate::people::{self, Person, Standing};
use crate::store::{PersonId, Query, Row, SchoolId, StoreError, Tx, Value, column, ids};
use crate::values;

ids! {
    /// Somebody's being named for an account.
    KeeperId
}

const ACTION: Option<Action> = Some(Action::WorkCases);

/// What somebody is named for.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Keeping {
    /// Looks after the account.
    Administrator,
    /// Posts on it.
    Poster,
    /// May open its log-in.
    LogIn,
}

impl Keeping {
    pub(crate) const ALL: [Self; 3] = [Self::Administrator, Self::Poster, Self::LogIn];

    /// The name in addresses and in the store.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Administrator => "administrator",
            Self::Poster => "poster",
            Self::LogIn => "log-in",
        }
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|keeping| keeping.name() == name)
    }

    /// Those who are, as a heading.
    pub(crate) const fn title(self) -> &'static str {
        match self {
            Self::Administrator => "Administrators",
            Self::Poster => "Posters",
            Self::LogIn => "May open the log-in",
        }
    }

    /// What somebody does or may do, after "they".
    pub(crate) const fn does(self) -> &'static str {
        match self {
            Self::Administrator => "look after it",
            Self::Poster => "post on it",
            Self::LogIn => "may open its log-in",
        }
    }

    /// The setting that says who names them: its register, and its name there.
    pub(crate) const fn named_by(self) -> (&'static str, &'static str) {
        match self {
            Self::Administrator => (super::REGISTER, "names_administrators"),
            Self::Poster => (super::REGISTER, "names_posters"),
            Self::LogIn => (super::CUSTODY, "releases"),
        }
    }
}

column!(Keeping, text, |text: String| Keeping::named(&text));

impl From<Keeping> for Value {
    fn from(keeping: Keeping) -> Self {
        keeping.name().into()
    }
}

/// Somebody who was named for an account.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Keeper {
    pub(crate) id: KeeperId,
    /// The account.
    pub(crate) case: CaseId,
    pub(crate) person: PersonId,
    pub(crate) part: Keeping,
    /// Since when, in milliseconds since 1970.
    pub(crate) named_at: i64,
    /// By whom; the program where the account was agreed with them in it.
    pub(crate) named_by: Option<PersonId>,
    pub(crate) ended_at: Option<i64>,
}

impl Record for Keeper {
    const KIND: &'static str = "account_keeper";

    fn id(&self) -> &str {
        self.id.as_str()
    }
}

/// Those who were named; what follows says which.
macro_rules! keepers {
    ($which:literal) => {
        concat!(
            "SELECT id, case_id, person, part, named_at, named_by, ended_at FROM account_keeper WHERE trust = $1 AND ",
            $which
        )
    };
}

fn read(row: &Row) -> Result<Keeper, StoreError> {
    Ok(Keeper {
        id: row.get("id")?,
        case: row.get("case_id")?,
        person: row.get("person")?,
        part: row.get("part")?,
        named_at: row.get("named_at")?,
        named_by: row.get("named_by")?,
        ended_at: row.get("ended_at")?,
    })
}

/// Names somebody; where they are named for it already, nothing changes.
pub(crate) async fn name(
    tx: &mut Tx,
    actor: &Actor,
    (case, person, part): (&CaseId, &PersonId, Keeping),
) -> Result<(), AccountError> {
    let mut named = keepers(tx, case).await?.into_iter();
    if named.any(|keeper| keeper.person == *person && keeper.part == part) {
        return Ok(());
    }
    let keeper = Keeper {
        id: tx.fresh()?,
        case: case.clone(),
        person: person.clone(),
        part,
        named_at: tx.now().as_millisecond(),
        named_by: actor.person.clone(),
        ended_at: None,
    };
    tx.execute(
        "INSERT INTO account_keeper (trust, id, case_id, person, part, named_at, named_by) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        values![
            &keeper.id,
            &keeper.case,
            &keeper.person,
            keeper.part,
            keeper.named_at,
            keeper.named_by.as_ref()
        ],
    )
    .await?;
    Ok(record(tx, actor, ACTION, "account.named", None, Some(&keeper)).await?)
}

/// Ends somebody's being named; where it is over already, nothing changes.
pub(crate) async fn end(tx: &mut Tx, actor: &Actor, before: &Keeper) -> Result<(), LedgerError> {
    let after = Keeper {
        ended_at: Some(tx.now().as_millisecond()),
        ..before.clone()
    };
    let ended = tx
        .execute(
            "UPDATE account_keeper SET ended_at = $3 WHERE trust = $1 AND id = $2 AND ended_at IS NULL",
            values![&after.id, after.ended_at],
        )
        .await?;
    match ended {
        0 => Ok(()),
        _ => {
            record(
                tx,
                actor,
                ACTION,
                "account.named-no-more",
                Some(before),
                Some(&after),
            )
            .await
        }
    }
}

/// Those who are named for an account, the first first.
pub(crate) async fn keepers(
    query: &mut impl Query,
    case: &CaseId,
) -> Result<Vec<Keeper>, StoreError> {
    let sql = keepers!("case_id = $2 AND ended_at IS NULL ORDER BY id");
    let rows = query.all(sql, values![case]).await?;
    rows.iter().map(read).collect()
}

/// Everybody who is named for some account, for the program.
pub(super) async fn all(query: &mut impl Query) -> Result<Vec<Keeper>, StoreError> {
    let rows = query
        .all(keepers!("ended_at IS NULL ORDER BY id"), values![])
        .await?;
    rows.iter().map(read).collect()
}

/// What somebody is named for.
pub(crate) async fn kept_by(
    query: &mut impl Query,
    person: &PersonId,
) -> Result<Vec<Keeper>, StoreError> {
    let sql = keepers!("person = $2 AND ended_at IS NULL ORDER BY id");
    let rows = query.all(sql, values![person]).await?;
    rows.iter().map(read).collect()
}

/// An account was agreed with those who look after it: as soon as it is in use, they are its administrators. Once
/// anybody was ever named for it, nothing is done.
pub(crate) async fn at_once(tx: &mut Tx, case: &Case) -> Result<(), AccountError> {
    let ever = tx
        .count(
            "SELECT COUNT(*) AS n FROM account_keeper WHERE trust = $1 AND case_id = $2",
            values![&case.id],
        )
        .await?;
    if ever > 0 || !case.in_force {
        return Ok(());
    }
    let Some(trust) = tx.trust().cloned() else {
        return Ok(());
    };
    let program = Actor::operator(trust);
    for field in ["keeper", "second_keeper"] {
        if let Ok(person) = answer(case, field).parse() {
            name(tx, &program, (&case.id, &person, Keeping::Administrator)).await?;
        }
    }
    Ok(())
}

/// Somebody who was named, and whether it still counts.
pub(crate) struct Kept {
    pub(crate) keeper: Keeper,
    pub(crate) person: Person,
}

impl Kept {
    /// Whether they work here today and hold a role where the account belongs: whoever left or lost their role is named
    /// in vain.
    pub(crate) fn counts(&self, school: Option<&SchoolId>, today: Date) -> bool {
        let mut roles = self.person.roles.iter();
        self.person.standing(today) == Standing::Current
            && roles.any(|role| {
                role.on(today)
                    && (role.school.is_none() || school.is_none() || role.school.as_ref() == school)
            })
    }

    /// The person of a keeper; nothing where they were erased.
    pub(crate) async fn of(
        query: &mut impl Query,
        keeper: Keeper,
    ) -> Result<Option<Self>, StoreError> {
        let person = people::find(query, &keeper.person).await?;
        Ok(person.map(|person| Self { keeper, person }))
    }
}

/// Forgets somebody's being named: the record alone, the ledger sees to the rest.
pub(crate) async fn forget(tx: &mut Tx, id: &str) -> Result<(), StoreError> {
    tx.execute(
        "DELETE FROM account_keeper WHERE trust = $1 AND id = $2",
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
    let sql = keepers!("id > $2 ORDER BY id LIMIT $3");
    let rows = query.all(sql, values![after, i64::from(limit)]).await?;
    let state = |row: &Row| {
        let keeper = read(row)?;
        Ok((keeper.id.to_string(), serde_json::to_value(&keeper)?))
    };
    rows.iter().map(state).collect()
}
