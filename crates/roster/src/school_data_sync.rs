//! Microsoft School Data Sync v2.1 CSV: file names and headers to the letter, as Microsoft takes them.

use crate::cells::Row;
use crate::dates::DateOrder;
use crate::error::{Faults, RosterError, RosterErrors};
use crate::files::Files;
use crate::headers::{Headers, Spelling};
use crate::one_roster::{in_order, known_role};
use crate::people::{Gathered, Role, User};
use crate::record::{Roster, School, SchoolKind};
use crate::role::Standing;
use crate::table::{Delimiter, Table};

pub(crate) fn read(files: &Files, order: DateOrder) -> Result<Roster, RosterErrors> {
    let mut reading = Reading {
        files,
        order,
        gathered: Gathered::default(),
        faults: Faults::default(),
    };
    let each = [
        Reading::orgs,
        Reading::users,
        Reading::roles,
        Reading::demographics,
        Reading::relationships,
    ];
    for step in each {
        if let Err(error) = step(&mut reading) {
            reading.faults.push(error);
        }
        if reading.faults.full() {
            break;
        }
    }
    reading.faults.or(reading.gathered.roster())
}

struct Reading<'a> {
    files: &'a Files,
    order: DateOrder,
    gathered: Gathered,
    faults: Faults,
}

impl Reading<'_> {
    fn table(&self, name: &str) -> Result<Option<Table>, RosterError> {
        if let Some(file) = self.files.named(name, true) {
            return Table::open(file, Delimiter::Comma).map(Some);
        }
        match self.files.named(name, false) {
            None => Ok(None),
            Some(other) => Err(RosterError::of_file(
                &other.name,
                format!("School Data Sync calls this file '{name}'."),
                "Name the file so, letter for letter.",
            )),
        }
    }

    fn must(&self, name: &str) -> Result<Table, RosterError> {
        self.table(name)?.ok_or_else(|| {
            RosterError::of_file(
                name,
                "This file is missing.",
                "School Data Sync needs orgs.csv, users.csv and roles.csv: export all three.",
            )
        })
    }

    fn orgs(&mut self) -> Result<(), RosterError> {
        let mut table = self.must("orgs.csv")?;
        let headers = Headers::of(&table, Spelling::Exact);
        let faults = &mut self.faults;
        let id = headers.need(&["sourcedId"], faults);
        let name = headers.need(&["name"], faults);
        let kind = headers.need(&["type"], faults);
        let parent = headers.maybe(&["parentSourcedId"], faults);
        let mut parents = Vec::new();
        while let Some((row, cells)) = table.next(faults) {
            let row = at(&table, self.order, row, &cells);
            let _ = row.need(&name, faults);
            let (Some(external_id), Some(name), Some(kind)) = (
                row.id(&id, faults),
                row.name(&name, faults),
                row.need(&kind, faults),
            ) else {
                continue;
            };
            let school = School {
                external_id,
                name,
                identifier: None,
                kind: match kind {
                    "school" | "college" | "campus" | "university" | "adultEducation" => {
                        SchoolKind::School
                    }
                    "department" | "division" | "program" | "researchCenter" => {
                        SchoolKind::Department
                    }
                    _ => SchoolKind::Trust,
                },
                parent: row.get(&parent).map(str::to_owned),
            };
            if school.parent.is_some() {
                parents.push((row.number, cells.clone()));
            }
            self.gathered.school(school, &row, &id, faults);
        }
        for (number, cells) in &parents {
            let row = at(&table, self.order, *number, cells);
            let _ = self.gathered.school_id(&row, &parent, faults);
        }
        Ok(())
    }

    fn users(&mut self) -> Result<(), RosterError> {
        let mut table = self.must("users.csv")?;
        let headers = Headers::of(&table, Spelling::Exact);
        let faults = &mut self.faults;
        let id = headers.need(&["sourcedId"], faults);
        let username = headers.need(&["username"], faults);
        let given = headers.need(&["givenName"], faults);
        let family = headers.need(&["familyName"], faults);
        let directory = headers.maybe(&["activeDirectoryMatchId"], faults);
        let email = headers.maybe(&["email"], faults);
        let phone = headers.maybe(&["phone"], faults);
        let sms = headers.maybe(&["sms"], faults);
        while let Some((row, cells)) = table.next(faults) {
            let row = at(&table, self.order, row, &cells);
            let Some(user_id) = row.id(&id, faults) else {
                continue;
            };
            let names = (row.name(&given, faults), row.name(&family, faults));
            if names == (None, None) {
                let _ = row.need(&family, faults);
                continue;
            }
            let username = row.need(&username, faults).map(str::to_owned);
            // Where there is no address of its own, the name in the directory is one as a rule.
            let address = row.email(&email, faults).or_else(|| {
                let directory = row.get(&directory).map(str::to_owned);
                let names = [directory, username.clone()];
                names.into_iter().flatten().find(|name| name.contains('@'))
            });
            let phone = row.phone(&phone, faults);
            let user = User {
                id: user_id,
                given: names.0.unwrap_or_default(),
                family: names.1.unwrap_or_default(),
                known_as: None,
                email: address,
                username,
                phone: phone.or_else(|| row.phone(&sms, faults)),
                enabled: true,
                contract: None,
                year: None,
                roles: Vec::new(),
            };
            self.gathered.user(user, &row, &id, faults);
        }
        Ok(())
    }

    fn roles(&mut self) -> Result<(), RosterError> {
        let mut table = self.must("roles.csv")?;
        let headers = Headers::of(&table, Spelling::Exact);
        let faults = &mut self.faults;
        let user = headers.need(&["userSourcedId"], faults);
        let org = headers.need(&["orgSourcedId"], faults);
        let role = headers.need(&["role"], faults);
        let grade = headers.maybe(&["grade"], faults);
        let primary = headers.maybe(&["isPrimary"], faults);
        let begin = headers.maybe(&["roleStartDate"], faults);
        let end = headers.maybe(&["roleEndDate"], faults);
        while let Some((row, cells)) = table.next(faults) {
            let row = at(&table, self.order, row, &cells);
            let (Some(user), Some(school), Some((printed, standing))) = (
                self.gathered.user_id(&row, &user, faults),
                self.gathered.school_id(&row, &org, faults),
                known_role(&row, &role, faults),
            ) else {
                continue;
            };
            let year = match standing {
                Standing::Pupil => row.year(&grade, faults),
                _ => None,
            };
            let role = Role {
                school,
                printed,
                standing,
                primary: row.yes(&primary, false, faults),
                begin: row.date(&begin, faults),
                end: row.date(&end, faults),
                year,
            };
            in_order(&role, &row, &end, faults);
            self.gathered.role(&user, role);
        }
        Ok(())
    }

    fn demographics(&mut self) -> Result<(), RosterError> {
        let Some(mut table) = self.table("demographics.csv")? else {
            return Ok(());
        };
        let headers = Headers::of(&table, Spelling::Exact);
        let faults = &mut self.faults;
        let user = headers.need(&["userSourcedId"], faults);
        let born = headers.maybe(&["birthDate"], faults);
        while let Some((row, cells)) = table.next(faults) {
            let row = at(&table, self.order, row, &cells);
            if let (Some(user), Some(day)) = (
                self.gathered.user_id(&row, &user, faults),
                row.date(&born, faults),
            ) {
                self.gathered.born(user, day);
            }
        }
        Ok(())
    }

    /// Who is a parent or carer of whom. They have no school, so no row in roles.csv: the tie makes them one.
    fn relationships(&mut self) -> Result<(), RosterError> {
        let Some(mut table) = self.table("relationships.csv")? else {
            return Ok(());
        };
        let headers = Headers::of(&table, Spelling::Exact);
        let faults = &mut self.faults;
        let pupil = headers.need(&["userSourcedId"], faults);
        let carer = headers.need(&["relationshipUserSourcedId"], faults);
        let role = headers.need(&["relationshipRole"], faults);
        while let Some((row, cells)) = table.next(faults) {
            let row = at(&table, self.order, row, &cells);
            let (Some(pupil), Some(carer), Some(printed)) = (
                self.gathered.user_id(&row, &pupil, faults),
                self.gathered.user_id(&row, &carer, faults),
                row.need(&role, faults),
            ) else {
                continue;
            };
            let role = Role {
                school: String::new(),
                printed: printed.to_owned(),
                standing: Standing::Guardian,
                primary: false,
                begin: None,
                end: None,
                year: None,
            };
            match printed.to_ascii_lowercase().as_str() {
                "parent" | "guardian" | "relative" => {
                    self.gathered.role(&carer, role);
                    self.gathered.tie(&pupil, &carer);
                }
                _ => self
                    .gathered
                    .note("A tie that is not that of a parent or carer."),
            }
        }
        Ok(())
    }
}

fn at<'a>(
    table: &'a Table,
    order: DateOrder,
    number: u32,
    cells: &'a csv::StringRecord,
) -> Row<'a> {
    Row {
        file: &table.file,
        number,
        cells,
        order,
    }
}
