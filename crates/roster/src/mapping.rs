//! Which column of a school's own list is what: guessed from the headers, corrected by a person, remembered.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::cells::squeezed;
use crate::dates::DateOrder;
use crate::usual::usual;

/// How alike a header and a usual name must be to be taken for it (Jaro-Winkler, 1 = equal).
const ALIKE: f64 = 0.9;

/// Whom a list is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Staff.
    Staff,
    /// Pupils.
    Pupils,
    /// Parents and carers.
    Parents,
}

/// What a column can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Field {
    /// The person's own id: staff code, admission number.
    ExternalId,
    /// Given name.
    Given,
    /// Family name.
    Family,
    /// Both names in one cell: `Okafor, Ada` or `Ada Okafor`.
    FullName,
    /// The given name they go by.
    KnownAs,
    /// E-mail address.
    Email,
    /// User name.
    Username,
    /// Telephone number.
    Phone,
    /// Role or job title.
    Role,
    /// On what terms they work.
    Contract,
    /// School: name, URN or DfE number.
    School,
    /// First day.
    Begin,
    /// Last day.
    End,
    /// Year group.
    Year,
    /// Class or form.
    Class,
    /// Date of birth.
    Born,
    /// The ids of the pupils whom a parent or carer is responsible for.
    Pupils,
}

/// How to read a list whose columns are a school's own. Remembered as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mapping {
    /// Whom the list is of.
    pub kind: Kind,
    /// The header under which a field stands, letter for letter as in the file.
    pub columns: BTreeMap<Field, String>,
    /// How days with strokes are written.
    #[serde(default)]
    pub date_order: DateOrder,
    /// The school of every row that names none: as [`Field::School`] would name it.
    #[serde(default)]
    pub school: Option<String>,
}

impl Kind {
    /// The fields that a list of this kind can have, in the order in which a person is asked for them.
    #[must_use]
    pub fn fields(self) -> &'static [Field] {
        match self {
            Kind::Staff => &[
                Field::ExternalId,
                Field::Given,
                Field::Family,
                Field::FullName,
                Field::KnownAs,
                Field::Email,
                Field::Username,
                Field::Role,
                Field::Contract,
                Field::School,
                Field::Begin,
                Field::End,
            ],
            Kind::Pupils => &[
                Field::ExternalId,
                Field::Given,
                Field::Family,
                Field::FullName,
                Field::KnownAs,
                Field::Year,
                Field::Class,
                Field::Born,
                Field::School,
            ],
            Kind::Parents => &[
                Field::ExternalId,
                Field::Given,
                Field::Family,
                Field::FullName,
                Field::Email,
                Field::Phone,
                Field::Pupils,
            ],
        }
    }

    /// Whom a list with these headers is most likely of.
    #[must_use]
    pub fn guess(headers: &[String]) -> Kind {
        let headers: Vec<String> = headers.iter().map(|h| squeezed(h)).collect();
        let any = |names: &[&str]| {
            headers
                .iter()
                .any(|h| names.iter().any(|name| h.contains(name)))
        };
        if any(&["parent", "guardian", "carer", "contact", "relationship"]) {
            Kind::Parents
        } else if any(&[
            "upn",
            "admission",
            "dateofbirth",
            "dob",
            "yeargroup",
            "pupil",
            "student",
            "reggroup",
            "tutorgroup",
            "formgroup",
        ]) {
            Kind::Pupils
        } else {
            Kind::Staff
        }
    }
}

impl Field {
    /// What the field is called on screen.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Field::ExternalId => "Id",
            Field::Given => "Given name",
            Field::Family => "Family name",
            Field::FullName => "Full name",
            Field::KnownAs => "Known as",
            Field::Email => "E-mail address",
            Field::Username => "User name",
            Field::Phone => "Telephone number",
            Field::Role => "Role or job title",
            Field::Contract => "Contract type",
            Field::School => "School",
            Field::Begin => "First day",
            Field::End => "Last day",
            Field::Year => "Year group",
            Field::Class => "Class or form",
            Field::Born => "Date of birth",
            Field::Pupils => "Pupils' ids",
        }
    }
}

impl Mapping {
    /// What the columns most likely are: by equal names first, then by alike ones; a column is one field only. A full
    /// name is left aside where given and family name have columns of their own.
    #[must_use]
    pub fn guess(kind: Kind, headers: &[String]) -> Mapping {
        let plain: Vec<String> = headers.iter().map(|h| squeezed(h)).collect();
        let mut columns = BTreeMap::new();
        let mut taken = BTreeSet::new();
        let mut take = |field: Field, at: usize, header: &String| {
            if !columns.contains_key(&field) && taken.insert(at) {
                columns.insert(field, header.clone());
            }
        };
        for field in kind.fields() {
            for name in usual(*field, kind) {
                if let Some(at) = plain.iter().position(|h| h == name)
                    && let Some(header) = headers.get(at)
                {
                    take(*field, at, header);
                }
            }
        }
        for field in kind.fields() {
            let mut best: Option<(f64, usize)> = None;
            for (at, header) in plain.iter().enumerate() {
                let long = usual(*field, kind).iter().filter(|name| name.len() > 4);
                let alike = long
                    .map(|name| strsim::jaro_winkler(header, name))
                    .fold(0.0, f64::max);
                if alike >= ALIKE && best.is_none_or(|(other, _)| alike > other) {
                    best = Some((alike, at));
                }
            }
            if let Some((_, at)) = best
                && let Some(header) = headers.get(at)
            {
                take(*field, at, header);
            }
        }
        let mapping = Mapping {
            kind,
            columns,
            date_order: DateOrder::default(),
            school: None,
        };
        mapping.without_needless_full_name()
    }

    /// This mapping for another list, with `headers`; `before` are those of the list that it was made for. What was
    /// said of a column stands, that it is nothing as well; columns that are new are guessed.
    #[must_use]
    pub fn carried_to(mut self, before: &[String], headers: &[String]) -> Mapping {
        self.columns.retain(|_, header| headers.contains(header));
        let new: Vec<String> = headers
            .iter()
            .filter(|header| !before.contains(header))
            .filter(|header| !self.columns.values().any(|taken| taken == *header))
            .cloned()
            .collect();
        for (field, header) in Mapping::guess(self.kind, &new).columns {
            self.columns.entry(field).or_insert(header);
        }
        self.without_needless_full_name()
    }

    fn without_needless_full_name(mut self) -> Mapping {
        if self.columns.contains_key(&Field::Given) && self.columns.contains_key(&Field::Family) {
            self.columns.remove(&Field::FullName);
        }
        self
    }
}
