//! What a person wants by e-mail.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::authority::Actor;
use crate::ledger::{LedgerError, Record, record};
use crate::store::{PersonId, Query, Row, StoreError, Tx, column};
use crate::values;

/// Which messages go out by e-mail. All of them stand on the person's home page whatever they
/// choose.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ByMail {
    /// Each at once.
    #[default]
    AtOnce,
    /// Once a day, together; urgent ones at once.
    Daily,
    /// Urgent ones only.
    Urgent,
}

impl ByMail {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::AtOnce => "at-once",
            Self::Daily => "daily",
            Self::Urgent => "urgent",
        }
    }

    pub(super) fn named(name: &str) -> Option<Self> {
        [Self::AtOnce, Self::Daily, Self::Urgent]
            .into_iter()
            .find(|by_mail| by_mail.name() == name)
    }
}

column!(ByMail, text, |text: String| ByMail::named(&text));

/// A person's choice, as the ledger knows it.
#[derive(Clone, Debug, Serialize)]
pub struct Preference {
    person: PersonId,
    by_mail: ByMail,
}

impl Record for Preference {
    const KIND: &'static str = "message_preference";

    fn id(&self) -> &str {
        self.person.as_str()
    }
}

/// What a person wants by e-mail.
pub async fn preference(query: &mut impl Query, person: &PersonId) -> Result<ByMail, StoreError> {
    let row = query
        .first(
            "SELECT by_mail FROM message_preference WHERE trust = $1 AND person = $2",
            values![person],
        )
        .await?;
    row.map_or(Ok(ByMail::default()), |row| row.get("by_mail"))
}

/// Writes down what the person who acts wants; false where it is what they had.
pub(super) async fn prefer(
    tx: &mut Tx,
    actor: &Actor,
    person: &PersonId,
    by_mail: ByMail,
) -> Result<bool, LedgerError> {
    let row = tx
        .first(
            "SELECT by_mail FROM message_preference WHERE trust = $1 AND person = $2",
            values![person],
        )
        .await?;
    let before = row.map(|row| row.get("by_mail")).transpose()?;
    if before.unwrap_or_default() == by_mail {
        return Ok(false);
    }
    tx.execute(
        "INSERT INTO message_preference (trust, person, by_mail) VALUES ($1, $2, $3) \
         ON CONFLICT (trust, person) DO UPDATE SET by_mail = EXCLUDED.by_mail",
        values![person, by_mail.name()],
    )
    .await?;
    let of = |by_mail| Preference {
        person: person.clone(),
        by_mail,
    };
    let (before, after) = (before.map(of), of(by_mail));
    record(
        tx,
        actor,
        None,
        "message_preference.set",
        before.as_ref(),
        Some(&after),
    )
    .await?;
    Ok(true)
}

/// Forgets what was chosen, and enters that in the ledger.
pub(super) async fn forget(
    tx: &mut Tx,
    actor: &Actor,
    person: &PersonId,
) -> Result<(), LedgerError> {
    let row = tx
        .first(
            "SELECT by_mail FROM message_preference WHERE trust = $1 AND person = $2",
            values![person],
        )
        .await?;
    let Some(row) = row else { return Ok(()) };
    let before = Preference {
        person: person.clone(),
        by_mail: row.get("by_mail")?,
    };
    tx.execute(
        "DELETE FROM message_preference WHERE trust = $1 AND person = $2",
        values![person],
    )
    .await?;
    record(
        tx,
        actor,
        None,
        "message_preference.forgotten",
        Some(&before),
        None,
    )
    .await
}

/// The states of all choices after one, in the order of their persons, for verifying them against
/// the ledger.
pub async fn states(
    query: &mut impl Query,
    after: Option<&PersonId>,
    limit: u32,
) -> Result<Vec<(PersonId, Json)>, StoreError> {
    let rows = query
        .all(
            "SELECT person, by_mail FROM message_preference WHERE trust = $1 AND person > $2 \
             ORDER BY person LIMIT $3",
            values![after.map_or("", PersonId::as_str), i64::from(limit)],
        )
        .await?;
    let state = |row: &Row| {
        let person: PersonId = row.get("person")?;
        let preference = Preference {
            person: person.clone(),
            by_mail: row.get("by_mail")?,
        };
        let state = serde_json::to_value(&preference).map_err(|_| Row::unreadable("by_mail"))?;
        Ok((person, state))
    };
    rows.iter().map(state).collect()
}
