//! `POST /api/v1/screen`: a draft, to what is found in it and what the school's policy says of it. Nothing of it is kept.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use policy::answer::Answer;
use policy::library::Library;
use policy::table::Table;
use screen::{
    Account, Asking, Audience, Draft, Index, Judged, Known, Lists, Part, Screening, in_characters,
    in_utf16,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::decide::{Answered, id};
use super::fields::Fields;
use super::{find, refused};
use crate::authority::Permit;
use crate::screening::{Desk, LONGEST, length, lists};
use crate::web::App;
use crate::web::heavy::heavy;
use crate::web::problem::Problem;

/// More pictures or links than any platform takes.
const AT_MOST: usize = 50;

/// Where something stands, in two ways of counting.
#[derive(Serialize)]
struct Span {
    start: usize,
    end: usize,
}

/// One thing found, and what the policy says of it alone.
#[derive(Serialize)]
struct Found<'s> {
    kind: &'static str,
    label: &'s str,
    part: &'static str,
    number: Option<usize>,
    characters: Span,
    utf16: Span,
    sure: Value,
    score: u8,
    manner: Value,
    why: &'s str,
    mend: &'s str,
    standing: Option<Value>,
    clauses: Vec<&'s str>,
}

/// What the words cannot tell.
#[derive(Serialize)]
struct Open<'s> {
    attribute: &'s str,
    why: &'s str,
    part: Option<&'static str>,
    number: Option<usize>,
}

#[derive(Serialize)]
struct Screened<'s> {
    school: &'s str,
    findings: Vec<Found<'s>>,
    questions: Vec<Open<'s>>,
    facts: Map<String, Value>,
    decision: Answered<'s>,
}

const FIELDS: [&str; 10] = [
    "school", "text", "alts", "links", "handle", "profile", "account", "audience", "given", "id",
];

pub(super) async fn screen(
    State(app): State<App>,
    permit: Permit,
    fields: Fields,
) -> Result<Response, Problem> {
    fields.only(&FIELDS)?;
    let draft = draft(&fields)?;
    let given = given(&fields)?;
    let id = id(&fields)?;
    let actor = permit.actor();
    let desk = Desk::of(&app, actor, fields.text("school")?.unwrap_or_default()).await?;
    let (Some(school), Some(policy)) = (desk.at, desk.policy) else {
        return Err(refused(
            "The school follows no policy that is in force here, so there is nothing to check a draft by.",
        ));
    };
    let known = Desk::known(&app, actor, &school).await?;
    let answer = heavy(move || {
        let library = app.library();
        let table = find(&library, &policy)?;
        let lists = lists(library.vocabulary()).map_err(|faults| Problem::internal(&faults))?;
        let desk = Drafted {
            app: &app,
            library: &library,
            table,
            lists,
        };
        desk.screened(school.id.as_str(), (&draft, &given, id), &known)
    })
    .await?;
    Ok(Json(answer).into_response())
}

/// What a draft is answered with.
struct Drafted<'l> {
    app: &'l App,
    library: &'l Library,
    table: &'l Table,
    lists: &'l Lists,
}

impl Drafted<'_> {
    fn screened(
        &self,
        school: &str,
        (draft, given, id): (&Draft, &Map<String, Value>, Value),
        known: &Known,
    ) -> Result<Value, Problem> {
        let screening = screen::screen(draft, &Index::new(known, self.lists), self.lists);
        let vocabulary = self.library.vocabulary();
        let asking = Asking {
            draft,
            lists: self.lists,
            vocabulary,
            known: given,
        };
        let facts = asking.facts(&screening.findings);
        let situation = asking.given(&screening.findings)?;
        let judged = asking.judge(&screening, self.table);
        let judged = judged.map_err(|why| refused(format!("{why}.")))?;
        let findings = self.findings(draft, &screening, &judged);
        let whole = Answer::Decided {
            decision: Box::new(judged.whole.clone()),
            possible: None,
        };
        let (app, library) = (self.app, self.library);
        let answer = Screened {
            school,
            findings,
            questions: screening.questions.iter().map(open).collect(),
            facts,
            decision: Answered::of(app, library, self.table, &situation, whole, id),
        };
        serde_json::to_value(answer).map_err(|error| Problem::internal(&error))
    }

    fn findings<'s>(
        &'s self,
        draft: &Draft,
        screening: &'s Screening,
        judged: &'s Judged<'_>,
    ) -> Vec<Found<'s>> {
        let each = screening.findings.iter().zip(&judged.each);
        let told = each.map(|(finding, alone)| {
            let words = draft.part(finding.part);
            let alone = alone.as_ref().filter(|alone| !alone.decided_by.is_empty());
            let clauses = alone.iter().flat_map(|alone| &alone.decided_by);
            let (part, number) = place(finding.part);
            Found {
                kind: finding.kind.id(),
                label: &self.lists.told(finding.kind).label,
                part,
                number,
                characters: span(in_characters(words, &finding.span)),
                utf16: span(in_utf16(words, &finding.span)),
                sure: json!(finding.sure),
                score: finding.score,
                manner: json!(finding.manner),
                why: &finding.why,
                mend: &finding.mend,
                standing: alone.map(|alone| json!(alone.standing)),
                clauses: clauses.map(|clause| clause.reference.as_str()).collect(),
            }
        });
        told.collect()
    }
}

fn open(question: &screen::Question) -> Open<'_> {
    let place = question.part.map(place);
    Open {
        attribute: &question.attribute,
        why: &question.why,
        part: place.map(|(part, _)| part),
        number: place.and_then(|(_, number)| number),
    }
}

fn span(range: std::ops::Range<usize>) -> Span {
    Span {
        start: range.start,
        end: range.end,
    }
}

/// A part's name, and its place among others of the name, from 0.
fn place(part: Part) -> (&'static str, Option<usize>) {
    match part {
        Part::Text => ("text", None),
        Part::Alt(at) => ("alt", Some(at)),
        Part::Link(at) => ("link", Some(at)),
        Part::Handle => ("handle", None),
        Part::Profile => ("profile", None),
    }
}

fn draft(fields: &Fields) -> Result<Draft, Problem> {
    let text = |name| Ok::<_, Problem>(fields.text(name)?.unwrap_or_default().to_owned());
    let accounts: Account = choice(fields, "account", "personal or official")?;
    let audiences: Audience = choice(fields, "audience", "public, followers, group or direct")?;
    let draft = Draft {
        text: text("text")?,
        alts: texts(fields, "alts")?,
        links: texts(fields, "links")?,
        handle: text("handle")?,
        profile: text("profile")?,
        account: accounts,
        audience: audiences,
    };
    match length(&draft) {
        0 => Err(refused(
            "There is nothing to check: send the draft's text, descriptions of pictures in 'alts', or 'links'.",
        )),
        many if many > LONGEST => Err(refused(format!(
            "All parts of a draft together may have {LONGEST} characters; these have {many}."
        ))),
        _ => Ok(draft),
    }
}

fn choice<T: Default + DeserializeOwned>(
    fields: &Fields,
    name: &str,
    values: &str,
) -> Result<T, Problem> {
    let Some(text) = fields.text(name)? else {
        return Ok(T::default());
    };
    serde_json::from_value(Value::from(text))
        .map_err(|_| refused(format!("'{name}' must be {values}.")))
}

fn texts(fields: &Fields, name: &str) -> Result<Vec<String>, Problem> {
    let Some(value) = fields.value(name) else {
        return Ok(Vec::new());
    };
    let list: Option<Vec<String>> = serde_json::from_value(value.clone()).ok();
    list.filter(|list| list.len() <= AT_MOST).ok_or_else(|| {
        refused(format!(
            "'{name}' must be a list of texts in square brackets, {AT_MOST} at most."
        ))
    })
}

fn given(fields: &Fields) -> Result<Map<String, Value>, Problem> {
    match fields.value("given") {
        None => Ok(Map::new()),
        Some(Value::Object(given)) => Ok(given.clone()),
        Some(_) => Err(refused(
            "'given' must be facts of the vocabulary in curly brackets.",
        )),
    }
}
