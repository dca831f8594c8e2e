//! How somebody on the staff is engaged, in the terms of the School Workforce Census.

use serde::{Deserialize, Serialize};

use crate::cells::squeezed;

/// On what terms somebody works or serves. Nobody's rights go by it: it is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Contract {
    /// Employed without an end.
    Permanent,
    /// Employed up to a day or an event: a year, a leave that is covered.
    FixedTerm,
    /// Employed for as long as needed, casual work too.
    Temporary,
    /// Supply, directly or through an agency.
    Supply,
    /// Under an agreement for a service: contractors, the self-employed, staff of another body.
    Contractor,
    /// Learning the work: trainee teachers, students on placement, apprentices.
    Trainee,
    /// Unpaid.
    Volunteer,
    /// A governor or trustee, who holds an office and has no contract.
    Office,
}

impl Contract {
    /// All of them, in the order in which a person is asked.
    pub const ALL: [Self; 8] = [
        Self::Permanent,
        Self::FixedTerm,
        Self::Temporary,
        Self::Supply,
        Self::Contractor,
        Self::Trainee,
        Self::Volunteer,
        Self::Office,
    ];

    /// The name in data: `fixed-term`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Permanent => "permanent",
            Self::FixedTerm => "fixed-term",
            Self::Temporary => "temporary",
            Self::Supply => "supply",
            Self::Contractor => "contractor",
            Self::Trainee => "trainee",
            Self::Volunteer => "volunteer",
            Self::Office => "office",
        }
    }

    /// What it is called on screen.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Permanent => "Permanent",
            Self::FixedTerm => "Fixed term",
            Self::Temporary => "Temporary or casual",
            Self::Supply => "Supply or agency",
            Self::Contractor => "Contractor or service agreement",
            Self::Trainee => "Trainee, student or apprentice",
            Self::Volunteer => "Volunteer",
            Self::Office => "Governor or trustee, without a contract",
        }
    }

    /// The one of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.name() == name)
    }

    /// What a roster prints, in the census's codes or the usual words.
    #[must_use]
    pub fn read(printed: &str) -> Option<Self> {
        let squeezed = squeezed(printed);
        let squeezed = squeezed.strip_suffix("contract").unwrap_or(&squeezed);
        Some(match squeezed {
            "permanent" | "perm" | "prm" | "openended" | "indefinite" | "substantive" => {
                Self::Permanent
            }
            "fixedterm" | "fixed" | "fxt" | "maternitycover" | "termed" => Self::FixedTerm,
            "temporary" | "temp" | "tmp" | "temporaryorcasual" | "casual" | "zerohours"
            | "sessional" | "bank" | "relief" => Self::Temporary,
            "supply" | "agency" | "supplyoragency" | "supplyagency" | "agencysupply"
            | "agencyworker" | "agencystaff" | "supplyteacher" | "supplystaff" | "supplycover"
            | "daytodaysupply" => Self::Supply,
            "contractor"
            | "contracted"
            | "contractorservice"
            | "contractororserviceagreement"
            | "serviceagreement"
            | "servicelevelagreement"
            | "sla"
            | "selfemployed"
            | "freelance"
            | "consultant"
            | "seconded"
            | "secondment" => Self::Contractor,
            "trainee"
            | "traineestudentorapprentice"
            | "traineeteacher"
            | "studentteacher"
            | "student"
            | "placement"
            | "apprentice"
            | "apprenticeship" => Self::Trainee,
            "volunteer" | "voluntary" | "volunteerhelper" | "unpaid" => Self::Volunteer,
            "office"
            | "officeholder"
            | "governor"
            | "trustee"
            | "governorortrustee"
            | "governorortrusteewithouta" => Self::Office,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Contract;

    #[test]
    fn its_own_names_and_labels_are_read() {
        for contract in Contract::ALL {
            assert_eq!(Contract::named(contract.name()), Some(contract));
            assert_eq!(Contract::read(contract.name()), Some(contract));
            assert_eq!(Contract::read(contract.label()), Some(contract));
            let json = serde_json::to_value(contract).unwrap();
            assert_eq!(json, contract.name());
        }
    }

    #[test]
    fn codes_and_usual_words_are_read_and_others_are_not_guessed() {
        let known = [
            ("PRM", Contract::Permanent),
            ("Permanent contract", Contract::Permanent),
            ("FXT", Contract::FixedTerm),
            ("Fixed-Term", Contract::FixedTerm),
            ("tmp", Contract::Temporary),
            ("Agency worker", Contract::Supply),
            ("Self-employed", Contract::Contractor),
            ("Student teacher", Contract::Trainee),
            ("voluntary", Contract::Volunteer),
            ("Trustee", Contract::Office),
        ];
        for (printed, contract) in known {
            assert_eq!(Contract::read(printed), Some(contract), "{printed}");
        }
        for printed in ["", "full time", "0.6", "M6", "contract", "none", "no"] {
            assert_eq!(Contract::read(printed), None, "{printed}");
        }
    }
}
