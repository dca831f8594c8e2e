//! Finding cases by words.
//!
//! The index holds keyed hashes, never a word: what it is made from is sealed with its case. One table serves both
//! engines; their own full-text tables would keep the words readable, each in a shape that the other has not.
//! In it stand the fields that a register marks `searchable`, never a sensitive one and nothing but the people of a
//! sensitive register, so that those cases are found by reference, person, kind and date alone.

use std::collections::BTreeSet;

use jiff::ToSpan as _;
use jiff::civil::Date;
use register::{Field, FieldKind, Sensitivity};

use super::case::Case;
use super::read::{Line, cases_of, lines};
use super::rules::InForce;
use super::{CaseError, access};
use crate::authority::Actor;
use crate::people::{Listed, Part, folded, patterns};
use crate::store::{Query, Store, StoreError, TrustId, Tx, Value};
use crate::values;

/// How many words of a search count; the rest is left out.
const WORDS: usize = 8;
/// How many people that answer to a name are looked for among those whom cases name.
const PEOPLE: usize = 24;
/// The longest word that is told apart, in characters.
const LONGEST: usize = 40;
/// Hexadecimal digits of a hash that are kept: 80 bits tell all words of a trust apart.
const DIGITS: usize = 20;

/// Words that say nothing about a case.
const PASSED_OVER: &[&str] = &[
    "an", "and", "as", "at", "be", "by", "for", "from", "had", "has", "he", "her", "his", "in",
    "is", "it", "of", "on", "or", "she", "that", "the", "their", "they", "this", "to", "was",
    "were", "with",
];

/// What is looked for.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Sought {
    /// A reference or its beginning, words that must all be there, or the name of somebody whom the case is about.
    pub text: String,
    /// Of that register.
    pub register: Option<String>,
    /// Opened on that day or later.
    pub from: Option<Date>,
    /// Opened on that day or earlier.
    pub to: Option<Date>,
}

impl Sought {
    /// Whether nothing is looked for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text.trim().is_empty()
            && self.register.is_none()
            && self.from.is_none()
            && self.to.is_none()
    }
}

/// Which cases a search finds: `$2` to `$25` are the audiences and `$26` the person, as for lists; `$27` the register,
/// `$28` and `$29` the moments between which it was opened, `$30` the reference, `$31` how many words there are (-1
/// where what was typed has none), `$32` to `$39` the words, `$40` to `$63` people, `$64` to `$66` patterns of a name.
/// Whoever sees the outline of a case alone finds it by reference, kind and date: words would tell them what is in it.
macro_rules! sought {
    () => {
        "c.id IN (SELECT a.case_id FROM case_access a WHERE a.trust = $1 AND a.audience IN ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, \
             $21, $22, $23, $24, $25) \
           AND (c.subject IS NULL OR c.subject <> $26 OR a.audience = 'person/' || $26) \
           AND (a.outline = 0 OR $31 = 0 OR c.reference LIKE $30 ESCAPE '\\')) \
         AND ($27 = '' OR c.register = $27) AND c.opened_at >= $28 AND c.opened_at < $29 \
         AND ($31 = 0 OR c.reference LIKE $30 ESCAPE '\\' \
           OR c.id IN (SELECT w.case_id FROM case_word w WHERE w.trust = $1 \
             AND w.word IN ($32, $33, $34, $35, $36, $37, $38, $39) GROUP BY w.case_id HAVING COUNT(w.word) = $31) \
           OR c.id IN (SELECT w.case_id FROM case_word w WHERE w.trust = $1 \
             AND w.word IN ($40, $41, $42, $43, $44, $45, $46, $47, $48, $49, $50, $51, $52, $53, $54, $55, $56, $57, \
               $58, $59, $60, $61, $62, $63)) \
           OR c.subject IN (SELECT p.id FROM person p WHERE p.trust = $1 AND p.search LIKE $64 ESCAPE '\\' \
             AND p.search LIKE $65 ESCAPE '\\' AND p.search LIKE $66 ESCAPE '\\') \
           OR c.subject IN (SELECT u.id FROM pupil u WHERE u.trust = $1 AND u.search LIKE $64 ESCAPE '\\' \
             AND u.search LIKE $65 ESCAPE '\\' AND u.search LIKE $66 ESCAPE '\\'))"
    };
}

/// The cases that somebody may see and that have what is looked for, the latest first.
///
/// # Errors
/// Where the store fails.
pub async fn search(
    query: &mut impl Query,
    store: &Store,
    actor: &Actor,
    sought: &Sought,
    part: Part,
) -> Result<Listed<Line>, CaseError> {
    let mut values = access::audience_values(actor);
    values.extend(asked(query, store, actor, sought).await?);
    let total = query
        .count(
            concat!(
                "SELECT COUNT(*) AS n FROM case_file c WHERE c.trust = $1 AND ",
                sought!()
            ),
            values.clone(),
        )
        .await?;
    values.extend(values![i64::from(part.size), i64::from(part.skip)]);
    let rows = query
        .all(
            lines!(concat!(
                sought!(),
                " ORDER BY c.id DESC LIMIT $67 OFFSET $68"
            )),
            values,
        )
        .await?;
    let items = cases_of(query, store, actor, &rows).await?;
    Ok(Listed { items, total })
}

/// The values from `$27` on.
async fn asked(
    query: &mut impl Query,
    store: &Store,
    actor: &Actor,
    sought: &Sought,
) -> Result<Vec<Value>, StoreError> {
    let zone = store.clock().zoned().time_zone().clone();
    let begins = |day: Date| {
        let start = day.to_zoned(zone.clone());
        start.map_or(0, |start| start.timestamp().as_millisecond())
    };
    let after = sought.to.and_then(|day| day.checked_add(1.day()).ok());
    let text = sought.text.trim();
    let mut words = words_of(text);
    words.truncate(WORDS);
    let count = match (text.is_empty(), words.len()) {
        (true, _) => 0,
        (false, 0) => -1,
        (false, count) => i64::try_from(count).unwrap_or(i64::MAX),
    };
    let hash = |word: &String| hashed(store, &actor.trust, "word", word);
    let mut hashes: Vec<String> = words.iter().map(hash).collect();
    hashes.resize(WORDS, String::new());
    let named = match count {
        0 => Vec::new(),
        _ => answering_to(query, text).await?,
    };
    let hash = |id: &String| hashed(store, &actor.trust, "person", id);
    let mut people: Vec<String> = named.iter().map(hash).collect();
    people.resize(PEOPLE, String::new());
    let mut values = values![
        sought.register.as_deref().unwrap_or_default(),
        sought.from.map_or(i64::MIN, begins),
        after.map_or(i64::MAX, begins),
        format!("{}%", super::read::escaped(text)),
        count
    ];
    let patterns = patterns(text);
    values.extend(hashes.into_iter().chain(people).map(Value::from));
    values.extend(patterns.into_iter().map(Value::from));
    Ok(values)
}

/// The people and pupils who answer to a name.
async fn answering_to(query: &mut impl Query, text: &str) -> Result<Vec<String>, StoreError> {
    let [first, second, third] = patterns(text);
    let most = i64::try_from(PEOPLE).unwrap_or(i64::MAX);
    let rows = query
        .all(
            "SELECT p.id FROM person p WHERE p.trust = $1 AND p.search LIKE $2 ESCAPE '\\' \
               AND p.search LIKE $3 ESCAPE '\\' AND p.search LIKE $4 ESCAPE '\\' \
             UNION ALL \
             SELECT u.id FROM pupil u WHERE u.trust = $1 AND u.search LIKE $2 ESCAPE '\\' \
               AND u.search LIKE $3 ESCAPE '\\' AND u.search LIKE $4 ESCAPE '\\' LIMIT $5",
            values![first, second, third, most],
        )
        .await?;
    rows.iter().map(|row| row.get("id")).collect()
}

/// Writes anew what a case is found by, in the transaction that changed it.
pub(super) async fn index(tx: &mut Tx, rules: &InForce, case: &Case) -> Result<(), CaseError> {
    let Some(trust) = tx.trust().cloned() else {
        return Ok(());
    };
    let store = tx.store().clone();
    let found_by = found_by(rules, case);
    let wanted = found_by
        .iter()
        .map(|(kind, text)| hashed(&store, &trust, kind, text));
    let wanted: BTreeSet<String> = wanted.collect();
    let rows = tx
        .all(
            "SELECT word FROM case_word WHERE trust = $1 AND case_id = $2",
            values![&case.id],
        )
        .await?;
    let there = rows.iter().map(|row| row.get("word"));
    let there: BTreeSet<String> = there.collect::<Result<_, StoreError>>()?;
    for word in there.difference(&wanted) {
        tx.execute(
            "DELETE FROM case_word WHERE trust = $1 AND word = $2 AND case_id = $3",
            values![word, &case.id],
        )
        .await?;
    }
    let new = wanted
        .difference(&there)
        .map(|word| values![word, &case.id]);
    tx.insert_all(
        "INSERT INTO case_word (trust, word, case_id)",
        "ON CONFLICT (trust, word, case_id) DO NOTHING",
        new.collect(),
    )
    .await?;
    Ok(())
}

/// The words and people that a case is found by, each with its kind.
fn found_by(rules: &InForce, case: &Case) -> BTreeSet<(&'static str, String)> {
    let register = rules.register();
    let kept_close = register.sensitivity == Sensitivity::Sensitive;
    let mut found = BTreeSet::new();
    for (name, answers) in &case.answers {
        let Some(field) = register.field(name).filter(|field| !field.sensitive) else {
            continue;
        };
        for answer in answers {
            match field.kind {
                FieldKind::Person | FieldKind::Pupil => {
                    found.insert(("person", answer.clone()));
                }
                _ if field.searchable && !kept_close => {
                    found.extend(words(field, answer).into_iter().map(|word| ("word", word)));
                }
                _ => {}
            }
        }
    }
    let subject = case.subject.as_ref().map(|about| about.id().to_owned());
    found.extend(subject.map(|id| ("person", id)));
    found
}

fn words(field: &Field, answer: &str) -> Vec<String> {
    match field.kind {
        FieldKind::School | FieldKind::Evidence => Vec::new(),
        _ => words_of(field.words(answer)),
    }
}

/// The words of a text as they are compared: lower case, without accents, one form for one and several, each once.
fn words_of(text: &str) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let folded = folded(text);
    let words = folded
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| word.chars().count() > 1 && !PASSED_OVER.contains(word))
        .map(|word| one_of(word).chars().take(LONGEST).collect::<String>());
    words.filter(|word| seen.insert(word.clone())).collect()
}

/// A word without the `s` of several.
fn one_of(word: &str) -> &str {
    match word.strip_suffix('s') {
        Some(one) if one.len() > 2 && !one.ends_with('s') => one,
        _ => word,
    }
}

fn hashed(store: &Store, trust: &TrustId, kind: &str, text: &str) -> String {
    let purpose = format!("case-{kind}/{trust}");
    let mut hash = store.root_key().keyed_hash(&purpose, text);
    hash.truncate(DIGITS);
    hash
}

#[cfg(test)]
mod tests {
    use super::words_of;

    #[test]
    fn words_are_compared_without_case_accents_and_number() {
        assert_eq!(
            words_of("The Screenshots of Zoë’s class, and a screenshot (16)"),
            ["screenshot", "zoe", "class", "16"]
        );
        assert!(words_of("?! a").is_empty());
    }
}
