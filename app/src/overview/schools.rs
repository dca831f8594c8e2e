//! The schools of a trust side by side, with the trust itself above them.
//!
//! Every cell stands in a school's own report as well, kept back there as here; sums are made of what is shown alone. So
//! this page says nothing that those do not, and nothing can be found by laying them beside each other.

use std::cmp::Ordering;

use policy::words::capitalised;
use register::Register;
use serde::Serialize;

use super::count::{Counts, Coverage};
use super::outcomes::{ends, shares};
use super::suppression::{Shown, parts, row, sum};
use super::table::{Scope, Table, closed, in_days};
use super::trend::EVERYWHERE;

/// The columns: the name of each in addresses, and what it says.
pub(super) const COLUMNS: [(&str, &str); 8] = [
    ("school", "School"),
    ("opened", "Opened"),
    ("closed", "Closed"),
    ("open", "Open now"),
    ("overdue", "Overdue now"),
    ("time", "Usual time to close"),
    ("signed", "Signed the policy"),
    ("trained", "Training in force"),
];

/// What was counted of the registers that are compared.
#[derive(Debug)]
pub(super) struct Counted {
    pub(super) opened: Counts,
    pub(super) outcomes: Counts,
    pub(super) open: Counts,
    pub(super) overdue: Counts,
    pub(super) medians: std::collections::BTreeMap<String, i64>,
    pub(super) coverage: Coverage,
}

/// A cell, and what it is sorted by; what is not shown comes last.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Cell {
    pub(super) words: String,
    #[serde(skip)]
    key: Option<i64>,
}

/// A school, or the trust.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Line {
    pub(super) name: String,
    /// Its own report; empty where there is none.
    pub(super) href: String,
    pub(super) cells: Vec<Cell>,
}

/// The cells of each place, and those of the trust, in the order of [`COLUMNS`].
pub(super) fn compared(
    registers: &[&Register],
    scope: &Scope,
    counted: &Counted,
) -> (Vec<Vec<Cell>>, Vec<Cell>) {
    let of = |counts: &Counts| numbers(registers, scope, counts);
    let ended = of(&closed(&counted.outcomes));
    let mut columns = vec![cells(of(&counted.opened)), cells(ended.clone())];
    columns.push(cells(of(&counted.open)));
    columns.push(cells(of(&counted.overdue)));
    columns.push(times(scope, counted, ended));
    let coverage = &counted.coverage;
    columns.push(covered(scope, &coverage.all, &coverage.attested));
    columns.push(covered(scope, &coverage.all, &coverage.trained));
    let at = |place: usize| {
        let cells = columns.iter().filter_map(|(places, _)| places.get(place));
        cells.cloned().collect()
    };
    let places = (0..scope.places.len()).map(at).collect();
    let trust = columns.iter().map(|(_, trust)| trust.clone()).collect();
    (places, trust)
}

/// How the cases of one register ended at each place: a table with a column for each end.
pub(super) fn ended(register: &Register, scope: &Scope, counted: &Counted) -> Ended {
    let ends: Vec<(String, &str)> = ends(register).collect();
    let cells: Vec<Vec<u64>> = ends
        .iter()
        .map(|(name, _)| scope.cells(&counted.outcomes, name))
        .collect();
    let words = |numbers: Vec<u64>| shares(&numbers).into_iter().map(Shown::words).collect();
    let at = |place: usize| {
        let numbers = cells
            .iter()
            .map(|cells| cells.get(place).copied().unwrap_or_default());
        words(numbers.collect())
    };
    Ended {
        title: format!("How {} ended", register.plural),
        head: ends.iter().map(|(_, says)| (*says).to_owned()).collect(),
        places: (0..scope.places.len()).map(at).collect(),
        trust: words(cells.iter().map(|cells| cells.iter().sum()).collect()),
    }
}

/// How cases ended, place by place.
#[derive(Debug)]
pub(super) struct Ended {
    title: String,
    head: Vec<String>,
    pub(super) places: Vec<Vec<String>>,
    pub(super) trust: Vec<String>,
}

impl Ended {
    /// The table, of rows that have their names.
    pub(super) fn table(&self, rows: Vec<(String, Vec<String>)>) -> Table {
        let head = std::iter::once("School".to_owned());
        let row =
            |(name, cells): (String, Vec<String>)| std::iter::once(name).chain(cells).collect();
        Table {
            title: self.title.clone(),
            note: "Rounded to the nearest five; what would give a small number away is not shown."
                .to_owned(),
            head: head
                .chain(self.head.iter().map(|says| capitalised(says)))
                .collect(),
            rows: rows.into_iter().map(row).collect(),
        }
    }
}

/// Sorts schools by a column; those without a number there come last whichever way, and equals by their names.
pub(super) fn sort(lines: &mut [Line], column: usize, downwards: bool) {
    let by_name = |a: &Line, b: &Line| a.name.to_lowercase().cmp(&b.name.to_lowercase());
    let way = |ordering: Ordering| {
        if downwards {
            ordering.reverse()
        } else {
            ordering
        }
    };
    let key = |line: &Line| {
        let cell = column.checked_sub(1).and_then(|at| line.cells.get(at));
        cell.and_then(|cell| cell.key)
    };
    lines.sort_by(|a, b| match (column, key(a), key(b)) {
        (0, ..) => way(by_name(a, b)),
        (_, Some(x), Some(y)) => way(x.cmp(&y)).then_with(|| by_name(a, b)),
        (_, Some(_), None) => Ordering::Less,
        (_, None, Some(_)) => Ordering::Greater,
        (_, None, None) => by_name(a, b),
    });
}

/// What may be said at each place and of the trust.
type Column<T> = (Vec<T>, T);

/// The numbers of all registers together, each register's kept back as in its own row.
fn numbers(registers: &[&Register], scope: &Scope, counts: &Counts) -> Column<Shown> {
    let rows = registers
        .iter()
        .map(|register| row(&scope.cells(counts, &register.id)));
    let rows: Vec<(Vec<Shown>, Shown)> = rows.collect();
    let all = |shown: Vec<Shown>| match shown.as_slice() {
        [one] => *one,
        several => sum(several),
    };
    let at = |place: usize| {
        let cells = rows
            .iter()
            .filter_map(|(cells, _)| cells.get(place).copied());
        all(cells.collect())
    };
    let places = (0..scope.places.len()).map(at).collect();
    (places, all(rows.iter().map(|(_, trust)| *trust).collect()))
}

fn cell(shown: Shown) -> Cell {
    let key = match shown {
        Shown::Number(n) | Shown::About(n) | Shown::AtLeast(n) => i64::try_from(n).ok(),
        Shown::Few => Some(0),
        Shown::Hidden => None,
    };
    Cell {
        words: shown.words(),
        key,
    }
}

fn cells((places, trust): Column<Shown>) -> Column<Cell> {
    (places.into_iter().map(cell).collect(), cell(trust))
}

/// How long cases took where enough were closed to say.
fn times(scope: &Scope, counted: &Counted, (ended, trust): Column<Shown>) -> Column<Cell> {
    let time = |place: &str, ended: Shown| {
        let enough = matches!(ended, Shown::Number(_) | Shown::AtLeast(1..));
        let took = counted.medians.get(place).filter(|_| enough);
        Cell {
            words: took.map_or_else(|| "too few to say".to_owned(), |took| in_days(*took)),
            key: took.copied(),
        }
    };
    let places = scope.places.iter().zip(ended);
    (
        places.map(|(place, ended)| time(place, ended)).collect(),
        time(EVERYWHERE, trust),
    )
}

/// How many have something, of how many, and the share that is.
fn covered(scope: &Scope, all: &Counts, have: &Counts) -> Column<Cell> {
    let have = scope.cells(have, "");
    let places = scope.cells(all, "").into_iter().zip(have);
    let places: Vec<(u64, u64)> = places
        .map(|(all, have)| (have, all.saturating_sub(have)))
        .collect();
    let (places, trust) = parts(&places);
    (places.into_iter().map(share).collect(), share(trust))
}

fn share((have, lack): (Shown, Shown)) -> Cell {
    let (words, key) = match (have, lack) {
        (Shown::Number(have), Shown::Number(lack)) => {
            let all = have + lack;
            let share = have * 100 / all.max(1);
            (
                format!("{have} of {all} ({share}%)"),
                i64::try_from(share).ok(),
            )
        }
        (Shown::Few, Shown::Few) => ("too few to say".to_owned(), None),
        (Shown::Few, _) => ("fewer than 5".to_owned(), Some(0)),
        (_, Shown::Few) => ("all but fewer than 5".to_owned(), Some(100)),
        _ => ("not shown".to_owned(), None),
    };
    Cell { words, key }
}
