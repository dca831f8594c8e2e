//! Words as names, without lists: what the roll alone tells.

use super::index::{Index, role};
use crate::known::{Known, Person, Pupil};
use crate::lists::{Lists, NameLists};

fn pupil(given: &str, family: &str) -> Pupil {
    Pupil {
        given: vec![given.to_owned()],
        family: vec![family.to_owned()],
        ..Pupil::default()
    }
}

#[test]
fn a_name_of_several_words_stands_whole_and_by_its_parts() {
    let known = Known {
        pupils: vec![
            pupil("Mary-Jane", "van der Berg"),
            pupil("Aoife", "O'Brien"),
        ],
        ..Known::default()
    };
    let lists = Lists::empty(NameLists::default());
    let index = Index::new(&known, &lists);
    let id = |name: &str| index.id(name).expect(name);
    let whole = index.people(id("maryjane"), id("vanderberg"));
    assert_eq!(whole, Some((vec![Person::Pupil(0)], false)));
    let part = index.people(id("mary"), id("berg"));
    assert_eq!(part, Some((vec![Person::Pupil(0)], true)));
    assert!(index.entry(id("van")).is(role::STARTS));
    assert!(!index.entry(id("van")).is(role::FAMILY));
    assert!(index.people(id("aoife"), id("obrien")).is_some());
}
