//! Any bytes as a picture: refused in words, or cleaned; what is clean stays as it is, and can be blurred and sized.

#![no_main]

use libfuzzer_sys::fuzz_target;
use picture::{Clean, Limits, Place, Target, blur, fit};

/// Small, so that time goes into reading rather than into pixels.
const LIMITS: Limits = Limits {
    bytes: 100_000,
    side: 400,
    pixels: 40_000,
    memory: 400_000,
    passes: 8,
};

fuzz_target!(|bytes: &[u8]| {
    let Ok(clean) = Clean::from_upload(bytes, None, &LIMITS) else {
        return;
    };
    let again = Clean::from_upload(clean.bytes(), None, &LIMITS).expect("what is clean is taken");
    assert_eq!(clean.bytes(), again.bytes());
    let place = Place {
        x: u32::from(bytes.len() as u8),
        y: 0,
        width: 30,
        height: 40,
    };
    let roomy = Limits {
        bytes: usize::MAX,
        memory: 4_000_000,
        ..LIMITS
    };
    blur(&clean, &[place], &roomy).expect("what was read is written again");
    let target = Target {
        bytes: 3_000,
        side: 64,
        pixels: 4_000,
    };
    if let Ok(fitted) = fit(&clean, &target) {
        assert!(fitted.bytes.len() <= target.bytes);
    }
});
