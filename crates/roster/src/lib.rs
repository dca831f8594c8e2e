//! School rosters read into checked rows: OneRoster 1.2 CSV, Microsoft School Data Sync v2.1 CSV, and any CSV or XLSX
//! whose columns a person has mapped. No I/O beyond the bytes that are handed in, no clock.
//!
//! A roster is all or errors: [`read`] gives a whole [`Roster`] in which every reference leads somewhere, or the
//! [`RosterErrors`] that say for each bad cell which file, row and column it stands in, what is wrong and how to mend it.
//!
//! ```
//! use roster::{Field, Files, Kind, Mapping, Source};
//!
//! let mut files = Files::new();
//! files.add("staff.csv", b"Staff ID,Forename,Surname,E-mail\n7,Ada,Okafor,ada@ash.example\n".to_vec())?;
//! let mut mapping = Mapping::guess(Kind::Staff, &roster::peek(&files, 0)?.headers);
//! mapping.school = Some("Ash Primary".to_owned());
//! assert_eq!(mapping.columns.get(&Field::Email).map(String::as_str), Some("E-mail"));
//! let roster = roster::read(&files, &Source::Mapped(mapping))?;
//! assert_eq!(roster.staff[0].given, "Ada");
//! # Ok::<(), roster::RosterErrors>(())
//! ```
//!
//! A roster never grants power: whoever it lists on the staff is staff, and what more their role there hints at is only
//! *suggested* ([`Post::suggested_role`]), for a person to give or not. Passwords in a roster are never taken over.

mod cells;
mod contract;
mod dates;
mod encoding;
mod error;
mod files;
mod headers;
mod mapped;
mod mapping;
mod one_roster;
mod people;
mod record;
mod role;
pub mod sample;
mod school_data_sync;
mod source;
mod table;
mod usual;
mod workbook;
mod write;
mod year;

pub use contract::Contract;
pub use dates::DateOrder;
pub use error::{RosterError, RosterErrors};
pub use files::Files;
pub use mapping::{Field, Kind, Mapping};
pub use record::{
    Guardian, Identifier, Note, Person, Post, Pupil, Record, Roster, School, SchoolKind,
};
pub use role::SuggestedRole;
pub use source::{Format, Peek, Source, detect, peek, read};
pub use write::write_one_roster;
pub use year::Year;
