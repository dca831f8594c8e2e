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
use super::list::{self, Found, counted, each_audience, lines, of_audience};
use super::rules::InForce;
use super::{CaseError, access};
use crate::authority::Actor;
use crate::people::{Part, folded, patterns};
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

/// How many cases a search counts: whoever finds more says more.
const FOUND: u64 = 100;
/// With a word, or a name, of no more cases than that, a search begins at these cases and not at those that the
/// person may see.
const FEW: u64 = 1_000;

/// Whether the case `$id` has all words: `$31` how many there are (-1 where what was typed has none), `$32` to `$39`
/// the words, the rarest first.
macro_rules! has_words {
    ($id:literal) => {
        concat!(
            "(EXISTS (SELECT 1 FROM case_word w WHERE w.trust = $1 AND w.word = $32 AND w.case_id = ",
            $id,
            ") AND $31 = (SELECT COUNT(*) FROM case_word w WHERE w.trust = $1 AND w.case_id = ",
            $id,
            " AND w.word IN ($32, $33, $34, $35, $36, $37, $38, $39)))"
        )
    };
}

/// The people whom a case is found by, `$41` to `$64`.
macro_rules! people {
    () => {
        "w.word IN ($41, $42, $43, $44, $45, $46, $47, $48, $49, $50, $51, $52, $53, $54, $55, $56, $57, $58, $59, $60, \
           $61, $62, $63, $64)"
    };
}

/// What both ways of searching want: `$28` and `$29` the moments between which it was opened.
macro_rules! within {
    () => {
        " AND c.opened_at >= $28 AND c.opened_at < $29"
    };
}

/// Beginning at the cases that the person may see, the latest first: `$30` how the reference begins, `$40` whether
/// somebody is named, `$65` how many of each audience are looked at. Whoever sees the outline of a case alone finds it
/// by reference, kind and date: words would tell them what is in it.
macro_rules! among_theirs {
    () => {
        each_audience!(
            of_audience!(with cases),
            concat!(
                within!(),
                " AND ($31 = 0 OR c.reference LIKE $30 ESCAPE '\\' OR (a.outline = 0 AND (",
                has_words!("a.case_id"),
                " OR ($40 = 1 AND EXISTS (SELECT 1 FROM case_word w WHERE w.trust = $1 AND w.case_id = a.case_id AND ",
                people!(),
                "))))) ORDER BY a.case_id DESC LIMIT $65"
            )
        )
    };
}

/// Beginning at the cases that have the rarest word or name somebody, where these are few; `$65` cuts nothing off.
/// SQLite keeps the order of a cross join: it would begin at all that the person may see.
macro_rules! among_few {
    () => {
        concat!(
            "SELECT a.case_id AS id, a.outline AS outline, a.due_at AS due_at FROM ( \
               SELECT r.case_id FROM case_word r WHERE r.trust = $1 AND r.word = $32 AND ",
            has_words!("r.case_id"),
            " UNION SELECT w.case_id FROM case_word w WHERE w.trust = $1 AND $40 = 1 AND ",
            people!(),
            " UNION SELECT f.id FROM case_file f WHERE f.trust = $1 AND f.reference = $30) f \
             CROSS JOIN case_access a CROSS JOIN case_file c \
             WHERE a.trust = $1 AND a.case_id = f.case_id AND c.trust = $1 AND c.id = f.case_id \
               AND a.audience IN ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, \
                 $21, $22, $23, $24, $25) \
               AND (a.about = '' OR a.about <> $26 OR a.audience = 'person/' || $26) \
               AND ($27 = '' OR a.register = $27) AND (a.outline = 0 OR c.reference = $30) AND $65 > 0",
            within!()
        )
    };
}

/// The statements of a way of searching, its count first.
macro_rules! statements {
    ($cases:expr) => {
        (
            counted!($cases),
            lines!($cases, "m.id DESC", "LIMIT $66 OFFSET $67", "s.id DESC"),
        )
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
) -> Result<Found, CaseError> {
    let text = sought.text.trim();
    let mut words = words_of(text);
    words.truncate(WORDS);
    let named = match text.is_empty() {
        true => Vec::new(),
        false => answering_to(query, text).await?,
    };
    let hash = |kind: &'static str| move |id: &String| hashed(store, &actor.trust, kind, id);
    let people: Vec<String> = named.iter().map(hash("person")).collect();
    let (words, few) = by_rarity(query, words.iter().map(hash("word")).collect(), &people).await?;
    let looked_for = LookedFor {
        actor,
        sought,
        words: &words,
        people: &people,
    };
    if few && !text.is_empty() {
        let values = looked_for.values(store, text.to_uppercase());
        let (statements, by) = (statements!(among_few!()), (store, actor));
        let found = list::found(query, by, statements, values, part, FOUND).await?;
        // What looks like a reference may be the beginning of one.
        if found.total > 0 || !text.contains('-') {
            return Ok(found);
        }
    }
    let begins = format!("{}%", list::escaped(text));
    let (statements, values) = (
        statements!(among_theirs!()),
        looked_for.values(store, begins),
    );
    list::found(query, (store, actor), statements, values, part, FOUND).await
}

/// The words with the rarest first, and whether there is one, or somebody named, by which few cases are found and no
/// more by the rest.
async fn by_rarity(
    query: &mut impl Query,
    words: Vec<String>,
    people: &[String],
) -> Result<(Vec<String>, bool), StoreError> {
    let mut counted = Vec::new();
    for word in words {
        counted.push((cases_with(query, &word).await?, word));
    }
    counted.sort();
    let mut few = counted.first().is_none_or(|(cases, _)| *cases <= FEW);
    for person in people {
        few = few && cases_with(query, person).await? <= FEW;
    }
    Ok((counted.into_iter().map(|(_, word)| word).collect(), few))
}

/// How many cases have a word, no further than it matters.
async fn cases_with(query: &mut impl Query, word: &str) -> Result<u64, StoreError> {
    let most = i64::try_from(FEW + 1).unwrap_or(i64::MAX);
    query
        .count(
            "SELECT COUNT(*) AS n FROM ( \
               SELECT w.case_id FROM case_word w WHERE w.trust = $1 AND w.word = $2 LIMIT $3) f",
            values![word, most],
        )
        .await
}

/// What the statements look for.
struct LookedFor<'a> {
    actor: &'a Actor,
    sought: &'a Sought,
    words: &'a [String],
    people: &'a [String],
}

impl LookedFor<'_> {
    /// The values up to `$64`.
    fn values(&self, store: &Store, reference: String) -> Vec<Value> {
        let zone = store.clock().zoned().time_zone().clone();
        let begins = |day: Date| {
            let start = day.to_zoned(zone.clone());
            start.map_or(0, |start| start.timestamp().as_millisecond())
        };
        let after = self.sought.to.and_then(|day| day.checked_add(1.day()).ok());
        let count = match (self.sought.text.trim().is_empty(), self.words.len()) {
            (true, _) => 0,
            (false, 0) => -1,
            (false, count) => i64::try_from(count).unwrap_or(i64::MAX),
        };
        let mut values = access::audience_values(self.actor, None);
        values.extend(values![
            self.sought.register.as_deref().unwrap_or_default(),
            self.sought.from.map_or(i64::MIN, begins),
            after.map_or(i64::MAX, begins),
            reference,
            count
        ]);
        values.extend(filled(self.words, WORDS));
        values.extend(values![!self.people.is_empty()]);
        values.extend(filled(self.people, PEOPLE));
        values
    }
}

/// So many values: these, and nothing for the rest.
fn filled(hashes: &[String], width: usize) -> impl Iterator<Item = Value> {
    let nothing = std::iter::repeat_n("", width.saturating_sub(hashes.len()));
    let hashes = hashes.iter().map(String::as_str).chain(nothing);
    hashes.map(Value::from)
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
        // What not everybody sees who sees the case is found by nobody.
        let found_by = |field: &&Field| !field.sensitive && field.seen_by.is_empty();
        let Some(field) = register.field(name).filter(found_by) else {
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
