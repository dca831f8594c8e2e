//! Classes, year groups, teams and schools in a text: what tells a pupil apart beside a given name.

use std::ops::Range;

use rustc_hash::FxHashMap;

use crate::known::Known;
use crate::text::{Text, pieces};

/// Which pupils are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Group {
    /// A class, by its number in the index.
    Class(u32),
    /// A team or club.
    Team(u32),
    /// A year group.
    Year(i8),
    /// A school, by its place in what is known.
    School(u32),
}

/// A group in a text.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) words: Range<usize>,
    pub(crate) group: Group,
}

#[derive(Debug)]
struct Listed {
    /// The words after the first.
    rest: Vec<String>,
    group: Group,
    /// A word such as Oak is a class only beside the word class.
    needs_word: bool,
}

/// The groups that a school has.
#[derive(Debug, Default)]
pub(crate) struct Groups {
    by_first: FxHashMap<String, Vec<Listed>>,
    classes: FxHashMap<String, u32>,
    teams: FxHashMap<String, u32>,
    of_pupil: Vec<Vec<Group>>,
    /// Names of schools, run together.
    schools: Vec<String>,
}

/// Shorter names of schools are found in other words.
const SHORTEST_IN_HANDLE: usize = 5;

const CLASS_WORDS: &[&str] = &["class", "form", "set", "tutor", "group", "house"];

impl Groups {
    pub(crate) fn of(known: &Known) -> Self {
        let mut groups = Self::default();
        for school in &known.schools {
            for class in &school.classes {
                groups.class(class);
            }
            for team in &school.teams {
                groups.team(team);
            }
        }
        for pupil in &known.pupils {
            let classes = pupil.classes.iter().filter_map(|class| groups.class(class));
            let mut own: Vec<Group> = classes.collect();
            own.extend(pupil.teams.iter().filter_map(|team| groups.team(team)));
            own.extend(pupil.year.map(Group::Year));
            groups.of_pupil.push(own);
        }
        for (at, school) in (0u32..).zip(&known.schools) {
            for name in &school.names {
                groups.list(name, Group::School(at), false);
                groups.schools.push(pieces(name).concat());
            }
        }
        groups
    }

    fn class(&mut self, class: &str) -> Option<Group> {
        let key = pieces(class).concat();
        let next = u32::try_from(self.classes.len()).ok()?;
        let new = !self.classes.contains_key(&key);
        let group = Group::Class(*self.classes.entry(key.clone()).or_insert(next));
        if new && !key.is_empty() {
            let plain = !key.bytes().any(|b| b.is_ascii_digit());
            self.list(class, group, plain);
        }
        Some(group)
    }

    fn team(&mut self, team: &str) -> Option<Group> {
        let key = pieces(team).concat();
        let next = u32::try_from(self.teams.len()).ok()?;
        let new = !self.teams.contains_key(&key);
        let group = Group::Team(*self.teams.entry(key).or_insert(next));
        if new {
            self.list(team, group, false);
        }
        Some(group)
    }

    fn list(&mut self, name: &str, group: Group, needs_word: bool) {
        let mut pieces = pieces(name).into_iter();
        let Some(first) = pieces.next() else { return };
        let listed = Listed {
            rest: pieces.collect(),
            group,
            needs_word,
        };
        self.by_first.entry(first).or_default().push(listed);
    }

    /// Whether a name that is run together holds a school's.
    pub(crate) fn has_school(&self, joined: &str) -> bool {
        let long = |school: &&String| school.len() >= SHORTEST_IN_HANDLE;
        let mut schools = self.schools.iter().filter(long);
        schools.any(|school| joined.contains(school.as_str()))
    }

    /// Whether a pupil is in a group; a school is everybody's.
    pub(crate) fn has(&self, pupil: u32, group: Group) -> bool {
        let own = self.of_pupil.get(pupil as usize);
        matches!(group, Group::School(_)) || own.is_some_and(|own| own.contains(&group))
    }

    /// Every group that a text names.
    pub(crate) fn seen(&self, text: &Text) -> Vec<Seen> {
        let mut seen = Vec::new();
        let mut at = 0;
        while at < text.words.len() {
            let next = self.at(text, at).or_else(|| year(text, at));
            match next {
                Some(found) => {
                    at = found.words.end.max(at + 1);
                    seen.push(found);
                }
                None => at += 1,
            }
        }
        seen
    }

    fn at(&self, text: &Text, at: usize) -> Option<Seen> {
        let listed = self.by_first.get(text.word(at))?;
        let fits = |listed: &&Listed| {
            let mut rest = (at + 1..).zip(&listed.rest);
            let all = rest.all(|(at, word)| text.word(at) == word);
            all && (!listed.needs_word || beside_class_word(text, at, at + 1 + listed.rest.len()))
        };
        let best = listed
            .iter()
            .filter(fits)
            .max_by_key(|listed| listed.rest.len())?;
        Some(Seen {
            words: at..at + 1 + best.rest.len(),
            group: best.group,
        })
    }
}

fn beside_class_word(text: &Text, start: usize, end: usize) -> bool {
    let before = start.checked_sub(1).map_or("", |at| text.word(at));
    CLASS_WORDS.contains(&before) || CLASS_WORDS.contains(&text.word(end))
}

/// `Year 4`, `Y4`, `yr4`, `Reception`, `sixth form`.
fn year(text: &Text, at: usize) -> Option<Seen> {
    let seen = |words: usize, year: i8| {
        Some(Seen {
            words: at..at + words,
            group: Group::Year(year),
        })
    };
    let word = text.word(at);
    let after = text.word(at + 1);
    match word {
        "year" | "yr" | "y" => return number(after).and_then(|year| seen(2, year)),
        "sixth" if after == "former" || after == "formers" => return seen(2, 12),
        // The sixth form by itself is a part of the school, not a year.
        "sixth" | "6th" if after == "form" && text.word(at + 2).starts_with("student") => {
            return seen(3, 12);
        }
        "reception" if after == "class" || after == "child" || after == "children" => {
            return seen(2, 0);
        }
        "nursery" if after == "class" || after == "child" || after == "children" => {
            return seen(2, -1);
        }
        _ => {}
    }
    if !word.starts_with('y') {
        return None;
    }
    let digits = ["year", "yr", "y"]
        .iter()
        .find_map(|prefix| word.strip_prefix(prefix));
    digits
        .filter(|d| d.bytes().all(|b| b.is_ascii_digit()))
        .and_then(number)
        .and_then(|year| seen(1, year))
}

fn number(word: &str) -> Option<i8> {
    const WORDS: &[&str] = &[
        "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
        "twelve", "thirteen",
    ];
    // 'Year nines', 'year 9s'.
    let one = word.strip_suffix('s').unwrap_or(word);
    let one = if one == "sixe" { "six" } else { one };
    let spelt = (1i8..).zip(WORDS).find(|(_, spelt)| **spelt == one);
    let year = spelt
        .map(|(year, _)| year)
        .or_else(|| one.parse::<i8>().ok());
    year.filter(|year| (1..=13).contains(year))
}
