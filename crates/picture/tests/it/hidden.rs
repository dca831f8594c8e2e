//! What is blurred cannot be made out again, and nothing else changes.

use image::{GenericImageView as _, ImageFormat, Rgb, RgbImage};
use picture::{Clean, Kind, Limits, Place, blur};

use crate::made::{encoded, photo, see_through};

const PLACE: Place = Place {
    x: 60,
    y: 50,
    width: 40,
    height: 50,
};

fn png(image: RgbImage) -> Clean {
    let bytes = encoded(image, ImageFormat::Png);
    Clean::from_upload(&bytes, None, &Limits::default()).unwrap()
}

fn blurred(picture: &Clean, places: &[Place]) -> RgbImage {
    let clean = blur(picture, places, &Limits::default()).unwrap();
    image::load_from_memory(clean.bytes()).unwrap().into_rgb8()
}

/// Two pictures that differ only in how the pixels within small squares of the place are ordered.
fn shuffled(image: &RgbImage) -> RgbImage {
    let mut other = image.clone();
    for y in 0..PLACE.height / 2 {
        for x in 0..PLACE.width / 2 {
            let (x, y) = (PLACE.x + 2 * x, PLACE.y + 2 * y);
            let (a, b) = (*image.get_pixel(x, y), *image.get_pixel(x + 1, y + 1));
            other.put_pixel(x, y, b);
            other.put_pixel(x + 1, y + 1, a);
        }
    }
    other
}

#[test]
fn different_faces_of_like_light_become_the_same() {
    // 56 by 70 with its margin: four cells of 14 across, five of 14 down, so pairs of pixels share a cell.
    let image = RgbImage::from_fn(200, 160, |x, y| {
        Rgb([if (x + y) % 3 == 0 { 220 } else { 90 }, 120, 60])
    });
    let other = shuffled(&image);
    assert_ne!(image, other);
    assert_eq!(
        blurred(&png(image), &[PLACE]),
        blurred(&png(other), &[PLACE])
    );
}

#[test]
fn little_is_left_within_and_all_without() {
    let image = photo(200, 160);
    let after = blurred(&png(image.clone()), &[PLACE]);
    let mut changed = 0;
    for (x, y, pixel) in after.enumerate_pixels() {
        let near = (50..=110).contains(&x) && (40..=110).contains(&y);
        if !near {
            assert_eq!(pixel, image.get_pixel(x, y));
        } else if pixel != image.get_pixel(x, y) {
            changed += 1;
        }
    }
    assert!(changed > 2_000, "{changed}");
    // Soft: neighbours differ little.
    for x in PLACE.x..PLACE.x + PLACE.width {
        let (a, b) = (after.get_pixel(x, 70).0[1], after.get_pixel(x + 1, 70).0[1]);
        assert!(a.abs_diff(b) < 24, "{a} {b}");
    }
}

#[test]
fn places_at_the_edge_and_outside_do_no_harm() {
    let picture = png(photo(50, 50));
    let all = Place {
        x: 0,
        y: 0,
        width: u32::MAX,
        height: u32::MAX,
    };
    let outside = Place {
        x: 500,
        y: 9,
        width: 4,
        height: 4,
    };
    let tiny = Place {
        x: 49,
        y: 49,
        width: 1,
        height: 1,
    };
    let flat = Place {
        x: 3,
        y: 0,
        width: 1,
        height: 50,
    };
    assert_eq!(blurred(&picture, &[outside]), photo(50, 50));
    for place in [all, tiny, flat] {
        assert_ne!(blurred(&picture, &[place]), photo(50, 50));
    }
}

#[test]
fn each_kind_keeps_what_it_shows() {
    let jpeg = Clean::from_upload(
        &encoded(photo(90, 90), ImageFormat::Jpeg),
        None,
        &Limits::default(),
    )
    .unwrap();
    assert_eq!(
        blur(&jpeg, &[PLACE], &Limits::default()).unwrap().kind(),
        Kind::Jpeg
    );
    let layered = Clean::from_upload(
        &encoded(see_through(90, 90), ImageFormat::WebP),
        None,
        &Limits::default(),
    )
    .unwrap();
    let after = blur(&layered, &[PLACE], &Limits::default()).unwrap();
    assert_eq!(after.kind(), Kind::Png);
    assert_eq!(
        image::load_from_memory(after.bytes())
            .unwrap()
            .get_pixel(5, 5)
            .0[3],
        5
    );
}
