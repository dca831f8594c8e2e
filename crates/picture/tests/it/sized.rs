//! Pictures are brought to what a platform takes.

use image::ImageFormat;
use picture::{Clean, Fault, Kind, Limits, Target, fit, preview};

use crate::made::{self, encoded, photo, see_through};

fn clean(bytes: &[u8]) -> Clean {
    Clean::from_upload(bytes, None, &Limits::default()).unwrap()
}

const ROOMY: Target = Target {
    bytes: 1_000_000,
    side: 2_000,
    pixels: 4_000_000,
};

#[test]
fn what_fits_goes_as_it_is() {
    let picture = clean(&made::jpeg(&photo(300, 200), 1));
    assert_eq!(fit(&picture, &ROOMY).unwrap().bytes, picture.bytes());
}

#[test]
fn what_lies_on_its_side_is_turned() {
    let picture = clean(&made::jpeg(&photo(300, 200), 6));
    let fitted = fit(&picture, &ROOMY).unwrap();
    let image = image::load_from_memory(&fitted.bytes).unwrap();
    assert_eq!((image.width(), image.height()), (200, 300));
    assert!(clean(&fitted.bytes).is_upright());
}

#[test]
fn side_pixels_and_bytes_are_kept_to() {
    let picture = clean(&encoded(photo(1_600, 900), ImageFormat::Jpeg));
    let targets = [
        Target { side: 640, ..ROOMY },
        Target {
            pixels: 100_000,
            ..ROOMY
        },
        Target {
            bytes: 60_000,
            ..ROOMY
        },
        Target {
            bytes: 9_000,
            ..ROOMY
        },
    ];
    for target in targets {
        let fitted = fit(&picture, &target).unwrap();
        assert!(fitted.bytes.len() <= target.bytes);
        assert!(fitted.width.max(fitted.height) <= target.side);
        assert!(u64::from(fitted.width) * u64::from(fitted.height) <= target.pixels);
        let shape = f64::from(fitted.width) / f64::from(fitted.height);
        assert!((shape - 16.0 / 9.0).abs() < 0.05, "{shape}");
        assert_eq!(clean(&fitted.bytes).removed().count(), 0);
    }
    assert_eq!(
        fit(&picture, &Target { bytes: 10, ..ROOMY }),
        Err(Fault::DoesNotFit)
    );
}

#[test]
fn a_drawing_stays_sharp_where_it_can() {
    let picture = clean(&encoded(see_through(400, 300), ImageFormat::Png));
    let small = fit(&picture, &Target { side: 200, ..ROOMY }).unwrap();
    assert_eq!(small.kind, Kind::Png);
    let tight = fit(
        &picture,
        &Target {
            bytes: 20_000,
            ..ROOMY
        },
    )
    .unwrap();
    assert!(tight.bytes.len() <= 20_000);
}

#[test]
fn a_preview_is_small_and_upright() {
    let picture = clean(&made::png(see_through(400, 200), 8));
    let small = preview(&picture, 100).unwrap();
    assert_eq!(
        (small.kind, small.width, small.height),
        (Kind::Jpeg, 50, 100)
    );
}
