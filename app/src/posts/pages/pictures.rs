//! The pictures of a post: added, described for those who cannot see them, taken away, given out.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use picture::Place;
use serde::Serialize;

use super::super::faces::{self, Who};
use super::super::pictures::{self, Picture};
use super::super::{PostError, photo};
use super::{sight, to_edit};
use crate::accounts::answer;
use crate::attachments::Received;
use crate::authority::{Access, Actor, Routes};
use crate::cases::{CaseId, Seen};
use crate::store::Tx;
use crate::web::App;
use crate::web::extract::Path;
use crate::web::page::{Page, Section};
use crate::web::problem::{Kind, Problem};
use crate::web::upload::{Sent, SentFile};

/// `posts/pictures.html`.
#[derive(Debug, Default, Serialize)]
pub(crate) struct PicturesPage {
    id: String,
    title: String,
    largest: String,
    pictures: Vec<Line>,
    file_error: String,
    alt_error: String,
}

#[derive(Debug, Serialize)]
struct Line {
    id: String,
    number: usize,
    alt: String,
    /// How many faces are on it, and of how many nobody has said who they are.
    faces: usize,
    unsaid: usize,
}

impl Page for PicturesPage {
    const TEMPLATE: &'static str = "posts/pictures.html";
    const SECTION: Option<Section> = Some(Section::Home);

    fn samples() -> Vec<Self> {
        let line = |alt: &str| Line {
            id: "01k".into(),
            number: 1,
            alt: alt.into(),
            faces: alt.len(),
            unsaid: alt.len(),
        };
        let full = Self {
            id: "01k".into(),
            title: "Garden".into(),
            largest: "25 MB".into(),
            pictures: vec![line("A garden"), line("")],
            file_error: "Choose a picture".into(),
            alt_error: "Say what is to be seen".into(),
        };
        vec![full, Self::default()]
    }
}

pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/posts/{case}/pictures", Access::SignedIn, show)
        .post("/posts/{case}/pictures", Access::SignedIn, add)
        .get(
            "/posts/{case}/pictures/{picture}",
            Access::SignedIn,
            download,
        )
        .post(
            "/posts/{case}/pictures/{picture}",
            Access::SignedIn,
            describe,
        )
        .post(
            "/posts/{case}/pictures/{picture}/remove",
            Access::SignedIn,
            remove,
        )
}

async fn page(tx: &mut Tx, app: &App, actor: &Actor, seen: &Seen) -> Result<PicturesPage, Problem> {
    let store = tx.store().clone();
    let there = pictures::of_post(tx, (&store, &actor.trust), &seen.case.id).await?;
    let faces = faces::of_post(tx, &seen.case.id).await?;
    let lines = there.into_iter().enumerate().map(|(at, picture)| {
        let on_it = faces.iter().filter(|face| face.picture == picture.id);
        Line {
            id: picture.id.to_string(),
            number: at + 1,
            alt: picture.alt,
            faces: on_it.clone().count(),
            unsaid: on_it.filter(|face| face.who == Who::Unsaid).count(),
        }
    });
    Ok(PicturesPage {
        id: seen.case.id.to_string(),
        title: answer(&seen.case, "title").to_owned(),
        largest: app.attachments()?.largest(),
        pictures: lines.collect(),
        ..PicturesPage::default()
    })
}

async fn show(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<CaseId>,
) -> Result<Html<String>, Problem> {
    let mut tx = app.store()?.begin(&actor.trust).await?;
    let seen = to_edit(&mut tx, &actor, &id).await?;
    let page = page(&mut tx, &app, &actor, &seen).await?;
    tx.commit_unrecorded().await?;
    app.render(&page)
}

async fn add(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<CaseId>,
    request: Request,
) -> Result<Response, Problem> {
    // Nobody makes the program work on pixels who may not change the post.
    let mut tx = app.store()?.begin(&actor.trust).await?;
    to_edit(&mut tx, &actor, &id).await?;
    tx.commit_unrecorded().await?;
    let mut sent = Sent::read(request).await?;
    let alt = sent.value("alt").trim().to_owned();
    let file = match sent.files.pop() {
        None => Err("Choose a picture".to_owned()),
        Some(file) if alt.is_empty() => Err(format!("Choose {} again", file.name())),
        Some(file) => cleaned(&app, &actor, file).await?,
    };
    let mut tx = app.store()?.begin(&actor.trust).await?;
    let seen = to_edit(&mut tx, &actor, &id).await?;
    match file {
        Ok((file, size, places)) => {
            let picture =
                pictures::add(&mut tx, app.attachments()?, &actor, &id, (file, &alt)).await?;
            faces::enter(&mut tx, &actor, &picture, (&places, true), size).await?;
            tx.commit().await?;
            // Whoever added it says at once who is on it.
            let to = format!("/posts/{id}/pictures/{}/faces", picture.id);
            Ok(Redirect::to(&to).into_response())
        }
        other => {
            let mut page = page(&mut tx, &app, &actor, &seen).await?;
            page.file_error = other.err().unwrap_or_default();
            if alt.is_empty() {
                page.alt_error = "Say what is to be seen on it".to_owned();
            }
            Ok((StatusCode::UNPROCESSABLE_ENTITY, app.render(&page)?).into_response())
        }
    }
}

/// What is kept of a file that was sent: the picture, its size and its faces; nothing else of it is written anywhere.
type Cleaned = (Received, (u32, u32), Vec<Place>);

async fn cleaned(
    app: &App,
    actor: &Actor,
    file: SentFile,
) -> Result<Result<Cleaned, String>, Problem> {
    let name = file.name().to_owned();
    let taken = match photo::take_in(file.into_bytes(), name).await? {
        Ok(taken) => taken,
        Err(why) => return Ok(Err(why)),
    };
    let size = (taken.file.width(), taken.file.height());
    let kept = SentFile::clean(taken.file).receive(app, actor).await?;
    Ok(kept.map(|kept| (kept, size, taken.faces)))
}

/// A picture of a post.
async fn one(
    tx: &mut Tx,
    actor: &Actor,
    (id, picture): (&CaseId, &str),
) -> Result<Picture, PostError> {
    let store = tx.store().clone();
    let there = pictures::of_post(tx, (&store, &actor.trust), id).await?;
    let mut there = there.into_iter();
    let found = there.find(|one| one.id.as_str() == picture);
    found.ok_or(PostError::NotFound)
}

async fn describe(
    State(app): State<App>,
    actor: Actor,
    Path((id, picture)): Path<(CaseId, String)>,
    request: Request,
) -> Result<Redirect, Problem> {
    let sent = Sent::read(request).await?;
    let mut tx = app.store()?.begin(&actor.trust).await?;
    to_edit(&mut tx, &actor, &id).await?;
    let before = one(&mut tx, &actor, (&id, &picture)).await?;
    match before.alt == sent.value("alt").trim() {
        true => tx.commit_unrecorded().await?,
        false => {
            pictures::describe(&mut tx, &actor, &before, sent.value("alt")).await?;
            tx.commit().await?;
        }
    }
    Ok(Redirect::to(&format!("/posts/{id}/pictures")))
}

async fn remove(
    State(app): State<App>,
    actor: Actor,
    Path((id, picture)): Path<(CaseId, String)>,
) -> Result<Redirect, Problem> {
    let mut tx = app.store()?.begin(&actor.trust).await?;
    to_edit(&mut tx, &actor, &id).await?;
    let picture = one(&mut tx, &actor, (&id, &picture)).await?;
    pictures::remove(&mut tx, app.attachments()?, &actor, &picture).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("/posts/{id}/pictures")))
}

async fn download(
    State(app): State<App>,
    actor: Actor,
    Path((id, picture)): Path<(CaseId, String)>,
) -> Result<Response, Problem> {
    let store = app.store()?;
    let mut tx = store.begin(&actor.trust).await?;
    sight(&mut tx, &actor, &id).await?;
    let picture = one(&mut tx, &actor, (&id, &picture)).await?;
    tx.commit_unrecorded().await?;
    let opened = app
        .attachments()?
        .open(store, &actor, &picture.attachment)
        .await
        .map_err(PostError::from)?;
    let opened = opened.ok_or_else(|| Problem::new(Kind::NotFound))?;
    Ok(opened.into_response())
}
