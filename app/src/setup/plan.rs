//! What is to be set up.

use crate::people::{Email, Name};
use crate::schools::{SchoolDetails, TrustSettings};

/// Everything that the first run asks for.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    /// The trust.
    pub(crate) trust: TrustSettings,
    /// Its first school; none where the demonstration alone is wanted.
    pub(crate) school: Option<FirstSchool>,
    /// Who looks after the installation; none where the demonstration alone is wanted, which
    /// brings an invented one.
    pub(crate) administrator: Option<Administrator>,
    /// Whether the demonstration is loaded.
    pub(crate) demonstration: bool,
}

/// The first school and the policy that it follows.
#[derive(Clone, Debug)]
pub(crate) struct FirstSchool {
    /// What is known of it.
    pub(crate) details: SchoolDetails,
    /// The policy's id.
    pub(crate) policy: String,
}

/// Who looks after the installation.
#[derive(Clone, Debug)]
pub(crate) struct Administrator {
    /// Given name.
    pub(crate) given_name: Name,
    /// Family name.
    pub(crate) family_name: Name,
    /// Where mail reaches them.
    pub(crate) email: Email,
}
