//! Which of many sets a situation is in, answered for all of them at once.

mod plane;

use crate::cube::Cube;
use crate::situation::Situation;

use plane::Plane;
pub(crate) use plane::set;

/// The widest plane, in words of 64 cubes.
const WIDEST: usize = 16;

/// The cubes that a situation is in, one bit each. Up to 1024 cubes need no heap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matches(Words);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Words {
    One([u64; 1]),
    Four([u64; 4]),
    Eight([u64; 8]),
    Widest([u64; WIDEST]),
    Many(Vec<[u64; WIDEST]>),
}

impl Matches {
    fn words(&self) -> &[u64] {
        match &self.0 {
            Words::One(words) => words,
            Words::Four(words) => words,
            Words::Eight(words) => words,
            Words::Widest(words) => words,
            Words::Many(words) => words.as_flattened(),
        }
    }

    /// The indexes of the cubes, in order.
    pub fn iter(&self) -> impl Iterator<Item = usize> {
        self.words().iter().enumerate().flat_map(|(at, word)| {
            let mut left = *word;
            std::iter::from_fn(move || {
                let bit = left.trailing_zeros() as usize;
                (left != 0).then(|| {
                    left &= left - 1;
                    at * 64 + bit
                })
            })
        })
    }

    /// The first cube.
    #[must_use]
    pub fn first(&self) -> Option<usize> {
        self.iter().next()
    }

    /// Whether any of the cubes in `mask` is among them, one bit each in words of 64.
    #[must_use]
    pub fn meets(&self, mask: &[u64]) -> bool {
        self.words()
            .iter()
            .zip(mask)
            .any(|(word, mask)| word & mask != 0)
    }
}

/// Many cubes, compiled for asking which of them a situation is in. There are as many words as they need.
#[derive(Debug, Clone)]
pub struct Matcher(Planes);

#[derive(Debug, Clone)]
enum Planes {
    One(Plane<1>),
    Four(Plane<4>),
    Eight(Plane<8>),
    Widest(Plane<WIDEST>),
    Many(Vec<Plane<WIDEST>>),
}

impl Matcher {
    /// Compiles the cubes; `sizes` gives each attribute's number of values.
    #[must_use]
    pub fn new(cubes: &[&Cube], sizes: &[usize]) -> Self {
        Self(match cubes.len().div_ceil(64) {
            0..=1 => Planes::One(Plane::new(cubes, sizes)),
            2..=4 => Planes::Four(Plane::new(cubes, sizes)),
            5..=8 => Planes::Eight(Plane::new(cubes, sizes)),
            9..=WIDEST => Planes::Widest(Plane::new(cubes, sizes)),
            _ => {
                let chunks = cubes.chunks(WIDEST * 64);
                Planes::Many(chunks.map(|cubes| Plane::new(cubes, sizes)).collect())
            }
        })
    }

    /// The cubes that the situation is in, by their place among those compiled.
    #[must_use]
    #[inline]
    pub fn matches(&self, situation: &Situation) -> Matches {
        let values = situation.values();
        match &self.0 {
            Planes::One(plane) => Matches(Words::One(plane.matches(values))),
            Planes::Four(plane) => Matches(Words::Four(plane.matches(values))),
            Planes::Eight(plane) => Matches(Words::Eight(plane.matches(values))),
            Planes::Widest(plane) => Matches(Words::Widest(plane.matches(values))),
            Planes::Many(planes) => {
                let words = planes.iter().map(|plane| plane.matches(values));
                Matches(Words::Many(words.collect()))
            }
        }
    }
}
