//! What the role names of rosters mean here.

use serde::{Deserialize, Serialize};

use crate::cells::squeezed;

/// A role with power beyond plain staff. A roster can only suggest it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SuggestedRole {
    /// Head of a school.
    Head,
    /// Member of the senior leadership.
    SeniorLeader,
    /// Designated safeguarding lead.
    SafeguardingLead,
    /// Data protection officer.
    DataProtectionOfficer,
    /// Human resources.
    Hr,
    /// IT staff.
    It,
    /// Governor or trustee.
    Governor,
    /// Chair of governors.
    ChairOfGovernors,
    /// Administrator of the trust's installation.
    TrustAdministrator,
}

impl SuggestedRole {
    /// The role's name in data: `safeguarding-lead`.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            SuggestedRole::Head => "head",
            SuggestedRole::SeniorLeader => "senior-leader",
            SuggestedRole::SafeguardingLead => "safeguarding-lead",
            SuggestedRole::DataProtectionOfficer => "data-protection-officer",
            SuggestedRole::Hr => "hr",
            SuggestedRole::It => "it",
            SuggestedRole::Governor => "governor",
            SuggestedRole::ChairOfGovernors => "chair-of-governors",
            SuggestedRole::TrustAdministrator => "trust-administrator",
        }
    }
}

/// Who somebody is, going by a role of a roster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    Staff(Option<SuggestedRole>),
    Pupil,
    Guardian,
    /// Nobody whom the policy concerns: left out, and told.
    Neither,
}

const STAFF: Standing = Standing::Staff(None);

/// OneRoster 1.2 and 1.1, with School Data Sync's longer list; extensions (`ext:...`) are plain staff.
pub(crate) fn standing(printed: &str) -> Option<Standing> {
    let extension = printed.trim().to_ascii_lowercase().starts_with("ext:");
    Some(match squeezed(printed).as_str() {
        "student" => Standing::Pupil,
        "guardian" | "parent" | "relative" => Standing::Guardian,
        "teacher"
        | "aide"
        | "proctor"
        | "counselor"
        | "counsellor"
        | "professor"
        | "researcher"
        | "adjunct"
        | "affiliate"
        | "occupationaltherapist"
        | "physicaltherapist"
        | "speechtherapist"
        | "visiontherapist"
        | "paraprofessional"
        | "specialservices"
        | "advisor"
        | "nurse"
        | "officestaff"
        | "lecturer"
        | "faculty"
        | "staff"
        | "teacherassistant"
        | "assistant"
        | "instructor"
        | "substitute"
        | "coach" => STAFF,
        "principal" => Standing::Staff(Some(SuggestedRole::Head)),
        "administrator" | "siteadministrator" | "chair" => {
            Standing::Staff(Some(SuggestedRole::SeniorLeader))
        }
        "districtadministrator" => Standing::Staff(Some(SuggestedRole::TrustAdministrator)),
        "systemadministrator" | "itadmin" => Standing::Staff(Some(SuggestedRole::It)),
        "alumni" | "other" => Standing::Neither,
        _ if extension => STAFF,
        _ => return None,
    })
}

/// What a job title in a school's own words hints at. Titles that say deputy or assistant never suggest the head.
pub(crate) fn suggested(title: &str) -> Option<SuggestedRole> {
    let lower = title.to_lowercase();
    let words: Vec<&str> = lower
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let says = |word: &str| words.contains(&word);
    let tells = |phrase: &[&str]| words.windows(phrase.len()).any(|window| window == phrase);
    let second = ["deputy", "assistant", "vice", "associate", "acting"];
    let second = second.iter().any(|word| says(word));
    let head = says("headteacher")
        || says("headmaster")
        || says("headmistress")
        || says("principal")
        || tells(&["head", "teacher"])
        || words == ["head"]
        || tells(&["executive", "head"])
        || tells(&["head", "of", "school"]);
    let governing = says("governor") || says("governors") || says("trustee") || says("trustees");
    Some(if says("pa") || says("secretary") || says("clerk") {
        return None;
    } else if governing && (says("chair") || says("chairman") || says("chairperson")) && !second {
        SuggestedRole::ChairOfGovernors
    } else if governing {
        SuggestedRole::Governor
    } else if says("dsl") || says("safeguarding") {
        SuggestedRole::SafeguardingLead
    } else if says("dpo") || tells(&["data", "protection"]) {
        SuggestedRole::DataProtectionOfficer
    } else if says("hr") || tells(&["human", "resources"]) {
        SuggestedRole::Hr
    } else if head && !second {
        SuggestedRole::Head
    } else if head
        || says("slt")
        || tells(&["senior", "leader"])
        || tells(&["senior", "leadership"])
    {
        SuggestedRole::SeniorLeader
    } else if says("ict") && says("technician")
        || words.first() == Some(&"it")
        || tells(&["network", "manager"])
    {
        SuggestedRole::It
    } else {
        return None;
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_hint_and_no_more() {
        let hints = [
            ("Headteacher", Some(SuggestedRole::Head)),
            ("Head of School", Some(SuggestedRole::Head)),
            ("Deputy Head Teacher", Some(SuggestedRole::SeniorLeader)),
            ("Head of Maths", None),
            ("PA to the Headteacher", None),
            ("Chair of Governors", Some(SuggestedRole::ChairOfGovernors)),
            ("Vice-Chair of Governors", Some(SuggestedRole::Governor)),
            ("DSL", Some(SuggestedRole::SafeguardingLead)),
            ("HR Officer", Some(SuggestedRole::Hr)),
            ("IT Technician", Some(SuggestedRole::It)),
            ("Teaching Assistant", None),
        ];
        for (title, hint) in hints {
            assert_eq!(suggested(title), hint, "{title}");
        }
    }

    #[test]
    fn every_role_of_the_standard_is_known() {
        for role in [
            "administrator",
            "aide",
            "counselor",
            "districtAdministrator",
            "guardian",
            "parent",
            "principal",
            "proctor",
            "relative",
            "siteAdministrator",
            "student",
            "systemAdministrator",
            "teacher",
            "ext:cover",
        ] {
            assert!(standing(role).is_some(), "{role}");
        }
        assert_eq!(standing("wizard"), None);
    }
}
