//! What a file is, told from its bytes alone: neither its name nor what the browser says of it is believed.

/// A kind of file that may be attached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    /// The media type, as kept beside the file.
    pub media_type: &'static str,
    /// What people call it.
    pub label: &'static str,
    /// The endings its name may have, the usual one first.
    pub endings: &'static [&'static str],
}

macro_rules! kinds {
    ($($media_type:literal, $label:literal, [$($ending:literal),+];)*) => {
        /// Every kind that may be attached. Whatever a program, a browser or an office suite would run is not here.
        pub const KINDS: &[Kind] = &[$(Kind { media_type: $media_type, label: $label, endings: &[$($ending),+] }),*];
    };
}

kinds! {
    "image/png", "PNG picture", ["png"];
    "image/jpeg", "JPEG picture", ["jpg", "jpeg", "jpe", "jfif"];
    "image/gif", "GIF picture", ["gif"];
    "image/webp", "WebP picture", ["webp"];
    "image/heif", "HEIC picture", ["heic", "heif"];
    "application/pdf", "PDF document", ["pdf"];
    "video/mp4", "MP4 film", ["mp4", "m4v"];
    "video/quicktime", "QuickTime film", ["mov", "qt"];
    "video/webm", "WebM film", ["webm"];
    "audio/mpeg", "MP3 recording", ["mp3"];
    "audio/mp4", "M4A recording", ["m4a"];
    "audio/ogg", "Ogg recording", ["ogg", "oga", "opus"];
    "audio/wav", "WAV recording", ["wav"];
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "Word document", ["docx"];
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "Excel workbook", ["xlsx"];
    "application/vnd.openxmlformats-officedocument.presentationml.presentation", "PowerPoint presentation", ["pptx"];
    "application/vnd.oasis.opendocument.text", "OpenDocument text", ["odt"];
    "application/vnd.oasis.opendocument.spreadsheet", "OpenDocument spreadsheet", ["ods"];
    "application/vnd.oasis.opendocument.presentation", "OpenDocument presentation", ["odp"];
    "text/plain", "plain text or e-mail", ["txt", "csv", "eml", "md", "log"];
}

impl Kind {
    /// The kind of that media type.
    #[must_use]
    pub fn named(media_type: &str) -> Option<Self> {
        let mut kinds = KINDS.iter().copied();
        kinds.find(|kind| kind.media_type == media_type)
    }
}

/// Why a file is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Nothing in it.
    #[error("the file is empty")]
    Empty,
    /// Not on the list.
    #[error(
        "files of this kind are not accepted. Pictures, PDF, film and sound recordings, Word, Excel, PowerPoint and \
         OpenDocument files and plain text are; a screenshot, or printing to PDF, will usually do"
    )]
    NotOnTheList,
    /// A web page, a drawing with scripts, a script.
    #[error(
        "the file is a web page or a script, which is not accepted. A screenshot, or printing to PDF, will usually do"
    )]
    Markup,
    /// A packed folder.
    #[error("packed files are not accepted. Unpack it and attach the files one by one")]
    Packed,
    /// An office file with a program in it.
    #[error(
        "the file holds macros (a program inside it), which are not accepted. Save it without macros, or as PDF"
    )]
    Macros,
    /// One file that is two.
    #[error(
        "the file holds a second file of another kind, which is not accepted. Save the picture or document anew"
    )]
    TwoInOne,
}

/// How much of the beginning tells the kind, in bytes.
const HEAD: usize = 8 * 1024;
/// How far from its end a ZIP file's last record may begin, in bytes.
const TAIL: usize = 22 + 65_535;
/// Readers look for a PDF's mark so far into a file, in bytes.
const PDF_MARK_WITHIN: usize = 1024;
/// Longer than any of the names looked for.
const OVERLAP: usize = 32;

/// Watches a file go by and tells what it is.
#[derive(Default)]
pub(super) struct Inspection {
    head: Vec<u8>,
    tail: Vec<u8>,
    entries: Entries,
    text: Text,
}

/// Names of entries that tell office files apart; a ZIP file names its entries uncompressed.
#[derive(Default)]
struct Entries {
    last: Vec<u8>,
    word: bool,
    excel: bool,
    powerpoint: bool,
    macros: bool,
}

impl Entries {
    fn see(&mut self, bytes: &[u8]) {
        let seen = [self.last.as_slice(), bytes].concat();
        let holds = |name: &str| memchr::memmem::find(&seen, name.as_bytes()).is_some();
        self.word |= holds("word/document.xml");
        self.excel |= holds("xl/workbook.");
        self.powerpoint |= holds("ppt/presentation.xml");
        self.macros |= holds("vbaProject.bin") || holds("Basic/Standard");
        self.last = last_of(&seen, OVERLAP).to_vec();
    }
}

/// Whether everything so far is UTF-8 without control characters.
#[derive(Default)]
struct Text {
    broken: bool,
    /// A character begun at the end of the last bytes.
    begun: Vec<u8>,
}

impl Text {
    fn see(&mut self, bytes: &[u8]) {
        if self.broken {
            return;
        }
        let seen = [self.begun.as_slice(), bytes].concat();
        let (whole, rest) = match str::from_utf8(&seen) {
            Ok(_) => (seen.as_slice(), &[][..]),
            Err(error) if error.error_len().is_none() => seen.split_at(error.valid_up_to()),
            Err(_) => {
                self.broken = true;
                return;
            }
        };
        let control = |byte: &u8| {
            (*byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c)) || *byte == 0x7f
        };
        self.broken = whole.iter().any(control);
        self.begun = rest.to_vec();
    }

    fn is_text(&self) -> bool {
        !self.broken && self.begun.is_empty()
    }
}

impl Inspection {
    /// Sees the next bytes.
    pub(super) fn see(&mut self, bytes: &[u8]) {
        let room = HEAD.saturating_sub(self.head.len()).min(bytes.len());
        self.head
            .extend_from_slice(bytes.get(..room).unwrap_or_default());
        self.tail.extend_from_slice(last_of(bytes, TAIL));
        if self.tail.len() > 2 * TAIL {
            self.tail = last_of(&self.tail, TAIL).to_vec();
        }
        if self.is_zip() {
            self.entries.see(bytes);
        }
        self.text.see(bytes);
    }

    /// What the whole file is.
    pub(super) fn finish(self) -> Result<Kind, Refused> {
        if self.head.is_empty() {
            return Err(Refused::Empty);
        }
        let sniffed = infer::get(&self.head).map(|found| usual_name(found.mime_type()));
        let kind = match sniffed.and_then(Kind::named) {
            _ if self.is_zip() => self.office()?,
            Some(kind) => kind,
            // Some plain texts begin like another kind: "BMI" like a bitmap.
            None if !self.text.is_text() => return Err(Refused::NotOnTheList),
            None if self.is_markup() => return Err(Refused::Markup),
            None => Kind::named("text/plain").ok_or(Refused::NotOnTheList)?,
        };
        let holds_pdf = |bytes: &[u8]| memchr::memmem::find(bytes, b"%PDF-").is_some();
        let begins = self.head.get(..PDF_MARK_WITHIN).unwrap_or(&self.head);
        let second = (kind.media_type != "application/pdf" && holds_pdf(begins))
            || (!self.is_zip() && self.ends_as_zip())
            || (kind.media_type != "text/plain" && holds_markup(begins));
        if second {
            Err(Refused::TwoInOne)
        } else {
            Ok(kind)
        }
    }

    fn is_zip(&self) -> bool {
        self.head.starts_with(b"PK\x03\x04")
    }

    fn office(&self) -> Result<Kind, Refused> {
        if self.entries.macros {
            return Err(Refused::Macros);
        }
        let sniffed = infer::get(&self.head).and_then(|found| Kind::named(found.mime_type()));
        let office = |name| {
            Kind::named(&format!(
                "application/vnd.openxmlformats-officedocument.{name}"
            ))
        };
        let by_entries = match (
            self.entries.word,
            self.entries.excel,
            self.entries.powerpoint,
        ) {
            (true, _, _) => office("wordprocessingml.document"),
            (_, true, _) => office("spreadsheetml.sheet"),
            (_, _, true) => office("presentationml.presentation"),
            _ => sniffed.filter(|kind| kind.media_type.contains("opendocument")),
        };
        by_entries.ok_or(Refused::Packed)
    }

    fn is_markup(&self) -> bool {
        let begins = self
            .head
            .strip_prefix(b"\xef\xbb\xbf")
            .unwrap_or(&self.head);
        let begins = begins.trim_ascii_start();
        begins.starts_with(b"<") || begins.starts_with(b"#!")
    }

    /// Whether a ZIP file's last record stands at the very end, after whatever comes before.
    fn ends_as_zip(&self) -> bool {
        let tail = last_of(&self.tail, TAIL);
        memchr::memmem::find_iter(tail, b"PK\x05\x06").any(|at| {
            let record = tail.get(at..).unwrap_or_default();
            let comment = record.get(20..22).and_then(|two| two.try_into().ok());
            let length = comment.map_or(usize::MAX, |two| usize::from(u16::from_le_bytes(two)));
            record.len() == length.saturating_add(22)
        })
    }
}

/// The name that [`KINDS`] uses for a type that is known by several.
fn usual_name(media_type: &'static str) -> &'static str {
    match media_type {
        "audio/m4a" => "audio/mp4",
        "audio/opus" => "audio/ogg",
        "audio/x-wav" => "audio/wav",
        "video/x-m4v" => "video/mp4",
        other => other,
    }
}

fn holds_markup(bytes: &[u8]) -> bool {
    let bytes = bytes.to_ascii_lowercase();
    let marks = ["<script", "<html", "<!doctype", "<svg"];
    marks
        .iter()
        .any(|mark| memchr::memmem::find(&bytes, mark.as_bytes()).is_some())
}

fn last_of(bytes: &[u8], count: usize) -> &[u8] {
    bytes
        .get(bytes.len().saturating_sub(count)..)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests;
