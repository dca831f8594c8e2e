//! What a form about a person sends, and what is read from it.

use serde::{Deserialize, Serialize};

use crate::authority::Role;
use crate::people::{Contract, Details, Email, Name, NotAName, Person};
use crate::store::SchoolId;
use crate::web::form::{Answer, Asked, Choice, DateTyped, Faults, Field, Hidden};

const NO_CONTRACT: &str = "Choose a contract type from the list, or ‘Not said’.";

/// The fields of a person, as typed.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default, rename_all = "kebab-case")]
pub(super) struct Entry {
    pub(super) given: String,
    pub(super) family: String,
    pub(super) known_as: String,
    pub(super) email: String,
    pub(super) contract: String,
    pub(super) starts_day: String,
    pub(super) starts_month: String,
    pub(super) starts_year: String,
    pub(super) school: String,
    pub(super) role: String,
    pub(super) seen: String,
    pub(super) step: String,
    pub(super) back: String,
}

impl Entry {
    pub(super) fn of(person: &Person) -> Self {
        let details = &person.details;
        let starts = DateTyped::of(details.starts_on);
        Self {
            given: details.given_name.to_string(),
            family: details.family_name.to_string(),
            known_as: details
                .known_as
                .as_ref()
                .map_or_else(String::new, Name::to_string),
            email: details
                .email
                .as_ref()
                .map_or_else(String::new, Email::to_string),
            contract: details.contract.map_or("", Contract::name).to_owned(),
            starts_day: starts.day,
            starts_month: starts.month,
            starts_year: starts.year,
            seen: person.version(),
            ..Self::default()
        }
    }

    pub(super) fn starts(&self) -> DateTyped {
        DateTyped {
            day: self.starts_day.clone(),
            month: self.starts_month.clone(),
            year: self.starts_year.clone(),
        }
    }

    /// What was typed, or what is wrong with it.
    pub(super) fn read(&self, faults: &mut Faults) -> Option<Details> {
        let given = faults.take("given", named(&self.given, "Enter their given name."));
        let family = faults.take("family", named(&self.family, "Enter their family name."));
        let known_as = match self.known_as.trim() {
            "" => Some(None),
            text => faults
                .take("known-as", text.parse().map_err(wrong_name))
                .map(Some),
        };
        let email = match self.email.trim() {
            "" => Some(None),
            text => faults.take("email", text.parse::<Email>()).map(Some),
        };
        let contract = match self.contract.as_str() {
            "" => Some(None),
            name => faults
                .take("contract", Contract::named(name).ok_or(NO_CONTRACT))
                .map(Some),
        };
        let starts_on = faults.take("starts", self.starts().read())?;
        let details = Details {
            given_name: given?,
            family_name: family?,
            known_as: known_as?,
            email: email?,
            contract: contract?,
            line_manager: None,
            starts_on,
        };
        faults.take("starts", details.check())?;
        Some(details)
    }

    /// The school, or none for the whole trust.
    pub(super) fn place(&self, faults: &mut Faults) -> Option<Option<SchoolId>> {
        place(&self.school, faults)
    }

    pub(super) fn role(&self, faults: &mut Faults) -> Option<Role> {
        let role = Role::named(&self.role);
        if role.is_none() {
            faults.add("role", "Choose a role.");
        }
        role
    }

    /// The fields about the person themselves.
    pub(super) fn fields(&self, faults: &Faults) -> Vec<Field> {
        let field = |asked, name, label| Field::new(asked, name, label);
        vec![
            field(Asked::Text, "given", "Given name").value(&self.given),
            field(Asked::Text, "family", "Family name").value(&self.family),
            field(Asked::Text, "known-as", "Known as (optional)")
                .hint("The given name they go by, if it is another.")
                .value(&self.known_as),
            field(Asked::Email, "email", "E-mail address (optional)")
                .hint("They use it to sign in. Nobody else in the trust may have the same one.")
                .value(&self.email),
            field(Asked::Select, "contract", "Contract type (optional)")
                .hint("It is counted, without names, in reports to governors. Nobody's rights go by it.")
                .items(contracts())
                .value(&self.contract),
            field(Asked::Date, "starts", "First day (optional)")
                .hint("For example, 1 9 2026. Before this day they cannot sign in.")
                .date(self.starts()),
        ]
        .into_iter()
        .map(|field| field.faulted(faults))
        .collect()
    }

    /// Everything that was typed, to be sent along unseen.
    pub(super) fn hidden(&self) -> Vec<Hidden> {
        let mut hidden = vec![
            Hidden::new("given", &self.given),
            Hidden::new("family", &self.family),
            Hidden::new("known-as", &self.known_as),
            Hidden::new("email", &self.email),
            Hidden::new("contract", &self.contract),
            Hidden::new("school", &self.school),
            Hidden::new("role", &self.role),
        ];
        hidden.extend(self.starts().hidden("starts"));
        hidden
    }

    /// The answers about the person themselves, to be checked.
    pub(super) fn answers(details: &Details) -> Vec<Answer> {
        let answer = |question, answer: String| Answer { question, answer };
        let optional = |text: Option<String>| text.unwrap_or_else(|| "Not given".to_owned());
        vec![
            answer("Given name", details.given_name.to_string()),
            answer("Family name", details.family_name.to_string()),
            answer(
                "Known as",
                optional(details.known_as.as_ref().map(Name::to_string)),
            ),
            answer(
                "E-mail address",
                optional(details.email.as_ref().map(Email::to_string)),
            ),
            answer(
                "Contract type",
                optional(details.contract.map(|contract| contract.label().to_owned())),
            ),
            answer(
                "First day",
                optional(details.starts_on.map(crate::web::dates::day)),
            ),
        ]
    }
}

fn contracts() -> Vec<Choice> {
    let known = Contract::ALL.map(|contract| Choice::new(contract.name(), contract.label()));
    std::iter::once(Choice::new("", "Not said"))
        .chain(known)
        .collect()
}

/// A school that was chosen, or none for the whole trust.
pub(super) fn place(text: &str, faults: &mut Faults) -> Option<Option<SchoolId>> {
    match text {
        "trust" => Some(None),
        text => match text.parse() {
            Ok(school) => Some(Some(school)),
            Err(_) => {
                faults.add("school", "Choose where they work.");
                None
            }
        },
    }
}

fn named(text: &str, missing: &str) -> Result<Name, String> {
    text.parse().map_err(|error| match error {
        NotAName::Empty => missing.to_owned(),
        other => wrong_name(other),
    })
}

fn wrong_name(error: NotAName) -> String {
    match error {
        NotAName::Empty => "Enter a name.".to_owned(),
        NotAName::Long => "Enter a name of at most 100 characters.".to_owned(),
        NotAName::Control => "Enter a name on one line, without control characters.".to_owned(),
    }
}
