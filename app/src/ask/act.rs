//! What do you want to do? In one's own words, or from the list of common acts.

use axum::extract::State;
use axum::response::Html;
use policy::vocabulary::Vocabulary;
use policy::words::capitalised;
use serde::Serialize;

use super::PolicyName;
use super::facts::{Facts, Pairs};
use super::here::Here;
use crate::policies::find;
use crate::web::App;
use crate::web::extract::{Path, Query};
use crate::web::page::{Page, Section};
use crate::web::problem::Problem;

/// The attribute that says what a person is about to do.
pub(crate) const ACT: &str = "act";
/// The longest text that is read, in characters.
pub(crate) const TEXT_AT_MOST: usize = 2_000;

/// `ask/act.html`.
#[derive(Debug, Serialize)]
pub(crate) struct ActPage {
    policy: PolicyName,
    headings: Vec<Heading>,
    text: String,
    text_at_most: usize,
    error: Option<String>,
}

/// Acts under one heading.
#[derive(Debug, Serialize)]
struct Heading {
    text: String,
    acts: Vec<Act>,
}

/// One common act.
#[derive(Debug, Serialize)]
struct Act {
    says: String,
    href: String,
}

impl Page for ActPage {
    const TEMPLATE: &'static str = "ask/act.html";
    const SECTION: Option<Section> = Some(Section::Ask);

    fn samples() -> Vec<Self> {
        let act = || Act {
            says: "use social media".into(),
            href: "/ask/example/question?act=use".into(),
        };
        let policy = |school: Option<&str>| PolicyName {
            school: school.map(str::to_owned),
            ..PolicyName::sample()
        };
        let page = |text: &str, error: Option<&str>| Self {
            policy: policy(error.map(|_| "Ash Primary School")),
            headings: vec![Heading {
                text: "At work".into(),
                acts: vec![act()],
            }],
            text: text.to_owned(),
            text_at_most: TEXT_AT_MOST,
            error: error.map(str::to_owned),
        };
        vec![
            page("", None),
            page("abc", Some("Say what you are about to do")),
        ]
    }
}

/// The page for what is known already.
pub(super) async fn choose(
    State(app): State<App>,
    Path(id): Path<String>,
    Query(pairs): Query<Pairs>,
) -> Result<Html<String>, Problem> {
    let facts = Facts::read(app.library().vocabulary(), &pairs, &[])?;
    page(&app, &id, &facts, "", None).await
}

/// The page, with the words to say again and what was wrong with them.
pub(super) async fn page(
    app: &App,
    id: &str,
    facts: &Facts,
    text: &str,
    error: Option<String>,
) -> Result<Html<String>, Problem> {
    let library = app.library();
    let here = Here::of_request(app).await?;
    let policy = PolicyName::of(find(&library, id)?, here.as_ref());
    let headings = headings(library.vocabulary(), id, facts);
    app.render(&ActPage {
        policy,
        headings,
        text: text.to_owned(),
        text_at_most: TEXT_AT_MOST,
        error,
    })
}

/// The acts in the vocabulary's order, under their headings.
fn headings(vocabulary: &Vocabulary, policy: &str, known: &Facts) -> Vec<Heading> {
    let Some((index, attribute)) = vocabulary.attribute(ACT) else {
        return Vec::new();
    };
    let mut headings: Vec<Heading> = Vec::new();
    for (value, one) in (0u8..).zip(&attribute.values) {
        let text = one.heading.clone().unwrap_or_default();
        let mut facts = known.clone();
        facts.tell(index, value);
        let href = format!("/ask/{policy}/question?{}", facts.query(vocabulary, &[]));
        let act = Act {
            says: capitalised(&one.says),
            href,
        };
        match headings.iter_mut().find(|h| h.text == text) {
            Some(heading) => heading.acts.push(act),
            None => headings.push(Heading {
                text,
                acts: vec![act],
            }),
        }
    }
    headings
}
