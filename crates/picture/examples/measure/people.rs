//! The people that pictures are made of: where their faces are in the sources.

use image::{RgbImage, imageops};

/// A face and what is around it, to be put into a picture.
pub(crate) struct Person {
    /// Head and shoulders.
    pub(crate) cut: RgbImage,
    /// The face in it: its middle and its height.
    pub(crate) face: (f32, f32, f32),
}

/// x, y, width, height of each face in `conference.jpg`, from back to front, each looked at by a person.
pub(crate) const CONFERENCE: [(u32, u32, u32, u32); 29] = [
    (207, 30, 38, 50),
    (1156, 30, 36, 46),
    (318, 68, 33, 43),
    (519, 80, 38, 48),
    (757, 76, 34, 45),
    (855, 83, 39, 50),
    (960, 78, 35, 46),
    (1078, 77, 35, 45),
    (1210, 76, 41, 52),
    (393, 104, 38, 46),
    (641, 99, 41, 54),
    (47, 160, 40, 50),
    (181, 178, 38, 48),
    (321, 164, 39, 51),
    (477, 165, 41, 52),
    (648, 158, 39, 49),
    (777, 157, 36, 48),
    (911, 166, 39, 52),
    (1064, 173, 42, 53),
    (1198, 178, 39, 50),
    (90, 206, 44, 54),
    (243, 215, 43, 54),
    (393, 209, 41, 53),
    (560, 217, 43, 56),
    (732, 209, 44, 55),
    (875, 209, 46, 55),
    (983, 208, 41, 54),
    (1145, 213, 40, 52),
    (1253, 230, 42, 53),
];
/// The face in `astronaut.jpg`.
pub(crate) const ASTRONAUT: (u32, u32, u32, u32) = (179, 62, 89, 112);
/// The face in `photographer.jpg`, from the side.
pub(crate) const PHOTOGRAPHER: (u32, u32, u32, u32) = (198, 119, 60, 77);

/// A face cut out with as much around it as makes it a head.
pub(crate) fn cut(source: &RgbImage, (x, y, width, height): (u32, u32, u32, u32)) -> Person {
    let (left, top) = (x.saturating_sub(width / 2), y.saturating_sub(height / 2));
    let right = (x + width + width / 2).min(source.width());
    let bottom = (y + height + height / 2).min(source.height());
    let cut = imageops::crop_imm(source, left, top, right - left, bottom - top).to_image();
    #[expect(clippy::cast_precision_loss, reason = "sides of pictures are small")]
    let face = (
        (x - left) as f32 + width as f32 / 2.0,
        (y - top) as f32 + height as f32 / 2.0,
        height as f32,
    );
    Person { cut, face }
}
