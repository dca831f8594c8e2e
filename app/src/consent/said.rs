//! What a family agrees to: for each use so much, and limits in words. Of two answers the stricter holds.

use register::value::Answers;
use serde::{Deserialize, Serialize};

use crate::cases::Case;
use crate::store::{Value, column};

/// What a picture is used for.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Use {
    /// The school's website.
    Website,
    /// The school's accounts on social media.
    Social,
    /// Newspapers, radio and television.
    Press,
}

/// How much of a use is agreed to; a later one includes those before it.
#[derive(
    Clone, Copy, Debug, Default, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize,
)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Extent {
    /// Nothing.
    #[default]
    No,
    /// Among others, not by themselves, and without the name.
    Group,
    /// Any picture, without the name.
    Unnamed,
    /// Any picture, also with the name.
    Named,
}

/// What was said, by somebody or by all together.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub(crate) struct Said {
    pub(crate) website: Extent,
    pub(crate) social: Extent,
    pub(crate) press: Extent,
    /// Limits in words; empty where there are none.
    pub(crate) limits: String,
}

impl Use {
    pub(crate) const ALL: [Self; 3] = [Self::Website, Self::Social, Self::Press];

    /// The name in addresses, in the store and in the register.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Website => "website",
            Self::Social => "social",
            Self::Press => "press",
        }
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.name() == name)
    }

    /// What it is, as a heading.
    pub(crate) const fn says(self) -> &'static str {
        match self {
            Self::Website => "Website",
            Self::Social => "Social media",
            Self::Press => "Press",
        }
    }
}

impl Extent {
    pub(crate) const ALL: [Self; 4] = [Self::No, Self::Group, Self::Unnamed, Self::Named];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::No => "no",
            Self::Group => "group",
            Self::Unnamed => "unnamed",
            Self::Named => "named",
        }
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.name() == name)
    }

    pub(crate) const fn says(self) -> &'static str {
        match self {
            Self::No => "No",
            Self::Group => "Only in a group, without the name",
            Self::Unnamed => "Yes, without the name",
            Self::Named => "Yes, also with the name",
        }
    }
}

column!(Extent, text, |text: String| Extent::named(&text));

impl From<Extent> for Value {
    fn from(extent: Extent) -> Self {
        extent.name().into()
    }
}

impl Said {
    /// No to every use.
    pub(crate) fn no() -> Self {
        Self::default()
    }

    pub(crate) const fn of(&self, use_: Use) -> Extent {
        match use_ {
            Use::Website => self.website,
            Use::Social => self.social,
            Use::Press => self.press,
        }
    }

    pub(crate) const fn set(&mut self, use_: Use, extent: Extent) {
        match use_ {
            Use::Website => self.website = extent,
            Use::Social => self.social = extent,
            Use::Press => self.press = extent,
        }
    }

    /// Whether nothing is agreed to.
    pub(crate) fn is_no(&self) -> bool {
        Use::ALL.iter().all(|use_| self.of(*use_) == Extent::No)
    }

    /// What holds where both count: for each use the stricter, and the limits of both.
    pub(crate) fn stricter(&self, other: &Self) -> Self {
        let mut both = Self::no();
        for use_ in Use::ALL {
            both.set(use_, self.of(use_).min(other.of(use_)));
        }
        both.limits = match (self.limits.trim(), other.limits.trim()) {
            (one, "") => one.to_owned(),
            ("", other) => other.to_owned(),
            (one, other) if one.contains(other) => one.to_owned(),
            (one, other) if other.contains(one) => other.to_owned(),
            (one, other) => format!("{one}\n{other}"),
        };
        both
    }

    /// Whether this leaves less than another: less of a use, or limits that were not there.
    pub(crate) fn is_narrower_than(&self, before: &Self) -> bool {
        let less = Use::ALL
            .iter()
            .any(|use_| self.of(*use_) < before.of(*use_));
        less || (!self.limits.trim().is_empty() && self.limits.trim() != before.limits.trim())
    }

    /// What a case says, whatever its state.
    pub(crate) fn of_case(case: &Case) -> Self {
        Self::of_answers(&case.answers)
    }

    /// What the answers of a case say.
    pub(super) fn of_answers(answers: &Answers) -> Self {
        let answer = |field: &str| {
            let answers = answers.get(field).and_then(|answers| answers.first());
            answers.map_or("", String::as_str)
        };
        let extent = |use_: Use| Extent::named(answer(use_.name())).unwrap_or_default();
        Self {
            website: extent(Use::Website),
            social: extent(Use::Social),
            press: extent(Use::Press),
            limits: match answer("limits") {
                "yes" => answer("restrictions").to_owned(),
                _ => String::new(),
            },
        }
    }

    /// As answers to the register's fields.
    pub(super) fn answers(&self) -> Answers {
        let mut answers = Answers::new();
        for use_ in Use::ALL {
            answers.insert(
                use_.name().to_owned(),
                vec![self.of(use_).name().to_owned()],
            );
        }
        let limits = self.limits.trim();
        let has = if limits.is_empty() { "no" } else { "yes" };
        answers.insert("limits".to_owned(), vec![has.to_owned()]);
        if !limits.is_empty() {
            answers.insert("restrictions".to_owned(), vec![limits.to_owned()]);
        }
        answers
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(website: Extent, social: Extent, limits: &str) -> Said {
        Said {
            website,
            social,
            press: Extent::No,
            limits: limits.to_owned(),
        }
    }

    #[test]
    fn of_two_answers_the_stricter_holds_for_each_use_with_the_limits_of_both() {
        let one = said(Extent::Named, Extent::Group, "No swimming");
        let other = said(Extent::Unnamed, Extent::Named, "Not with her brother");
        let both = one.stricter(&other);
        assert_eq!(
            (both.website, both.social),
            (Extent::Unnamed, Extent::Group)
        );
        assert_eq!(both.limits, "No swimming\nNot with her brother");
        assert_eq!(both, both.stricter(&one).stricter(&other));
        assert!(both.is_narrower_than(&one) && both.is_narrower_than(&other));
        assert!(!one.is_narrower_than(&one));
    }

    #[test]
    fn what_is_said_comes_back_from_its_answers() {
        for limits in ["", "No swimming"] {
            let one = said(Extent::Named, Extent::No, limits);
            assert_eq!(Said::of_answers(&one.answers()), one);
        }
        assert!(Said::of_answers(&Answers::new()).is_no());
    }
}
