//! What is no picture, or too much of one, is refused before it is unpacked, with what to do instead.

use image::ImageFormat;
use picture::{Clean, Fault, Kind, Limits};

use crate::made::{self, bomb, chunk, encoded, packed, photo};

fn fault(bytes: &[u8], name: Option<&str>) -> Fault {
    Clean::from_upload(bytes, name, &Limits::default()).unwrap_err()
}

#[test]
fn too_many_bytes() {
    let heavy = vec![0xFF; 100_000_000];
    let fault = fault(&heavy, None);
    assert_eq!(
        fault.to_string(),
        "The file has 100 MB; a picture may have 30 MB. Make it smaller, or save it as a JPEG."
    );
}

#[test]
fn too_many_pixels() {
    for (width, height) in [
        (50_000, 50_000),
        (12_001, 1),
        (8_000, 8_000),
        (u32::MAX, u32::MAX),
    ] {
        assert_eq!(
            fault(&bomb(width, height), None),
            Fault::TooManyPixels { width, height }
        );
    }
    assert!(matches!(fault(&bomb(0, 4), None), Fault::Damaged(_)));
}

#[test]
fn a_bomb_that_unpacks_to_more_than_its_size() {
    // Four by four pixels, and four megabytes of zeros for them.
    let mut head = [4_u32.to_be_bytes(), 4_u32.to_be_bytes()].concat();
    head.extend([8, 2, 0, 0, 0]);
    let mut bytes = b"\x89PNG\r\n\x1A\n".to_vec();
    bytes.extend(chunk(b"IHDR", &head));
    bytes.extend(chunk(b"IDAT", &packed(&vec![0; 4_000_000])));
    bytes.extend(chunk(b"IEND", &[]));
    assert_eq!(
        fault(&bytes, None),
        Fault::Damaged("it unpacks to more than its size")
    );
}

#[test]
fn a_jpeg_built_up_in_endless_passes() {
    let plain = encoded(photo(16, 16), ImageFormat::Jpeg);
    let scan = plain.windows(2).position(|w| w == [0xFF, 0xDA]).unwrap();
    let end = plain.len() - 2;
    let mut bytes = plain[..end].to_vec();
    for _ in 0..100 {
        bytes.extend(&plain[scan..end]);
    }
    bytes.extend([0xFF, 0xD9]);
    assert!(matches!(fault(&bytes, None), Fault::Damaged(_)));
}

#[test]
fn other_kinds_say_what_to_do() {
    let others: [(&[u8], &str); 10] = [
        (b"GIF89a....", "save it as a PNG"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "Most Compatible"),
        (b"\0\0\0\x18ftypavif\0\0\0\0avifmif1", "AVIF"),
        (b"\0\0\0\x18ftypisom\0\0\0\0isom", "film"),
        (b"II*\0\x08\0\0\0", "TIFF"),
        (b"BM......", "BMP"),
        (b"%PDF-1.7", "PDF"),
        (
            b"<?xml version='1.0'?><svg xmlns='x'><script/></svg>",
            "SVG",
        ),
        (b"<html><script>", "not a picture"),
        (b"MZ\x90\0", "not a picture"),
    ];
    for (bytes, says) in others {
        let fault = fault(bytes, None).to_string();
        assert!(fault.contains(says), "{fault}");
    }
    assert_eq!(fault(b"", None), Fault::Empty);
}

#[test]
fn a_name_that_says_something_else() {
    let jpeg = encoded(photo(8, 8), ImageFormat::Jpeg);
    let wrong = fault(&jpeg, Some("class.PNG"));
    assert_eq!(
        wrong,
        Fault::Mislabelled {
            ending: "png".to_owned(),
            is: Kind::Jpeg
        }
    );
    assert!(wrong.to_string().contains("ends in '.jpg'"), "{wrong}");
    for right in ["class.jpg", "class.JPEG", "class", "class 4.b", ""] {
        assert!(
            Clean::from_upload(&jpeg, Some(right), &Limits::default()).is_ok(),
            "{right}"
        );
    }
}

#[test]
fn what_moves() {
    let mut png = encoded(photo(8, 8), ImageFormat::Png);
    png.splice(33..33, chunk(b"acTL", &[0, 0, 0, 2, 0, 0, 0, 0]));
    assert_eq!(fault(&png, None), Fault::Animated);
    let webp = made::webp(photo(8, 8), 1);
    let mut moving = webp.clone();
    let at = webp.windows(4).position(|w| w == b"note").unwrap();
    moving[at..at + 4].copy_from_slice(b"ANMF");
    assert_eq!(fault(&moving, None), Fault::Animated);
}

#[test]
fn what_is_cut_off() {
    for bytes in [
        encoded(photo(64, 64), ImageFormat::Jpeg),
        encoded(photo(64, 64), ImageFormat::Png),
        encoded(photo(64, 64), ImageFormat::WebP),
    ] {
        assert_eq!(fault(&bytes[..bytes.len() / 2], None), Fault::CutOff);
    }
}
