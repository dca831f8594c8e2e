//! Long content sealed piece by piece, so that it is never whole in memory.
//!
//! Each piece of 64 KiB is sealed for its number and for whether it is the last, so that pieces cannot be dropped,
//! doubled, put in another order or cut off at the end unseen (the STREAM construction).

use std::io::{self, Read, Write};

use zeroize::{Zeroize, Zeroizing};

use super::ProtectionError;
use super::cipher::{self, OVERHEAD, Use};
use super::sealing::RecordKey;
use crate::randomness::Randomness;

/// Plain bytes in every piece but the last.
const PIECE: usize = 64 * 1024;

/// Seals pieces of one content; the caller writes what comes out.
pub struct PieceSealer {
    key: RecordKey,
    place: String,
    number: u64,
    waiting: Zeroizing<Vec<u8>>,
    randomness: Randomness,
}

impl PieceSealer {
    /// Seals for one place (see [`super::place`]).
    #[must_use]
    pub fn new(key: RecordKey, place: String, randomness: Randomness) -> Self {
        Self {
            key,
            place,
            number: 0,
            waiting: Zeroizing::new(Vec::with_capacity(PIECE)),
            randomness,
        }
    }

    /// Takes plain bytes; appends to `out` what is sealed by now.
    pub fn push(&mut self, mut plain: &[u8], out: &mut Vec<u8>) -> Result<(), ProtectionError> {
        while !plain.is_empty() {
            // A full piece waits until more comes, since it might be the last.
            if self.waiting.len() == PIECE {
                self.seal(false, out)?;
            }
            let room = PIECE.saturating_sub(self.waiting.len()).min(plain.len());
            let (now, later) = plain.split_at(room);
            self.waiting.extend_from_slice(now);
            plain = later;
        }
        Ok(())
    }

    /// Seals what is left, as the last piece.
    pub fn finish(mut self, out: &mut Vec<u8>) -> Result<(), ProtectionError> {
        self.seal(true, out)
    }

    fn seal(&mut self, last: bool, out: &mut Vec<u8>) -> Result<(), ProtectionError> {
        let place = piece(&self.place, self.number, last);
        let at = (Use::Content, place.as_str());
        cipher::seal_onto(out, self.key.bytes(), at, &self.waiting, &self.randomness)?;
        self.number = self.number.saturating_add(1);
        self.waiting.zeroize();
        Ok(())
    }
}

/// Where a piece stands.
fn piece(place: &str, number: u64, last: bool) -> String {
    let end = if last { "last" } else { "more" };
    format!("{place}#{number}/{end}")
}

/// Writes sealed what is written to it plain. Nothing can be opened before [`SealingWriter::finish`].
pub struct SealingWriter<W> {
    pieces: PieceSealer,
    sealed: Vec<u8>,
    out: W,
}

impl<W: Write> SealingWriter<W> {
    /// Seals for one place, and writes to `out`.
    pub fn new(key: RecordKey, place: String, randomness: Randomness, out: W) -> Self {
        let pieces = PieceSealer::new(key, place, randomness);
        let sealed = Vec::new();
        Self {
            pieces,
            sealed,
            out,
        }
    }

    /// Writes the last piece and gives back where it was written to.
    pub fn finish(mut self) -> io::Result<W> {
        self.pieces
            .finish(&mut self.sealed)
            .map_err(io::Error::other)?;
        self.out.write_all(&self.sealed)?;
        self.out.flush()?;
        Ok(self.out)
    }
}

impl<W: Write> Write for SealingWriter<W> {
    fn write(&mut self, plain: &[u8]) -> io::Result<usize> {
        self.pieces
            .push(plain, &mut self.sealed)
            .map_err(io::Error::other)?;
        self.out.write_all(&self.sealed)?;
        self.sealed.clear();
        Ok(plain.len())
    }

    /// Flushes what is sealed by now; a piece that is not full waits.
    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Reads plain what [`PieceSealer`] sealed. An error that is no error of the source holds a [`ProtectionError`].
pub struct OpeningReader<R> {
    key: RecordKey,
    place: String,
    number: u64,
    source: R,
    ahead: Vec<u8>,
    plain: Zeroizing<Vec<u8>>,
    given: usize,
    ended: bool,
}

impl<R: Read> OpeningReader<R> {
    /// Opens what was sealed for one place.
    pub fn new(key: RecordKey, place: String, source: R) -> Self {
        Self {
            key,
            place,
            number: 0,
            source,
            ahead: Vec::new(),
            plain: Zeroizing::default(),
            given: 0,
            ended: false,
        }
    }

    /// The next piece that is not empty, or nothing at the end.
    pub fn next_piece(&mut self) -> io::Result<Option<Zeroizing<Vec<u8>>>> {
        if self.ended {
            return Ok(None);
        }
        let whole = PIECE + OVERHEAD;
        // One byte more than a piece shows whether another follows.
        let wanted = (whole + 1).saturating_sub(self.ahead.len());
        let wanted = u64::try_from(wanted).unwrap_or(u64::MAX);
        (&mut self.source)
            .take(wanted)
            .read_to_end(&mut self.ahead)?;
        self.ended = self.ahead.len() <= whole;
        let rest = self.ahead.split_off(whole.min(self.ahead.len()));
        let sealed = std::mem::replace(&mut self.ahead, rest);
        let place = piece(&self.place, self.number, self.ended);
        let opened = cipher::open(self.key.bytes(), (Use::Content, &place), &sealed);
        let plain = opened.map_err(|error| {
            self.ended = true;
            io::Error::new(io::ErrorKind::InvalidData, error)
        })?;
        self.number = self.number.saturating_add(1);
        Ok((!plain.is_empty()).then_some(plain))
    }
}

impl<R: Read> Read for OpeningReader<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.given >= self.plain.len() {
            self.plain = self.next_piece()?.unwrap_or_default();
            self.given = 0;
        }
        let rest = self.plain.get(self.given..).unwrap_or_default();
        let read = (&*rest).read(into)?;
        self.given = self.given.saturating_add(read);
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::protection::{Keyring, MasterKey};

    fn keys() -> (RecordKey, RecordKey, Randomness) {
        let randomness = Randomness::repeatable(4);
        let ring = Keyring::new(MasterKey::generate(&randomness).unwrap(), Vec::new());
        let (key, wrapped) = ring.new_record_key("x", &randomness).unwrap();
        (key, ring.unwrap(&wrapped, "x").unwrap(), randomness)
    }

    fn content(length: usize) -> Vec<u8> {
        (0..length)
            .map(|at| u8::try_from(at % 251).unwrap())
            .collect()
    }

    fn sealed(plain: &[u8], at_a_time: usize) -> (Vec<u8>, RecordKey) {
        let (key, same, randomness) = keys();
        let mut writer = SealingWriter::new(key, "file".to_owned(), randomness, Vec::new());
        for part in plain.chunks(at_a_time) {
            writer.write_all(part).unwrap();
        }
        (writer.finish().unwrap(), same)
    }

    fn opened(key: RecordKey, sealed: &[u8]) -> io::Result<Vec<u8>> {
        let mut plain = Vec::new();
        OpeningReader::new(key, "file".to_owned(), sealed).read_to_end(&mut plain)?;
        Ok(plain)
    }

    #[test]
    fn any_length_comes_back() {
        for length in [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 3 * PIECE + 7] {
            for at_a_time in [1000, PIECE, 5 * PIECE] {
                let plain = content(length);
                let (sealed, key) = sealed(&plain, at_a_time);
                let pieces = length.div_ceil(PIECE).max(1);
                assert_eq!(sealed.len(), length + pieces * OVERHEAD, "{length}");
                assert_eq!(opened(key, &sealed).unwrap(), plain, "{length}");
            }
        }
    }

    #[test]
    fn pieces_cannot_be_dropped_doubled_swapped_or_cut_off() {
        let whole = PIECE + OVERHEAD;
        let (sealed, _) = sealed(&content(3 * PIECE + 7), 9999);
        let piece = |number: usize| {
            sealed[number * whole..((number + 1) * whole).min(sealed.len())].to_vec()
        };
        let made = |numbers: &[usize]| {
            numbers
                .iter()
                .flat_map(|number| piece(*number))
                .collect::<Vec<_>>()
        };
        assert!(opened(keys().1, &made(&[0, 1, 2, 3])).is_ok());
        for order in [
            &[0, 1, 2][..],
            &[0],
            &[3],
            &[1, 0, 2, 3],
            &[0, 1, 1, 2, 3],
            &[0, 2, 3],
            &[0, 1, 2, 3, 3],
            &[],
        ] {
            let refused = opened(keys().1, &made(order)).unwrap_err();
            assert_eq!(refused.kind(), io::ErrorKind::InvalidData, "{order:?}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn an_altered_byte_or_a_cut_is_refused(length in 0..PIECE + 999, at: prop::sample::Index, change in 1_u8..) {
            let (sealed, key) = sealed(&content(length), 7777);
            let at = at.index(sealed.len());
            prop_assert!(opened(key, &sealed[..at]).is_err());
            let mut altered = sealed;
            altered[at] ^= change;
            prop_assert!(opened(keys().1, &altered).is_err());
        }
    }
}
