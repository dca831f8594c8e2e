//! Decides between what the phrases of a text say: a fact that is in doubt is left out.

use std::cmp::Reverse;

use super::ACT;
use super::chart::Found;
use crate::cube::{AttributeIndex, Cube, ValueSet};
use crate::vocabulary::phrases::{Phrase, Several};
use crate::vocabulary::{ASKER, Attribute, Vocabulary};

/// How much more an act counts that stands right after 'can I' or the like.
const ASKED_FOR: u8 = 3;

/// What an act must weigh to be taken; a phrase of several words weighs one more than a single word.
const SURE: u8 = 3;

/// Where several people are named, how many words at most stand between the act and the one it concerns.
const NEAR: usize = 2;

/// A phrase of the text, with what stands before it.
#[derive(Debug, Clone)]
pub(super) struct Said<'v> {
    pub(super) found: Found,
    pub(super) phrase: &'v Phrase,
    /// It follows 'can I' or the like.
    pub(super) asked: bool,
    /// It follows 'not' or the like.
    pub(super) denied: bool,
}

/// What one phrase says of one attribute.
#[derive(Debug, Clone)]
pub(super) struct Claim {
    pub(super) attribute: AttributeIndex,
    pub(super) value: u8,
    pub(super) denied: bool,
    pub(super) weight: u8,
    /// How many words say it.
    pub(super) size: usize,
    /// How many words it spans with those that have to be there.
    length: usize,
    /// The first and last word.
    pub(super) span: (usize, usize),
}

/// The facts to take from what was said, at most one for each attribute. Phrases come by where they start.
///
/// Who asks is settled first, then the act, then the rest: what belongs to another situation must not keep a shorter
/// phrase from being heard in this one.
pub(super) fn facts(vocabulary: &Vocabulary, said: &[Said<'_>]) -> Vec<Claim> {
    let index = |id| vocabulary.attribute(id).map(|(index, _)| index);
    let (asker_attribute, act_attribute) = (index(ASKER), index(ACT));
    let of = |claims: Vec<Claim>, attribute: Option<AttributeIndex>| -> Vec<Claim> {
        let claims = claims.into_iter();
        claims.filter(|c| Some(c.attribute) == attribute).collect()
    };
    let said: Vec<&Said<'_>> = said.iter().collect();
    let askers = of(claims(vocabulary, &said), asker_attribute);
    let asker = asker_attribute.and_then(|a| settled(vocabulary, a, &askers, &[]).cloned());
    let asked_by = known(asker.iter());
    let possible: Vec<&Said<'_>> = said
        .iter()
        .filter(|s| fits(&s.phrase.only_in, &asked_by, act_attribute))
        .copied()
        .collect();
    let acts = of(claims(vocabulary, &possible), act_attribute);
    let act = best_act(&acts);
    let known = known(asker.iter().chain(&act));
    let spans: Vec<_> = acts
        .iter()
        .filter(|a| act.as_ref().is_some_and(|act| act.value == a.value))
        .map(|a| a.span)
        .collect();
    let here: Vec<&Said<'_>> = said
        .into_iter()
        .filter(|s| known.is_within(&s.phrase.only_in))
        .filter(|s| agrees(s, act_attribute, act.as_ref()))
        .collect();
    let rest = claims(vocabulary, &here).into_iter();
    let rest: Vec<Claim> = rest
        .filter(|c| Some(c.attribute) != act_attribute)
        .collect();
    let mut taken: Vec<Claim> = act.into_iter().collect();
    for attribute in 0..vocabulary.attributes().len() {
        let of: Vec<Claim> = of(rest.clone(), Some(attribute));
        taken.extend(settled(vocabulary, attribute, &of, &spans).cloned());
    }
    counting(vocabulary, taken)
}

fn known<'c>(claims: impl Iterator<Item = &'c Claim>) -> Cube {
    claims.fold(Cube::everything(), |cube, claim| {
        cube.with(claim.attribute, ValueSet::one(claim.value))
    })
}

/// Whether a phrase can count before the act is known.
fn fits(only_in: &Cube, known: &Cube, act: Option<AttributeIndex>) -> bool {
    let others = only_in.sets().iter().filter(|(a, _)| Some(*a) != act);
    let mut others = others.map(|(a, set)| known.get(*a).map(|k| k.without(*set)));
    others.all(|left| left.is_some_and(ValueSet::is_empty))
}

/// No phrase is looked for beyond so many words.
const SPAN_AT_MOST: usize = 60;

/// What the phrases claim. A longer phrase silences one whose words it takes, where both speak of the same thing; one
/// that means nothing silences whatever it holds.
fn claims(vocabulary: &Vocabulary, said: &[&Said<'_>]) -> Vec<Claim> {
    let longer = |at: usize, one: &Said<'_>| -> Vec<&Phrase> {
        let before = said.get(..at).into_iter().flatten().rev();
        let before = before.take_while(|s| s.found.start() + SPAN_AT_MOST >= one.found.start());
        let after = said.get(at + 1..).into_iter().flatten();
        let after = after.take_while(|s| s.found.start() <= one.found.first());
        let longer = before.chain(after).filter(|s| s.found.outdoes(&one.found));
        longer.map(|s| s.phrase).collect()
    };
    let mut claims = Vec::new();
    for (at, one) in said.iter().enumerate() {
        let longer = longer(at, one);
        let silenced = |attribute: AttributeIndex| {
            let speaks = |p: &&Phrase| p.means.iter().any(|(a, _)| *a == attribute);
            longer.iter().any(|p| p.means.is_empty() || speaks(p))
        };
        let means = one.phrase.means.iter();
        let heard = means.filter(|(attribute, _)| !silenced(*attribute));
        claims.extend(heard.filter_map(|(a, value)| claim(vocabulary, one, *a, *value)));
    }
    claims
}

/// One thing that a phrase says. Denying turns a single yes or no round; of anything else it leaves nothing.
fn claim(
    vocabulary: &Vocabulary,
    said: &Said<'_>,
    attribute: AttributeIndex,
    value: u8,
) -> Option<Claim> {
    let turns =
        said.phrase.means.len() == 1 && vocabulary.at(attribute).is_some_and(Attribute::is_yes_no);
    let value = match (said.denied, value) {
        (false, value) => value,
        (true, 1) if turns => 0,
        (true, _) => return None,
    };
    let telling = vocabulary.telling(attribute);
    let usual = telling.and_then(|t| t.weights.get(usize::from(value)).copied());
    let weight = said.phrase.weight.or(usual);
    let act = vocabulary.at(attribute).is_some_and(|a| a.id == ACT);
    let asked = if act && said.asked { ASKED_FOR } else { 0 };
    Some(Claim {
        attribute,
        value,
        denied: said.denied,
        weight: weight.unwrap_or(0).saturating_add(asked),
        size: said.found.takes.len(),
        length: said.found.length(),
        span: (said.found.first(), said.found.last()),
    })
}

/// The act meant; none where only a passing word names one.
fn best_act(acts: &[Claim]) -> Option<Claim> {
    let sure = |act: &&Claim| act.weight + u8::from(act.length > 1) >= SURE;
    let acts = acts.iter().filter(sure);
    let best = acts.max_by_key(|a| (a.weight, a.size, Reverse(a.span.0)));
    best.cloned()
}

/// A phrase that tells of another act than the one meant says nothing about this one.
fn agrees(said: &Said<'_>, attribute: Option<AttributeIndex>, act: Option<&Claim>) -> bool {
    let means = said.phrase.means.iter();
    let mut other = means.filter(|(a, _)| Some(*a) == attribute);
    other.all(|(_, value)| !said.denied && act.is_some_and(|act| act.value == *value))
}

/// The claim that settles an attribute; none where it stays in doubt.
fn settled<'c>(
    vocabulary: &Vocabulary,
    attribute: AttributeIndex,
    claims: &'c [Claim],
    acts: &[(usize, usize)],
) -> Option<&'c Claim> {
    let several = vocabulary
        .telling(attribute)
        .map_or(Several::None, |t| t.several);
    let claims = claims.iter();
    match several {
        Several::First => claims.max_by_key(|c| (c.weight, Reverse(c.span.0), c.size)),
        Several::Nearest => {
            let near = |c: &Claim| distance(c.span, acts);
            let order = |c: &&Claim| (c.weight, Reverse(near(c)), Reverse(c.span.0));
            let best = claims.clone().max_by_key(order)?;
            let alone = claims.clone().all(|c| c.value == best.value);
            (alone || near(best) <= NEAR).then_some(best)
        }
        Several::None => {
            let best = claims.clone().max_by_key(|c| (c.weight, c.size))?;
            let mut as_good = claims.filter(|c| (c.weight, c.size) >= (best.weight, best.size));
            as_good.all(|c| c.value == best.value).then_some(best)
        }
    }
}

/// How many words stand between a span and the nearest of others.
fn distance(span: (usize, usize), others: &[(usize, usize)]) -> usize {
    let apart = |other: &(usize, usize)| {
        let after = span.0.saturating_sub(other.1);
        after.max(other.0.saturating_sub(span.1))
    };
    others.iter().map(apart).min().unwrap_or(0)
}

/// Drops what means nothing in the situation that was understood, such as the age of nobody.
fn counting(vocabulary: &Vocabulary, mut claims: Vec<Claim>) -> Vec<Claim> {
    let act = vocabulary.attribute(ACT).map(|(index, _)| index);
    loop {
        let nothing_else = vocabulary.attributes().iter().enumerate();
        let nothing_else = nothing_else
            .filter(|(_, a)| a.is_yes_no())
            .fold(Cube::everything(), |cube, (index, a)| {
                cube.with(index, ValueSet::one(a.neutral))
            });
        let known = claims.iter().fold(nothing_else, |cube, c| {
            cube.with(c.attribute, ValueSet::one(c.value))
        });
        let counts = |c: &Claim| {
            let telling = vocabulary.telling(c.attribute);
            let attribute = vocabulary.at(c.attribute);
            telling
                .zip(attribute)
                .is_none_or(|(telling, attribute)| telling.counts(attribute, &known, act))
        };
        let before = claims.len();
        claims.retain(counts);
        if claims.len() == before {
            return claims;
        }
    }
}
