//! The differing situations as few wide descriptions: maximal cubes, none of which the others make superfluous.

use std::collections::VecDeque;

use serde::Serialize;

use crate::cube::{AttributeIndex, Cube, ValueSet};
use crate::situation::Situation;
use crate::space::Space;
use crate::table::{Ladder, Rung, Table, Verdict};
use crate::vocabulary::Vocabulary;
use crate::words::{Condition, conditions};

use super::Matter;
use super::pairing::Pairing;
use super::told::Example;

/// How much work a proof may take; both bounds are told where they were met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProofLimits {
    /// The most descriptions.
    pub descriptions: usize,
    /// The most areas looked into.
    pub areas: usize,
}

impl Default for ProofLimits {
    fn default() -> Self {
        Self {
            descriptions: 200,
            areas: 2_000_000,
        }
    }
}

/// A set of situations in each of which the two headlines differ; no condition of it can be left out or widened.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Description<'t> {
    /// What holds in it.
    pub when: Vec<Condition<'t>>,
    /// One situation of it, with both headlines.
    pub example: Example<'t>,
    /// The set itself.
    #[serde(skip)]
    pub cube: Cube,
}

/// Descriptions that together hold every differing situation, unless a limit was met.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Proof<'t> {
    /// The descriptions; none is held by the others together.
    pub descriptions: Vec<Description<'t>>,
    /// Whether they hold every differing situation and are as wide as can be. False where a limit was met.
    pub complete: bool,
}

/// Describes all situations in which the headlines of two policies differ.
#[must_use]
pub fn proof<'t>(
    a: &'t Table,
    b: &'t Table,
    vocabulary: &'t Vocabulary,
    limits: ProofLimits,
) -> Proof<'t> {
    let pairings = Matter::ALL.map(|matter| Pairing::new(a, b, matter, vocabulary));
    let mut prover = Prover {
        space: Space::new(vocabulary),
        vocabulary,
        pairings: &pairings,
        left: limits.areas,
        found: Vec::new(),
    };
    let mut complete = pairings
        .iter()
        .all(|p| prover.cover(p, limits.descriptions));
    complete &= prover.left > 0;
    let cubes = irredundant(prover.found, &prover.space);
    let describe = |cube: Cube| {
        let situation = prover.space.find(&cube, [])?;
        Some(Description {
            when: conditions(&cube, vocabulary),
            example: Example::of(&situation, a, b, vocabulary),
            cube,
        })
    };
    let mut descriptions: Vec<Description<'t>> = cubes.into_iter().filter_map(describe).collect();
    descriptions.sort_by_key(|d| d.when.len());
    Proof {
        descriptions,
        complete,
    }
}

/// Leaves out every cube whose possible situations are all in the others.
fn irredundant(cubes: Vec<Cube>, space: &Space<'_>) -> Vec<Cube> {
    let mut kept: VecDeque<Cube> = cubes.into();
    for _ in 0..kept.len() {
        if let Some(cube) = kept
            .pop_front()
            .filter(|cube| !space.is_covered(cube, &kept))
        {
            kept.push_back(cube);
        }
    }
    kept.into()
}

struct Prover<'t, 'p> {
    space: Space<'t>,
    vocabulary: &'t Vocabulary,
    pairings: &'p [Pairing<'t>],
    /// How many areas may still be looked into.
    left: usize,
    found: Vec<Cube>,
}

/// The rungs of a ladder that may decide in an area.
struct Live<'p> {
    rungs: Vec<&'p Rung>,
}

impl Prover<'_, '_> {
    /// Describes every situation that two clauses of the pairing decide differently. False where a limit was met.
    fn cover(&mut self, pairing: &Pairing<'_>, descriptions: usize) -> bool {
        let mut pairs = Vec::new();
        pairing.each(|mine, theirs| pairs.push((mine.voice, theirs.voice)));
        for (mine, theirs) in pairs {
            for x in pairing.a.of_voice(mine) {
                for y in pairing.b.of_voice(theirs) {
                    let Some(both) = x.cube.and(&y.cube) else {
                        continue;
                    };
                    let stricter = pairing.stricter(x, y, &both);
                    while let Some(point) = {
                        let outside = stricter.iter().copied().chain(&self.found);
                        self.space.find(&both, outside)
                    } {
                        if self.found.len() >= descriptions || self.left == 0 {
                            return false;
                        }
                        let widest = self.widen(&point);
                        self.found.push(widest);
                    }
                }
            }
        }
        true
    }

    /// The situation widened to a maximal cube in which the headlines differ everywhere.
    fn widen(&mut self, point: &Situation) -> Cube {
        let attributes = 0..self.vocabulary.sizes().len();
        let mut cube = attributes
            .clone()
            .fold(Cube::everything(), |cube, attribute| {
                let value = point.value(attribute).unwrap_or(0);
                cube.with(attribute, ValueSet::one(value))
            });
        let mut order: Vec<AttributeIndex> = attributes.rev().collect();
        let about = Cube::everything();
        let asked = |attribute: &AttributeIndex| {
            let act = self.vocabulary.attribute("act").map(|(act, _)| act);
            let about = act.and_then(|act| about.narrowed(act, cube.get(act)?));
            self.vocabulary
                .is_asked(*attribute, &about.unwrap_or_default())
        };
        order.sort_by_key(asked);
        self.free(&mut cube, &order);
        cube
    }

    /// Frees as many of the attributes as can be: all at once, or else each half for itself.
    fn free(&mut self, cube: &mut Cube, attributes: &[AttributeIndex]) {
        let wider = attributes
            .iter()
            .fold(cube.clone(), |cube, a| cube.without(*a));
        if wider == *cube {
            return;
        }
        if self.differs_throughout(&wider) {
            *cube = wider;
        } else if let [attribute] = attributes {
            self.widen_values(cube, *attribute);
        } else {
            let (first, second) = attributes.split_at(attributes.len() / 2);
            self.free(cube, first);
            self.free(cube, second);
        }
    }

    fn widen_values(&mut self, cube: &mut Cube, attribute: AttributeIndex) {
        let all = self
            .vocabulary
            .at(attribute)
            .map(crate::vocabulary::Attribute::all);
        let here = cube.get(attribute).unwrap_or_default();
        for value in all.unwrap_or_default().without(here).iter() {
            let set = cube
                .get(attribute)
                .unwrap_or_default()
                .or(ValueSet::one(value));
            let wider = cube.with(attribute, set);
            if self.differs_throughout(&wider) {
                *cube = wider;
            }
        }
    }

    fn differs_throughout(&mut self, area: &Cube) -> bool {
        self.agreement(area.clone()) == Some(false)
    }

    /// Whether a possible situation of the area has the same headline twice; `None` where the limit was met first.
    fn agreement(&mut self, area: Cube) -> Option<bool> {
        self.left = self.left.checked_sub(1)?;
        let pairings = self.pairings;
        let mut split: Option<&Cube> = None;
        for pairing in pairings {
            let a = Live::in_area(pairing.a, &area);
            let b = Live::in_area(pairing.b, &area);
            if !a
                .verdicts()
                .any(|verdict| b.verdicts().any(|v| v == verdict))
            {
                return Some(false);
            }
            split = split.or(a.undecided(&area)).or(b.undecided(&area));
        }
        let Some(cube) = split else {
            return Some(self.space.find(&area, []).is_some());
        };
        let within = area.and(cube);
        let beside = area.minus(cube, self.vocabulary.sizes());
        for part in beside.into_iter().chain(within) {
            if self.agreement(part)? {
                return Some(true);
            }
        }
        Some(false)
    }
}

impl<'p> Live<'p> {
    /// The rungs that may decide in the area, down to the first that holds all of it.
    fn in_area(ladder: &'p Ladder, area: &Cube) -> Self {
        let mut rungs = Vec::new();
        for rung in ladder.deciding_in(area) {
            rungs.push(rung);
            if area.is_within(&rung.cube) {
                break;
            }
        }
        Self { rungs }
    }

    fn verdicts(&self) -> impl Iterator<Item = Verdict> {
        self.rungs.iter().map(|rung| rung.verdict)
    }

    /// The strictest cube that decides in a part of the area only; `None` where one verdict holds throughout.
    fn undecided(&self, area: &Cube) -> Option<&'p Cube> {
        let first = self.verdicts().next()?;
        if self.verdicts().all(|verdict| verdict == first) {
            return None;
        }
        let mut cubes = self.rungs.iter().map(|rung| &rung.cube);
        cubes.find(|cube| !area.is_within(cube))
    }
}
