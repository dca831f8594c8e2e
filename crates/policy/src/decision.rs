//! A full situation to a decision: the verdict, the clauses that give it, what must follow.

use serde::Serialize;

use crate::cube::AttributeIndex;
use crate::policy_file::{Clause, Duty, Grant, Policy, Rule, Standing, Strength};
use crate::situation::Situation;
use crate::table::{Row, RowKind, Table, Verdict};
use crate::vocabulary::Vocabulary;

/// A condition and the clause that sets it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct ConditionDue<'p> {
    /// The condition, a sentence.
    pub says: &'p str,
    /// The clause.
    #[serde(serialize_with = "by_reference")]
    pub clause: &'p Clause,
}

/// A duty and the clause that sets it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct DutyDue<'p> {
    /// The kind, a name of the vocabulary.
    #[serde(rename = "do")]
    pub kind: &'p str,
    /// To whom.
    pub to: Option<&'p str>,
    /// By when, in words.
    pub by: Option<&'p str>,
    /// How strongly.
    pub strength: Strength,
    /// The duty in plain words.
    pub says: &'p str,
    /// The clause.
    #[serde(serialize_with = "by_reference")]
    pub clause: &'p Clause,
}

/// A clause lifted by another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct LiftedClause<'p> {
    /// The clause that does not apply here.
    #[serde(serialize_with = "by_reference")]
    pub clause: &'p Clause,
    /// The clause that lifts it.
    #[serde(serialize_with = "by_reference")]
    pub by: &'p Clause,
}

/// Who may grant leave, and the clause that says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct PermissionDue<'p> {
    /// Who, and on what conditions.
    #[serde(flatten)]
    pub grant: &'p Grant,
    /// The clause.
    #[serde(serialize_with = "by_reference")]
    pub clause: &'p Clause,
}

/// Which silence it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Silence {
    /// The policy does not cover this person.
    DoesNotCoverYou,
    /// It covers this person and says nothing on the act.
    SaysNothing,
}

/// What a policy says of one situation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Decision<'p> {
    /// The policy.
    #[serde(rename = "policy", serialize_with = "policy_id")]
    pub policy: &'p Policy,
    /// The standing.
    pub standing: Standing,
    /// The strongest strength among the deciding rules.
    pub strength: Option<Strength>,
    /// The verdict in the words of headlines.
    pub headline: Vec<String>,
    /// Every clause of the winning standing, and every clause whose duty is in the headline.
    #[serde(serialize_with = "references")]
    pub decided_by: Vec<&'p Clause>,
    /// Clauses that match too, but do not decide.
    #[serde(serialize_with = "references")]
    pub also: Vec<&'p Clause>,
    /// Clauses that come near.
    #[serde(serialize_with = "references")]
    pub near: Vec<&'p Clause>,
    /// Clauses to keep in mind.
    #[serde(serialize_with = "references")]
    pub notices: Vec<&'p Clause>,
    /// What was lifted, and by which clause.
    pub lifted: Vec<LiftedClause<'p>>,
    /// What must be observed.
    pub conditions: Vec<ConditionDue<'p>>,
    /// What must be done besides.
    pub duties: Vec<DutyDue<'p>>,
    /// Who may grant leave, where it is needed.
    pub permission: Vec<PermissionDue<'p>>,
    /// Which silence it is, where the policy is silent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub silence: Option<Silence>,
    /// Attributes that were not given and were taken as neutral.
    pub assumed: Vec<&'p str>,
}

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
        let rows: Vec<&Row> = matches
            .iter()
            .filter_map(|index| self.rows().get(index))
            .collect();
        let mut decision = Decision {
            policy: self.policy(),
            standing: verdict.standing,
            strength: verdict.strength,
            headline: verdict.headline(),
            decided_by: Vec::new(),
            also: Vec::new(),
            near: Vec::new(),
            notices: Vec::new(),
            lifted: Vec::new(),
            conditions: Vec::new(),
            duties: Vec::new(),
            permission: Vec::new(),
            silence: None,
            assumed: assumed
                .iter()
                .filter_map(|a| vocabulary.at(*a))
                .map(|a| a.id.as_str())
                .collect(),
        };
        for row in &rows {
            self.gather(vocabulary, verdict, row, &mut decision);
        }
        if rows
            .iter()
            .any(|row| self.decides_by_cover(vocabulary, verdict, row))
        {
            let scope = self.shown_scope(situation);
            decision
                .decided_by
                .extend(scope.and_then(|c| self.policy().clauses.get(c)));
        }
        if verdict.standing == Standing::Silent {
            let covered = self.covers(situation);
            decision.silence = Some(if covered {
                Silence::SaysNothing
            } else {
                Silence::DoesNotCoverYou
            });
        }
        decision.tidy();
        decision
    }

    fn gather<'p>(
        &'p self,
        vocabulary: &'p Vocabulary,
        verdict: Verdict,
        row: &Row,
        decision: &mut Decision<'p>,
    ) {
        let Some(clause) = self.clause(row) else {
            return;
        };
        match row.kind {
            RowKind::Near => decision.near.push(clause),
            RowKind::Notice => decision.notices.push(clause),
            RowKind::Lifted { by } => {
                let by = self.policy().clauses.get(by);
                decision
                    .lifted
                    .extend(by.map(|by| LiftedClause { clause, by }));
            }
            RowKind::Decides | RowKind::Granted => {
                self.follow(vocabulary, verdict, row, clause, decision)
            }
        }
    }

    /// What follows from a row that decides or carries duties.
    fn follow<'p>(
        &'p self,
        vocabulary: &'p Vocabulary,
        verdict: Verdict,
        row: &Row,
        clause: &'p Clause,
        decision: &mut Decision<'p>,
    ) {
        let Some(rule) = self.rule(row) else { return };
        let wins = wins(row, verdict);
        if wins || heads(vocabulary, rule) {
            decision.decided_by.push(clause);
        } else {
            decision.also.push(clause);
        }
        // A prohibition is not softened by the conditions of a weaker clause.
        if wins || verdict.standing != Standing::Prohibited {
            let granted = rule.grant.iter().filter(|_| row.kind == RowKind::Granted);
            let conditions = rule
                .conditions
                .iter()
                .chain(granted.flat_map(|g| &g.conditions));
            decision
                .conditions
                .extend(conditions.map(|says| ConditionDue { says, clause }));
        }
        if wins && row.kind == RowKind::Decides {
            decision.permission.extend(
                rule.grant
                    .iter()
                    .map(|grant| PermissionDue { grant, clause }),
            );
        }
        decision.duties.extend(rule.duties.iter().map(|duty| {
            DutyDue {
                kind: &duty.kind,
                to: duty.to.as_deref(),
                by: duty.by.as_deref(),
                strength: row.cap.map_or(duty.strength, |cap| duty.strength.max(cap)),
                says: duty
                    .says
                    .as_deref()
                    .unwrap_or_else(|| vocabulary.duty(&duty.kind).map_or("", |d| &d.says)),
                clause,
            }
        }));
    }

    /// Whether the row is a deciding one, and holds only because the policy covers the asker.
    fn decides_by_cover(&self, vocabulary: &Vocabulary, verdict: Verdict, row: &Row) -> bool {
        let decides = matches!(row.kind, RowKind::Decides | RowKind::Granted);
        let rule = self.rule(row).filter(|_| decides && row.by_cover);
        rule.is_some_and(|rule| wins(row, verdict) || heads(vocabulary, rule))
    }
}

/// Whether the row gives the standing that won.
fn wins(row: &Row, verdict: Verdict) -> bool {
    row.standing.is_some() && row.standing == Some(verdict.standing)
}

/// Whether a duty of the rule shows in the headline.
fn heads(vocabulary: &Vocabulary, rule: &Rule) -> bool {
    let headline = |duty: &Duty| vocabulary.duty(&duty.kind).and_then(|d| d.headline);
    rule.duties.iter().any(|duty| headline(duty).is_some())
}

impl<'p> Decision<'p> {
    /// Each clause once, in the order of severity, and in the strongest place only.
    fn tidy(&mut self) {
        let once = |clauses: &mut Vec<&'p Clause>, taken: &[&'p Clause]| {
            let mut seen: Vec<&str> = taken.iter().map(|c| c.reference.as_str()).collect();
            clauses.retain(|c| {
                let fresh = !seen.contains(&c.reference.as_str());
                seen.push(&c.reference);
                fresh
            });
        };
        once(&mut self.decided_by, &[]);
        once(&mut self.also, &self.decided_by);
        let taken: Vec<&Clause> = self.decided_by.iter().chain(&self.also).copied().collect();
        once(&mut self.near, &taken);
        once(&mut self.notices, &taken);
        dedup(&mut self.lifted);
        dedup(&mut self.conditions);
        dedup(&mut self.duties);
        dedup(&mut self.permission);
    }
}

fn dedup<T: PartialEq + Copy>(items: &mut Vec<T>) {
    let mut seen: Vec<T> = Vec::new();
    items.retain(|item| {
        let fresh = !seen.contains(item);
        if fresh {
            seen.push(*item);
        }
        fresh
    });
}

fn by_reference<S: serde::Serializer>(clause: &Clause, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&clause.reference)
}

fn references<S: serde::Serializer>(clauses: &[&Clause], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(clauses.iter().map(|c| &c.reference))
}

fn policy_id<S: serde::Serializer>(policy: &Policy, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&policy.id)
}
