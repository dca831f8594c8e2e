//! Reads TOML tables with positions: every fault is kept, none stops the reading, and no misspelt key goes unseen.

use std::cell::RefCell;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::source::{Fault, Faults, Source, nearest};

/// One file under reading, with the faults found so far.
pub struct Reader<'s> {
    source: Source<'s>,
    /// Where each line but the first starts, so that no line is counted twice.
    starts: Vec<usize>,
    faults: RefCell<Vec<Fault>>,
}

impl<'s> Reader<'s> {
    /// A file under reading, without a fault yet.
    #[must_use]
    pub fn new(source: Source<'s>) -> Self {
        let breaks = source.text.bytes().enumerate().filter(|(_, b)| *b == b'\n');
        Self {
            source,
            starts: breaks.map(|(at, _)| at + 1).collect(),
            faults: RefCell::default(),
        }
    }

    /// The parsed file; `None` where it is not TOML at all (the faults say why).
    pub fn parse(&self) -> Option<Spanned<DeTable<'s>>> {
        let (table, errors) = DeTable::parse_recoverable(self.source.text);
        for error in &errors {
            let at = error.span().unwrap_or(0..0);
            self.fault(
                at,
                format!("This is not valid TOML: {}.", error.message().trim_end()),
            );
        }
        errors.is_empty().then_some(table)
    }

    /// Keeps a fault.
    pub fn fault(&self, at: Range<usize>, what: impl Into<String>) {
        self.push(at, what.into(), None);
    }

    /// Keeps a fault about a name that is none of `names`.
    pub fn unknown<'n>(
        &self,
        at: Range<usize>,
        what: impl Into<String>,
        wrong: &str,
        names: impl IntoIterator<Item = &'n str>,
    ) {
        self.push(at, what.into(), nearest(wrong, names));
    }

    fn push(&self, at: Range<usize>, what: String, nearest: Option<String>) {
        let (line, column) = self.source.position(at.start);
        let file = self.source.name.to_owned();
        self.faults.borrow_mut().push(Fault {
            file,
            line,
            column,
            what,
            nearest,
        });
    }

    /// `value`, unless there were faults.
    pub fn finish<T>(self, value: Option<T>) -> Result<T, Faults> {
        let mut faults = self.faults.into_inner();
        match value {
            Some(value) if faults.is_empty() => Ok(value),
            _ => {
                faults.sort_by_key(|f| (f.line, f.column));
                faults.dedup();
                Err(Faults(faults))
            }
        }
    }
}

/// A text with its place.
#[derive(Clone)]
pub struct Text<'t> {
    /// The text.
    pub is: &'t str,
    /// Where it stands, in bytes.
    pub at: Range<usize>,
}

/// One table under reading: remembers which keys were asked for, so that the rest can be refused.
pub struct Fields<'r, 's, 't> {
    /// The file it stands in.
    pub reader: &'r Reader<'s>,
    table: &'t DeTable<'s>,
    at: Range<usize>,
    asked: RefCell<Vec<&'static str>>,
}

impl<'r, 's, 't> Fields<'r, 's, 't> {
    /// A table, of which nothing was asked for yet.
    #[must_use]
    pub fn new(reader: &'r Reader<'s>, table: &'t Spanned<DeTable<'s>>) -> Self {
        Self::of(reader, table.get_ref(), table.span())
    }

    fn of(reader: &'r Reader<'s>, table: &'t DeTable<'s>, at: Range<usize>) -> Self {
        Self {
            reader,
            table,
            at,
            asked: RefCell::default(),
        }
    }

    /// The line on which the table starts, from 1.
    pub fn line(&self) -> usize {
        let before = |start: &usize| *start <= self.at.start;
        self.reader.starts.partition_point(before) + 1
    }

    /// Where the table stands.
    pub fn at(&self) -> Range<usize> {
        self.at.clone()
    }

    /// The value of `key` as it stands.
    pub fn value(&self, key: &'static str) -> Option<&'t Spanned<DeValue<'s>>> {
        self.asked.borrow_mut().push(key);
        self.table.get(key)
    }

    fn wrong(&self, key: &str, value: &Spanned<DeValue<'_>>, wanted: &str) {
        let found = value.get_ref().type_str();
        self.reader.fault(
            value.span(),
            format!("'{key}' must be {wanted}, not {found}."),
        );
    }

    /// The text of `key`; `None` where the key is absent, with a fault where it is no text.
    #[must_use]
    pub fn text(&self, key: &'static str) -> Option<Text<'t>> {
        let value = self.value(key)?;
        match value.get_ref().as_str() {
            Some(is) => Some(Text {
                is,
                at: value.span(),
            }),
            None => {
                self.wrong(key, value, "a text");
                None
            }
        }
    }

    /// A text that must be there and not be blank; faults otherwise.
    pub fn required(&self, key: &'static str) -> Option<Text<'t>> {
        if !self.table.contains_key(key) {
            self.asked.borrow_mut().push(key);
            self.reader
                .fault(self.at(), format!("'{key}' is missing here."));
            return None;
        }
        let text = self.text(key)?;
        if text.is.trim().is_empty() {
            self.reader
                .fault(text.at.clone(), format!("'{key}' is empty."));
        }
        Some(text)
    }

    /// A text that must be one of `names`.
    pub fn one_of<T: Copy>(&self, key: &'static str, names: &[(&str, T)]) -> Option<T> {
        let text = self.text(key)?;
        let found = names
            .iter()
            .find(|(name, _)| *name == text.is)
            .map(|(_, value)| *value);
        if found.is_none() {
            let known: Vec<&str> = names.iter().map(|(name, _)| *name).collect();
            let what = format!(
                "'{key}' cannot be '{}'; it is one of {}.",
                text.is,
                known.join(", ")
            );
            self.reader.unknown(text.at, what, text.is, known);
        }
        found
    }

    /// Whether `key` is true; an absent key is false.
    #[must_use]
    pub fn flag(&self, key: &'static str) -> bool {
        let Some(value) = self.value(key) else {
            return false;
        };
        value.get_ref().as_bool().unwrap_or_else(|| {
            self.wrong(key, value, "true or false");
            false
        })
    }

    /// The whole number of `key`; `None` where the key is absent, with a fault where it is none.
    #[must_use]
    pub fn number(&self, key: &'static str) -> Option<u32> {
        let value = self.value(key)?;
        let number = value
            .get_ref()
            .as_integer()
            .and_then(|i| i.as_str().parse().ok());
        if number.is_none() {
            self.wrong(key, value, "a whole number");
        }
        number
    }

    /// A list of texts, or one text alone; `None` where the key is absent.
    pub fn texts(&self, key: &'static str) -> Option<Vec<Text<'t>>> {
        let value = self.value(key)?;
        Some(self.reader.texts(key, value))
    }

    /// The tables of an array of tables (`[[key]]`), or one table alone.
    pub fn tables(&self, key: &'static str) -> Vec<Fields<'r, 's, 't>> {
        let Some(value) = self.value(key) else {
            return Vec::new();
        };
        let one = |v: &'t Spanned<DeValue<'s>>| match v.get_ref().as_table() {
            Some(table) => Some(Self::of(self.reader, table, v.span())),
            None => {
                self.wrong(key, v, "a table");
                None
            }
        };
        match value.get_ref().as_array() {
            Some(items) => items.iter().filter_map(one).collect(),
            None => one(value).into_iter().collect(),
        }
    }

    /// Every entry, for tables whose keys are names of the vocabulary.
    pub fn entries(&self) -> impl Iterator<Item = (Text<'t>, &'t Spanned<DeValue<'s>>)> {
        self.table.iter().map(|(key, value)| {
            (
                Text {
                    is: key.get_ref(),
                    at: key.span(),
                },
                value,
            )
        })
    }

    /// Refuses every key that nobody asked for.
    pub fn finish(&self) {
        let asked = self.asked.borrow();
        for key in self.table.keys() {
            if !asked.iter().any(|a| a == key.get_ref()) {
                let what = format!("'{}' is not a key that this table has.", key.get_ref());
                self.reader
                    .unknown(key.span(), what, key.get_ref(), asked.iter().copied());
            }
        }
    }
}

impl Reader<'_> {
    /// The texts of a list, or one text alone.
    pub fn texts<'t>(&self, key: &str, value: &'t Spanned<DeValue<'_>>) -> Vec<Text<'t>> {
        let one = |v: &'t Spanned<DeValue<'_>>| match v.get_ref().as_str() {
            Some(is) => Some(Text { is, at: v.span() }),
            None => {
                let found = v.get_ref().type_str();
                self.fault(v.span(), format!("'{key}' must hold texts, not {found}."));
                None
            }
        };
        match value.get_ref().as_array() {
            Some(items) => items.iter().filter_map(one).collect(),
            None => one(value).into_iter().collect(),
        }
    }
}
