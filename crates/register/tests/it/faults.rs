//! A register that cannot work is refused, with the line.

use proptest::prelude::*;

use crate::made::{LOAN, load};

/// The faults of the made register with one text replaced: line and words of each.
fn faults(old: &str, new: &str) -> Vec<(usize, String)> {
    assert!(LOAN.contains(old), "{old}");
    let text = LOAN.replacen(old, new, 1);
    let faults = load("registers/loan.toml", &text).unwrap_err().0;
    faults
        .into_iter()
        .map(|fault| (fault.line, fault.to_string()))
        .collect()
}

/// The line of a text of the made register.
fn line(text: &str) -> usize {
    LOAN.lines().position(|line| line.contains(text)).unwrap() + 1
}

#[test]
fn a_register_that_can_work_is_taken() {
    assert_eq!(load("registers/loan.toml", LOAN).unwrap().steps.len(), 2);
}

#[test]
fn what_cannot_work_is_named_with_its_place() {
    for (old, new, at, says) in [
        (
            "by = [\"opener\", \"setting:lends\", \"program\"]",
            "by = [\"opner\"]",
            None,
            "there is no role 'opner'",
        ),
        (
            "to = \"lent\"",
            "to = \"lend\"",
            None,
            "there is no state 'lend'",
        ),
        (
            "to = \"lent\"",
            "to = \"back\"",
            None,
            "no step leads to the state 'lent'",
        ),
        (
            "from = [\"asked\", \"lent\"]",
            "from = [\"asked\"]",
            None,
            "from the state 'lent' no step leads to an end",
        ),
        (
            "is = [\"it\"]",
            "is = [\"hed\"]",
            None,
            "Did you mean 'head'?",
        ),
        (
            "kind = \"future-date\"",
            "kind = \"futur-date\"",
            Some("kind = \"future-date\""),
            "Did you mean 'future-date'?",
        ),
        (
            "within = \"field:until\"",
            "within = \"5 moons\"",
            Some("within = "),
            "no length of time",
        ),
        (
            "within = \"field:until\"",
            "within = \"field:thing\"",
            None,
            "not of a kind that fits",
        ),
        (
            "when = { thing = [\"other\"] }",
            "when = { thing = [\"othr\"] }",
            None,
            "'thing' cannot be 'othr'",
        ),
        (
            "then = \"return\"",
            "then = \"lend\"",
            None,
            "add \"program\" to its 'by'",
        ),
        (
            "end = true",
            "ended = true",
            Some("end = true"),
            "is not a key",
        ),
        (
            "reference = \"LOA\"",
            "reference = \"loan\"",
            None,
            "two to five capital letters",
        ),
        (
            "id = \"loan\"",
            "id = \"lone\"",
            None,
            "name it 'lone.toml'",
        ),
        (
            "{ note = true }",
            "{ nothing = true }",
            None,
            "needs nothing that is known",
        ),
        (
            "{ note = true }",
            "{ advice = \"hr\" }",
            None,
            "no step records advice",
        ),
        (
            "id = \"return\"",
            "id = \"lend\"",
            None,
            "there is another step 'lend'",
        ),
    ] {
        let found = faults(old, new);
        assert!(
            found.iter().any(|(_, what)| what.contains(says)),
            "{new}: {found:?}"
        );
        if let Some(at) = at {
            assert!(
                found.iter().any(|(found, _)| *found == line(at)),
                "{new}: {found:?}"
            );
        }
    }
}

proptest! {
    #[test]
    fn any_text_is_taken_or_refused(text in "\\PC{0,200}") {
        let _ = load("registers/loan.toml", &text);
    }

    #[test]
    fn a_damaged_register_is_taken_or_refused(at in 0..LOAN.len(), cut in 0usize..60, put in "[a-z\"={}\\[\\] .]{0,6}") {
        let mut text: Vec<char> = LOAN.chars().collect();
        let end = (at + cut).min(text.len());
        text.splice(at.min(end)..end, put.chars());
        let text: String = text.into_iter().collect();
        let _ = load("registers/loan.toml", &text);
    }
}
