//! Choosing one person among many: a search, then the answers to choose from.

use serde::Serialize;

use crate::authority::Permit;
use crate::people::{self, Filter, Part, Person};
use crate::store::{PersonId, Query, SchoolId};
use crate::web::form::{Asked, Choice, Field, FormPage};
use crate::web::page::{Page, Section};
use crate::web::problem::Problem;

/// How many are offered to choose from.
const OFFERED: u32 = 20;

/// `people/choose.html`.
#[derive(Serialize)]
pub(crate) struct ChoosePage {
    /// The words that were searched for.
    pub(super) q: String,
    /// The address of the search.
    pub(super) search: String,
    /// Whether there is anything to choose: without, only the search is shown.
    pub(super) found: bool,
    /// Whether more were found than are offered.
    pub(super) more: bool,
    /// What is chosen and sent.
    pub(super) form: FormPage,
}

impl Page for ChoosePage {
    const TEMPLATE: &'static str = "people/choose.html";
    const SECTION: Option<Section> = Some(Section::Administration);

    fn samples() -> Vec<Self> {
        let choose = |q: &str, found, more, form: FormPage| Self {
            q: q.to_owned(),
            search: "/people/p1/manager".to_owned(),
            found,
            more,
            form,
        };
        let mut samples = vec![
            choose("", false, false, FormPage::default()),
            choose("x", false, false, FormPage::default()),
        ];
        let forms = FormPage::samples().into_iter();
        samples.extend(forms.map(|form| choose("a", true, true, form)));
        samples
    }
}

/// The people who are here and found by these words, at one school or anywhere.
pub(super) struct Found {
    pub(super) people: Vec<Person>,
    pub(super) more: bool,
}

pub(super) async fn found(
    query: &mut impl Query,
    permit: &Permit,
    today: jiff::civil::Date,
    q: &str,
    school: Option<SchoolId>,
) -> Result<Found, Problem> {
    if q.trim().is_empty() {
        return Ok(Found {
            people: Vec::new(),
            more: false,
        });
    }
    let filter = Filter {
        search: q.to_owned(),
        school,
        ..Filter::default()
    };
    let part = Part {
        skip: 0,
        size: OFFERED,
    };
    let listed = people::list(query, permit, today, &filter, part).await?;
    Ok(Found {
        more: listed.total > u64::from(OFFERED),
        people: listed.items,
    })
}

impl Found {
    /// The people to choose from, but for one.
    pub(super) fn field(&self, label: &'static str, but: &PersonId) -> Field {
        let choice = |person: &Person| {
            let choice = Choice::new(person.id.as_str(), person.name());
            match &person.details.email {
                Some(email) => choice.hint(email.as_str()),
                None => choice,
            }
        };
        let others = self.people.iter().filter(|person| person.id != *but);
        Field::new(Asked::Radios, "chosen", label).items(others.map(choice).collect())
    }

    pub(super) fn any(&self, but: &PersonId) -> bool {
        self.people.iter().any(|person| person.id != *but)
    }
}
