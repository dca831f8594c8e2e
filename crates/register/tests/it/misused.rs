//! What is misused of what holds for cases of one kind only is refused with its place.

use policy::source::Source;
use policy::vocabulary::Vocabulary;
use register::{Catalogue, Names};

use crate::kinds::REPORT;
use crate::made::LOAN;
use crate::real::ROLES;

/// Both made registers loaded together, one with a text replaced: the faults, line and words of each.
fn faults(old: &str, new: &str, loan: (&str, &str)) -> Vec<(usize, String)> {
    assert!(REPORT.contains(old), "{old}");
    let vocabulary = crate::real::read("vocabulary.toml");
    let vocabulary = Vocabulary::load(Source::new("vocabulary.toml", &vocabulary)).unwrap();
    let names = Names {
        roles: &ROLES,
        vocabulary: &vocabulary,
        policies: &[],
    };
    let (report, loan) = (
        REPORT.replacen(old, new, 1),
        LOAN.replacen(loan.0, loan.1, 1),
    );
    let sources = [
        Source::new("registers/report.toml", &report),
        Source::new("registers/loan.toml", &loan),
    ];
    let found = Catalogue::load(&sources, &names).map_or_else(|faults| faults.0, |_| Vec::new());
    let found = found
        .into_iter()
        .map(|fault| (fault.line, fault.to_string()));
    found.collect()
}

#[test]
fn the_made_registers_are_taken_together() {
    assert_eq!(faults("REP", "REP", ("LOA", "LOA")), []);
}

#[test]
fn what_is_misused_is_refused_with_its_place() {
    let sees = "seen_by = [\"head\", \"setting:looks\"]";
    let opens = "effects = [{ open = \"loan\"";
    for (old, new, at, says) in [
        (
            "when = { kind = [\"grave\"] } }, {",
            "when = { kind = [\"grav\"] } }, {",
            "id = \"report\"",
            "'kind' cannot be 'grav'",
        ),
        (
            "when = { kind = [\"small\"] }",
            "when = { kind = [] }",
            "id = \"dismiss\"",
            "none of no values",
        ),
        (
            "unfile = true, when",
            "disclose = true, when",
            "disclose = true",
            "follows from its step always",
        ),
        (
            "unfile = true, when",
            "revoke = true, when",
            "revoke = true",
            "follows from its step always",
        ),
        (
            "when = { kind = [\"grave\"] }\nwithin",
            "when = { secret = [\"x\"] }\nwithin",
            "id = \"quick\"",
            "needs a choice or a yes-no field; 'secret' is none",
        ),
        (
            "thing = [\"other\"]",
            "thing = [\"boat\"]",
            opens,
            "'thing' of 'loan' cannot be 'boat': it is one of camera, other",
        ),
        (
            "thing = [\"other\"]",
            "thing = [\"other\", \"camera\"]",
            opens,
            "takes one value",
        ),
        (
            "thing = [\"other\"]",
            "thng = [\"other\"]",
            opens,
            "Did you mean 'thing'?",
        ),
        (
            "which = [\"A report\"]",
            "until = [\"2026-12-01\"]",
            opens,
            "'until' of 'loan' is both carried over and set",
        ),
        (
            "carry = { until = \"day\" }, set = { thing = [\"other\"], which = [\"A report\"] }",
            "set = { until = [\"2026-12-01\"] }",
            opens,
            "'until' of 'loan' cannot be set here",
        ),
        (
            "open = \"loan\", carry",
            "open = \"laon\", carry",
            "open = \"laon\"",
            "Did you mean 'loan'?",
        ),
        (
            "until = \"day\"",
            "which = \"secret\"",
            opens,
            "not everybody who sees a case may see 'secret'",
        ),
        (
            sees,
            "seen_by = [\"hed\"]",
            "id = \"secret\"",
            "Did you mean 'head'?",
        ),
        (
            sees,
            "seen_by = [\"public\"]",
            "id = \"secret\"",
            "the public and the program",
        ),
        (
            sees,
            "seen_by = [\"head\"]\nsearchable = true",
            "id = \"secret\"",
            "cannot be 'searchable'",
        ),
        (
            sees,
            "seen_by = [\"head\"]\nterms = true",
            "id = \"secret\"",
            "among the terms",
        ),
        (
            "kind = \"date\"",
            "kind = \"date\"\nseen_by = [\"head\"]",
            "carry = { until",
            "everybody who sees the 'loan' would see it as 'until'",
        ),
        (
            "within = \"4 hours\"",
            "within = \"field:day\"\n[[field]]\nid = \"more\"\nkind = \"yes-no\"\nquestion = \"More?\"\nseen_by = [\"head\"]\n[[field]]\nid = \"open\"\nkind = \"text\"\nquestion = \"What?\"\nwhen = { more = [\"yes\"] }",
            "id = \"open\"",
            "which fewer may see",
        ),
        (
            "sensitivity = \"ordinary\"",
            "sensitivity = \"ordinary\"\njoins = \"secret\"",
            "id = \"secret\"",
            "cases with the same answer are linked",
        ),
        (
            "states = [\"unfounded\"]",
            "states = [\"new\"]",
            "states = [\"new\"]",
            "'new' is no end",
        ),
        (
            "states = [\"unfounded\"]",
            "states = [\"unfouned\"]",
            "states = [\"unfouned\"]",
            "Did you mean 'unfounded'?",
        ),
        (
            "states = [\"unfounded\"]\n",
            "",
            "keep = \"1 month\"",
            "fits every case",
        ),
        (
            "when = { kind = [\"grave\"] }\nfrom",
            "states = [\"unfounded\"]\nfrom",
            "keep = \"10 years\"",
            "never counts",
        ),
        (
            "keep = \"1 year\"\n",
            "keep = \"1 year\"\nstates = [\"done\"]\n",
            "keep = \"1 year\"",
            "is for all cases that none before it fits",
        ),
    ] {
        let found = faults(old, new, ("LOA", "LOA"));
        assert!(
            found.iter().any(|(_, what)| what.contains(says)),
            "{new}: {found:?}"
        );
        let text = REPORT.replacen(old, new, 1);
        let line = text.lines().position(|line| line.contains(at)).unwrap() + 1;
        let near = |found: &usize| (*found..*found + 5).contains(&line);
        assert!(
            found
                .iter()
                .any(|(found, what)| what.contains(says) && near(found)),
            "{new}: {found:?}, not at {line}"
        );
    }
    // What is kept closer there may be carried there from what is kept closer here.
    let closer = (
        "question = \"Which thing?\"",
        "question = \"Which thing?\"\nseen_by = [\"head\"]",
    );
    let found = faults("until = \"day\"", "which = \"secret\"", closer);
    let only =
        matches!(found.as_slice(), [(_, what)] if what.contains("both carried over and set"));
    assert!(only, "{found:?}");
}
