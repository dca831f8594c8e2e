//! A labelled set: drafts of school life with what must be found in each, and nothing else.
//!
//! The lists were written with this set in view: its figures say that nothing got worse, not how well strangers' drafts are read.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use screen::Kind;

use crate::clauses::{draft, found};

/// Account, kinds or `-`, words.
const DRAFTS: &str = include_str!("../data/labelled.tsv");

/// Right, false, missed.
#[derive(Default, Clone, Copy)]
struct Count {
    right: u32,
    wrong: u32,
    missed: u32,
}

impl Count {
    fn precision(self) -> f64 {
        f64::from(self.right) / f64::from((self.right + self.wrong).max(1))
    }

    fn recall(self) -> f64 {
        f64::from(self.right) / f64::from((self.right + self.missed).max(1))
    }
}

/// What goes without saying beside what is labelled: the picture of whoever is named in its description.
fn follows(kind: Kind, expected: &BTreeSet<Kind>) -> bool {
    let beside = |other: Kind| expected.contains(&other);
    match kind {
        Kind::PupilPictured => beside(Kind::PupilFullName),
        _ => false,
    }
}

#[test]
fn what_is_found_is_right_and_little_is_missed() {
    let mut counts: BTreeMap<Kind, Count> = BTreeMap::new();
    let mut odd = String::new();
    let mut drafts = 0;
    let mut clean = 0;
    for line in DRAFTS.lines() {
        let cells: Vec<&str> = line.split('\t').collect();
        let [account, kinds, words] = cells[..] else {
            panic!("three cells: {line}");
        };
        drafts += 1;
        let kinds = kinds.split(' ').filter(|kind| *kind != "-");
        let expected: BTreeSet<Kind> = kinds.map(|id| Kind::named(id).expect(id)).collect();
        clean += u32::from(expected.is_empty());
        let found = found(&draft(account, words));
        for kind in found.union(&expected) {
            let count = counts.entry(*kind).or_default();
            match (found.contains(kind), expected.contains(kind)) {
                (true, true) => count.right += 1,
                (true, false) if follows(*kind, &expected) => {}
                (true, false) => {
                    count.wrong += 1;
                    writeln!(odd, "{} in '{words}'", kind.id()).expect("a string");
                }
                _ => {
                    count.missed += 1;
                    writeln!(odd, "no {} in '{words}'", kind.id()).expect("a string");
                }
            }
        }
    }
    println!("{drafts} drafts, {clean} of them clean");
    println!(
        "{:22} {:>5} {:>9} {:>6}",
        "kind", "right", "precision", "recall"
    );
    let mut all = Count::default();
    for (kind, count) in &counts {
        let (precision, recall) = (count.precision(), count.recall());
        println!(
            "{:22} {:>5} {precision:>9.3} {recall:>6.3}",
            kind.id(),
            count.right
        );
        all.right += count.right;
        all.wrong += count.wrong;
        all.missed += count.missed;
    }
    println!(
        "{:22} {:>5} {:>9.3} {:>6.3}",
        "all",
        all.right,
        all.precision(),
        all.recall()
    );
    print!("{odd}");
    for kind in [Kind::PupilFullName, Kind::PupilIdentified] {
        let count = counts.get(&kind).copied().unwrap_or_default();
        assert!(
            count.precision() >= 0.97 && count.recall() >= 0.99,
            "{}:\n{odd}",
            kind.id()
        );
    }
    assert!(all.precision() >= 0.98 && all.recall() >= 0.98, "{odd}");
}
