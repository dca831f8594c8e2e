//! Why a picture is not taken, in words for whoever sent it.

use thiserror::Error;

use crate::kind::Kind;

/// Why a picture is not taken. The text says what to do instead.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Fault {
    /// There is nothing in the file.
    #[error("The file is empty. Choose it again.")]
    Empty,
    /// More bytes than a picture may have.
    #[error(
        "The file has {} MB; a picture may have {} MB. Make it smaller, or save it as a JPEG.",
        .bytes.div_ceil(1_000_000), .most / 1_000_000
    )]
    FileTooBig {
        /// Of the file.
        bytes: usize,
        /// How many are taken.
        most: usize,
    },
    /// More pixels than a picture may have.
    #[error(
        "The picture is {width} by {height} pixels, which is too many. Make it smaller, 4,000 pixels across or less, and send it again."
    )]
    TooManyPixels {
        /// As the file says.
        width: u32,
        /// As the file says.
        height: u32,
    },
    /// The file is something else; the text says what to do.
    #[error("{0}")]
    NotTaken(&'static str),
    /// Its name says one kind of picture and its bytes another.
    #[error("The file's name ends in '.{ending}', but what is in it is a {is} picture. Rename it so that it ends in '.{}', or save it again from the program that made it.", .is.ending())]
    Mislabelled {
        /// What the name ends in.
        ending: String,
        /// What it is.
        is: Kind,
    },
    /// It moves.
    #[error(
        "The picture moves. Only still pictures are taken: save one of its frames as a PNG or JPEG."
    )]
    Animated,
    /// It ends before the picture does.
    #[error(
        "The picture is cut off: part of it is missing. Copy it again from where it came from."
    )]
    CutOff,
    /// It cannot be right as it stands.
    #[error(
        "The picture is damaged ({0}). Open it in a picture program, save it again, and send that."
    )]
    Damaged(&'static str),
    /// It cannot be brought under a platform's limit.
    #[error("The picture cannot be made small enough for the platform.")]
    DoesNotFit,
}
