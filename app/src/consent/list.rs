//! The list for those who post: what each pupil's family agrees to, searched, filtered, printed and as a file.

use axum::extract::State;
use axum::http::header;
use axum::response::{Html, IntoResponse as _, Response};
use jiff::civil::Date;
use register::settings::Settings;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use std::collections::BTreeMap;

use super::readers::{Readable, readable};
use super::said::{Said, Use};
use super::standing::{Standing, reading, until};
use super::{ConsentError, REGISTER};
use crate::authority::{Access, Action, Permit, Place, Routes};
use crate::cases::{self, CaseId};
use crate::export::csv_file;
use crate::ledger::{Change, record_event};
use crate::people::patterns;
use crate::pupils::PupilId;
use crate::store::{Query as Rows, Row, SchoolId, Store, StoreError, TrustId, Value};
use crate::values;
use crate::web::App;
use crate::web::dates::day;
use crate::web::extract::Query;
use crate::web::form::Choice;
use crate::web::page::{Page, Section};
use crate::web::paging::{PAGE_SIZE, Paging, skip};
use crate::web::problem::Problem;

/// The most pupils of a file or a printed list.
const AT_MOST: u32 = 5_000;

/// What the address asks for.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct Asked {
    q: String,
    school: String,
    year: String,
    class: String,
    #[serde(rename = "use")]
    use_: String,
    show: String,
    /// Whether all are on one page, for printing.
    all: String,
    #[serde(skip_serializing)]
    page: u32,
}

/// `consent/list.html`.
#[derive(Debug, Serialize)]
pub(crate) struct ListPage {
    asked: Asked,
    schools: Vec<Choice>,
    rows: Vec<Line>,
    paging: Paging,
    filtered: bool,
    /// Whether whoever looks may ask families and enter answers.
    keeps: bool,
    /// The names of schools where silence counts.
    presumed: Vec<String>,
    /// The query of this list, for the file and the printed page.
    query: String,
    today: String,
}

/// A pupil.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Line {
    href: String,
    name: String,
    place: String,
    uses: Vec<Cell>,
    limits: String,
    until: String,
}

/// What holds for one use, in words.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Cell {
    pub(super) label: &'static str,
    pub(super) says: String,
    pub(super) may: bool,
}

impl Page for ListPage {
    const TEMPLATE: &'static str = "consent/list.html";
    const SECTION: Option<Section> = Some(Section::Home);

    fn samples() -> Vec<Self> {
        let cell = |may: bool| Cell {
            label: Use::Social.says(),
            says: if may { "Yes, without the name" } else { "No" }.into(),
            may,
        };
        let line = |href: &str, limits: &str| Line {
            href: href.into(),
            name: "Ama Ofori".into(),
            place: "Year 7, 7B, Ash Primary".into(),
            uses: vec![cell(true), cell(false)],
            limits: limits.into(),
            until: if limits.is_empty() {
                String::new()
            } else {
                "1 May 2027".into()
            },
        };
        let page = |schools: Vec<Choice>, rows: Vec<Line>, keeps: bool| Self {
            asked: Asked::default(),
            paging: Paging::of(if rows.is_empty() { 0 } else { 120 }, 1, "/consent"),
            schools,
            filtered: keeps,
            presumed: match keeps {
                true => vec!["Ash Primary".into()],
                false => Vec::new(),
            },
            rows,
            keeps,
            query: "?school=ash".into(),
            today: "20 November 2026".into(),
        };
        let ash = || vec![Choice::new("ash", "Ash Primary")];
        vec![
            page(
                ash(),
                vec![line("/consent/pupils/u1", "No swimming"), line("", "")],
                true,
            ),
            page(ash(), Vec::new(), true),
            page(ash(), Vec::new(), false),
            page(Vec::new(), Vec::new(), false),
        ]
    }
}

pub(super) fn routes() -> Routes {
    let may = Access::May(Action::ReadConsents);
    Routes::new()
        .get("/consent", may, list)
        .get("/consent/list.csv", may, file)
}

/// Which pupils: `$2` the schools, `$3` today, `$4` to `$6` the words, `$7` year, `$8` class, `$9` what is shown, `$10`
/// the schools where silence counts, `$11` the use. Only the latest open case of a pupil counts.
macro_rules! wanted {
    () => {
        "FROM pupil p JOIN school s ON s.trust = p.trust AND s.id = p.school \
         LEFT JOIN consent_standing c ON c.trust = p.trust AND c.pupil = p.id \
           AND NOT EXISTS (SELECT 1 FROM consent_standing o WHERE o.trust = c.trust AND o.pupil = c.pupil \
             AND o.case_id > c.case_id) \
         WHERE p.trust = $1 AND $2 LIKE '%,' || p.school || ',%' AND (p.left_on IS NULL OR p.left_on >= $3) \
           AND p.search LIKE $4 ESCAPE '\\' AND p.search LIKE $5 ESCAPE '\\' AND p.search LIKE $6 ESCAPE '\\' \
           AND ($7 = '' OR p.year = $7) AND ($8 = '' OR p.class = $8) \
           AND CASE $9 \
             WHEN 'no' THEN CASE WHEN c.state = 'given' AND c.valid_until >= $3 \
                 THEN CASE $11 WHEN 'website' THEN c.website WHEN 'social' THEN c.social WHEN 'press' THEN c.press \
                   ELSE CASE WHEN c.website = 'no' OR c.social = 'no' OR c.press = 'no' THEN 'no' ELSE 'group' END END \
               WHEN c.state = 'silent' AND $10 LIKE '%,' || p.school || ',%' AND $11 <> 'press' THEN 'unnamed' \
               ELSE 'no' END = 'no' \
             WHEN 'limits' THEN COALESCE(c.state, '') = 'given' AND c.valid_until >= $3 AND (c.limits = 1 \
               OR CASE $11 WHEN 'website' THEN c.website WHEN 'social' THEN c.social WHEN 'press' THEN c.press \
                 ELSE CASE WHEN c.website = 'group' OR c.social = 'group' OR c.press = 'group' THEN 'group' \
                   ELSE 'named' END END = 'group') \
             WHEN 'objected' THEN COALESCE(c.state, '') IN ('refused', 'withdrawn') \
               OR (COALESCE(c.state, '') = 'given' AND (c.limits = 1 OR c.website <> 'named' OR c.social <> 'named' \
                 OR c.press <> 'named')) \
             WHEN 'unanswered' THEN COALESCE(c.state, '') IN ('', 'asked', 'silent', 'expired') \
               OR (c.state = 'given' AND c.valid_until < $3) \
             ELSE 1 = 1 END"
    };
}

/// A pupil with the case that counts.
struct Found {
    pupil: PupilId,
    name: String,
    school: SchoolId,
    place: String,
    case: Option<CaseId>,
}

impl Asked {
    fn values(&self, readable: &[Readable], today: Date) -> Vec<Value> {
        let [first, second, third] = patterns(&self.q);
        let within = |counts: &dyn Fn(&Readable) -> bool| {
            let ids = readable.iter().filter(|school| counts(school));
            ids.fold(",".to_owned(), |all, school| format!("{all}{},", school.id))
        };
        let wanted = self.school.as_str();
        values![
            within(&|school| wanted.is_empty() || school.id.as_str() == wanted),
            today,
            first,
            second,
            third,
            self.year.trim(),
            self.class.trim(),
            &self.show,
            within(&|school| school.settings.says_yes("presumed")),
            &self.use_
        ]
    }

    /// The query of this list, without the page; empty where nothing is asked for.
    fn query(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        let parts = [
            ("q", &self.q),
            ("school", &self.school),
            ("year", &self.year),
            ("class", &self.class),
            ("use", &self.use_),
            ("show", &self.show),
        ];
        for (name, value) in parts {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        match query.finish().as_str() {
            "" => String::new(),
            query => format!("?{query}"),
        }
    }
}

async fn found(
    query: &mut impl Rows,
    mut values: Vec<Value>,
    (skip, size): (u32, u32),
) -> Result<Vec<Found>, StoreError> {
    values.extend(values![i64::from(size), i64::from(skip)]);
    let rows = query
        .all(
            concat!(
                "SELECT p.id, p.given_name, p.family_name, p.known_as, p.year, p.class, p.school, \
                   s.name AS school_name, c.case_id ",
                wanted!(),
                " ORDER BY p.search, p.id LIMIT $12 OFFSET $13"
            ),
            values,
        )
        .await?;
    let one = |row: &Row| {
        let given: String = match row.get::<Option<String>>("known_as")? {
            Some(known_as) => known_as,
            None => row.get("given_name")?,
        };
        let year: Option<String> = row.get("year")?;
        let parts = [
            year.map(|year| format!("Year {year}")),
            row.get("class")?,
            Some(row.get("school_name")?),
        ];
        Ok(Found {
            pupil: row.get("id")?,
            name: format!("{given} {}", row.get::<String>("family_name")?),
            school: row.get("school")?,
            place: parts.into_iter().flatten().collect::<Vec<_>>().join(", "),
            case: row.get("case_id")?,
        })
    };
    rows.iter().map(one).collect()
}

/// The lines of pupils, each read from the sealed case.
async fn lines(
    query: &mut impl Rows,
    (store, trust): (&Store, &TrustId),
    readable: &[Readable],
    found: &[Found],
    today: Date,
) -> Result<Vec<Line>, ConsentError> {
    let settings: BTreeMap<&SchoolId, &Settings> = readable
        .iter()
        .map(|school| (&school.id, &school.settings))
        .collect();
    let mut lines = Vec::new();
    for pupil in found {
        let Some(settings) = settings.get(&pupil.school) else {
            continue;
        };
        let case = match &pupil.case {
            Some(id) => cases::one_of(query, (store, trust), REGISTER, id).await?,
            None => None,
        };
        let case = case.filter(|case| case.school.as_ref() == Some(&pupil.school));
        let given = case.as_ref().filter(|case| case.state == "given");
        lines.push(Line {
            href: format!("/consent/pupils/{}", pupil.pupil),
            name: pupil.name.clone(),
            place: pupil.place.clone(),
            uses: Use::ALL
                .map(|use_| cell(use_, &reading(case.as_ref(), settings, use_, today)))
                .into(),
            limits: given.map_or_else(String::new, |case| Said::of_case(case).limits),
            until: given
                .and_then(|case| until(case, settings))
                .map_or_else(String::new, day),
        });
    }
    Ok(lines)
}

/// What holds for a use, in words.
pub(super) fn cell(use_: Use, standing: &Standing) -> Cell {
    let (may, says) = match standing {
        Standing::MayNot { why } => (false, format!("No. {}", why.says())),
        Standing::May { presumed: true, .. } => (
            true,
            "Without the name: presumed, nobody has answered".to_owned(),
        ),
        Standing::May {
            group_only: true, ..
        } => (true, "Only in a group, without the name".to_owned()),
        Standing::May { named: true, .. } => (true, "Yes, also with the name".to_owned()),
        Standing::May { .. } => (true, "Yes, without the name".to_owned()),
    };
    Cell {
        label: use_.says(),
        says,
        may,
    }
}

async fn list(
    State(app): State<App>,
    permit: Permit,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Problem> {
    let (store, actor, today) = (app.store()?, permit.actor(), app.today());
    let mut reader = store.read(&actor.trust);
    let readable = readable(&mut reader, &app.engine(), actor, today).await?;
    let values = asked.values(&readable, today);
    let total = reader
        .count(concat!("SELECT COUNT(*) AS n ", wanted!()), values.clone())
        .await?;
    let part = match asked.all.as_str() {
        "" => (skip(asked.page), PAGE_SIZE),
        _ => (0, AT_MOST),
    };
    let found = found(&mut reader, values, part).await?;
    let of = (store, &actor.trust);
    let rows = lines(&mut reader, of, &readable, &found, today).await?;
    let query = asked.query();
    let keeps = actor.may(Action::KeepConsents, Place::Anywhere);
    let presumed = readable
        .iter()
        .filter(|school| school.settings.says_yes("presumed"));
    app.render(&ListPage {
        rows: match keeps {
            true => rows,
            false => rows.into_iter().map(unlinked).collect(),
        },
        paging: match asked.all.as_str() {
            "" => Paging::of(total, asked.page, &format!("/consent{query}")),
            _ => Paging::default(),
        },
        presumed: presumed.map(|school| school.name.clone()).collect(),
        schools: readable
            .iter()
            .map(|school| Choice::new(school.id.as_str(), &school.name))
            .collect(),
        filtered: !query.is_empty(),
        keeps,
        query,
        today: day(today),
        asked,
    })
}

/// A line without the way to what each parent or carer said: that is for those who look after consents.
fn unlinked(line: Line) -> Line {
    Line {
        href: String::new(),
        ..line
    }
}

async fn file(
    State(app): State<App>,
    permit: Permit,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let (store, actor, today) = (app.store()?, permit.actor(), app.today());
    let mut tx = store.begin(&actor.trust).await?;
    let readable = readable(&mut tx, &app.engine(), actor, today).await?;
    let found = found(&mut tx, asked.values(&readable, today), (0, AT_MOST)).await?;
    let lines = lines(&mut tx, (store, &actor.trust), &readable, &found, today).await?;
    let change = Change {
        kind: "consent.list-exported",
        record_kind: "register",
        record: REGISTER,
        before: None,
        after: None,
    };
    record_event(&mut tx, actor, Some(permit.action()), change).await?;
    tx.commit().await?;
    let rows: Vec<Vec<Json>> = lines
        .into_iter()
        .map(|line| {
            let uses = line.uses.into_iter().map(|cell| Json::from(cell.says));
            let parts = [Json::from(line.name), Json::from(line.place)];
            let last = [Json::from(line.limits), Json::from(line.until)];
            parts.into_iter().chain(uses).chain(last).collect()
        })
        .collect();
    let columns = [
        "Pupil",
        "Where",
        "Website",
        "Social media",
        "Press",
        "Limits",
        "Until",
    ];
    let csv = csv_file::write(&columns, &rows).map_err(|error| Problem::internal(&error))?;
    let named = format!("attachment; filename=\"pictures-{today}.csv\"");
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, named),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, csv).into_response())
}
