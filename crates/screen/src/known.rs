//! What the school knows: its pupils, its people, its names. Findings refer to people by their place here.

use serde::{Deserialize, Serialize};

/// A pupil on the roll.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Pupil {
    /// The caller's identifier.
    pub id: String,
    /// Given names: the legal ones first, then those that the pupil is known by.
    pub given: Vec<String>,
    /// Family names: the legal one first, then those that the pupil is known by.
    pub family: Vec<String>,
    /// The year group: 0 for Reception, -1 for Nursery, 1 to 13.
    pub year: Option<i8>,
    /// Classes and tutor groups, as the school writes them: `4B`, `Oak`.
    pub classes: Vec<String>,
    /// Teams and clubs: `U13 netball`.
    pub teams: Vec<String>,
}

/// A member of staff.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Staff {
    /// The caller's identifier.
    pub id: String,
    /// Given names.
    pub given: Vec<String>,
    /// Family names.
    pub family: Vec<String>,
}

/// A school or the trust itself.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct School {
    /// The caller's identifier.
    pub id: String,
    /// The full name first, then what people call it.
    pub names: Vec<String>,
    /// Its domains: `oakfield.example.sch.uk`. Addresses there are no private ones.
    pub domains: Vec<String>,
    /// Its postal addresses, which are public.
    pub addresses: Vec<String>,
    /// Its telephone numbers, which are public.
    pub telephones: Vec<String>,
    /// Its genuine accounts' names, without `@`.
    pub handles: Vec<String>,
    /// Classes, beside those of its pupils.
    pub classes: Vec<String>,
    /// Teams and clubs, beside those of its pupils.
    pub teams: Vec<String>,
}

/// Everything that a draft is compared with.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Known {
    /// Pupils.
    pub pupils: Vec<Pupil>,
    /// Staff.
    pub staff: Vec<Staff>,
    /// Schools, and the trust.
    pub schools: Vec<School>,
}

/// A person of [`Known`], by place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Person {
    /// A place in [`Known::pupils`].
    Pupil(u32),
    /// A place in [`Known::staff`].
    Staff(u32),
}
