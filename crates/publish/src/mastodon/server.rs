//! Requests to the server, and what it says of itself.

use http::{Method, Request, Response, request};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::answer::{Said, failure};
use crate::failure::Failure;
use crate::http::Http;
use crate::limits::Limits;

/// What a server says of a token that may not do what is asked.
const REVOKED: [&str; 1] = ["authorized scopes"];

pub(super) struct Server<'a, H> {
    address: &'a str,
    token: &'a str,
    pub(super) http: &'a H,
}

impl<'a, H: Http> Server<'a, H> {
    pub(super) fn new(address: &'a str, token: &'a str, http: &'a H) -> Self {
        Self {
            address,
            token,
            http,
        }
    }

    /// Its host, with the port where that is not the usual one.
    pub(super) fn host(&self) -> &str {
        self.address
            .split_once("://")
            .map_or(self.address, |(_, host)| host)
    }

    pub(super) fn request(&self, method: Method, path: &str) -> request::Builder {
        Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.address))
            .header("authorization", format!("Bearer {}", self.token))
            .header("accept", "application/json")
    }

    pub(super) async fn answer(
        &self,
        request: http::Result<Request<Vec<u8>>>,
    ) -> Result<Response<Vec<u8>>, Failure> {
        let request =
            request.map_err(|why| Failure::Refused(format!("it cannot be sent: {why}")))?;
        Ok(self.http.send(request).await?)
    }

    pub(super) async fn send<O: DeserializeOwned>(
        &self,
        request: http::Result<Request<Vec<u8>>>,
    ) -> Result<O, Failure> {
        read(&judged(self.answer(request).await?)?)
    }

    pub(super) async fn get<O: DeserializeOwned>(&self, path: &str) -> Result<O, Failure> {
        self.send(self.request(Method::GET, path).body(Vec::new()))
            .await
    }
}

/// An answer that is a success.
pub(super) fn judged(answer: Response<Vec<u8>>) -> Result<Response<Vec<u8>>, Failure> {
    match answer.status().is_success() {
        true => Ok(answer),
        false => Err(failure(&answer, &Said::of(&answer), &REVOKED)),
    }
}

/// What cannot be read says nothing of what was done.
pub(super) fn read<O: DeserializeOwned>(answer: &Response<Vec<u8>>) -> Result<O, Failure> {
    serde_json::from_slice(answer.body())
        .map_err(|why| Failure::Unknown(format!("the answer cannot be read: {why}")))
}

/// `Instance`, as far as it is read. Every part may be missing on servers that only resemble Mastodon.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Described {
    configuration: Configuration,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Configuration {
    statuses: Statuses,
    media_attachments: Attachments,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Statuses {
    max_characters: Option<usize>,
    max_media_attachments: Option<usize>,
    characters_reserved_per_url: Option<usize>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Attachments {
    image_size_limit: Option<usize>,
    description_limit: Option<usize>,
}

impl Described {
    pub(super) fn limits(self) -> Limits {
        let Configuration {
            statuses,
            media_attachments,
        } = self.configuration;
        let usual = Limits::MASTODON;
        Limits {
            characters: statuses.max_characters.unwrap_or(usual.characters),
            link: statuses.characters_reserved_per_url.or(usual.link),
            pictures: statuses.max_media_attachments.unwrap_or(usual.pictures),
            picture_bytes: media_attachments
                .image_size_limit
                .unwrap_or(usual.picture_bytes),
            alt: media_attachments.description_limit.unwrap_or(usual.alt),
            ..usual
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_says_what_it_allows() {
        let said = r#"{"configuration":{"statuses":{"max_characters":5000,"characters_reserved_per_url":23}}}"#;
        let said: Described = serde_json::from_str(said).unwrap();
        assert_eq!(
            said.limits(),
            Limits {
                characters: 5000,
                ..Limits::MASTODON
            }
        );
        assert_eq!(Described::default().limits(), Limits::MASTODON);
    }
}
