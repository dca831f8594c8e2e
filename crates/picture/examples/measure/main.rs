//! How well and how fast faces are found: `cargo xtask bench-faces`.
//!
//! The pictures are made from the sources in `measured/` by the same numbers every time. A face counts as found where the
//! middle of a box lies on it and the box is neither half nor double its height; every other box is a false one.

mod compose;
mod people;
mod sets;

use std::time::{Duration, Instant};

use image::codecs::jpeg::JpegEncoder;
use image::{ImageError, RgbImage};
use picture::{Clean, Face, Fault, Limits, find};

use compose::Made;

#[derive(Debug, thiserror::Error)]
enum Wrong {
    #[error("a source could not be read: {0}")]
    Source(#[from] ImageError),
    #[error("a picture was not taken: {0}")]
    Picture(#[from] Fault),
}

#[derive(Default)]
struct Tally {
    pictures: usize,
    exact: usize,
    faces: usize,
    found: usize,
    boxes: usize,
}

fn main() -> Result<(), Wrong> {
    let mut all = Tally::default();
    let mut times: Vec<Duration> = Vec::new();
    println!("| Pictures | how many | count right | faces | found | false | precision | recall |");
    println!("|---|---|---|---|---|---|---|---|");
    for (name, pictures) in sets::all()? {
        let mut set = Tally::default();
        for made in &pictures {
            let clean = taken(&made.image)?;
            let start = Instant::now();
            let faces = find(&clean)?;
            times.push(start.elapsed());
            set.add(made, &faces);
        }
        println!("{}", set.row(name));
        all.join(&set);
    }
    println!("{}", all.row("**all**"));
    times.sort();
    let at = |part: usize| {
        times
            .get(times.len() * part / 100)
            .copied()
            .unwrap_or_default()
    };
    println!(
        "\nFinding, one thread: median {:.0?}, 95th percentile {:.0?}.",
        at(50),
        at(95)
    );
    cost()
}

/// What a telephone's photo costs, step by step.
fn cost() -> Result<(), Wrong> {
    let photo = sets::photo()?;
    let bytes = encoded(&photo)?;
    println!(
        "\nA photo of {} by {} pixels, {} bytes:",
        photo.width(),
        photo.height(),
        bytes.len()
    );
    let limits = Limits::default();
    let clean = timed("taken in and cleaned", || {
        Clean::from_upload(&bytes, None, &limits)
    })?;
    let faces = timed("faces found", || find(&clean))?;
    let places: Vec<_> = faces.iter().map(|f| f.place).collect();
    timed("all of them blurred", || {
        picture::blur(&clean, &places, &limits)
    })?;
    let target = picture::Target {
        bytes: 1_000_000,
        side: 2_000,
        pixels: u64::MAX,
    };
    timed("brought under a million bytes", || {
        picture::fit(&clean, &target)
    })?;
    Ok(())
}

fn timed<T>(what: &str, work: impl Fn() -> Result<T, Fault>) -> Result<T, Fault> {
    let start = Instant::now();
    let done = work()?;
    println!("- {what}: {} ms", start.elapsed().as_millis());
    Ok(done)
}

fn encoded(image: &RgbImage) -> Result<Vec<u8>, ImageError> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, 85).encode_image(image)?;
    Ok(bytes)
}

fn taken(image: &RgbImage) -> Result<Clean, Wrong> {
    Ok(Clean::from_upload(
        &encoded(image)?,
        None,
        &Limits::default(),
    )?)
}

/// Whether a box is on a face.
#[expect(clippy::cast_precision_loss, reason = "sides of pictures are small")]
fn on(face: &Face, (x, y, height): (f32, f32, f32)) -> bool {
    let place = face.place;
    let middle = |at: u32, long: u32| at as f32 + long as f32 / 2.0;
    let away = (middle(place.x, place.width) - x).hypot(middle(place.y, place.height) - y);
    // A face at the edge of the picture, or one on its side, has another box than one upright.
    let longer = place.height.max(place.width) as f32;
    away < height * 0.5 && longer > height * 0.5 && longer < height * 2.0
}

impl Tally {
    fn add(&mut self, made: &Made, faces: &[Face]) {
        self.pictures += 1;
        self.exact += usize::from(faces.len() == made.faces.len());
        self.faces += made.faces.len();
        self.boxes += faces.len();
        let mut left: Vec<&Face> = faces.iter().collect();
        for face in &made.faces {
            if let Some(at) = left.iter().position(|f| on(f, *face)) {
                left.swap_remove(at);
                self.found += 1;
            }
        }
    }

    fn join(&mut self, other: &Self) {
        self.pictures += other.pictures;
        self.exact += other.exact;
        self.faces += other.faces;
        self.found += other.found;
        self.boxes += other.boxes;
    }

    fn row(&self, name: &str) -> String {
        #[expect(clippy::cast_precision_loss, reason = "counts are small")]
        let share = |of: usize, all: usize| {
            if all == 0 {
                "-".to_owned()
            } else {
                format!("{:.3}", of as f64 / all as f64)
            }
        };
        format!(
            "| {name} | {} | {} | {} | {} | {} | {} | {} |",
            self.pictures,
            self.exact,
            self.faces,
            self.found,
            self.boxes - self.found,
            share(self.found, self.boxes),
            share(self.found, self.faces),
        )
    }
}
