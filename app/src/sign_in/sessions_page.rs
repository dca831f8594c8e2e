//! One's own sessions: where one is signed in, and how to end that.

use axum::extract::State;
use axum::response::{Html, Redirect};
use jiff::Timestamp;
use serde::Serialize;

use super::again::own_account;
use super::me::session_of;
use super::session;
use crate::authority::{Access, Actor, Routes};
use crate::store::{Query as _, SessionId};
use crate::values;
use crate::web::App;
use crate::web::dates;
use crate::web::extract::Path;
use crate::web::page::{Page, Section};
use crate::web::problem::Problem;

/// `sign_in/sessions.html`.
#[derive(Debug, Default, Serialize)]
pub(crate) struct SessionsPage {
    sessions: Vec<Listed>,
}

#[derive(Debug, Serialize)]
struct Listed {
    id: SessionId,
    browser: String,
    began: String,
    seen: String,
    own: bool,
}

impl Page for SessionsPage {
    const TEMPLATE: &'static str = "sign_in/sessions.html";
    const SECTION: Option<Section> = Some(Section::Home);

    fn samples() -> Vec<Self> {
        let listed = |id: &str, own| {
            id.parse().ok().map(|id| Listed {
                id,
                browser: "Firefox on Windows".into(),
                began: "20 November 2026 at 9:00am".into(),
                seen: "20 November 2026 at 12:00pm".into(),
                own,
            })
        };
        let sessions = [listed("s1", true), listed("s2", false)];
        let sessions = sessions.into_iter().flatten().collect();
        vec![Self::default(), Self { sessions }]
    }
}

pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/me/sessions", Access::SignedIn, show)
        .post("/me/sessions/end-others", Access::SignedIn, end_others)
        .post("/me/sessions/{session}/end", Access::SignedIn, end)
}

async fn show(State(app): State<App>, actor: Actor) -> Result<Html<String>, Problem> {
    let account = own_account(&app, &actor).await?;
    let zone = app.clock().zoned().time_zone().clone();
    let now = app.clock().now();
    let rows = app
        .store()?
        .read(&actor.trust)
        .all(
            "SELECT id, agent, created_at, seen_at FROM session \
             WHERE trust = $1 AND person = $2 AND expires_at > $3 AND seen_at > $4 \
               AND replaced_at IS NULL \
             ORDER BY seen_at DESC, id",
            values![&account.person.id, now, now - session::IDLE],
        )
        .await?;
    let own = session_of(&actor);
    let mut sessions = Vec::new();
    for row in rows {
        let id: SessionId = row.get("id")?;
        sessions.push(Listed {
            own: own == Some(&id),
            id,
            browser: browser(&row.get::<String>("agent")?),
            began: dates::moment(row.get::<Timestamp>("created_at")?, &zone),
            seen: dates::moment(row.get::<Timestamp>("seen_at")?, &zone),
        });
    }
    app.render(&SessionsPage { sessions })
}

/// A browser's own name for itself, as people would say it.
fn browser(agent: &str) -> String {
    let named = |names: &[(&str, &'static str)]| {
        let found = names.iter().find(|(mark, _)| agent.contains(mark));
        found.map(|(_, name)| *name)
    };
    // Each pretends to be those after it.
    let browser = named(&[
        ("Edg", "Edge"),
        ("Firefox/", "Firefox"),
        ("CriOS/", "Chrome"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let system = named(&[
        ("Windows", "Windows"),
        ("CrOS", "a Chromebook"),
        ("Android", "Android"),
        ("iPhone", "an iPhone"),
        ("iPad", "an iPad"),
        ("Mac OS X", "a Mac"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(browser), None) => browser.to_owned(),
        (None, _) => "A browser that does not say its name".to_owned(),
    }
}

/// Ends one of one's own sessions; anybody else's is none.
async fn end(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<SessionId>,
) -> Result<Redirect, Problem> {
    let account = own_account(&app, &actor).await?;
    let mut tx = app.store()?.begin(&actor.trust).await?;
    let ended = tx
        .execute(
            "DELETE FROM session WHERE trust = $1 AND id = $2 AND person = $3",
            values![&id, &account.person.id],
        )
        .await?;
    if ended == 1 {
        session::about(&mut tx, &actor, &account.person.id, "sign-in.session-ended").await?;
        tx.commit().await?;
    }
    Ok(Redirect::to("/me/sessions"))
}

async fn end_others(State(app): State<App>, actor: Actor) -> Result<Redirect, Problem> {
    let account = own_account(&app, &actor).await?;
    let mut tx = app.store()?.begin(&actor.trust).await?;
    session::end_sessions(&mut tx, &actor, &account.person.id, session_of(&actor)).await?;
    tx.commit().await?;
    Ok(Redirect::to("/me/sessions"))
}

#[cfg(test)]
mod tests {
    use super::browser;

    #[test]
    fn browsers_are_named_as_people_say() {
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like \
                    Gecko) Chrome/120.0.0.0 Safari/537.36 Edg/120.0.0.0";
        assert_eq!(browser(edge), "Edge on Windows");
        let safari =
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Safari/604.1";
        assert_eq!(browser(safari), "Safari on an iPhone");
        assert_eq!(browser("curl/8"), "A browser that does not say its name");
    }
}
