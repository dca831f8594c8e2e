//! The bitsets of a table, as wide as its rows need, and what the rows that hold come to.

use crate::policy_file::{Policy, Standing, Strength};
use crate::situation::Situation;
use crate::vocabulary::{DutyHeadline, Vocabulary};

use super::plane::{Plane, set};
use super::{Row, Verdict, duty_strength};

/// The widest plane, in words of 64 rows.
const WIDEST: usize = 16;

/// The rows that hold in a situation, one bit each. Up to 1024 rows need no heap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matches(Words);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Words {
    One([u64; 1]),
    Four([u64; 4]),
    Eight([u64; 8]),
    Widest([u64; WIDEST]),
    Many(Vec<[u64; WIDEST]>),
}

impl Matches {
    fn words(&self) -> &[u64] {
        match &self.0 {
            Words::One(words) => words,
            Words::Four(words) => words,
            Words::Eight(words) => words,
            Words::Widest(words) => words,
            Words::Many(words) => words.as_flattened(),
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
        self.iter().next()
    }

    fn meets(&self, mask: &[u64]) -> bool {
        self.words()
            .iter()
            .zip(mask)
            .any(|(word, mask)| word & mask != 0)
    }
}

#[derive(Debug, Clone)]
enum Planes {
    One(Plane<1>),
    Four(Plane<4>),
    Eight(Plane<8>),
    Widest(Plane<WIDEST>),
    Many(Vec<Plane<WIDEST>>),
}

/// The bitsets of a table.
#[derive(Debug, Clone)]
pub(super) struct Masks {
    planes: Planes,
    /// The standing and strength of each row; rows without a standing have none.
    standings: Vec<Option<(Standing, Strength)>>,
    /// Rows with a duty that counts as a headline, by strength from the strongest.
    duties: Vec<(DutyHeadline, Strength, Vec<u64>)>,
}

impl Masks {
    pub(super) fn new(rows: &[Row], policy: &Policy, vocabulary: &Vocabulary) -> Self {
        let sizes = vocabulary.sizes();
        let planes = match rows.len().div_ceil(64) {
            0..=1 => Planes::One(Plane::new(rows, sizes)),
            2..=4 => Planes::Four(Plane::new(rows, sizes)),
            5..=8 => Planes::Eight(Plane::new(rows, sizes)),
            9..=WIDEST => Planes::Widest(Plane::new(rows, sizes)),
            _ => {
                let chunks = rows.chunks(WIDEST * 64);
                Planes::Many(chunks.map(|rows| Plane::new(rows, sizes)).collect())
            }
        };
        let standing = |row: &Row| row.standing.map(|s| (s, row.strength));
        Self {
            planes,
            standings: rows.iter().map(standing).collect(),
            duties: duties(rows, policy, vocabulary),
        }
    }

    pub(super) fn matches(&self, situation: &Situation) -> Matches {
        let values = situation.values();
        Matches(match &self.planes {
            Planes::One(plane) => Words::One(plane.matches(values)),
            Planes::Four(plane) => Words::Four(plane.matches(values)),
            Planes::Eight(plane) => Words::Eight(plane.matches(values)),
            Planes::Widest(plane) => Words::Widest(plane.matches(values)),
            Planes::Many(planes) => {
                Words::Many(planes.iter().map(|plane| plane.matches(values)).collect())
            }
        })
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

/// For each headline and strength that any row's duties have, those rows.
fn duties(
    rows: &[Row],
    policy: &Policy,
    vocabulary: &Vocabulary,
) -> Vec<(DutyHeadline, Strength, Vec<u64>)> {
    let mut duties = Vec::new();
    for headline in [DutyHeadline::MustReport, DutyHeadline::MustDeclare] {
        let strength_of = |row: &Row| {
            let clause = policy.clauses.get(row.clause)?;
            let rule = clause.rules.get(row.rule?)?;
            duty_strength(rule, row, headline, vocabulary)
        };
        for strength in [Strength::Must, Strength::Should, Strength::Consider] {
            let mut mask = vec![0; rows.len().div_ceil(64)];
            set(&mut mask, rows, |row| strength_of(row) == Some(strength));
            if mask.iter().any(|word| *word != 0) {
                duties.push((headline, strength, mask));
            }
        }
    }
    duties
}
