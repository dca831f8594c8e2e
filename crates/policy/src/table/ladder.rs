//! One policy's rows on one matter, from the strictest verdict down to silence.

use std::ops::Range;

use crate::cube::{Cube, join, joined};
use crate::policy_file::{ClauseIndex, Policy};
use crate::space::Space;
use crate::vocabulary::{DutyHeadline, Vocabulary};

use super::columns::{Columns, ones};
use super::point::Narrowed;
use super::shade::Shade;
use super::{Matter, Row, Verdict, duty_strength};

/// One cube that gives a verdict, or the silence below all of them.
#[derive(Debug, Clone)]
pub(crate) struct Rung {
    /// The clause; `None` for silence.
    pub(crate) clause: Option<ClauseIndex>,
    pub(crate) verdict: Verdict,
    pub(crate) cube: Cube,
    /// The cube without what stricter rungs take of it that leave only one way out.
    pub(crate) tight: Narrowed,
    /// The number of its verdict from the strictest: the shade in which it stands.
    pub(crate) depth: usize,
    /// The number of the clause and verdict among those of the ladder.
    pub(crate) voice: usize,
    /// Whether it decides in some possible situation.
    is_open: bool,
}

/// The rungs in order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ladder {
    rungs: Vec<Rung>,
    /// For each voice, its rungs: one clause with one verdict.
    pub(crate) voices: Vec<Range<usize>>,
    /// For each verdict, what stricter ones take.
    shades: Vec<Shade>,
    /// Bitsets over the tight cubes.
    tight: Columns,
}

impl Ladder {
    pub(super) fn new(
        rows: &[Row],
        policy: &Policy,
        matter: Matter,
        vocabulary: &Vocabulary,
    ) -> Self {
        let mut found: Vec<(Verdict, ClauseIndex, &Cube)> = rows
            .iter()
            .filter_map(|row| {
                let verdict = verdict(row, policy, matter, vocabulary)?;
                Some((verdict, row.clause, &row.cube))
            })
            .collect();
        found.sort_by_key(|(verdict, clause, _)| (*verdict, *clause));
        let space = Space::new(vocabulary);
        let mut ladder = Self::default();
        // What cannot be is taken from every rung.
        let impossible = vocabulary.impossible().iter().map(|i| i.when.clone());
        let mut above: Vec<Cube> = impossible.collect();
        for rows in found.chunk_by(|(v, ..), (w, ..)| v == w) {
            ladder.shades.push(Shade::new(above.clone(), vocabulary));
            for voice in rows.chunk_by(|(_, c, _), (_, d, _)| c == d) {
                let cubes = voice.iter().map(|(_, _, cube)| (*cube).clone());
                let cubes = joined(cubes, vocabulary.sizes());
                let first = voice
                    .first()
                    .map(|(verdict, clause, _)| (*verdict, Some(*clause)));
                ladder.push(first.unwrap_or((Verdict::SILENT, None)), &cubes, &space);
                for cube in cubes {
                    join(&mut above, cube, vocabulary.sizes());
                }
            }
        }
        ladder.shades.push(Shade::new(above, vocabulary));
        ladder.push((Verdict::SILENT, None), &[Cube::everything()], &space);
        let tight: Vec<&Cube> = ladder.rungs.iter().map(|rung| &rung.tight.cube).collect();
        ladder.tight = Columns::new(&tight, vocabulary.sizes());
        ladder
    }

    /// Adds one clause with one verdict, which stands in the last shade.
    fn push(
        &mut self,
        (verdict, clause): (Verdict, Option<ClauseIndex>),
        cubes: &[Cube],
        space: &Space<'_>,
    ) {
        let (first, voice) = (self.rungs.len(), self.voices.len());
        self.voices.push(first..first + cubes.len());
        let Some((depth, shade)) = self.shades.iter().enumerate().next_back() else {
            return;
        };
        self.rungs.extend(cubes.iter().map(|cube| {
            let tight = space.tightened(cube, shade.meeting(cube));
            Rung {
                clause,
                verdict,
                cube: cube.clone(),
                is_open: tight.is_some(),
                tight: Narrowed::new(tight.unwrap_or_default(), space.vocabulary()),
                depth,
                voice,
            }
        }));
    }

    /// The rungs of the same clause and verdict.
    pub(crate) fn of_voice(&self, voice: usize) -> &[Rung] {
        let range = self.voices.get(voice).cloned().unwrap_or(0..0);
        self.rungs.get(range).unwrap_or(&[])
    }

    /// The rungs that decide in some possible situation.
    pub(crate) fn open(&self) -> impl Iterator<Item = &Rung> {
        self.rungs.iter().filter(|rung| rung.is_open)
    }

    /// The rungs that may decide in some situation of a cube, in order.
    pub(crate) fn deciding_in(&self, cube: &Cube) -> Vec<&Rung> {
        let meeting = self.tight.meeting(cube);
        let rungs = ones(&meeting).filter_map(|at| self.rungs.get(at));
        rungs.filter(|rung| rung.is_open).collect()
    }

    /// Whether a stricter verdict holds in some situation of a part of a rung.
    pub(crate) fn is_in_part(&self, rung: &Rung, part: &Cube) -> bool {
        let stricter = self
            .rungs
            .iter()
            .take_while(|above| above.depth < rung.depth);
        stricter.into_iter().any(|above| above.cube.meets(part))
    }

    /// What stricter verdicts take of a rung, and what cannot be.
    pub(crate) fn shade(&self, rung: &Rung) -> &Shade {
        static NONE: Shade = Shade::none();
        self.shades.get(rung.depth).unwrap_or(&NONE)
    }
}

/// What a row gives on a matter; `None` where it gives nothing.
fn verdict(row: &Row, policy: &Policy, matter: Matter, vocabulary: &Vocabulary) -> Option<Verdict> {
    let mut verdict = Verdict::SILENT;
    let duty = |headline| {
        let rule = policy.clauses.get(row.clause)?.rules.get(row.rule?)?;
        duty_strength(rule, row, headline, vocabulary)
    };
    match matter {
        Matter::Standing => {
            verdict.standing = row.standing.filter(|_| row.kind.decides())?;
            verdict.strength = Some(row.strength);
            verdict.strength = verdict.shown_strength();
        }
        Matter::Report => verdict.report = Some(duty(DutyHeadline::MustReport)?),
        Matter::Declare => verdict.declare = Some(duty(DutyHeadline::MustDeclare)?),
    }
    Some(verdict)
}
