//! The bitsets: for each value of each attribute that any row names, the rows that admit it.

use crate::cube::AttributeIndex;
use crate::policy_file::{Standing, Strength};
use crate::vocabulary::{DutyHeadline, Vocabulary};

use super::{Row, Verdict, duty_strength};
use crate::policy_file::Policy;

/// Up to this many words of 64 rows are kept without the heap.
const WORDS_INLINE: usize = 8;

/// The rows that hold in a situation, one bit each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matches(Words);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Words {
    One(u64),
    Inline([u64; WORDS_INLINE]),
    Heap(Vec<u64>),
}

impl Matches {
    fn words(&self) -> &[u64] {
        match &self.0 {
            Words::One(word) => std::slice::from_ref(word),
            Words::Inline(words) => words,
            Words::Heap(words) => words,
        }
    }

    /// The indexes of the rows, in order of severity.
    pub fn iter(&self) -> impl Iterator<Item = usize> {
        self.words().iter().enumerate().flat_map(|(at, word)| {
            let mut left = *word;
            std::iter::from_fn(move || {
                let bit = left.trailing_zeros() as usize;
                (left != 0).then(|| {
                    left &= left - 1;
                    at * 64 + bit
                })
            })
        })
    }

    /// The first row, which is the strictest.
    #[must_use]
    pub fn first(&self) -> Option<usize> {
        let at = self.words().iter().position(|word| *word != 0)?;
        self.words()
            .get(at)
            .map(|word| at * 64 + word.trailing_zeros() as usize)
    }

    fn meets(&self, mask: &[u64]) -> bool {
        self.words()
            .iter()
            .zip(mask)
            .any(|(word, mask)| word & mask != 0)
    }
}

/// One attribute that some row names: where its bitsets start.
#[derive(Debug, Clone)]
struct Column {
    attribute: AttributeIndex,
    values: usize,
    start: usize,
}

/// The bitsets of a table.
#[derive(Debug, Clone)]
pub(super) struct Masks {
    width: usize,
    columns: Vec<Column>,
    words: Vec<u64>,
    /// Rows that exist: the start of every AND.
    all: Vec<u64>,
    /// The standing and strength of each row; rows without a standing have none.
    standings: Vec<Option<(Standing, Strength)>>,
    /// Rows with a duty that counts as a headline, by strength from the strongest.
    duties: Vec<(DutyHeadline, Strength, Vec<u64>)>,
}

impl Masks {
    pub(super) fn new(rows: &[Row], policy: &Policy, vocabulary: &Vocabulary) -> Self {
        let width = match rows.len().div_ceil(64) {
            0 | 1 => 1,
            few if few <= WORDS_INLINE => WORDS_INLINE,
            many => many,
        };
        let mut masks = Self {
            width,
            columns: Vec::new(),
            words: Vec::new(),
            all: bits(rows, width, |_| true),
            standings: rows
                .iter()
                .map(|r| r.standing.map(|s| (s, r.strength)))
                .collect(),
            duties: Vec::new(),
        };
        for (attribute, values) in vocabulary.sizes().iter().enumerate() {
            if rows.iter().any(|row| row.cube.get(attribute).is_some()) {
                masks.column(rows, attribute, *values);
            }
        }
        for headline in [DutyHeadline::MustReport, DutyHeadline::MustDeclare] {
            for strength in [Strength::Must, Strength::Should, Strength::Consider] {
                let has = |row: &Row| {
                    let rule = row
                        .rule
                        .and_then(|r| policy.clauses.get(row.clause)?.rules.get(r));
                    rule.and_then(|r| duty_strength(r, row, headline, vocabulary)) == Some(strength)
                };
                if rows.iter().any(has) {
                    masks
                        .duties
                        .push((headline, strength, bits(rows, width, has)));
                }
            }
        }
        masks
    }

    fn column(&mut self, rows: &[Row], attribute: AttributeIndex, values: usize) {
        self.columns.push(Column {
            attribute,
            values,
            start: self.words.len(),
        });
        for value in 0..values {
            let admits = |row: &Row| {
                let value = u8::try_from(value).unwrap_or(u8::MAX);
                row.cube.get(attribute).is_none_or(|set| set.has(value))
            };
            self.words.extend(bits(rows, self.width, admits));
        }
    }

    /// One AND per attribute.
    pub(super) fn matches(&self, values: &[u8]) -> Matches {
        let mask_of = |column: &Column| {
            let value = values
                .get(column.attribute)
                .copied()
                .map_or(usize::MAX, usize::from);
            let start = column.start + value.min(column.values) * self.width;
            let end = if value < column.values {
                start + self.width
            } else {
                start
            };
            self.words.get(start..end).unwrap_or(&[])
        };
        if self.width == 1 {
            let start = self.all.first().copied().unwrap_or(0);
            let and = |word: u64, column| word & mask_of(column).first().copied().unwrap_or(0);
            return Matches(Words::One(self.columns.iter().fold(start, and)));
        }
        if let Ok(start) = <[u64; WORDS_INLINE]>::try_from(self.all.as_slice()) {
            let and = |mut words: [u64; WORDS_INLINE], column| {
                let mask = <[u64; WORDS_INLINE]>::try_from(mask_of(column)).unwrap_or_default();
                words
                    .iter_mut()
                    .zip(mask)
                    .for_each(|(word, mask)| *word &= mask);
                words
            };
            return Matches(Words::Inline(self.columns.iter().fold(start, and)));
        }
        let mut words = self.all.clone();
        for column in &self.columns {
            let mask = mask_of(column).iter().copied().chain(std::iter::repeat(0));
            words
                .iter_mut()
                .zip(mask)
                .for_each(|(word, mask)| *word &= mask);
        }
        Matches(Words::Heap(words))
    }

    /// The first row decides the standing; the first duty mask that is met decides each duty.
    pub(super) fn verdict(&self, matches: &Matches) -> Verdict {
        let mut verdict = Verdict::SILENT;
        let first = matches
            .first()
            .and_then(|row| self.standings.get(row).copied().flatten());
        if let Some((standing, strength)) = first {
            verdict.standing = standing;
            verdict.strength = Some(strength);
        }
        for (headline, strength, mask) in &self.duties {
            let slot = match headline {
                DutyHeadline::MustReport => &mut verdict.report,
                DutyHeadline::MustDeclare => &mut verdict.declare,
            };
            if slot.is_none() && matches.meets(mask) {
                *slot = Some(*strength);
            }
        }
        verdict
    }
}

fn bits(rows: &[Row], width: usize, holds: impl Fn(&Row) -> bool) -> Vec<u64> {
    let mut words = vec![0u64; width];
    for (at, _) in rows.iter().enumerate().filter(|(_, row)| holds(row)) {
        if let Some(word) = words.get_mut(at / 64) {
            *word |= 1 << (at % 64);
        }
    }
    words
}
