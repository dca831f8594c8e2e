//! A roster written as OneRoster 1.2 CSV.

use std::collections::BTreeMap;

use csv::Writer;
use jiff::civil::Date;

use crate::contract::Contract;
use crate::record::{Guardian, Person, Pupil, Roster, SchoolKind};

/// The files of a full export, by name. Read back, they give the same roster, if its roles are words of the standard,
/// everybody on the staff has a post, and who is staff, pupil or parent at once has the same names there.
///
/// # Errors
/// None in practice: it writes to memory.
pub fn write_one_roster(roster: &Roster) -> Result<Vec<(&'static str, Vec<u8>)>, csv::Error> {
    let mut files = vec![
        ("manifest.csv", manifest()?),
        ("orgs.csv", orgs(roster)?),
        ("users.csv", users(roster)?),
        ("roles.csv", roles(roster)?),
        ("demographics.csv", demographics(roster)?),
    ];
    let (classes, enrollments) = classes(roster)?;
    files.push(("classes.csv", classes));
    files.push(("enrollments.csv", enrollments));
    Ok(files)
}

fn table(headers: &[&str]) -> Result<Writer<Vec<u8>>, csv::Error> {
    let mut table = Writer::from_writer(Vec::new());
    table.write_record(headers)?;
    Ok(table)
}

fn done(table: Writer<Vec<u8>>) -> Result<Vec<u8>, csv::Error> {
    table.into_inner().map_err(|e| e.into_error().into())
}

fn manifest() -> Result<Vec<u8>, csv::Error> {
    let mut to = table(&["propertyName", "value"])?;
    to.write_record(["manifest.version", "1.0"])?;
    to.write_record(["oneroster.version", "1.2"])?;
    for file in [
        "orgs",
        "users",
        "roles",
        "demographics",
        "classes",
        "enrollments",
    ] {
        to.write_record([&format!("file.{file}"), "bulk"])?;
    }
    done(to)
}

fn orgs(roster: &Roster) -> Result<Vec<u8>, csv::Error> {
    let mut to = table(&[
        "sourcedId",
        "status",
        "dateLastModified",
        "name",
        "type",
        "identifier",
        "parentSourcedId",
    ])?;
    for school in &roster.schools {
        let kind = match school.kind {
            SchoolKind::School => "school",
            SchoolKind::Trust => "district",
            SchoolKind::Department => "department",
        };
        let number = school.identifier.as_ref().map_or("", |i| i.number());
        let parent = school.parent.as_deref().unwrap_or_default();
        to.write_record([
            &school.external_id,
            "",
            "",
            &school.name,
            kind,
            number,
            parent,
        ])?;
    }
    done(to)
}

/// One row of users.csv, gathered from everything that somebody is.
#[derive(Default)]
struct User<'a> {
    enabled: bool,
    names: (&'a str, &'a str, &'a str),
    email: &'a str,
    username: &'a str,
    phone: &'a str,
    contract: &'a str,
    grade: String,
    agents: String,
}

fn users(roster: &Roster) -> Result<Vec<u8>, csv::Error> {
    let mut to = table(&[
        "sourcedId",
        "status",
        "dateLastModified",
        "enabledUser",
        "username",
        "userIds",
        "givenName",
        "familyName",
        "middleName",
        "identifier",
        "email",
        "sms",
        "phone",
        "agentSourcedIds",
        "grades",
        "password",
        "preferredGivenName",
        "primaryOrgSourcedId",
        "metadata.contractType",
    ])?;
    let mut order: Vec<&str> = Vec::new();
    let mut users: BTreeMap<&str, User<'_>> = BTreeMap::new();
    let mut add = |id, user| {
        if users.insert(id, user).is_none() {
            order.push(id);
        }
    };
    for person in &roster.staff {
        add(person.external_id.as_str(), of_person(person));
    }
    for pupil in &roster.pupils {
        add(pupil.external_id.as_str(), of_pupil(pupil));
    }
    for guardian in &roster.guardians {
        add(guardian.external_id.as_str(), of_guardian(guardian));
    }
    for person in &roster.staff {
        // A parent on the staff is one user: what only the staff row has is put back.
        if let Some(user) = users.get_mut(person.external_id.as_str()) {
            user.enabled = person.enabled;
            user.contract = person.contract.map_or("", Contract::name);
            user.username = person.username.as_deref().unwrap_or_default();
            user.names.2 = person.known_as.as_deref().unwrap_or_default();
        }
    }
    for id in order {
        let Some(user) = users.get(id) else { continue };
        let (given, family, known_as) = user.names;
        let enabled = if user.enabled { "true" } else { "false" };
        to.write_record([
            id,
            "",
            "",
            enabled,
            user.username,
            "",
            given,
            family,
            "",
            "",
            user.email,
            "",
            user.phone,
            &user.agents,
            &user.grade,
            "",
            known_as,
            "",
            user.contract,
        ])?;
    }
    done(to)
}

fn of_person(person: &Person) -> User<'_> {
    User {
        enabled: person.enabled,
        names: (
            &person.given,
            &person.family,
            person.known_as.as_deref().unwrap_or_default(),
        ),
        email: person.email.as_deref().unwrap_or_default(),
        username: person.username.as_deref().unwrap_or_default(),
        ..User::default()
    }
}

fn of_pupil(pupil: &Pupil) -> User<'_> {
    User {
        enabled: true,
        names: (
            &pupil.given,
            &pupil.family,
            pupil.known_as.as_deref().unwrap_or_default(),
        ),
        grade: pupil.year.map(|year| year.code()).unwrap_or_default(),
        ..User::default()
    }
}

fn of_guardian(guardian: &Guardian) -> User<'_> {
    User {
        enabled: true,
        names: (&guardian.given, &guardian.family, ""),
        email: guardian.email.as_deref().unwrap_or_default(),
        phone: guardian.phone.as_deref().unwrap_or_default(),
        agents: guardian.pupils.join(","),
        ..User::default()
    }
}

fn roles(roster: &Roster) -> Result<Vec<u8>, csv::Error> {
    let mut to = table(&[
        "sourcedId",
        "status",
        "dateLastModified",
        "userSourcedId",
        "roleType",
        "role",
        "beginDate",
        "endDate",
        "orgSourcedId",
        "userProfileSourcedId",
    ])?;
    let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
    let mut number = 0_usize;
    let mut write =
        |user: &str, kind: &str, role: &str, begin: String, end: String, school: &str| {
            number += 1;
            let id = format!("role-{number}");
            to.write_record([
                id.as_str(),
                "",
                "",
                user,
                kind,
                role,
                &begin,
                &end,
                school,
                "",
            ])
        };
    for person in &roster.staff {
        for (at, post) in person.posts.iter().enumerate() {
            let kind = if at == 0 { "primary" } else { "secondary" };
            let (begin, end) = (day(post.begin), day(post.end));
            write(
                &person.external_id,
                kind,
                &post.printed_role,
                begin,
                end,
                &post.school,
            )?;
        }
    }
    let nowhere = String::new;
    for pupil in &roster.pupils {
        write(
            &pupil.external_id,
            "primary",
            "student",
            nowhere(),
            nowhere(),
            &pupil.school,
        )?;
    }
    // The standard wants an organisation for a parent too: the school of a child, else the first there is.
    let school_of: BTreeMap<&str, &str> = roster
        .pupils
        .iter()
        .map(|p| (p.external_id.as_str(), p.school.as_str()))
        .collect();
    let first = roster
        .schools
        .first()
        .map_or("", |school| school.external_id.as_str());
    for guardian in &roster.guardians {
        let child = guardian
            .pupils
            .first()
            .and_then(|pupil| school_of.get(pupil.as_str()));
        let school = child.copied().unwrap_or(first);
        write(
            &guardian.external_id,
            "secondary",
            "parent",
            nowhere(),
            nowhere(),
            school,
        )?;
    }
    done(to)
}

fn demographics(roster: &Roster) -> Result<Vec<u8>, csv::Error> {
    let mut to = table(&["sourcedId", "status", "dateLastModified", "birthDate"])?;
    for pupil in &roster.pupils {
        if let Some(born) = pupil.born {
            to.write_record([&pupil.external_id, "", "", &born.to_string()])?;
        }
    }
    done(to)
}

/// Forms only, as classes of the kind 'homeroom'.
fn classes(roster: &Roster) -> Result<(Vec<u8>, Vec<u8>), csv::Error> {
    let mut classes = table(&[
        "sourcedId",
        "status",
        "dateLastModified",
        "title",
        "grades",
        "courseSourcedId",
        "classCode",
        "classType",
        "location",
        "schoolSourcedId",
        "termSourcedIds",
    ])?;
    let mut enrollments = table(&[
        "sourcedId",
        "status",
        "dateLastModified",
        "classSourcedId",
        "schoolSourcedId",
        "userSourcedId",
        "role",
    ])?;
    let mut known: BTreeMap<(&str, &str), String> = BTreeMap::new();
    for (at, pupil) in roster.pupils.iter().enumerate() {
        let Some(class) = &pupil.class else { continue };
        let next = format!("class-{}", known.len() + 1);
        let id = known
            .entry((&pupil.school, class))
            .or_insert_with(|| next.clone());
        if *id == next {
            classes.write_record([
                id,
                "",
                "",
                class,
                "",
                "",
                "",
                "homeroom",
                "",
                &pupil.school,
                "",
            ])?;
        }
        let enrollment = format!("enrollment-{}", at + 1);
        enrollments.write_record([
            &enrollment,
            "",
            "",
            id,
            &pupil.school,
            &pupil.external_id,
            "student",
        ])?;
    }
    Ok((done(classes)?, done(enrollments)?))
}
