//! The bands of a school's day, weekday by weekday.

use jiff::civil::{Time, Weekday};
use serde::{Deserialize, Serialize};

/// What is on.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum BandKind {
    /// Pupils are taught.
    Lesson,
    /// A break or lunch.
    Break,
    /// Time in which staff work as directed, without a lesson: registration, duties, meetings.
    Directed,
    /// Outside the school day.
    Outside,
}

impl BandKind {
    /// The kinds that a band can have; everything else is outside.
    pub const BANDS: [Self; 3] = [Self::Lesson, Self::Break, Self::Directed];

    /// The word on screens and in pasted lines.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Lesson => "lesson",
            Self::Break => "break",
            Self::Directed => "directed",
            Self::Outside => "outside",
        }
    }
}

/// From one time up to, but not with, another.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
pub struct Band {
    /// The beginning.
    pub from: Time,
    /// The end, which belongs to what follows.
    pub to: Time,
    /// What is on.
    pub kind: BandKind,
}

/// The bands of Monday to Friday. Where none is known, the day is one lesson from 9:00 to 15:30.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Week([Vec<Band>; 5]);

/// Two bands of one day share time, or one is empty.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("two times overlap, or one ends before it begins")]
pub struct WrongBands;

/// Monday to Friday.
pub const WEEKDAYS: [(Weekday, &str); 5] = [
    (Weekday::Monday, "Monday"),
    (Weekday::Tuesday, "Tuesday"),
    (Weekday::Wednesday, "Wednesday"),
    (Weekday::Thursday, "Thursday"),
    (Weekday::Friday, "Friday"),
];

/// The school day where the school has not said when it is.
const USUAL: (Time, Time) = (Time::constant(9, 0, 0, 0), Time::constant(15, 30, 0, 0));

impl Week {
    /// The bands of the five days, each in any order.
    pub fn new(mut days: [Vec<Band>; 5]) -> Result<Self, WrongBands> {
        for day in &mut days {
            day.sort();
            let empty = day.iter().any(|band| band.to <= band.from);
            let mut pairs = day.iter().zip(day.iter().skip(1));
            if empty || pairs.any(|(one, next)| next.from < one.to) {
                return Err(WrongBands);
            }
        }
        Ok(Self(days))
    }

    /// Whether the school has said anything.
    #[must_use]
    pub fn is_known(&self) -> bool {
        self.0.iter().any(|day| !day.is_empty())
    }

    /// The bands of a weekday, in order.
    #[must_use]
    pub fn bands(&self, weekday: Weekday) -> &[Band] {
        let index = usize::try_from(weekday.to_monday_zero_offset()).unwrap_or(usize::MAX);
        self.0.get(index).map_or(&[], Vec::as_slice)
    }

    pub(super) fn band_at(&self, weekday: Weekday, time: Time) -> BandKind {
        if !self.is_known() {
            let (from, to) = USUAL;
            return match from <= time && time < to {
                true => BandKind::Lesson,
                false => BandKind::Outside,
            };
        }
        self.bands(weekday)
            .iter()
            .find(|band| band.from <= time && time < band.to)
            .map_or(BandKind::Outside, |band| band.kind)
    }
}
