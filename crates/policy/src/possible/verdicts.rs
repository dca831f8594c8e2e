//! Verdicts as small numbers, so that sets of them are bitsets and the strictest of two is a minimum.

use crate::policy_file::{Standing, Strength};
use crate::table::{Row, Table, Verdict};
use crate::vocabulary::{DutyHeadline, Vocabulary};

/// The strengths, from the strongest.
const STRENGTHS: [Strength; 3] = [Strength::Must, Strength::Should, Strength::Consider];
/// The number that stands for the absence of a duty.
const NO_DUTY: u8 = 3;
/// The number that stands for silence; smaller ones are standings with their strength, from the strictest.
const SILENT: u8 = 16;

/// What a row adds to a verdict, or a whole verdict. Smaller is stricter, field by field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Claim {
    standing: u8,
    report: u8,
    declare: u8,
}

impl Claim {
    /// The verdict where no row holds.
    pub(super) const NOTHING: Self = Self {
        standing: SILENT,
        report: NO_DUTY,
        declare: NO_DUTY,
    };

    /// That the situation cannot be; no verdict outdoes it.
    pub(super) const IMPOSSIBLE: Self = Self {
        standing: 0,
        report: 0,
        declare: 0,
    };

    /// What a row adds; `None` where it never bears on the verdict.
    pub(super) fn of(row: &Row, table: &Table, vocabulary: &Vocabulary) -> Option<Self> {
        let duty = |headline| number(table.duty_strength(row, headline, vocabulary));
        let claim = Self {
            standing: row.standing.map_or(SILENT, |s| code(s, row.strength)),
            report: duty(DutyHeadline::MustReport),
            declare: duty(DutyHeadline::MustDeclare),
        };
        (claim != Self::NOTHING).then_some(claim)
    }

    /// The strictest of both, field by field.
    pub(super) fn and(self, other: Self) -> Self {
        Self {
            standing: self.standing.min(other.standing),
            report: self.report.min(other.report),
            declare: self.declare.min(other.declare),
        }
    }

    /// Whether it is stricter than `than` in any field.
    pub(super) fn adds_to(self, than: Self) -> bool {
        self.and(than) != than
    }

    /// As a number below 2^24.
    pub(super) fn packed(self) -> u32 {
        u32::from_be_bytes([0, self.standing, self.report, self.declare])
    }

    pub(super) fn unpacked(packed: u32) -> Self {
        let [_, standing, report, declare] = packed.to_be_bytes();
        Self {
            standing,
            report,
            declare,
        }
    }

    pub(super) fn is_impossible(self) -> bool {
        self.standing == 0
    }

    fn verdict(self) -> Verdict {
        let place = usize::from(self.standing.saturating_sub(1));
        let standing = Standing::ALL.get(place / STRENGTHS.len()).copied();
        let standing = standing.unwrap_or(Standing::Silent);
        let strength = STRENGTHS.get(place % STRENGTHS.len()).copied();
        Verdict {
            standing,
            strength: strength.filter(|_| standing != Standing::Silent),
            report: STRENGTHS.get(usize::from(self.report)).copied(),
            declare: STRENGTHS.get(usize::from(self.declare)).copied(),
        }
    }

    fn bit(self) -> usize {
        usize::from(self.standing.saturating_sub(1)) * 16
            + usize::from(self.report) * 4
            + usize::from(self.declare)
    }
}

fn code(standing: Standing, strength: Strength) -> u8 {
    let place = Standing::ALL.iter().position(|s| *s == standing);
    let place = place.unwrap_or(0) * STRENGTHS.len() + usize::from(number(Some(strength)));
    u8::try_from(place + 1).unwrap_or(SILENT)
}

fn number(strength: Option<Strength>) -> u8 {
    match strength {
        Some(Strength::Must) => 0,
        Some(Strength::Should) => 1,
        Some(Strength::Consider) => 2,
        None => NO_DUTY,
    }
}

/// A set of verdicts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct VerdictSet([u128; 2]);

impl VerdictSet {
    pub(super) fn one(claim: Claim) -> Self {
        let bit = claim.bit();
        let mut set = Self::default();
        if let Some(word) = set.0.get_mut(bit / 128) {
            *word = 1 << (bit % 128);
        }
        set
    }

    /// What either holds.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        let ([a, b], [c, d]) = (self.0, other.0);
        Self([a | c, b | d])
    }

    /// How many verdicts it holds.
    #[must_use]
    pub fn len(self) -> usize {
        self.0.iter().map(|w| w.count_ones() as usize).sum()
    }

    /// Whether it holds none.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// Their headlines, each once, from the strictest.
    #[must_use]
    pub fn headlines(self) -> Vec<Vec<String>> {
        let mut headlines: Vec<Vec<String>> = Vec::new();
        for headline in self.iter().map(Verdict::headline) {
            if !headlines.contains(&headline) {
                headlines.push(headline);
            }
        }
        headlines
    }

    /// The verdicts, from the strictest.
    pub fn iter(self) -> impl Iterator<Item = Verdict> {
        let bits = (0u8..=255).filter(move |bit| {
            let word = self.0.get(usize::from(*bit) / 128).copied().unwrap_or(0);
            word >> (bit % 128) & 1 == 1
        });
        bits.map(|bit| {
            let claim = Claim {
                standing: bit / 16 + 1,
                report: bit / 4 % 4,
                declare: bit % 4,
            };
            claim.verdict()
        })
    }

    /// The verdict, where there is one only.
    #[must_use]
    pub fn single(self) -> Option<Verdict> {
        let one = self.len() == 1;
        self.iter().next().filter(|_| one)
    }
}
