//! Pictures made from a few sources, the same every time.

use image::imageops::{self, FilterType};
use image::{Rgb, RgbImage};

use crate::people::Person;

/// Numbers that look random and are the same every time (SplitMix64).
pub(crate) struct Numbers(pub(crate) u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, most: u32) -> u32 {
        u32::try_from(self.next() % u64::from(most.max(1))).unwrap_or_default()
    }

    /// From `low` to `high`.
    pub(crate) fn between(&mut self, low: f32, high: f32) -> f32 {
        #[expect(clippy::cast_precision_loss, reason = "sixteen bits")]
        let part = self.below(65_536) as f32 / 65_535.0;
        low + part * (high - low)
    }
}

/// A picture and where its faces are: their middles and their heights.
pub(crate) struct Made {
    pub(crate) image: RgbImage,
    pub(crate) faces: Vec<(f32, f32, f32)>,
}

/// How somebody is put into a picture.
pub(crate) struct Pose {
    /// Where the middle of the face goes.
    pub(crate) at: (f32, f32),
    /// How high the face becomes, in pixels.
    pub(crate) height: f32,
    /// Clockwise, in degrees.
    pub(crate) turn: f32,
    pub(crate) mirrored: bool,
    /// Times every colour.
    pub(crate) light: f32,
}

impl Made {
    pub(crate) fn on(scene: &RgbImage, width: u32, height: u32) -> Self {
        Self {
            image: imageops::resize(scene, width, height, FilterType::Triangle),
            faces: Vec::new(),
        }
    }

    /// Puts somebody in, fading out at the edges.
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "sides of pictures are small, and places are looked at first"
    )]
    pub(crate) fn put(&mut self, person: &Person, pose: &Pose) {
        let (face_x, face_y, face_height) = person.face;
        // First brought near its size, so that it is not sampled coarsely.
        let scale = pose.height / face_height;
        let side = |side: u32| ((side as f32 * scale).round() as u32).max(1);
        let (wide, high) = (side(person.cut.width()), side(person.cut.height()));
        let mut cut = imageops::resize(&person.cut, wide, high, FilterType::Triangle);
        let mut face_x = face_x * scale;
        if pose.mirrored {
            imageops::flip_horizontal_in_place(&mut cut);
            face_x = wide as f32 - face_x;
        }
        let face_y = face_y * scale;
        let (sin, cos) = pose.turn.to_radians().sin_cos();
        for (x, y, to) in self.image.enumerate_pixels_mut() {
            let (dx, dy) = (x as f32 - pose.at.0, y as f32 - pose.at.1);
            let from_x = face_x + dx * cos + dy * sin;
            let from_y = face_y - dx * sin + dy * cos;
            // Whole in the middle, nothing at the edge of an ellipse.
            let away_x = (from_x / wide as f32 - 0.5) * 2.0;
            let away_y = (from_y / high as f32 - 0.5) * 2.0;
            let whole = ((1.0 - away_x.hypot(away_y)) * 6.0).clamp(0.0, 1.0);
            if whole <= 0.0 || from_x < 0.0 || from_y < 0.0 {
                continue;
            }
            let Some(from) = cut.get_pixel_checked(from_x as u32, from_y as u32) else {
                continue;
            };
            for (to, from) in to.0.iter_mut().zip(from.0) {
                let lit = f32::from(from) * pose.light;
                *to = (f32::from(*to) * (1.0 - whole) + lit * whole).clamp(0.0, 255.0) as u8;
            }
        }
        self.faces.push((pose.at.0, pose.at.1, pose.height));
    }

    /// The same, with all of it in another size.
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "sides of pictures are small"
    )]
    pub(crate) fn sized(&self, width: u32) -> Self {
        let scale = width as f32 / self.image.width() as f32;
        let height = (self.image.height() as f32 * scale).round() as u32;
        Self {
            image: imageops::resize(&self.image, width, height, FilterType::Triangle),
            faces: self
                .faces
                .iter()
                .map(|(x, y, h)| (x * scale, y * scale, h * scale))
                .collect(),
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "sides of pictures are small")]
    pub(crate) fn mirrored(&self) -> Self {
        let width = self.image.width() as f32;
        Self {
            image: imageops::flip_horizontal(&self.image),
            faces: self
                .faces
                .iter()
                .map(|(x, y, h)| (width - x, *y, *h))
                .collect(),
        }
    }

    /// Lying on its side.
    #[expect(clippy::cast_precision_loss, reason = "sides of pictures are small")]
    pub(crate) fn on_its_side(&self) -> Self {
        let height = self.image.height() as f32;
        Self {
            image: imageops::rotate90(&self.image),
            faces: self
                .faces
                .iter()
                .map(|(x, y, h)| (height - y, *x, *h))
                .collect(),
        }
    }

    pub(crate) fn each(mut self, change: impl Fn(u8) -> f32) -> Self {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "clamped"
        )]
        for pixel in self.image.pixels_mut() {
            pixel.0 = pixel.0.map(|c| change(c).clamp(0.0, 255.0) as u8);
        }
        self
    }

    pub(crate) fn noisy(mut self, numbers: &mut Numbers, by: f32) -> Self {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "clamped"
        )]
        for pixel in self.image.pixels_mut() {
            pixel.0 = pixel
                .0
                .map(|c| (f32::from(c) + numbers.between(-by, by)).clamp(0.0, 255.0) as u8);
        }
        self
    }

    pub(crate) fn soft(mut self, by: f32) -> Self {
        self.image = imageops::blur(&self.image, by);
        self
    }
}

/// Circles on a ground: each with its middle, its radius and its colour.
pub(crate) fn circles(
    width: u32,
    height: u32,
    ground: [u8; 3],
    all: &[(f32, f32, f32, [u8; 3])],
) -> Made {
    #[expect(clippy::cast_precision_loss, reason = "sides of pictures are small")]
    let image = RgbImage::from_fn(width, height, |x, y| {
        let (x, y) = (x as f32, y as f32);
        let last = all
            .iter()
            .rev()
            .find(|(cx, cy, r, _)| (x - cx).hypot(y - cy) < *r);
        Rgb(last.map_or(ground, |(_, _, _, colour)| *colour))
    });
    Made {
        image,
        faces: Vec::new(),
    }
}
