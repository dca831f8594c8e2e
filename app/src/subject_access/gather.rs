//! Gathering all that is held about one person.

use policy::words::capitalised;

use super::item::{Content, Gathered, Part, Source};
use super::others::Roll;
use super::rows;
use super::whom::{Who, Whom};
use super::{AccessError, item::Exemption};
use crate::attachments::{Attachments, Owner};
use crate::cases::{self, CaseId, Concerning, Engine};
use crate::consent;
use crate::ledger::open_content;
use crate::messages;
use crate::people;
use crate::pupils;
use crate::retention;
use crate::schools;
use crate::store::{PersonId, Query, Reader, Store, TrustId};
use crate::values;
use crate::web::dates::{day, moment};

/// So many cases are looked at in one go.
const AT_ONCE: u32 = 200;
/// So many events make one item.
const EVENTS: usize = 100;

/// What gathering works with.
pub(super) struct With<'w> {
    pub(super) store: &'w Store,
    pub(super) trust: &'w TrustId,
    pub(super) engine: &'w Engine,
    pub(super) attachments: &'w Attachments,
}

/// Everything that is held about somebody; and the cases among it. The request itself is left out: they wrote it.
pub(super) async fn everything(
    with: &With<'_>,
    whom: &Whom,
    request: &CaseId,
) -> Result<(Vec<Gathered>, Vec<Concerning>), AccessError> {
    let mut reader = with.store.read(with.trust);
    let roll = Roll::read(&mut reader, whom).await?;
    let mut gathered = Vec::new();
    let mut add = |source, content, known: &[String]| {
        gathered.push(Gathered {
            source,
            of_case: None,
            content: roll.marked(content, known),
        });
    };
    match &whom.who {
        Who::Person(id) => {
            for content in person(&mut reader, id).await? {
                add(Source::Record, content, &[]);
            }
            for (source, content) in rows::of(&mut reader, with.store, id).await? {
                add(source, content, &[]);
            }
        }
        Who::Pupil(id) => {
            let found = pupils::find(&mut reader, with.store, with.trust, id).await?;
            if let Some(pupil) = found {
                let (content, carers) = of_pupil(&mut reader, &pupil).await?;
                add(Source::Record, content, &carers);
                for (title, parts) in
                    consent::told_of_pupil(&mut reader, (with.store, with.trust), id).await?
                {
                    add(Source::Record, said_about_pictures(title, parts), &[]);
                }
            }
        }
        Who::Guardian(id) => {
            let found = pupils::find_guardian(&mut reader, with.store, with.trust, id).await?;
            if let Some(guardian) = found {
                let (content, pupils) = of_guardian(&mut reader, &guardian).await?;
                add(Source::Record, content, &pupils);
                for (title, parts) in
                    consent::told_of_guardian(&mut reader, (with.store, with.trust), id).await?
                {
                    add(Source::Record, said_about_pictures(title, parts), &[]);
                }
            }
        }
        Who::Named => {}
    }
    for content in events(&mut reader, with, whom).await? {
        add(Source::Events, content, &[]);
    }
    if let Who::Person(id) = &whom.who {
        gathered.extend(told(&mut reader, with, id, &roll).await?);
    }
    let cases = concerning(&mut reader, with, whom, request).await?;
    for case in &cases {
        gathered.extend(of_case(&mut reader, with, case, &roll).await?);
    }
    Ok((gathered, cases))
}

async fn concerning(
    reader: &mut Reader,
    with: &With<'_>,
    whom: &Whom,
    request: &CaseId,
) -> Result<Vec<Concerning>, AccessError> {
    let names = whom.names();
    let sought = cases::Whom {
        id: whom.id(),
        names: &names,
    };
    let (mut all, mut after) = (Vec::new(), String::new());
    loop {
        let of = (with.store, with.trust, with.engine);
        let (found, last) = cases::concerning(reader, of, sought, &after, AT_ONCE).await?;
        all.extend(found.into_iter().filter(|case| case.id != *request));
        match last {
            Some(last) => after = last.to_string(),
            None => return Ok(all),
        }
    }
}

/// A case and its files. One that is kept from its subject is proposed to be withheld.
async fn of_case(
    reader: &mut Reader,
    with: &With<'_>,
    case: &Concerning,
    roll: &Roll,
) -> Result<Vec<Gathered>, AccessError> {
    let withhold = case.kept.then_some(Exemption::Protecting);
    let mut parts: Vec<Part> = Vec::new();
    if case.filed {
        parts.push(Part::new("Personnel file", "On a personnel file"));
    }
    for reason in retention::held_because(reader, &case.id).await? {
        parts.push(Part::new("Held back from being erased", reason));
    }
    let told = case.told.iter();
    parts.extend(told.map(|told| Part::new(&told.label, &told.text)));
    let known: Vec<String> = case
        .told
        .iter()
        .flat_map(|told| told.people.clone())
        .collect();
    let title = format!("{} {}", case.reference, case.says);
    let mut content = roll.marked(Content::of(title, parts), &known);
    content.withhold = withhold;
    let mut gathered = vec![Gathered {
        source: Source::Case,
        of_case: Some(case.id.clone()),
        content,
    }];
    let owner = Owner {
        kind: "case_file",
        id: case.id.as_str(),
    };
    for file in with.attachments.of(with.store, with.trust, owner).await? {
        let kib = file.size_bytes.div_ceil(1024);
        let parts = vec![
            Part::new("Name", &file.name),
            Part::new("Kind", &file.media_type),
            Part::new("Size", format!("{kib} KB")),
            Part::new("SHA-256", &file.sha256),
        ];
        let title = format!("File of {}", case.reference);
        let mut content = roll.marked(Content::of(title, parts), &[]);
        content.file = Some(file.id.clone());
        content.withhold = withhold;
        gathered.push(Gathered {
            source: Source::File,
            of_case: Some(case.id.clone()),
            content,
        });
    }
    Ok(gathered)
}

/// An answer about pictures.
fn said_about_pictures(title: String, parts: Vec<(String, String)>) -> Content {
    let parts = parts.into_iter();
    Content::of(
        title,
        parts.map(|(label, text)| Part::new(label, text)).collect(),
    )
}

async fn person(reader: &mut Reader, id: &PersonId) -> Result<Vec<Content>, AccessError> {
    let Some(person) = people::find(reader, id).await? else {
        return Ok(Vec::new());
    };
    let details = &person.details;
    let mut parts = vec![
        Part::new("Given name", details.given_name.to_string()),
        Part::new("Family name", details.family_name.to_string()),
    ];
    let mut add = |label: &str, text: Option<String>| {
        parts.extend(text.map(|text| Part::new(label, text)));
    };
    add(
        "Known as",
        details.known_as.as_ref().map(ToString::to_string),
    );
    add(
        "E-mail address",
        details.email.as_ref().map(ToString::to_string),
    );
    add(
        "Contract type",
        details.contract.map(|contract| contract.label().to_owned()),
    );
    add("First day", details.starts_on.map(day));
    add("Last day", person.ends_on.map(day));
    if let Some(manager) = &details.line_manager {
        let manager = people::find(reader, manager).await?;
        add("Line manager", manager.map(|manager| manager.name()));
    }
    Ok(vec![Content::of("Their record", parts)])
}

async fn of_pupil(
    reader: &mut Reader,
    pupil: &pupils::Pupil,
) -> Result<(Content, Vec<String>), AccessError> {
    let details = &pupil.details;
    let school = schools::find(reader, &details.school).await?;
    let mut parts = vec![
        Part::new("Given name", details.given_name.to_string()),
        Part::new("Family name", details.family_name.to_string()),
    ];
    let mut add = |label: &str, text: Option<String>| {
        parts.extend(text.map(|text| Part::new(label, text)));
    };
    add(
        "Known as",
        details.known_as.as_ref().map(ToString::to_string),
    );
    add("School", school.map(|school| school.details.name));
    add("Year", details.year.clone());
    add("Class", details.class.clone());
    add("Born on", details.born.map(day));
    add("Last day", pupil.left_on.map(day));
    let carers = pupils::guardians_of(reader, &pupil.id).await?;
    let carers: Vec<String> = carers.into_iter().map(|(_, name)| name).collect();
    for carer in &carers {
        add("Parent or carer", Some(carer.clone()));
    }
    Ok((Content::of("Their record", parts), carers))
}

async fn of_guardian(
    reader: &mut Reader,
    guardian: &pupils::Guardian,
) -> Result<(Content, Vec<String>), AccessError> {
    let details = &guardian.details;
    let mut parts = vec![
        Part::new("Given name", details.given_name.to_string()),
        Part::new("Family name", details.family_name.to_string()),
    ];
    let email = details.email.as_ref().map(ToString::to_string);
    parts.extend(email.map(|email| Part::new("E-mail address", email)));
    parts.extend(
        details
            .phone
            .as_ref()
            .map(|phone| Part::new("Telephone", phone)),
    );
    let mut pupils = Vec::new();
    for id in &guardian.pupils {
        if let Some(pupil) = pupils::known(reader, id).await? {
            parts.push(Part::new("Responsible for", &pupil.name));
            pupils.push(pupil.name);
        }
    }
    Ok((Content::of("Their record", parts), pupils))
}

/// What they were told. What was said about a case goes with the case.
async fn told(
    reader: &mut Reader,
    with: &With<'_>,
    id: &PersonId,
    roll: &Roll,
) -> Result<Vec<Gathered>, AccessError> {
    let zone = with.store.clock().zoned().time_zone().clone();
    let mut gathered = Vec::new();
    for kept in messages::told(reader, with.store, with.trust, id).await? {
        let about = kept.message.link.as_ref().map(|link| link.path.as_str());
        let of_case = about.and_then(|path| path.strip_prefix("/cases/")?.parse().ok());
        let parts = vec![
            Part::new("Sent", moment(kept.created_at, &zone)),
            Part::new("Subject", &kept.message.subject),
            Part::new("Text", &kept.message.body),
        ];
        gathered.push(Gathered {
            source: Source::Messages,
            of_case,
            content: roll.marked(Content::of("A message to them", parts), &[]),
        });
    }
    Ok(gathered)
}

/// What was entered about their record, with what changed; and that they did something. What was done to cases stands
/// with the cases, and nowhere else.
async fn events(
    reader: &mut Reader,
    with: &With<'_>,
    whom: &Whom,
) -> Result<Vec<Content>, AccessError> {
    let Some(id) = whom.id() else {
        return Ok(Vec::new());
    };
    let record = whom.record();
    let kind = record.split('/').next().unwrap_or_default();
    let rows = reader
        .all(
            "SELECT e.seq, e.at, e.kind, e.record_kind, e.record, e.person, e.content, \
               COALESCE(p.known_as, p.given_name) || ' ' || p.family_name AS name \
             FROM ledger_event e LEFT JOIN person p ON p.trust = e.trust AND p.id = e.person \
             WHERE e.trust = $1 AND ((e.record_kind = $2 AND e.record = $3) OR (e.person = $3 \
               AND e.record_kind NOT IN ('case_file', 'attachment', 'retention_hold', 'access_collection', 'erasure'))) \
             ORDER BY e.seq",
            values![kind, id],
        )
        .await?;
    let zone = with.store.clock().zoned().time_zone().clone();
    let mut parts = Vec::new();
    for row in &rows {
        let (record, about): (String, String) = (row.get("record")?, row.get("record_kind")?);
        let (happened, by): (String, Option<String>) = (row.get("kind")?, row.get("name")?);
        let mut text = moment(row.get("at")?, &zone);
        let theirs = about == kind && record == id;
        if theirs {
            text.push_str(&by.map_or_else(String::new, |by| format!(", by {by}")));
            let content = open_content(reader, with.store, with.trust, row).await?;
            let after = content.and_then(|content| content.after);
            text.push_str(&after.map_or_else(String::new, |after| format!("\n{after}")));
        }
        let about = if theirs { "about them" } else { "by them" };
        parts.push(Part::new(format!("{}, {about}", said(&happened)), text));
    }
    let pages = parts.chunks(EVENTS);
    let content =
        |parts: &[Part]| Content::of("What was entered about them and by them", parts.to_vec());
    Ok(pages.map(content).collect())
}

/// `person.role-given` as people read it.
fn said(kind: &str) -> String {
    capitalised(&kind.replace(['.', '-', '_'], " "))
}
