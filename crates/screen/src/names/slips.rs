//! Names one slip away: a letter left out, doubled, swapped or mistyped.
//!
//! Each name is kept under the hash of itself and of each form that lacks one letter; two names one slip apart share
//! such a form. What shares one is then compared letter by letter.

use std::hash::Hasher;

use rustc_hash::FxHasher;
use strsim::osa_distance;

/// Shorter names have too many neighbours.
const SHORTEST: usize = 4;

/// The names that slips are looked for in.
#[derive(Debug, Default)]
pub(crate) struct Slips {
    /// Sorted by hash.
    forms: Vec<(u64, u32)>,
}

impl Slips {
    pub(crate) fn of<'n>(names: impl Iterator<Item = (u32, &'n str)>) -> Self {
        let mut forms = Vec::new();
        for (id, name) in names.filter(|(_, name)| name.chars().count() >= SHORTEST) {
            shortened(name, |hash| forms.push((hash, id)));
        }
        forms.sort_unstable();
        forms.dedup();
        Self { forms }
    }

    /// Calls `found` with each name that is exactly one slip away; `name` gives the name of a number.
    pub(crate) fn near<'n>(
        &self,
        word: &str,
        name: impl Fn(u32) -> &'n str,
        mut found: impl FnMut(u32),
    ) {
        if word.chars().count() < SHORTEST - 1 {
            return;
        }
        let mut seen = Vec::new();
        shortened(word, |hash| {
            let start = self.forms.partition_point(|(form, _)| *form < hash);
            let same = self.forms.iter().skip(start);
            for (_, id) in same.take_while(|(form, _)| *form == hash) {
                if !seen.contains(id) {
                    seen.push(*id);
                    if osa_distance(word, name(*id)) == 1 {
                        found(*id);
                    }
                }
            }
        });
    }
}

/// The hashes of a word and of each form of it without one letter.
fn shortened(word: &str, mut to: impl FnMut(u64)) {
    let mut whole = FxHasher::default();
    whole.write(word.as_bytes());
    to(whole.finish());
    for (at, c) in word.char_indices() {
        let (before, after) = (word.get(..at), word.get(at + c.len_utf8()..));
        let mut hasher = FxHasher::default();
        // One buffer, so that the same letters give the same hash wherever they were cut.
        let form = [before.unwrap_or(""), after.unwrap_or("")].concat();
        hasher.write(form.as_bytes());
        to(hasher.finish());
    }
}

#[cfg(test)]
mod tests {
    use super::Slips;

    #[test]
    fn one_slip_is_found_and_two_are_not() {
        let names = ["ella", "khan", "williams"];
        let slips = Slips::of((0u32..).zip(names));
        let near = |word: &str| {
            let mut found = Vec::new();
            slips.near(word, |id| names[id as usize], |id| found.push(id));
            found
        };
        assert_eq!(near("kahn"), [1]);
        assert_eq!(near("ela"), [0]);
        assert_eq!(near("wiliams"), [2]);
        assert_eq!(near("wiliam"), [] as [u32; 0]);
        assert_eq!(near("khan"), [] as [u32; 0]);
    }
}
