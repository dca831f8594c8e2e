//! Two made policies compared exactly, against deciding every situation there is under both.

use std::collections::BTreeSet;
use std::hint::black_box;

use policy::compare::{self, Matter};
use policy::policy_file::{ClauseIndex, Policy, Standing, Strength};
use policy::situation::Situation;
use policy::source::Source;
use policy::table::Table;
use policy::vocabulary::Vocabulary;

use crate::Outcome;
use crate::clock::{Timed, once_ns, rounds};
use crate::engines::probity;
use crate::made::{FIELDS, Made, space};
use crate::report::{Report, shown};

/// A clause of each policy; `None` where it says nothing.
type Pair = (Option<ClauseIndex>, Option<ClauseIndex>);
/// The clauses that give a standing; one `None` where none does.
type Voices = Vec<Option<ClauseIndex>>;

/// Both find the same pairs of clauses that give different standings, or the run ends.
pub(crate) fn time(made: &Made, report: &mut Report) -> Outcome<()> {
    let vocabulary = Vocabulary::load(Source::new("vocabulary.toml", &probity::vocabulary()))?;
    // Each policy leaves out another third of the rules, so that they agree here and differ there.
    let (a, b) = (
        without_third(made, 0, &vocabulary)?,
        without_third(made, 1, &vocabulary)?,
    );
    let ((differ, brute), brute_ns) = once_ns(|| every_situation(&a, &b));
    let exact: BTreeSet<Pair> = compare::rows(&a, &b, &vocabulary)
        .iter()
        .filter(|row| row.matter == Matter::Standing)
        .map(|row| (row.a.clause, row.b.clause))
        .collect();
    if exact != brute {
        return Err(format!(
            "compared exactly {} pairs, by brute force {}",
            exact.len(),
            brute.len()
        )
        .into());
    }
    report.note(format!(
        "Comparison: {differ} of {} situations get another standing; the exact comparison and brute force find the same \
         {} pairs of clauses. Brute force, one standing for each policy and situation: {}.",
        space(),
        brute.len(),
        shown(brute_ns)
    ));
    let rows = Timed {
        name: "rows by pair of clauses, all matters".into(),
        units: 1,
        run: Box::new(|| drop(black_box(compare::rows(&a, &b, &vocabulary)))),
    };
    report.table(
        "Comparing two made policies of 40 rules",
        rounds(vec![rows]),
    );
    Ok(())
}

fn without_third(made: &Made, third: usize, vocabulary: &Vocabulary) -> Outcome<Table> {
    let mut kept = made.clone();
    kept.rules.retain(|rule| rule.number % 3 != third);
    let policy = Policy::load(
        Source::new("made.toml", &probity::policy(&kept)),
        vocabulary,
    )?;
    Ok(Table::compile(policy, vocabulary))
}

/// Decides every situation under both: how many get another standing, and the pairs of clauses that give them.
fn every_situation(a: &Table, b: &Table) -> (u64, BTreeSet<Pair>) {
    let mut values = vec![0u8; FIELDS.len()];
    let mut differ = 0;
    let mut pairs = BTreeSet::new();
    let mut last: Option<(Voices, Voices)> = None;
    loop {
        let situation = Situation::new(values.clone());
        let (mine, theirs) = (deciding(a, &situation), deciding(b, &situation));
        if headline(mine.0) != headline(theirs.0) {
            differ += 1;
            let both = (mine.1, theirs.1);
            if last.as_ref() != Some(&both) {
                pairs.extend(both.0.iter().flat_map(|x| both.1.iter().map(|y| (*x, *y))));
                last = Some(both);
            }
        }
        if !next(&mut values) {
            return (differ, pairs);
        }
    }
}

/// The standing with its strength, and the clauses that give it.
fn deciding(table: &Table, situation: &Situation) -> (Option<(Standing, Strength)>, Voices) {
    let matches = table.matches(situation);
    let rows = || matches.iter().filter_map(|at| table.rows().get(at));
    let given = |row: &policy::table::Row| row.standing.map(|standing| (standing, row.strength));
    let first = rows().find_map(given);
    match first {
        None => (None, vec![None]),
        Some(_) => (
            first,
            rows()
                .filter(|r| given(r) == first)
                .map(|r| Some(r.clause))
                .collect(),
        ),
    }
}

/// The standing as headlines put it: a strength that leaves no mark makes no difference.
fn headline(given: Option<(Standing, Strength)>) -> Option<(Standing, Strength)> {
    let (standing, strength) = given?;
    let shown = match (standing, strength) {
        (Standing::Prohibited, strength) => strength,
        (Standing::AdvisedAgainst, Strength::Consider) => Strength::Consider,
        _ => Strength::Must,
    };
    Some((standing, shown))
}

/// The next situation in the order of the fields; false after the last.
fn next(values: &mut [u8]) -> bool {
    for (value, field) in values.iter_mut().zip(FIELDS) {
        *value += 1;
        if usize::from(*value) < field.values.len() {
            return true;
        }
        *value = 0;
    }
    false
}
