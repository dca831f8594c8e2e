//! What was understood of somebody's own words, to correct or confirm. The words themselves go no further.

use axum::extract::State;
use axum::response::{Html, IntoResponse, Redirect, Response};
use serde::{Deserialize, Serialize};

use super::PolicyName;
use super::act::{self, TEXT_AT_MOST};
use super::facts::{Facts, Pairs, Told};
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
    let again = |error: String| {
        Ok(act::page(&app, &id, &Facts::default(), text, Some(error))?.into_response())
    };
    if text.is_empty() {
        return again("Say what you are about to do, or choose from the list".to_owned());
    }
    let length = text.chars().count();
    if length > TEXT_AT_MOST {
        return again(format!(
            "Use {TEXT_AT_MOST} characters or fewer; this has {length}"
        ));
    }
    let facts = Facts::of(vocabulary, &library.reader().read(vocabulary, text).given);
    if facts.is_empty() {
        return again(
            "We could not make that out. Say it in other words, or choose from the list".to_owned(),
        );
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
    let policy = PolicyName::of(find(&library, &id)?);
    let facts = Facts::read(vocabulary, &pairs, &[])?;
    app.render(&UnderstoodPage {
        policy,
        told: facts.told(vocabulary),
        query: facts.query(vocabulary, &[]),
    })
}
