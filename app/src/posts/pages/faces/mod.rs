//! The faces on a picture of a post, one by one: who it is, or blurred. Works without scripts: the picture with numbered
//! frames, and beside it a list with one button for each answer.

mod mark;
mod page;
#[cfg(test)]
mod tests;

use std::str::FromStr as _;

use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Deserialize;

use super::super::faces::{self, Face, Who};
use super::super::pictures::{self, Picture};
use super::super::{PostError, photo};
use super::{sight, to_edit};
pub(crate) use page::FacesPage;
use page::{AT_MOST, found, page};

use crate::authority::{Access, Actor, Routes};
use crate::cases::{CaseId, Seen};
use crate::pupils::{PupilId, named_so};
use crate::store::Tx;
use crate::web::App;
use crate::web::extract::{Form, Path};
use crate::web::problem::{Kind, Problem};
use crate::web::upload::SentFile;

/// How wide the picture is where a missed face is marked by clicking on it.
const MARKED_AT: i64 = 600;

pub(super) fn routes() -> Routes {
    const FACES: &str = "/posts/{case}/pictures/{picture}/faces";
    const SMALL: &str = "/posts/{case}/pictures/{picture}/small";
    Routes::new()
        .get(FACES, Access::SignedIn, show)
        .post(FACES, Access::SignedIn, act)
        .get(SMALL, Access::SignedIn, small)
}

/// What the buttons of the page send.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Typed {
    face: String,
    act: String,
    pupil: String,
    q: String,
    size: String,
    left: String,
    top: String,
    /// Where the picture was clicked on, in its pixels as it is shown there.
    #[serde(rename = "at.x")]
    at_x: String,
    #[serde(rename = "at.y")]
    at_y: String,
}

/// A picture of a post, and its number among the others.
async fn one(
    tx: &mut Tx,
    actor: &Actor,
    (case, id): (&CaseId, &str),
) -> Result<(usize, Picture), PostError> {
    let store = tx.store().clone();
    let there = pictures::of_post(tx, (&store, &actor.trust), case).await?;
    let found = (1..).zip(there).find(|(_, one)| one.id.as_str() == id);
    found.ok_or(PostError::NotFound)
}

async fn show(
    State(app): State<App>,
    actor: Actor,
    Path((case, id)): Path<(CaseId, String)>,
) -> Result<Response, Problem> {
    let mut tx = app.store()?.begin(&actor.trust).await?;
    let seen = sight(&mut tx, &actor, &case).await?;
    let picture = one(&mut tx, &actor, (&case, &id)).await?;
    let page = page(&mut tx, &app, &seen, &picture).await?;
    tx.commit_unrecorded().await?;
    answered(&app, &actor, &picture.1, page).await
}

/// Whatever was asked for: once more the page, with what was found or what is missing, or done and back to the page.
async fn act(
    State(app): State<App>,
    actor: Actor,
    Path((case, id)): Path<(CaseId, String)>,
    Form(typed): Form<Typed>,
) -> Result<Response, Problem> {
    let mut tx = app.store()?.begin(&actor.trust).await?;
    let seen = to_edit(&mut tx, &actor, &case).await?;
    let picture = one(&mut tx, &actor, (&case, &id)).await?;
    let all = faces::on(&mut tx, &picture.1.id).await?;
    let face = all.iter().find(|face| face.id.as_str() == typed.face);
    // What is blurred stays so.
    let open = face.filter(|face| face.who != Who::Blurred);
    match (typed.act.as_str(), open) {
        ("find", Some(face)) => {
            let page = found(tx, &app, &seen, (&picture, face), &typed.q).await?;
            return answered(&app, &actor, &picture.1, page).await;
        }
        ("mark", _) => {
            let page = page(&mut tx, &app, &seen, &picture).await?;
            tx.commit_unrecorded().await?;
            return mark(&app, &actor, (&case, &picture.1), (page, &typed)).await;
        }
        ("blur", Some(face)) => {
            drop(tx);
            blur(
                &app,
                &actor,
                (&case, &picture.1),
                std::slice::from_ref(face),
            )
            .await?;
        }
        ("blur-rest", _) => {
            drop(tx);
            let rest = all.iter().filter(|face| face.who == Who::Unsaid).cloned();
            let rest: Vec<Face> = rest.collect();
            blur(&app, &actor, (&case, &picture.1), &rest).await?;
        }
        (act, Some(face)) => {
            let pupil = PupilId::from_str(&typed.pupil).ok();
            let said = match act {
                "pupil" => (Who::Pupil, pupil.as_ref()),
                "adult" => (Who::Adult, None),
                "nobody" => (Who::Nobody, None),
                "unmark" if !face.found => {
                    faces::remove(&mut tx, &actor, face).await?;
                    tx.commit().await?;
                    return Ok(back(&case, &picture.1));
                }
                _ => return Err(PostError::NotFound.into()),
            };
            if (face.who, face.pupil.as_ref()) == said {
                return Ok(back(&case, &picture.1));
            }
            if said.0 == Who::Pupil && !on_roll(&mut tx, &app, &seen, &typed).await? {
                return Err(PostError::NotFound.into());
            }
            faces::say(&mut tx, &actor, face, said).await?;
            tx.commit().await?;
        }
        (_, None) => return Err(PostError::NotFound.into()),
    }
    Ok(back(&case, &picture.1))
}

fn back(case: &CaseId, picture: &Picture) -> Response {
    Redirect::to(&format!("/posts/{case}/pictures/{}/faces", picture.id)).into_response()
}

/// Whether the pupil who was chosen is one of those that the name finds.
async fn on_roll(tx: &mut Tx, app: &App, seen: &Seen, typed: &Typed) -> Result<bool, Problem> {
    let school = seen.case.school.as_ref();
    let found = named_so(tx, school, app.today(), &typed.q, AT_MOST).await?;
    Ok(found.iter().any(|one| one.id.as_str() == typed.pupil))
}

/// Makes faces unknowable: a new file in the place of the old one, which is forgotten.
async fn blur(
    app: &App,
    actor: &Actor,
    (case, picture): (&CaseId, &Picture),
    which: &[Face],
) -> Result<(), Problem> {
    if which.is_empty() {
        return Ok(());
    }
    let (store, attachments) = (app.store()?, app.attachments()?);
    let kept = photo::kept(attachments, (store, &actor.trust), picture).await?;
    let places = which.iter().map(Face::place).collect();
    let file = SentFile::clean(photo::blurred(kept, places).await?);
    let file = file.receive(app, actor).await?;
    let file = file.map_err(|why| Problem::new(Kind::Unprocessable).detail(why))?;
    let mut tx = store.begin(&actor.trust).await?;
    to_edit(&mut tx, actor, case).await?;
    let (_, now) = one(&mut tx, actor, (case, picture.id.as_str())).await?;
    if now.attachment != picture.attachment {
        let why = "Somebody else changed the picture in the meantime. Look at it again.";
        return Err(Problem::new(Kind::Conflict).detail(why));
    }
    pictures::replace(&mut tx, attachments, actor, (&now, file)).await?;
    for face in faces::on(&mut tx, &now.id).await? {
        if which.iter().any(|one| one.id == face.id) {
            faces::say(&mut tx, actor, &face, (Who::Blurred, None)).await?;
        }
    }
    tx.commit().await?;
    Ok(())
}

/// Enters a face that the program missed.
async fn mark(
    app: &App,
    actor: &Actor,
    (case, picture): (&CaseId, &Picture),
    (mut page, typed): (FacesPage, &Typed),
) -> Result<Response, Problem> {
    sized(app, actor, picture, &mut page).await?;
    let side = |side: i64| u32::try_from(side).unwrap_or_default();
    let size = (side(page.width), side(page.height));
    let Some(place) = mark::place(typed, size, page.marked_at) else {
        page.mark_error = mark::NOT_MARKED.to_owned();
        return answered(app, actor, picture, page).await;
    };
    let mut tx = app.store()?.begin(&actor.trust).await?;
    to_edit(&mut tx, actor, case).await?;
    let (_, now) = one(&mut tx, actor, (case, picture.id.as_str())).await?;
    faces::enter(&mut tx, actor, &now, (&[place], false), size).await?;
    tx.commit().await?;
    Ok(back(case, picture))
}

/// The page as an answer; it says how large the picture is where no face says it.
async fn answered(
    app: &App,
    actor: &Actor,
    picture: &Picture,
    mut page: FacesPage,
) -> Result<Response, Problem> {
    sized(app, actor, picture, &mut page).await?;
    let wrong = !page.q_error.is_empty() || !page.mark_error.is_empty();
    let status = match wrong {
        true => StatusCode::UNPROCESSABLE_ENTITY,
        false => StatusCode::OK,
    };
    Ok((status, app.render(&page)?).into_response())
}

async fn sized(
    app: &App,
    actor: &Actor,
    picture: &Picture,
    page: &mut FacesPage,
) -> Result<(), Problem> {
    if page.width == 0 {
        let of = (app.store()?, &actor.trust);
        let kept = photo::kept(app.attachments()?, of, picture).await?;
        let (width, height) = photo::size(kept).await?;
        (page.width, page.height) = (width.into(), height.into());
    }
    let wide = page.width.min(MARKED_AT);
    page.marked_at = (wide, (page.height * wide / page.width.max(1)).max(1));
    Ok(())
}

/// The picture, small, for the page; kept by the browser of whoever may see it, under the name of its file.
async fn small(
    State(app): State<App>,
    actor: Actor,
    Path((case, id)): Path<(CaseId, String)>,
) -> Result<Response, Problem> {
    let store = app.store()?;
    let mut tx = store.begin(&actor.trust).await?;
    sight(&mut tx, &actor, &case).await?;
    let (_, picture) = one(&mut tx, &actor, (&case, &id)).await?;
    tx.commit_unrecorded().await?;
    let kept = photo::kept(app.attachments()?, (store, &actor.trust), &picture).await?;
    let jpeg = HeaderValue::from_static("image/jpeg");
    let cached = HeaderValue::from_static("private, max-age=600");
    let headers = [
        (header::CONTENT_TYPE, jpeg),
        (header::CACHE_CONTROL, cached),
    ];
    Ok((headers, photo::small(kept).await?).into_response())
}
