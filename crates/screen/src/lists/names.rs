//! Reads `names.toml`: what is known of names apart from whose they are.

use policy::fields::{Fields, Reader};
use policy::source::{Faults, Source};
use rustc_hash::{FxHashMap, FxHashSet};

use super::kinds::version;
use crate::text::pieces;

/// What a word is, beside being a name; several can hold.
pub(crate) mod mark {
    /// A title, before a family name.
    pub(crate) const TITLE: u16 = 1;
    /// A name that is a word too.
    pub(crate) const WORD: u16 = 1 << 1;
    /// A month, a season, a feast: a name that is a time too.
    pub(crate) const TIME: u16 = 1 << 2;
    /// After a name it makes a place or a thing of it.
    pub(crate) const PLACE: u16 = 1 << 3;
    /// Before a name it makes somebody else of it.
    pub(crate) const OTHER: u16 = 1 << 4;
    /// Speaks of pupils.
    pub(crate) const PUPIL: u16 = 1 << 5;
    /// An everyday word, which is never a misspelt name.
    pub(crate) const COMMON: u16 = 1 << 6;
    /// Praise, or what pupils do.
    pub(crate) const PRAISE: u16 = 1 << 7;
    /// Speaks of the stage, the screen and the news.
    pub(crate) const FAME: u16 = 1 << 8;
    /// The first word of somebody famous.
    pub(crate) const FAMOUS: u16 = 1 << 9;
    /// Before a time: in, on, last.
    pub(crate) const WHEN: u16 = 1 << 10;
}

/// The lists of `names.toml`.
#[derive(Debug, Default)]
pub(crate) struct NameLists {
    /// Of [`mark`], by word.
    pub(crate) marks: FxHashMap<Box<str>, u16>,
    /// Full names, run together.
    pub(crate) famous: FxHashSet<Box<str>>,
    /// A name and its short forms.
    pub(crate) short: Vec<Vec<String>>,
}

const MARKED: &[(&str, u16)] = &[
    ("titles", mark::TITLE),
    ("words", mark::WORD),
    ("times", mark::TIME | mark::WORD),
    ("places_after", mark::PLACE),
    ("others_before", mark::OTHER),
    ("pupils", mark::PUPIL),
    ("common", mark::COMMON),
    ("praise", mark::PRAISE),
    ("fame", mark::FAME),
    ("before_times", mark::WHEN),
];

pub(super) fn load(source: Source<'_>) -> Result<NameLists, Faults> {
    let reader = Reader::new(source);
    let table = reader.parse();
    let lists = table.as_ref().map(|table| {
        let fields = Fields::new(&reader, table);
        version(&fields);
        let mut lists = NameLists::default();
        for (key, mark) in MARKED {
            marked(&fields, key, *mark, &mut lists);
        }
        famous(&fields, &mut lists);
        for short in fields.tables("short") {
            let name = short.required("name").map_or("", |name| name.is);
            let forms = short.texts("forms").unwrap_or_default();
            if forms.is_empty() {
                short.reader.fault(short.at(), "'forms' is missing here.");
            }
            short.finish();
            let all = [name].into_iter().chain(forms.iter().map(|form| form.is));
            lists
                .short
                .push(all.map(|name| pieces(name).concat()).collect());
        }
        fields.finish();
        lists
    });
    reader.finish(lists)
}

/// A list holds one word or many, parted by spaces, in each of its texts.
fn marked(fields: &Fields<'_, '_, '_>, key: &'static str, mark: u16, lists: &mut NameLists) {
    let Some(texts) = fields.texts(key) else {
        let what = format!("'{key}' is missing here: a list of words.");
        fields.reader.fault(fields.at(), what);
        return;
    };
    for word in texts.iter().flat_map(|text| pieces(text.is)) {
        *lists.marks.entry(word.into()).or_default() |= mark;
    }
}

fn famous(fields: &Fields<'_, '_, '_>, lists: &mut NameLists) {
    for name in fields.texts("famous").unwrap_or_default() {
        let pieces = pieces(name.is);
        let Some(first) = pieces.first().filter(|_| (2..=4).contains(&pieces.len())) else {
            let what = "A famous name has two to four words; one word alone would hide pupils.";
            fields.reader.fault(name.at, what);
            continue;
        };
        *lists.marks.entry(first.as_str().into()).or_default() |= mark::FAMOUS;
        lists.famous.insert(pieces.concat().into());
    }
}
