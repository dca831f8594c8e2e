//! Passwords and codes: a word for one, and then what only one can be.

use super::Spot;
use crate::kind::Kind;
use crate::lists::{Lists, mark};
use crate::text::{Text, gap, like};

/// Words for a secret, alone or with the word before.
fn is_secret(word: &str) -> bool {
    matches!(
        word,
        "password" | "passwords" | "passcode" | "pwd" | "pw" | "pin" | "passphrase"
    )
}

fn is_code(word: &str) -> bool {
    matches!(
        word,
        "code" | "key" | "number" | "id" | "login" | "logon" | "username" | "user"
    )
}

/// What a code or key is of, to be a secret.
const OF: &[&str] = &[
    "door",
    "gate",
    "alarm",
    "access",
    "entry",
    "wifi",
    "fi",
    "security",
    "join",
    "joining",
    "meeting",
    "class",
    "classroom",
    "admin",
    "server",
    "network",
    "login",
    "safe",
    "keypad",
    "lock",
    "building",
    "zoom",
    "teams",
    "sims",
    "staff",
];
/// How many words may stand between the word and the secret: 'is now'.
const BETWEEN: usize = 3;

pub(super) fn search(text: &Text, lists: &Lists, to: &mut Vec<Spot>) {
    for at in 0..text.words.len() {
        let word = text.word(at);
        let plain = is_secret(word);
        let before = at.checked_sub(1).map_or("", |at| text.word(at));
        let of = is_code(word) && OF.contains(&before);
        if !(plain || of) {
            continue;
        }
        if let Some((secret, score)) = after(text, at, lists) {
            let start = if of { at - 1 } else { at };
            to.push(Spot {
                span: text.span(start..secret + 1),
                kind: Kind::Password,
                score,
            });
        }
    }
}

/// The secret after its word: after 'is' or a colon, and no everyday word.
fn after(text: &Text, at: usize, lists: &Lists) -> Option<(usize, u8)> {
    let mut told = false;
    for next in at + 1..=at + 1 + BETWEEN {
        let word = text.words.get(next)?;
        if word.gap & gap::NEWLINE != 0 {
            return None;
        }
        // A colon or an equals sign.
        told |= word.gap & (gap::SLASH | gap::SYMBOL) != 0;
        if word.gap & gap::STOP != 0 {
            return None;
        }
        match text.word(next) {
            "is" | "was" | "now" | "to" | "still" | "for" | "the" | "sims" | "wifi" | "of" => {
                told |= matches!(text.word(next), "is" | "was");
            }
            _ if word.is(like::DIGIT) => return Some((next, if told { 95 } else { 75 })),
            _ if word.is(like::INNER) && told => return Some((next, 90)),
            secret => {
                let marks = lists.names.marks.get(secret).copied().unwrap_or_default();
                let everyday = marks & mark::COMMON != 0 || EVERYDAY.contains(&secret);
                return (told && !everyday).then_some((next, 62));
            }
        }
    }
    None
}

/// What people say of passwords rather than what they are.
const EVERYDAY: &[&str] = &[
    "required",
    "needed",
    "important",
    "strong",
    "weak",
    "changed",
    "changing",
    "expired",
    "expiring",
    "protected",
    "reset",
    "safe",
    "secure",
    "secret",
    "private",
    "shared",
    "kept",
    "stored",
    "saved",
    "being",
    "available",
    "below",
    "above",
    "case",
    "easy",
    "essential",
    "unique",
    "personal",
    "yours",
    "theirs",
    "compulsory",
    "forgotten",
    "sent",
    "incorrect",
    "invalid",
    "long",
    "short",
    "good",
    "one",
    "like",
    "something",
    "what",
    "too",
    "broken",
    "simple",
    "complicated",
    "not",
    "never",
    "always",
    "an",
    "behind",
];
