//! Coarse words behind signs and digits: `f*ck`, `sh1t`. Plain ones stand in the data.

use rustrict::{Censor, Type};

use crate::contact::Spot;
use crate::kind::Kind;

/// Signs and digits that stand for letters.
const SIGNS: &[char] = &['*', '$', '@', '!', '#', '%', '0', '1', '3', '4', '5', '7'];
const LONGEST: usize = 24;

pub(crate) fn search(raw: &str) -> Vec<Spot> {
    let mut spots = Vec::new();
    if !raw.contains(SIGNS) {
        return spots;
    }
    for chunk in raw.split_whitespace() {
        let inner = chunk.trim_matches(|c: char| !c.is_alphanumeric() && !SIGNS.contains(&c));
        if !(3..=LONGEST).contains(&inner.len()) || !is_disguised(inner) {
            continue;
        }
        if let Some((kind, score)) = judge(inner) {
            // Both slices are of the same text, so their places differ by their offset in it.
            let start = inner.as_ptr() as usize - raw.as_ptr() as usize;
            spots.push(Spot {
                span: start..start + inner.len(),
                kind,
                score,
            });
        }
    }
    spots
}

/// Letters on both sides of a sign, as no time, class or address has them.
fn is_disguised(chunk: &str) -> bool {
    let letters = chunk.chars().filter(|c| c.is_alphabetic()).count();
    let first = chunk.chars().next().is_some_and(char::is_alphabetic);
    let mut inside = chunk.char_indices().skip(1);
    let sign = inside.any(|(_, c)| SIGNS.contains(&c));
    first && sign && letters >= 2 && !chunk.contains(['.', '/', ':'])
}

fn judge(chunk: &str) -> Option<(Kind, u8)> {
    let found = Censor::from_str(chunk).analyze();
    if found.is(Type::OFFENSIVE & Type::MODERATE_OR_HIGHER) {
        Some((Kind::Discrimination, 70))
    } else if found.is(Type::PROFANE & Type::MILD_OR_HIGHER) {
        Some((Kind::Offensive, 80))
    } else if found.is(Type::SEXUAL & Type::SEVERE) {
        Some((Kind::Sexual, 75))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::search;

    fn found(text: &str) -> Vec<&str> {
        let spots = search(text);
        let words = spots.iter().map(|spot| text.get(spot.span.clone()));
        words.flatten().collect()
    }

    #[test]
    fn disguised_words_are_found_and_honest_signs_are_not() {
        assert_eq!(found("what a load of sh1t, f*ck it"), ["sh1t", "f*ck"]);
        assert_eq!(
            found("4B and U13 at 10am, p3 room B12, 50% off!"),
            [] as [&str; 0]
        );
    }
}
