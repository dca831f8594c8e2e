//! One question of a form, on a page of its own.

use axum::extract::{FromRequest as _, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use policy::words::capitalised;
use register::{Field, FieldKind};
use serde::Serialize;

use super::asked::{Asked, FileLine, Item, Kind, Pairs, read, retyped, typed_in};
use super::files::save_files;
use super::known::{Named, name_of, named};
use super::open::{Open, checked, is_sensitive};
use super::start::{ClauseLine, clauses};
use crate::attachments::{Attachment, KINDS};
use crate::authority::Permit;
use crate::cases::{CaseError, DraftId, drafts, evidence};
use crate::schools;
use crate::web::App;
use crate::web::dates::moment;
use crate::web::extract::{Form, Path, Query};
use crate::web::page::{Page, Section};
use crate::web::problem::{Kind as ProblemKind, Problem};

/// `cases/opening/question.html`.
#[derive(Debug, Serialize)]
pub(crate) struct QuestionPage {
    register: String,
    number: usize,
    of: usize,
    asked: Asked,
    action: String,
    back: String,
    checking: bool,
    /// Whether files may show what may be illegal to keep.
    notice: bool,
    /// The most that a file may be.
    largest: String,
    /// The endings of files that are taken.
    endings: String,
    clauses: Vec<ClauseLine>,
}

impl Page for QuestionPage {
    const TEMPLATE: &'static str = "cases/opening/question.html";
    const SECTION: Option<Section> = Some(Section::Home);

    fn samples() -> Vec<Self> {
        let file = FileLine {
            id: "01j".into(),
            name: "screen.png".into(),
            about: "PNG image, 34 KB, added 20 November 2026 at 3:04pm".into(),
            hash: "0123".into(),
        };
        let asked = |kind: Kind, filled: bool| Asked {
            name: "with".into(),
            at: "with".into(),
            kind,
            question: "Who is the tie with?".into(),
            optional: filled,
            help: if filled {
                "Choose one.".into()
            } else {
                String::new()
            },
            items: vec![
                Item::new("pupil", "A pupil"),
                Item::new("other", "Somebody else"),
            ],
            found: match filled {
                true => vec![Item::new("p1", "Kate Adeyemi, Ash School")],
                false => Vec::new(),
            },
            was: if filled { "p1".into() } else { String::new() },
            files: if filled {
                vec![file.clone()]
            } else {
                Vec::new()
            },
            error: if filled {
                "Choose an answer: With".into()
            } else {
                String::new()
            },
            ..Asked::default()
        };
        let page = |kind: Kind, filled: bool| Self {
            register: "Declaration of a relationship".into(),
            number: 1,
            of: 3,
            asked: asked(kind, filled),
            action: "/drafts/01j/with".into(),
            back: "/registers".into(),
            checking: filled,
            notice: filled,
            largest: "25 MB".into(),
            endings: ".png,.pdf".into(),
            clauses: if filled {
                vec![ClauseLine::sample()]
            } else {
                Vec::new()
            },
        };
        let kinds = [
            Kind::Text,
            Kind::Lines,
            Kind::Number,
            Kind::Radios,
            Kind::YesNo,
            Kind::Checkboxes,
            Kind::Select,
            Kind::Date,
            Kind::Moment,
            Kind::Account,
            Kind::Lookup,
            Kind::Files,
        ];
        let both = kinds
            .into_iter()
            .flat_map(|kind| [page(kind, false), page(kind, true)]);
        both.collect()
    }
}

/// Where the way leads afterwards.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub(super) struct Then {
    then: String,
}

impl Then {
    fn checking(&self) -> bool {
        self.then == "check"
    }
}

/// A question of a draft; nothing where the answers before it leave it out.
fn asked_now<'o>(open: &'o Open, name: &str) -> Result<&'o Field, Problem> {
    let mut questions = open.questions().into_iter();
    let field = questions.find(|field| field.id == name);
    field.ok_or_else(|| Problem::new(ProblemKind::NotFound))
}

pub(super) async fn show(
    State(app): State<App>,
    permit: Permit,
    Path((id, name)): Path<(DraftId, String)>,
    Query(then): Query<Then>,
) -> Result<Response, Problem> {
    let open = Open::find(&app, &permit, &id).await?;
    let field = asked_now(&open, &name)?;
    let kept = open.draft.answers.get(&name).cloned().unwrap_or_default();
    let mut typed = retyped(field, &kept);
    let mut reader = app.store()?.read(&permit.actor().trust);
    if let Some(called) = match kept.first() {
        Some(answer) => name_of(&mut reader, field, answer).await?,
        None => None,
    } {
        typed.push((name.clone(), called));
    }
    let page = page(&app, &permit, &open, field, (&typed, then.checking())).await?;
    Ok(app.render(&page)?.into_response())
}

async fn page(
    app: &App,
    permit: &Permit,
    open: &Open,
    field: &Field,
    (typed, checking): (&Pairs, bool),
) -> Result<QuestionPage, Problem> {
    let library = app.library();
    let (store, actor) = (app.store()?, permit.actor());
    let schools = match field.kind {
        FieldKind::School => schools(app, permit).await?,
        _ => Vec::new(),
    };
    let mut asked = Asked::of(field, typed, library.platforms(), &schools);
    let files = app.attachments();
    if field.kind == FieldKind::Evidence {
        let kept = evidence::files(store, files?, actor, &open.draft).await?;
        let given = open
            .draft
            .answers
            .get(&field.id)
            .cloned()
            .unwrap_or_default();
        let mine = kept
            .iter()
            .filter(|file| given.iter().any(|id| id == file.id.as_str()));
        asked.files = mine.map(|file| line(app, file)).collect();
    }
    let questions = open.questions();
    let place = questions.iter().position(|one| one.id == field.id);
    let largest = app.attachments().map_or(0, |files| files.largest_bytes());
    let endings = KINDS.iter().flat_map(|kind| kind.endings);
    Ok(QuestionPage {
        register: capitalised(&open.register().name),
        number: place.unwrap_or_default() + 1,
        of: questions.len(),
        asked,
        action: format!("/drafts/{}/{}", open.draft.id, field.id),
        back: open.before(&field.id, checking),
        checking,
        notice: is_sensitive(open.register()),
        largest: size(largest),
        endings: endings
            .map(|ending| format!(".{ending}"))
            .collect::<Vec<_>>()
            .join(","),
        clauses: clauses(&library, &open.rules, field.clauses.iter()),
    })
}

async fn schools(app: &App, permit: &Permit) -> Result<Vec<Item>, Problem> {
    let mut reader = app.store()?.read(&permit.actor().trust);
    let schools = schools::all(&mut reader).await?.into_iter();
    let open = schools.filter(|school| school.is_open(app.today()));
    Ok(open
        .map(|school| Item::new(school.id.as_str(), school.details.name))
        .collect())
}

/// A file that is there.
pub(super) fn line(app: &App, file: &Attachment) -> FileLine {
    let kind = KINDS.iter().find(|kind| kind.media_type == file.media_type);
    let kind = kind.map_or("File", |kind| kind.label);
    let zone = app.clock().zoned().time_zone().clone();
    FileLine {
        id: file.id.to_string(),
        name: file.name.clone(),
        about: format!(
            "{kind}, {}, added {}",
            size(file.size_bytes),
            moment(file.added_at, &zone)
        ),
        hash: file.sha256.clone(),
    }
}

/// A size as people read it.
fn size(bytes: u64) -> String {
    match bytes {
        ..1024 => format!("{bytes} bytes"),
        1024..1_048_576 => format!("{} KB", bytes / 1024),
        _ => format!("{} MB", bytes / 1_048_576),
    }
}

pub(super) async fn save(
    State(app): State<App>,
    permit: Permit,
    Path((id, name)): Path<(DraftId, String)>,
    request: Request,
) -> Result<Response, Problem> {
    let open = Open::find(&app, &permit, &id).await?;
    let field = asked_now(&open, &name)?;
    if field.kind == FieldKind::Evidence {
        return save_files(&app, &permit, &open, field, request).await;
    }
    let Form(typed) = Form::<Pairs>::from_request(request, &app).await?;
    let checking = typed_in(&typed, "then") == "check";
    let mut reader = app.store()?.read(&permit.actor().trust);
    let given = match field.kind {
        FieldKind::Person | FieldKind::Pupil => {
            let school = open.draft.school.as_ref();
            match named(&mut reader, field, &typed, school, app.today()).await? {
                Named::Nobody => Ok(Vec::new()),
                Named::One(id) => Ok(vec![id]),
                Named::Wrong(what) => Err(what),
                Named::Several(found) => {
                    return choose(&app, &permit, &open, field, (&typed, checking), found).await;
                }
            }
        }
        FieldKind::Case(_) => case_named(&app, &permit, field, &typed).await?,
        _ => read(field, &typed, app.library().platforms()),
    };
    let given = match given {
        Ok(given) => checked(&mut reader, field, given, &open.draft.answers, app.today()).await?,
        Err(what) => Err(what),
    };
    match given {
        Ok(given) => {
            let open = keep(&app, &permit, open, (&name, given)).await?;
            Ok(Redirect::to(&open.after(&name, checking)).into_response())
        }
        Err(what) => wrong(&app, &permit, &open, field, (&typed, checking), what).await,
    }
}

async fn keep(
    app: &App,
    permit: &Permit,
    open: Open,
    answer: (&str, Vec<String>),
) -> Result<Open, Problem> {
    let actor = permit.actor();
    let mut tx = app.store()?.begin(&actor.trust).await?;
    let draft = drafts::answer(&mut tx, actor, &open.draft.id, answer).await?;
    // A form that was begun is no record yet.
    tx.commit_unrecorded().await?;
    Ok(Open { draft, ..open })
}

/// The page again, with what is wrong and what was typed.
pub(super) async fn wrong(
    app: &App,
    permit: &Permit,
    open: &Open,
    field: &Field,
    typed: (&Pairs, bool),
    what: String,
) -> Result<Response, Problem> {
    let mut page = page(app, permit, open, field, typed).await?;
    page.asked.error = what;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, app.render(&page)?).into_response())
}

/// The page again, with those of that name to choose from.
async fn choose(
    app: &App,
    permit: &Permit,
    open: &Open,
    field: &Field,
    typed: (&Pairs, bool),
    found: Vec<Item>,
) -> Result<Response, Problem> {
    let shown = typed_in(typed.0, &format!("{}-shown", field.id));
    let again = shown == typed_in(typed.0, &field.id);
    let mut page = page(app, permit, open, field, typed).await?;
    page.asked.found = found;
    page.asked.was = String::new();
    if again {
        page.asked.error = "Choose which of them you mean".to_owned();
        page.asked.at = format!("{}-is", field.id);
    }
    Ok((StatusCode::UNPROCESSABLE_ENTITY, app.render(&page)?).into_response())
}

/// The case that was named, where they may see it: one that they may not see is as if it were not there.
async fn case_named(
    app: &App,
    permit: &Permit,
    field: &Field,
    typed: &Pairs,
) -> Result<Result<Vec<String>, String>, Problem> {
    let Ok(given) = read(field, typed, app.library().platforms()) else {
        return Ok(Ok(Vec::new()));
    };
    let Some(reference) = given.first() else {
        return Ok(Ok(given));
    };
    let (store, actor) = (app.store()?, permit.actor());
    let mut reader = store.read(&actor.trust);
    match crate::cases::by_reference(&mut reader, actor, store, reference).await {
        Ok(_) => Ok(Ok(given)),
        Err(CaseError::NotFound) => Ok(Err(format!(
            "No case {reference} was found. Give the reference of one that you can see, for example INC-2026-0001"
        ))),
        Err(error) => Err(error.into()),
    }
}
