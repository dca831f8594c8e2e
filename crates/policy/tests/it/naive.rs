//! What a policy means, written straight from the reference and as slowly as it reads: rule by rule, one situation.

use std::collections::BTreeSet;

use policy::policy_file::{RuleEffect, Standing, Strength};
use policy::table::Verdict;

use crate::random::{
    ASKER, AUTHORISED, BOUND, DUTIES, IN_WRITING, PolicySketch, Region, RuleSketch, holds,
};

/// What a policy says of one situation.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Meaning {
    pub(crate) verdict: Verdict,
    pub(crate) decided_by: BTreeSet<String>,
    pub(crate) near: BTreeSet<String>,
    /// The lifted clause, and the one that lifts it.
    pub(crate) lifted: BTreeSet<(String, String)>,
}

/// A rule that holds in the situation.
struct Holding<'s> {
    clause: usize,
    rule: &'s RuleSketch,
    cap: Option<Strength>,
    by_cover: bool,
    granted: bool,
}

impl Holding<'_> {
    fn standing(&self) -> Option<Standing> {
        let granted = self.granted.then_some(Standing::PermittedWithConditions);
        granted.or(self.rule.standing)
    }

    /// What is only asked of somebody is never more than asked.
    fn capped(&self, strength: Strength) -> Strength {
        self.cap.map_or(strength, |cap| strength.max(cap))
    }

    fn duty(&self, headline: &str) -> Option<Strength> {
        let counts = self
            .rule
            .duties
            .iter()
            .filter(|(kind, _)| DUTIES[*kind].1 == Some(headline));
        counts.map(|(_, strength)| self.capped(*strength)).min()
    }
}

/// Decides one situation.
pub(crate) fn decide(policy: &PolicySketch, point: &[u8]) -> Meaning {
    let scope = Scope::of(policy, point[ASKER]);
    let matching = matching(policy, &scope, point);
    let mut lifted = BTreeSet::new();
    let mut deciding: Vec<&Holding<'_>> = Vec::new();
    for holding in &matching {
        let lifters = matching
            .iter()
            .filter(|by| by.rule.lifts.contains(&holding.clause));
        let by: Vec<usize> = lifters.map(|by| by.clause).collect();
        if by.is_empty() {
            deciding.push(holding);
        }
        lifted.extend(
            by.iter()
                .map(|by| (reference(holding.clause), reference(*by))),
        );
    }
    let standing = deciding.iter().filter_map(|h| h.standing()).min();
    let winners = || {
        deciding
            .iter()
            .filter(|h| h.standing().is_some() && h.standing() == standing)
    };
    let verdict = Verdict {
        standing: standing.unwrap_or(Standing::Silent),
        strength: winners().map(|h| h.capped(h.rule.strength)).min(),
        report: deciding.iter().filter_map(|h| h.duty("must-report")).min(),
        declare: deciding.iter().filter_map(|h| h.duty("must-declare")).min(),
    };
    let heads = |h: &&&Holding<'_>| h.duty("must-report").or(h.duty("must-declare")).is_some();
    let named: Vec<&&Holding<'_>> = winners().chain(deciding.iter().filter(heads)).collect();
    let mut decided_by: BTreeSet<String> = named.iter().map(|h| reference(h.clause)).collect();
    if named.iter().any(|h| h.by_cover) {
        decided_by.extend(scope.shown.map(reference));
    }
    let also: BTreeSet<String> = deciding.iter().map(|h| reference(h.clause)).collect();
    let mut near = near(policy, &scope, point);
    near.retain(|clause| !also.contains(clause) && !decided_by.contains(clause));
    Meaning {
        verdict,
        decided_by,
        near,
        lifted,
    }
}

/// Whether the policy reaches the asker, and how.
struct Scope {
    /// No clause says whom the policy covers: it covers everybody.
    open: bool,
    covered: bool,
    cap: Option<Strength>,
    /// Somebody whom a staff policy may bind, but this one does not.
    outside: bool,
    shown: Option<usize>,
}

impl Scope {
    fn of(policy: &PolicySketch, asker: u8) -> Self {
        let all: Vec<_> = policy
            .iter()
            .enumerate()
            .flat_map(|(index, clause)| clause.covers.iter().map(move |cover| (index, cover)))
            .collect();
        let mine: Vec<_> = all
            .iter()
            .filter(|(_, c)| c.askers.contains(&asker))
            .collect();
        let uncapped = mine.iter().any(|(_, c)| c.strength.is_none());
        let strongest = mine.iter().filter_map(|(_, c)| c.strength).min();
        Self {
            open: all.is_empty(),
            covered: all.is_empty() || !mine.is_empty(),
            cap: strongest.filter(|_| !uncapped),
            outside: !all.is_empty() && mine.is_empty() && BOUND.contains(&asker),
            shown: mine.iter().find(|(_, c)| c.shown).map(|(index, _)| *index),
        }
    }
}

/// The rules with standing or duties that hold, before anything is lifted.
fn matching<'s>(policy: &'s PolicySketch, scope: &Scope, point: &[u8]) -> Vec<Holding<'s>> {
    let mut all = Vec::new();
    for (clause, rule, when) in alternatives(policy) {
        let by_cover = !scope.open && !names_asker(&when);
        let reached = scope.covered || !by_cover;
        if rule.effect == RuleEffect::Decides && reached && holds(&when, point) {
            let granted = rule.grant.as_ref().is_some_and(|grant| {
                let written = !grant.written || point[IN_WRITING] == 1;
                grant.by.contains(&point[AUTHORISED]) && written
            });
            let cap = scope.cap.filter(|_| by_cover);
            all.push(Holding {
                clause,
                rule,
                cap,
                by_cover,
                granted,
            });
        }
    }
    all
}

/// Clauses that come near: rules that say so, and for somebody whom the policy leaves out, the rules that would
/// have held and the clauses that draw the line.
fn near(policy: &PolicySketch, scope: &Scope, point: &[u8]) -> BTreeSet<String> {
    let mut near = BTreeSet::new();
    for (clause, rule, when) in alternatives(policy) {
        let named = names_asker(&when);
        let comes_near = match rule.effect {
            RuleEffect::Near => named || scope.covered || scope.outside,
            RuleEffect::Decides => !named && scope.outside,
            RuleEffect::Notice => false,
        };
        if comes_near && holds(&when, point) {
            near.insert(reference(clause));
        }
    }
    if scope.outside {
        let drawing = policy
            .iter()
            .enumerate()
            .filter(|(_, c)| !c.covers.is_empty());
        near.extend(drawing.map(|(index, _)| reference(index)));
    }
    near
}

/// Every rule; one with several lines of `either` counts as one rule for each line.
fn alternatives(policy: &PolicySketch) -> Vec<(usize, &RuleSketch, Region)> {
    let mut all = Vec::new();
    for (index, clause) in policy.iter().enumerate() {
        for rule in &clause.rules {
            if rule.either.is_empty() {
                all.push((index, rule, rule.when.clone()));
            }
            for line in &rule.either {
                all.push((index, rule, [rule.when.clone(), line.clone()].concat()));
            }
        }
    }
    all
}

fn names_asker(when: &Region) -> bool {
    when.iter().any(|(a, _)| *a == ASKER)
}

fn reference(clause: usize) -> String {
    format!("c{clause}")
}
