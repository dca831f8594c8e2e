//! No clause that is to decide is there for nothing: without it some answer of its policy is another one.
//!
//! Standing is settled by set algebra: where a row of the clause meets a possible situation that no other clause
//! decides as strictly, taking the clause out changes the standing there. Conditions, duties and near clauses are looked
//! up in situations drawn from the clause's own rows. A clause that changes nothing stands in `data/mutation.tsv` with
//! the reason.

use std::collections::{BTreeMap, BTreeSet};

use policy::cube::{Cube, ValueSet};
use policy::policy_file::{ClauseIndex, Rule};
use policy::situation::Situation;
use policy::space::Space;
use policy::table::{Row, RowKind, Table};
use policy::vocabulary::Vocabulary;

use crate::real;

/// What a person is told, but for which clause says it.
#[derive(Debug, PartialEq, Eq)]
struct Told {
    headline: Vec<String>,
    conditions: BTreeSet<String>,
    duties: BTreeSet<String>,
    permission: BTreeSet<String>,
    near: BTreeSet<String>,
}

fn told(table: &Table, vocabulary: &Vocabulary, situation: &Situation) -> Told {
    let decision = table.decide(vocabulary, situation, &[]);
    let duties = decision.duties.iter();
    Told {
        headline: decision.headline,
        conditions: decision
            .conditions
            .iter()
            .map(|c| c.says.to_owned())
            .collect(),
        duties: duties
            .map(|d| {
                format!(
                    "{} {:?} {:?} {:?} {}",
                    d.kind, d.to, d.by, d.strength, d.says
                )
            })
            .collect(),
        permission: decision
            .permission
            .iter()
            .map(|p| format!("{:?}", p.grant))
            .collect(),
        near: decision.near.iter().map(|c| c.reference.clone()).collect(),
    }
}

/// The policy with the clause's rules and scope taken out.
fn without(table: &Table, clause: ClauseIndex, vocabulary: &Vocabulary) -> Table {
    let mut policy = table.policy().clone();
    policy.clauses[clause].rules.clear();
    policy.clauses[clause].covers.clear();
    Table::compile(policy, vocabulary)
}

struct Drawer<'t> {
    table: &'t Table,
    vocabulary: &'t Vocabulary,
    clause: ClauseIndex,
}

impl<'t> Drawer<'t> {
    /// Situations in which the clause is most likely to be missed; the first of them is exact for standings.
    fn situations(&self) -> impl Iterator<Item = Situation> {
        let space = Space::new(self.vocabulary);
        let drawn = self.regions().into_iter();
        drawn.filter_map(move |(inside, outside)| space.find(&inside, &outside))
    }

    fn regions(&self) -> Vec<(Cube, Vec<Cube>)> {
        let mut regions = Vec::new();
        let rows = self.table.rows();
        let own = rows.iter().filter(|row| {
            row.clause == self.clause || row.kind == RowKind::Lifted { by: self.clause }
        });
        for row in own {
            let others: Vec<&Row> = rows.iter().filter(|r| r.clause != self.clause).collect();
            let without = |taken: &dyn Fn(&Row) -> bool| -> Vec<Cube> {
                let taken = others.iter().filter(|other| taken(other));
                taken.map(|other| other.cube.clone()).collect()
            };
            let as_strict = |other: &Row| {
                row.standing.is_some() && other.standing.is_some() && other.standing <= row.standing
            };
            let stricter = |other: &Row| {
                row.standing.is_some() && other.standing.is_some() && other.standing < row.standing
            };
            let as_strong = |other: &Row| {
                stricter(other) || (as_strict(other) && other.strength <= row.strength)
            };
            regions.push((row.cube.clone(), without(&as_strict)));
            regions.push((row.cube.clone(), without(&as_strong)));
            regions.push((row.cube.clone(), without(&stricter)));
            regions.push((row.cube.clone(), without(&|other| self.shares(row, other))));
            regions.push((row.cube.clone(), self.own_decisions()));
            regions.push((row.cube.clone(), Vec::new()));
        }
        regions.extend(self.brought_in().into_iter().map(|cube| (cube, Vec::new())));
        regions
    }

    /// Whether the other row carries a duty or a condition of the row.
    fn shares(&self, row: &Row, other: &Row) -> bool {
        let rule = |row: &Row| -> Option<&Rule> { self.table.rule(row) };
        let (Some(mine), Some(theirs)) = (rule(row), rule(other)) else {
            return false;
        };
        mine.duties.iter().any(|duty| theirs.duties.contains(duty))
            || mine
                .conditions
                .iter()
                .any(|says| theirs.conditions.contains(says))
    }

    /// Where the clause decides, it does not come near.
    fn own_decisions(&self) -> Vec<Cube> {
        let rows = self
            .table
            .rows()
            .iter()
            .filter(|row| row.clause == self.clause);
        let rows = rows.filter(|row| matches!(row.kind, RowKind::Decides | RowKind::Granted));
        rows.map(|row| row.cube.clone()).collect()
    }

    /// What is said to those whom the policy covers, put to everybody: without the clause it may reach fewer people,
    /// or, where it alone drew the line, more.
    fn brought_in(&self) -> Vec<Cube> {
        let (asker, attribute) = self.vocabulary.attribute("asker").unwrap();
        let covers = &self.table.policy().clauses[self.clause].covers;
        let by_cover = self
            .table
            .rows()
            .iter()
            .filter(|row| row.by_cover && !covers.is_empty());
        let people = || attribute.all().iter().map(ValueSet::one);
        by_cover
            .flat_map(|row| people().map(|one| row.cube.with(asker, one)))
            .collect()
    }
}

fn listed() -> BTreeMap<(String, String), String> {
    let text = include_str!("../data/mutation.tsv");
    let rows = text
        .lines()
        .skip(1)
        .map(|line| line.split('\t').map(str::to_owned).collect::<Vec<_>>());
    rows.map(|row| ((row[0].clone(), row[1].clone()), row[2].clone()))
        .collect()
}

#[test]
fn without_a_clause_that_is_to_decide_some_answer_changes() {
    let library = real::library();
    let vocabulary = library.vocabulary();
    let listed = listed();
    let mut idle = BTreeSet::new();
    for table in library.tables() {
        for (clause, text) in table.policy().clauses.iter().enumerate() {
            if !text.carried_by.iter().any(|by| by == "decide") {
                continue;
            }
            let mutated = without(table, clause, vocabulary);
            let drawer = Drawer {
                table,
                vocabulary,
                clause,
            };
            let changes = |situation: Situation| {
                told(table, vocabulary, &situation) != told(&mutated, vocabulary, &situation)
            };
            if !drawer.situations().any(changes) {
                idle.insert((table.policy().id.clone(), text.reference.clone()));
            }
        }
    }
    let unlisted: Vec<_> = idle
        .iter()
        .filter(|clause| !listed.contains_key(*clause))
        .collect();
    assert!(
        unlisted.is_empty(),
        "nothing changes without these {}: {unlisted:?}",
        unlisted.len()
    );
    let needless: Vec<_> = listed
        .keys()
        .filter(|clause| !idle.contains(*clause))
        .collect();
    assert!(
        needless.is_empty(),
        "these change an answer and need no reason: {needless:?}"
    );
    assert!(
        listed
            .values()
            .all(|reason| reason.split_whitespace().count() > 3)
    );
}
