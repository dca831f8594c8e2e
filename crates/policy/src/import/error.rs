//! What is refused before any reading is done.

use thiserror::Error;

/// The largest text that is read: 10 MiB, some two thousand times the length of a usual policy.
pub const LIMIT_BYTES: usize = 10 * 1024 * 1024;

/// The most lines that are read. Ten megabytes of any usual document have fewer.
pub const LIMIT_LINES: usize = 300_000;

/// Why a text cannot be imported, in words for the person who chose the file.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ImportError {
    /// The text has no line with anything on it.
    #[error("the document is empty")]
    Empty,
    /// The text is longer than [`LIMIT_BYTES`].
    #[error("the document is too large: {bytes} bytes, and at most {LIMIT_BYTES} are read")]
    TooLarge {
        /// Its length.
        bytes: usize,
    },
    /// The text has more lines than [`LIMIT_LINES`].
    #[error("the document is too long: {lines} lines, and at most {LIMIT_LINES} are read")]
    TooManyLines {
        /// How many there are.
        lines: usize,
    },
    /// A PDF file and not the text in it.
    #[error("this is a PDF file, not its text: save or export it as plain text first")]
    Pdf,
    /// A word processor's file and not the text in it.
    #[error("this is {what}, not its text: save it as plain text or Markdown first")]
    OtherFormat {
        /// The kind of file, with its article.
        what: &'static str,
    },
    /// Bytes that are no text.
    #[error("line {line} holds bytes that are not text: save the document as plain text (UTF-8)")]
    Binary {
        /// The first line with such bytes.
        line: usize,
    },
    /// Text, but nothing in it tells anyone what to do.
    #[error("nothing in the document says what anyone must, should or may do")]
    NoNormativeText,
}

/// The first characters of files that are often taken for a document's text.
const OTHER_FORMATS: [(&str, &str); 6] = [
    ("PK\u{3}\u{4}", "a Word, OpenDocument or zip file"),
    ("{\\rtf", "a rich-text file"),
    ("<!doctype html", "a web page"),
    ("<html", "a web page"),
    ("<?xml", "an XML file"),
    ("\u{fffd}\u{fffd}\u{11}\u{fffd}", "an old Word file"),
];

/// A page that was scanned and never read as text decodes to a mass of these.
const TOLERATED_STRAYS_IN_A_HUNDRED: usize = 2;

pub(super) fn refuse_what_is_not_a_document(text: &str) -> Result<(), ImportError> {
    if text.len() > LIMIT_BYTES {
        return Err(ImportError::TooLarge { bytes: text.len() });
    }
    let start = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    if start.is_empty() {
        return Err(ImportError::Empty);
    }
    if starts_with_ignoring_case(start, "%PDF") {
        return Err(ImportError::Pdf);
    }
    for (opening, what) in OTHER_FORMATS {
        if starts_with_ignoring_case(start, opening) {
            return Err(ImportError::OtherFormat { what });
        }
    }
    refuse_binary(text)
}

fn starts_with_ignoring_case(text: &str, opening: &str) -> bool {
    text.get(..opening.len())
        .is_some_and(|head| head.eq_ignore_ascii_case(opening))
}

fn refuse_binary(text: &str) -> Result<(), ImportError> {
    let (mut line, mut strays, mut all) = (1, 0, 0);
    let mut first_stray = None;
    for c in text.chars() {
        all += 1;
        match c {
            '\n' => line += 1,
            '\0' => return Err(ImportError::Binary { line }),
            _ if is_stray(c) => {
                strays += 1;
                first_stray.get_or_insert(line);
            }
            _ => {}
        }
    }
    if line > LIMIT_LINES {
        return Err(ImportError::TooManyLines { lines: line });
    }
    match first_stray {
        Some(line) if strays * 100 > all * TOLERATED_STRAYS_IN_A_HUNDRED => {
            Err(ImportError::Binary { line })
        }
        _ => Ok(()),
    }
}

/// A control character that text does not hold, or the mark of a byte that could not be decoded.
fn is_stray(c: char) -> bool {
    c == '\u{fffd}' || (c.is_control() && !c.is_whitespace())
}
