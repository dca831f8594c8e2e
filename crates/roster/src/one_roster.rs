//! OneRoster 1.2 CSV, full ("bulk") exports; 1.1, where roles stand in users.csv, is read as well.

use std::collections::HashMap;

use crate::cells::{Column, NotKnown, Row, squeezed};
use crate::dates::DateOrder;
use crate::error::{Faults, RosterError, RosterErrors};
use crate::files::Files;
use crate::headers::{Headers, Spelling};
use crate::people::{Gathered, Role, User};
use crate::record::{Identifier, Roster, School, SchoolKind};
use crate::role::{self, Standing};
use crate::table::{Delimiter, Table};

const DELETED: &str = "A row that the export marks as deleted.";

pub(crate) fn read(files: &Files) -> Result<Roster, RosterErrors> {
    let mut reading = Reading {
        files,
        gathered: Gathered::default(),
        faults: Faults::default(),
    };
    let each = [
        Reading::manifest,
        Reading::orgs,
        Reading::users,
        Reading::roles,
        Reading::demographics,
        Reading::classes,
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
    gathered: Gathered,
    faults: Faults,
}

/// What users.csv of version 1.1 has in place of roles.csv.
struct InUsers {
    role: Column,
    orgs: Column,
}

impl Reading<'_> {
    fn table(&self, name: &str) -> Result<Option<Table>, RosterError> {
        let file = self.files.named(name, false);
        file.map(|file| Table::open(file, Delimiter::Detected))
            .transpose()
    }

    fn must(&self, name: &str) -> Result<Table, RosterError> {
        self.table(name)?.ok_or_else(|| {
            RosterError::of_file(
                name,
                "This file is missing.",
                "OneRoster needs orgs.csv, users.csv and roles.csv: export all three.",
            )
        })
    }

    /// A delta lists changes only, and what it leaves out would look like people who have left.
    fn manifest(&mut self) -> Result<(), RosterError> {
        let Some(mut table) = self.table("manifest.csv")? else {
            return Ok(());
        };
        let mut notes = Faults::default();
        while let Some((number, cells)) = table.next(&mut notes) {
            let property = cells.get(0).map(squeezed).unwrap_or_default();
            let value = cells.get(1).map(squeezed).unwrap_or_default();
            let needed = ["fileorgs", "fileusers", "fileroles"].contains(&property.as_str());
            if needed && value == "delta" {
                return Err(RosterError {
                    row: Some(number),
                    ..RosterError::of_file(
                        &table.file,
                        "This export holds only what has changed (delta).",
                        "Choose a full export (bulk).",
                    )
                });
            }
        }
        Ok(())
    }

    fn orgs(&mut self) -> Result<(), RosterError> {
        let mut table = self.must("orgs.csv")?;
        let headers = Headers::of(&table, Spelling::Tolerant);
        let faults = &mut self.faults;
        let id = headers.need(&["sourcedId", "id", "orgSourcedId"], faults);
        let status = headers.maybe(&["status"], faults);
        let name = headers.need(&["name", "orgName"], faults);
        let kind = headers.need(&["type", "orgType"], faults);
        let number = headers.maybe(&["identifier", "urn"], faults);
        let parent = headers.maybe(&["parentSourcedId", "parentId"], faults);
        let mut parents = Vec::new();
        while let Some((row, cells)) = table.next(faults) {
            let row = at(&table, row, &cells);
            let Some(external_id) = row.id(&id, faults) else {
                continue;
            };
            if is_deleted(&row, &status) {
                self.gathered.note(DELETED);
                continue;
            }
            let kind = match row.need(&kind, faults).map(squeezed).as_deref() {
                Some("school") => SchoolKind::School,
                Some("department") => SchoolKind::Department,
                Some("district" | "local" | "state" | "national") => SchoolKind::Trust,
                Some(_) => {
                    faults.push(row.fault(
                        &kind,
                        "This is not a type of organisation in OneRoster.",
                        "Write school, district, local, state, national or department.",
                    ));
                    continue;
                }
                None => continue,
            };
            let _ = row.need(&name, faults);
            let Some(name) = row.name(&name, faults) else {
                continue;
            };
            let school = School {
                external_id,
                name,
                identifier: row.get(&number).and_then(Identifier::new),
                kind,
                parent: row.get(&parent).map(str::to_owned),
            };
            if school.parent.is_some() {
                parents.push((row.number, cells.clone()));
            }
            self.gathered.school(school, &row, &id, faults);
        }
        for (number, cells) in &parents {
            let row = at(&table, *number, cells);
            let _ = self.gathered.school_id(&row, &parent, faults);
        }
        Ok(())
    }

    fn users(&mut self) -> Result<(), RosterError> {
        let mut table = self.must("users.csv")?;
        let headers = Headers::of(&table, Spelling::Tolerant);
        let faults = &mut self.faults;
        let id = headers.need(&["sourcedId", "id", "userSourcedId"], faults);
        let status = headers.maybe(&["status"], faults);
        let enabled = headers.maybe(&["enabledUser", "enabled"], faults);
        let username = headers.maybe(&["username", "userLogin"], faults);
        let given = headers.need(&["givenName", "firstName", "forename"], faults);
        let family = headers.need(&["familyName", "lastName", "surname"], faults);
        let known_as = headers.maybe(
            &[
                "preferredGivenName",
                "preferredFirstName",
                "preferredName",
                "knownAs",
            ],
            faults,
        );
        let email = headers.maybe(&["email", "emailAddress"], faults);
        let phone = headers.maybe(&["phone", "telephone"], faults);
        let sms = headers.maybe(&["sms", "mobile"], faults);
        let grades = headers.maybe(&["grades", "grade"], faults);
        // The standard knows no contracts; what a school adds to it stands under 'metadata.'.
        let contract = headers.maybe(
            &[
                "metadata.contractType",
                "metadata.employmentType",
                "metadata.contract",
                "contractType",
            ],
            faults,
        );
        let agents = headers.maybe(&["agentSourcedIds", "agents"], faults);
        let old = InUsers {
            role: headers.maybe(&["role"], faults),
            orgs: headers.maybe(&["orgSourcedIds", "orgSourcedId"], faults),
        };
        let roles_here = self.files.named("roles.csv", false).is_none();
        while let Some((row, cells)) = table.next(faults) {
            let row = at(&table, row, &cells);
            let Some(user_id) = row.id(&id, faults) else {
                continue;
            };
            if is_deleted(&row, &status) {
                self.gathered.pass(user_id, DELETED);
                continue;
            }
            let names = (row.name(&given, faults), row.name(&family, faults));
            if names == (None, None) {
                let _ = row.need(&family, faults);
                continue;
            }
            for agent in row.ids(&agents, faults) {
                self.gathered.tie(&user_id, &agent);
            }
            let phone = row.phone(&phone, faults);
            let contract = row.contract(&contract).unwrap_or_else(|NotKnown| {
                self.gathered.note(NotKnown::SAYS);
                None
            });
            let user = User {
                given: names.0.unwrap_or_default(),
                family: names.1.unwrap_or_default(),
                known_as: row.name(&known_as, faults),
                email: row.email(&email, faults),
                username: row.get(&username).map(str::to_owned),
                phone: phone.or_else(|| row.phone(&sms, faults)),
                enabled: row.yes(&enabled, true, faults),
                contract,
                year: first_grade(&row, &grades, faults),
                roles: Vec::new(),
                id: user_id.clone(),
            };
            self.gathered.user(user, &row, &id, faults);
            if roles_here && old.role.is_there() {
                roles_in_users(&mut self.gathered, &row, &user_id, &old, faults);
            }
        }
        Ok(())
    }

    fn roles(&mut self) -> Result<(), RosterError> {
        let Some(mut table) = self.table("roles.csv")? else {
            let users = self.must("users.csv")?;
            let old = Headers::of(&users, Spelling::Tolerant).maybe(&["role"], &mut self.faults);
            return if old.is_there() {
                Ok(())
            } else {
                self.must("roles.csv").map(drop)
            };
        };
        let headers = Headers::of(&table, Spelling::Tolerant);
        let faults = &mut self.faults;
        let status = headers.maybe(&["status"], faults);
        let user = headers.need(&["userSourcedId", "userId"], faults);
        let kind = headers.maybe(&["roleType"], faults);
        let role = headers.need(&["role"], faults);
        let begin = headers.maybe(&["beginDate", "startDate", "roleStartDate"], faults);
        let end = headers.maybe(&["endDate", "roleEndDate"], faults);
        let org = headers.need(&["orgSourcedId", "schoolSourcedId", "orgId"], faults);
        while let Some((row, cells)) = table.next(faults) {
            let row = at(&table, row, &cells);
            if is_deleted(&row, &status) {
                self.gathered.note(DELETED);
                continue;
            }
            let (Some(user), Some(school), Some((printed, standing))) = (
                self.gathered.user_id(&row, &user, faults),
                self.gathered.school_id(&row, &org, faults),
                known_role(&row, &role, faults),
            ) else {
                continue;
            };
            let role = Role {
                school,
                printed,
                standing,
                primary: row
                    .get(&kind)
                    .is_some_and(|kind| squeezed(kind) == "primary"),
                begin: row.date(&begin, faults),
                end: row.date(&end, faults),
                year: None,
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
        let headers = Headers::of(&table, Spelling::Tolerant);
        let faults = &mut self.faults;
        let user = headers.need(&["sourcedId", "userSourcedId"], faults);
        let born = headers.maybe(&["birthDate", "birthdate", "dateOfBirth"], faults);
        while let Some((row, cells)) = table.next(faults) {
            let row = at(&table, row, &cells);
            if let (Some(user), Some(day)) = (
                self.gathered.user_id(&row, &user, faults),
                row.date(&born, faults),
            ) {
                self.gathered.born(user, day);
            }
        }
        Ok(())
    }

    /// The form a pupil is registered in: a class of the kind 'homeroom'. Other classes are none of a policy's concern.
    fn classes(&mut self) -> Result<(), RosterError> {
        let (Some(mut table), Some(mut enrolled)) =
            (self.table("classes.csv")?, self.table("enrollments.csv")?)
        else {
            return Ok(());
        };
        let mut unheeded = Faults::default();
        let headers = Headers::of(&table, Spelling::Tolerant);
        let id = headers.maybe(&["sourcedId"], &mut unheeded);
        let title = headers.maybe(&["title", "className"], &mut unheeded);
        let kind = headers.maybe(&["classType", "type"], &mut unheeded);
        let mut forms: HashMap<String, String> = HashMap::new();
        while let Some((row, cells)) = table.next(&mut self.faults) {
            let row = at(&table, row, &cells);
            if row.get(&kind).map(squeezed).as_deref() == Some("homeroom")
                && let (Some(id), Some(title)) = (row.get(&id), row.get(&title))
            {
                forms.insert(id.to_owned(), title.to_owned());
            }
        }
        let headers = Headers::of(&enrolled, Spelling::Tolerant);
        let class = headers.maybe(&["classSourcedId"], &mut unheeded);
        let user = headers.maybe(&["userSourcedId"], &mut unheeded);
        while let Some((row, cells)) = enrolled.next(&mut self.faults) {
            let row = at(&enrolled, row, &cells);
            if let (Some(user), Some(form)) = (
                row.get(&user),
                row.get(&class).and_then(|class| forms.get(class)),
            ) {
                self.gathered.class(user.to_owned(), form.clone());
            }
        }
        Ok(())
    }
}

fn at<'a>(table: &'a Table, number: u32, cells: &'a csv::StringRecord) -> Row<'a> {
    Row {
        file: &table.file,
        number,
        cells,
        // The standard has ISO days; where a spreadsheet was in between, it was one of this country.
        order: DateOrder::DayFirst,
    }
}

fn is_deleted(row: &Row<'_>, status: &Column) -> bool {
    row.get(status).map(squeezed).as_deref() == Some("tobedeleted")
}

fn first_grade(row: &Row<'_>, grades: &Column, faults: &mut Faults) -> Option<crate::year::Year> {
    let cell = row.get(grades)?;
    let several = cell.contains([',', ';', '|']);
    if !several {
        return row.year(grades, faults);
    }
    cell.split([',', ';', '|'])
        .find_map(crate::year::Year::read)
}

/// What the role is, or a fault.
pub(crate) fn known_role(
    row: &Row<'_>,
    column: &Column,
    faults: &mut Faults,
) -> Option<(String, Standing)> {
    let printed = row.need(column, faults)?;
    let standing = role::standing(printed);
    if standing.is_none() {
        faults.push(row.fault(
            column,
            "This is not a role of the standard.",
            "Write teacher, aide, principal, siteAdministrator, student, parent, guardian or another role of the standard.",
        ));
    }
    standing.map(|standing| (printed.to_owned(), standing))
}

/// A role that ends before it begins is a slip.
pub(crate) fn in_order(role: &Role, row: &Row<'_>, end: &Column, faults: &mut Faults) {
    if let (Some(first), Some(last)) = (role.begin, role.end)
        && last < first
    {
        faults.push(row.fault(
            end,
            "This role ends before it begins.",
            "Correct one of the two days.",
        ));
    }
}

fn roles_in_users(
    gathered: &mut Gathered,
    row: &Row<'_>,
    user: &str,
    old: &InUsers,
    faults: &mut Faults,
) {
    let Some((printed, standing)) = known_role(row, &old.role, faults) else {
        return;
    };
    for (at, school) in row.ids(&old.orgs, faults).into_iter().enumerate() {
        if !gathered.has_school(&school) {
            faults.push(row.fault(
                &old.orgs,
                format!("There is no organisation '{school}' in orgs.csv."),
                "Export orgs.csv again together with this file.",
            ));
            continue;
        }
        let role = Role {
            school,
            printed: printed.clone(),
            standing,
            primary: at == 0,
            begin: None,
            end: None,
            year: None,
        };
        gathered.role(user, role);
    }
}
