//! The files that answer a question: taken in as they arrive, taken away again, before the way leads on.

use axum::extract::{FromRequest as _, Multipart, Request};
use axum::response::{IntoResponse as _, Redirect, Response};
use register::Field;

use super::asked::Pairs;
use super::open::Open;
use super::question::wrong;
use crate::attachments::AttachmentError;
use crate::authority::Permit;
use crate::cases::{CaseError, evidence};
use crate::web::App;
use crate::web::problem::{Kind, Problem};

/// What was pressed on a page of files.
#[derive(Default)]
struct Pressed {
    checking: bool,
    /// The file to take away.
    remove: String,
    /// Whether to stay on the page.
    stay: bool,
}

/// Takes files in or away, and goes on.
pub(super) async fn save_files(
    app: &App,
    permit: &Permit,
    open: &Open,
    field: &Field,
    request: Request,
) -> Result<Response, Problem> {
    let broken =
        |_| Problem::new(Kind::BadRequest).detail("The form did not arrive whole. Send it again.");
    let mut form = Multipart::from_request(request, app).await.map_err(|_| {
        Problem::new(Kind::BadRequest).detail("Send the files with the form of this page.")
    })?;
    let (mut pressed, mut faults) = (Pressed::default(), Vec::new());
    while let Some(part) = form.next_field().await.map_err(broken)? {
        let part_name = part.name().unwrap_or_default().to_owned();
        match part_name.as_str() {
            "then" => pressed.checking = part.text().await.map_err(broken)? == "check",
            "remove" => pressed.remove = part.text().await.map_err(broken)?,
            "do" => pressed.stay = part.text().await.map_err(broken)? == "add",
            // A field in which no file was chosen comes with an empty name.
            name if name == field.id => {
                if let Some(file) = part.file_name().filter(|file| !file.is_empty()) {
                    let file = file.to_owned();
                    faults.extend(take_in(app, permit, open, field, (&file, part)).await?);
                }
            }
            _ => {}
        }
    }
    if let Ok(file) = pressed.remove.parse() {
        let actor = permit.actor();
        let mut tx = app.store()?.begin(&actor.trust).await?;
        let at = (&open.draft.id, field.id.as_str());
        evidence::remove(&mut tx, app.attachments()?, actor, at, &file).await?;
        tx.commit_unrecorded().await?;
        pressed.stay = true;
    }
    let open = Open::find(app, permit, &open.draft.id).await?;
    let none = !open.draft.answers.contains_key(&field.id);
    if faults.is_empty() && !pressed.stay && field.required && none {
        faults.push("Choose at least one file, then add it".to_owned());
    }
    if !faults.is_empty() {
        let typed = (&Pairs::new(), pressed.checking);
        return wrong(app, permit, &open, field, typed, faults.join(". ")).await;
    }
    let to = match (pressed.stay, pressed.checking) {
        (false, checking) => open.after(&field.id, checking),
        (true, false) => format!("/drafts/{}/{}", open.draft.id, field.id),
        (true, true) => format!("/drafts/{}/{}?then=check", open.draft.id, field.id),
    };
    Ok(Redirect::to(&to).into_response())
}

/// Takes a file in: hashed and timed as it arrives. Gives what is wrong with it, if something is.
async fn take_in(
    app: &App,
    permit: &Permit,
    open: &Open,
    field: &Field,
    (name, part): (&str, axum::extract::multipart::Field<'_>),
) -> Result<Option<String>, Problem> {
    let (store, actor, files) = (app.store()?, permit.actor(), app.attachments()?);
    let received = match files.receive(store, &actor.trust, name, part).await {
        Ok(received) => received,
        Err(
            fault @ (AttachmentError::Refused(_)
            | AttachmentError::TooLarge { .. }
            | AttachmentError::NoRoom
            | AttachmentError::Interrupted(_)),
        ) => return Ok(Some(format!("{name}: {fault}"))),
        Err(other) => return Err(CaseError::from(other).into()),
    };
    let mut tx = store.begin(&actor.trust).await?;
    let at = (&open.draft.id, field.id.as_str());
    evidence::keep(&mut tx, files, actor, at, received).await?;
    tx.commit().await?;
    Ok(None)
}
