//! Taking out of a picture's file everything but the picture.
//!
//! Nothing is taken that is not known to be needed: each format's file is written anew from the parts that make the picture,
//! copied as they are, so that no pixel changes. Where the picture lies on its side, a new tag says so and nothing else.

mod colour;
mod jpeg;
mod orientation;
mod png;
mod webp;

use std::collections::BTreeSet;

use image::metadata::Orientation;

pub(crate) use colour::space;

use crate::fault::Fault;
use crate::kind::Kind;
use crate::limits::Limits;
use crate::pixels;

/// Something that was taken out of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Removed {
    /// Where the picture was taken.
    Location,
    /// The camera, its owner, its serial number, times.
    Camera,
    /// What editing programs wrote (XMP).
    Editing,
    /// Captions, names and keywords of the press (IPTC, Photoshop).
    Caption,
    /// Comments and other texts.
    Text,
    /// A second, smaller or other picture within the file.
    SecondPicture,
    /// Something after the end of the picture.
    AfterTheEnd,
    /// Names and dates in the colour profile.
    ColourNames,
    /// Anything else that the picture does not need.
    Other,
}

impl Removed {
    /// In words that follow 'Taken out:'.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Location => "where it was taken",
            Self::Camera => "what the camera wrote, such as its owner, number and times",
            Self::Editing => "what editing programs wrote",
            Self::Caption => "captions, names and keywords",
            Self::Text => "comments",
            Self::SecondPicture => "a second picture within the file",
            Self::AfterTheEnd => "something after the end of the picture",
            Self::ColourNames => "names and dates in the colour profile",
            Self::Other => "other data that the picture does not need",
        }
    }
}

/// What a format's reader found.
pub(crate) struct Stripped {
    bytes: Vec<u8>,
    width: u32,
    height: u32,
    orientation: Orientation,
    profile: Option<Vec<u8>>,
    removed: BTreeSet<Removed>,
}

/// A picture with nothing in its file but the picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clean {
    bytes: Vec<u8>,
    kind: Kind,
    width: u32,
    height: u32,
    orientation: Orientation,
    profile: Option<Vec<u8>>,
    removed: BTreeSet<Removed>,
}

impl Clean {
    /// Takes in a file as it came: looks at its size and its kind, leaves out everything but the picture, and unpacks it
    /// once to see that it is one. Reading a picture that is clean already gives the same bytes.
    ///
    /// # Errors
    /// What is wrong with it, in words for whoever sent it.
    pub fn from_upload(bytes: &[u8], name: Option<&str>, limits: &Limits) -> Result<Self, Fault> {
        limits.file(bytes.len())?;
        let kind = Kind::of(bytes)?;
        if let Some(name) = name {
            kind.named(name)?;
        }
        let stripped = match kind {
            Kind::Jpeg => jpeg::strip(bytes, limits)?,
            Kind::Png => png::strip(bytes, limits)?,
            Kind::WebP => webp::strip(bytes, limits)?,
        };
        pixels::unpack(&stripped.bytes, kind, limits)?;
        let turned = turned(stripped.orientation);
        let (width, height) = (stripped.width, stripped.height);
        Ok(Self {
            bytes: stripped.bytes,
            kind,
            width: if turned { height } else { width },
            height: if turned { width } else { height },
            orientation: stripped.orientation,
            profile: stripped.profile,
            removed: stripped.removed,
        })
    }

    /// The file.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The file, given up.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// What kind it is.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// How wide it is as people see it, in pixels.
    #[must_use]
    pub fn width(&self) -> u32 {
        self.width
    }

    /// How high it is as people see it, in pixels.
    #[must_use]
    pub fn height(&self) -> u32 {
        self.height
    }

    /// Whether its pixels stand as people see them.
    #[must_use]
    pub fn is_upright(&self) -> bool {
        self.orientation == Orientation::NoTransforms
    }

    /// What was taken out.
    pub fn removed(&self) -> impl Iterator<Item = Removed> + '_ {
        self.removed.iter().copied()
    }

    pub(crate) fn orientation(&self) -> Orientation {
        self.orientation
    }

    /// The colour profile, cleaned.
    pub(crate) fn profile(&self) -> Option<&[u8]> {
        self.profile.as_deref()
    }
}

/// Whether width and height change places when the picture is turned upright.
fn turned(orientation: Orientation) -> bool {
    matches!(
        orientation,
        Orientation::Rotate90
            | Orientation::Rotate270
            | Orientation::Rotate90FlipH
            | Orientation::Rotate270FlipH
    )
}
