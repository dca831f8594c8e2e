//! What the rows that hold come to.

use crate::cube::Cube;
use crate::matching::{Matcher, Matches, set};
use crate::policy_file::{Policy, Standing, Strength};
use crate::situation::Situation;
use crate::vocabulary::{DutyHeadline, Vocabulary};

use super::{Row, Verdict, duty_strength};

/// The bitsets of a table.
#[derive(Debug, Clone)]
pub(super) struct Masks {
    matcher: Matcher,
    /// The standing and strength of each row; rows without a standing have none.
    standings: Vec<Option<(Standing, Strength)>>,
    /// Rows with a duty that counts as a headline, by strength from the strongest.
    duties: Vec<(DutyHeadline, Strength, Vec<u64>)>,
}

impl Masks {
    pub(super) fn new(rows: &[Row], policy: &Policy, vocabulary: &Vocabulary) -> Self {
        let cubes: Vec<&Cube> = rows.iter().map(|row| &row.cube).collect();
        let standing = |row: &Row| row.standing.map(|s| (s, row.strength));
        Self {
            matcher: Matcher::new(&cubes, vocabulary.sizes()),
            standings: rows.iter().map(standing).collect(),
            duties: duties(rows, policy, vocabulary),
        }
    }

    #[inline]
    pub(super) fn matches(&self, situation: &Situation) -> Matches {
        self.matcher.matches(situation)
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
