//! What to do about replies, followers and direct messages: texts that move a private matter elsewhere, what the school's
//! policy says of following back and of messages, and the way to have abuse taken down.

use axum::extract::State;
use axum::response::Html;
use policy::situation::Given;
use serde::Serialize;
use serde_json::{Map, Value as Json, json};

use crate::ask::{Panel, ask_address};
use crate::authority::{Access, Actor, Routes};
use crate::policies::anchor;
use crate::schools;
use crate::web::App;
use crate::web::page::{Page, Section};
use crate::web::problem::Problem;

/// What a policy is asked: the words, and the facts.
const ASKED: [(&str, &str, &str); 4] = [
    (
        "Following a pupil back from an account of the school",
        "connect",
        "pupil",
    ),
    ("Following a parent or carer back", "connect", "parent"),
    ("Answering a pupil’s direct message", "message", "pupil"),
    (
        "Answering a parent’s or carer’s direct message",
        "message",
        "parent",
    ),
];

/// Texts for replies that move a matter elsewhere.
const TEXTS: [(&str, &str); 4] = [
    (
        "A question about one child",
        "Thank you for asking. We do not talk about individual children here, to look after their privacy. Please ring or \
         e-mail the school office, and somebody who knows will come back to you.",
    ),
    (
        "A complaint",
        "We are sorry to hear this, and want to put it right. Please write to the school office, or use the complaints form \
         on our website: there we can look into it properly.",
    ),
    (
        "A worry about a child’s safety",
        "Thank you for telling us. Please ring the school now and ask for the safeguarding lead; if a child is in danger at \
         this moment, ring 999.",
    ),
    (
        "A direct message",
        "Messages here are not read all day. Please ring or e-mail the school office, so that the right person sees it.",
    ),
];

/// `posts/replies.html`.
#[derive(Debug, Default, Serialize)]
pub(crate) struct RepliesPage {
    texts: Vec<(&'static str, &'static str)>,
    answers: Vec<Answered>,
}

/// What the policy says of one thing.
#[derive(Debug, Serialize)]
struct Answered {
    says: &'static str,
    panel: Panel,
    clauses: Vec<(String, String)>,
    ask: String,
}

impl Page for RepliesPage {
    const TEMPLATE: &'static str = "posts/replies.html";
    const SECTION: Option<Section> = Some(Section::Home);

    fn samples() -> Vec<Self> {
        let answered = Answered {
            says: "Following a pupil back",
            panel: Panel {
                standing: "prohibited",
                sign: "✗",
                title: "No, do not do this".into(),
                lines: vec!["You must also report it.".into()],
            },
            clauses: vec![("4.2".into(), "/policies/example#clause-4.2".into())],
            ask: "/ask/example/answer?act=connect".into(),
        };
        let full = Self {
            texts: TEXTS.into(),
            answers: vec![answered],
        };
        vec![full, Self::default()]
    }
}

pub(super) fn routes() -> Routes {
    Routes::new().get("/posts/replies", Access::SignedIn, show)
}

async fn show(State(app): State<App>, actor: Actor) -> Result<Html<String>, Problem> {
    let mut reader = app.store()?.read(&actor.trust);
    let school = schools::only_school_of(&mut reader, &actor).await?;
    let mut policy = None;
    if let Some(school) = school {
        let following = schools::policy_on(&mut reader, &school.id, app.today()).await?;
        policy = following.map(|following| following.policy);
    }
    let answers = policy.map(|policy| answered(&app, &policy));
    app.render(&RepliesPage {
        texts: TEXTS.into(),
        answers: answers.unwrap_or_default(),
    })
}

/// What a policy says of the things that arise on an account.
fn answered(app: &App, policy: &str) -> Vec<Answered> {
    let library = app.library();
    let (Some(table), vocabulary) = (library.table(policy), library.vocabulary()) else {
        return Vec::new();
    };
    let one = |(says, act, other): (&'static str, &str, &str)| {
        let facts =
            json!({ "act": act, "account": "official", "capacity": "official", "other": other });
        let facts: Map<String, Json> = facts.as_object().cloned()?;
        let given = Given::from_json(vocabulary, &Json::Object(facts.clone())).ok()?;
        let assumed = given.assumed(vocabulary);
        let situation = given.situation(vocabulary)?;
        let decision = table.decide(vocabulary, &situation, &assumed);
        let mut clauses: Vec<(String, String)> = Vec::new();
        for clause in &decision.decided_by {
            let href = format!("/policies/{policy}#{}", anchor(&clause.reference));
            if !clauses
                .iter()
                .any(|(printed, _)| *printed == clause.printed)
            {
                clauses.push((clause.printed.clone(), href));
            }
        }
        Some(Answered {
            says,
            panel: Panel::of(vocabulary, &decision),
            clauses,
            ask: ask_address(policy, vocabulary, &facts),
        })
    };
    ASKED.into_iter().filter_map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::{ASKED, answered};
    use crate::web::App;

    #[test]
    fn every_policy_answers_what_arises_on_an_account() {
        let app = App::sample();
        for policy in ["cmat", "link", "model", "stivichall", "tlt"] {
            assert_eq!(answered(&app, policy).len(), ASKED.len(), "{policy}");
        }
    }
}
