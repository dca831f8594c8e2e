//! The form on which the office enters what came on paper or by word.

use jiff::civil::Date;
use serde::Deserialize;

use super::answer::{By, Given, How};
use super::said::{Extent, Said, Use};
use crate::pupils::{GuardianId, Line};
use crate::web::form::{Asked, Choice, DateTyped, Faults, Field, FormPage};

/// The longest limits, in characters.
const LIMITS_MAX: usize = 1000;
/// How somebody with parental responsibility who is not on record is chosen; and the pupil.
const OTHER: &str = "other";
const PUPIL: &str = "pupil";

/// What the form of an answer sends.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    pub(super) who: String,
    pub(super) how: String,
    pub(super) website: String,
    pub(super) social: String,
    pub(super) press: String,
    pub(super) limits: String,
    #[serde(rename = "given_on-day")]
    pub(super) day: String,
    #[serde(rename = "given_on-month")]
    pub(super) month: String,
    #[serde(rename = "given_on-year")]
    pub(super) year: String,
    #[serde(rename = "until-day")]
    pub(super) until_day: String,
    #[serde(rename = "until-month")]
    pub(super) until_month: String,
    #[serde(rename = "until-year")]
    pub(super) until_year: String,
}

impl Typed {
    pub(super) fn given_on(&self) -> DateTyped {
        DateTyped {
            day: self.day.clone(),
            month: self.month.clone(),
            year: self.year.clone(),
        }
    }

    pub(super) fn until(&self) -> DateTyped {
        DateTyped {
            day: self.until_day.clone(),
            month: self.until_month.clone(),
            year: self.until_year.clone(),
        }
    }

    /// What was typed, as an answer; the faults otherwise. Where `no`, the uses are not asked.
    pub(super) fn read(
        &self,
        guardians: &[(GuardianId, String)],
        today: Date,
        no: bool,
    ) -> Result<Given, Faults> {
        let mut faults = Faults::default();
        let guardian = guardians.iter().find(|(id, _)| id.as_str() == self.who);
        let by = match self.who.as_str() {
            OTHER => Some(By::Other),
            PUPIL => Some(By::Pupil),
            _ => guardian.map(|_| By::Parent),
        };
        if by.is_none() {
            faults.add("who", "Choose who gave the answer");
        }
        let how = How::named(&self.how).filter(|how| *how != How::Link);
        if how.is_none() {
            faults.add("how", "Choose how the answer came");
        }
        let mut said = Said::no();
        for use_ in Use::ALL.into_iter().filter(|_| !no) {
            let typed = match use_ {
                Use::Website => &self.website,
                Use::Social => &self.social,
                Use::Press => &self.press,
            };
            match Extent::named(typed) {
                Some(extent) => said.set(use_, extent),
                None => faults.add(use_.name(), "Choose what they agree to, or no"),
            }
        }
        self.limits.trim().clone_into(&mut said.limits);
        if said.limits.chars().count() > LIMITS_MAX {
            faults.add("limits", format!("Write no more than {LIMITS_MAX} letters"));
        }
        let given_on = faults.take("given_on", self.given_on().read()).flatten();
        let given_on = given_on.unwrap_or(today);
        if given_on > today {
            faults.add("given_on", "Enter today or a day before");
        }
        let until = faults.take("until", self.until().read()).flatten();
        if until.is_some_and(|until| until < given_on) {
            faults.add("until", "Enter a day after the one on which it was given");
        }
        match (by, how) {
            (Some(by), Some(how)) if faults.is_empty() => Ok(Given {
                guardian: guardian.map(|(id, _)| id.clone()),
                by,
                how,
                said,
                given_on,
                until,
            }),
            _ => Err(faults),
        }
    }
}

/// A form about a pupil; `no` is the one that says no to everything.
pub(super) fn paper_form(
    line: &Line,
    guardians: &[(GuardianId, String)],
    typed: &Typed,
    faults: &Faults,
    no: bool,
) -> FormPage {
    let base = format!("/consent/pupils/{}", line.id);
    let mut who: Vec<Choice> = guardians
        .iter()
        .map(|(id, name)| Choice::new(id.as_str(), name))
        .collect();
    who.push(Choice::new(OTHER, By::Other.says()));
    who.push(Choice::new(PUPIL, By::Pupil.says()));
    let radios = |name: &'static str, label: &'static str| Field::new(Asked::Radios, name, label);
    let extents = || -> Vec<Choice> {
        Extent::ALL
            .map(|extent| Choice::new(extent.name(), extent.says()))
            .into()
    };
    let mut fields = vec![
        radios("who", "Who gave the answer?")
            .items(who)
            .value(&typed.who),
        radios("how", "How did it come?")
            .items(vec![
                Choice::new(How::Paper.name(), How::Paper.says()),
                Choice::new(How::Word.name(), How::Word.says()),
            ])
            .value(&typed.how),
    ];
    if !no {
        fields.extend([
            radios("website", "On the school’s website")
                .items(extents())
                .value(&typed.website),
            radios("social", "On the school’s social media")
                .items(extents())
                .value(&typed.social),
            radios("press", "In the press")
                .items(extents())
                .value(&typed.press),
            Field::new(
                Asked::Lines,
                "limits",
                "Limits in their words, if there are",
            )
            .hint("Those who post read it. Leave the reason out where it is nobody’s business.")
            .value(&typed.limits),
        ]);
    }
    fields.push(
        Field::new(Asked::Date, "given_on", "On which day was it given?")
            .hint("Leave it empty for today.")
            .date(typed.given_on()),
    );
    if !no {
        fields.push(
            Field::new(Asked::Date, "until", "Until when does it hold?")
                .hint("Leave it empty where the form does not say.")
                .date(typed.until()),
        );
    }
    FormPage {
        title: match no {
            true => "Enter that they say no to everything",
            false => "Enter what the family answers",
        }
        .to_owned(),
        caption: format!("{}, {}", line.name, line.place()),
        back: base.clone(),
        action: format!("{base}/{}", if no { "no" } else { "answer" }),
        lead: vec![
            match no {
                true => "It counts at once, and holds until they say something else.",
                false => {
                    "It takes the place of what the same person said before. Where two people answer differently, the \
                     stricter answer holds."
                }
            }
            .to_owned(),
        ],
        fields: fields
            .into_iter()
            .map(|field| field.faulted(faults))
            .collect(),
        button: "Enter it".to_owned(),
        ..FormPage::default()
    }
}
