//! What a form about a pupil sends, and what is read from it.

use serde::Deserialize;

use crate::people::{Name, NotAName};
use crate::pupils::{Guardian, GuardianDetails, Pupil, PupilDetails};
use crate::web::form::{Asked, Choice, DateTyped, Faults, Field};

/// The fields of a pupil, as typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub(super) struct Entry {
    given: String,
    family: String,
    known_as: String,
    pub(super) school: String,
    year: String,
    class: String,
    born_day: String,
    born_month: String,
    born_year: String,
    pub(super) seen: String,
}

impl Entry {
    pub(super) fn of(pupil: &Pupil) -> Self {
        let details = &pupil.details;
        let born = DateTyped::of(details.born);
        Self {
            given: details.given_name.to_string(),
            family: details.family_name.to_string(),
            known_as: details
                .known_as
                .as_ref()
                .map_or_else(String::new, Name::to_string),
            school: details.school.to_string(),
            year: details.year.clone().unwrap_or_default(),
            class: details.class.clone().unwrap_or_default(),
            born_day: born.day,
            born_month: born.month,
            born_year: born.year,
            seen: pupil.version(),
        }
    }

    fn born(&self) -> DateTyped {
        DateTyped {
            day: self.born_day.clone(),
            month: self.born_month.clone(),
            year: self.born_year.clone(),
        }
    }

    /// What was typed, or what is wrong with it.
    pub(super) fn read(&self, faults: &mut Faults) -> Option<PupilDetails> {
        let given_name = name(&self.given, "given", "Enter their given name.", faults);
        let family_name = name(&self.family, "family", "Enter their family name.", faults);
        let known_as = match self.known_as.trim() {
            "" => Some(None),
            text => name(text, "known-as", "", faults).map(Some),
        };
        let school = self.school.parse().ok();
        if school.is_none() {
            faults.add("school", "Choose their school.");
        }
        let born = faults.take("born", self.born().read());
        let group = |text: &str| match text.trim() {
            "" => None,
            text => Some(text.to_owned()),
        };
        Some(PupilDetails {
            school: school?,
            given_name: given_name?,
            family_name: family_name?,
            known_as: known_as?,
            year: group(&self.year),
            class: group(&self.class),
            born: born?,
        })
    }

    pub(super) fn fields(&self, schools: Vec<Choice>, faults: &Faults) -> Vec<Field> {
        let text = |name, label| Field::new(Asked::Text, name, label);
        [
            text("given", "Given name").value(&self.given),
            text("family", "Family name").value(&self.family),
            text("known-as", "Known as (optional)")
                .hint("The given name they go by, if it is another.")
                .value(&self.known_as),
            Field::new(Asked::Select, "school", "School")
                .items(schools)
                .value(&self.school),
            text("year", "Year group (optional)")
                .hint("For example, R, 7 or P4.")
                .value(&self.year)
                .narrow(),
            text("class", "Class or form (optional)")
                .value(&self.class)
                .narrow(),
            Field::new(Asked::Date, "born", "Date of birth (optional)")
                .hint("For example, 31 3 2015. Leave it empty where nothing needs it.")
                .date(self.born()),
        ]
        .into_iter()
        .map(|field| field.faulted(faults))
        .collect()
    }
}

/// The fields of a parent or carer, as typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct GuardianEntry {
    given: String,
    family: String,
    email: String,
    phone: String,
    pub(super) seen: String,
}

impl GuardianEntry {
    pub(super) fn of(guardian: &Guardian) -> Self {
        let details = &guardian.details;
        Self {
            given: details.given_name.to_string(),
            family: details.family_name.to_string(),
            email: details
                .email
                .as_ref()
                .map_or_else(String::new, ToString::to_string),
            phone: details.phone.clone().unwrap_or_default(),
            seen: guardian.version(),
        }
    }

    pub(super) fn read(&self, faults: &mut Faults) -> Option<GuardianDetails> {
        let given_name = name(&self.given, "given", "Enter their given name.", faults);
        let family_name = name(&self.family, "family", "Enter their family name.", faults);
        let email = match self.email.trim() {
            "" => Some(None),
            text => faults.take("email", text.parse()).map(Some),
        };
        let phone = Some(self.phone.trim().to_owned()).filter(|phone| !phone.is_empty());
        Some(GuardianDetails {
            given_name: given_name?,
            family_name: family_name?,
            email: email?,
            phone,
        })
    }

    pub(super) fn fields(&self, faults: &Faults) -> Vec<Field> {
        let field = |asked, name, label| Field::new(asked, name, label);
        [
            field(Asked::Text, "given", "Given name").value(&self.given),
            field(Asked::Text, "family", "Family name").value(&self.family),
            field(Asked::Email, "email", "E-mail address (optional)").value(&self.email),
            field(Asked::Tel, "phone", "Telephone number (optional)").value(&self.phone),
        ]
        .into_iter()
        .map(|field| field.faulted(faults))
        .collect()
    }
}

fn name(text: &str, field: &'static str, missing: &str, faults: &mut Faults) -> Option<Name> {
    let read = text.parse().map_err(|error| match error {
        NotAName::Empty => missing,
        NotAName::Long => "Enter a name of at most 100 characters.",
        NotAName::Control => "Enter a name on one line, without control characters.",
    });
    faults.take(field, read)
}
