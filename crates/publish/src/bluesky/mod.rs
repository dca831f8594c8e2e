//! Bluesky: records in the account's repository on its personal data server, over XRPC.
//!
//! A post's record key is made from its [`Key`](crate::Key), and it is put only where nothing stands (`swapRecord: null`):
//! however often it is sent, there is one.

mod record;
mod server;

use std::str::FromStr;

use atrium_api::com::atproto::identity::resolve_handle;
use atrium_api::com::atproto::repo::{delete_record, get_record, put_record, upload_blob};
use atrium_api::com::atproto::server::create_session;
use atrium_api::types::string::{AtIdentifier, Did, Handle, Nsid, RecordKey};
use atrium_api::types::{BlobRef, Object};
use ipld_core::ipld::Ipld;

use crate::failure::{Failure, Found};
use crate::http::Http;
use crate::marks::{Mark, marks};
use crate::post::{Post, Published};
use server::{Refusal, Server};

const POSTS: &str = "app.bsky.feed.post";
/// Said where a record stands already, of another content.
const STANDS: &str = "InvalidSwap";
/// Said where no record stands.
const ABSENT: &str = "RecordNotFound";

/// An account's repository.
pub(crate) struct Repository<'a, H> {
    server: &'a str,
    name: &'a str,
    password: &'a str,
    http: &'a H,
}

/// Somebody signed in.
struct Session<'a, H> {
    server: Server<'a, H>,
    did: Did,
    handle: Handle,
}

impl<'a, H: Http> Repository<'a, H> {
    pub(crate) fn new(server: &'a str, name: &'a str, password: &'a str, http: &'a H) -> Self {
        Self {
            server,
            name,
            password,
            http,
        }
    }

    /// Each use signs in anew: an app password that was revoked is so from the next use on.
    async fn session(&self) -> Result<Session<'a, H>, Failure> {
        let server = Server::new(self.server, self.http);
        let input = create_session::InputData {
            allow_takendown: None,
            auth_factor_token: None,
            identifier: self.name.to_owned(),
            password: self.password.to_owned(),
        };
        let output: create_session::Output = server
            .post(create_session::NSID, Object::from(input))
            .await
            .map_err(|refusal| refusal.failure.before_publishing())?;
        let create_session::OutputData {
            access_jwt,
            did,
            handle,
            ..
        } = output.data;
        Ok(Session {
            server: server.signed_in(access_jwt),
            did,
            handle,
        })
    }

    pub(crate) async fn check(&self) -> Result<crate::Owner, Failure> {
        let Session { did, handle, .. } = self.session().await?;
        Ok(crate::Owner {
            address: format!("https://bsky.app/profile/{}", did.as_str()),
            id: did.into(),
            name: handle.into(),
        })
    }

    pub(crate) async fn publish(&self, post: &Post) -> Result<Published, Failure> {
        let session = self.session().await?;
        let record = session
            .prepared(post)
            .await
            .map_err(Failure::before_publishing)?;
        let input = Object {
            data: put_record::InputData {
                collection: parsed(POSTS)?,
                record,
                repo: AtIdentifier::Did(session.did.clone()),
                rkey: session.key(post)?,
                swap_commit: None,
                swap_record: None,
                validate: None,
            },
            // The type knows no null, which says that nothing may stand there.
            extra_data: Ipld::Map([("swapRecord".to_owned(), Ipld::Null)].into()),
        };
        let put: Result<put_record::Output, Refusal> =
            session.server.post(put_record::NSID, input).await;
        match put {
            Ok(output) => {
                let cid = output.data.cid.as_ref().to_string();
                Ok(session.published(post, output.data.uri, Some(cid)))
            }
            Err(refusal) if refusal.code == STANDS => match session.find(post).await {
                Ok(Found::There(published)) => Ok(published),
                Ok(Found::Absent { .. }) => Err(Failure::Unknown(
                    "the post is said to stand there and does not".into(),
                )),
                Err(failure) => Err(Failure::Unknown(failure.to_string())),
            },
            Err(refusal) => Err(refusal.failure),
        }
    }

    pub(crate) async fn find(&self, post: &Post) -> Result<Found, Failure> {
        self.session().await?.find(post).await
    }

    pub(crate) async fn take_down(&self, id: &str) -> Result<(), Failure> {
        let session = self.session().await?;
        let key = id.rsplit('/').next().unwrap_or_default();
        let input = delete_record::InputData {
            collection: parsed(POSTS)?,
            repo: AtIdentifier::Did(session.did.clone()),
            rkey: parsed(key)?,
            swap_commit: None,
            swap_record: None,
        };
        let deleted: Result<delete_record::Output, Refusal> = session
            .server
            .post(delete_record::NSID, Object::from(input))
            .await;
        deleted.map(|_| ()).map_err(|refusal| refusal.failure)
    }
}

impl<H: Http> Session<'_, H> {
    fn key(&self, post: &Post) -> Result<RecordKey, Failure> {
        parsed(&post.key.tid())
    }

    /// Uploads the pictures and looks up who is mentioned; nothing of that is seen by anybody.
    async fn prepared(&self, post: &Post) -> Result<atrium_api::types::Unknown, Failure> {
        let mut blobs: Vec<BlobRef> = Vec::new();
        for picture in &post.pictures {
            let uploaded: Result<upload_blob::Output, Refusal> = self
                .server
                .upload(upload_blob::NSID, &picture.bytes, &picture.media_type)
                .await;
            blobs.push(uploaded.map_err(|refusal| refusal.failure)?.data.blob);
        }
        let mut known = Vec::new();
        for mark in marks(&post.text) {
            if let Mark::Mention {
                name, server: None, ..
            } = mark
                && let Some(did) = self.resolved(&name).await?
            {
                known.push((name, did));
            }
        }
        record::record(post, blobs, &known)
    }

    /// Whose a name is; nobody's where there is no such account, and then it stays plain text.
    async fn resolved(&self, name: &str) -> Result<Option<Did>, Failure> {
        let Ok(handle) = Handle::from_str(name) else {
            return Ok(None);
        };
        let asked = Object::from(resolve_handle::ParametersData { handle });
        let found: Result<resolve_handle::Output, Refusal> =
            self.server.get(resolve_handle::NSID, asked).await;
        match found {
            Ok(output) => Ok(Some(output.data.did)),
            Err(Refusal {
                failure: Failure::Refused(_),
                ..
            }) => Ok(None),
            Err(refusal) => Err(refusal.failure),
        }
    }

    async fn find(&self, post: &Post) -> Result<Found, Failure> {
        let asked = get_record::ParametersData {
            cid: None,
            collection: parsed::<Nsid>(POSTS)?,
            repo: AtIdentifier::Did(self.did.clone()),
            rkey: self.key(post)?,
        };
        let found: Result<get_record::Output, Refusal> =
            self.server.get(get_record::NSID, Object::from(asked)).await;
        match found {
            Ok(output) => {
                let cid = output.data.cid.map(|cid| cid.as_ref().to_string());
                Ok(Found::There(self.published(post, output.data.uri, cid)))
            }
            // It is put only where nothing stands, however late an earlier request arrives.
            Err(refusal) if refusal.code == ABSENT => Ok(Found::Absent {
                may_be_sent_again: true,
            }),
            Err(refusal) => Err(refusal.failure.before_publishing()),
        }
    }

    fn published(&self, post: &Post, uri: String, cid: Option<String>) -> Published {
        let (did, key) = (self.did.as_str(), post.key.tid());
        Published {
            id: uri,
            address: format!("https://bsky.app/profile/{did}/post/{key}"),
            cid,
            at: post.key.first(),
        }
    }
}

/// A name in the form that the protocol wants.
fn parsed<T: FromStr<Err: std::fmt::Display>>(text: &str) -> Result<T, Failure> {
    text.parse()
        .map_err(|why| Failure::Refused(format!("'{text}' cannot be sent: {why}")))
}
