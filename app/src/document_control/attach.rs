//! Attaching the approved document to the version in force, and giving it out.

use std::collections::BTreeMap;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use policy::import;
use policy::policy_file::Policy;
use serde::Serialize;

use super::document::{self, DocumentError, document_of};
use super::page::File;
use crate::authority::{Denied, Identity, Permit, Place};
use crate::policies;
use crate::schools;
use crate::store::Query;
use crate::web::App;
use crate::web::extract::Path;
use crate::web::page::{Page, Section};
use crate::web::problem::{Kind, Problem};
use crate::web::upload::Sent;

/// `document_control/attach.html`.
#[derive(Debug, Default, Serialize)]
pub(crate) struct AttachPage {
    id: String,
    title: String,
    organisation: String,
    version: Option<String>,
    hash: String,
    largest: String,
    /// The document that is attached now.
    now: Option<File>,
    document_error: String,
    text_error: String,
}

impl Page for AttachPage {
    const TEMPLATE: &'static str = "document_control/attach.html";
    const SECTION: Option<Section> = Some(Section::Policies);

    fn samples() -> Vec<Self> {
        let page = |full: bool| Self {
            id: "example".into(),
            title: "Social media policy".into(),
            organisation: "Example School".into(),
            version: full.then(|| "1.1".into()),
            hash: "0123456789ab".into(),
            largest: "25 MB".into(),
            now: full.then(File::sample),
            document_error: if full {
                "Choose a file".into()
            } else {
                String::new()
            },
            text_error: if full {
                "This is not text".into()
            } else {
                String::new()
            },
        };
        vec![page(true), page(false)]
    }
}

pub(super) async fn form(
    State(app): State<App>,
    permit: Permit,
    Path(id): Path<String>,
) -> Result<Html<String>, Problem> {
    let library = app.library();
    let policy = policies::find(&library, &id)?.policy();
    app.render(&page(&app, &permit, policy).await?)
}

async fn page(app: &App, permit: &Permit, policy: &Policy) -> Result<AttachPage, Problem> {
    let store = app.store()?;
    let mut reader = store.read(&permit.actor().trust);
    allowed(&mut reader, permit, policy, app).await?;
    let zone = store.clock().zoned().time_zone().clone();
    let now = document_of(&mut reader, &policy.id, &policy.hash).await?;
    Ok(AttachPage {
        id: policy.id.clone(),
        title: policy.title.clone(),
        organisation: policy.organisation.clone(),
        version: policy.version().map(str::to_owned),
        hash: policy.hash.clone(),
        largest: app.attachments()?.largest(),
        now: now.map(|document| File::of(&document, &zone)),
        ..AttachPage::default()
    })
}

/// Whoever may say which policy is followed, for the whole trust or at a school that follows this one.
async fn allowed(
    query: &mut impl Query,
    permit: &Permit,
    policy: &Policy,
    app: &App,
) -> Result<(), Problem> {
    if permit.at(Place::Trust).is_ok() {
        return Ok(());
    }
    for school in schools::within(query, permit).await? {
        let following = schools::policy_on(query, &school.id, app.today()).await?;
        if following.is_some_and(|following| following.policy == policy.id) {
            return Ok(());
        }
    }
    Err(Denied.into())
}

pub(super) async fn save(
    State(app): State<App>,
    permit: Permit,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let library = app.library();
    let policy = policies::find(&library, &id)?.policy();
    let mut page = page(&app, &permit, policy).await?;
    let sent = Sent::read(request).await?;
    let (mut document, mut text) = (None, None);
    for file in sent.files {
        match file.field.as_str() {
            "document" => document = Some(file),
            "text" => text = Some(file),
            _ => {}
        }
    }
    let Some(document) = document else {
        page.document_error = "Choose the approved document.".into();
        return again(&app, &page);
    };
    // The words of a document that is itself text are at hand; of a PDF they come as a text beside it.
    let passages = match text.as_ref().map(|file| passages(file.bytes(), policy)) {
        Some(Ok(passages)) => passages,
        Some(Err(why)) => {
            page.text_error = why;
            return again(&app, &page);
        }
        None => passages(document.bytes(), policy).unwrap_or_default(),
    };
    let received = match document.receive(&app, permit.actor()).await? {
        Ok(received) => received,
        Err(why) => {
            page.document_error = why;
            return again(&app, &page);
        }
    };
    let mut tx = app.store()?.begin(&permit.actor().trust).await?;
    let attachments = app.attachments()?;
    document::attach(&mut tx, &permit, attachments, policy, received, passages).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("/policies/{id}/control#document")).into_response())
}

fn again(app: &App, page: &AttachPage) -> Result<Response, Problem> {
    Ok((StatusCode::UNPROCESSABLE_ENTITY, app.render(page)?).into_response())
}

/// What the document says at the policy's clauses, or why that cannot be read.
fn passages(bytes: &[u8], policy: &Policy) -> Result<BTreeMap<String, String>, String> {
    let text = str::from_utf8(bytes).map_err(|_| {
        "This is not text. Save the document as plain text (UTF-8) or Markdown, and choose that."
            .to_owned()
    })?;
    let document = import::import(text).map_err(|error| format!("{error}."))?;
    let passages = import::passages(&document, policy);
    match passages.is_empty() {
        true => Err(
            "Fewer than two thirds of the policy’s clauses were found in this text. Check that it is the text of this policy."
                .to_owned(),
        ),
        false => Ok(passages),
    }
}

pub(super) async fn download(
    State(app): State<App>,
    identity: Identity,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let library = app.library();
    let policy = policies::find(&library, &id)?.policy();
    let none = || Problem::new(Kind::NotFound).detail("No approved document is attached.");
    let (store, attachments) = (app.store()?, app.attachments()?);
    let trust = identity.trust.as_ref().ok_or_else(none)?;
    let mut reader = store.read(trust);
    let document = document_of(&mut reader, &policy.id, &policy.hash).await?;
    drop(reader);
    let document = document.ok_or_else(none)?;
    let opened = attachments
        .open_to_all(store, trust, &document.attachment)
        .await;
    let opened = opened.map_err(|error| Problem::internal(&error))?;
    Ok(opened.ok_or_else(none)?.into_response())
}

impl From<DocumentError> for Problem {
    fn from(error: DocumentError) -> Self {
        match error {
            DocumentError::Store(error) => error.into(),
            DocumentError::Ledger(error) => error.into(),
            DocumentError::Attachment(error) => Self::internal(&error),
        }
    }
}
