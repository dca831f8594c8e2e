//! Lint is exact where it speaks of rules and of silence, and finds in the real policies what a reader finds.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use jiff::civil::date;
use policy::coverage::Carriers;
use policy::cube::ValueSet;
use policy::law::Law;
use policy::lint::{Finding, FindingKind, Surroundings, lint, silence};
use policy::policy_file::Standing;
use policy::situation::Situation;
use policy::source::Source;
use policy::table::{Row, RowKind, Table, Verdict};
use policy::vocabulary::Vocabulary;
use proptest::prelude::*;

use crate::random::{self, sketches};
use crate::{brute, real};

fn no_law(vocabulary: &Vocabulary) -> Law {
    Law::load(Source::new("law.toml", "gathered = \"2026\""), vocabulary).unwrap()
}

static NOTHING: LazyLock<Carriers> = LazyLock::new(Carriers::default);

fn surroundings(law: &Law) -> Surroundings<'_> {
    Surroundings {
        today: date(2026, 11, 15),
        law,
        carriers: &NOTHING,
        roles_held: None,
    }
}

/// The rules whose standing wins nowhere, by clause and line, found by looking at every situation.
fn winning_nowhere(table: &Table, points: &[Situation]) -> BTreeSet<(String, usize)> {
    let mut idle = BTreeSet::new();
    for (at, clause) in table.policy().clauses.iter().enumerate() {
        for (number, rule) in clause
            .rules
            .iter()
            .enumerate()
            .filter(|(_, r)| r.standing.is_some())
        {
            let of_rule = |row: &&Row| {
                let decides = matches!(row.kind, RowKind::Decides | RowKind::Granted);
                decides && row.clause == at && row.rule == Some(number)
            };
            let rows: Vec<&Row> = table.rows().iter().filter(of_rule).collect();
            let wins = |point: &Situation| {
                let standing = table.verdict(&table.matches(point)).standing;
                rows.iter()
                    .any(|row| row.standing == Some(standing) && row.cube.contains(point))
            };
            if !points.iter().any(wins) {
                idle.insert((clause.reference.clone(), rule.line));
            }
        }
    }
    idle
}

proptest! {
    #[test]
    fn rules_that_never_decide_are_those_of_brute_force(sketch in sketches()) {
        let vocabulary = sketch.vocabulary.load();
        let table = random::table(&sketch.policy, &sketch.vocabulary, &vocabulary);
        let points: Vec<Situation> = brute::possible(&vocabulary, &brute::all(&vocabulary)).collect();
        let law = no_law(&vocabulary);
        let found: BTreeSet<(String, usize)> = lint(&table, &vocabulary, &surroundings(&law))
            .iter()
            .filter(|f| matches!(f.kind, FindingKind::NeverDecides | FindingKind::Opposing))
            .map(|f| (f.clauses[0].reference.to_owned(), f.line.unwrap()))
            .collect();
        prop_assert_eq!(found, winning_nowhere(&table, &points));
    }

    #[test]
    fn silence_is_that_of_brute_force(sketch in sketches()) {
        let vocabulary = sketch.vocabulary.load();
        let table = random::table(&sketch.policy, &sketch.vocabulary, &vocabulary);
        let points: Vec<Situation> = brute::possible(&vocabulary, &brute::all(&vocabulary)).collect();
        for attribute in brute::all(&vocabulary) {
            let (mut spoken, mut silent, mut possible) = (ValueSet::NONE, ValueSet::NONE, ValueSet::NONE);
            for point in &points {
                let value = ValueSet::one(point.value(attribute).unwrap());
                possible = possible.or(value);
                if table.verdict(&table.matches(point)) != Verdict::SILENT {
                    spoken = spoken.or(value);
                } else if table.covers(point) {
                    silent = silent.or(value);
                }
            }
            let found = silence(&table, &vocabulary, attribute);
            prop_assert_eq!(found.throughout, possible.without(spoken));
            prop_assert_eq!(found.somewhere, silent);
        }
    }
}

fn kinds(findings: &[Finding<'_>], kind: FindingKind) -> Vec<Vec<String>> {
    let of_kind = findings.iter().filter(|f| f.kind == kind);
    of_kind
        .map(|f| f.clauses.iter().map(|c| c.reference.to_owned()).collect())
        .collect()
}

#[test]
fn the_papers_of_the_real_policies_are_looked_over() {
    let library = real::library();
    let findings = |id| {
        lint(
            library.table(id).unwrap(),
            library.vocabulary(),
            &surroundings(library.law()),
        )
    };
    let first = |id, kind| {
        kinds(&findings(id), kind)
            .into_iter()
            .map(|c| c[0].clone())
            .collect::<Vec<_>>()
    };

    assert_eq!(
        first("link", FindingKind::LawDoesNotSupport),
        ["6.6.b", "7.1.b", "8.1.a", "8.1.c", "10.1.c"]
    );
    assert_eq!(first("link", FindingKind::EditionOutOfDate), ["3.4.a"]);
    assert_eq!(first("link", FindingKind::Draft), ["control.5"]);
    assert_eq!(
        first("link", FindingKind::Unsigned),
        ["control.3", "control.2"]
    );
    assert_eq!(
        first("stivichall", FindingKind::ReviewPeriodsDiffer),
        ["control.3"]
    );
    assert_eq!(
        first("stivichall", FindingKind::StrengthsDiffer),
        ["4.2.1.a"]
    );
    assert_eq!(first("tlt", FindingKind::TwoAddresses), ["7.8"]);
    for id in ["yes", "stivichall", "cmat", "tlt", "link"] {
        assert_eq!(
            kinds(&findings(id), FindingKind::ReviewOverdue).len(),
            1,
            "{id}"
        );
    }
    let mend = findings("model")
        .iter()
        .filter(|f| f.weight == policy::lint::Weight::Mend)
        .count();
    assert_eq!(mend, 0, "the model policy has nothing to mend");
}

#[test]
fn a_review_falls_overdue_on_its_day_and_an_edition_with_the_next() {
    let library = real::library();
    let cmat = library.table("cmat").unwrap();
    let on = |today| {
        let around = Surroundings {
            today,
            ..surroundings(library.law())
        };
        let kinds: Vec<FindingKind> = lint(cmat, library.vocabulary(), &around)
            .iter()
            .map(|f| f.kind)
            .collect();
        let has = |kind| kinds.contains(&kind);
        (
            has(FindingKind::ReviewOverdue),
            has(FindingKind::EditionOutOfDate),
        )
    };
    assert_eq!(on(date(2023, 8, 31)), (false, false));
    assert_eq!(on(date(2023, 9, 1)), (false, true));
    assert_eq!(on(date(2025, 7, 31)), (false, true));
    assert_eq!(on(date(2025, 8, 1)), (true, true));
}

#[test]
fn a_role_that_nobody_holds_is_named_with_its_clauses() {
    let library = real::library();
    let held: BTreeSet<String> = ["head", "senior-leader", "line-manager"]
        .map(String::from)
        .into();
    let around = Surroundings {
        roles_held: Some(&held),
        ..surroundings(library.law())
    };
    let found = lint(library.table("tlt").unwrap(), library.vocabulary(), &around);
    let roles = kinds(&found, FindingKind::RoleNobodyHolds);
    assert_eq!(
        roles,
        [
            vec!["1.3".to_owned()],
            vec!["8.3.a".to_owned(), "8.4.a".to_owned()]
        ]
    );
}

#[test]
fn a_permission_inside_a_ban_is_at_odds_with_it_unless_it_lifts_it() {
    let vocabulary = Vocabulary::load(Source::new(
        "vocabulary.toml",
        &real::text("vocabulary.toml"),
    ))
    .unwrap();
    let law = no_law(&vocabulary);
    let policy = |lifts: &str| {
        let text = format!(
            r#"
            id = "p"
            title = "P"
            organisation = "P"
            short = "P"
            [[clause]]
            ref = "1"
            printed = "1"
            says = "Never post pictures of pupils."
            carried_by = ["decide"]
            [[clause.rule]]
            standing = "prohibited"
            when = {{ act = "post", pictures_pupil = true }}
            [[clause]]
            ref = "2"
            printed = "2"
            says = "You may post pictures of pupils on school accounts."
            carried_by = ["decide"]
            [[clause.rule]]
            standing = "permitted"
            when = {{ act = "post", pictures_pupil = true, account = "official" }}
            {lifts}
            "#
        );
        let policy =
            policy::policy_file::Policy::load(Source::new("p.toml", &text), &vocabulary).unwrap();
        Table::compile(policy, &vocabulary)
    };
    let opposing = |table: &Table| {
        let found = lint(table, &vocabulary, &surroundings(&law));
        assert!(
            table
                .rows()
                .iter()
                .any(|row| row.standing == Some(Standing::Permitted))
        );
        kinds(&found, FindingKind::Opposing)
    };
    assert_eq!(opposing(&policy("")), [["2", "1"]]);
    assert!(opposing(&policy("lifts = [\"1\"]")).is_empty());
}
