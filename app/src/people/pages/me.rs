//! What the trust holds of whoever has signed in.

use axum::extract::State;
use axum::response::Html;
use serde::Serialize;

use super::After;
use super::shown::{About, about, led_by};
use crate::authority::{Action, Actor};
use crate::people;
use crate::web::App;
use crate::web::extract::Query;
use crate::web::page::{Page, Section};
use crate::web::problem::{Kind, Problem};

/// `people/me.html`.
#[derive(Serialize)]
pub(crate) struct MePage {
    done: &'static str,
    about: About,
    leads: Vec<String>,
    may_delegate: bool,
}

impl Page for MePage {
    const TEMPLATE: &'static str = "people/me.html";
    const SECTION: Option<Section> = None;

    fn samples() -> Vec<Self> {
        let page = |full: bool| Self {
            done: if full {
                "Your roles were handed over"
            } else {
                ""
            },
            about: About::sample(full),
            leads: match full {
                true => vec!["Bea Mensah".to_owned()],
                false => Vec::new(),
            },
            may_delegate: full,
        };
        vec![page(false), page(true)]
    }
}

pub(super) async fn show(
    State(app): State<App>,
    actor: Actor,
    Query(after): Query<After>,
) -> Result<Html<String>, Problem> {
    let own = actor.person.clone();
    let own = own.ok_or_else(|| Problem::new(Kind::NotFound))?;
    let today = app.today();
    let mut reader = app.store()?.read(&actor.trust);
    let person = people::find(&mut reader, &own).await?;
    let person = person.ok_or_else(|| Problem::new(Kind::NotFound))?;
    let may_delegate =
        actor.permit(Action::Delegate).is_some() && !people::may_hand_on(&person, today).is_empty();
    app.render(&MePage {
        done: after.says(),
        about: about(&mut reader, &person, &actor, today).await?,
        leads: led_by(&mut reader, &own, today).await?,
        may_delegate,
    })
}
