//! Links that work once and for a short time. The secret is in the link alone; the store has its
//! hash.

use jiff::{SignedDuration, Timestamp};

use super::secret::{Token, secret, token};
use crate::authority::Actor;
use crate::ledger::{Change, LedgerError, record_event};
use crate::store::{PersonId, Query, Row, StoreError, TrustId, Tx, ids};
use crate::values;

ids! {
    /// A link that works once.
    LinkId
}

/// How long an invitation works.
pub(crate) const INVITATION: SignedDuration = SignedDuration::from_hours(7 * 24);
/// How long a reset works.
pub(crate) const RESET: SignedDuration = SignedDuration::from_hours(1);
/// The longest that a link may work.
const LONGEST: SignedDuration = SignedDuration::from_hours(14 * 24);

/// What a link is for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum LinkKind {
    /// The first sign-in, at which a password is chosen.
    Invitation,
    /// A new password.
    Reset,
    /// One sign-in, as for a demonstration or where everything else is lost.
    OneTime,
}

impl LinkKind {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Invitation => "invitation",
            Self::Reset => "reset",
            Self::OneTime => "one-time",
        }
    }

    const fn event(self) -> &'static str {
        match self {
            Self::Invitation => "sign-in.invited",
            Self::Reset => "sign-in.reset-link-made",
            Self::OneTime => "sign-in.link-made",
        }
    }
}

crate::store::column!(LinkKind, text, |text: String| {
    [LinkKind::Invitation, LinkKind::Reset, LinkKind::OneTime]
        .into_iter()
        .find(|kind| kind.name() == text)
});

/// Makes a link; older ones of the same kind stop working. Gives its path; whoever has it is that
/// person, so it goes to nobody else. It works once and for `lifetime`, at most a fortnight.
pub async fn make_link(
    tx: &mut Tx,
    actor: &Actor,
    person: &PersonId,
    kind: LinkKind,
    lifetime: SignedDuration,
) -> Result<String, LedgerError> {
    let trust = tx.trust().cloned().ok_or(LedgerError::NoTrust)?;
    let id: LinkId = tx.fresh()?;
    let secret = secret(tx.store().randomness()).map_err(StoreError::from)?;
    let now = tx.now();
    tx.execute(
        "DELETE FROM sign_in_link \
         WHERE trust = $1 AND ((person = $2 AND kind = $3) OR expires_at <= $4)",
        values![person, kind.name(), now],
    )
    .await?;
    tx.execute(
        "INSERT INTO sign_in_link \
           (trust, id, person, kind, secret_hash, created_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        values![
            &id,
            person,
            kind.name(),
            super::secret::secret_hash(&secret),
            now,
            now + lifetime.min(LONGEST)
        ],
    )
    .await?;
    let change = Change {
        kind: kind.event(),
        record_kind: "person",
        record: person.as_str(),
        before: None,
        after: None,
    };
    record_event(tx, actor, None, change).await?;
    Ok(format!("/sign-in/link/{}", token(&trust, &id, &secret)))
}

/// A link that works at this moment.
#[derive(Clone, Debug)]
pub(super) struct Link {
    id: LinkId,
    pub(super) person: PersonId,
    pub(super) kind: LinkKind,
}

/// Looks a link up without using it: a mail scanner may follow it too. Nothing where it is
/// altered, used, over, or of somebody who has left.
pub(super) async fn find(
    query: &mut impl Query,
    trust: &TrustId,
    link: &str,
    now: Timestamp,
) -> Result<Option<Link>, StoreError> {
    let Some(token) = Token::<LinkId>::read(link, trust) else {
        return Ok(None);
    };
    let row = query
        .first(
            "SELECT id, person, kind FROM sign_in_link \
             WHERE trust = $1 AND id = $2 AND secret_hash = $3 AND expires_at > $4",
            values![&token.id, token.hash, now],
        )
        .await?;
    row.as_ref().map(read).transpose()
}

fn read(row: &Row) -> Result<Link, StoreError> {
    Ok(Link {
        id: row.get("id")?,
        person: row.get("person")?,
        kind: row.get("kind")?,
    })
}

/// Uses a link up. Of two that use it at once, one is told that it is gone.
pub(super) async fn use_up(tx: &mut Tx, link: &Link) -> Result<bool, StoreError> {
    let used = tx
        .execute(
            "DELETE FROM sign_in_link WHERE trust = $1 AND id = $2",
            values![&link.id],
        )
        .await?;
    Ok(used == 1)
}
