//! Everything that may be done here and needs a right, and who has it. What may never be granted
//! by a setting stands in this table and nowhere else.

use serde::Serialize;

use super::Role;
use super::Role::{
    ChairOfGovernors, DataProtectionOfficer, Governor, Head, Hr, It, LineManager, Publisher,
    SafeguardingLead, SeniorLeader, Staff, TrustAdministrator,
};

macro_rules! actions {
    ($(#[doc = $doc:literal] $name:ident $text:literal by $roles:expr;)*) => {
        /// Something that needs a right.
        #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum Action { $(#[doc = $doc] $name),* }

        impl Action {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The name in API tokens and in the matrix.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $text),* }
            }

            /// What it is, in words.
            #[must_use]
            pub fn says(self) -> &'static str {
                match self { $(Self::$name => $doc.trim().trim_end_matches('.')),* }
            }

            /// The roles that have the right, each where it is held: at a school for that
            /// school, at the trust for everything.
            #[must_use]
            pub const fn roles(self) -> &'static [Role] {
                match self { $(Self::$name => $roles),* }
            }

            /// The action of that name.
            #[must_use]
            pub fn named(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|action| action.name() == name)
            }
        }
    };
}

actions! {
    /// See the staff of a school and their roles.
    ViewPeople "people:view" by &[Head, SeniorLeader, SafeguardingLead, DataProtectionOfficer, Hr, It, TrustAdministrator];
    /// Add people, change what is known of them, end their time there.
    ManagePeople "people:manage" by &[Head, Hr, TrustAdministrator];
    /// Give and take roles (never one's own).
    GiveRoles "roles:give" by &[Head, TrustAdministrator];
    /// Invite people to sign in, reset how they do, issue codes, end their sessions.
    ManageSignIn "sign-in:manage" by &[It, Hr, TrustAdministrator];
    /// Hand one's own roles to somebody while away.
    Delegate "roles:delegate" by &[Head, SafeguardingLead];
    /// See pupils and their parents or carers.
    ViewPupils "pupils:view" by &[Head, SeniorLeader, SafeguardingLead, DataProtectionOfficer, Publisher, TrustAdministrator];
    /// Add pupils and parents, change and end.
    ManagePupils "pupils:manage" by &[Head, DataProtectionOfficer, TrustAdministrator];
    /// Erase what is held of a person or pupil, on a lawful request.
    Erase "records:erase" by &[DataProtectionOfficer];
    /// Read the list of what families agree to about pictures: all staff only where their school's settings say so.
    ReadConsents "consents:read" by &[Staff, LineManager, Head, SeniorLeader, SafeguardingLead, DataProtectionOfficer, Hr, It, Publisher, TrustAdministrator];
    /// Ask families about pictures and enter what they answer.
    KeepConsents "consents:keep" by &[Head, SeniorLeader, DataProtectionOfficer, TrustAdministrator];
    /// See the schools' settings: contacts, calendar, day, policy followed.
    ViewSchools "schools:view" by &[Head, SeniorLeader, SafeguardingLead, DataProtectionOfficer, Hr, It, Governor, ChairOfGovernors, TrustAdministrator];
    /// Change a school's contacts, calendar and day.
    ManageSchools "schools:manage" by &[Head, TrustAdministrator];
    /// Say which policy a school follows, and since when.
    AdoptPolicy "policy:adopt" by &[Head, ChairOfGovernors, TrustAdministrator];
    /// Import a roster.
    ImportRoster "roster:import" by &[It, TrustAdministrator];
    /// Export everything that is held.
    Export "records:export" by &[DataProtectionOfficer, TrustAdministrator];
    /// Read the audit of what was done.
    ReadAudit "audit:read" by &[DataProtectionOfficer, TrustAdministrator];
    /// See and mend the work that waits in the queue.
    ManageJobs "jobs:manage" by &[It, TrustAdministrator];
    /// Change the trust's own settings: mail, sign-in with a provider, who may read.
    ManageSettings "settings:manage" by &[TrustAdministrator];
    /// See cases: those that their registers let one see.
    ReadCases "cases:read" by &Role::ALL;
    /// Open cases and take steps on them, as their registers say.
    WorkCases "cases:work" by &Role::ALL;
    /// Have drafts checked by the policy and the roll of a school where one works.
    CheckDrafts "drafts:check" by &Role::ALL;
    /// Ask a school's people to sign its policy, and see who has.
    ManageAttestation "attestation:manage" by &[Head, SeniorLeader, Hr, TrustAdministrator];
    /// See who has had which training, and ask those who have not.
    ManageTraining "training:manage" by &[Head, Hr];
    /// Change what a register's settings are at a school.
    ManageRegisters "registers:manage" by &[Head, TrustAdministrator];
    /// See the personnel files of those who work at a school.
    ViewPersonnel "personnel:view" by &[Head, Hr];
    /// Hold records back, and confirm which of those past their time are erased.
    ManageRetention "retention:manage" by &[DataProtectionOfficer, TrustAdministrator];
    /// Answer requests for one's own data: gather what is held, look through it, give it out.
    AnswerSubjectAccess "subject-access:answer" by &[DataProtectionOfficer];
    /// See how the registers are used, in numbers that name nobody.
    ViewOverview "overview:view" by &[Governor, ChairOfGovernors, Head, SeniorLeader, TrustAdministrator];
    /// Enter totals of groups that the law protects, for a school and a term.
    EnterFigures "figures:enter" by &[Hr];
    /// See which log-ins of official accounts are lodged and have all of a school changed, never what they are.
    ManageLogIns "log-ins:manage" by &[Head, It];
    /// Remove the demonstration data.
    RemoveDemonstration "demonstration:remove" by &[TrustAdministrator];
}
