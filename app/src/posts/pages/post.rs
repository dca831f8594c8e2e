//! One post: how it looks on each account, who is in it, what the policy says, and what is to be done next.

mod to_mend;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use register::value::Answers;
use serde::{Deserialize, Serialize};

use self::to_mend::to_mend;
use super::super::consent_at::{self, Consent};
use super::super::screened::{OnRecord, screened};
use super::super::sending::{self, Sending, State as Stand};
use super::super::{PostError, hold, may_go, pictures, platform, pupils};
use super::{account_says, may, sees_to_it, sight, take};
use crate::accounts::answer;
use crate::authority::{Access, Actor, Routes};
use crate::cases::{CaseId, Seen};
use crate::screening::Checked;
use crate::store::Tx;
use crate::web::App;
use crate::web::dates;
use crate::web::extract::{Path, Query};
use crate::web::page::{Page, Section};
use crate::web::problem::Problem;

/// `posts/post.html`.
#[derive(Debug, Default, Serialize)]
pub(crate) struct PostPage {
    id: String,
    reference: String,
    title: String,
    state: String,
    /// Whether everything of the school is held.
    all_held: bool,
    goes_out: String,
    text: String,
    /// What was found when it was sent for approval: the standing, and the findings.
    standing: String,
    found: Vec<String>,
    /// What whoever looks at it is asked to do first.
    faults: Vec<String>,
    checked: Option<Checked>,
    corrects: String,
    accounts: Vec<AccountLine>,
    pictures: Vec<PictureLine>,
    pupils: Vec<PupilLine>,
    /// Whether it says that it shows or names pupils.
    with_pupils: bool,
    may: Vec<String>,
    /// Steps that are taken on the page of the case: their names and words.
    steps: Vec<(String, String)>,
    done: String,
}

/// One account that it goes to.
#[derive(Debug, Serialize)]
struct AccountLine {
    says: String,
    state: &'static str,
    why: String,
    when: String,
    address: String,
    hash: String,
    /// The page on which somebody sees to it, where there is something to see to.
    see_to: String,
    count: usize,
    most: Option<usize>,
    over: bool,
}

#[derive(Debug, Serialize)]
struct PictureLine {
    href: String,
    alt: String,
}

#[derive(Debug, Serialize)]
struct PupilLine {
    name: String,
    says: &'static str,
    may_not: String,
    mind: String,
}

impl Page for PostPage {
    const TEMPLATE: &'static str = "posts/post.html";
    const SECTION: Option<Section> = Some(Section::Home);

    fn samples() -> Vec<Self> {
        let account = |over: bool| AccountLine {
            says: "Instagram: @ash.primary".into(),
            state: "Published",
            why: "Because".into(),
            when: "20 November 2026 at 9am".into(),
            address: "https://instagram.com/p/abc".into(),
            hash: "0123456789abcdef".into(),
            see_to: "/posts/01k/sendings/01k".into(),
            count: 20,
            most: over.then_some(10),
            over,
        };
        let pupil = |may: bool| PupilLine {
            name: "Ella Khan".into(),
            says: "shown",
            may_not: if may { "" } else { "the family said no" }.into(),
            mind: if may { "No swimming" } else { "" }.into(),
        };
        let steps = [
            "edit",
            "submit",
            "approve",
            "schedule",
            "unschedule",
            "take-down",
            "correct",
            "ask-changes",
        ];
        let full = Self {
            id: "01k".into(),
            reference: "PST-2026-0001".into(),
            title: "Garden".into(),
            state: "Draft".into(),
            all_held: true,
            goes_out: "20 November 2026".into(),
            text: "The garden is open".into(),
            standing: "Prohibited".into(),
            found: vec!["A pupil’s full name: Ella Khan".into()],
            faults: vec!["Choose an account".into()],
            checked: Some(Checked::sample(true)),
            corrects: "PST-2026-0002".into(),
            accounts: vec![account(true), account(false)],
            pictures: vec![PictureLine {
                href: "/posts/01k/pictures/01k".into(),
                alt: "A garden".into(),
            }],
            pupils: vec![pupil(true), pupil(false)],
            with_pupils: true,
            may: steps.map(str::to_owned).into(),
            steps: vec![("hold".into(), "Hold it".into())],
            done: "saved".into(),
        };
        vec![full, Self::default()]
    }
}

pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/posts/{case}", Access::SignedIn, show)
        .post("/posts/{case}/submit", Access::SignedIn, submit)
        .post("/posts/{case}/approve", Access::SignedIn, approve)
        .post("/posts/{case}/unschedule", Access::SignedIn, unschedule)
}

/// Steps that this page has buttons or pages for.
const HERE: [&str; 7] = [
    "edit",
    "submit",
    "approve",
    "schedule",
    "unschedule",
    "take-down",
    "correct",
];

#[derive(Deserialize)]
struct Shown {
    #[serde(default)]
    done: String,
}

async fn show(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<CaseId>,
    Query(shown): Query<Shown>,
) -> Result<Response, Problem> {
    let mut tx = app.store()?.begin(&actor.trust).await?;
    let seen = sight(&mut tx, &actor, &id).await?;
    let mut page = page(&mut tx, &app, &actor, &seen).await?;
    tx.commit_unrecorded().await?;
    page.done = shown.done;
    Ok(app.render(&page)?.into_response())
}

async fn page(tx: &mut Tx, app: &App, actor: &Actor, seen: &Seen) -> Result<PostPage, PostError> {
    let post = &seen.case;
    let value = |name: &str| answer(post, name).to_owned();
    let sendings = sending::of_post(tx, &post.id).await?;
    let store = tx.store().clone();
    let pictures = pictures::of_post(tx, (&store, &actor.trust), &post.id).await?;
    let pictures = pictures.into_iter().map(|picture| PictureLine {
        href: format!("/posts/{}/pictures/{}", post.id, picture.id),
        alt: picture.alt,
    });
    let state = seen.rules.register().state(&post.state);
    let steps = seen.steps.iter().filter(|step| step.lacks.is_empty());
    let (here, there): (Vec<_>, Vec<_>) = steps.partition(|step| HERE.contains(&step.id.as_str()));
    let (standing, found) = (value("standing"), value("found"));
    let mut accounts = Vec::new();
    for sending in &sendings {
        accounts.push(account(tx, app, actor, seen, sending).await?);
    }
    Ok(PostPage {
        id: post.id.to_string(),
        reference: post.reference.clone(),
        title: value("title"),
        state: state.map_or_else(String::new, |state| state.says.clone()),
        all_held: hold::over(tx, post.school.as_ref()).await?.is_some(),
        goes_out: value("goes_out"),
        text: value("text"),
        standing,
        found: found.lines().map(str::to_owned).collect(),
        faults: Vec::new(),
        checked: None,
        corrects: value("corrects"),
        accounts,
        pictures: pictures.collect(),
        pupils: in_it(tx, app, seen).await?,
        with_pupils: value("people") == "some",
        may: here.iter().map(|step| step.id.clone()).collect(),
        steps: there
            .iter()
            .map(|step| (step.id.clone(), step.says.clone()))
            .collect(),
        done: String::new(),
    })
}

async fn account(
    tx: &mut Tx,
    app: &App,
    actor: &Actor,
    seen: &Seen,
    sending: &Sending,
) -> Result<AccountLine, PostError> {
    let library = app.library();
    let store = tx.store().clone();
    let of = (&store, &actor.trust);
    let says = account_says(tx, of, library.platforms(), &sending.account).await?;
    let on = may_go::account(tx, actor, &sending.account).await?;
    let on = on.map(|account| crate::cases::Account::of(answer(&account, "account")));
    let copy = sending.copy(tx, (&store, &actor.trust)).await?;
    let text = copy.as_ref().map_or_else(
        || answer(&seen.case, "text").to_owned(),
        |copy| copy.text.clone(),
    );
    let room = on.and_then(|on| platform::room(&on.platform, &text));
    let zone = store.clock().zoned().time_zone().clone();
    let at = sending.published_at.or(sending.due_at);
    let at = at.and_then(|at| jiff::Timestamp::from_millisecond(at).ok());
    let to_see_to = matches!(
        sending.state,
        Stand::HandedOver | Stand::Asked | Stand::Failed | Stand::Removing
    );
    Ok(AccountLine {
        says,
        state: sending.state.says(),
        why: sending.why.clone(),
        when: at.map_or_else(String::new, |at| dates::moment(at, &zone)),
        address: sending.address.clone().unwrap_or_default(),
        hash: sending.hash.clone().unwrap_or_default(),
        see_to: match to_see_to && sees_to_it(seen, actor) {
            true => format!("/posts/{}/sendings/{}", seen.case.id, sending.id),
            false => String::new(),
        },
        count: room.map_or(0, |room| room.count),
        most: room.map(|room| room.most),
        over: room.is_some_and(|room| room.over),
    })
}

/// The pupils in it, each with what consent says now.
async fn in_it(tx: &mut Tx, app: &App, seen: &Seen) -> Result<Vec<PupilLine>, PostError> {
    let (post, engine, today) = (&seen.case, app.engine(), app.today());
    let listed = pupils::of_post(tx, &post.id).await?;
    let consents = consent_at::of(tx, &engine, post.school.as_ref(), &listed, today).await?;
    let mut lines = Vec::new();
    for (one, consent) in listed.iter().zip(consents) {
        let (may_not, mind) = match consent {
            Consent::May(mind) => (String::new(), mind.unwrap_or_default()),
            Consent::MayNot(why) => (why, String::new()),
        };
        lines.push(PupilLine {
            name: may_go::name_of(tx, one).await?,
            says: one.says(),
            may_not,
            mind,
        });
    }
    Ok(lines)
}

async fn submit(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<CaseId>,
) -> Result<Response, Problem> {
    let mut tx = app.store()?.begin(&actor.trust).await?;
    let seen = sight(&mut tx, &actor, &id).await?;
    if !may(&seen, "submit") {
        return Err(PostError::NotTheirs.into());
    }
    let mut page = page(&mut tx, &app, &actor, &seen).await?;
    page.faults = to_mend(&mut tx, &app, &actor, (&seen, &page)).await?;
    let on_record = OnRecord {
        may_post: true,
        consented: !page.pupils.is_empty() && page.pupils.iter().all(|one| one.may_not.is_empty()),
    };
    let alts = page
        .pictures
        .iter()
        .map(|picture| picture.alt.clone())
        .collect();
    let checked = match &seen.case.school {
        Some(school) => screened(&app, &actor, school, (&page.text, alts), on_record).await?,
        None => None,
    };
    if let Some(checked) = checked.as_ref().filter(|checked| checked.is_prohibited()) {
        let title = &checked.panel.title;
        page.faults.push(format!(
            "The policy does not allow it as it stands: {title}. Mend what was found."
        ));
    }
    if !page.faults.is_empty() {
        page.checked = checked;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, app.render(&page)?).into_response());
    }
    let answers = kept(checked.as_ref());
    take(
        &mut tx,
        &app.engine(),
        &actor,
        &seen,
        ("submit", "", answers),
    )
    .await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("/posts/{id}?done=submitted")).into_response())
}

/// What is kept of the screening with the case: the standing with its clauses, and each finding.
fn kept(checked: Option<&Checked>) -> Answers {
    let Some(checked) = checked else {
        let none = "The school follows no policy here, so nothing was screened.".to_owned();
        return [("standing".to_owned(), vec![none])].into();
    };
    let printed = |clauses: &[crate::screening::ClauseLink]| {
        let printed: Vec<&str> = clauses
            .iter()
            .map(|clause| clause.printed.as_str())
            .collect();
        printed.join(", ")
    };
    let standing = match checked.clauses.is_empty() {
        true => checked.panel.title.clone(),
        false => format!("{}, by {}", checked.panel.title, printed(&checked.clauses)),
    };
    let found = checked.findings.iter().map(|finding| {
        let standing = finding.standing.as_deref().unwrap_or("nothing of its own");
        let clauses = printed(&finding.clauses);
        format!(
            "{} ({}): {} The policy says: {standing} {clauses}",
            finding.label,
            finding.sure.to_lowercase(),
            finding.words
        )
        .trim_end()
        .to_owned()
    });
    let found: Vec<String> = found.collect();
    let mut answers = Answers::from([("standing".to_owned(), vec![standing])]);
    let found = match found.is_empty() {
        true => "Nothing was found.".to_owned(),
        false => found.join("\n"),
    };
    answers.insert("found".to_owned(), vec![found]);
    answers
}

async fn approve(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<CaseId>,
) -> Result<Redirect, Problem> {
    let mut tx = app.store()?.begin(&actor.trust).await?;
    let seen = sight(&mut tx, &actor, &id).await?;
    take(
        &mut tx,
        &app.engine(),
        &actor,
        &seen,
        ("approve", "", Answers::new()),
    )
    .await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("/posts/{id}?done=approved")))
}

async fn unschedule(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<CaseId>,
) -> Result<Redirect, Problem> {
    let mut tx = app.store()?.begin(&actor.trust).await?;
    let seen = sight(&mut tx, &actor, &id).await?;
    take(
        &mut tx,
        &app.engine(),
        &actor,
        &seen,
        ("unschedule", "", Answers::new()),
    )
    .await?;
    sending::unplan(&mut tx, &actor, &id).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("/posts/{id}?done=unscheduled")))
}
