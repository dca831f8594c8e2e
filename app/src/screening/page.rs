//! *Check a post*: a draft, checked by the school's policy before anybody else sees it. Nothing of it is kept.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use screen::{Account, Audience, Draft};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use super::checked::{self, Checked};
use super::desk::{Desk, LONGEST};
use crate::ask::PolicyName;
use crate::authority::{Access, Actor, Routes};
use crate::schools::{self, School};
use crate::web::App;
use crate::web::extract::{Form, Query};
use crate::web::heavy::heavy;
use crate::web::page::{Page, Section};
use crate::web::problem::{Kind, Problem};

/// `screening/check.html`.
#[derive(Debug, Serialize)]
pub(crate) struct CheckPostPage {
    schools: Vec<Choice>,
    school: String,
    policy: Option<PolicyName>,
    text: String,
    alt: String,
    account: Account,
    audience: Audience,
    longest: usize,
    error: Option<String>,
    checked: Option<Checked>,
}

#[derive(Debug, Serialize)]
struct Choice {
    value: String,
    text: String,
    selected: bool,
}

/// What the form sends; the phone's share sheet sends a title and an address as well.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Sent {
    school: String,
    title: String,
    text: String,
    url: String,
    alt: String,
    account: Account,
    audience: Audience,
}

impl Page for CheckPostPage {
    const TEMPLATE: &'static str = "screening/check.html";
    const SECTION: Option<Section> = Some(Section::Ask);

    fn samples() -> Vec<Self> {
        let empty = || Self {
            schools: Vec::new(),
            school: "ash".into(),
            policy: Some(PolicyName::sample()),
            text: String::new(),
            alt: String::new(),
            account: Account::Personal,
            audience: Audience::Public,
            longest: LONGEST,
            error: None,
            checked: None,
        };
        let choice = Choice {
            value: "ash".into(),
            text: "Ash School".into(),
            selected: true,
        };
        let several = Self {
            schools: vec![choice],
            error: Some("Enter what you want to post".into()),
            ..empty()
        };
        let no_policy = Self {
            policy: None,
            ..empty()
        };
        let checked = [true, false].map(|found| Self {
            text: "Well done Ella Khan".into(),
            checked: Some(Checked::sample(found)),
            ..empty()
        });
        let [found, nothing] = checked;
        vec![empty(), several, no_policy, found, nothing]
    }
}

pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/check", Access::SignedIn, ask)
        .post("/check", Access::SignedIn, check)
}

#[derive(Deserialize)]
struct At {
    #[serde(default)]
    school: String,
}

async fn ask(
    State(app): State<App>,
    actor: Actor,
    Query(at): Query<At>,
) -> Result<Response, Problem> {
    let desk = Desk::of(&app, &actor, &at.school).await?;
    let sent = Sent::default();
    Ok(app
        .render(&desk.page(&app, &sent, None, None))?
        .into_response())
}

async fn check(
    State(app): State<App>,
    actor: Actor,
    Form(sent): Form<Sent>,
) -> Result<Response, Problem> {
    let desk = Desk::of(&app, &actor, &sent.school).await?;
    let sent = sent.joined();
    let wrong = match sent.text.chars().count() {
        _ if sent.text.trim().is_empty() && sent.alt.trim().is_empty() => {
            Some("Enter what you want to post".to_owned())
        }
        count if count > LONGEST => Some(format!(
            "What you want to post must be {LONGEST} characters or fewer; it has {count}"
        )),
        _ => None,
    };
    if wrong.is_some() {
        let page = app.render(&desk.page(&app, &sent, wrong, None))?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    let checked = desk.check(&app, &actor, sent.draft()).await?;
    Ok(app
        .render(&desk.page(&app, &sent, None, checked))?
        .into_response())
}

impl Sent {
    /// What a share sheet sends apart, in one text.
    fn joined(mut self) -> Self {
        let parts = [&self.title, &self.text, &self.url];
        let parts = parts.into_iter().filter(|part| !part.trim().is_empty());
        self.text = parts.map(String::as_str).collect::<Vec<_>>().join("\n");
        (self.title, self.url) = Default::default();
        self
    }

    fn draft(&self) -> Draft {
        let alts = self.alt.lines().filter(|line| !line.trim().is_empty());
        Draft {
            text: self.text.clone(),
            alts: alts.map(str::to_owned).collect(),
            account: self.account,
            audience: self.audience,
            ..Draft::default()
        }
    }
}

impl Desk {
    async fn check(
        &self,
        app: &App,
        actor: &Actor,
        draft: Draft,
    ) -> Result<Option<Checked>, Problem> {
        let (Some(school), Some(_)) = (&self.at, &self.policy) else {
            return Ok(None);
        };
        at_school(app, actor, school, (draft, Map::new())).await
    }

    fn page(
        &self,
        app: &App,
        sent: &Sent,
        error: Option<String>,
        checked: Option<Checked>,
    ) -> CheckPostPage {
        let at = self.at.as_ref().map(|school| school.id.as_str());
        let library = app.library();
        let table = self.policy.as_deref().and_then(|id| library.table(id));
        let several = self.schools.iter().filter(|_| self.schools.len() > 1);
        let choices = several.map(|school| Choice {
            value: school.id.to_string(),
            text: school.details.name.clone(),
            selected: at == Some(school.id.as_str()),
        });
        CheckPostPage {
            schools: choices.collect(),
            school: at.unwrap_or_default().to_owned(),
            policy: table.map(|table| {
                let school = self.at.as_ref().map(|school| school.details.name.as_str());
                PolicyName::at(table, school)
            }),
            text: sent.text.clone(),
            alt: sent.alt.clone(),
            account: sent.account,
            audience: sent.audience,
            longest: LONGEST,
            error,
            checked,
        }
    }
}

/// Checks a draft by the policy that a school follows today, against what the school knows of names; nothing where it
/// follows none that is here. `besides` is what is on record of the draft, as facts of the vocabulary.
///
/// # Errors
/// Where the store fails.
pub(crate) async fn at_school(
    app: &App,
    actor: &Actor,
    school: &School,
    (draft, besides): (Draft, Map<String, Json>),
) -> Result<Option<Checked>, Problem> {
    let mut reader = app.store()?.read(&actor.trust);
    let following = schools::policy_on(&mut reader, &school.id, app.today()).await?;
    let library = app.library();
    let policy = following.map(|following| following.policy);
    let Some(policy) = policy.filter(|id| library.table(id).is_some()) else {
        return Ok(None);
    };
    let known = Desk::known(app, actor, school).await?;
    heavy(move || {
        let table = library.table(&policy);
        let table = table.ok_or_else(|| Problem::new(Kind::NotFound))?;
        checked::check(&library, table, &known, (&draft, &besides)).map(Some)
    })
    .await
}
