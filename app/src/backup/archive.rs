//! The form of a backup: two lines that anybody can read, then everything else, sealed piece by piece.
//!
//! The first line names the form. The second is the [`Header`]: what made the backup, and the key of the rest, wrapped by
//! a master key. The rest is JSON lines, one [`Item`] each, and after the line of a file its bytes. It is the same
//! whichever engine it came from.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, BufWriter, Read, Write};

use data_encoding::HEXLOWER;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use sha2::{Digest as _, Sha256};

use super::BackupError;
use crate::protection::{Keyring, OpeningReader, SealingWriter, WrappedKey};
use crate::randomness::Randomness;
use crate::store::ColumnKind;

/// The first line of every backup.
const FORM: &str = "probity backup 1\n";
/// Where the key of a backup stands.
const KEY_PLACE: &str = "backup.key";
/// Longer lines are not lines of a backup, in bytes.
const LONGEST_LINE: u64 = 512 * 1024 * 1024;
/// Longer second lines are not headers, in bytes.
const LONGEST_HEADER: u64 = 64 * 1024;

/// What can be read of a backup without a key.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Header {
    /// When it was made.
    pub made_at: Timestamp,
    /// The version of the program that made it.
    pub program: String,
    /// The steps of the schema.
    pub steps: Vec<i64>,
    /// The master key that opens it, by name.
    pub master_key: String,
    /// The key of the rest, wrapped by that master key, in hexadecimal digits.
    key: String,
}

/// A line of a backup.
#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Item {
    /// The rows that follow are of this table, with these columns.
    Table(String, Vec<(String, ColumnKind)>),
    /// A row: text, numbers, and bytes as base64.
    Row(Vec<Json>),
    /// So many bytes of an attachment's sealed file follow.
    File(SealedFile),
    /// Nothing follows.
    End(Contents),
}

#[derive(Debug, Deserialize, Serialize)]
pub(super) struct SealedFile {
    pub(super) trust: String,
    pub(super) id: String,
    pub(super) bytes: u64,
}

/// What is in a backup.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
pub struct Contents {
    /// Rows in each table.
    pub rows: Vec<(String, u64)>,
    /// Files of attachments.
    pub files: u64,
    /// Attachments whose file was missing when the backup was made, as `trust/id`.
    pub missing: Vec<String>,
    /// The last checkpoint of each log, by its name.
    pub checkpoints: Vec<(String, String)>,
}

impl Contents {
    /// Rows in all tables.
    #[must_use]
    pub fn all_rows(&self) -> u64 {
        self.rows.iter().map(|(_, rows)| rows).sum()
    }
}

/// Where the sealed part stands: bound to the header, so that no header can be put before another backup.
fn place(header_line: &str) -> String {
    format!("backup/{}", HEXLOWER.encode(&Sha256::digest(header_line)))
}

/// Writes a backup.
pub(super) struct ArchiveWriter {
    out: BufWriter<SealingWriter<File>>,
}

impl ArchiveWriter {
    pub(super) fn new(
        mut file: File,
        (made_at, steps): (Timestamp, Vec<i64>),
        keyring: &Keyring,
        randomness: &Randomness,
    ) -> Result<Self, BackupError> {
        let (key, wrapped) = keyring.new_record_key(KEY_PLACE, randomness)?;
        let header = Header {
            made_at,
            program: env!("CARGO_PKG_VERSION").to_owned(),
            steps,
            master_key: wrapped.master_key().to_string(),
            key: HEXLOWER.encode(wrapped.as_bytes()),
        };
        let mut line = serde_json::to_string(&header).map_err(io::Error::other)?;
        line.push('\n');
        file.write_all(FORM.as_bytes())?;
        file.write_all(line.as_bytes())?;
        let sealing = SealingWriter::new(key, place(&line), randomness.clone(), file);
        let out = BufWriter::with_capacity(64 * 1024, sealing);
        Ok(Self { out })
    }

    pub(super) fn item(&mut self, item: &Item) -> io::Result<()> {
        serde_json::to_writer(&mut self.out, item)?;
        self.out.write_all(b"\n")
    }

    /// The bytes of the file whose line was written last.
    pub(super) fn content(&mut self, content: impl Read, bytes: u64) -> io::Result<()> {
        let copied = io::copy(&mut content.take(bytes), &mut self.out)?;
        match copied == bytes {
            true => Ok(()),
            false => Err(io::Error::other(
                "a file of an attachment became shorter while it was read",
            )),
        }
    }

    /// Ends the backup, and waits until it is on the disk.
    pub(super) fn finish(self, contents: Contents) -> io::Result<()> {
        let mut whole = self;
        whole.item(&Item::End(contents))?;
        let sealing = whole
            .out
            .into_inner()
            .map_err(io::IntoInnerError::into_error)?;
        sealing.finish()?.sync_all()
    }
}

/// Reads a backup.
pub(super) struct ArchiveReader {
    pub(super) header: Header,
    rest: BufReader<OpeningReader<BufReader<File>>>,
}

impl ArchiveReader {
    pub(super) fn open(file: File, keyring: &Keyring) -> Result<Self, BackupError> {
        let mut file = BufReader::with_capacity(128 * 1024, file);
        let mut form = String::new();
        let length = u64::try_from(FORM.len()).unwrap_or(0);
        let read = (&mut file).take(length).read_to_string(&mut form);
        if read.is_err() || form != FORM {
            return Err(BackupError::NotABackup);
        }
        let mut line = String::new();
        let read = (&mut file).take(LONGEST_HEADER).read_line(&mut line);
        let header: Option<Header> = read.ok().and_then(|_| serde_json::from_str(&line).ok());
        let header = header.ok_or(BackupError::NotABackup)?;
        let key = HEXLOWER
            .decode(header.key.as_bytes())
            .map_err(|_| BackupError::NotABackup)?;
        let key = keyring.unwrap(&WrappedKey::from_bytes(key, KEY_PLACE)?, KEY_PLACE)?;
        let rest = BufReader::with_capacity(64 * 1024, OpeningReader::new(key, place(&line), file));
        Ok(Self { header, rest })
    }

    pub(super) fn item(&mut self) -> Result<Item, BackupError> {
        let mut line = Vec::new();
        (&mut self.rest)
            .take(LONGEST_LINE)
            .read_until(b'\n', &mut line)
            .map_err(damaged)?;
        let item = serde_json::from_slice(&line);
        item.map_err(|error| BackupError::Damaged(format!("a line of it cannot be read ({error})")))
    }

    /// The bytes of the file whose line was read last.
    pub(super) fn content(&mut self, bytes: u64) -> impl Read + '_ {
        (&mut self.rest).take(bytes)
    }

    /// Whether nothing stands after the end.
    pub(super) fn is_at_end(&mut self) -> Result<bool, BackupError> {
        Ok(self.rest.fill_buf().map_err(damaged)?.is_empty())
    }
}

/// What an error of reading means: sealed bytes that do not open, or the disk.
pub(super) fn damaged(error: io::Error) -> BackupError {
    match error.kind() {
        io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => {
            BackupError::Damaged("some of its bytes are missing or were altered".to_owned())
        }
        _ => BackupError::Disk(error),
    }
}
