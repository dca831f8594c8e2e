//! What a document says at each clause of the policy that was made from it.

use std::collections::BTreeMap;

use super::document::{Clause, Document, Sentence};
use crate::policy_file::{self, Policy};

/// So many clauses at least tell whether the lines of a text are those that the policy was made from.
const ENOUGH: usize = 5;

/// The words of the document at each clause of the policy, by the clause's reference: where the same number or place
/// is printed, the sentences on the clause's line, else all that stands there. Where the lines of the text are plainly
/// those that the policy was made from, a clause that has no number is found by its line. What is not found is left
/// out: a wrong passage would be worse than none.
///
/// Nothing at all where fewer than two thirds of the clauses are found: that is no text of this policy.
#[must_use]
pub fn passages(document: &Document, policy: &Policy) -> BTreeMap<String, String> {
    let places: Vec<&Clause> = document.clauses().collect();
    let lines_agree = lines_agree(&places, policy);
    let found = policy.clauses.iter().filter_map(|clause| {
        let words = passage(&places, clause, lines_agree)?;
        Some((clause.reference.clone(), words))
    });
    let found: BTreeMap<String, String> = found.collect();
    match found.len() * 3 >= policy.clauses.len() * 2 {
        true => found,
        false => BTreeMap::new(),
    }
}

/// Whether clauses that are found by what is printed stand on the lines that the policy gives: four of five at least.
fn lines_agree(places: &[&Clause], policy: &Policy) -> bool {
    let pairs = policy.clauses.iter().filter_map(|clause| {
        let line = line(clause)?;
        let mut alike = places.iter().filter(|place| printed_alike(place, clause));
        let first = alike.next()?;
        Some(holds(first, line) || alike.any(|place| holds(place, line)))
    });
    let (agree, all) = pairs.fold((0, 0), |(agree, all), yes| {
        (agree + usize::from(yes), all + 1)
    });
    all >= ENOUGH && agree * 5 >= all * 4
}

fn passage(places: &[&Clause], clause: &policy_file::Clause, lines_agree: bool) -> Option<String> {
    let line = line(clause).filter(|_| lines_agree);
    let on_line = |place: &&&Clause| line.is_some_and(|line| holds(place, line));
    let alike = || places.iter().filter(|place| printed_alike(place, clause));
    let place = alike()
        .find(on_line)
        .or_else(|| alike().next())
        .or_else(|| places.iter().find(on_line))?;
    let of_line = |sentence: &&Sentence| Some(sentence.line) == line;
    let chosen: Vec<&Sentence> = place.sentences.iter().filter(of_line).collect();
    match chosen.is_empty() {
        true => words(place.sentences.iter()),
        false => words(chosen.into_iter()),
    }
}

fn line(clause: &policy_file::Clause) -> Option<usize> {
    clause.line.and_then(|line| usize::try_from(line).ok())
}

fn holds(place: &Clause, line: usize) -> bool {
    place.lines.iter().any(|one| one.line == line)
}

fn words<'d>(sentences: impl Iterator<Item = &'d Sentence>) -> Option<String> {
    let words: Vec<&str> = sentences.map(|sentence| sentence.text.as_str()).collect();
    Some(words.join(" ")).filter(|words| !words.is_empty())
}

fn printed_alike(place: &Clause, clause: &policy_file::Clause) -> bool {
    let printed = plain(&clause.printed);
    plain(&place.printed) == printed || place.number.as_deref().map(plain) == Some(printed)
}

/// A number or place without what is printed around it: `6.3(a)` and `6.3.a` are alike.
fn plain(printed: &str) -> String {
    let words = printed.split(|letter: char| !letter.is_alphanumeric());
    let words: Vec<String> = words
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    words.join(" ")
}
