//! What invented families have answered.

use jiff::ToSpan as _;

use super::ConsentError;
use super::answer::{self, By, Given, How};
use super::said::{Extent, Said};
use crate::authority::Actor;
use crate::cases::Engine;
use crate::pupils::{self, Pupil};
use crate::store::Tx;

/// How many of a school's families were asked.
const ASKED: usize = 12;
/// How long ago those who answered did.
const DAYS_AGO: i32 = 30;

/// Enters what the families of some invented pupils answered: yes, with limits, no, and nothing yet.
///
/// # Errors
/// Where the store fails.
pub(crate) async fn demonstrate(
    tx: &mut Tx,
    engine: &Engine,
    actor: &Actor,
    invented: &[Pupil],
) -> Result<(), ConsentError> {
    let today = tx.store().clock().today();
    let given_on = today.checked_sub(DAYS_AGO.days()).unwrap_or(today);
    for (number, pupil) in invented.iter().take(ASKED).enumerate() {
        let case = answer::case_of(tx, engine, (&pupil.id, &pupil.details.school)).await?;
        let Some(said) = said(number) else { continue };
        let guardians = pupils::guardians_of(tx, &pupil.id).await?;
        let given = Given {
            guardian: guardians.into_iter().map(|(id, _)| id).next(),
            by: By::Parent,
            how: How::Paper,
            said,
            given_on,
            until: None,
        };
        answer::answer(tx, engine, actor, &case, given).await?;
    }
    Ok(())
}

/// What a family said, in turn; nothing where it has not answered.
fn said(number: usize) -> Option<Said> {
    let said = |website, social, press, limits: &str| {
        Some(Said {
            website,
            social,
            press,
            limits: limits.to_owned(),
        })
    };
    match number % 5 {
        0 => said(Extent::Named, Extent::Named, Extent::Named, ""),
        1 => said(Extent::Unnamed, Extent::Group, Extent::No, ""),
        2 => Some(Said::no()),
        3 => said(
            Extent::Named,
            Extent::Unnamed,
            Extent::No,
            "No swimming pictures",
        ),
        _ => None,
    }
}
