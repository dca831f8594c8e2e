//! Names one slip away: a letter left out, doubled, swapped or mistyped.
//!
//! Each name is kept under the hash of itself and of each form that lacks one letter; two names one slip apart share
//! such a form. What shares one is then compared letter by letter.

use std::hash::Hasher;

use rustc_hash::FxHasher;

/// Shorter names have too many neighbours.
const SHORTEST: usize = 4;
/// Longer words are no names.
const LONGEST: usize = 64;
/// Bits of the filter for each form.
const BITS: usize = 16;

/// The names that slips are looked for in.
#[derive(Debug, Default)]
pub(crate) struct Slips {
    /// Sorted by hash.
    forms: Vec<(u64, u32)>,
    /// A bit for each hash, so that most words are known for strangers at once. Its length is a power of two.
    filter: Vec<u64>,
}

impl Slips {
    pub(crate) fn of<'n>(names: impl Iterator<Item = (u32, &'n str)>) -> Self {
        let mut forms = Vec::new();
        for (id, name) in names.filter(|(_, name)| name.chars().count() >= SHORTEST) {
            shortened(name, |hash| forms.push((hash, id)));
        }
        forms.sort_unstable();
        forms.dedup();
        let words = (forms.len() * BITS / 64).next_power_of_two();
        let mut slips = Self {
            forms,
            filter: vec![0; words],
        };
        for (hash, _) in &slips.forms {
            let (word, bit) = place(*hash, words);
            if let Some(word) = slips.filter.get_mut(word) {
                *word |= bit;
            }
        }
        slips
    }

    fn may_have(&self, hash: u64) -> bool {
        let (word, bit) = place(hash, self.filter.len());
        self.filter.get(word).is_some_and(|word| word & bit != 0)
    }

    /// Calls `found` with each name that is exactly one slip away; `name` gives the name of a number.
    pub(crate) fn near<'n>(
        &self,
        word: &str,
        name: impl Fn(u32) -> &'n str,
        mut found: impl FnMut(u32),
    ) {
        if word.len() < SHORTEST - 1 {
            return;
        }
        let mut seen = Vec::new();
        shortened(word, |hash| {
            if !self.may_have(hash) {
                return;
            }
            let start = self.forms.partition_point(|(form, _)| *form < hash);
            let same = self.forms.iter().skip(start);
            for (_, id) in same.take_while(|(form, _)| *form == hash) {
                if !seen.contains(id) {
                    seen.push(*id);
                    if is_one_slip(word, name(*id)) {
                        found(*id);
                    }
                }
            }
        });
    }
}

/// The word and the bit of a filter of so many words.
fn place(hash: u64, words: usize) -> (usize, u64) {
    let mixed = hash ^ (hash >> 29);
    let word = usize::try_from(mixed >> 6).unwrap_or_default() & words.saturating_sub(1);
    (word, 1 << (mixed & 63))
}

/// Whether a letter more, a letter less, another letter, or two that changed places are all that parts two words.
fn is_one_slip(one: &str, other: &str) -> bool {
    let mut ones = one.chars();
    let mut others = other.chars();
    loop {
        let (was, now) = (ones.clone(), others.clone());
        match (ones.next(), others.next()) {
            (None, None) => return false,
            (Some(a), Some(b)) if a == b => {}
            (a, b) => {
                let more = a.is_some() && ones.clone().eq(now);
                let less = b.is_some() && others.clone().eq(was);
                let another = ones.clone().eq(others.clone());
                let swapped = ones.next() == b && others.next() == a && ones.eq(others);
                return more || less || (a.is_some() && b.is_some() && (another || swapped));
            }
        }
    }
}

/// The hashes of a word and of each form of it without one letter.
fn shortened(word: &str, mut to: impl FnMut(u64)) {
    let bytes = word.as_bytes();
    if bytes.len() > LONGEST {
        return;
    }
    let hashed = |bytes: &[u8]| {
        let mut hasher = FxHasher::default();
        hasher.write(bytes);
        hasher.finish()
    };
    to(hashed(bytes));
    let mut buffer = [0; LONGEST];
    for (at, c) in word.char_indices() {
        let parts = (bytes.get(..at), bytes.get(at + c.len_utf8()..));
        let (Some(before), Some(after)) = parts else {
            continue;
        };
        let length = before.len() + after.len();
        let Some(form) = buffer.get_mut(..length) else {
            continue;
        };
        let (head, tail) = form.split_at_mut(before.len());
        head.copy_from_slice(before);
        tail.copy_from_slice(after);
        to(hashed(form));
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
        assert_eq!(near("khann"), [1]);
        assert_eq!(near("akhan"), [1]);
        assert_eq!(near("hkan"), [1]);
        assert_eq!(near("khon"), [1]);
        assert_eq!(near("kohan"), [1]);
        assert_eq!(near("nahk"), [] as [u32; 0]);
    }
}
