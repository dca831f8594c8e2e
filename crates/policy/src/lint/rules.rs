//! Rules that decide nowhere, rules that pull two ways, rules that say again what another says.

use std::collections::BTreeSet;

use crate::cube::Cube;
use crate::policy_file::{ClauseIndex, Policy, Rule, RuleEffect, Standing};
use crate::space::Space;
use crate::table::{Row, RowKind, Table};
use crate::vocabulary::Vocabulary;

use super::{Finding, FindingKind, Named, Weight, printed};

pub(super) fn findings<'t>(table: &'t Table, vocabulary: &Vocabulary) -> Vec<Finding<'t>> {
    let finder = Finder {
        policy: table.policy(),
        rows: table.rows(),
        space: Space::new(vocabulary),
    };
    let mut findings = Vec::new();
    for (clause, at) in table.policy().clauses.iter().zip(0..) {
        for (rule, number) in clause.rules.iter().zip(0..) {
            if rule.effect == RuleEffect::Decides && rule.standing.is_some() {
                findings.extend(finder.look_at(at, number, rule));
            }
        }
    }
    findings
}

struct Finder<'t, 'v> {
    policy: &'t Policy,
    rows: &'t [Row],
    space: Space<'v>,
}

impl<'t> Finder<'t, '_> {
    fn look_at(&self, clause: ClauseIndex, number: usize, rule: &Rule) -> Option<Finding<'t>> {
        let of_rule = |row: &&Row| row.clause == clause && row.rule == Some(number);
        let rows: Vec<&Row> = self.rows.iter().filter(of_rule).collect();
        let standing: Vec<&Row> = rows
            .iter()
            .copied()
            .filter(|r| r.standing.is_some())
            .collect();
        if standing.iter().any(|row| self.wins(row)) {
            return self.says_again(clause, rule, &standing);
        }
        if let Some(other) = self.forbidden_by_one(&standing) {
            return Some(self.opposing(clause, other, rule));
        }
        Some(self.never_decides(clause, rule, &rows, &standing))
    }

    /// The cubes of a stricter standing that meet the row.
    fn stricter(&self, row: &Row) -> Vec<&'t Row> {
        let stricter = |other: &&Row| {
            other.standing.is_some() && other.standing < row.standing && other.cube.meets(&row.cube)
        };
        self.rows.iter().filter(stricter).collect()
    }

    /// Whether the row's standing wins in some possible situation.
    fn wins(&self, row: &Row) -> bool {
        let stricter = self.stricter(row);
        self.space
            .find(&row.cube, stricter.iter().map(|r| &r.cube))
            .is_some()
    }

    /// The one clause that forbids, or binds to leave, all that the rows permit.
    fn forbidden_by_one(&self, permitting: &[&Row]) -> Option<ClauseIndex> {
        let permits = |row: &&&Row| {
            matches!(
                row.standing,
                Some(Standing::Permitted | Standing::PermittedWithConditions)
            )
        };
        let permitting: Vec<&Row> = permitting.iter().filter(permits).copied().collect();
        let possible = |row: &&Row| self.space.find(&row.cube, []).is_some();
        let first = permitting.iter().find(|row| possible(row))?;
        let candidates: BTreeSet<ClauseIndex> =
            self.stricter(first).iter().map(|r| r.clause).collect();
        candidates.into_iter().find(|candidate| {
            permitting.iter().all(|row| {
                let of_one = self
                    .stricter(row)
                    .into_iter()
                    .filter(|r| r.clause == *candidate);
                self.space.is_covered(&row.cube, of_one.map(|r| &r.cube))
            })
        })
    }

    fn opposing(&self, clause: ClauseIndex, other: ClauseIndex, rule: &Rule) -> Finding<'t> {
        let clauses = Named::at(self.policy, [clause, other]);
        let says = match clauses.as_slice() {
            [one, other] => format!(
                "{} permits what {} rules out, throughout: the stricter one wins, so the rule at line {} of the file permits nothing.",
                one.printed, other.printed, rule.line,
            ),
            _ => String::new(),
        };
        Finding {
            weight: Weight::Mend,
            kind: FindingKind::Opposing,
            clauses,
            line: Some(rule.line),
            says,
            advice: "If the permission is meant as an exception, let it lift the other clause. If not, take it out.".to_owned(),
        }
    }

    fn never_decides(
        &self,
        clause: ClauseIndex,
        rule: &Rule,
        rows: &[&Row],
        standing: &[&Row],
    ) -> Finding<'t> {
        let possible = rows
            .iter()
            .any(|row| self.space.find(&row.cube, []).is_some());
        let lifted = rows.iter().filter_map(|row| match row.kind {
            RowKind::Lifted { by } => Some(by),
            _ => None,
        });
        let above = standing.iter().flat_map(|row| self.stricter(row));
        let others: BTreeSet<ClauseIndex> = lifted.chain(above.map(|row| row.clause)).collect();
        let names = printed(&Named::at(self.policy, others.iter().copied()));
        let why = if !possible {
            "describes situations that cannot be".to_owned()
        } else if standing.is_empty() {
            format!("is lifted by {names} wherever it would hold")
        } else {
            format!("stands behind {names} wherever it holds")
        };
        let duties = if rule.duties.is_empty() {
            ""
        } else {
            " Its duties still follow."
        };
        let line = rule.line;
        Finding {
            weight: if possible {
                Weight::Consider
            } else {
                Weight::Mend
            },
            kind: FindingKind::NeverDecides,
            clauses: Named::at(self.policy, [clause].into_iter().chain(others)),
            line: Some(line),
            says: format!("The rule at line {line} of the file never decides: it {why}.{duties}"),
            advice: "Take the rule out, or narrow what stands in its way if it is meant to decide."
                .to_owned(),
        }
    }

    /// A rule that has nothing of its own and whose standing another clause gives wherever it wins.
    fn says_again(&self, clause: ClauseIndex, rule: &Rule, rows: &[&Row]) -> Option<Finding<'t>> {
        let bare = rule.duties.is_empty()
            && rule.conditions.is_empty()
            && rule.grant.is_none()
            && rule.lifts.is_empty();
        if !bare {
            return None;
        }
        let others: BTreeSet<ClauseIndex> = rows
            .iter()
            .flat_map(|row| self.alike(row, None))
            .map(|r| r.clause)
            .collect();
        let other = others.into_iter().find(|other| {
            !self.is_printed_alike(*other, clause)
                && self.is_said_by(rows, *other)
                // Of two that say the same, the later one is the one that says it again.
                && (*other < clause || !self.is_said_by(&self.of_clause(*other, rule.standing), clause))
        })?;
        let clauses = Named::at(self.policy, [clause, other]);
        let says = match clauses.as_slice() {
            [one, other] => format!(
                "Wherever the rule of {} at line {} of the file decides, {} says the same.",
                one.printed, rule.line, other.printed,
            ),
            _ => String::new(),
        };
        Some(Finding {
            weight: Weight::Know,
            kind: FindingKind::SaysAgain,
            clauses,
            line: Some(rule.line),
            says,
            advice: "Nothing has to be done. At the next review, one of the two may be enough."
                .to_owned(),
        })
    }

    /// Whether people see the two as one clause.
    fn is_printed_alike(&self, one: ClauseIndex, other: ClauseIndex) -> bool {
        let printed = |at: ClauseIndex| self.policy.clauses.get(at).map(|c| &c.printed);
        printed(one) == printed(other)
    }

    fn of_clause(&self, clause: ClauseIndex, standing: Option<Standing>) -> Vec<&'t Row> {
        let of_clause = |row: &&Row| row.clause == clause && row.standing == standing;
        self.rows.iter().filter(of_clause).collect()
    }

    /// Rows that give the same standing at least as strongly and meet the row.
    fn alike(&self, row: &Row, clause: Option<ClauseIndex>) -> Vec<&'t Row> {
        let alike = |other: &&Row| {
            clause.is_none_or(|clause| other.clause == clause)
                && other.standing == row.standing
                && other.strength <= row.strength
                && other.cube.meets(&row.cube)
        };
        self.rows.iter().filter(alike).collect()
    }

    /// Whether a clause gives the same standing wherever the rows win.
    fn is_said_by(&self, rows: &[&Row], clause: ClauseIndex) -> bool {
        rows.iter().all(|row| {
            let taken: Vec<&Row> = self
                .stricter(row)
                .into_iter()
                .chain(self.alike(row, Some(clause)))
                .collect();
            let taken = taken.iter().map(|row| &row.cube);
            self.space
                .is_covered(&row.cube, taken.collect::<Vec<&Cube>>())
        })
    }
}
