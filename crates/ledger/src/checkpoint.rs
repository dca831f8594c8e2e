use std::fmt::Write;

use jiff::Timestamp;
use signed_note::{Note, NoteError, Verifier, VerifierList};
use tlog_tiles::checkpoint as tlog;

use crate::key::Pen;
use crate::{Hash, Origin, SigningKey, VerifyingKey};

/// What a log states about itself at a time, signed and kept elsewhere: a later log must still give this root at this size.
///
/// Its text is a C2SP tlog-checkpoint in a C2SP signed-note; the epoch and the time are extension lines:
///
/// ```text
/// probity.example.org/trust
/// 1003
/// 8tuSbGKdVOYzM1Y3XPGIjY2Do4qMGHG6vCFsQfJcBMI=
/// epoch 2
/// follows 1 1042 nND/nri/U0xuHUrYSy0HtMeal2vzD9V4k/BO79C+QeI=
/// kept 1000
/// time 2026-11-20T10:19:27Z
///
/// — probity.example.org/trust x08go/ZJkuBS9UG/SffcvIAQ...
/// ```
///
/// The first epoch says `epoch 1` and has neither `follows` nor `kept`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The log.
    pub origin: Origin,
    /// How many leaves it had.
    pub size: u64,
    /// Its root at that size.
    pub root: Hash,
    /// What opened its epoch; nothing in the first.
    pub follows: Option<Follows>,
    /// When it was signed, as the signer's clock had it.
    pub time: Timestamp,
}

/// How an epoch opened: an older copy of the log was restored, and leaves that a checkpoint had promised were lost.
///
/// Every checkpoint of the epoch repeats it, so that each of them alone says openly that and how the promise was broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Follows {
    /// The epoch of the last checkpoint before the restore, from 1. The new epoch is the next.
    pub epoch: u32,
    /// That checkpoint's size.
    pub size: u64,
    /// That checkpoint's root.
    pub root: Hash,
    /// How many leaves the restored copy had; the log goes on from there.
    pub kept: u64,
}

impl Follows {
    /// How many of the leaves that the last checkpoint covered were lost.
    #[must_use]
    pub fn lost(&self) -> u64 {
        self.size.saturating_sub(self.kept)
    }
}

/// A text is not a checkpoint to be trusted, or a checkpoint cannot be signed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// The text is not a signed note.
    #[error("this is not a signed checkpoint: the text was cut or altered, or is something else")]
    Note,
    /// None of the keys given has signed it.
    #[error("the checkpoint is signed by none of the keys that are known here")]
    UnknownKey,
    /// A known key's signature does not fit the text.
    #[error("the signature of '{0}' does not fit: the checkpoint was altered after it was signed")]
    Signature(String),
    /// The key is that of another log.
    #[error("the checkpoint is of the log '{log}', but the key is that of '{key}'")]
    Origin {
        /// The log that the checkpoint names.
        log: String,
        /// The log that the key signs for.
        key: String,
    },
    /// The note's text is not a checkpoint as this crate writes it.
    #[error("the signed text is not a checkpoint of this program")]
    Text,
    /// It has a line of an unknown kind.
    #[error("the checkpoint has a line that this version does not know: '{0}'")]
    Line(String),
    /// Its epoch contradicts itself: it follows no epoch, or it is shorter than what was kept.
    #[error("the checkpoint's epoch contradicts itself")]
    Epoch,
}

impl Checkpoint {
    /// The number of its epoch, from 1.
    #[must_use]
    pub fn epoch(&self) -> u32 {
        self.follows
            .map_or(1, |follows| follows.epoch.saturating_add(1))
    }

    /// The signed note.
    ///
    /// # Errors
    /// When the key is another log's, or the epoch contradicts itself.
    pub fn sign(&self, key: &SigningKey) -> Result<String, CheckpointError> {
        if key.origin() != &self.origin {
            return Err(CheckpointError::Origin {
                log: self.origin.to_string(),
                key: key.origin().to_string(),
            });
        }
        self.check_epoch()?;
        let mut note = Note::new(self.text().as_bytes(), &[]).map_err(refusal)?;
        note.add_sigs(&[&Pen(key)]).map_err(refusal)?;
        String::from_utf8(note.to_bytes()).map_err(|_| CheckpointError::Note)
    }

    /// Reads a signed note, signed by one of the keys given (more than one where a log's key has been changed).
    ///
    /// # Errors
    /// When it is not a checkpoint, or not of these keys' log, or was altered.
    pub fn verify(note: &str, keys: &[VerifyingKey]) -> Result<Self, CheckpointError> {
        let note = Note::from_bytes(note.as_bytes()).map_err(refusal)?;
        let mut distinct: Vec<&VerifyingKey> = Vec::new();
        for key in keys {
            if !distinct.contains(&key) {
                distinct.push(key);
            }
        }
        let known = distinct
            .into_iter()
            .map(|key| Box::new(key.verifier.clone()) as Box<dyn Verifier>)
            .collect();
        let (signatures, _) = note.verify(&VerifierList::new(known)).map_err(refusal)?;
        let checkpoint = Self::read(note.text())?;
        let signers = || signatures.iter().map(signed_note::Signature::name);
        if !signers().any(|name| name == checkpoint.origin.as_str()) {
            return Err(CheckpointError::Origin {
                log: checkpoint.origin.to_string(),
                key: signers().collect::<Vec<_>>().join(", "),
            });
        }
        Ok(checkpoint)
    }

    /// The log that a note says it is of, to choose the keys by; nothing in it is verified.
    ///
    /// # Errors
    /// When it is not a checkpoint.
    pub fn claimed_origin(note: &str) -> Result<Origin, CheckpointError> {
        let note = Note::from_bytes(note.as_bytes()).map_err(refusal)?;
        Ok(Self::read(note.text())?.origin)
    }

    fn text(&self) -> String {
        let mut text = format!("{}\n{}\n{}\n", self.origin, self.size, self.root);
        // Writing to a string cannot fail.
        let _ = writeln!(text, "epoch {}", self.epoch());
        if let Some(from) = &self.follows {
            let _ = writeln!(text, "follows {} {} {}", from.epoch, from.size, from.root);
            let _ = writeln!(text, "kept {}", from.kept);
        }
        let _ = writeln!(text, "time {}", self.time);
        text
    }

    fn read(text: &[u8]) -> Result<Self, CheckpointError> {
        let body = tlog::Checkpoint::from_bytes(text).map_err(|_| CheckpointError::Text)?;
        let lines = Lines::read(body.extension())?;
        let checkpoint = Self {
            origin: body.origin().parse().map_err(|_| CheckpointError::Text)?,
            size: body.size(),
            root: Hash(body.hash().0),
            follows: lines.follows()?,
            time: parsed(lines.time)?,
        };
        checkpoint.check_epoch()?;
        // One checkpoint has one text: no second spelling of a number or a time, no line twice or in another place.
        if checkpoint.text().as_bytes() != text {
            return Err(CheckpointError::Text);
        }
        Ok(checkpoint)
    }

    fn check_epoch(&self) -> Result<(), CheckpointError> {
        match self.follows {
            Some(from) if from.epoch == 0 || from.epoch == u32::MAX || from.kept > self.size => {
                Err(CheckpointError::Epoch)
            }
            _ => Ok(()),
        }
    }
}

/// The extension lines, by their first word.
#[derive(Default)]
struct Lines<'a> {
    follows: Option<&'a str>,
    kept: Option<&'a str>,
    time: Option<&'a str>,
}

impl<'a> Lines<'a> {
    fn read(extension: &'a str) -> Result<Self, CheckpointError> {
        let mut lines = Self::default();
        for line in extension.lines() {
            match line.split_once(' ') {
                // The number follows from the line after it; that it is right is seen when the text is made again.
                Some(("epoch", _)) => {}
                Some(("follows", rest)) => lines.follows = Some(rest),
                Some(("kept", rest)) => lines.kept = Some(rest),
                Some(("time", rest)) => lines.time = Some(rest),
                _ => return Err(CheckpointError::Line(line.to_owned())),
            }
        }
        Ok(lines)
    }

    fn follows(&self) -> Result<Option<Follows>, CheckpointError> {
        if self.follows.is_none() && self.kept.is_none() {
            return Ok(None);
        }
        let mut words = self.follows.unwrap_or_default().splitn(3, ' ');
        Ok(Some(Follows {
            epoch: parsed(words.next())?,
            size: parsed(words.next())?,
            root: parsed(words.next())?,
            kept: parsed(self.kept)?,
        }))
    }
}

fn parsed<T: std::str::FromStr>(text: Option<&str>) -> Result<T, CheckpointError> {
    text.and_then(|text| text.parse().ok())
        .ok_or(CheckpointError::Text)
}

fn refusal(error: NoteError) -> CheckpointError {
    match error {
        NoteError::InvalidSignature { name, .. } => CheckpointError::Signature(name),
        NoteError::UnverifiedNote => CheckpointError::UnknownKey,
        _ => CheckpointError::Note,
    }
}
