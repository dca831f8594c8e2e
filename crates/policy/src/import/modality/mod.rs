//! How strongly a sentence speaks: must, should, may, or only informs.
//!
//! A reading by rule of thumb, for a draft that the policy's owner goes over.

mod verbs;

use crate::policy_file::Modality;

use verbs::{Reading, Word, words};

/// What a stem hands to the items under it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stem {
    pub(super) modality: Modality,
    /// Whether the items bind whatever verb they use ('the following must be observed').
    pub(super) binds: bool,
    /// Whether the items only say what something is or is for ('The aims are to').
    pub(super) explains: bool,
}

/// What a stem says whose items are purposes or examples.
const EXPLAINING: [&str; 12] = [
    "purpose",
    "aim",
    "objective",
    "sets out to",
    "seeks to",
    "intended to",
    "so that",
    "such as",
    "refers to",
    "to mean",
    "includes",
    "including",
];

impl Stem {
    pub(super) fn new(text: &str, modality: Modality, around: Option<Stem>) -> Stem {
        let text = text.to_lowercase();
        let binds = modality == Modality::Must
            && (text.contains("following") || text.contains("must be observed"));
        let explains =
            modality == Modality::Inform && EXPLAINING.iter().any(|phrase| text.contains(phrase));
        Stem {
            modality,
            binds: binds || around.is_some_and(|stem| stem.binds),
            explains,
        }
    }
}

/// Whether a text uses a verb that directs somebody. A cheap question, for telling a title from a
/// sentence.
pub(super) fn directs(text: &str) -> bool {
    const VERBS: [&str; 12] = [
        "must",
        "should",
        "shall",
        "will",
        "may",
        "can",
        "cannot",
        "mustn't",
        "shouldn't",
        "can't",
        "don't",
        "never",
    ];
    text.split(|c: char| !(c.is_alphanumeric() || c == '\'' || c == '’'))
        .any(|word| {
            // 'May 2024' and 'Will Smith' are no verbs.
            let small = word.starts_with(char::is_lowercase);
            let shouted = word.len() > 1 && word.chars().all(|c| !c.is_lowercase());
            let opening = matches!(word, "Must" | "Should" | "Shall" | "Never");
            (small || shouted || opening)
                && VERBS
                    .iter()
                    .any(|verb| verb.eq_ignore_ascii_case(&word.replace('’', "'")))
        })
}

/// How strongly a sentence speaks, given the stem it completes.
pub(super) fn of_sentence(text: &str, stem: Option<Stem>) -> Modality {
    let words = words(text);
    let Some(stem) = stem else {
        return imperative(&words)
            .or_else(|| own(&words))
            .unwrap_or(Modality::Inform);
    };
    match (own(&words), stem.modality) {
        (own, _) if stem.explains && own != Some(Modality::Right) => Modality::Inform,
        (None, modality) => modality,
        (Some(Modality::Should), Modality::Must) if stem.binds => Modality::Must,
        (Some(Modality::ShouldNot), Modality::Must) if stem.binds => Modality::MustNot,
        // What somebody may do elsewhere does not soften a ban.
        (Some(Modality::May), Modality::MustNot | Modality::ShouldNot) => stem.modality,
        // 'We advise: never ...' advises.
        (Some(Modality::MustNot), Modality::Should) => Modality::ShouldNot,
        (Some(Modality::Must), Modality::Should) => Modality::Should,
        (Some(own), _) => own,
    }
}

/// What a sentence demands by its own words.
fn own(words: &[Word]) -> Option<Modality> {
    let reading = Reading { words };
    let start = main_clause(words);
    let first = (start..words.len()).find_map(|at| Some((at, reading.cue(at)?)));
    let first = first.or_else(|| (0..start).find_map(|at| Some((at, reading.cue(at)?))));
    if threatens(words) {
        let only_draws_attention = |at: usize| match reading.verb_behind(at) {
            "note" => true,
            "be" => reading.word(at + 2) == "aware",
            _ => false,
        };
        match first {
            None => return Some(Modality::Right),
            Some((at, Modality::Should | Modality::Must)) if !only_draws_attention(at) => {}
            Some((_, Modality::MustNot | Modality::ShouldNot)) => {}
            Some(_) => return Some(Modality::Right),
        }
    }
    first.map(|(_, modality)| modality)
}

/// Where the main clause begins: behind the comma that ends an opening 'if' or 'when'.
fn main_clause(words: &[Word]) -> usize {
    const OPENERS: [&str; 14] = [
        "if", "when", "where", "although", "whilst", "while", "as", "given", "before", "unless",
        "however", "since", "because", "should",
    ];
    let opens = words
        .first()
        .is_some_and(|word| OPENERS.contains(&word.text.as_str()));
    if !opens {
        return 0;
    }
    words
        .iter()
        .position(|word| word.comma)
        .map_or(0, |at| at + 1)
}

/// Whether a sentence speaks of what may follow a breach.
fn threatens(words: &[Word]) -> bool {
    let might = ["may", "could", "will", "can", "might"];
    let speaks_of_later = words.iter().any(|word| might.contains(&word.text.as_str()));
    let follows = words.windows(2).any(|pair| match pair {
        [first, second] => matches!(
            (first.text.as_str(), second.text.as_str()),
            (
                "disciplinary",
                "action" | "matter" | "investigation" | "proceedings"
            ) | ("gross", "misconduct")
                | ("summary", "dismissal")
                | ("a", "ban")
                | ("legal", "action")
        ),
        _ => false,
    });
    let ends = words.iter().any(|word| {
        matches!(
            word.text.as_str(),
            "dismissal" | "prosecution" | "exclusion" | "termination"
        )
    });
    speaks_of_later && (follows || ends)
}

/// 'Be respectful ...', 'Report ...'.
fn imperative(words: &[Word]) -> Option<Modality> {
    const VERBS: [&str; 34] = [
        "always", "ask", "be", "block", "change", "check", "contact", "declare", "ensure",
        "follow", "get", "inform", "keep", "lock", "log", "make", "notify", "obtain", "protect",
        "read", "record", "remember", "remove", "report", "respect", "save", "seek", "set",
        "speak", "take", "tell", "treat", "use", "write",
    ];
    // 'Use of ...', 'Contact with ...' and 'Respect is ...' begin with nouns.
    const BEHIND_NOUNS: [&str; 11] = [
        "of", "with", "by", "between", "keeping", "and", "is", "are", "from", "should", "must",
    ];
    if words
        .get(1)
        .is_none_or(|second| BEHIND_NOUNS.contains(&second.text.as_str()))
    {
        return None;
    }
    match words.first()?.text.as_str() {
        "consider" | "think" => Some(Modality::Should),
        first if VERBS.contains(&first) => Some(Modality::Must),
        _ => None,
    }
}
