//! What was understood of somebody's own words, to correct or confirm. The words themselves go no further.

use axum::extract::State;
use axum::response::{Html, IntoResponse, Redirect, Response};
use serde::{Deserialize, Serialize};

use super::PolicyName;
use super::act::{self, TEXT_AT_MOST};
use super::facts::{Facts, Pairs, Told};
use super::here::Here;
use crate::authority::{Access, Routes};
use crate::policies::find;
use crate::web::App;
use crate::web::extract::{Form, Path, Query};
use crate::web::page::{Page, Section};
use crate::web::problem::Problem;

/// `ask/understood.html`.
#[derive(Debug, Serialize)]
pub(crate) struct UnderstoodPage {
    policy: PolicyName,
    told: Vec<Told>,
    query: String,
}

impl Page for UnderstoodPage {
    const TEMPLATE: &'static str = "ask/understood.html";
    const SECTION: Option<Section> = Some(Section::Ask);

    fn samples() -> Vec<Self> {
        let told = Told {
            label: "You are".into(),
            says: "a teacher".into(),
            id: "asker".into(),
        };
        vec![Self {
            policy: PolicyName::sample(),
            told: vec![told],
            query: "asker=teacher".into(),
        }]
    }
}

#[derive(Deserialize)]
struct Words {
    #[serde(default)]
    text: String,
}

pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/ask/{policy}", Access::Reading, act::choose)
        .post("/ask/{policy}", Access::Reading, read)
        .get("/ask/{policy}/understood", Access::Reading, understood)
}

/// Reads the words and leads on to what was understood, so that the words are in no address and no history.
async fn read(
    State(app): State<App>,
    Path(id): Path<String>,
    Form(words): Form<Words>,
) -> Result<Response, Problem> {
    let library = app.library();
    let vocabulary = library.vocabulary();
    find(&library, &id)?;
    let text = words.text.trim();
    let again = async |error: String| {
        let facts = Facts::default();
        let page = act::page(&app, &id, &facts, text, Some(error)).await?;
        Ok(page.into_response())
    };
    if text.is_empty() {
        return again("Say what you are about to do, or choose from the list".to_owned()).await;
    }
    let length = text.chars().count();
    if length > TEXT_AT_MOST {
        return again(format!(
            "Use {TEXT_AT_MOST} characters or fewer; this has {length}"
        ))
        .await;
    }
    let facts = Facts::of(vocabulary, &library.reader().read(vocabulary, text).given);
    if facts.is_empty() {
        return again(
            "We could not make that out. Say it in other words, or choose from the list".to_owned(),
        )
        .await;
    }
    let to = format!("/ask/{id}/understood?{}", facts.query(vocabulary, &[]));
    Ok(Redirect::to(&to).into_response())
}

async fn understood(
    State(app): State<App>,
    Path(id): Path<String>,
    Query(pairs): Query<Pairs>,
) -> Result<Html<String>, Problem> {
    let library = app.library();
    let vocabulary = library.vocabulary();
    let here = Here::of_request(&app).await?;
    let policy = PolicyName::of(find(&library, &id)?, here.as_ref());
    let facts = Facts::read(vocabulary, &pairs, &[])?;
    app.render(&UnderstoodPage {
        policy,
        told: facts.told(vocabulary),
        query: facts.query(vocabulary, &[]),
    })
}
