//! Registers that anybody may open a case in, without an account: one plain form, and a receipt.

use axum::extract::State;
use axum::http::{Extensions, StatusCode};
use axum::response::{Html, IntoResponse as _, Response};
use policy::words::capitalised;
use register::value::{Answers, shown};
use register::{Field, FieldKind, Register};
use serde::Serialize;

use super::asked::{Asked, Item, Pairs, read, typed_in};
use super::open::checked;
use crate::authority::Identity;
use crate::cases::receipts::{self, Counted, is_public};
use crate::cases::{CaseError, Opening};
use crate::schools;
use crate::store::{SchoolId, TrustId};
use crate::web::App;
use crate::web::client::ClientAddress;
use crate::web::extract::{Form, Path};
use crate::web::page::{Page, Section};
use crate::web::problem::{Kind, Problem};

/// `cases/opening/public.html`.
#[derive(Debug, Serialize)]
pub(crate) struct PublicPage {
    trust: String,
    registers: Vec<Line>,
}

/// A register that anybody may open a case in.
#[derive(Debug, Serialize)]
struct Line {
    href: String,
    name: String,
    purpose: String,
}

/// `cases/opening/public-form.html`.
#[derive(Debug, Serialize)]
pub(crate) struct PublicFormPage {
    name: String,
    purpose: String,
    before: Vec<String>,
    action: String,
    schools: Vec<Item>,
    school: String,
    school_error: String,
    fields: Vec<Asked>,
    /// Whether an answer brought up further questions.
    more: bool,
}

/// `cases/opening/sent.html`.
#[derive(Debug, Serialize)]
pub(crate) struct SentPage {
    name: String,
    code: String,
}

impl Page for PublicPage {
    const TEMPLATE: &'static str = "cases/opening/public.html";
    const SECTION: Option<Section> = None;

    fn samples() -> Vec<Self> {
        let line = Line {
            href: "/public/complaint".into(),
            name: "Complaint".into(),
            purpose: "Say what went wrong.".into(),
        };
        let page = |registers| Self {
            trust: "Elm Trust".into(),
            registers,
        };
        vec![page(vec![line]), page(Vec::new())]
    }
}

impl Page for PublicFormPage {
    const TEMPLATE: &'static str = "cases/opening/public-form.html";
    const SECTION: Option<Section> = None;

    fn samples() -> Vec<Self> {
        let asked = |error: &str| Asked {
            name: "what".into(),
            at: "what".into(),
            question: "What happened?".into(),
            error: error.into(),
            ..Asked::default()
        };
        let page = |more, error: &str| Self {
            name: "Complaint".into(),
            purpose: "Say what went wrong.".into(),
            before: vec!["Think first.".into()],
            action: "/public/complaint".into(),
            schools: vec![Item::new("ash", "Ash"), Item::new("oak", "Oak")],
            school: "ash".into(),
            school_error: error.into(),
            fields: vec![asked(error)],
            more,
        };
        let one = Self {
            schools: Vec::new(),
            before: Vec::new(),
            ..page(false, "")
        };
        vec![page(true, ""), page(false, "Fill this in"), one]
    }
}

impl Page for SentPage {
    const TEMPLATE: &'static str = "cases/opening/sent.html";
    const SECTION: Option<Section> = None;

    fn samples() -> Vec<Self> {
        vec![Self {
            name: "Complaint".into(),
            code: "ABCD-EFGH-IJKL-MNOP-QRST".into(),
        }]
    }
}

/// Whether the public is asked it: whoever has no account looks nobody up and sends no file.
fn is_asked(field: &Field) -> bool {
    let looked_up = matches!(
        field.kind,
        FieldKind::Person | FieldKind::Pupil | FieldKind::Evidence | FieldKind::Case(_)
    );
    !looked_up
}

/// Whether the register has a form for the public: it is open to them, and nothing that must be answered is not asked.
fn has_form(register: &Register) -> bool {
    let mut fields = register.fields.iter();
    is_public(register) && fields.all(|field| is_asked(field) || !field.required)
}

fn trust(identity: &Identity) -> Result<TrustId, Problem> {
    let trust = identity.trust.clone();
    trust.ok_or_else(|| Problem::new(Kind::NotFound))
}

pub(super) async fn list(
    State(app): State<App>,
    identity: Identity,
) -> Result<Html<String>, Problem> {
    app.store()?;
    let registers = app.registers();
    let open = registers.registers().iter().filter(|one| has_form(one));
    app.render(&PublicPage {
        trust: identity.trust_name,
        registers: open
            .map(|register| Line {
                href: format!("/public/{}", register.id),
                name: capitalised(&register.name),
                purpose: register.purpose.clone(),
            })
            .collect(),
    })
}

/// What the form asks and what came back.
struct Filled {
    schools: Vec<Item>,
    answers: Answers,
    fields: Vec<Asked>,
    /// Whether an answer is wrong.
    wrong: bool,
    /// Whether a question is new to whoever fills it in.
    more: bool,
}

pub(super) async fn form(
    State(app): State<App>,
    identity: Identity,
    Path(id): Path<String>,
) -> Result<Html<String>, Problem> {
    let registers = app.registers();
    let register = registers.register(&id).filter(|one| has_form(one));
    let register = register.ok_or(CaseError::NoSuchRegister)?;
    let filled = fill(&app, &trust(&identity)?, register, None).await?;
    app.render(&page(register, filled, String::new(), ""))
}

fn page(register: &Register, filled: Filled, school: String, school_error: &str) -> PublicFormPage {
    PublicFormPage {
        name: capitalised(&register.name),
        purpose: register.purpose.clone(),
        before: register.before.clone(),
        action: format!("/public/{}", register.id),
        schools: match filled.schools.len() {
            0 | 1 => Vec::new(),
            _ => filled.schools,
        },
        school,
        school_error: school_error.to_owned(),
        fields: filled.fields,
        more: filled.more,
    }
}

/// The questions, as far as the answers bring them up, each with what was typed and what is wrong with it.
async fn fill(
    app: &App,
    trust: &TrustId,
    register: &Register,
    typed: Option<&Pairs>,
) -> Result<Filled, Problem> {
    let library = app.library();
    let mut reader = app.store()?.read(trust);
    let schools = schools::all(&mut reader).await?.into_iter();
    let schools = schools.filter(|school| school.is_open(app.today()));
    let schools: Vec<Item> = schools
        .map(|school| Item::new(school.id.as_str(), school.details.name))
        .collect();
    let none = Pairs::new();
    let pairs = typed.unwrap_or(&none);
    let mut filled = Filled {
        schools,
        answers: Answers::new(),
        fields: Vec::new(),
        wrong: false,
        more: false,
    };
    for field in register.fields.iter().filter(|field| is_asked(field)) {
        let now = shown(&register.fields, &filled.answers);
        if !now.iter().any(|one| one.id == field.id) {
            continue;
        }
        let mut asked = Asked::of(field, pairs, library.platforms(), &filled.schools);
        let was_asked = pairs
            .iter()
            .any(|(name, value)| name == "asked" && *value == field.id);
        if typed.is_some() && !was_asked {
            filled.more = true;
        } else if typed.is_some() {
            let given = match read(field, pairs, library.platforms()) {
                Ok(given) => {
                    checked(&mut reader, field, given, &filled.answers, app.today()).await?
                }
                Err(what) => Err(what),
            };
            match given {
                Ok(given) if given.is_empty() => {}
                Ok(given) => {
                    filled.answers.insert(field.id.clone(), given);
                }
                Err(what) => {
                    asked.error = what;
                    filled.wrong = true;
                }
            }
        }
        filled.fields.push(asked);
    }
    Ok(filled)
}

/// Opens the case and shows the code of its receipt, this once.
pub(super) async fn send(
    State(app): State<App>,
    identity: Identity,
    extensions: Extensions,
    Path(id): Path<String>,
    Form(typed): Form<Pairs>,
) -> Result<Response, Problem> {
    let trust = trust(&identity)?;
    let registers = app.registers();
    let register = registers.register(&id).filter(|one| has_form(one));
    let register = register.ok_or(CaseError::NoSuchRegister)?;
    let filled = fill(&app, &trust, register, Some(&typed)).await?;
    let wanted = match filled.schools.as_slice() {
        [only] => only.value.clone(),
        _ => typed_in(&typed, "school"),
    };
    let school = filled.schools.iter().find(|school| school.value == wanted);
    let school: Option<SchoolId> = school.and_then(|school| school.value.parse().ok());
    let nowhere = school.is_none() && !filled.schools.is_empty();
    if filled.wrong || filled.more || nowhere {
        let error = if nowhere { "Choose a school" } else { "" };
        let page = page(register, filled, wanted, error);
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, app.render(&page)?).into_response());
    }
    let mut tx = app.store()?.begin(&trust).await?;
    let client = ClientAddress::of(&extensions).network();
    if !receipts::count(&mut tx, &trust, Counted::Sent, client).await? {
        return Err(Problem::new(Kind::TooManyRequests).detail(
            "Many forms came from your network within the hour. Wait an hour, or ring the school.",
        ));
    }
    let opening = Opening {
        register: id,
        school,
        answers: filled.answers,
        ..Opening::default()
    };
    let (_, code) = receipts::open_publicly(&mut tx, &app.engine(), &trust, opening).await?;
    tx.commit().await?;
    let page = SentPage {
        name: capitalised(&register.name),
        code,
    };
    Ok(app.render(&page)?.into_response())
}
