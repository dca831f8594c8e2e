//! The plain form of a situation in JSON: one flat object of short names, with names, true or false as values.
//!
//! Nearly every situation comes so, and reading it is most of what deciding costs, so names go from the text straight
//! into the words that they are looked up by. Whatever else JSON may hold is left to a JSON reader: what this refuses
//! is not wrong, only not plain.

use crate::vocabulary::{Names, Short};

/// Every byte of a word the same.
const EACH: u64 = 0x0101_0101_0101_0101;
const TOP_BITS: u64 = 0x80 * EACH;

/// A text under reading.
struct Reader<'t> {
    text: &'t [u8],
    at: usize,
}

/// Puts the index of each value into its attribute's place; `None` where the text is not plain.
pub(super) fn read(names: &Names, text: &str, values: &mut [u8]) -> Option<()> {
    let mut reader = Reader {
        text: text.as_bytes(),
        at: 0,
    };
    reader.mark(b'{')?;
    if reader.mark(b'}').is_none() {
        loop {
            reader.mark(b'"')?;
            let attribute = names.attributes.get_short(&reader.name()?)?;
            reader.mark(b':')?;
            let value = match reader.next()? {
                b'"' => {
                    reader.at += 1;
                    names.values.get(attribute)?.get_short(&reader.name()?)?
                }
                b't' => names.answer(attribute, reader.word(b"true")?)?,
                _ => names.answer(attribute, !reader.word(b"false")?)?,
            };
            *values.get_mut(attribute)? = value;
            if reader.mark(b',').is_none() {
                break;
            }
        }
        reader.mark(b'}')?;
    }
    reader.next().is_none().then_some(())
}

impl Reader<'_> {
    /// The next byte that is not white space.
    fn next(&mut self) -> Option<u8> {
        loop {
            let byte = *self.text.get(self.at)?;
            if !matches!(byte, b' ' | b'\t' | b'\n' | b'\r') {
                return Some(byte);
            }
            self.at += 1;
        }
    }

    /// Goes past a punctuation mark, if it is next.
    fn mark(&mut self, mark: u8) -> Option<()> {
        (self.next()? == mark).then(|| self.at += 1)
    }

    /// Goes past a word, if it is next.
    fn word(&mut self, word: &[u8]) -> Option<bool> {
        let found = self.text.get(self.at..)?.starts_with(word);
        self.at += word.len();
        found.then_some(true)
    }

    /// The name up to the next quotation mark, and goes past that; `None` where the name is long or has escapes.
    #[inline]
    fn name(&mut self) -> Option<Short> {
        let mut name = Short::default();
        let Short {
            first,
            second,
            third,
        } = &mut name;
        if self.part(first)? || self.part(second)? || self.part(third)? {
            return Some(name);
        }
        let end = self.text.get(self.at) == Some(&b'"');
        self.at += 1;
        end.then_some(name)
    }

    /// Up to eight bytes of a name, and whether that is the end of it.
    #[inline]
    fn part(&mut self, word: &mut u64) -> Option<bool> {
        let bytes = self.eight();
        let special = special(bytes);
        if special == 0 {
            *word = bytes;
            self.at += 8;
            return Some(false);
        }
        let before = special.trailing_zeros() / 8 * 8;
        *word = bytes & !(u64::MAX << before);
        self.at += before as usize / 8 + 1;
        (bytes >> before & 0xFF == u64::from(b'"')).then_some(true)
    }

    /// The next eight bytes as a little-endian word; zeros follow the text.
    fn eight(&self) -> u64 {
        let rest = self.text.get(self.at..).unwrap_or_default();
        match rest.first_chunk() {
            Some(bytes) => u64::from_le_bytes(*bytes),
            None => {
                let bytes = rest.iter().rev();
                bytes.fold(0, |word, byte| word << 8 | u64::from(*byte))
            }
        }
    }
}

/// The top bit of each byte that is a quotation mark, a backslash or a control character; only the lowest is sure.
fn special(bytes: u64) -> u64 {
    let quote = bytes ^ (EACH * u64::from(b'"'));
    let backslash = bytes ^ (EACH * u64::from(b'\\'));
    let zero = |word: u64| word.wrapping_sub(EACH) & !word;
    let control = bytes.wrapping_sub(EACH * 0x20) & !bytes;
    (zero(quote) | zero(backslash) | control) & TOP_BITS
}
