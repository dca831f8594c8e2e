//! Invented names, the same in every run.

use std::collections::BTreeSet;

use crate::randomness::{NoRandomness, Randomness};

const GIVEN: [&str; 72] = [
    "Aisha", "Alan", "Alice", "Amara", "Anders", "Anna", "Arjun", "Bea", "Ben", "Bronwen",
    "Callum", "Carys", "Chidi", "Clara", "Daniel", "Deepa", "Dylan", "Edith", "Eleri", "Elif",
    "Emeka", "Esther", "Fatima", "Felix", "Fergus", "Freya", "Gareth", "Grace", "Gwen", "Hamza",
    "Hana", "Harriet", "Hugo", "Idris", "Imogen", "Isla", "Jamal", "Joanna", "Joel", "Kofi",
    "Leila", "Lena", "Luca", "Maeve", "Marek", "Meera", "Mina", "Nadia", "Nia", "Noah", "Olu",
    "Omar", "Orla", "Owen", "Petra", "Priya", "Rafael", "Rhys", "Rosa", "Ruth", "Samir", "Sana",
    "Silvia", "Sunil", "Tamsin", "Teodor", "Uma", "Viktor", "Wanda", "Yusuf", "Zara", "Zofia",
];

const FAMILY: [&str; 72] = [
    "Abara",
    "Adair",
    "Ahmadi",
    "Alder",
    "Anand",
    "Ashdown",
    "Baird",
    "Bello",
    "Birch",
    "Blackwood",
    "Bose",
    "Brook",
    "Cadwell",
    "Carver",
    "Chandra",
    "Cope",
    "Dacosta",
    "Dalby",
    "Dhillon",
    "Drury",
    "Easton",
    "Ekwueme",
    "Ellery",
    "Faulk",
    "Fenwick",
    "Ferreira",
    "Garrow",
    "Ghosh",
    "Glover",
    "Hale",
    "Haddad",
    "Hollis",
    "Ibarra",
    "Iqbal",
    "Jarrow",
    "Jethwa",
    "Kaplan",
    "Kerr",
    "Kowal",
    "Lark",
    "Lindqvist",
    "Lowry",
    "Mabey",
    "Malik",
    "Marsh",
    "Mensah",
    "Nair",
    "Norbury",
    "Novak",
    "Oakes",
    "Okafor",
    "Orme",
    "Pascoe",
    "Penrose",
    "Pike",
    "Quayle",
    "Rahman",
    "Redfern",
    "Rowan",
    "Sadler",
    "Sato",
    "Sharma",
    "Stroud",
    "Tariq",
    "Thorne",
    "Udoh",
    "Underhill",
    "Varga",
    "Wade",
    "Wilder",
    "Yates",
    "Zielinski",
];

/// Gives names, none of them twice.
pub(super) struct Names {
    source: Randomness,
    given: BTreeSet<(usize, usize)>,
}

/// How often a name that was given already is drawn again before it is taken twice.
const DRAWS: usize = 200;

impl Names {
    pub(super) fn new(seed: u64) -> Self {
        let source = Randomness::repeatable(seed);
        let given = BTreeSet::new();
        Self { source, given }
    }

    /// A given name and a family name.
    pub(super) fn next(&mut self) -> Result<(&'static str, &'static str), NoRandomness> {
        let mut drawn = (0, 0);
        for _ in 0..DRAWS {
            drawn = (self.below(GIVEN.len())?, self.below(FAMILY.len())?);
            if self.given.insert(drawn) {
                break;
            }
        }
        let given = GIVEN.get(drawn.0).copied().unwrap_or_default();
        let family = FAMILY.get(drawn.1).copied().unwrap_or_default();
        Ok((given, family))
    }

    /// A given name alone, as for a second parent of the same family.
    pub(super) fn given(&mut self) -> Result<&'static str, NoRandomness> {
        let drawn = self.below(GIVEN.len())?;
        Ok(GIVEN.get(drawn).copied().unwrap_or_default())
    }

    /// A number below a bound.
    pub(super) fn below(&self, bound: usize) -> Result<usize, NoRandomness> {
        let drawn = u32::from_le_bytes(self.source.bytes()?);
        let bound = u32::try_from(bound).unwrap_or(u32::MAX).max(1);
        Ok(usize::try_from(drawn % bound).unwrap_or(0))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::Names;

    #[test]
    fn names_are_the_same_in_every_run_and_none_is_given_twice() {
        let run = || {
            let mut names = Names::new(7);
            (0..800).map(|_| names.next().unwrap()).collect::<Vec<_>>()
        };
        assert_eq!(run(), run());
        assert_eq!(run().into_iter().collect::<BTreeSet<_>>().len(), 800);
    }
}
