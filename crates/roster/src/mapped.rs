//! A list whose columns a person has mapped.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::cells::{Column, NotKnown, Row};
use crate::error::{Faults, RosterError, RosterErrors};
use crate::files::Files;
use crate::mapping::{Field, Kind, Mapping};
use crate::record::{Guardian, Note, Person, Post, Pupil, Roster};
use crate::role;
use crate::table::{Delimiter, Table};

/// Every file is a list of the same kind with the same columns (one a school, say).
pub(crate) fn read(files: &Files, mapping: &Mapping) -> Result<Roster, RosterErrors> {
    let mut faults = Faults::default();
    let mut list = List {
        mapping,
        roster: Roster::default(),
        seen: HashMap::new(),
        unknown_contracts: 0,
    };
    if files.all().is_empty() {
        faults.push(RosterError::of_file(
            "the import",
            "There is no file.",
            "Choose a CSV or XLSX file.",
        ));
    }
    for file in files.all() {
        match Table::open(file, Delimiter::Detected) {
            Ok(table) => list.read(table, &mut faults),
            Err(error) => faults.push(error),
        }
    }
    if list.unknown_contracts > 0 {
        list.roster.notes.push(Note {
            what: NotKnown::SAYS.to_owned(),
            rows: list.unknown_contracts,
        });
    }
    faults.or(list.roster)
}

struct List<'a> {
    mapping: &'a Mapping,
    roster: Roster,
    /// Where in the roster an id already stands.
    seen: HashMap<String, usize>,
    unknown_contracts: u32,
}

type Columns = BTreeMap<Field, Column>;

/// Given and family name.
type Names = (String, String);

impl List<'_> {
    fn read(&mut self, mut table: Table, faults: &mut Faults) {
        let Some(columns) = self.columns(&table, faults) else {
            return;
        };
        while let Some((number, cells)) = table.next(faults) {
            let row = Row {
                file: &table.file,
                number,
                cells: &cells,
                order: self.mapping.date_order,
            };
            match self.mapping.kind {
                Kind::Staff => self.person(&row, &columns, faults),
                Kind::Pupils => self.pupil(&row, &columns, faults),
                Kind::Parents => self.guardian(&row, &columns, faults),
            }
            if faults.full() {
                return;
            }
        }
    }

    /// Every field of the kind has a column, there or absent; none where the list cannot be read with this mapping.
    fn columns(&self, table: &Table, faults: &mut Faults) -> Option<Columns> {
        let mut columns = Columns::new();
        let mut fine = true;
        for field in self.mapping.kind.fields() {
            let Some(header) = self.mapping.columns.get(field) else {
                columns.insert(*field, Column::absent(field.label()));
                continue;
            };
            let mut found = table
                .headers
                .iter()
                .enumerate()
                .filter(|(_, h)| h.trim() == header.trim());
            match (found.next(), found.next()) {
                (Some((at, _)), None) => {
                    columns.insert(*field, Column::at(at, header));
                }
                (first, _) => {
                    let wrong = match first {
                        None => "This column is mapped and is not in the file.",
                        Some(_) => "There are two columns of this name.",
                    };
                    faults.push(about_header(table, header, wrong, "Map the columns again."));
                    fine = false;
                }
            }
        }
        let has = |field: Field| columns.get(&field).is_some_and(Column::is_there);
        let kind = self.mapping.kind;
        let named = has(Field::FullName) || has(Field::Family) || has(Field::Given);
        let placed = kind == Kind::Parents || has(Field::School) || self.mapping.school.is_some();
        let known = kind == Kind::Parents
            || has(Field::ExternalId)
            || (kind == Kind::Staff && has(Field::Email));
        let whole = fine;
        let lacks = [
            (
                named,
                Field::Family,
                "Choose the column that holds the name.",
            ),
            (
                placed,
                Field::School,
                "Choose the column that holds the school, or choose one school for the whole list.",
            ),
            (
                known,
                Field::ExternalId,
                "Choose the column that holds an id; for staff an e-mail address will do.",
            ),
            (
                kind != Kind::Parents || has(Field::Pupils),
                Field::Pupils,
                "Choose the column that says whose parent or carer each one is.",
            ),
        ];
        for (there, field, mend) in lacks {
            if !there && whole {
                faults.push(about_header(
                    table,
                    field.label(),
                    "No column is mapped to this.",
                    mend,
                ));
                fine = false;
            }
        }
        fine.then_some(columns)
    }

    fn person(&mut self, row: &Row<'_>, columns: &Columns, faults: &mut Faults) {
        let of = |field| column(columns, field);
        let names = names(row, columns, faults);
        let email = row.email(of(Field::Email), faults);
        // Without an id of the school's own, the address tells one person from another.
        let id = match (of(Field::ExternalId).is_there(), &email) {
            (true, _) => row.id(of(Field::ExternalId), faults),
            (false, Some(email)) => Some(email.to_lowercase()),
            (false, None) => row.need(of(Field::Email), faults).map(str::to_owned),
        };
        let (Some((given, family)), Some(external_id), Some(school)) =
            (names, id, self.school(row, columns, faults))
        else {
            return;
        };
        let title = row.get(of(Field::Role)).unwrap_or("staff");
        let post = Post {
            school,
            printed_role: title.to_owned(),
            suggested_role: role::suggested(title),
            begin: row.date(of(Field::Begin), faults),
            end: row.date(of(Field::End), faults),
        };
        if post.end < post.begin && post.end.is_some() {
            faults.push(row.fault(
                of(Field::End),
                "This person leaves before they begin.",
                "Correct one of the two days.",
            ));
        }
        let contract = row
            .contract(of(Field::Contract))
            .unwrap_or_else(|NotKnown| {
                self.unknown_contracts += 1;
                None
            });
        let person = Person {
            external_id,
            given,
            family,
            known_as: row.name(of(Field::KnownAs), faults),
            email,
            username: row.get(of(Field::Username)).map(str::to_owned),
            contract,
            posts: vec![post],
            enabled: true,
        };
        self.add_person(person, row, of(Field::ExternalId), faults);
    }

    /// Somebody who works at two schools, or in two posts, has two rows.
    fn add_person(&mut self, person: Person, row: &Row<'_>, id: &Column, faults: &mut Faults) {
        let earlier = self.seen.get(&person.external_id).copied();
        let Some(earlier) = earlier.and_then(|at| self.roster.staff.get_mut(at)) else {
            self.seen
                .insert(person.external_id.clone(), self.roster.staff.len());
            self.roster.staff.push(person);
            return;
        };
        if (&earlier.given, &earlier.family, &earlier.email)
            != (&person.given, &person.family, &person.email)
        {
            faults.push(row.fault(
                id,
                "An earlier row has this id with another name or address.",
                "Give each person an id of their own, or make the rows of one person agree.",
            ));
            return;
        }
        earlier.contract = earlier.contract.or(person.contract);
        for post in person.posts {
            if !earlier.posts.contains(&post) {
                earlier.posts.push(post);
            }
        }
    }

    fn pupil(&mut self, row: &Row<'_>, columns: &Columns, faults: &mut Faults) {
        let of = |field| column(columns, field);
        let id = row.id(of(Field::ExternalId), faults);
        let names = names(row, columns, faults);
        let (Some((given, family)), Some(external_id), Some(school)) =
            (names, id, self.school(row, columns, faults))
        else {
            return;
        };
        let pupil = Pupil {
            given,
            family,
            known_as: row.name(of(Field::KnownAs), faults),
            year: row.year(of(Field::Year), faults),
            class: row.get(of(Field::Class)).map(str::to_owned),
            born: row.date(of(Field::Born), faults),
            school,
            external_id,
        };
        let place = self.roster.pupils.len();
        if self.seen.insert(pupil.external_id.clone(), place).is_some() {
            faults.push(row.fault(
                of(Field::ExternalId),
                "This id stands in an earlier row too.",
                "Each pupil stands once in the list: remove one of the rows.",
            ));
        } else {
            self.roster.pupils.push(pupil);
        }
    }

    /// A parent of three has three rows, or one row with three ids.
    fn guardian(&mut self, row: &Row<'_>, columns: &Columns, faults: &mut Faults) {
        let of = |field| column(columns, field);
        let _ = row.need(of(Field::Pupils), faults);
        let pupils = row.ids(of(Field::Pupils), faults);
        let email = row.email(of(Field::Email), faults);
        let phone = row.phone(of(Field::Phone), faults);
        let Some((given, family)) = names(row, columns, faults) else {
            return;
        };
        let external_id = if of(Field::ExternalId).is_there() {
            row.id(of(Field::ExternalId), faults)
        } else {
            // Two parents share an address now and then, so the name is part of it.
            let how = email.as_deref().or(phone.as_deref()).unwrap_or_default();
            Some(
                format!("{given} {family} {how}")
                    .to_lowercase()
                    .trim()
                    .to_owned(),
            )
        };
        let Some(external_id) = external_id else {
            return;
        };
        let earlier = self.seen.get(&external_id).copied();
        let guardians = &mut self.roster.guardians;
        if let Some(earlier) = earlier.and_then(|at| guardians.get_mut(at)) {
            if (&earlier.given, &earlier.family) != (&given, &family) {
                faults.push(row.fault(
                    of(Field::ExternalId),
                    "An earlier row has this id with another name.",
                    "Give each parent or carer an id of their own.",
                ));
            }
            let all: BTreeSet<String> = earlier.pupils.drain(..).chain(pupils).collect();
            earlier.pupils = all.into_iter().collect();
            earlier.email = earlier.email.take().or(email);
            earlier.phone = earlier.phone.take().or(phone);
            return;
        }
        self.seen.insert(external_id.clone(), guardians.len());
        let pupils: BTreeSet<String> = pupils.into_iter().collect();
        guardians.push(Guardian {
            external_id,
            given,
            family,
            email,
            phone,
            pupils: pupils.into_iter().collect(),
        });
    }

    fn school(&self, row: &Row<'_>, columns: &Columns, faults: &mut Faults) -> Option<String> {
        let column = column(columns, Field::School);
        if let Some(school) = row.name(column, faults) {
            return Some(school);
        }
        match &self.mapping.school {
            Some(school) => Some(school.clone()),
            None => row.need(column, faults).map(str::to_owned),
        }
    }
}

fn about_header(table: &Table, header: &str, wrong: &str, mend: &str) -> RosterError {
    RosterError {
        row: Some(1),
        column: Some(header.to_owned()),
        ..RosterError::of_file(&table.file, wrong, mend)
    }
}

/// Fields that the kind does not have are absent everywhere.
fn column(columns: &Columns, field: Field) -> &Column {
    static NOWHERE: std::sync::LazyLock<Column> = std::sync::LazyLock::new(|| Column::absent(""));
    columns.get(&field).unwrap_or(&NOWHERE)
}

fn names(row: &Row<'_>, columns: &Columns, faults: &mut Faults) -> Option<Names> {
    let given = row.name(column(columns, Field::Given), faults);
    let family = row.name(column(columns, Field::Family), faults);
    if given.is_some() || family.is_some() {
        return Some((given.unwrap_or_default(), family.unwrap_or_default()));
    }
    let full = column(columns, Field::FullName);
    if full.is_there() {
        let _ = row.need(full, faults);
        return row.name(full, faults).map(|name| parted(&name));
    }
    let _ = row.need(column(columns, Field::Family), faults);
    None
}

/// `Okafor, Ada` and `Ada Okafor`; without a comma the last word is the family name.
fn parted(name: &str) -> Names {
    let (given, family) = match name.split_once(',') {
        Some((family, given)) => (given, family),
        None => name.rsplit_once(' ').unwrap_or(("", name)),
    };
    (given.trim().to_owned(), family.trim().to_owned())
}
