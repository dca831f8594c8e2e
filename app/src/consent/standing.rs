//! What may be done with a pupil's picture today: the one place that says.

use jiff::ToSpan as _;
use jiff::civil::Date;
use register::settings::Settings;
use register::{Amount, Span};

use super::said::{Extent, Said, Use};
use super::{ConsentError, REGISTER};
use crate::cases::{self, Case, CaseId, Engine};
use crate::pupils::PupilId;
use crate::store::{Query, SchoolId, Store, StoreError, TrustId};
use crate::values;

/// What a pupil's family lets be done with a picture of the pupil, for one use.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Standing {
    /// It may be used.
    May {
        /// With the name.
        named: bool,
        /// Only among others.
        group_only: bool,
        /// Limits in words, which a person has to read; empty where there are none.
        restrictions: String,
        /// Nobody said yes: the school has marked that silence counts. To be said wherever this is shown.
        presumed: bool,
    },
    /// It may not.
    MayNot {
        /// Why not.
        why: WhyNot,
    },
}

/// Why a picture may not be used.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum WhyNot {
    /// Nobody was asked, or not for this school.
    NotAsked,
    /// Somebody was asked and has not answered.
    Waiting,
    /// The family said no to this use.
    Refused,
    /// The family agreed, and has taken it back.
    Withdrawn,
    /// The family agreed, and the time is over.
    Expired,
}

impl WhyNot {
    /// In words, for those who post.
    pub(crate) const fn says(self) -> &'static str {
        match self {
            Self::NotAsked => "The family has not been asked",
            Self::Waiting => "The family has not answered",
            Self::Refused => "The family said no",
            Self::Withdrawn => "The family has withdrawn its consent",
            Self::Expired => "The consent has expired",
        }
    }
}

/// What may be done today with pictures of some pupils of a school for one use: one answer for each pupil, in their
/// order. It reads each pupil's case, which is sealed and in the ledger, with what the school's settings say today.
///
/// For the posts feature, and whoever else shows pictures: ask when a post is approved, again when it is sent, and
/// whenever the job of [`super::Narrowed`] says that a pupil's consent got narrower. A `presumed` answer and
/// `restrictions` are for a person to see before anything goes out.
///
/// # Errors
/// Where the store fails.
pub(crate) async fn standing(
    query: &mut impl Query,
    (store, trust, engine): (&Store, &TrustId, &Engine),
    school: &SchoolId,
    pupils: &[PupilId],
    use_: Use,
    today: Date,
) -> Result<Vec<Standing>, ConsentError> {
    let registers = engine.registers();
    let settings = cases::in_force(query, &registers, REGISTER, Some(school), today).await?;
    let mut standings = Vec::new();
    for pupil in pupils {
        let case = current(query, (store, trust), pupil).await?;
        let case = case.filter(|case| case.school.as_ref() == Some(school));
        standings.push(reading(case.as_ref(), &settings.settings, use_, today));
    }
    Ok(standings)
}

/// The pupil's case, where one is open.
pub(crate) async fn current(
    query: &mut impl Query,
    (store, trust): (&Store, &TrustId),
    pupil: &PupilId,
) -> Result<Option<Case>, ConsentError> {
    match current_id(query, pupil).await? {
        Some(id) => Ok(cases::one_of(query, (store, trust), REGISTER, &id).await?),
        None => Ok(None),
    }
}

/// The identifier of the pupil's case, where one is open: of several the latest.
pub(super) async fn current_id(
    query: &mut impl Query,
    pupil: &PupilId,
) -> Result<Option<CaseId>, StoreError> {
    let row = query
        .first(
            "SELECT id FROM case_file WHERE trust = $1 AND subject = $2 AND register = $3 \
               AND subject_kind = 'pupil' AND closed_at IS NULL ORDER BY id DESC LIMIT 1",
            values![pupil, REGISTER],
        )
        .await?;
    row.map(|row| row.get("id")).transpose()
}

/// What a case says about a use today, under the settings of today.
pub(crate) fn reading(
    case: Option<&Case>,
    settings: &Settings,
    use_: Use,
    today: Date,
) -> Standing {
    let may_not = |why| Standing::MayNot { why };
    let Some(case) = case else {
        return may_not(WhyNot::NotAsked);
    };
    match case.state.as_str() {
        "asked" => may_not(WhyNot::Waiting),
        // Silence says nothing about the name, nor about giving a picture to others.
        "silent" if settings.says_yes("presumed") && use_ != Use::Press => Standing::May {
            named: false,
            group_only: false,
            restrictions: String::new(),
            presumed: true,
        },
        "silent" => may_not(WhyNot::Waiting),
        "refused" => may_not(WhyNot::Refused),
        "withdrawn" => may_not(WhyNot::Withdrawn),
        "expired" => may_not(WhyNot::Expired),
        "given" if until(case, settings).is_none_or(|until| until < today) => {
            may_not(WhyNot::Expired)
        }
        "given" => given(&Said::of_case(case), use_),
        _ => may_not(WhyNot::NotAsked),
    }
}

fn given(said: &Said, use_: Use) -> Standing {
    match said.of(use_) {
        Extent::No => Standing::MayNot {
            why: WhyNot::Refused,
        },
        extent => Standing::May {
            named: extent == Extent::Named,
            group_only: extent == Extent::Group,
            restrictions: said.limits.clone(),
            presumed: false,
        },
    }
}

/// The last day on which what a case says holds: the one that it names, otherwise as long after it was given as the
/// settings say.
pub(super) fn until(case: &Case, settings: &Settings) -> Option<Date> {
    let day = |field: &str| -> Option<Date> { case.answers.get(field)?.first()?.parse().ok() };
    day("until").or_else(|| Some(later(day("given_on")?, settings, "lasts")))
}

/// A day so much later as a setting says.
pub(super) fn later(day: Date, settings: &Settings, setting: &str) -> Date {
    let n = |n: u32| i32::try_from(n).unwrap_or(i32::MAX);
    let after = match settings.span(&Amount::Setting(setting.to_owned())) {
        Some(Span::Days(days) | Span::SchoolDays(days)) => day.checked_add(n(days).days()),
        Some(Span::Months(months)) => day.checked_add(n(months).months()),
        Some(Span::Years(years)) => day.checked_add(n(years).years()),
        Some(Span::Hours(_)) | None => Ok(day),
    };
    after.unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use jiff::civil::date;
    use register::SettingValue;

    use super::*;
    use crate::accounts::tests::plain;

    /// A case in a state, with its answers.
    fn case(state: &str, answers: &[(&str, &str)]) -> Case {
        let answers: BTreeMap<&str, Vec<&str>> = answers
            .iter()
            .map(|(name, is)| (*name, vec![*is]))
            .collect();
        serde_json::from_value(serde_json::json!({
            "id": "c1", "register": REGISTER, "rules": "r", "reference": "IMG-2026-0001", "school": "ash",
            "state": state, "opened_by": null, "subject": { "pupil": "ama" }, "handler": null, "opened_at": 0,
            "changed_at": 0, "closed_at": null, "revision": 1, "paper": false, "filed": false, "disclosed": false,
            "in_force": state == "given", "in_force_until": null, "answers": answers, "done": [],
        }))
        .unwrap()
    }

    fn settings(presumed: bool) -> Settings {
        let registers = plain().registers();
        let own = BTreeMap::from([("presumed".to_owned(), SettingValue::YesNo(presumed))]);
        Settings::of(registers.register(REGISTER).unwrap(), "link", &own)
    }

    const TODAY: Date = date(2026, 11, 20);

    #[test]
    fn only_a_clear_yes_in_its_time_lets_a_picture_be_used() {
        let off = settings(false);
        let why = |case: Option<&Case>, use_| match reading(case, &off, use_, TODAY) {
            Standing::MayNot { why } => Some(why),
            Standing::May { .. } => None,
        };
        assert_eq!(why(None, Use::Website), Some(WhyNot::NotAsked));
        for (state, is) in [
            ("asked", WhyNot::Waiting),
            ("silent", WhyNot::Waiting),
            ("refused", WhyNot::Refused),
            ("withdrawn", WhyNot::Withdrawn),
            ("expired", WhyNot::Expired),
            ("replaced", WhyNot::NotAsked),
            ("over", WhyNot::NotAsked),
        ] {
            // Whatever the answers of an earlier day say.
            let case = case(state, &[("website", "named"), ("until", "2027-11-20")]);
            assert_eq!(why(Some(&case), Use::Website), Some(is), "{state}");
        }
        let given = case(
            "given",
            &[
                ("website", "named"),
                ("social", "group"),
                ("press", "no"),
                ("limits", "yes"),
                ("restrictions", "No swimming"),
                ("until", "2026-11-20"),
            ],
        );
        assert_eq!(why(Some(&given), Use::Press), Some(WhyNot::Refused));
        assert_eq!(
            reading(Some(&given), &off, Use::Social, TODAY),
            Standing::May {
                named: false,
                group_only: true,
                restrictions: "No swimming".to_owned(),
                presumed: false
            }
        );
        let tomorrow = reading(Some(&given), &off, Use::Website, TODAY.tomorrow().unwrap());
        assert_eq!(
            tomorrow,
            Standing::MayNot {
                why: WhyNot::Expired
            },
            "nobody had to notice that its time was over"
        );
        let old = case("given", &[("website", "named"), ("given_on", "2025-11-19")]);
        assert_eq!(why(Some(&old), Use::Website), Some(WhyNot::Expired));
        let dateless = case("given", &[("website", "named")]);
        assert_eq!(why(Some(&dateless), Use::Website), Some(WhyNot::Expired));
    }

    #[test]
    fn silence_counts_only_where_it_is_marked_after_the_time_to_answer_and_never_for_the_press() {
        let (on, silent) = (settings(true), case("silent", &[]));
        let reads = |case: &Case, use_| reading(Some(case), &on, use_, TODAY);
        assert_eq!(
            reads(&silent, Use::Social),
            Standing::May {
                named: false,
                group_only: false,
                restrictions: String::new(),
                presumed: true
            }
        );
        assert!(matches!(
            reads(&silent, Use::Press),
            Standing::MayNot { .. }
        ));
        for state in ["asked", "refused", "withdrawn", "expired"] {
            let case = case(state, &[]);
            assert!(
                matches!(reads(&case, Use::Website), Standing::MayNot { .. }),
                "{state}"
            );
        }
        let link = Settings::of(
            plain().registers().register(REGISTER).unwrap(),
            "link",
            &BTreeMap::new(),
        );
        assert!(!link.says_yes("presumed"), "off until somebody marks it");
    }
}
