//! Making a face unknowable.

use image::DynamicImage;

use crate::Place;
use crate::clean::Clean;
use crate::fault::Fault;
use crate::fit::again;
use crate::limits::Limits;
use crate::pixels::upright;

/// How much more than the face is hidden on every side: hair and ears.
const MARGIN: f32 = 0.2;
/// Into how many cells the shorter side is divided.
const CELLS: u32 = 4;
/// The longer side has no more than this.
const MOST_CELLS: u32 = 8;
/// Colours of cells are told apart in steps of this many.
const STEP: u8 = 16;

/// A new picture in which what lies at the places cannot be made out again: of each place only a few coarse averages are
/// kept, and drawn soft. A place outside the picture is passed over.
///
/// # Errors
/// Where the picture cannot be written again within the limits.
pub fn blur(picture: &Clean, places: &[Place], limits: &Limits) -> Result<Clean, Fault> {
    let mut image = upright(picture)?;
    let (width, height) = (image.width(), image.height());
    for place in places {
        if let Some(place) = place.with_margin(MARGIN, width, height) {
            hide(&mut image, place);
        }
    }
    let bytes = again(&image, picture.kind(), picture.profile())?;
    Clean::from_upload(&bytes, None, limits)
}

fn hide(image: &mut DynamicImage, place: Place) {
    let width = image.width();
    match image {
        DynamicImage::ImageRgb8(rgb) => hide_in::<3>(rgb, width, place),
        DynamicImage::ImageRgba8(rgba) => hide_in::<4>(rgba, width, place),
        _ => {}
    }
}

/// The averages of a place, `across` of them in a row.
struct Cells<const N: usize> {
    across: u32,
    down: u32,
    colours: Vec<[u8; N]>,
}

fn hide_in<const N: usize>(pixels: &mut [u8], width: u32, place: Place) {
    let cells = averages::<N>(pixels, width, place);
    for (x, y, pixel) in within::<N>(pixels, width, place) {
        *pixel = cells.soft(x, y, place);
    }
}

/// The pixels of a place, with where they lie in it.
fn within<const N: usize>(
    pixels: &mut [u8],
    width: u32,
    place: Place,
) -> impl Iterator<Item = (u32, u32, &mut [u8; N])> {
    let row = width as usize * N;
    let from = place.x as usize;
    pixels
        .chunks_exact_mut(row.max(1))
        .skip(place.y as usize)
        .zip(0..place.height)
        .flat_map(move |(row, y)| {
            let (row, _) = row.as_chunks_mut::<N>();
            row.iter_mut()
                .skip(from)
                .zip(0..place.width)
                .map(move |(pixel, x)| (x, y, pixel))
        })
}

fn averages<const N: usize>(pixels: &mut [u8], width: u32, place: Place) -> Cells<N> {
    let shorter = place.width.min(place.height).max(1);
    let cells = |side: u32| (side * CELLS / shorter).clamp(1, MOST_CELLS).min(side);
    let (across, down) = (cells(place.width), cells(place.height));
    let mut sums = vec![([0_u64; N], 0_u64); (across * down) as usize];
    for (x, y, pixel) in within::<N>(pixels, width, place) {
        let cell = (y * down / place.height) * across + x * across / place.width;
        if let Some((sum, count)) = sums.get_mut(cell as usize) {
            for (sum, colour) in sum.iter_mut().zip(pixel) {
                *sum += u64::from(*colour);
            }
            *count += 1;
        }
    }
    let colours = sums
        .into_iter()
        .map(|(sum, count)| sum.map(|sum| coarse(sum / count.max(1))))
        .collect();
    Cells {
        across,
        down,
        colours,
    }
}

fn coarse(average: u64) -> u8 {
    let average = u8::try_from(average).unwrap_or(u8::MAX);
    average / STEP * STEP + STEP / 2
}

impl<const N: usize> Cells<N> {
    fn at(&self, column: u32, row: u32) -> [u8; N] {
        let (column, row) = (column.min(self.across - 1), row.min(self.down - 1));
        let at = (row * self.across + column) as usize;
        self.colours.get(at).copied().unwrap_or([0; N])
    }

    /// The colour at a pixel of the place: between those of the four cells around it.
    fn soft(&self, x: u32, y: u32, place: Place) -> [u8; N] {
        let (left, by_x) = between(x, place.width, self.across);
        let (top, by_y) = between(y, place.height, self.down);
        let corners = [
            (self.at(left, top), (256 - by_x) * (256 - by_y)),
            (self.at(left + 1, top), by_x * (256 - by_y)),
            (self.at(left, top + 1), (256 - by_x) * by_y),
            (self.at(left + 1, top + 1), by_x * by_y),
        ];
        let mut mixed = [0_u32; N];
        for (colour, weight) in corners {
            for (sum, colour) in mixed.iter_mut().zip(colour) {
                *sum += u32::from(colour) * weight;
            }
        }
        mixed.map(|sum| u8::try_from(sum >> 16).unwrap_or(u8::MAX))
    }
}

/// The cell whose middle lies before `at`, and how far it is to the next, in 256ths.
fn between(at: u32, side: u32, cells: u32) -> (u32, u32) {
    let middle = u64::from(2 * at + 1) * u64::from(cells) * 128 / u64::from(side.max(1));
    let from_first = middle.saturating_sub(128);
    let part = |n: u64| u32::try_from(n).unwrap_or_default();
    (part(from_first / 256), part(from_first % 256))
}
