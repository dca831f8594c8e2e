//! Where a case begins: the school it is about, what the register is for, what to do first, which clauses it carries out.

use axum::extract::State;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use policy::library::Library;
use policy::words::capitalised;
use register::Register;
use serde::Serialize;

use super::asked::{Item, Pairs, typed_in};
use super::open::{Open, is_sensitive, may_open, opens};
use super::prefill::{prefilled, told};
use crate::authority::{Actor, Permit};
use crate::cases::rules::InForce;
use crate::cases::{self, CaseError, Decision, NewDraft};
use crate::policies::anchor;
use crate::schools::calendar::{self, BandKind};
use crate::schools::{self, ContactRole};
use crate::store::{Reader, SchoolId};
use crate::web::App;
use crate::web::extract::{Form, Path, Query};
use crate::web::form::Hidden;
use crate::web::page::{Page, Section};
use crate::web::problem::Problem;

/// `cases/opening/school.html`.
#[derive(Debug, Serialize)]
pub(crate) struct SchoolPage {
    id: String,
    name: String,
    schools: Vec<Item>,
    hidden: Vec<Hidden>,
    error: String,
}

/// `cases/opening/start.html`.
#[derive(Debug, Serialize)]
pub(crate) struct StartPage {
    id: String,
    name: String,
    purpose: String,
    before: Vec<String>,
    school: String,
    urgent: Option<Urgent>,
    decision: Option<Decision>,
    clauses: Vec<ClauseLine>,
    questions: usize,
    hidden: Vec<Hidden>,
}

/// Whom to ring rather than write to.
#[derive(Debug, Serialize)]
struct Urgent {
    /// Whether the school is closed at this hour.
    closed: bool,
    contacts: Vec<ContactLine>,
}

/// Somebody to ring.
#[derive(Debug, Serialize)]
struct ContactLine {
    role: &'static str,
    name: String,
    phone: String,
    email: String,
}

/// A clause that a register or a question carries out.
#[derive(Clone, Debug, Serialize)]
pub(super) struct ClauseLine {
    pub(super) printed: String,
    pub(super) says: String,
    pub(super) href: String,
}

impl ClauseLine {
    pub(super) fn sample() -> Self {
        Self {
            printed: "4.2.1".into(),
            says: "Declare relationships.".into(),
            href: "/policies/example#clause-4.2.1".into(),
        }
    }
}

impl Page for SchoolPage {
    const TEMPLATE: &'static str = "cases/opening/school.html";
    const SECTION: Option<Section> = Some(Section::Home);

    fn samples() -> Vec<Self> {
        let page = |count: usize, error: &str| Self {
            id: "declaration".into(),
            name: "Declaration of a relationship".into(),
            schools: (0..count)
                .map(|n| Item::new(format!("s{n}"), format!("School {n}")))
                .collect(),
            hidden: vec![Hidden::new("act", "x")],
            error: error.into(),
        };
        vec![
            page(2, ""),
            page(2, "Choose a school"),
            page(20, "Choose a school"),
        ]
    }
}

impl Page for StartPage {
    const TEMPLATE: &'static str = "cases/opening/start.html";
    const SECTION: Option<Section> = Some(Section::Home);

    fn samples() -> Vec<Self> {
        let contact = ContactLine {
            role: "Head",
            name: "Kate Adeyemi".into(),
            phone: "01632 960001".into(),
            email: "head@example.org".into(),
        };
        let bare = ContactLine {
            role: "Head",
            name: "Kate Adeyemi".into(),
            phone: String::new(),
            email: String::new(),
        };
        let page = |urgent| Self {
            id: "declaration".into(),
            name: "Declaration of a relationship".into(),
            purpose: "Say whom you know.".into(),
            before: vec!["Think first.".into()],
            school: "Ash School".into(),
            urgent,
            decision: Some(Decision {
                address: "/ask/example/answer?act=x".into(),
                policy: "Social media policy, Example School".into(),
                version: "0123".into(),
                says: "Better not".into(),
            }),
            clauses: vec![ClauseLine::sample()],
            questions: 3,
            hidden: vec![Hidden::new("school", "ash")],
        };
        let urgent = |closed, contacts| Some(Urgent { closed, contacts });
        vec![
            page(urgent(true, vec![contact, bare])),
            page(urgent(false, Vec::new())),
            Self {
                before: Vec::new(),
                school: String::new(),
                decision: None,
                clauses: Vec::new(),
                questions: 1,
                ..page(None)
            },
        ]
    }
}

/// The value by which the trust as a whole is chosen.
const WHOLE_TRUST: &str = "*";

/// The places where somebody may open a case of the register, each with its name.
async fn places(
    app: &App,
    query: &mut Reader,
    actor: &Actor,
    register: &Register,
) -> Result<Vec<(Option<SchoolId>, String)>, Problem> {
    let everywhere = actor.roles.iter().any(|held| held.school.is_none());
    let mut places = Vec::new();
    for school in schools::all(query).await? {
        let mine = actor
            .roles
            .iter()
            .any(|held| held.school.as_ref() == Some(&school.id));
        if (mine || everywhere) && school.is_open(app.today()) {
            let at = (register, Some(&school.id));
            if may_open(query, &app.engine(), actor, at, app.today()).await? {
                places.push((Some(school.id), school.details.name));
            }
        }
    }
    if everywhere && may_open(query, &app.engine(), actor, (register, None), app.today()).await? {
        places.push((None, "The trust as a whole".to_owned()));
    }
    Ok(places)
}

/// The place that was chosen, or the only one there is.
fn chosen(
    places: &[(Option<SchoolId>, String)],
    wanted: &str,
) -> Option<(Option<SchoolId>, String)> {
    if let [only] = places {
        return Some(only.clone());
    }
    let is_wanted = |place: &&(Option<SchoolId>, String)| value_of(place) == wanted;
    places.iter().find(is_wanted).cloned()
}

fn value_of(place: &(Option<SchoolId>, String)) -> &str {
    place.0.as_ref().map_or(WHOLE_TRUST, SchoolId::as_str)
}

pub(super) async fn show(
    State(app): State<App>,
    permit: Permit,
    Path(id): Path<String>,
    Query(pairs): Query<Pairs>,
) -> Result<Html<String>, Problem> {
    let (store, actor) = (app.store()?, permit.actor());
    let mut reader = store.read(&actor.trust);
    let registers = app.registers();
    let register = registers.register(&id).ok_or(CaseError::NoSuchRegister)?;
    let places = places(&app, &mut reader, actor, register).await?;
    if places.is_empty() {
        return Err(CaseError::NoSuchRegister.into());
    }
    let told = told(&app.library(), &pairs);
    let asked_for = pairs.iter().any(|(name, _)| name == "asked");
    let Some((school, school_name)) = chosen(&places, &typed_in(&pairs, "school")) else {
        let error = if asked_for {
            "Choose what it is about"
        } else {
            ""
        };
        return app.render(&SchoolPage {
            id,
            name: capitalised(&register.name),
            schools: places
                .iter()
                .map(|place| Item::new(value_of(place), &place.1))
                .collect(),
            hidden: told.hidden(),
            error: error.to_owned(),
        });
    };
    let at = (register.id.as_str(), school.as_ref());
    let rules = opens(&mut reader, &app.engine(), actor, at, app.today()).await?;
    let urgent = match &school {
        Some(school) if is_sensitive(register) => Some(urgent(&app, &mut reader, school).await?),
        _ => None,
    };
    let mut hidden = told.hidden();
    hidden.push(Hidden::new(
        "school",
        school.as_ref().map_or(WHOLE_TRUST, SchoolId::as_str),
    ));
    let begun = prefilled(&app, &mut reader, &rules, &told.facts).await?;
    app.render(&StartPage {
        id,
        name: capitalised(&register.name),
        purpose: register.purpose.clone(),
        before: register.before.clone(),
        school: school_name,
        urgent,
        decision: told.decision,
        clauses: clauses(&app.library(), &rules, register.carried_out()),
        questions: register::value::shown(&register.fields, &begun).len(),
        hidden,
    })
}

/// Begins the form: with what an asked situation tells already.
pub(super) async fn begin(
    State(app): State<App>,
    permit: Permit,
    Path(id): Path<String>,
    Form(pairs): Form<Pairs>,
) -> Result<Response, Problem> {
    let (store, actor) = (app.store()?, permit.actor());
    let mut reader = store.read(&actor.trust);
    let registers = app.registers();
    let register = registers.register(&id).ok_or(CaseError::NoSuchRegister)?;
    let places = places(&app, &mut reader, actor, register).await?;
    let Some((school, _)) = chosen(&places, &typed_in(&pairs, "school")) else {
        return match places.is_empty() {
            true => Err(CaseError::NoSuchRegister.into()),
            false => Ok(Redirect::to(&format!("/registers/{id}")).into_response()),
        };
    };
    let at = (register.id.as_str(), school.as_ref());
    let rules = opens(&mut reader, &app.engine(), actor, at, app.today()).await?;
    let told = told(&app.library(), &pairs);
    let new = NewDraft {
        register: id,
        school,
        answers: prefilled(&app, &mut reader, &rules, &told.facts).await?,
        decision: told.decision,
    };
    let mut tx = store.begin(&actor.trust).await?;
    let draft = cases::begin(&mut tx, actor, new).await?;
    // A form that was begun is no record yet.
    tx.commit_unrecorded().await?;
    let open = Open { draft, rules };
    let first = open
        .questions()
        .first()
        .map(|field| format!("/{}", field.id));
    let to = format!("/drafts/{}{}", open.draft.id, first.unwrap_or_default());
    Ok(Redirect::to(&to).into_response())
}

/// The clauses of the school's policy among some, each once and in our words.
pub(super) fn clauses<'c>(
    library: &Library,
    rules: &InForce,
    carried_out: impl Iterator<Item = &'c register::ClauseRef>,
) -> Vec<ClauseLine> {
    let policy = rules.version.policy.as_deref();
    let Some(table) = policy.and_then(|policy| library.table(policy)) else {
        return Vec::new();
    };
    let policy = table.policy();
    let mut lines: Vec<ClauseLine> = Vec::new();
    let named = carried_out.filter(|clause| clause.policy == policy.id);
    for clause in named.filter_map(|clause| policy.clause(&clause.clause)) {
        let href = format!("/policies/{}#{}", policy.id, anchor(&clause.reference));
        if !lines.iter().any(|line| line.href == href) {
            lines.push(ClauseLine {
                printed: clause.printed.clone(),
                says: clause.says.clone(),
                href,
            });
        }
    }
    lines
}

/// Whom to ring about a child at risk: those of the school first while it is open, those outside it first while it is not.
async fn urgent(app: &App, query: &mut Reader, school: &SchoolId) -> Result<Urgent, Problem> {
    let found = schools::find(query, school).await?;
    let now = app.clock().zoned().datetime();
    let closed = match &found {
        Some(school) => {
            let calendar = calendar::calendar(query, school).await?;
            let outside = calendar.band_at(now) == BandKind::Outside;
            // A school that has not said when its day begins and ends has an ordinary one.
            let at_work = (8..17).contains(&now.hour());
            outside
                && (calendar.week().is_known() || !calendar.is_school_day(now.date()) || !at_work)
        }
        None => false,
    };
    let order: [ContactRole; 4] = match closed {
        true => [
            ContactRole::ChildrensServices,
            ContactRole::Lado,
            ContactRole::SafeguardingLead,
            ContactRole::Head,
        ],
        false => [
            ContactRole::SafeguardingLead,
            ContactRole::Head,
            ContactRole::ChildrensServices,
            ContactRole::Lado,
        ],
    };
    let all = schools::contacts(query, school, app.today()).await?;
    let of_role = |role: &ContactRole| {
        let role = *role;
        all.iter()
            .filter(move |contact| contact.details.role == role)
    };
    let line = |contact: &schools::Contact| ContactLine {
        role: contact.details.role.label(),
        name: contact.details.name.clone(),
        phone: contact.details.phone.clone().unwrap_or_default(),
        email: contact.details.email.clone().unwrap_or_default(),
    };
    let contacts = order.iter().flat_map(of_role).map(line).collect();
    Ok(Urgent { closed, contacts })
}
