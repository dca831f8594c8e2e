//! What is refused, and with what words.

use super::super::{ImportError, LIMIT_BYTES, LIMIT_LINES, import};

#[test]
fn what_is_no_document_is_refused_by_name() {
    let cases = [
        ("", ImportError::Empty),
        (" \n\t\n\u{feff}", ImportError::Empty),
        ("%PDF-1.7\n%\u{e2}\u{e3}", ImportError::Pdf),
        ("\u{feff}%PDF-1.4", ImportError::Pdf),
        ("one\ntwo\0three", ImportError::Binary { line: 2 }),
        (
            "Staff must ask.\nElms grow here.\n\u{fffd}\u{fffd}\u{1}",
            ImportError::Binary { line: 3 },
        ),
        (
            "Elms grow here.\n\nThey are tall.",
            ImportError::NoNormativeText,
        ),
        (
            "{\\rtf1 Staff must ask.}",
            ImportError::OtherFormat {
                what: "a rich-text file",
            },
        ),
        (
            "<!DOCTYPE html><p>Staff must ask.",
            ImportError::OtherFormat { what: "a web page" },
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(import(text).err(), Some(expected), "{text:?}");
    }
}

#[test]
fn what_is_too_large_is_refused() {
    let bytes = LIMIT_BYTES + 1;
    assert_eq!(
        import(&"x".repeat(bytes)).err(),
        Some(ImportError::TooLarge { bytes })
    );
    let lines = LIMIT_LINES + 1;
    assert_eq!(
        import(&"x\n".repeat(LIMIT_LINES)).err(),
        Some(ImportError::TooManyLines { lines })
    );
}

#[test]
fn a_stray_byte_or_two_is_put_up_with() {
    assert!(import("Staff must ask the head\u{fffd}s leave before they post anything.").is_ok());
}

#[test]
fn a_refusal_says_what_to_do() {
    let said = import("%PDF-1.7").map_err(|error| error.to_string());
    assert!(said.is_err_and(|said| said.contains("plain text")));
}
