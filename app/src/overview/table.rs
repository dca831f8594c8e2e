//! The tables, made from what was counted.

use policy::words::capitalised;
use std::collections::BTreeMap;

use register::{Register, Sensitivity};
use serde::Serialize;

use super::count::{Counts, Coverage, NOT_SAID};
use super::groups::{GROUPS, Group};
use super::outcomes;
use super::suppression::{Shown, parts, rounded, row};
use crate::authority::Role;
use crate::people::Contract;

/// The title of the table of who has signed and been trained.
pub(super) const COVERED: &str = "Signed policies and training";

/// A table with the words around it.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Table {
    pub(super) title: String,
    pub(super) note: String,
    pub(super) head: Vec<String>,
    /// The first cell of each says what it is about.
    pub(super) rows: Vec<Vec<String>>,
}

/// Where: the schools that numbers stand beside each other for, and the one that is looked at.
#[derive(Clone, Debug)]
pub(super) struct Scope {
    /// Every school of the trust, and the trust's own cases under the empty name.
    pub(super) places: Vec<String>,
    /// The school; the whole trust where none is named.
    pub(super) school: Option<String>,
}

/// What was counted of a term.
#[derive(Debug, Default)]
pub(super) struct Counted {
    pub(super) opened: Counts,
    pub(super) others: Counts,
    pub(super) outcomes: Counts,
    pub(super) open: Counts,
    pub(super) overdue: Counts,
    pub(super) medians: BTreeMap<String, i64>,
    pub(super) coverage: Coverage,
    /// By role of whom a case is about, register and state.
    pub(super) by_role: Counts,
    /// By contract type of whom a case is about, register and state.
    pub(super) by_contract: Counts,
    /// What HR entered of groups: staff under `GROUP/staff`, formal steps under `GROUP/formal`.
    pub(super) groups: Counts,
}

impl Scope {
    /// The numbers of a name at each place.
    pub(super) fn cells(&self, counts: &Counts, name: &str) -> Vec<u64> {
        let of = counts.get(name);
        let cell = |place: &String| of.and_then(|of| of.get(place)).copied();
        self.places
            .iter()
            .map(|place| cell(place).unwrap_or_default())
            .collect()
    }

    pub(super) fn here<T: Copy>(&self, places: &[T], trust: T) -> T {
        let looked_at = self.school.as_ref();
        let index =
            looked_at.and_then(|school| self.places.iter().position(|place| place == school));
        index
            .and_then(|index| places.get(index).copied())
            .unwrap_or(trust)
    }

    /// A number of a name here and in the trust.
    fn number(&self, counts: &Counts, name: &str) -> (Shown, Shown) {
        let (places, trust) = row(&self.cells(counts, name));
        (self.here(&places, trust), trust)
    }

    /// A plain sum here, for what is rounded.
    pub(super) fn sum(&self, counts: &Counts, wanted: impl Fn(&str) -> bool) -> u64 {
        let names = counts.keys().filter(|name| wanted(name));
        let sums = names.map(|name| {
            let cells = self.cells(counts, name);
            let all = cells.iter().sum();
            self.here(&cells, all)
        });
        sums.sum()
    }

    /// How many have something and how many have not, here and in the trust.
    fn coverage(&self, all: &Counts, have: &Counts) -> [(Shown, Shown); 2] {
        let have = self.cells(have, "");
        let places = self.cells(all, "").into_iter().zip(have);
        let places: Vec<(u64, u64)> = places
            .map(|(all, have)| (have, all.saturating_sub(have)))
            .collect();
        let (shown, trust) = parts(&places);
        [self.here(&shown, trust), trust]
    }
}

pub(super) fn is_open_to_all(register: &Register) -> bool {
    register.sensitivity != Sensitivity::Sensitive
}

/// All tables of a term.
pub(super) fn tables(
    registers: &[Register],
    scope: &Scope,
    counted: &Counted,
    sensitive: bool,
) -> Vec<Table> {
    let mut shown: Vec<&Register> = registers.iter().filter(|r| is_open_to_all(r)).collect();
    shown.sort_by(|one, other| one.plural.cmp(&other.plural));
    vec![
        use_of(&shown, scope, counted),
        outcomes::of_registers(&shown, scope, &counted.outcomes),
        outcomes::by_role(&shown, scope, &counted.by_role),
        outcomes::by_contract(&shown, scope, &counted.by_contract),
        covered(scope, &counted.coverage),
        covered_by_role(scope, &counted.coverage),
        covered_by_contract(scope, &counted.coverage),
        kept_closely(registers, scope, counted, sensitive),
        groups(scope, &counted.groups),
    ]
}

pub(super) fn head(cells: &[&str]) -> Vec<String> {
    cells.iter().map(|cell| (*cell).to_owned()).collect()
}

/// Cases closed by register, from those by register and state.
pub(super) fn closed(outcomes: &Counts) -> Counts {
    let mut closed = Counts::new();
    for (name, places) in outcomes {
        let register = name.split('/').next().unwrap_or_default();
        let sums = closed.entry(register.to_owned()).or_default();
        for (place, n) in places {
            *sums.entry(place.clone()).or_default() += n;
        }
    }
    closed
}

fn use_of(registers: &[&Register], scope: &Scope, counted: &Counted) -> Table {
    let closed = closed(&counted.outcomes);
    let line = |register: &&Register| {
        let (opened, in_trust) = scope.number(&counted.opened, &register.id);
        let (ended, _) = scope.number(&closed, &register.id);
        let median = counted.medians.get(&register.id);
        let took = match median.filter(|_| ended.is_open()) {
            Some(took) => in_days(*took),
            None => "too few to say".to_owned(),
        };
        let mut cells = vec![
            capitalised(&register.plural),
            opened.words(),
            ended.words(),
            scope.number(&counted.open, &register.id).0.words(),
            scope.number(&counted.overdue, &register.id).0.words(),
            took,
        ];
        if scope.school.is_some() {
            cells.push(in_trust.words());
        }
        cells
    };
    let mut columns = head(&[
        "Register",
        "Opened",
        "Closed",
        "Open now",
        "Overdue now",
        "Usual time to close",
    ]);
    if scope.school.is_some() {
        columns.push("Opened in the trust".to_owned());
    }
    Table {
        title: "Registers".to_owned(),
        note: "The usual time is the median: half of the cases took longer. Cases entered from paper do not count in it."
            .to_owned(),
        head: columns,
        rows: registers.iter().map(line).collect(),
    }
}

pub(super) fn in_days(milliseconds: i64) -> String {
    match (milliseconds + 43_200_000) / 86_400_000 {
        ..=0 => "less than a day".to_owned(),
        1 => "1 day".to_owned(),
        days => format!("{days} days"),
    }
}

/// The totals of groups that HR entered.
fn groups(scope: &Scope, entered: &Counts) -> Table {
    let line = |group: &Group| {
        let sum = |which: &str| {
            let name = format!("{}/{which}", group.id);
            let there = entered.contains_key(&name);
            there.then(|| rounded(scope.sum(entered, |known| known == name)).words())
        };
        let staff = sum("staff")?;
        let formal = sum("formal").unwrap_or_default();
        Some(vec![group.says.to_owned(), staff, formal])
    };
    Table {
        title: "Groups that the law protects".to_owned(),
        note: "Totals that HR entered, rounded to the nearest five. A person may be of several groups; none is kept here of \
               any person."
            .to_owned(),
        head: head(&["Group", "On the staff", "Conduct online looked into formally"]),
        rows: GROUPS.iter().filter_map(line).collect(),
    }
}

fn covered(scope: &Scope, coverage: &Coverage) -> Table {
    let line = |what: &str, have: &Counts| {
        let [here, trust] = scope.coverage(&coverage.all, have);
        let mut cells = vec![what.to_owned(), here.0.words(), here.1.words()];
        if scope.school.is_some() {
            cells.extend([trust.0.words(), trust.1.words()]);
        }
        cells
    };
    let mut columns = head(&["What", "Have it", "Not yet"]);
    if scope.school.is_some() {
        columns.extend(head(&["Trust: have it", "Trust: not yet"]));
    }
    Table {
        title: COVERED.to_owned(),
        note: "Of those who hold a role today, each counted once at every school.".to_owned(),
        head: columns,
        rows: vec![
            line("Signed the policy", &coverage.attested),
            line("Training in force", &coverage.trained),
        ],
    }
}

fn covered_by_role(scope: &Scope, coverage: &Coverage) -> Table {
    let line = |role: Role| {
        let sum = |counts: &Counts| scope.sum(counts, |name| name == role.name());
        let (all, signed, trained) = (
            sum(&coverage.all),
            sum(&coverage.attested),
            sum(&coverage.trained),
        );
        vec![
            role.label().to_owned(),
            rounded(signed).words(),
            rounded(all.saturating_sub(signed)).words(),
            rounded(trained).words(),
            rounded(all.saturating_sub(trained)).words(),
        ]
    };
    let there = |role: &Role| coverage.all.contains_key(role.name());
    Table {
        title: "Signed policies and training by role".to_owned(),
        note: "Rounded to the nearest five. Whoever holds several roles counts in each.".to_owned(),
        head: head(&[
            "Role",
            "Signed",
            "Not signed yet",
            "Trained",
            "Not trained yet",
        ]),
        rows: Role::ALL.into_iter().filter(there).map(line).collect(),
    }
}

/// Who has signed and been trained by contract type. The types are parts of one whole that is shown too, so that what
/// would give a small part away is kept back with it.
fn covered_by_contract(scope: &Scope, coverage: &Coverage) -> Table {
    let name = |contract: &str| format!("contract:{contract}");
    let known: Vec<(&str, &str)> = contracts()
        .filter(|(id, _)| coverage.all.contains_key(&name(id)))
        .collect();
    let of = |have: &Counts| {
        let sum = |counts: &Counts, id: &str| scope.sum(counts, |known| known == name(id));
        let cells = known.iter().map(|(id, _)| {
            let (all, have) = (sum(&coverage.all, id), sum(have, id));
            (have, all.saturating_sub(have))
        });
        let cells: Vec<(u64, u64)> = cells.collect();
        parts(&cells).0
    };
    let roughly = |cell: Shown| match cell {
        Shown::Number(n) => rounded(n).words(),
        kept => kept.words(),
    };
    let (signed, trained) = (of(&coverage.attested), of(&coverage.trained));
    let mut rows = Vec::new();
    for ((_, label), (signed, trained)) in known.iter().zip(signed.into_iter().zip(trained)) {
        let cells = [signed.0, signed.1, trained.0, trained.1].map(roughly);
        let label = (*label).to_owned();
        rows.push(std::iter::once(label).chain(cells).collect());
    }
    Table {
        title: "Signed policies and training by contract type".to_owned(),
        note: "Rounded to the nearest five.".to_owned(),
        head: head(&[
            "Contract type",
            "Signed",
            "Not signed yet",
            "Trained",
            "Not trained yet",
        ]),
        rows,
    }
}

/// Every contract type as counts name it, and in words; last, that nobody said it.
pub(super) fn contracts() -> impl Iterator<Item = (&'static str, &'static str)> {
    let known = Contract::ALL.map(|contract| (contract.name(), contract.label()));
    known.into_iter().chain([(NOT_SAID, "Not said")])
}

fn kept_closely(registers: &[Register], scope: &Scope, counted: &Counted, is_over: bool) -> Table {
    let sensitive: Vec<&str> = registers
        .iter()
        .filter(|register| !is_open_to_all(register))
        .map(|register| register.id.as_str())
        .collect();
    let total = rounded(scope.sum(&counted.others, |name| sensitive.contains(&name)));
    let words = match is_over {
        true => total.words(),
        false => "shown once the term is over".to_owned(),
    };
    Table {
        title: "Registers that are kept closely".to_owned(),
        note: "Safeguarding, discipline, health and the like, in one number for all of them, rounded to the nearest five."
            .to_owned(),
        head: head(&["What", "Opened"]),
        rows: vec![vec!["All of them together".to_owned(), words]],
    }
}
