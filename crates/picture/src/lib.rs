//! Pictures of posts, before anybody else sees them: what they carry besides the picture is taken out, they are brought to a
//! platform's size, faces in them are found, and blurred where somebody asks for it.
//!
//! [`Clean`] is a picture that has been through [`Clean::from_upload`]; everything else here takes one, so that a file as
//! it came from a camera goes no further. No I/O and no clock. A face is a place in the picture and how sure the program is;
//! nothing here measures, describes or compares faces.

mod blur;
mod bytes;
mod clean;
pub mod faces;
mod fault;
mod fit;
mod kind;
mod limits;
mod pixels;

pub use blur::blur;
pub use clean::{Clean, Removed};
pub use faces::{Face, find};
pub use fault::Fault;
pub use fit::{Fitted, Target, fit, preview};
pub use kind::Kind;
pub use limits::Limits;

/// A place in a picture as people see it (upright), in pixels from its top left corner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// From the left edge.
    pub x: u32,
    /// From the top edge.
    pub y: u32,
    /// How wide.
    pub width: u32,
    /// How high.
    pub height: u32,
}

impl Place {
    /// What of this place lies within a picture of `width` and `height`; nothing where none of it does.
    #[must_use]
    pub fn within(self, width: u32, height: u32) -> Option<Self> {
        let x = self.x.min(width);
        let y = self.y.min(height);
        let place = Self {
            x,
            y,
            width: self.width.min(width - x),
            height: self.height.min(height - y),
        };
        (place.width > 0 && place.height > 0).then_some(place)
    }

    /// The same place with `part` of its size more on every side, kept within `width` and `height`.
    fn with_margin(self, part: f32, width: u32, height: u32) -> Option<Self> {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "sides of pictures are small"
        )]
        let by = (self.width.max(self.height) as f32 * part).ceil() as u32;
        let (x, y) = (self.x.saturating_sub(by), self.y.saturating_sub(by));
        let wider = Self {
            x,
            y,
            width: self.width.saturating_add(self.x - x).saturating_add(by),
            height: self.height.saturating_add(self.y - y).saturating_add(by),
        };
        wider.within(width, height)
    }
}
