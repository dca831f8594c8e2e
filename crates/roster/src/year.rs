//! Year groups of England, Wales, Northern Ireland and Scotland, and the codes that rosters write for them.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::cells::squeezed;

/// A year group. Ordered by age within a nation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Year {
    /// Nursery or pre-school.
    Nursery,
    /// Reception.
    Reception,
    /// Year 1 to 14 (14: Northern Ireland, or a third year in the sixth form).
    Year(u8),
    /// Scotland: Primary 1 to 7.
    Primary(u8),
    /// Scotland: Secondary 1 to 6.
    Secondary(u8),
}

/// A code that was read: a year group, or one that stands for none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Code {
    Of(Year),
    /// Ungraded, post-secondary, other: no year group is kept.
    Ungraded,
}

impl Year {
    /// The short code: `N`, `R`, `7`, `P4`, `S2`.
    #[must_use]
    pub fn code(self) -> String {
        match self {
            Year::Nursery => "N".to_owned(),
            Year::Reception => "R".to_owned(),
            Year::Year(year) => year.to_string(),
            Year::Primary(year) => format!("P{year}"),
            Year::Secondary(year) => format!("S{year}"),
        }
    }

    /// Reads a code or what people write for it: `7`, `07`, `Year 7`, `Yr7`, `KG`, `Reception`, `P4`, `S2`. A bare
    /// number is the year of the national curriculum, which is what systems in the United Kingdom export as the grade.
    #[must_use]
    pub fn read(text: &str) -> Option<Year> {
        match read(text)? {
            Code::Of(year) => Some(year),
            Code::Ungraded => None,
        }
    }
}

pub(crate) fn read(text: &str) -> Option<Code> {
    let plain = squeezed(text);
    let named = match plain.as_str() {
        "n" | "n1" | "n2" | "nursery" | "preschool" | "it" | "pr" | "pk" | "tk" | "e1" | "e2" => {
            Some(Code::Of(Year::Nursery))
        }
        "r" | "kg" | "k" | "kindergarten" | "reception" | "yr" | "yearr" | "ncyearr" | "00"
        | "0" | "year0" | "rec" => Some(Code::Of(Year::Reception)),
        "ug" | "ungraded" | "other" | "ps" | "ps1" | "ps2" | "ps3" | "ps4" | "x"
        | "postsecondary" | "adulteducation" => Some(Code::Ungraded),
        _ => None,
    };
    named.or_else(|| numbered(&plain).map(Code::Of))
}

fn numbered(plain: &str) -> Option<Year> {
    let digits = plain.trim_start_matches(|c: char| c.is_alphabetic());
    let letters = plain.strip_suffix(digits)?;
    if digits.len() > 2 {
        return None;
    }
    let number: u8 = digits.parse().ok()?;
    match letters {
        "" | "y" | "yr" | "year" | "ncyear" | "ncy" | "nc" | "yeargroup" | "grade" => {
            (1..=14).contains(&number).then_some(Year::Year(number))
        }
        "p" | "primary" => (1..=7).contains(&number).then_some(Year::Primary(number)),
        "s" | "secondary" => (1..=6).contains(&number).then_some(Year::Secondary(number)),
        _ => None,
    }
}

impl fmt::Display for Year {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Year::Nursery => f.write_str("Nursery"),
            Year::Reception => f.write_str("Reception"),
            Year::Year(year) => write!(f, "Year {year}"),
            Year::Primary(_) | Year::Secondary(_) => f.write_str(&self.code()),
        }
    }
}

impl Serialize for Year {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.code())
    }
}

impl<'de> Deserialize<'de> for Year {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let code = String::deserialize(from)?;
        Year::read(&code).ok_or_else(|| serde::de::Error::custom("not a code of a year group"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_write_is_read() {
        for (text, year) in [
            ("07", Year::Year(7)),
            (" Year 11 ", Year::Year(11)),
            ("Yr 3", Year::Year(3)),
            ("KG", Year::Reception),
            ("r", Year::Reception),
            ("PK", Year::Nursery),
            ("P4", Year::Primary(4)),
            ("s6", Year::Secondary(6)),
        ] {
            assert_eq!(Year::read(text), Some(year), "{text}");
        }
        for text in ["", "15", "7B", "P8", "seven", "1234", "é"] {
            assert_eq!(read(text), None, "{text}");
        }
        assert_eq!(read("UG"), Some(Code::Ungraded));
    }

    #[test]
    fn a_code_reads_back_equal() {
        let mut years = vec![Year::Nursery, Year::Reception];
        years.extend((1..=14).map(Year::Year));
        years.extend((1..=7).map(Year::Primary));
        years.extend((1..=6).map(Year::Secondary));
        for year in years {
            assert_eq!(Year::read(&year.code()), Some(year));
            assert_eq!(Year::read(&year.to_string()), Some(year));
        }
    }
}
