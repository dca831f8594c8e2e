//! Names that sound alike: `Sinclair` and `Sinclare`, `Kathryn` and `Catherine`.
//!
//! What is compared is the first letter and the consonants after it, letters of one sound taken for one. It is coarse, so it counts
//! only where the other name of the pair is as the roll has it.

use rustc_hash::FxHashMap;

/// With fewer consonants too much sounds alike.
const SHORTEST: usize = 3;

/// The names of a roll by how they sound.
#[derive(Debug, Default)]
pub(crate) struct Sounds {
    by_sound: FxHashMap<Box<str>, Vec<u32>>,
}

impl Sounds {
    pub(crate) fn of<'n>(names: impl Iterator<Item = (u32, &'n str)>) -> Self {
        let mut sounds = Self::default();
        let mut buffer = String::new();
        for (id, name) in names {
            if sound(name, &mut buffer) {
                let same = sounds.by_sound.entry(buffer.as_str().into());
                same.or_default().push(id);
            }
        }
        sounds
    }

    /// The names that sound like a word, itself among them.
    pub(crate) fn like(&self, word: &str) -> &[u32] {
        let mut buffer = String::new();
        if !sound(word, &mut buffer) {
            return &[];
        }
        self.by_sound
            .get(buffer.as_str())
            .map_or(&[], Vec::as_slice)
    }
}

/// Writes how a name sounds; `false` where that says too little.
fn sound(name: &str, to: &mut String) -> bool {
    to.clear();
    let mut letters = name.chars().peekable();
    let mut last = ' ';
    let mut first = true;
    while let Some(c) = letters.next() {
        let next = letters.peek().copied();
        let heard = match c {
            'p' if next == Some('h') => Some('f'),
            'c' if matches!(next, Some('h')) => Some('x'),
            'c' if matches!(next, Some('e' | 'i' | 'y')) => Some('s'),
            'c' | 'q' => Some('k'),
            'z' => Some('s'),
            'g' if next == Some('h') => None,
            'a' | 'e' | 'i' | 'o' | 'u' | 'y' | 'h' | 'w' if !first => None,
            c => Some(c),
        };
        if let Some(heard) = heard.filter(|heard| *heard != last) {
            to.push(heard);
            last = heard;
        }
        first = false;
    }
    to.chars().count() >= SHORTEST
}

#[cfg(test)]
mod tests {
    use super::Sounds;

    #[test]
    fn what_sounds_alike_is_found_and_short_names_are_not() {
        let names = ["sinclair", "catherine", "lee", "krishnamurthy"];
        let sounds = Sounds::of((0u32..).zip(names));
        assert_eq!(sounds.like("sinclare"), [0]);
        assert_eq!(sounds.like("kathryn"), [1]);
        assert_eq!(sounds.like("law"), [] as [u32; 0]);
        assert_eq!(sounds.like("krisnamurti"), [3]);
        assert_eq!(sounds.like("singleton"), [] as [u32; 0]);
    }
}
