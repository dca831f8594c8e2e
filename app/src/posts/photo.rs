//! Work on the pixels of pictures, off the threads that answer and two at a time: cleaned before anything is kept, faces
//! found, faces blurred, made small for looking at, brought to what a platform takes.

use axum::body::{Bytes, to_bytes};
use picture::{Clean, Fitted, Limits, Place, Target};
use policy::platforms::Pictures;
use sha2::{Digest as _, Sha256};

use super::PostError;
use super::pictures::Picture;
use super::sending::CopyPicture;
use crate::attachments::{AttachmentId, Attachments};
use crate::store::{Store, TrustId};
use crate::web::heavy::heavy;
use crate::web::problem::{Kind, Problem};

/// How large a picture is shown on the page of its faces, in pixels of the longer side.
const PREVIEW: u32 = 1_000;

const GONE: &str = "one of its pictures is not there any more";
const ANOTHER: &str = "one of its pictures is not the one that was approved";

/// A picture that was taken in: nothing in it but the picture.
pub(super) struct Taken {
    pub(super) file: Clean,
    pub(super) faces: Vec<Place>,
}

/// Cleans what somebody sent and looks for faces, or says why it is not taken.
///
/// # Errors
/// Only where the machine fails; what is wrong with the file is the inner error, in words.
pub(super) async fn take_in(bytes: Bytes, name: String) -> Result<Result<Taken, String>, Problem> {
    heavy(move || {
        let clean = Clean::from_upload(&bytes, Some(&name), &Limits::default());
        let taken = clean.and_then(|file| {
            let faces = picture::find(&file)?;
            let faces = faces.into_iter().map(|face| face.place).collect();
            Ok(Taken { file, faces })
        });
        Ok(taken.map_err(|fault| fault.to_string()))
    })
    .await
}

/// The file of a picture of a post, as it was kept; whoever asks has been asked for their right to it.
pub(super) async fn kept(
    attachments: &Attachments,
    (store, trust): (&Store, &TrustId),
    picture: &Picture,
) -> Result<Bytes, Problem> {
    let opened = attachments
        .open_to_all(store, trust, &picture.attachment)
        .await
        .map_err(PostError::from)?;
    let opened = opened.ok_or_else(|| Problem::new(Kind::NotFound))?;
    let bytes = to_bytes(opened.content, usize::MAX).await;
    bytes.map_err(|error| Problem::internal(&error))
}

/// The picture with these places made unknowable.
pub(super) async fn blurred(bytes: Bytes, places: Vec<Place>) -> Result<Clean, Problem> {
    work(bytes, move |file| {
        picture::blur(file, &places, &Limits::default())
    })
    .await
}

/// The picture small, as a JPEG.
pub(super) async fn small(bytes: Bytes) -> Result<Vec<u8>, Problem> {
    work(bytes, |file| Ok(picture::preview(file, PREVIEW)?.bytes)).await
}

/// How wide and high the picture is, upright.
pub(super) async fn size(bytes: Bytes) -> Result<(u32, u32), Problem> {
    work(bytes, |file| Ok((file.width(), file.height()))).await
}

async fn work<T: Send + 'static>(
    bytes: Bytes,
    work: impl FnOnce(&Clean) -> Result<T, picture::Fault> + Send + 'static,
) -> Result<T, Problem> {
    heavy(move || {
        let file = Clean::from_upload(&bytes, None, &Limits::default());
        let done = file.and_then(|file| work(&file));
        done.map_err(|fault| Problem::new(Kind::Unprocessable).detail(fault.to_string()))
    })
    .await
}

/// A picture of what goes out, as it was approved and no other, brought to what the platform takes, where that is known.
///
/// # Errors
/// Only where the machine fails; that it is gone, is another, or cannot be made small enough is the inner error, in words.
pub(super) async fn for_platform(
    attachments: &Attachments,
    (store, trust): (&Store, &TrustId),
    picture: &CopyPicture,
    takes: Option<&Pictures>,
) -> Result<Result<Fitted, String>, Problem> {
    let Ok(id) = picture.file.parse::<AttachmentId>() else {
        return Ok(Err(GONE.to_owned()));
    };
    let opened = attachments.open_to_all(store, trust, &id).await;
    let Some(opened) = opened.map_err(PostError::from)? else {
        return Ok(Err(GONE.to_owned()));
    };
    let bytes = to_bytes(opened.content, usize::MAX).await;
    let bytes = bytes.map_err(|error| Problem::internal(&error))?;
    if data_encoding::HEXLOWER.encode(&Sha256::digest(&bytes)) != picture.hash {
        return Ok(Err(ANOTHER.to_owned()));
    }
    let target = target(takes);
    heavy(move || Ok(fitted(&bytes, &target))).await
}

fn target(takes: Option<&Pictures>) -> Target {
    let bytes = takes.and_then(|takes| usize::try_from(takes.bytes).ok());
    let pixels = takes.and_then(|takes| takes.pixels);
    Target {
        bytes: bytes.unwrap_or(usize::MAX),
        side: takes.and_then(|takes| takes.side).unwrap_or(u32::MAX),
        pixels: pixels.map_or(u64::MAX, u64::from),
    }
}

fn fitted(bytes: &[u8], target: &Target) -> Result<Fitted, String> {
    let file = Clean::from_upload(bytes, None, &Limits::default());
    let fitted = file.and_then(|file| picture::fit(&file, target));
    // Whoever tells of it makes the sentence.
    fitted.map_err(|fault| fault.to_string().trim_end_matches('.').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PHOTO: &[u8] = include_bytes!("../../../crates/picture/measured/astronaut.jpg");

    #[test]
    fn a_picture_is_brought_to_what_the_platform_takes() {
        let takes = |bytes, side| Pictures {
            bytes,
            side: Some(side),
            pixels: None,
            most: 4,
            description: None,
            source: String::new(),
            doubt: None,
        };
        let as_it_is = fitted(PHOTO, &target(None)).unwrap();
        let sides = (as_it_is.width, as_it_is.height);
        let narrow = fitted(PHOTO, &target(Some(&takes(1_000_000, 200)))).unwrap();
        assert!(sides > (200, 200) && narrow.width.max(narrow.height) == 200);
        let light = fitted(PHOTO, &target(Some(&takes(9_000, 2_000)))).unwrap();
        assert!(as_it_is.bytes.len() > 9_000 && light.bytes.len() <= 9_000);
        assert!(fitted(PHOTO, &target(Some(&takes(10, 2_000)))).is_err());
        assert!(fitted(b"no picture", &target(None)).is_err());
    }
}
