//! Identifiers: a type for each kind of record, so that one is never taken for another.

use jiff::Timestamp;

use crate::randomness::{NoRandomness, Randomness};

/// A new identifier: a ULID in lower case, so that later ones sort later.
pub(super) fn fresh(now: Timestamp, randomness: &Randomness) -> Result<String, NoRandomness> {
    let milliseconds = u64::try_from(now.as_millisecond()).unwrap_or(0);
    let random = u128::from_le_bytes(randomness.bytes()?);
    Ok(ulid::Ulid::from_parts(milliseconds, random)
        .to_string()
        .to_ascii_lowercase())
}

/// Whether a text can be an identifier: 1 to 64 letters `a-z`, digits and hyphens.
pub(crate) fn is_id(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

/// An identifier that is not one.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("an identifier has 1 to 64 letters a-z, digits and hyphens")]
pub struct NotAnId;

/// Makes types of identifiers.
macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => { $(
        $(#[$doc])*
        #[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, serde::Serialize, serde::Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The identifier as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl $crate::store::Id for $name {
            fn from_fresh(text: String) -> Self {
                Self(text)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::store::NotAnId;

            fn from_str(text: &str) -> Result<Self, $crate::store::NotAnId> {
                $crate::store::is_id(text).then(|| Self(text.to_owned())).ok_or($crate::store::NotAnId)
            }
        }

        impl TryFrom<String> for $name {
            type Error = $crate::store::NotAnId;

            fn try_from(text: String) -> Result<Self, $crate::store::NotAnId> {
                $crate::store::is_id(&text).then_some(Self(text)).ok_or($crate::store::NotAnId)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl From<&$name> for $crate::store::Value {
            fn from(id: &$name) -> Self {
                Self::Text(Some(id.0.clone()))
            }
        }

        impl From<Option<&$name>> for $crate::store::Value {
            fn from(id: Option<&$name>) -> Self {
                Self::Text(id.map(|id| id.0.clone()))
            }
        }

        $crate::store::column!($name, text, |text: String| text.parse::<$name>().ok());
    )* };
}

/// A kind of identifier.
pub trait Id {
    /// Takes a text that the store has just made.
    fn from_fresh(text: String) -> Self;
}

pub(crate) use ids;

ids! {
    /// A trust.
    TrustId
    /// A school of a trust.
    SchoolId
    /// A person with an account: staff, governors.
    PersonId
    /// A role that a person holds.
    HeldRoleId
    /// A delegation.
    DelegationId
    /// A session.
    SessionId
    /// Any record, where its kind stands beside it.
    RecordId
}
