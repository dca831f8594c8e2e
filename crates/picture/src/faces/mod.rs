//! Where faces are in a picture, and how sure that is. Nothing about whose: no measure of a face is taken or kept.

mod layers;
mod network;
mod onnx;

use image::imageops::FilterType;
use image::{DynamicImage, RgbImage, imageops};

use crate::Place;
use crate::clean::Clean;
use crate::fault::Fault;
use crate::pixels::upright;
use layers::Map;
use network::{HEAD, MULTIPLE, Network, STRIDES};

/// Sizes, in pixels of the longer side, in which the picture is looked at: small faces of a group, then those that fill it.
const LOOKS: [u32; 2] = [1_280, 320];
/// From here on the program takes it for a face. Missing one costs more than asking about a ball.
const SURE: f32 = 0.55;
/// Two that share so much of what they cover are one.
const SAME: f32 = 0.3;
/// More are not asked about one by one.
const MOST: usize = 200;

/// A face in a picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Face {
    /// Where.
    pub place: Place,
    /// How sure, from 0 to 1.
    pub sure: f32,
}

/// A box in parts of pixels.
#[derive(Debug, Clone, Copy)]
struct Found {
    left: f32,
    top: f32,
    width: f32,
    height: f32,
    sure: f32,
}

/// The faces of a picture, from top left to bottom right as one reads.
///
/// # Errors
/// Where its pixels cannot be read.
pub fn find(picture: &Clean) -> Result<Vec<Face>, Fault> {
    let image = upright(picture)?;
    Ok(find_in(&image))
}

fn find_in(image: &DynamicImage) -> Vec<Face> {
    let rgb = image.to_rgb8();
    let (width, height) = rgb.dimensions();
    let longer = width.max(height);
    let mut found: Vec<Found> = Vec::new();
    for (number, look) in LOOKS.into_iter().enumerate() {
        // The first look is taken in any case, no larger than the picture.
        if number == 0 || look < longer {
            found.extend(look_at(&rgb, look.min(longer)));
        }
    }
    let mut faces: Vec<Face> = merged(found)
        .iter()
        .filter_map(|f| f.face(width, height))
        .collect();
    // In rows as high as a face.
    let high = faces
        .iter()
        .map(|f| f.place.height)
        .max()
        .unwrap_or(1)
        .max(1);
    faces.sort_by_key(|f| ((f.place.y + f.place.height / 2) / high, f.place.x));
    faces
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "sides of pictures are small and above zero"
)]
fn look_at(rgb: &RgbImage, look: u32) -> Vec<Found> {
    let (width, height) = rgb.dimensions();
    let scale = look as f32 / width.max(height).max(1) as f32;
    let side = |side: u32| ((side as f32 * scale).round() as u32).max(1);
    let small = if scale < 1.0 {
        imageops::resize(rgb, side(width), side(height), FilterType::Triangle)
    } else {
        rgb.clone()
    };
    let maps = Network::packaged().and_then(|network| network.of(&map(&small)));
    let mut found = Vec::new();
    for (map, stride) in maps.iter().flatten().zip(STRIDES) {
        found.extend(read(map, stride as f32));
    }
    for f in &mut found {
        for side in [&mut f.left, &mut f.top, &mut f.width, &mut f.height] {
            *side /= scale;
        }
    }
    found
}

/// The picture as the network wants it: blue, green, red; black beyond the right and the lower edge.
fn map(rgb: &RgbImage) -> Map {
    let (wide, high) = (rgb.width() as usize, rgb.height() as usize);
    let (width, height) = (
        wide.next_multiple_of(MULTIPLE),
        high.next_multiple_of(MULTIPLE),
    );
    let mut data = vec![0.0; width * height * 3];
    for (to, from) in data.chunks_exact_mut(width * 3).zip(rgb.rows()) {
        for (to, from) in to.chunks_exact_mut(3).zip(from) {
            let [red, green, blue] = from.0;
            to.copy_from_slice(&[f32::from(blue), f32::from(green), f32::from(red)]);
        }
    }
    Map {
        width,
        height,
        channels: 3,
        data,
    }
}

/// The boxes that one of the network's maps speaks of.
#[expect(clippy::cast_precision_loss, reason = "sides of pictures are small")]
fn read(map: &Map, stride: f32) -> Vec<Found> {
    let mut found = Vec::new();
    for (at, point) in map.data.chunks_exact(HEAD).enumerate() {
        let [face, thing, x, y, wide, high] = point else {
            continue;
        };
        let sure = (one(*face) * one(*thing)).sqrt();
        if sure < SURE {
            continue;
        }
        let (column, row) = ((at % map.width) as f32, (at / map.width) as f32);
        let (width, height) = (wide.exp() * stride, high.exp() * stride);
        found.push(Found {
            left: (column + x) * stride - width / 2.0,
            top: (row + y) * stride - height / 2.0,
            width,
            height,
            sure,
        });
    }
    found
}

/// A number as a part of one.
fn one(number: f32) -> f32 {
    1.0 / (1.0 + (-number).exp())
}

/// The surest of those that lie on one another.
fn merged(mut found: Vec<Found>) -> Vec<Found> {
    found.sort_by(|a, b| b.sure.total_cmp(&a.sure));
    let mut kept: Vec<Found> = Vec::new();
    for f in found {
        if kept.len() < MOST && kept.iter().all(|k| k.shared(&f) < SAME) {
            kept.push(f);
        }
    }
    kept
}

impl Found {
    /// How much of what both cover they share; or how much of the smaller one lies in the other, where that is nearly all.
    fn shared(&self, other: &Self) -> f32 {
        let over = |a: f32, a_long: f32, b: f32, b_long: f32| {
            ((a + a_long).min(b + b_long) - a.max(b)).max(0.0)
        };
        let both = over(self.left, self.width, other.left, other.width)
            * over(self.top, self.height, other.top, other.height);
        let (mine, its) = (self.width * self.height, other.width * other.height);
        let within = both / mine.min(its).max(f32::EPSILON);
        let share = both / (mine + its - both).max(f32::EPSILON);
        if within > 0.8 { share.max(SAME) } else { share }
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "kept within the picture first"
    )]
    fn face(&self, width: u32, height: u32) -> Option<Face> {
        let within = |at: f32, most: u32| (at.max(0.0) as u32).min(most);
        let (x, y) = (within(self.left, width), within(self.top, height));
        let place = Place {
            x,
            y,
            width: within(self.left + self.width, width) - x,
            height: within(self.top + self.height, height) - y,
        };
        let place = place.within(width, height)?;
        Some(Face {
            place,
            sure: self.sure,
        })
    }
}
