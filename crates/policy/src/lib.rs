//! Social media policies as data: decide, ask, explain, compare, check and import them. No I/O.

pub mod answer;
pub mod ask;
pub mod compare;
pub mod coverage;
pub mod cube;
pub mod decision;
pub mod explain;
pub mod fields;
pub mod import;
pub mod language;
pub mod law;
pub mod library;
pub mod lint;
pub mod matching;
pub mod platforms;
pub mod policy_file;
pub mod possible;
pub mod quiz;
pub mod situation;
pub mod source;
pub mod space;
pub mod table;
pub mod vocabulary;
mod when;
pub mod words;
