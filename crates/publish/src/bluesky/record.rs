//! The record of a post: `app.bsky.feed.post`.

use std::num::NonZeroU64;

use atrium_api::app::bsky::embed::defs::AspectRatioData;
use atrium_api::app::bsky::embed::images::{ImageData, MainData as Images};
use atrium_api::app::bsky::feed::post::{RecordData, RecordEmbedRefs};
use atrium_api::app::bsky::richtext::facet::{
    ByteSliceData, LinkData, MainData as Facet, MainFeaturesItem, MentionData, TagData,
};
use atrium_api::record::KnownRecord;
use atrium_api::types::string::{Did, Language};
use atrium_api::types::{BlobRef, TryIntoUnknown as _, Union, Unknown};

use super::parsed;
use crate::failure::Failure;
use crate::marks::{Mark, marks};
use crate::post::{Picture, Post};

/// The same post makes the same record, byte for byte: so it has the same hash, and is put twice in vain. `known` are the
/// accounts of the names that are mentioned.
pub(super) fn record(
    post: &Post,
    blobs: Vec<BlobRef>,
    known: &[(String, Did)],
) -> Result<Unknown, Failure> {
    let facets: Vec<_> = marks(&post.text)
        .into_iter()
        .filter_map(|mark| facet(mark, known))
        .collect();
    let images: Vec<_> = post.pictures.iter().zip(blobs).map(image).collect();
    let embed = (!images.is_empty()).then(|| {
        let images = Box::new(Images { images }.into());
        Union::Refs(RecordEmbedRefs::AppBskyEmbedImagesMain(images))
    });
    let record = RecordData {
        created_at: parsed(&format!("{:.3}", post.key.first()))?,
        embed,
        entities: None,
        facets: (!facets.is_empty()).then_some(facets),
        labels: None,
        langs: Some(vec![parsed::<Language>(&post.language)?]),
        reply: None,
        tags: None,
        text: post.text.clone(),
    };
    let known = KnownRecord::AppBskyFeedPost(Box::new(record.into()));
    known
        .try_into_unknown()
        .map_err(|why| Failure::Refused(format!("the post cannot be written: {why}")))
}

fn image((picture, image): (&Picture, BlobRef)) -> atrium_api::app::bsky::embed::images::Image {
    let ratio = |(width, height): (u32, u32)| {
        let (width, height) = (
            NonZeroU64::new(width.into())?,
            NonZeroU64::new(height.into())?,
        );
        Some(AspectRatioData { height, width }.into())
    };
    let aspect_ratio = picture.size.and_then(ratio);
    ImageData {
        alt: picture.alt.clone(),
        aspect_ratio,
        image,
    }
    .into()
}

fn facet(
    mark: Mark,
    known: &[(String, Did)],
) -> Option<atrium_api::app::bsky::richtext::facet::Main> {
    let range = mark.range().clone();
    let feature = match mark {
        Mark::Link { address, .. } => {
            MainFeaturesItem::Link(Box::new(LinkData { uri: address }.into()))
        }
        Mark::Tag { tag, .. } => MainFeaturesItem::Tag(Box::new(TagData { tag }.into())),
        Mark::Mention { name, .. } => {
            let (_, did) = known.iter().find(|(known, _)| *known == name)?;
            MainFeaturesItem::Mention(Box::new(MentionData { did: did.clone() }.into()))
        }
    };
    let index = ByteSliceData {
        byte_end: range.end,
        byte_start: range.start,
    }
    .into();
    Some(
        Facet {
            features: vec![Union::Refs(feature)],
            index,
        }
        .into(),
    )
}
