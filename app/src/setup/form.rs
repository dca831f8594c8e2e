//! The questions of the first run, one page each, and what was answered so far.

use serde::{Deserialize, Serialize};

use super::{Administrator, FirstSchool, Plan};
use crate::people::{Email, Name};
use crate::policies::Policies;
use crate::schools::faults::Faults;
use crate::schools::pages::SchoolForm;
use crate::schools::{Nation, Reading, SchoolDetails, TrustSettings};

/// A page of the first run.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Step {
    /// The code of the console.
    Code,
    /// The trust.
    Trust,
    /// The first school.
    School,
    /// Its policy.
    Policy,
    /// The administrator.
    Administrator,
    /// Whether to load the demonstration.
    Demonstration,
    /// Looking at all answers.
    Check,
}

impl Step {
    pub(super) const ALL: [Self; 7] = [
        Self::Code,
        Self::Trust,
        Self::School,
        Self::Policy,
        Self::Administrator,
        Self::Demonstration,
        Self::Check,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Trust => "trust",
            Self::School => "school",
            Self::Policy => "policy",
            Self::Administrator => "administrator",
            Self::Demonstration => "demonstration",
            Self::Check => "check",
        }
    }

    /// The page of that name; the first where there is none.
    pub(super) fn named(name: &str) -> Self {
        let mut all = Self::ALL.into_iter();
        all.find(|step| step.name() == name).unwrap_or(Self::Code)
    }

    /// The page after this one; from the last, itself.
    pub(super) fn next(self) -> Self {
        let mut all = Self::ALL.into_iter().skip_while(|step| *step != self);
        all.nth(1).unwrap_or(Self::Check)
    }
}

/// Every answer as it was typed; travels from page to page in hidden fields.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct SetupForm {
    pub(super) code: String,
    /// The page that was sent.
    pub(super) step: String,
    /// The page to go to instead of the next.
    pub(super) go: String,
    /// Not empty once all answers were looked at: every page leads back there.
    pub(super) checked: String,
    pub(super) trust: String,
    pub(super) trust_nation: String,
    pub(super) reading: String,
    pub(super) name: String,
    pub(super) phase: String,
    pub(super) urn: String,
    pub(super) dfe_number: String,
    pub(super) policy: String,
    pub(super) given_name: String,
    pub(super) family_name: String,
    pub(super) email: String,
    pub(super) demonstration: String,
}

impl SetupForm {
    /// What is wrong with the answers of one page.
    pub(super) fn faults(&self, step: Step, policies: &Policies) -> Faults {
        let faulty = match step {
            Step::Code => return Faults::default(),
            Step::Trust => self.trust().err(),
            Step::School => self.school().err(),
            Step::Policy => self.policy(policies).err(),
            Step::Administrator => self.administrator().err(),
            Step::Demonstration => self.demonstration().err(),
            Step::Check => return Faults::default(),
        };
        faulty.unwrap_or_default()
    }

    /// The plan, or the first page that has something wrong and what.
    pub(super) fn plan(&self, policies: &Policies) -> Result<Plan, (Step, Faults)> {
        let at = |step| move |faults| (step, faults);
        Ok(Plan {
            trust: self.trust().map_err(at(Step::Trust))?,
            school: Some(FirstSchool {
                details: self.school().map_err(at(Step::School))?,
                policy: self.policy(policies).map_err(at(Step::Policy))?,
            }),
            administrator: Some(self.administrator().map_err(at(Step::Administrator))?),
            demonstration: self.demonstration().map_err(at(Step::Demonstration))?,
        })
    }

    fn trust(&self) -> Result<TrustSettings, Faults> {
        let mut faults = Faults::default();
        let name = faults.text(
            "trust",
            &self.trust,
            "Enter the trust’s name, or the school’s if it is one alone",
        );
        let nation = Nation::named(&self.trust_nation);
        let nation = faults.need("trust_nation", nation, "Choose a nation");
        let reading = Reading::named(&self.reading);
        let reading = faults.need(
            "reading",
            reading,
            "Choose who may ask and read the policies",
        );
        match (name, nation, reading) {
            (Some(name), Some(nation), Some(reading)) => Ok(TrustSettings {
                name,
                host: None,
                nation,
                reading,
            }),
            _ => Err(faults),
        }
    }

    fn school(&self) -> Result<SchoolDetails, Faults> {
        let form = SchoolForm {
            name: self.name.clone(),
            urn: self.urn.clone(),
            dfe_number: self.dfe_number.clone(),
            phase: self.phase.clone(),
            nation: self.trust_nation.clone(),
        };
        form.read()
    }

    fn policy(&self, policies: &Policies) -> Result<String, Faults> {
        let known = policies.library().table(&self.policy).is_some();
        match known {
            true => Ok(self.policy.clone()),
            false => Err(Faults::one("policy", "Choose a policy")),
        }
    }

    fn administrator(&self) -> Result<Administrator, Faults> {
        let mut faults = Faults::default();
        let name = |text: &str| text.parse::<Name>().ok();
        let given_name = faults.need("given_name", name(&self.given_name), "Enter a given name");
        let family_name = faults.need(
            "family_name",
            name(&self.family_name),
            "Enter a family name",
        );
        let email = self.email.trim().parse::<Email>().ok();
        let says = "Enter an e-mail address like name@example.com";
        let email = faults.need("email", email, says);
        match (given_name, family_name, email) {
            (Some(given_name), Some(family_name), Some(email)) => Ok(Administrator {
                given_name,
                family_name,
                email,
            }),
            _ => Err(faults),
        }
    }

    fn demonstration(&self) -> Result<bool, Faults> {
        match self.demonstration.as_str() {
            "yes" => Ok(true),
            "no" => Ok(false),
            _ => Err(Faults::one("demonstration", "Choose yes or no")),
        }
    }
}
