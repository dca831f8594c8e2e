//! Rolls of invented pupils, their names drawn as often as pupils in Britain have them.
//!
//! `given.tsv`: the thousand commonest names of babies in England and Wales in 2010, 2013 and 2016 together, with how many
//! there were (Office for National Statistics, Open Government Licence v3.0). `family.tsv`: nobody publishes how often
//! each family name is; common ones of England, Scotland and Ireland and of families from elsewhere, with our weights.

use screen::Pupil;

const GIVEN: &str = include_str!("../data/given.tsv");
const FAMILY: &str = include_str!("../data/family.tsv");

/// Names with the sum of their weights up to each.
struct Weighted(Vec<(&'static str, u64)>);

impl Weighted {
    fn of(data: &'static str) -> Self {
        let mut sum = 0;
        let names = data.lines().map(|line| {
            let (name, weight) = line.split_once('\t').expect("a name and its weight");
            sum += weight.parse::<u64>().expect("a weight");
            (name, sum)
        });
        Self(names.collect())
    }

    fn draw(&self, random: &mut Random) -> &'static str {
        let (_, all) = self.0.last().expect("names");
        let at = random.below(*all);
        let place = self.0.partition_point(|(_, sum)| *sum <= at);
        self.0[place].0
    }
}

/// A fixed sequence.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn from(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn below(&mut self, most: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }
}

/// So many pupils, the same for the same seed.
pub(crate) fn pupils(many: usize, seed: u64) -> Vec<Pupil> {
    let (given, family) = (Weighted::of(GIVEN), Weighted::of(FAMILY));
    let mut random = Random::from(seed);
    let pupil = || Pupil {
        given: vec![given.draw(&mut random).to_owned()],
        family: vec![family.draw(&mut random).to_owned()],
        ..Pupil::default()
    };
    std::iter::repeat_with(pupil).take(many).collect()
}
