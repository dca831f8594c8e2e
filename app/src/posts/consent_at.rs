//! The one place where posts ask about consent: whether a pupil may be shown or named on social media, now.

use jiff::civil::Date;

use super::PostError;
use super::pupils::{PostPupil, Shown};
use crate::cases::Engine;
use crate::consent::{self, Standing, Use};
use crate::store::{SchoolId, Tx};

/// What consent says of one pupil in a post.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Consent {
    /// They may be in it so; what a person is to mind, where there is anything.
    May(Option<String>),
    /// They may not, in words that name nobody.
    MayNot(String),
}

/// What consent says today of pupils as a post of a school shows or names them: one answer for each, in their order.
/// Whoever belongs to no school may not be asked for, and so may not be shown.
///
/// # Errors
/// Where the store fails.
pub(super) async fn of(
    tx: &mut Tx,
    engine: &Engine,
    school: Option<&SchoolId>,
    listed: &[PostPupil],
    today: Date,
) -> Result<Vec<Consent>, PostError> {
    let (Some(school), Some(trust)) = (school, tx.trust().cloned()) else {
        let none = "a post of the whole trust cannot show or name pupils: consent is a school’s";
        let none = listed.iter().map(|_| Consent::MayNot(none.to_owned()));
        return Ok(none.collect());
    };
    let store = tx.store().clone();
    let pupils: Vec<_> = listed.iter().map(|one| one.pupil.clone()).collect();
    let of = (&store, &trust, engine);
    let standings = consent::standing(tx, of, school, &pupils, Use::Social, today).await?;
    let one = listed.iter().zip(&standings);
    Ok(one
        .map(|(listed, standing)| fits(listed, standing))
        .collect())
}

/// Whether what is agreed covers how a pupil is in a post.
fn fits(listed: &PostPupil, standing: &Standing) -> Consent {
    let may_not = |why: &str| Consent::MayNot(why.to_owned());
    match standing {
        Standing::MayNot { why } => may_not(&lower_first(why.says())),
        Standing::May { named: false, .. } if listed.named => {
            may_not("the family agreed to pictures without the name only")
        }
        Standing::May {
            group_only: true, ..
        } if listed.shown == Shown::Alone => {
            may_not("the family agreed to pictures in a group only")
        }
        Standing::May {
            restrictions,
            presumed,
            ..
        } => {
            let presumed = presumed
                .then(|| "Nobody said yes: the school has marked that silence counts.".to_owned());
            let limits = Some(restrictions.trim()).filter(|limits| !limits.is_empty());
            let limits = limits.map(|limits| format!("The family’s limits: {limits}"));
            let mind: Vec<String> = presumed.into_iter().chain(limits).collect();
            Consent::May(Some(mind.join(" ")).filter(|mind| !mind.is_empty()))
        }
    }
}

/// A sentence's beginning, in the middle of another.
fn lower_first(text: &str) -> String {
    let mut rest = text.chars();
    let first = rest.next().map(|first| first.to_ascii_lowercase());
    first.into_iter().chain(rest).collect()
}

#[cfg(test)]
mod tests {
    use super::{Consent, PostPupil, Shown, fits};
    use crate::consent::{Standing, WhyNot};

    #[test]
    fn what_is_agreed_covers_no_more_than_it_says() {
        let listed = |shown, named| PostPupil {
            id: "a".parse().unwrap(),
            case: "c".parse().unwrap(),
            pupil: "p".parse().unwrap(),
            shown,
            named,
        };
        let may = |named, group_only| Standing::May {
            named,
            group_only,
            restrictions: String::new(),
            presumed: false,
        };
        for (shown, named, standing, right) in [
            (Shown::Alone, true, may(true, false), true),
            (Shown::Alone, true, may(false, false), false),
            (Shown::No, true, may(false, false), false),
            (Shown::Alone, false, may(false, true), false),
            (Shown::Group, false, may(false, true), true),
            (
                Shown::Group,
                false,
                Standing::MayNot {
                    why: WhyNot::NotAsked,
                },
                false,
            ),
        ] {
            let fits = matches!(fits(&listed(shown, named), &standing), Consent::May(_));
            assert_eq!(fits, right, "{shown:?} {named} {standing:?}");
        }
        let limited = Standing::May {
            named: true,
            group_only: false,
            restrictions: "No swimming".into(),
            presumed: true,
        };
        let Consent::May(Some(mind)) = fits(&listed(Shown::Group, false), &limited) else {
            panic!("there is something to mind")
        };
        assert!(mind.contains("silence counts") && mind.contains("No swimming"));
    }
}
