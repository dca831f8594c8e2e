//! How cases ended: in all, by the role and by the contract type of whom they were about.

use policy::words::capitalised;
use register::Register;

use super::count::Counts;
use super::suppression::{Shown, rounded, row};
use super::table::{Scope, Table, contracts, head};
use crate::authority::Role;

/// The ends of a register's cases: the name of each in counts, and in words.
pub(super) fn ends(register: &Register) -> impl Iterator<Item = (String, &str)> {
    let ends = register.states.iter().filter(|state| state.end);
    ends.map(|state| (format!("{}/{}", register.id, state.id), state.says.as_str()))
}

/// Parts of a number that is known, rounded; those that are few are kept back, and others that would give them away.
pub(super) fn shares(cells: &[u64]) -> Vec<Shown> {
    let share = |shown| match shown {
        Shown::Number(n) => rounded(n),
        kept => kept,
    };
    row(cells).0.into_iter().map(share).collect()
}

pub(super) fn of_registers(registers: &[&Register], scope: &Scope, counted: &Counts) -> Table {
    let mut rows = Vec::new();
    for register in registers {
        let ends: Vec<(String, &str)> = ends(register).collect();
        let here = ends
            .iter()
            .map(|(name, _)| scope.sum(counted, |known| known == name));
        let trust = ends.iter().map(|(name, _)| {
            let everywhere = counted.get(name);
            everywhere.map_or(0, |places| places.values().sum())
        });
        let here = shares(&here.collect::<Vec<u64>>());
        let trust = shares(&trust.collect::<Vec<u64>>());
        for (((_, says), here), trust) in ends.iter().zip(here).zip(trust) {
            if !matches!(here, Shown::About(_)) {
                continue;
            }
            let mut cells = vec![
                capitalised(&register.plural),
                (*says).to_owned(),
                here.words(),
            ];
            if scope.school.is_some() {
                cells.push(trust.words());
            }
            rows.push(cells);
        }
    }
    let mut columns = head(&["Register", "Outcome", "Cases"]);
    if scope.school.is_some() {
        columns.push("In the trust".to_owned());
    }
    Table {
        title: "Outcomes".to_owned(),
        note: "How cases ended, rounded to the nearest five. Outcomes of fewer than 5 cases are left out, and others that would \
               give them away."
            .to_owned(),
        head: columns,
        rows,
    }
}

/// How cases ended by the role of whom they were about.
pub(super) fn by_role(registers: &[&Register], scope: &Scope, by_role: &Counts) -> Table {
    let mut rows = Vec::new();
    for role in Role::ALL {
        for register in registers {
            for state in register.states.iter().filter(|state| state.end) {
                let name = format!("{}/{}/{}", role.name(), register.id, state.id);
                let here = rounded(scope.sum(by_role, |known| known == name));
                if here != Shown::Few {
                    rows.push(vec![
                        role.label().to_owned(),
                        capitalised(&register.plural),
                        state.says.clone(),
                        here.words(),
                    ]);
                }
            }
        }
    }
    Table {
        title: "Outcomes by role".to_owned(),
        note: "Of cases about people, rounded to the nearest five. Whoever holds several roles counts in each; outcomes \
               of fewer than 5 cases are left out."
            .to_owned(),
        head: head(&["Role", "Register", "Outcome", "Cases"]),
        rows,
    }
}

/// How cases ended by the contract type of whom they were about. Everybody has one type, so that the types of an outcome
/// are parts of one number.
pub(super) fn by_contract(registers: &[&Register], scope: &Scope, counted: &Counts) -> Table {
    let mut rows = Vec::new();
    for register in registers {
        for (name, says) in ends(register) {
            let of = |(contract, _): (&str, &str)| {
                let name = format!("{contract}/{name}");
                scope.sum(counted, |known| known == name)
            };
            let shares = shares(&contracts().map(of).collect::<Vec<u64>>());
            for ((_, label), share) in contracts().zip(shares) {
                if matches!(share, Shown::About(_)) {
                    let register = capitalised(&register.plural);
                    let cells = [label, &register, says, &share.words()];
                    rows.push(cells.map(str::to_owned).into());
                }
            }
        }
    }
    // By contract type first, as the other tables are by role.
    let place = |row: &Vec<String>| {
        let label = row.first().map_or("", String::as_str);
        contracts().position(|(_, known)| known == label)
    };
    rows.sort_by_key(place);
    Table {
        title: "Outcomes by contract type".to_owned(),
        note: "Of cases about people, rounded to the nearest five, by what is said of them today. Fewer than 5 cases are left \
               out, and others that would give them away."
            .to_owned(),
        head: head(&["Contract type", "Register", "Outcome", "Cases"]),
        rows,
    }
}
