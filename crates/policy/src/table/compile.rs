//! Flattens a policy to rows: scope, grants and lifts go into the cubes, so that everything after is set algebra.

use crate::cube::{AttributeIndex, Cube, ValueSet};
use crate::policy_file::{
    ClauseIndex, Covers, Duty, Grant, Policy, Rule, RuleEffect, Standing, Strength,
};
use crate::vocabulary::{ASKER, AUTHORISED, BOUND, IN_WRITING, Vocabulary};

use super::masks::Masks;
use super::{Row, RowKind, Table};

/// Whom the policy covers, by the strength with which it reaches them.
struct Scope {
    asker: Option<AttributeIndex>,
    /// Who is covered, and the cap on the strength; an asker stands in one set only.
    sets: Vec<(ValueSet, Option<Strength>)>,
    covered: Option<ValueSet>,
    /// Those whom a staff policy may bind, but this one does not.
    outside: ValueSet,
}

pub(super) fn compile(policy: Policy, vocabulary: &Vocabulary) -> Table {
    let scope = scope(&policy, vocabulary);
    let mut rows = Vec::new();
    for (index, clause) in policy.clauses.iter().enumerate() {
        for (number, rule) in clause.rules.iter().enumerate() {
            flatten(&mut rows, &scope, vocabulary, (index, number), rule);
        }
        if let Some(asker) = scope
            .asker
            .filter(|_| !clause.covers.is_empty() && !scope.outside.is_empty())
        {
            let cube = Cube::everything().with(asker, scope.outside);
            rows.push(row((index, None), RowKind::Near, cube));
        }
    }
    let mut rows = lift(rows, &policy, vocabulary.sizes());
    rows.sort_by_key(|row| (order(row), row.standing, row.strength, row.clause, row.rule));
    let masks = Masks::new(&rows, &policy, vocabulary);
    let shown = shown(&policy, vocabulary);
    Table {
        masks,
        rows,
        shown,
        covered: scope.covered,
        asker: scope.asker,
        policy,
        ladders: std::sync::OnceLock::new(),
    }
}

/// Rows with a standing first, so that the lowest bit is the strictest; then duties, then what decides nothing.
fn order(row: &Row) -> u8 {
    match row.kind {
        RowKind::Decides | RowKind::Granted if row.standing.is_some() => 0,
        RowKind::Decides | RowKind::Granted => 1,
        RowKind::Near => 2,
        RowKind::Notice => 3,
        RowKind::Lifted { .. } => 4,
    }
}

fn row((clause, rule): (ClauseIndex, Option<usize>), kind: RowKind, cube: Cube) -> Row {
    Row {
        clause,
        rule,
        kind,
        standing: None,
        strength: Strength::Must,
        cap: None,
        heads: false,
        by_cover: false,
        cube,
    }
}

fn scope(policy: &Policy, vocabulary: &Vocabulary) -> Scope {
    let covers = || policy.clauses.iter().flat_map(|c| &c.covers);
    let Some((asker, attribute)) = vocabulary.attribute(ASKER) else {
        return Scope {
            asker: None,
            sets: vec![],
            covered: None,
            outside: ValueSet::NONE,
        };
    };
    if covers().next().is_none() {
        return Scope {
            asker: Some(asker),
            sets: vec![],
            covered: None,
            outside: ValueSet::NONE,
        };
    }
    let union = |cap: Option<Strength>| {
        let with = covers().filter(|c: &&Covers| c.strength == cap);
        with.fold(ValueSet::NONE, |set, c| set.or(c.askers))
    };
    let mut sets = Vec::new();
    let mut covered = ValueSet::NONE;
    for cap in [
        None,
        Some(Strength::Must),
        Some(Strength::Should),
        Some(Strength::Consider),
    ] {
        let fresh = union(cap).without(covered);
        covered = covered.or(fresh);
        if !fresh.is_empty() {
            sets.push((fresh, cap));
        }
    }
    let bound = attribute
        .value_groups
        .iter()
        .find(|(name, _)| name == BOUND);
    let outside = bound.map_or(ValueSet::NONE, |(_, set)| set.without(covered));
    Scope {
        asker: Some(asker),
        sets,
        covered: Some(covered),
        outside,
    }
}

fn shown(policy: &Policy, vocabulary: &Vocabulary) -> Vec<Option<ClauseIndex>> {
    let askers = vocabulary
        .attribute(ASKER)
        .map_or(0, |(_, a)| a.values.len());
    let mut shown = vec![None; askers];
    for (index, clause) in policy.clauses.iter().enumerate() {
        for asker in clause
            .covers
            .iter()
            .filter(|c| c.shown)
            .flat_map(|c| c.askers.iter())
        {
            if let Some(slot) = shown.get_mut(usize::from(asker)) {
                *slot = slot.or(Some(index));
            }
        }
    }
    shown
}

fn flatten(
    rows: &mut Vec<Row>,
    scope: &Scope,
    vocabulary: &Vocabulary,
    (clause, number): (ClauseIndex, usize),
    rule: &Rule,
) {
    let at = (clause, Some(number));
    for cube in &rule.cubes {
        let named = scope.asker.is_none_or(|asker| cube.get(asker).is_some());
        match (
            rule.effect,
            scope.asker.filter(|_| !named && scope.covered.is_some()),
        ) {
            (RuleEffect::Decides, None) => decides(rows, vocabulary, at, rule, cube, None),
            (RuleEffect::Decides, Some(asker)) => {
                for (askers, cap) in &scope.sets {
                    let first = rows.len();
                    decides(rows, vocabulary, at, rule, &cube.with(asker, *askers), *cap);
                    rows.iter_mut()
                        .skip(first)
                        .for_each(|row| row.by_cover = true);
                }
                if !scope.outside.is_empty() {
                    rows.push(row(at, RowKind::Near, cube.with(asker, scope.outside)));
                }
            }
            (effect, asker) => {
                let kind = if effect == RuleEffect::Near {
                    RowKind::Near
                } else {
                    RowKind::Notice
                };
                let reached = scope.covered.unwrap_or(ValueSet::NONE).or(scope.outside);
                let cube = asker.map_or_else(|| cube.clone(), |asker| cube.with(asker, reached));
                rows.push(row(at, kind, cube));
            }
        }
    }
}

fn decides(
    rows: &mut Vec<Row>,
    vocabulary: &Vocabulary,
    at: (ClauseIndex, Option<usize>),
    rule: &Rule,
    cube: &Cube,
    cap: Option<Strength>,
) {
    let strength = cap.map_or(rule.strength, |cap| rule.strength.max(cap));
    let headline = |duty: &Duty| vocabulary.duty(&duty.kind).and_then(|d| d.headline);
    let heads = rule.duties.iter().any(|duty| headline(duty).is_some());
    let decides = |kind, standing, cube| Row {
        standing,
        strength,
        cap,
        heads,
        ..row(at, kind, cube)
    };
    let granted = rule
        .grant
        .as_ref()
        .and_then(|grant| granted(grant, vocabulary));
    let Some(granted) = granted else {
        rows.push(decides(RowKind::Decides, rule.standing, cube.clone()));
        return;
    };
    for rest in cube.minus(&granted, vocabulary.sizes()) {
        rows.push(decides(RowKind::Decides, rule.standing, rest));
    }
    if let Some(cube) = cube.and(&granted) {
        rows.push(decides(
            RowKind::Granted,
            Some(Standing::PermittedWithConditions),
            cube,
        ));
    }
}

/// The situations in which leave has been given by somebody who may.
fn granted(grant: &Grant, vocabulary: &Vocabulary) -> Option<Cube> {
    let (authorised, _) = vocabulary.attribute(AUTHORISED)?;
    let given = Cube::everything().with(authorised, grant.by);
    let writing = vocabulary.attribute(IN_WRITING).filter(|_| grant.written);
    Some(writing.map_or(given.clone(), |(writing, _)| {
        given.with(writing, ValueSet::one(1))
    }))
}

/// Takes what is lifted out of every deciding row, and keeps it as rows that say so.
fn lift(rows: Vec<Row>, policy: &Policy, sizes: &[usize]) -> Vec<Row> {
    let rule_of = |row: &Row| {
        row.rule
            .and_then(|r| policy.clauses.get(row.clause)?.rules.get(r))
    };
    let lifts = |row: &&Row| {
        row.kind == RowKind::Decides && rule_of(row).is_some_and(|r| !r.lifts.is_empty())
    };
    let lifting: Vec<Row> = rows.iter().filter(lifts).cloned().collect();
    let mut kept = Vec::with_capacity(rows.len());
    for row in rows {
        let reaches = |by: &&Row| rule_of(by).is_some_and(|r| r.lifts.contains(&row.clause));
        let by: Vec<&Row> = lifting
            .iter()
            .filter(reaches)
            .filter(|_| row.decides())
            .collect();
        let mut cubes = vec![row.cube.clone()];
        for lifter in &by {
            cubes = cubes
                .iter()
                .flat_map(|cube| cube.minus(&lifter.cube, sizes))
                .collect();
            if let Some(cube) = row.cube.and(&lifter.cube) {
                let kind = RowKind::Lifted { by: lifter.clause };
                kept.push(Row {
                    kind,
                    cube,
                    standing: None,
                    heads: false,
                    ..row.clone()
                });
            }
        }
        kept.extend(cubes.into_iter().map(|cube| Row {
            cube,
            ..row.clone()
        }));
    }
    kept
}
