//! The roles that a person may hold, at a school or at the whole trust.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::store::{SchoolId, Value, column};

/// A role. Parents, pupils and the public have none: they have no account.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Works at a school.
    Staff,
    /// Leads others who work there.
    LineManager,
    /// Heads a school.
    Head,
    /// Of the leadership.
    SeniorLeader,
    /// The designated safeguarding lead, or a deputy.
    SafeguardingLead,
    /// The data protection officer.
    DataProtectionOfficer,
    /// Human resources.
    Hr,
    /// Looks after the computers and the network.
    It,
    /// Posts for the school.
    Publisher,
    /// A governor or trustee.
    Governor,
    /// Chairs the governors.
    ChairOfGovernors,
    /// Looks after this installation for the trust.
    TrustAdministrator,
}

impl Role {
    /// All roles.
    pub const ALL: [Self; 12] = [
        Self::Staff,
        Self::LineManager,
        Self::Head,
        Self::SeniorLeader,
        Self::SafeguardingLead,
        Self::DataProtectionOfficer,
        Self::Hr,
        Self::It,
        Self::Publisher,
        Self::Governor,
        Self::ChairOfGovernors,
        Self::TrustAdministrator,
    ];

    /// The name in data and addresses.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Staff => "staff",
            Self::LineManager => "line-manager",
            Self::Head => "head",
            Self::SeniorLeader => "senior-leader",
            Self::SafeguardingLead => "safeguarding-lead",
            Self::DataProtectionOfficer => "data-protection-officer",
            Self::Hr => "hr",
            Self::It => "it",
            Self::Publisher => "publisher",
            Self::Governor => "governor",
            Self::ChairOfGovernors => "chair-of-governors",
            Self::TrustAdministrator => "trust-administrator",
        }
    }

    /// The name on screens.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Staff => "Member of staff",
            Self::LineManager => "Line manager",
            Self::Head => "Head",
            Self::SeniorLeader => "Senior leader",
            Self::SafeguardingLead => "Safeguarding lead",
            Self::DataProtectionOfficer => "Data protection officer",
            Self::Hr => "HR",
            Self::It => "IT",
            Self::Publisher => "Publisher",
            Self::Governor => "Governor",
            Self::ChairOfGovernors => "Chair of governors",
            Self::TrustAdministrator => "Trust administrator",
        }
    }

    /// The role of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }
}

column!(Role, text, |text: String| Role::named(&text));

impl From<Role> for Value {
    fn from(role: Role) -> Self {
        role.name().into()
    }
}

/// A role that somebody holds.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Held {
    /// The role.
    pub role: Role,
    /// At which school; at the whole trust where none is named.
    pub school: Option<SchoolId>,
    /// From this day; always, where none is named.
    pub starts_on: Option<Date>,
    /// Up to and with this day.
    pub ends_on: Option<Date>,
}

impl Held {
    /// Whether it is held on that day.
    #[must_use]
    pub fn on(&self, day: Date) -> bool {
        self.starts_on.is_none_or(|first| first <= day)
            && self.ends_on.is_none_or(|last| day <= last)
    }
}
