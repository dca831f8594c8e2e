//! The sets of pictures.

use image::{ImageError, RgbImage};

use crate::compose::{Made, Numbers, Pose, circles};
use crate::people::{ASTRONAUT, CONFERENCE, PHOTOGRAPHER, Person, cut};

fn source(bytes: &[u8]) -> Result<RgbImage, ImageError> {
    Ok(image::load_from_memory(bytes)?.into_rgb8())
}

macro_rules! measured {
    ($name:literal) => {
        source(include_bytes!(concat!("../../measured/", $name, ".jpg")))?
    };
}

/// Where nobody is.
fn scenes() -> Result<Vec<RgbImage>, ImageError> {
    Ok(vec![
        measured!("cat"),
        measured!("coffee"),
        measured!("rocket"),
        measured!("motorcycle"),
        measured!("galaxies"),
        measured!("grass"),
        measured!("bricks"),
    ])
}

/// The 29 of the conference, then the astronaut.
fn people() -> Result<Vec<Person>, ImageError> {
    let conference = measured!("conference");
    let mut people: Vec<Person> = CONFERENCE
        .iter()
        .map(|face| cut(&conference, *face))
        .collect();
    people.push(cut(&measured!("astronaut"), ASTRONAUT));
    Ok(people)
}

#[expect(clippy::cast_precision_loss, reason = "sides of pictures are small")]
fn whole(image: RgbImage, faces: &[(u32, u32, u32, u32)]) -> Made {
    let middle = |at: u32, long: u32| at as f32 + long as f32 / 2.0;
    let faces = faces
        .iter()
        .map(|(x, y, width, height)| (middle(*x, *width), middle(*y, *height), *height as f32))
        .collect();
    Made { image, faces }
}

pub(crate) fn all() -> Result<Vec<(&'static str, Vec<Made>)>, ImageError> {
    Ok(vec![
        ("a group of 29, in several sizes and lights", group()?),
        ("one person", single()?),
        (
            "people put into scenes, 1 to 8",
            put_together(24, (36.0, 140.0), 20.0, 0x5EED)?,
        ),
        (
            "the same, small faces (18 to 32 pixels)",
            put_together(8, (18.0, 32.0), 15.0, 0xFACE)?,
        ),
        ("the same, much turned (30 to 60 degrees)", turned()?),
        ("nobody: scenes, a cat", nobody()?),
        ("nobody: drawings, balls, patterns", drawn()),
    ])
}

fn group() -> Result<Vec<Made>, ImageError> {
    let group = whole(measured!("conference"), &CONFERENCE);
    let mut numbers = Numbers(29);
    Ok(vec![
        group.sized(1_400),
        group.sized(1_000),
        group.sized(700),
        group.mirrored(),
        group.sized(1_200).each(|c| f32::from(c) * 0.35),
        group.sized(1_200).each(|c| f32::from(c) * 0.5 + 128.0),
        group.sized(1_200).noisy(&mut numbers, 40.0),
        group.sized(1_200).soft(1.6),
        // Three times the size: as a large camera gives it.
        group.sized(4_200),
    ])
}

fn single() -> Result<Vec<Made>, ImageError> {
    let astronaut = whole(measured!("astronaut"), &[ASTRONAUT]);
    let photographer = whole(measured!("photographer"), &[PHOTOGRAPHER]);
    Ok(vec![
        astronaut.sized(512),
        astronaut.sized(160),
        astronaut.sized(3_000),
        astronaut.mirrored().each(|c| f32::from(c) * 0.3),
        astronaut.on_its_side(),
        photographer.sized(512),
        photographer.mirrored(),
    ])
}

fn put_together(
    count: u32,
    heights: (f32, f32),
    turn: f32,
    seed: u64,
) -> Result<Vec<Made>, ImageError> {
    let turns = move |numbers: &mut Numbers| numbers.between(-turn, turn);
    composed(count, heights, turns, seed)
}

fn turned() -> Result<Vec<Made>, ImageError> {
    let turns = |numbers: &mut Numbers| {
        let turn = numbers.between(30.0, 60.0);
        if numbers.below(2) == 0 { turn } else { -turn }
    };
    composed(6, (50.0, 110.0), turns, 0x70_12)
}

/// Scenes with people in them, who stand in places of their own.
#[expect(clippy::cast_precision_loss, reason = "sides of pictures are small")]
fn composed(
    count: u32,
    (low, high): (f32, f32),
    turns: impl Fn(&mut Numbers) -> f32,
    seed: u64,
) -> Result<Vec<Made>, ImageError> {
    let (scenes, people) = (scenes()?, people()?);
    let mut numbers = Numbers(seed);
    let mut pictures = Vec::new();
    for number in 0..count {
        let scene = scenes.iter().cycle().nth(number as usize);
        let Some(scene) = scene else { break };
        let mut made = Made::on(scene, 1_280, 800);
        for place in 0..=numbers.below(8) {
            // Four across, two down.
            let (column, row) = ((place % 4) as f32, (place / 4) as f32);
            let who = numbers.below(u32::try_from(people.len()).unwrap_or(1));
            let pose = Pose {
                at: (
                    column * 320.0 + 160.0 + numbers.between(-30.0, 30.0),
                    row * 400.0 + 200.0 + numbers.between(-40.0, 40.0),
                ),
                height: numbers.between(low, high),
                turn: turns(&mut numbers),
                mirrored: numbers.below(2) == 0,
                light: numbers.between(0.55, 1.3),
            };
            if let Some(person) = people.get(who as usize) {
                made.put(person, &pose);
            }
        }
        pictures.push(made);
    }
    Ok(pictures)
}

fn nobody() -> Result<Vec<Made>, ImageError> {
    let scenes = scenes()?;
    let large = scenes.iter().map(|scene| Made::on(scene, 1_280, 900));
    let small = scenes
        .iter()
        .map(|scene| Made::on(scene, 400, 300).mirrored());
    Ok(large.chain(small).collect())
}

/// What might be taken for faces: drawn ones, balls, checks, noise.
#[expect(clippy::cast_precision_loss, reason = "sides of pictures are small")]
fn drawn() -> Vec<Made> {
    let (yellow, black, pink) = ([255, 214, 40], [20, 20, 20], [236, 188, 160]);
    let smile = |x: f32, y: f32, r: f32, skin: [u8; 3]| {
        let mut parts = vec![
            (x, y, r, skin),
            (x - r * 0.35, y - r * 0.25, r * 0.12, black),
            (x + r * 0.35, y - r * 0.25, r * 0.12, black),
        ];
        for step in 0..9 {
            let along = (step as f32 - 4.0) / 4.0;
            parts.push((
                x + along * r * 0.5,
                y + r * (0.5 - 0.18 * along * along),
                r * 0.07,
                black,
            ));
        }
        parts
    };
    let balls: Vec<_> = (0..40)
        .map(|n| {
            (
                (n % 8) as f32 * 150.0 + 80.0,
                (n / 8) as f32 * 150.0 + 80.0,
                60.0,
                pink,
            )
        })
        .collect();
    let crowd: Vec<_> = (0..12)
        .flat_map(|n| {
            smile(
                (n % 4) as f32 * 280.0 + 150.0,
                (n / 4) as f32 * 250.0 + 130.0,
                90.0,
                pink,
            )
        })
        .collect();
    let football: Vec<_> = std::iter::once((400.0, 300.0, 220.0, [250, 250, 250]))
        .chain((0..7).map(|n| {
            let turn = n as f32 * 0.9;
            (
                400.0 + turn.cos() * 140.0,
                300.0 + turn.sin() * 140.0,
                40.0,
                black,
            )
        }))
        .collect();
    let mut numbers = Numbers(7);
    vec![
        circles(
            800,
            600,
            [200, 220, 240],
            &smile(400.0, 300.0, 200.0, yellow),
        ),
        circles(1_200, 800, [90, 140, 90], &crowd),
        circles(1_200, 800, [90, 140, 90], &balls),
        circles(800, 600, [60, 120, 60], &football),
        circles(640, 480, [128, 128, 128], &[]).noisy(&mut numbers, 120.0),
    ]
}

/// About as large as a telephone takes it: 12 megapixels, somebody in it.
pub(crate) fn photo() -> Result<RgbImage, ImageError> {
    let mut made = Made::on(&measured!("motorcycle"), 4_032, 3_024);
    for (number, person) in people()?.iter().rev().take(3).enumerate() {
        #[expect(clippy::cast_precision_loss, reason = "three of them")]
        let at = (900.0 + number as f32 * 1_000.0, 1_200.0);
        let pose = Pose {
            at,
            height: 420.0,
            turn: 0.0,
            mirrored: false,
            light: 1.0,
        };
        made.put(person, &pose);
    }
    Ok(made.noisy(&mut Numbers(12), 6.0).image)
}
