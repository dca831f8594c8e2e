//! Pictures: uploaded before the post, unseen until it names them.

use http::{Method, StatusCode};
use std::time::Duration;

use super::server::{judged, read};
use super::{Attachment, Instance};
use crate::failure::Failure;
use crate::http::Http;
use crate::post::Picture;

/// How often, and after which pauses, a server that still works on a picture is asked.
const PAUSES: [Duration; 4] = [
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(4),
    Duration::from_secs(8),
];

impl<H: Http> Instance<'_, H> {
    /// The id of a picture that a post can name.
    pub(super) async fn uploaded(&self, picture: &Picture) -> Result<String, Failure> {
        let boundary = boundary(picture);
        let request = self
            .server
            .request(Method::POST, "/api/v2/media")
            .header(
                "content-type",
                format!("multipart/form-data; boundary={boundary}"),
            )
            .body(form(picture, &boundary));
        let answer = judged(self.server.answer(request).await?)?;
        let mut ready = answer.status() != StatusCode::ACCEPTED;
        let attachment: Attachment = read(&answer)?;
        for pause in PAUSES {
            if ready {
                break;
            }
            self.server.http.pause(pause).await;
            let path = format!("/api/v1/media/{}", attachment.id);
            let request = self.server.request(Method::GET, &path).body(Vec::new());
            let answer = judged(self.server.answer(request).await?)?;
            ready = answer.status() == StatusCode::OK && read::<Attachment>(&answer)?.url.is_some();
        }
        match ready {
            true => Ok(attachment.id),
            false => Err(Failure::NotReached(
                "the server is still working on a picture".into(),
            )),
        }
    }
}

/// A line that does not stand in the picture or in what is said of it.
fn boundary(picture: &Picture) -> String {
    let stands = |boundary: &str| {
        let boundary = boundary.as_bytes();
        let within = |bytes: &[u8]| bytes.windows(boundary.len()).any(|part| part == boundary);
        within(&picture.bytes) || within(picture.alt.as_bytes())
    };
    let mut boundary = "picture-0".to_owned();
    let mut number = 0_u64;
    while stands(&boundary) {
        number += 1;
        boundary = format!("picture-{number}");
    }
    boundary
}

/// `multipart/form-data` (RFC 7578).
fn form(picture: &Picture, boundary: &str) -> Vec<u8> {
    let Picture {
        bytes,
        media_type,
        alt,
        ..
    } = picture;
    let ending = media_type.rsplit('/').next().unwrap_or_default();
    let mut form = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"description\"\r\n\
         Content-Type: text/plain; charset=utf-8\r\n\r\n{alt}\r\n\
         --{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"picture.{ending}\"\r\n\
         Content-Type: {media_type}\r\n\r\n"
    )
    .into_bytes();
    form.extend_from_slice(bytes);
    form.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
    form
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_boundary_is_in_nothing_that_it_bounds() {
        let picture = Picture {
            bytes: b"..picture-0..".to_vec(),
            media_type: "image/png".into(),
            alt: "picture-1".into(),
            size: None,
        };
        assert_eq!(boundary(&picture), "picture-2");
    }
}
