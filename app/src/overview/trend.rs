//! How numbers moved from term to term: bars, with the table of what they show beside them.

use std::collections::BTreeMap;

use policy::words::capitalised;
use register::Register;
use serde::Serialize;

use super::count::Counts;
use super::suppression::{FEW, Shown, rounded};
use super::table::{Scope, closed, in_days, is_open_to_all};
use super::term::Term;

/// The name of all places together in medians.
pub(super) const EVERYWHERE: &str = "*";
/// The ends of a case in which somebody has signed the policy.
const SIGNED: [&str; 2] = ["attestation/signed", "attestation/signed-on-paper"];

/// A chart and the table beside it.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Trend {
    pub(super) title: String,
    pub(super) note: &'static str,
    /// What the numbers are: "Cases", "Days".
    pub(super) what: &'static str,
    pub(super) bars: Vec<Bar>,
}

/// A bar of a chart.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Bar {
    pub(super) label: String,
    pub(super) words: String,
    /// The same in the whole trust, where a school is looked at.
    pub(super) trust: Option<String>,
    /// Its length, of 100 at most.
    pub(super) length: u64,
    /// The length of the trust's bar; where numbers are no shares of each other, the two are on scales of their own.
    pub(super) trust_length: u64,
}

/// What was counted of one of the terms.
#[derive(Debug)]
pub(super) struct Counted {
    pub(super) term: Term,
    pub(super) opened: Counts,
    pub(super) outcomes: Counts,
    pub(super) medians: BTreeMap<String, i64>,
}

/// One number of a term: in words, and as long as its bar is.
type Point = (String, u64);

/// Cases opened and closed, how long they took, and policies signed, in all registers that are not kept closely.
pub(super) fn trends(registers: &[Register], scope: &Scope, terms: &[Counted]) -> Vec<Trend> {
    let open: Vec<&str> = registers
        .iter()
        .filter(|register| is_open_to_all(register))
        .map(|register| register.id.as_str())
        .collect();
    let open = |name: &str| open.contains(&name);
    let trust = Scope {
        school: None,
        ..scope.clone()
    };
    let chart = |title: &str, note, what, point: &dyn Fn(&Counted, &Scope) -> Point| Trend {
        title: title.to_owned(),
        note,
        what,
        bars: bars(terms, scope, &trust, point),
    };
    let number = |n: u64| (rounded(n).words(), length(rounded(n)));
    let took = |counted: &Counted, scope: &Scope| {
        let place = scope.school.as_deref().unwrap_or(EVERYWHERE);
        let enough = scope.sum(&closed(&counted.outcomes), open) >= FEW;
        match counted.medians.get(place).filter(|_| enough) {
            Some(took) => (in_days(*took), days(*took)),
            None => ("too few to say".to_owned(), 0),
        }
    };
    vec![
        chart(
            "Cases opened in each term",
            "Rounded to the nearest five, without the registers that are kept closely.",
            "Cases",
            &|counted, scope| number(scope.sum(&counted.opened, open)),
        ),
        chart(
            "Cases closed in each term",
            "Rounded to the nearest five, without the registers that are kept closely.",
            "Cases",
            &|counted, scope| number(scope.sum(&closed(&counted.outcomes), open)),
        ),
        chart(
            "Usual time to close",
            "The median: half of the cases closed in the term took longer. Cases entered from paper do not count in it.",
            "Time",
            &took,
        ),
        chart(
            "Policies signed in each term",
            "Rounded to the nearest five. Whoever signed again counts again.",
            "Signed",
            &|counted, scope| number(scope.sum(&counted.outcomes, |name| SIGNED.contains(&name))),
        ),
    ]
}

fn length(shown: Shown) -> u64 {
    match shown {
        Shown::About(n) | Shown::Number(n) | Shown::AtLeast(n) => n,
        Shown::Few | Shown::Hidden => 0,
    }
}

fn days(milliseconds: i64) -> u64 {
    u64::try_from((milliseconds + 43_200_000) / 86_400_000).unwrap_or_default()
}

fn bars(
    terms: &[Counted],
    scope: &Scope,
    trust: &Scope,
    point: &dyn Fn(&Counted, &Scope) -> Point,
) -> Vec<Bar> {
    let points = terms
        .iter()
        .map(|counted| (counted.term, point(counted, scope), point(counted, trust)));
    let points: Vec<(Term, Point, Point)> = points.collect();
    let most = |of: fn(&(Term, Point, Point)) -> u64| points.iter().map(of).max();
    let most_here = most(|(_, (_, n), _)| *n).unwrap_or_default().max(1);
    let most_there = most(|(.., (_, n))| *n).unwrap_or_default().max(1);
    let bar = |(term, here, there): &(Term, Point, Point)| Bar {
        label: capitalised(&term.words()),
        words: here.0.clone(),
        trust: scope.school.is_some().then(|| there.0.clone()),
        length: here.1 * 100 / most_here,
        trust_length: there.1 * 100 / most_there,
    };
    points.iter().map(bar).collect()
}
