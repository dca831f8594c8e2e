//! Gathers a decision from the rows that hold: each clause once, in the order of severity, and in the strongest place
//! only.

use std::ptr;

use super::{ConditionDue, Decision, DutyDue, LiftedClause, PermissionDue, Silence};
use crate::cube::AttributeIndex;
use crate::policy_file::{Clause, Rule, Standing};
use crate::situation::Situation;
use crate::table::{Row, RowKind, Table, Verdict};
use crate::vocabulary::Vocabulary;

impl Table {
    /// Decides a full situation. `assumed` are the attributes that nobody gave.
    #[must_use]
    pub fn decide<'p>(
        &'p self,
        vocabulary: &'p Vocabulary,
        situation: &Situation,
        assumed: &[AttributeIndex],
    ) -> Decision<'p> {
        let matches = self.matches(situation);
        let verdict = self.verdict(&matches);
        let rows = || matches.iter().filter_map(|index| self.rows().get(index));
        let name = |a: &AttributeIndex| vocabulary.at(*a).map_or("", |a| a.id.as_str());
        let mut decision = Decision {
            policy: self.policy(),
            standing: verdict.standing,
            strength: verdict.strength,
            headline: verdict.headline(),
            decided_by: self.deciding(rows(), verdict, situation),
            also: Vec::new(),
            near: Vec::new(),
            notices: Vec::new(),
            lifted: Vec::new(),
            conditions: Vec::new(),
            duties: Vec::new(),
            permission: Vec::new(),
            silence: None,
            assumed: assumed.iter().map(name).collect(),
        };
        for row in rows() {
            if let Some(clause) = self.clause(row) {
                self.place(vocabulary, verdict, row, clause, &mut decision);
            }
        }
        if verdict.standing == Standing::Silent {
            let covered = self.covers(situation);
            decision.silence = Some(if covered {
                Silence::SaysNothing
            } else {
                Silence::DoesNotCoverYou
            });
        }
        decision
    }

    /// The clauses that decide, and the scope clause where they do so only because it covers the asker.
    fn deciding<'p, 'r>(
        &'p self,
        rows: impl Iterator<Item = &'r Row>,
        verdict: Verdict,
        situation: &Situation,
    ) -> Vec<&'p Clause> {
        let mut clauses = Vec::new();
        let mut by_cover = false;
        // Rows that decide come first.
        for row in rows.take_while(|row| row.decides()) {
            if wins(row, verdict) || row.heads {
                by_cover |= row.by_cover;
                self.clause(row)
                    .into_iter()
                    .for_each(|clause| once(&mut clauses, clause));
            }
        }
        let scope = self.shown_scope(situation).filter(|_| by_cover);
        if let Some(scope) = scope.and_then(|c| self.policy().clauses.get(c)) {
            once(&mut clauses, scope);
        }
        clauses
    }

    fn place<'p>(
        &'p self,
        vocabulary: &'p Vocabulary,
        verdict: Verdict,
        row: &Row,
        clause: &'p Clause,
        decision: &mut Decision<'p>,
    ) {
        let told = has(&decision.decided_by, clause) || has(&decision.also, clause);
        match row.kind {
            RowKind::Decides | RowKind::Granted => {
                if !told {
                    decision.also.push(clause);
                }
                if let Some(rule) = self.rule(row) {
                    follow(vocabulary, verdict, row, (clause, rule), decision);
                }
            }
            RowKind::Near if !told => once(&mut decision.near, clause),
            RowKind::Notice if !told => once(&mut decision.notices, clause),
            RowKind::Near | RowKind::Notice => {}
            RowKind::Lifted { by } => {
                let by = self.policy().clauses.get(by);
                let same =
                    |l: &LiftedClause<'_>, by| ptr::eq(l.clause, clause) && ptr::eq(l.by, by);
                let fresh = by.filter(|by| !decision.lifted.iter().any(|l| same(l, *by)));
                let lifted = fresh.map(|by| LiftedClause { clause, by });
                decision.lifted.extend(lifted);
            }
        }
    }
}

/// What follows from a rule that decides or carries duties.
fn follow<'p>(
    vocabulary: &'p Vocabulary,
    verdict: Verdict,
    row: &Row,
    (clause, rule): (&'p Clause, &'p Rule),
    decision: &mut Decision<'p>,
) {
    let wins = wins(row, verdict);
    // A prohibition is not softened by the conditions of a weaker clause.
    if wins || verdict.standing != Standing::Prohibited {
        let granted = rule.grant.iter().filter(|_| row.kind == RowKind::Granted);
        let conditions = granted.flat_map(|g| &g.conditions);
        for says in rule.conditions.iter().chain(conditions) {
            let same = |c: &ConditionDue<'_>| ptr::eq(c.clause, clause) && c.says == says;
            if !decision.conditions.iter().any(same) {
                decision.conditions.push(ConditionDue { says, clause });
            }
        }
    }
    let grant = rule.grant.as_ref();
    if let Some(grant) = grant.filter(|_| wins && row.kind == RowKind::Decides) {
        let same = |p: &PermissionDue<'_>| ptr::eq(p.clause, clause) && p.grant == grant;
        if !decision.permission.iter().any(same) {
            decision.permission.push(PermissionDue { grant, clause });
        }
    }
    for duty in &rule.duties {
        let kind_says = || vocabulary.duty(&duty.kind).map_or("", |d| &d.says);
        let due = DutyDue {
            kind: &duty.kind,
            to: duty.to.as_deref(),
            by: duty.by.as_deref(),
            strength: row.cap.map_or(duty.strength, |cap| duty.strength.max(cap)),
            says: duty.says.as_deref().unwrap_or_else(kind_says),
            clause,
        };
        if !decision.duties.iter().any(|d| same_duty(d, &due)) {
            decision.duties.push(due);
        }
    }
}

fn same_duty(one: &DutyDue<'_>, other: &DutyDue<'_>) -> bool {
    ptr::eq(one.clause, other.clause)
        && one.strength == other.strength
        && (one.kind, one.to, one.by, one.says) == (other.kind, other.to, other.by, other.says)
}

/// Whether the row gives the standing that won.
fn wins(row: &Row, verdict: Verdict) -> bool {
    row.standing.is_some() && row.standing == Some(verdict.standing)
}

/// Adds a clause that is not there yet.
fn once<'p>(clauses: &mut Vec<&'p Clause>, clause: &'p Clause) {
    if !has(clauses, clause) {
        clauses.push(clause);
    }
}

/// Whether a clause of the same policy is there: clauses are the same where they stand in the same place.
fn has(clauses: &[&Clause], clause: &Clause) -> bool {
    clauses.iter().any(|c| ptr::eq(*c, clause))
}
