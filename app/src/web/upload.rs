//! A form that brings files.

use axum::body::Bytes;
use axum::extract::multipart::MultipartRejection;
use axum::extract::{FromRequest as _, Multipart, Request};
use axum::http::header;
use futures_util::stream;

use crate::attachments::{AttachmentError, Received};
use crate::authority::Actor;
use crate::web::App;
use crate::web::problem::{Kind, Problem};

/// What a form sent: its fields in their order, and its files.
#[derive(Debug, Default)]
pub(crate) struct Sent {
    pub(crate) pairs: Vec<(String, String)>,
    pub(crate) files: Vec<SentFile>,
}

/// A file that a form sent.
#[derive(Debug)]
pub(crate) struct SentFile {
    /// The field of the form.
    pub(crate) field: String,
    name: String,
    bytes: Bytes,
}

impl Sent {
    /// What was sent, whichever way the form sends it.
    pub(crate) async fn read(request: Request) -> Result<Self, Problem> {
        let kind = request.headers().get(header::CONTENT_TYPE);
        let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        if !kind.starts_with("multipart/form-data") {
            let bytes = Bytes::from_request(request, &())
                .await
                .map_err(|_| broken())?;
            let pairs = form_urlencoded::parse(&bytes).into_owned().collect();
            return Ok(Self {
                pairs,
                files: Vec::new(),
            });
        }
        let mut form = Multipart::from_request(request, &())
            .await
            .map_err(|_: MultipartRejection| broken())?;
        let mut sent = Self::default();
        while let Some(field) = form.next_field().await.map_err(|_| broken())? {
            let name = field.name().unwrap_or_default().to_owned();
            match field.file_name().map(str::to_owned) {
                None => {
                    let text = field.text().await.map_err(|_| broken())?;
                    sent.pairs.push((name, text));
                }
                // A field in which no file was chosen comes with an empty name.
                Some(file) if file.is_empty() => {}
                Some(file) => sent.files.push(SentFile {
                    field: name,
                    name: file,
                    bytes: field.bytes().await.map_err(|_| broken())?,
                }),
            }
        }
        Ok(sent)
    }

    /// The last value of a field; an empty text where there is none.
    pub(crate) fn value(&self, name: &str) -> &str {
        let found = self.pairs.iter().rev().find(|(field, _)| field == name);
        found.map_or("", |(_, value)| value)
    }
}

impl SentFile {
    /// What it holds.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// What its sender calls it.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// What it holds, to be worked on elsewhere.
    pub(crate) fn into_bytes(self) -> Bytes {
        self.bytes
    }

    /// A picture with nothing in it but the picture. What its sender called it may name somebody, and is forgotten too.
    pub(crate) fn clean(picture: picture::Clean) -> Self {
        Self {
            field: String::new(),
            name: format!("picture.{}", picture.kind().ending()),
            bytes: picture.into_bytes().into(),
        }
    }

    /// Takes the file in, or says why it cannot be.
    pub(crate) async fn receive(
        self,
        app: &App,
        actor: &Actor,
    ) -> Result<Result<Received, String>, Problem> {
        let body = stream::once(async { Ok::<_, std::io::Error>(self.bytes) });
        let (store, attachments) = (app.store()?, app.attachments()?);
        let received = attachments
            .receive(store, &actor.trust, &self.name, body)
            .await;
        match received {
            Ok(received) => Ok(Ok(received)),
            Err(
                error @ (AttachmentError::Refused(_)
                | AttachmentError::TooLarge { .. }
                | AttachmentError::NoRoom),
            ) => Ok(Err(format!("{}: {error}.", self.name))),
            Err(AttachmentError::Store(error)) => Err(error.into()),
            Err(error) => Err(Problem::internal(&error)),
        }
    }
}

fn broken() -> Problem {
    Problem::new(Kind::BadRequest).detail("The form did not arrive whole. Send it again.")
}
