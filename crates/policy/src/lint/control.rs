//! Document control, roles, the law, and clauses that nothing carries out.

use std::collections::BTreeSet;

use jiff::Span;
use jiff::civil::Date;

use crate::coverage::{Carriers, State, coverage, mechanism_says};
use crate::policy_file::{Fact, FactKind, Policy};
use crate::table::Table;
use crate::vocabulary::Vocabulary;

use super::{Finding, FindingKind, Named, Surroundings, Weight};

/// A review date and a review period that differ by no more than this many months agree.
const MONTHS_OF_GRACE: i32 = 2;

pub(super) fn findings<'t>(
    policy: &'t Policy,
    vocabulary: &'t Vocabulary,
    surroundings: &Surroundings<'_>,
) -> Vec<Finding<'t>> {
    let mut findings = at_odds_with_the_law(policy, surroundings);
    findings.extend(editions(policy, surroundings));
    findings.extend(review_overdue(policy, surroundings.today));
    findings.extend(review_periods(policy));
    findings.extend(standing_of_the_paper(policy));
    if let Some(held) = surroundings.roles_held {
        findings.extend(roles(policy, vocabulary, held));
    }
    findings
}

/// A finding on the clauses of a policy with these references.
fn finding<'t>(
    policy: &'t Policy,
    kind: FindingKind,
    references: &[&str],
    says: String,
    advice: &str,
) -> Finding<'t> {
    let clauses = references.iter().filter_map(|r| policy.clause(r));
    Finding {
        weight: Weight::Mend,
        kind,
        clauses: clauses.map(Named::of).collect(),
        line: None,
        says,
        advice: advice.to_owned(),
    }
}

fn at_odds_with_the_law<'t>(
    policy: &'t Policy,
    surroundings: &Surroundings<'_>,
) -> Vec<Finding<'t>> {
    let conflicts = (policy.clauses.iter()).flat_map(|clause| {
        clause
            .conflicts
            .iter()
            .map(move |conflict| (clause, conflict))
    });
    conflicts
        .filter_map(|(clause, conflict)| {
            let law = surroundings.law.requirement(&conflict.law)?;
            if !law.nations.contains(&policy.nation) {
                return None;
            }
            let (clause_says, law_says) = (&clause.says, &law.says);
            let says = format!(
                "{clause_says} The law asks for more: {law_says} ({})",
                law.source
            );
            let kind = FindingKind::LawDoesNotSupport;
            Some(finding(
                policy,
                kind,
                &[&clause.reference],
                says,
                &conflict.advice,
            ))
        })
        .collect()
}

fn editions<'t>(policy: &'t Policy, surroundings: &Surroundings<'_>) -> Vec<Finding<'t>> {
    let (law, today) = (surroundings.law, surroundings.today);
    let outdated = |cited: &'t crate::policy_file::Citation| {
        let current = law.edition_in_force(&cited.work, today)?;
        if current.edition == cited.edition {
            return None;
        }
        let says = format!(
            "The policy cites {} {}. The edition of {} has been in force since {}.",
            current.title,
            cited.edition,
            current.edition,
            day(current.in_force),
        );
        let advice = "Read the new edition against the clause, then change the citation.";
        let kind = FindingKind::EditionOutOfDate;
        Some(finding(policy, kind, &[&cited.clause], says, advice))
    };
    policy.cites.iter().filter_map(outdated).collect()
}

fn review_overdue(policy: &Policy, today: Date) -> Vec<Finding<'_>> {
    let kind = FindingKind::ReviewOverdue;
    let due = policy.fact(FactKind::ReviewDue);
    if let Some((fact, due)) = due.and_then(|fact| Some((fact, fact.date?.last))) {
        let says = format!("The review fell due on {}.", day(due));
        let advice = "Review the policy, and set the date of the next review.";
        let overdue = due < today;
        return overdue
            .then(|| finding(policy, kind, &[&fact.clause], says, advice))
            .into_iter()
            .collect();
    }
    let advice = "Review the policy, and print the date of the next review on it.";
    let (last, period) = (
        policy.last_look(),
        policy.fact(FactKind::ReviewPeriodMonths),
    );
    match (last, period) {
        (Some((from, last)), Some(period)) => {
            let due = months(period).and_then(|m| last.checked_add(Span::new().months(m)).ok());
            let due = due.filter(|due| *due < today);
            due.map(|due| {
                let says = format!(
                    "The policy was last dealt with on {} and is to be reviewed every {} months, so the review fell due on {}.",
                    day(last), period.value, day(due),
                );
                finding(policy, kind, &[&period.clause, &from.clause], says, advice)
            })
        }
        (Some((from, last)), None) => {
            let says = format!(
                "The policy names no date for its next review. It was last dealt with on {}.",
                day(last)
            );
            let overdue = last.checked_add(Span::new().years(1)).is_ok_and(|due| due < today);
            let found = finding(policy, kind, &[&from.clause], says, advice);
            overdue.then_some(Finding { weight: Weight::Consider, ..found })
        }
        (None, _) => None,
    }
    .into_iter()
    .collect()
}

fn months(fact: &Fact) -> Option<i32> {
    fact.value.parse().ok()
}

/// Two periods that differ, or a period that does not lead to the printed date.
fn review_periods(policy: &Policy) -> Vec<Finding<'_>> {
    let kind = FindingKind::ReviewPeriodsDiffer;
    let advice = "Decide how often the policy is reviewed, and say it once.";
    let periods = policy
        .facts
        .iter()
        .filter(|f| f.kind == FactKind::ReviewPeriodMonths);
    let periods: Vec<(&Fact, i32)> = periods.filter_map(|f| Some((f, months(f)?))).collect();
    let mut findings = Vec::new();
    for (at, (first, one)) in periods.iter().enumerate() {
        for (second, other) in periods
            .iter()
            .skip(at + 1)
            .filter(|(_, other)| other != one)
        {
            let says =
                format!("One clause sets a review every {one} months, another every {other}.");
            findings.push(finding(
                policy,
                kind,
                &[&first.clause, &second.clause],
                says,
                advice,
            ));
        }
    }
    let due = policy
        .fact(FactKind::ReviewDue)
        .and_then(|f| Some((f, f.date?)));
    if let (Some((due, date)), Some((from, last))) = (due, policy.last_look()) {
        for (period, count) in &periods {
            let implied = months_between(last, date.first);
            if (implied - count).abs() > MONTHS_OF_GRACE {
                let says = format!(
                    "From {} to the review that is due in {} is {implied} months; the text sets a review every {count}.",
                    day(last),
                    due.printed.as_deref().unwrap_or(&due.value),
                );
                let clauses = [&*due.clause, &*period.clause, &*from.clause];
                findings.push(finding(policy, kind, &clauses, says, advice));
            }
        }
    }
    findings
}

fn months_between(from: Date, to: Date) -> i32 {
    let whole = |date: Date| i32::from(date.year()) * 12 + i32::from(date.month());
    whole(to) - whole(from)
}

fn standing_of_the_paper(policy: &Policy) -> Vec<Finding<'_>> {
    let mut findings = Vec::new();
    for fact in &policy.facts {
        let (kind, says, advice) = match (fact.kind, fact.value.as_str()) {
            (FactKind::Status, "draft") => (
                FindingKind::Draft,
                "The paper calls itself a draft. Staff can say that it was never put in force.",
                "Approve it and take the mark away, or withdraw it.",
            ),
            (FactKind::Signature, "blank") => (
                FindingKind::Unsigned,
                "The space for a signature is empty.",
                "Have it signed, with the date, by whoever approves it.",
            ),
            _ => continue,
        };
        findings.push(finding(
            policy,
            kind,
            &[&fact.clause],
            says.to_owned(),
            advice,
        ));
    }
    let approver = policy.fact(FactKind::Approver);
    let approved = [FactKind::Approved, FactKind::Adopted];
    let dated = approved.iter().any(|kind| policy.fact(*kind).is_some());
    if let Some(approver) = approver.filter(|_| !dated && policy.kind != "model") {
        let says = format!(
            "{} approves the policy, but no day of approval is printed.",
            approver.value
        );
        let advice = "Print the day of approval.";
        findings.push(finding(
            policy,
            FindingKind::Unsigned,
            &[&approver.clause],
            says,
            advice,
        ));
    }
    findings
}

/// Duties, grants and contacts that go to a role which nobody holds.
fn roles<'t>(
    policy: &'t Policy,
    vocabulary: &'t Vocabulary,
    held: &BTreeSet<String>,
) -> Vec<Finding<'t>> {
    let mut named: Vec<(&'t str, &'t str)> = Vec::new();
    for clause in &policy.clauses {
        for rule in &clause.rules {
            let to = rule.duties.iter().filter_map(|duty| duty.to.as_deref());
            let by = rule
                .grant
                .iter()
                .flat_map(|grant| grant.by_ids.iter().map(String::as_str));
            named.extend(to.chain(by).map(|role| (role, clause.reference.as_str())));
        }
    }
    named.extend(
        policy
            .contacts
            .iter()
            .map(|c| (c.to.as_str(), c.clause.as_str())),
    );
    let missing: BTreeSet<&str> = named
        .iter()
        .map(|(role, _)| *role)
        .filter(|role| !is_held(role, vocabulary, held))
        .collect();
    missing
        .into_iter()
        .map(|role| {
            let mut clauses: Vec<&str> = Vec::new();
            for (_, clause) in named.iter().filter(|(r, _)| *r == role) {
                if !clauses.contains(clause) {
                    clauses.push(clause);
                }
            }
            let says = vocabulary.role(role).map_or(role, |r| r.says.as_str());
            let says =
                format!("The policy sends people to '{says}', and nobody here has that role.");
            let advice = "Give the role to somebody, or name another in the policy.";
            finding(policy, FindingKind::RoleNobodyHolds, &clauses, says, advice)
        })
        .collect()
}

fn is_held(role: &str, vocabulary: &Vocabulary, held: &BTreeSet<String>) -> bool {
    let known = vocabulary.role(role);
    held.contains(role)
        || known.is_some_and(|r| r.everybody || r.any_of.iter().any(|one| held.contains(one)))
}

/// One finding for each mechanism that some clauses name and nothing has yet.
pub(super) fn not_carried_out<'t>(
    table: &'t Table,
    vocabulary: &Vocabulary,
    carriers: &Carriers,
) -> Vec<Finding<'t>> {
    let policy = table.policy();
    let coverage = coverage(table, vocabulary, carriers);
    let idle = coverage
        .clauses
        .iter()
        .filter(|norm| norm.state == State::NotBuiltYet);
    let idle: Vec<_> = idle.collect();
    let mechanisms: BTreeSet<&str> = idle
        .iter()
        .flat_map(|norm| norm.mechanisms.iter().map(|m| m.name))
        .collect();
    mechanisms
        .into_iter()
        .map(|name| {
            let named = idle
                .iter()
                .filter(|norm| norm.mechanisms.iter().any(|m| m.name == name));
            let clauses: Vec<&str> = named.map(|norm| norm.reference).collect();
            let these = if clauses.len() == 1 {
                "this clause"
            } else {
                "these clauses"
            };
            let waits = mechanism_says(name);
            let says =
                format!("Nothing carries out {these} yet. What is missing: {waits} ({name}).");
            let advice = "See to it by hand until it is built.";
            let found = finding(policy, FindingKind::NotCarriedOut, &clauses, says, advice);
            Finding {
                weight: Weight::Know,
                ..found
            }
        })
        .collect()
}

/// A day as people write it: 1 September 2026.
fn day(date: Date) -> String {
    date.strftime("%-d %B %Y").to_string()
}
