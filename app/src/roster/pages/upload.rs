//! Taking the form with the files.

use axum::extract::multipart::MultipartRejection;
use axum::extract::{Multipart, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use roster::{Files, Format};

use super::{start::StartPage, to, unprocessable};
use crate::authority::Permit;
use crate::roster::import::Mode;
use crate::roster::{RosterError, Taken, Work, take_in};
use crate::web::App;
use crate::web::problem::{Kind, Problem};

/// The fields of the form.
struct Sent {
    files: Files,
    mode: Option<Mode>,
    format: Option<Format>,
}

pub(super) async fn upload(
    State(app): State<App>,
    permit: Permit,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Response, Problem> {
    let form = form.map_err(|_| {
        Problem::new(Kind::BadRequest).detail("Send the files with the form of this page.")
    })?;
    let sent = match sent(form).await? {
        Ok(sent) => sent,
        Err(errors) => {
            let page = StartPage::wrong(Mode::FileWins, errors);
            return Ok(unprocessable(app.render(&page)?));
        }
    };
    let Some(mode) = sent.mode else {
        let page = StartPage::missing(
            Mode::FileWins,
            "mode",
            "Choose what happens where the file and Probity differ".to_owned(),
        );
        return Ok(unprocessable(app.render(&page)?));
    };
    if sent.files.names().next().is_none() {
        let page = StartPage::missing(mode, "files", "Choose at least one file".to_owned());
        return Ok(unprocessable(app.render(&page)?));
    }
    match take_in(
        app.store()?,
        &permit,
        sent.files,
        (mode, Work::Queued),
        sent.format,
    )
    .await
    {
        Ok(Taken::Roster(id)) => Ok(to(&id)),
        Ok(Taken::List(id)) => Ok(Redirect::to(&format!("/roster/{id}/columns")).into_response()),
        Err(RosterError::Roster(errors)) => {
            Ok(unprocessable(app.render(&StartPage::wrong(mode, errors))?))
        }
        Err(other) => Err(other.into()),
    }
}

async fn sent(mut form: Multipart) -> Result<Result<Sent, roster::RosterErrors>, Problem> {
    let broken =
        |_| Problem::new(Kind::BadRequest).detail("The form did not arrive whole. Send it again.");
    let mut sent = Sent {
        files: Files::new(),
        mode: None,
        format: None,
    };
    while let Some(field) = form.next_field().await.map_err(broken)? {
        match field.name() {
            Some("mode") => sent.mode = Mode::named(&field.text().await.map_err(broken)?),
            Some("format") => {
                sent.format = match field.text().await.map_err(broken)?.as_str() {
                    "one-roster" => Some(Format::OneRoster),
                    "school-data-sync" => Some(Format::SchoolDataSync),
                    "list" => Some(Format::Mapped),
                    _ => None,
                };
            }
            Some("files") => {
                let name = field.file_name().unwrap_or_default().to_owned();
                let bytes = field.bytes().await.map_err(broken)?;
                // A field in which no file was chosen comes with an empty name.
                if !name.is_empty()
                    && let Err(error) = sent.files.add(&name, bytes.to_vec())
                {
                    return Ok(Err(error.into()));
                }
            }
            _ => {}
        }
    }
    Ok(Ok(sent))
}
