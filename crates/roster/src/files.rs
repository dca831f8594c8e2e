//! The files of a roster: handed in one by one or as a zip, within limits.

use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::result::ZipError;

use crate::error::RosterError;

/// Files of a roster; a zip may hold other files besides, which are not read.
const ENTRIES_AT_MOST: usize = 200;
const FILE_BYTES_AT_MOST: u64 = 128 << 20;
const ALL_BYTES_AT_MOST: u64 = 320 << 20;
/// Rosters repeat themselves and shrink to a tenth or a twentieth; what shrinks to less than this is a bomb.
const RATIO_AT_MOST: u64 = 300;
/// Below this a ratio says nothing.
const RATIO_FROM_BYTES: u64 = 4 << 20;
/// An XLSX says beforehand how many texts it holds; room for more than this is never made.
const SHARED_TEXTS_AT_MOST: u64 = 3_000_000;

/// The files of one roster.
#[derive(Debug, Default)]
pub struct Files {
    files: Vec<File>,
    bytes: u64,
}

#[derive(Debug)]
pub(crate) struct File {
    /// Without folders.
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
    pub(crate) workbook: bool,
}

impl Files {
    /// No files yet.
    #[must_use]
    pub fn new() -> Self {
        Files::default()
    }

    /// Adds a CSV or XLSX file, or unpacks a zip of CSV files (a folder around them does not matter).
    ///
    /// # Errors
    /// A file that is too large, a zip that is damaged, encrypted or unpacks to far more than it says, a name twice.
    pub fn add(&mut self, name: &str, bytes: Vec<u8>) -> Result<(), RosterError> {
        let name = plain(name);
        if !bytes.starts_with(b"PK\x03\x04") && !ends(name, ".zip") && !ends(name, ".xlsx") {
            return self.keep(name, bytes, false);
        }
        let mut archive = ZipArchive::new(Cursor::new(&bytes)).map_err(|e| damaged(name, &e))?;
        if archive.index_for_name("xl/workbook.xml").is_some() || ends(name, ".xlsx") {
            weigh_workbook(name, &mut archive)?;
            return self.keep(name, bytes, true);
        }
        self.unpack(name, &mut archive)
    }

    /// Adds what a reader gives, no more than a roster's file may hold.
    ///
    /// # Errors
    /// As [`Files::add`], and when reading fails.
    pub fn add_reader(&mut self, name: &str, reader: impl Read) -> Result<(), RosterError> {
        let mut bytes = Vec::new();
        reader
            .take(FILE_BYTES_AT_MOST + 1)
            .read_to_end(&mut bytes)
            .map_err(|e| {
                RosterError::of_file(
                    plain(name),
                    format!("It could not be read: {e}."),
                    "Check the file and try again.",
                )
            })?;
        self.add(name, bytes)
    }

    /// The names of the files, folders left off.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(|file| file.name.as_str())
    }

    /// The files with their contents, to keep until they are read.
    pub fn into_contents(self) -> impl Iterator<Item = (String, Vec<u8>)> {
        self.files.into_iter().map(|file| (file.name, file.bytes))
    }

    /// The file of that name; where `exact` is false, in whatever letter case.
    pub(crate) fn named(&self, name: &str, exact: bool) -> Option<&File> {
        self.files.iter().find(|file| match exact {
            true => file.name == name,
            false => file.name.eq_ignore_ascii_case(name),
        })
    }

    pub(crate) fn all(&self) -> &[File] {
        &self.files
    }

    fn keep(&mut self, name: &str, bytes: Vec<u8>, workbook: bool) -> Result<(), RosterError> {
        let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        self.bytes = self.bytes.saturating_add(size);
        if size > FILE_BYTES_AT_MOST || self.bytes > ALL_BYTES_AT_MOST {
            return Err(too_large(name));
        }
        if self.files.len() >= ENTRIES_AT_MOST {
            return Err(too_many(name));
        }
        if self.named(name, false).is_some() {
            return Err(RosterError::of_file(
                name,
                "There are two files of this name.",
                "Hand in the files of one export at a time.",
            ));
        }
        self.files.push(File {
            name: name.to_owned(),
            bytes,
            workbook,
        });
        Ok(())
    }

    fn unpack(
        &mut self,
        zip: &str,
        archive: &mut ZipArchive<Cursor<&Vec<u8>>>,
    ) -> Result<(), RosterError> {
        if archive.len() > ENTRIES_AT_MOST {
            return Err(too_many(zip));
        }
        for at in 0..archive.len() {
            let entry = archive.by_index(at).map_err(|e| damaged(zip, &e))?;
            let path = entry.name().map_err(|e| damaged(zip, &e))?.into_owned();
            let name = plain(&path);
            let foreign = path
                .split(['/', '\\'])
                .any(|part| part.starts_with('.') || part.eq_ignore_ascii_case("__MACOSX"));
            if entry.is_dir() || foreign || !ends(name, ".csv") {
                continue;
            }
            let packed = entry.compressed_size();
            let left = ALL_BYTES_AT_MOST.saturating_sub(self.bytes);
            let mut bytes = Vec::new();
            let limit = left.min(FILE_BYTES_AT_MOST).saturating_add(1);
            let size = inflate(name, entry, limit, packed, |chunk| {
                bytes.extend_from_slice(chunk)
            })?;
            if size >= limit {
                return Err(too_large(name));
            }
            self.keep(name, bytes, false)?;
        }
        if self.files.is_empty() {
            return Err(RosterError::of_file(
                zip,
                "There is no CSV file in this zip.",
                "Put the CSV files of the export into the zip.",
            ));
        }
        Ok(())
    }
}

/// Unpacks an XLSX to nowhere, so that what reads it later meets neither a bomb nor an outsize promise.
fn weigh_workbook(
    name: &str,
    archive: &mut ZipArchive<Cursor<&Vec<u8>>>,
) -> Result<(), RosterError> {
    if archive.len() > ENTRIES_AT_MOST {
        return Err(too_many(name));
    }
    let mut left = ALL_BYTES_AT_MOST;
    for at in 0..archive.len() {
        let entry = archive.by_index(at).map_err(|e| damaged(name, &e))?;
        let path = entry.name().map_err(|e| damaged(name, &e))?.into_owned();
        let texts = path.to_ascii_lowercase().contains("sharedstrings");
        let packed = entry.compressed_size();
        let mut kept = Vec::new();
        let limit = left.min(FILE_BYTES_AT_MOST * 2).saturating_add(1);
        let size = inflate(name, entry, limit, packed, |chunk| {
            if texts {
                kept.extend_from_slice(chunk);
            }
        })?;
        if size >= limit {
            return Err(too_large(name));
        }
        left = left.saturating_sub(size);
        if texts && !promises_little(&kept) {
            return Err(too_large(name));
        }
    }
    Ok(())
}

/// Whether the count of texts that the part states, if it states one, can be made room for. Only plain UTF-8 is looked
/// through, so nothing else passes.
fn promises_little(part: &[u8]) -> bool {
    let head = part.get(..part.len().min(4096)).unwrap_or(part);
    if head.iter().any(|b| *b < b' ' && !b.is_ascii_whitespace())
        || head.starts_with(b"\xFF")
        || head.starts_with(b"\xFE")
    {
        return false;
    }
    let text = String::from_utf8_lossy(part);
    text.split("uniqueCount").skip(1).all(|after| {
        let digits: String = after
            .trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '=' | '"' | '\'' | '+'))
            .chars()
            .take_while(char::is_ascii_digit)
            .take(20)
            .collect();
        digits.is_empty()
            || digits
                .parse::<u64>()
                .is_ok_and(|n| n <= SHARED_TEXTS_AT_MOST)
    })
}

/// Unpacks at most `limit` bytes and gives how many there were.
fn inflate(
    name: &str,
    mut entry: impl Read,
    limit: u64,
    packed: u64,
    mut take: impl FnMut(&[u8]),
) -> Result<u64, RosterError> {
    let mut size = 0_u64;
    let mut chunk = [0_u8; 16 * 1024];
    loop {
        let got = entry
            .read(&mut chunk)
            .map_err(|e| damaged(name, &ZipError::Io(e)))?;
        size = size.saturating_add(u64::try_from(got).unwrap_or(u64::MAX));
        if got == 0 || size >= limit {
            return Ok(size);
        }
        if size > RATIO_FROM_BYTES && size > packed.saturating_mul(RATIO_AT_MOST) {
            return Err(too_large(name));
        }
        take(chunk.get(..got).unwrap_or(&[]));
    }
}

fn plain(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

fn ends(name: &str, ending: &str) -> bool {
    name.to_ascii_lowercase().ends_with(ending)
}

fn damaged(name: &str, error: &ZipError) -> RosterError {
    let wrong = match error {
        ZipError::UnsupportedArchive(why) if why.contains("assword") => {
            "It is locked with a password.".to_owned()
        }
        other => format!("It cannot be unpacked: {other}."),
    };
    RosterError::of_file(
        name,
        wrong,
        "Export it again, as a plain zip or as single files.",
    )
}

fn too_large(name: &str) -> RosterError {
    RosterError::of_file(
        name,
        "It is larger than any roster is, packed or unpacked.",
        "Check that it is the right file; split an export of several trusts.",
    )
}

fn too_many(name: &str) -> RosterError {
    RosterError::of_file(
        name,
        format!("It holds more than {ENTRIES_AT_MOST} files."),
        "Hand in the files of one export only.",
    )
}
