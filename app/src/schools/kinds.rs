//! What a school can be: its nation, its phase, and the numbers by which it is known.

use serde::Serialize;

use crate::store::{Value, column};

/// Makes a closed list of kinds, each with its name in data and its words on screens.
macro_rules! kinds {
    ($(#[$doc:meta])* $type:ident { $($(#[$one:meta])* $name:ident $text:literal $label:literal)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
        pub enum $type { $($(#[$one])* #[serde(rename = $text)] $name),* }

        impl $type {
            /// All of them, in the order in which they are offered.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The name in data and addresses.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $text),* }
            }

            /// The words on screens.
            #[must_use]
            pub const fn label(self) -> &'static str {
                match self { $(Self::$name => $label),* }
            }

            /// The one of that name.
            #[must_use]
            pub fn named(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.name() == name)
            }
        }

        $crate::store::column!($type, text, |text: String| $type::named(&text));

        impl From<$type> for $crate::store::Value {
            fn from(one: $type) -> Self {
                one.name().into()
            }
        }
    };
}
pub(super) use kinds;

kinds! {
    /// The nation whose law, guidance and bank holidays hold.
    Nation {
        /// England.
        England "england" "England"
        /// Wales.
        Wales "wales" "Wales"
        /// Scotland.
        Scotland "scotland" "Scotland"
        /// Northern Ireland.
        NorthernIreland "northern-ireland" "Northern Ireland"
    }
}

kinds! {
    /// Whom a school teaches.
    Phase {
        /// Up to 5.
        Nursery "nursery" "Nursery"
        /// About 5 to 11.
        Primary "primary" "Primary"
        /// About 9 to 13.
        Middle "middle" "Middle"
        /// About 11 to 16 or 18.
        Secondary "secondary" "Secondary"
        /// From 5 or earlier to 16 or later.
        AllThrough "all-through" "All-through"
        /// 16 and over.
        Sixteen "16-plus" "16 and over"
        /// For pupils with special needs.
        Special "special" "Special school"
        /// Alternative provision.
        Alternative "alternative-provision" "Alternative provision"
    }
}

/// Makes a number that is kept as text in one form.
macro_rules! numbers {
    ($($(#[$doc:meta])* $type:ident by $read:path;)*) => { $(
        $(#[$doc])*
        #[derive(Clone, Debug, Eq, PartialEq, Serialize)]
        pub struct $type(String);

        impl $type {
            /// Reads it as people write it; nothing where it cannot be one.
            #[must_use]
            pub fn read(text: &str) -> Option<Self> {
                $read(text).map(Self)
            }

            /// As it is printed.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        column!($type, text, |text: String| $type::read(&text));

        impl From<Option<&$type>> for Value {
            fn from(number: Option<&$type>) -> Self {
                number.map(|number| number.0.clone()).into()
            }
        }
    )* };
}

numbers! {
    /// A Unique Reference Number: six digits, the first not 0.
    Urn by urn;
    /// The number that a department or a council gives a school: seven digits, printed as `123/4567`.
    DfeNumber by dfe_number;
}

fn urn(text: &str) -> Option<String> {
    let digits: String = text.split_whitespace().collect();
    let six = digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_digit());
    (six && !digits.starts_with('0')).then_some(digits)
}

fn dfe_number(text: &str) -> Option<String> {
    let digits: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '/' | '-'))
        .collect();
    let seven = digits.len() == 7 && digits.bytes().all(|b| b.is_ascii_digit());
    let (council, school) = digits.split_at_checked(3)?;
    (seven && !council.starts_with('0')).then(|| format!("{council}/{school}"))
}

#[cfg(test)]
mod tests {
    use super::{DfeNumber, Nation, Phase, Urn};

    #[test]
    fn numbers_are_read_as_people_write_them() {
        assert_eq!(Urn::read(" 103 456 ").unwrap().as_str(), "103456");
        for wrong in ["", "012345", "12345", "1234567", "12345a", "１２３４５６"] {
            assert!(Urn::read(wrong).is_none(), "{wrong}");
        }
        for right in ["3312045", "331/2045", "331-2045", " 331 / 2045 "] {
            assert_eq!(DfeNumber::read(right).unwrap().as_str(), "331/2045");
        }
        for wrong in ["", "031/2045", "331/204", "33/12045x", "é31/2045"] {
            assert!(DfeNumber::read(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn names_are_read_back() {
        for &nation in Nation::ALL {
            assert_eq!(Nation::named(nation.name()), Some(nation));
        }
        for &phase in Phase::ALL {
            assert_eq!(Phase::named(phase.name()), Some(phase));
        }
        assert!(
            policy::policy_file::NATIONS
                .iter()
                .all(|nation| Nation::named(nation).is_some())
        );
    }
}
