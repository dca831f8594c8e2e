//! What a school knows that drafts are compared with: who is on its roll, who works there, what it is called, and how it is
//! reached, which is no secret.

use jiff::civil::Date;
use screen::{Known, Pupil, School as Named, Staff};

use crate::accounts;
use crate::people;
use crate::pupils;
use crate::schools::{self, School};
use crate::store::{Query, Store, TrustId};
use crate::web::problem::Problem;

/// Years before the first.
const RECEPTION: i8 = 0;
const NURSERY: i8 = -1;

pub(super) async fn known(
    query: &mut impl Query,
    (store, trust): (&Store, &TrustId),
    school: &School,
    today: Date,
) -> Result<Known, Problem> {
    let pupils = pupils::on_roll(query, &school.id, today).await?;
    let staff = people::names_at(query, &school.id, today).await?;
    let pupils = pupils.into_iter().map(|pupil| Pupil {
        id: pupil.id.to_string(),
        given: pupil.given,
        family: vec![pupil.family],
        year: pupil.year.as_deref().and_then(year),
        classes: pupil.class.into_iter().collect(),
        teams: Vec::new(),
    });
    let staff = staff.into_iter().map(|person| Staff {
        id: person.id,
        given: [Some(person.given), person.known_as]
            .into_iter()
            .flatten()
            .collect(),
        family: vec![person.family],
    });
    // Whom the school turns to is named on its pages, so their numbers are nobody's secret.
    let contacts = schools::outside(query, &school.id).await?;
    let telephones = contacts.into_iter().filter_map(|one| one.details.phone);
    let named = Named {
        id: school.id.to_string(),
        names: vec![school.details.name.clone()],
        domains: people::email_domains_at(query, &school.id, today).await?,
        telephones: telephones.collect(),
        handles: accounts::names_of(query, (store, trust), &school.id).await?,
        ..Named::default()
    };
    Ok(Known {
        pupils: pupils.collect(),
        staff: staff.collect(),
        schools: vec![named],
    })
}

/// A year group as schools write it: `R`, `N`, `7`, `Year 7`, `Y7`, `P4`.
fn year(text: &str) -> Option<i8> {
    let text = text.trim().to_ascii_lowercase();
    match text.as_str() {
        "r" | "reception" => Some(RECEPTION),
        "n" | "nursery" => Some(NURSERY),
        text => {
            let number = text.trim_start_matches(|c: char| !c.is_ascii_digit());
            number.parse().ok().filter(|year| (1..=13).contains(year))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::year;

    #[test]
    fn year_groups_are_read_as_schools_write_them() {
        let written = ["R", "nursery", "7", "Year 11", "Y3", "P4", "Oak", "", "99"];
        let read = written.map(year);
        let years = [
            Some(0),
            Some(-1),
            Some(7),
            Some(11),
            Some(3),
            Some(4),
            None,
            None,
            None,
        ];
        assert_eq!(read, years);
    }
}
