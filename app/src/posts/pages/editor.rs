//! Writing a post: the text, what it is, and the accounts that it goes to, with what the policy says while it is typed.

mod place;

use std::collections::BTreeSet;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use register::value::{AnswerFault, Answers};
use serde::Serialize;

use self::place::{choose, desk, open_to};
use super::super::screened::{OnRecord, screened};
use super::super::{PostError, REGISTER, pictures, platform, sending};
use super::{take, to_edit};
use crate::accounts::{self, answer};
use crate::authority::{Access, Actor, Routes};
use crate::cases::{self, Account, Case, CaseError, CaseId, Opening};
use crate::screening::Checked;
use crate::store::Tx;
use crate::web::App;
use crate::web::extract::{Path, Query};
use crate::web::page::{Page, Section};
use crate::web::problem::{Kind, Problem};
use crate::web::upload::Sent;

/// The questions of the register that the editor asks, in its order.
const FIELDS: [&str; 7] = [
    "title",
    "text",
    "kind",
    "own_advert",
    "has_link",
    "link_checked",
    "people",
];

/// `posts/edit.html`.
#[derive(Debug, Default, Serialize)]
pub(crate) struct EditorPage {
    action: String,
    back: String,
    new: bool,
    reference: String,
    /// The schools to choose from, where there are several.
    schools: Vec<Choice>,
    school: String,
    title: String,
    text: String,
    kind: String,
    own_advert: String,
    has_link: String,
    link_checked: String,
    people: String,
    corrects: String,
    accounts: Vec<Choice>,
    lengths: Vec<Length>,
    faults: Vec<(String, String)>,
    checked: Option<Checked>,
}

/// One of several to choose.
#[derive(Debug, Serialize)]
struct Choice {
    value: String,
    text: String,
    checked: bool,
    selected: bool,
}

/// How long a text is for a platform.
#[derive(Debug, Serialize)]
struct Length {
    account: String,
    count: usize,
    most: usize,
    over: bool,
}

impl Page for EditorPage {
    const TEMPLATE: &'static str = "posts/edit.html";
    const SECTION: Option<Section> = Some(Section::Home);

    fn samples() -> Vec<Self> {
        let choice = || Choice {
            value: "01k".into(),
            text: "Instagram: @ash.primary".into(),
            checked: true,
            selected: true,
        };
        let length = |over| Length {
            account: "Bluesky: @ash".into(),
            count: 280,
            most: 300,
            over,
        };
        let full = Self {
            action: "/posts/new".into(),
            back: "/posts".into(),
            new: true,
            schools: vec![choice()],
            school: "ash".into(),
            title: "Garden".into(),
            text: "The garden is open".into(),
            kind: "event".into(),
            has_link: "no".into(),
            people: "none".into(),
            accounts: vec![choice()],
            lengths: vec![length(true), length(false)],
            faults: vec![("title".into(), "Enter an answer".into())],
            checked: Some(Checked::sample(true)),
            ..Self::default()
        };
        let bare = Self {
            reference: "PST-2026-0001".into(),
            corrects: "PST-2026-0001".into(),
            checked: Some(Checked::sample(false)),
            ..Self::default()
        };
        vec![full, bare, Self::default()]
    }
}

pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/posts/new", Access::SignedIn, begin)
        .post("/posts/new", Access::SignedIn, open)
        .get("/posts/{case}/edit", Access::SignedIn, form)
        .post("/posts/{case}/edit", Access::SignedIn, save)
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
struct Begin {
    school: String,
    corrects: String,
}

async fn begin(
    State(app): State<App>,
    actor: Actor,
    Query(asked): Query<Begin>,
) -> Result<Html<String>, Problem> {
    let mut tx = app.store()?.begin(&actor.trust).await?;
    let corrected = match asked.corrects.is_empty() {
        true => None,
        false => {
            let store = tx.store().clone();
            let id = cases::by_reference(&mut tx, &actor, &store, &asked.corrects).await?;
            Some(super::sight(&mut tx, &actor, &id).await?.case)
        }
    };
    let school = corrected.as_ref().and_then(|post| post.school.clone());
    let named = school.map_or(asked.school, |school| school.to_string());
    let mut page = EditorPage {
        school: named,
        ..EditorPage::default()
    };
    let mut chosen = BTreeSet::new();
    if let Some(post) = &corrected {
        page.title = format!("Correction: {}", answer(post, "title"));
        page.text = answer(post, "text").to_owned();
        page.kind = "correction".to_owned();
        page.has_link = answer(post, "has_link").to_owned();
        page.people = answer(post, "people").to_owned();
        page.corrects.clone_from(&post.reference);
        let out = sending::of_post(&mut tx, &post.id).await?;
        chosen.extend(out.into_iter().map(|one| one.account));
    }
    let page = furnished(&mut tx, &app, &actor, page, &chosen).await?;
    tx.commit_unrecorded().await?;
    app.render(&page)
}

/// The page with what there is to choose.
async fn furnished(
    tx: &mut Tx,
    app: &App,
    actor: &Actor,
    mut page: EditorPage,
    chosen: &BTreeSet<CaseId>,
) -> Result<EditorPage, Problem> {
    let (schools, at) = desk(tx, actor, &page.school, app.today()).await?;
    let (library, today) = (app.library(), app.today());
    if page.reference.is_empty() {
        page.new = true;
        page.action = "/posts/new".to_owned();
        page.back = "/posts".to_owned();
        let several = schools
            .iter()
            .filter(|_| schools.len() > 1 && page.corrects.is_empty());
        page.schools = several
            .map(|school| Choice {
                value: school.id.to_string(),
                text: school.details.name.clone(),
                checked: false,
                selected: school.id == at.id,
            })
            .collect();
    }
    page.school = at.id.to_string();
    let open = open_to(tx, actor, &at.id, today).await?;
    for account in &open {
        let says = accounts::says(account, library.platforms());
        let on = Account::of(answer(account, "account"));
        let is_chosen = chosen.contains(&account.id);
        if let Some(room) = platform::room(&on.platform, &page.text).filter(|_| is_chosen) {
            page.lengths.push(Length {
                account: says.clone(),
                count: room.count,
                most: room.most,
                over: room.over,
            });
        }
        page.accounts.push(Choice {
            value: account.id.to_string(),
            text: says,
            checked: is_chosen,
            selected: false,
        });
    }
    Ok(page)
}

/// What the form sent: the answers to the register's questions, and the accounts.
fn read(sent: &Sent) -> (EditorPage, BTreeSet<CaseId>) {
    let value = |name: &str| sent.value(name).trim().to_owned();
    let accounts = sent.pairs.iter().filter(|(name, _)| name == "account");
    let accounts = accounts.filter_map(|(_, id)| id.parse().ok()).collect();
    let page = EditorPage {
        school: value("school"),
        title: value("title"),
        text: value("text"),
        kind: value("kind"),
        own_advert: value("own_advert"),
        has_link: value("has_link"),
        link_checked: value("link_checked"),
        people: value("people"),
        corrects: value("corrects"),
        ..EditorPage::default()
    };
    (page, accounts)
}

impl EditorPage {
    fn answers(&self) -> Answers {
        let mut answers = Answers::new();
        let mut give = |name: &str, value: &str, asked: bool| {
            if asked && !value.is_empty() {
                answers.insert(name.to_owned(), vec![value.to_owned()]);
            }
        };
        give("title", &self.title, true);
        give("text", &self.text, true);
        give("kind", &self.kind, true);
        give("own_advert", &self.own_advert, self.kind == "vacancy");
        give("has_link", &self.has_link, true);
        give("link_checked", &self.link_checked, self.has_link == "yes");
        give("people", &self.people, true);
        give(
            "corrects",
            &self.corrects,
            self.kind == "correction" && self.new,
        );
        answers
    }

    fn fault(&mut self, faults: &[AnswerFault]) {
        for name in FIELDS {
            for fault in faults.iter().filter(|fault| fault.field == name) {
                self.faults.push((name.to_owned(), fault.what.clone()));
            }
        }
    }
}

/// The page once more: with what is wrong, or with what the policy says of the text.
async fn again(
    mut tx: Tx,
    app: &App,
    actor: &Actor,
    (mut page, chosen): (EditorPage, BTreeSet<CaseId>),
    alts: Vec<String>,
) -> Result<Response, Problem> {
    page = furnished(&mut tx, app, actor, page, &chosen).await?;
    drop(tx);
    let school = page
        .school
        .parse()
        .map_err(|_| Problem::new(Kind::NotFound))?;
    let on_record = OnRecord {
        // Those that may be chosen are those on which they may post.
        may_post: !page.accounts.is_empty(),
        consented: false,
    };
    if !page.text.is_empty() || alts.iter().any(|alt| !alt.is_empty()) {
        page.checked = screened(app, actor, &school, (&page.text, alts), on_record).await?;
    }
    let status = match page.faults.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Ok((status, app.render(&page)?).into_response())
}

async fn open(State(app): State<App>, actor: Actor, request: Request) -> Result<Response, Problem> {
    let sent = Sent::read(request).await?;
    let (mut page, chosen) = read(&sent);
    page.new = true;
    let mut tx = app.store()?.begin(&actor.trust).await?;
    if sent.value("save").is_empty() {
        return again(tx, &app, &actor, (page, chosen), Vec::new()).await;
    }
    let (_, at) = desk(&mut tx, &actor, &page.school, app.today()).await?;
    let opening = Opening {
        register: REGISTER.to_owned(),
        school: Some(at.id.clone()),
        answers: page.answers(),
        ..Opening::default()
    };
    match cases::open(&mut tx, &app.engine(), &actor, opening).await {
        Ok(post) => {
            choose(&mut tx, &app, &actor, &post, chosen).await?;
            tx.commit().await?;
            Ok(Redirect::to(&format!("/posts/{}?done=saved", post.id)).into_response())
        }
        Err(CaseError::Answers(faults)) => {
            page.fault(&faults);
            drop(tx);
            let tx = app.store()?.begin(&actor.trust).await?;
            again(tx, &app, &actor, (page, chosen), Vec::new()).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn form(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<CaseId>,
) -> Result<Html<String>, Problem> {
    let mut tx = app.store()?.begin(&actor.trust).await?;
    let seen = to_edit(&mut tx, &actor, &id).await?;
    let value = |name: &str| answer(&seen.case, name).to_owned();
    let page = EditorPage {
        title: value("title"),
        text: value("text"),
        kind: value("kind"),
        own_advert: value("own_advert"),
        has_link: value("has_link"),
        link_checked: value("link_checked"),
        people: value("people"),
        ..of(&seen.case)
    };
    let chosen = sending::of_post(&mut tx, &id).await?;
    let chosen = chosen.into_iter().map(|one| one.account).collect();
    let page = furnished(&mut tx, &app, &actor, page, &chosen).await?;
    tx.commit_unrecorded().await?;
    app.render(&page)
}

/// The page of a post that is there.
fn of(post: &Case) -> EditorPage {
    EditorPage {
        action: format!("/posts/{}/edit", post.id),
        back: format!("/posts/{}", post.id),
        reference: post.reference.clone(),
        corrects: answer(post, "corrects").to_owned(),
        school: post
            .school
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
        ..EditorPage::default()
    }
}

async fn save(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<CaseId>,
    request: Request,
) -> Result<Response, Problem> {
    let sent = Sent::read(request).await?;
    let store = app.store()?;
    let mut tx = store.begin(&actor.trust).await?;
    let seen = to_edit(&mut tx, &actor, &id).await?;
    let (page, chosen) = read(&sent);
    let mut page = EditorPage {
        action: format!("/posts/{id}/edit"),
        back: format!("/posts/{id}"),
        reference: seen.case.reference.clone(),
        school: of(&seen.case).school,
        ..page
    };
    let alts = pictures::of_post(&mut tx, (store, &actor.trust), &id).await?;
    let alts: Vec<String> = alts.into_iter().map(|picture| picture.alt).collect();
    if sent.value("save").is_empty() {
        return again(tx, &app, &actor, (page, chosen), alts).await;
    }
    let answers = page.answers();
    match take(&mut tx, &app.engine(), &actor, &seen, ("edit", "", answers)).await {
        Ok(post) => {
            choose(&mut tx, &app, &actor, &post, chosen).await?;
            tx.commit().await?;
            Ok(Redirect::to(&format!("/posts/{id}?done=saved")).into_response())
        }
        Err(PostError::Case(CaseError::Answers(faults))) => {
            page.fault(&faults);
            drop(tx);
            let tx = store.begin(&actor.trust).await?;
            again(tx, &app, &actor, (page, chosen), alts).await
        }
        Err(error) => Err(error.into()),
    }
}
