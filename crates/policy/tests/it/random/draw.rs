//! Draws sketches from bytes: fewer and smaller bytes give simpler sketches.

use std::collections::BTreeSet;

use policy::policy_file::{RuleEffect, Standing, Strength};

use super::{
    AUTHORISED, AttributeSketch, ClauseSketch, CoverSketch, DUTIES, GrantSketch, ImpossibleSketch,
    PolicySketch, Region, RuleSketch, Sketch, VocabularySketch,
};

const OWN_ATTRIBUTES_AT_MOST: usize = 6;
const CLAUSES_AT_MOST: usize = 7;
const STRENGTHS: [Strength; 3] = [Strength::Must, Strength::Should, Strength::Consider];
const STANDINGS: [Standing; 5] = [
    Standing::Prohibited,
    Standing::PermissionNeeded,
    Standing::AdvisedAgainst,
    Standing::PermittedWithConditions,
    Standing::Permitted,
];

/// A string of choices; when it has run out, every choice is the first.
struct Choices<'b>(std::slice::Iter<'b, u8>);

impl<'b> Choices<'b> {
    fn new(bytes: &'b [u8]) -> Self {
        Self(bytes.iter())
    }

    /// A number below `count`, which is more than none.
    fn below(&mut self, count: usize) -> usize {
        usize::from(self.0.next().copied().unwrap_or(0)) % count
    }

    /// Yes, once in `times`; never when the choices have run out.
    fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == times - 1
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    /// Some of the first `count` values, at least one.
    fn some(&mut self, count: usize) -> BTreeSet<u8> {
        let byte = |n: usize| u8::try_from(n).expect("few values");
        let first = byte(self.below(count));
        let mut set = BTreeSet::from([first]);
        set.extend((0..count).map(byte).filter(|_| self.once_in(3)));
        set
    }
}

pub(super) fn sketch(bytes: &[u8]) -> Sketch {
    let mut choices = Choices::new(bytes);
    let vocabulary = vocabulary(&mut choices);
    let policy = clauses(&mut choices, &vocabulary);
    Sketch { vocabulary, policy }
}

pub(super) fn policy(bytes: &[u8], vocabulary: &VocabularySketch) -> PolicySketch {
    clauses(&mut Choices::new(bytes), vocabulary)
}

/// For about half of the attributes, one value or a few.
pub(super) fn given(bytes: &[u8], vocabulary: &VocabularySketch) -> Vec<Option<BTreeSet<u8>>> {
    let mut choices = Choices::new(bytes);
    let attributes = vocabulary.attributes.iter();
    let given = attributes.map(|attribute| {
        let given = choices.once_in(2);
        given.then(|| choices.some(attribute.values.len()))
    });
    given.collect()
}

fn vocabulary(choices: &mut Choices<'_>) -> VocabularySketch {
    let named = |id: &str, values: &[&str]| AttributeSketch {
        id: id.to_owned(),
        values: values.iter().map(|v| (*v).to_owned()).collect(),
        yes_no: values == ["no", "yes"],
        neutral: 0,
        group: None,
        asked_when: Vec::new(),
        implies: Vec::new(),
    };
    let mut attributes = vec![
        named("asker", &["teacher", "helper", "pupil"]),
        named("authorised", &["nobody", "manager", "head"]),
        named("in_writing", &["no", "yes"]),
    ];
    attributes[2].asked_when = vec![vec![(AUTHORISED, BTreeSet::from([1, 2]))]];
    for number in 0..choices.below(OWN_ATTRIBUTES_AT_MOST + 1) {
        let id = format!("a{number}");
        let mut attribute = if choices.once_in(2) {
            named(&id, &["no", "yes"])
        } else {
            let mut choice = named(&id, &["v0", "v1", "v2"]);
            choice.values.truncate(2 + choices.below(2));
            choice.neutral = u8::from(choices.once_in(4));
            choice
        };
        attribute.group = (attribute.yes_no && choices.once_in(2)).then(|| choices.below(2));
        attribute.asked_when = (0..choices.below(3))
            .map(|_| region(choices, &attributes, 2))
            .collect();
        attributes.push(attribute);
    }
    imply(choices, &mut attributes);
    let impossible = impossible(choices, &attributes);
    VocabularySketch {
        attributes,
        groups: 2,
        impossible,
    }
}

/// One yes-no attribute may bring another that brings none itself.
fn imply(choices: &mut Choices<'_>, attributes: &mut [AttributeSketch]) {
    let yes_no: Vec<usize> = (3..attributes.len())
        .filter(|i| attributes[*i].yes_no)
        .collect();
    if let [one, other, ..] = yes_no[..]
        && choices.once_in(2)
    {
        let (from, to) = if choices.once_in(2) {
            (one, other)
        } else {
            (other, one)
        };
        attributes[from].implies.push(to);
    }
}

/// Combinations that cannot be; the situation in which all is neutral always can.
fn impossible(choices: &mut Choices<'_>, attributes: &[AttributeSketch]) -> Vec<ImpossibleSketch> {
    let mut all = Vec::new();
    for _ in 0..choices.below(3) {
        let when = region(choices, attributes, 2);
        let neutral: Vec<u8> = attributes.iter().map(|a| a.neutral).collect();
        if when.len() < 2 || super::holds(&when, &neutral) {
            continue;
        }
        // Instead of a neutral value that makes it impossible, one that does not.
        let mends = |(a, set): &(usize, BTreeSet<u8>)| {
            let values = 0..u8::try_from(attributes[*a].values.len()).expect("few values");
            let free = values.into_iter().find(|v| !set.contains(v));
            let fits = set.contains(&attributes[*a].neutral) && !attributes[*a].yes_no;
            free.filter(|_| fits).map(|v| (*a, v))
        };
        let otherwise = when.iter().find_map(mends).filter(|_| choices.once_in(2));
        all.push(ImpossibleSketch { when, otherwise });
    }
    all
}

/// Up to `most` named attributes, each with some of its values.
fn region(choices: &mut Choices<'_>, attributes: &[AttributeSketch], most: usize) -> Region {
    let named: BTreeSet<usize> = (0..=choices.below(most))
        .map(|_| choices.below(attributes.len()))
        .collect();
    let mut region = Region::new();
    for attribute in named {
        let count = attributes[attribute].values.len();
        let set = choices.some(count);
        if set.len() < count {
            region.push((attribute, set));
        }
    }
    region
}

fn clauses(choices: &mut Choices<'_>, vocabulary: &VocabularySketch) -> PolicySketch {
    let count = 1 + choices.below(CLAUSES_AT_MOST);
    let mut clauses: PolicySketch = (0..count).map(|_| ClauseSketch::default()).collect();
    for (index, clause) in clauses.iter_mut().enumerate() {
        if choices.once_in(4) {
            clause.covers.push(CoverSketch {
                askers: choices.some(vocabulary.attributes[0].values.len()),
                shown: choices.once_in(2),
                strength: choices.once_in(2).then(|| choices.one(&STRENGTHS)),
            });
        }
        for _ in 0..choices.below(3) {
            clause.rules.push(rule(choices, vocabulary, index, count));
        }
    }
    clauses
}

fn rule(
    choices: &mut Choices<'_>,
    vocabulary: &VocabularySketch,
    clause: usize,
    clauses: usize,
) -> RuleSketch {
    let attributes = &vocabulary.attributes;
    let effect = match choices.below(8) {
        6 => RuleEffect::Near,
        7 => RuleEffect::Notice,
        _ => RuleEffect::Decides,
    };
    let mut rule = RuleSketch {
        effect,
        standing: None,
        strength: choices.one(&STRENGTHS),
        when: region(choices, attributes, 3),
        either: Vec::new(),
        duties: Vec::new(),
        grant: None,
        lifts: BTreeSet::new(),
    };
    if choices.once_in(4) {
        rule.either = (0..2)
            .map(|_| region(choices, attributes, 2))
            .map(|line| apart(line, &rule.when))
            .collect();
    }
    if effect != RuleEffect::Decides {
        return rule;
    }
    rule.standing = (!choices.once_in(4)).then(|| choices.one(&STANDINGS));
    if rule.standing.is_none() || choices.once_in(3) {
        rule.duties = (0..=choices.below(2))
            .map(|_| (choices.below(DUTIES.len()), choices.one(&STRENGTHS)))
            .collect();
    }
    if rule.standing == Some(Standing::PermissionNeeded) && choices.once_in(2) {
        let by = choices.some(2).iter().map(|v| v + 1).collect();
        let written = choices.once_in(2);
        rule.grant = Some(GrantSketch { by, written });
    } else if choices.once_in(4) {
        rule.lifts = (clause + 1..clauses)
            .filter(|_| choices.once_in(2))
            .collect();
    }
    rule
}

/// A line of `either` that names nothing that `when` names, so that the two never contradict each other.
fn apart(mut line: Region, when: &Region) -> Region {
    line.retain(|(a, _)| !when.iter().any(|(b, _)| a == b));
    line
}
