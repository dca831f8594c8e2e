//! Mastodon's client API, as <https://docs.joinmastodon.org/client/> documents it.
//!
//! A post goes out under an `Idempotency-Key`, which a server remembers for an hour. After that only the account's own
//! posts tell whether it was published: they are compared by their text and what their pictures are said to show.

mod find;
mod media;
mod server;

use http::Method;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::json;

use crate::failure::{Failure, Found};
use crate::http::Http;
use crate::limits::Limits;
use crate::post::{Post, Published};
use server::Server;

/// For how long a post may be sent again under its key. Servers keep keys 'for up to 1 hour'; a request needs time.
const KEY_HOLDS: SignedDuration = SignedDuration::from_mins(30);
/// The scopes that publishing needs, each of which is a part of the plain `write`.
const WRITE: [&str; 2] = ["write:statuses", "write:media"];

/// A server, and whose token is used there.
pub(crate) struct Instance<'a, H> {
    server: Server<'a, H>,
}

/// `Status`, as far as it is read.
#[derive(Debug, Deserialize)]
struct Status {
    id: String,
    url: Option<String>,
    uri: String,
    created_at: Timestamp,
    #[serde(default)]
    media_attachments: Vec<Attachment>,
}

/// `MediaAttachment`, as far as it is read.
#[derive(Debug, Deserialize)]
struct Attachment {
    id: String,
    /// None while it is worked on.
    url: Option<String>,
    description: Option<String>,
}

/// `CredentialAccount`, as far as it is read.
#[derive(Debug, Deserialize)]
struct Credentials {
    id: String,
    acct: String,
    url: String,
}

/// `Application`, as far as it is read. Servers before 4.3 name no scopes.
#[derive(Debug, Deserialize)]
struct Application {
    #[serde(default)]
    scopes: Vec<String>,
}

impl From<Status> for Published {
    fn from(status: Status) -> Self {
        Self {
            id: status.id,
            address: status.url.unwrap_or(status.uri),
            cid: None,
            at: status.created_at,
        }
    }
}

impl<'a, H: Http> Instance<'a, H> {
    pub(crate) fn new(server: &'a str, token: &'a str, http: &'a H) -> Self {
        Self {
            server: Server::new(server, token, http),
        }
    }

    pub(crate) async fn check(&self) -> Result<crate::Owner, Failure> {
        let Credentials { id, acct, url } = self.owner().await?;
        // It reads its own posts: otherwise a post of unknown outcome could not be looked for.
        let _own: Vec<Status> = self.server.get(&find::own_posts(&id, 1, None)).await?;
        let scopes = self.scopes().await?;
        let may = |scope: &str| scopes.iter().any(|held| held == scope || held == "write");
        let lacking: Vec<_> = WRITE.into_iter().filter(|scope| !may(scope)).collect();
        if !scopes.is_empty() && !lacking.is_empty() {
            return Err(Failure::Refused(format!(
                "the token may not publish: it lacks {}",
                lacking.join(" and ")
            )));
        }
        let host = self.server.host();
        Ok(crate::Owner {
            id,
            name: format!("{acct}@{host}"),
            address: url,
        })
    }

    /// What the token is for; nothing where the server does not say.
    async fn scopes(&self) -> Result<Vec<String>, Failure> {
        let asked = self.server.get("/api/v1/apps/verify_credentials").await;
        match asked {
            Ok(Application { scopes }) => Ok(scopes),
            // It is good, as was seen; that it was not given by an application, or not for this, says nothing.
            Err(Failure::Refused(_) | Failure::TokenRevoked(_)) => Ok(Vec::new()),
            Err(failure) => Err(failure),
        }
    }

    async fn owner(&self) -> Result<Credentials, Failure> {
        self.server.get("/api/v1/accounts/verify_credentials").await
    }

    pub(crate) async fn limits(&self) -> Result<Limits, Failure> {
        let instance: server::Described = self.server.get("/api/v2/instance").await?;
        Ok(instance.limits())
    }

    pub(crate) async fn publish(&self, post: &Post) -> Result<Published, Failure> {
        let mut media = Vec::new();
        for picture in &post.pictures {
            let uploaded = self.uploaded(picture).await;
            media.push(uploaded.map_err(Failure::before_publishing)?);
        }
        let body = json!({
            "status": post.text,
            "media_ids": media,
            "language": language(&post.language),
            "visibility": "public",
        });
        let request = self
            .server
            .request(Method::POST, "/api/v1/statuses")
            .header("content-type", "application/json")
            .header("idempotency-key", post.key.header())
            .body(body.to_string().into_bytes());
        let status: Status = self.server.send(request).await?;
        Ok(status.into())
    }

    pub(crate) async fn find(&self, post: &Post, now: Timestamp) -> Result<Found, Failure> {
        let owner = self.owner().await?;
        Ok(match self.found(&owner.id, post).await? {
            Some(status) => Found::There(status.into()),
            None => Found::Absent {
                may_be_sent_again: now.duration_since(post.key.first()) < KEY_HOLDS,
            },
        })
    }

    pub(crate) async fn take_down(&self, id: &str) -> Result<(), Failure> {
        if id.is_empty() || !id.chars().all(|c| c.is_ascii_alphanumeric()) {
            return Err(Failure::Refused(format!("'{id}' is not the id of a post")));
        }
        let path = format!("/api/v1/statuses/{id}");
        let request = self.server.request(Method::DELETE, &path).body(Vec::new());
        let answer = self.server.answer(request).await?;
        match answer.status() {
            http::StatusCode::NOT_FOUND => Ok(()),
            _ => server::judged(answer).map(|_| ()),
        }
    }
}

/// The language alone: servers know no regions (ISO 639).
fn language(tag: &str) -> &str {
    tag.split('-').next().unwrap_or(tag)
}
