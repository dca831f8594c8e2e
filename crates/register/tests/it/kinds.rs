//! What holds for cases of one kind only: effects, deadlines, sight of a field, retention; and answers that are set
//! where a case opens another.

use std::collections::BTreeMap;

use register::life::{Life, OPEN, Past, Rules, Who};
use register::settings::Settings;
use register::value::Answers;
use register::{Disposal, Register};

use crate::made::{LOAN, load};

/// A register whose cases are of two kinds.
pub(crate) const REPORT: &str = r#"
id = "report"
name = "report"
plural = "reports"
reference = "REP"
purpose = "Tell of something."
opened_by = ["staff"]
subject = "nobody"
sensitivity = "ordinary"
effects = [{ notify = ["head"], says = "It is grave", when = { kind = ["grave"] } }, { notify = ["it"], says = "A report" }]

[[field]]
id = "kind"
kind = "choice"
question = "What is it?"
required = true
values = [{ id = "grave", says = "Grave" }, { id = "small", says = "Small" }]

[[field]]
id = "secret"
kind = "text"
question = "Who did it?"
seen_by = ["head", "setting:looks"]

[[field]]
id = "day"
kind = "date"
question = "When was it?"

[[state]]
id = "new"
says = "New"

[[state]]
id = "seen"
says = "Seen"

[[state]]
id = "done"
says = "Done"
end = true

[[state]]
id = "unfounded"
says = "Nothing in it"
end = true

[[step]]
id = "see"
says = "See it"
from = ["new"]
to = "seen"
by = ["head"]
corrects = ["kind", "secret"]

[[step]]
id = "finish"
says = "Finish it"
from = ["new", "seen"]
to = "done"
by = ["head"]
effects = [{ open = "loan", carry = { until = "day" }, set = { thing = ["other"], which = ["A report"] } }]

[[step]]
id = "dismiss"
says = "There is nothing in it"
from = ["new", "seen"]
to = "unfounded"
by = ["head"]
effects = [{ unfile = true, when = { kind = ["small"] } }]

[[deadline]]
id = "quick"
says = "look at it"
in = ["new", "seen"]
when = { kind = ["grave"] }
within = "4 hours"

[[sees]]
who = ["opener", "head", "it"]

[[setting]]
id = "looks"
says = "Who looks"
kind = "roles"
is = ["hr"]

[[retention]]
states = ["unfounded"]
from = "closed"
keep = "1 month"
then = "erase"
source = "A made register."

[[retention]]
when = { kind = ["grave"] }
from = "closed"
keep = "10 years"
then = "review"
source = "A made register."

[[retention]]
from = "closed"
keep = "1 year"
then = "erase"
source = "A made register."
"#;

fn report() -> Register {
    load("registers/report.toml", REPORT).unwrap()
}

fn of_kind(kind: &str) -> Answers {
    BTreeMap::from([("kind".to_owned(), vec![kind.to_owned()])])
}

fn with(role: &str) -> Who {
    Who {
        id: role.to_owned(),
        roles: vec![role.to_owned()],
        ..Who::default()
    }
}

fn opened() -> Vec<Past> {
    vec![Past {
        step: OPEN.to_owned(),
        by: "somebody".to_owned(),
    }]
}

fn life<'c>(state: &'c str, answers: &'c Answers, taken: &'c [Past]) -> Life<'c> {
    Life {
        state,
        answers,
        taken,
        evidence: 0,
        linked: &[],
        disclosed: false,
    }
}

#[test]
fn effects_and_deadlines_follow_the_kind_as_it_is_after_the_step() {
    let register = report();
    let settings = Settings::of(&register, "", &BTreeMap::new());
    let rules = Rules {
        register: &register,
        settings: &settings,
    };
    let (grave, small, taken) = (of_kind("grave"), of_kind("small"), opened());
    let opening = |answers| {
        let taken = rules.opened(answers).unwrap();
        (taken.effects.len(), taken.begin.len())
    };
    assert_eq!(opening(&grave), (2, 1));
    assert_eq!(opening(&small), (1, 0));
    let see = |before: &Answers, after: &Answers| {
        let life = life("new", before, &taken);
        let step = rules.open_to(life, &with("head"), "see", "").unwrap();
        let taken = rules.taken(life, step, after).unwrap();
        (taken.begin.len(), taken.end.len())
    };
    assert_eq!(see(&grave, &grave), (0, 0), "it goes on running");
    assert_eq!(see(&small, &small), (0, 0), "it never ran");
    assert_eq!(see(&small, &grave), (1, 0), "it was found to be grave");
    assert_eq!(see(&grave, &small), (0, 1), "it was found to be small");
}

#[test]
fn a_field_is_seen_by_those_whom_it_names() {
    let register = report();
    let settings = Settings::of(&register, "", &BTreeMap::new());
    let rules = Rules {
        register: &register,
        settings: &settings,
    };
    let (answers, taken) = (of_kind("small"), opened());
    let life = life("new", &answers, &taken);
    let hidden = |who: &Who| rules.hidden(life, who).into_iter().collect::<Vec<_>>();
    let opener = Who {
        opener: true,
        ..with("staff")
    };
    assert_eq!(hidden(&with("head")), Vec::<String>::new());
    assert_eq!(
        hidden(&with("hr")),
        Vec::<String>::new(),
        "as the setting says"
    );
    assert_eq!(hidden(&with("it")), ["secret"]);
    assert_eq!(hidden(&opener), ["secret"]);
    let program = Who {
        program: true,
        ..Who::default()
    };
    assert_eq!(hidden(&program), Vec::<String>::new());
}

#[test]
fn how_long_a_case_is_kept_hangs_on_its_end_and_kind_and_the_first_that_fits_counts() {
    let register = report();
    let kept = |state: &str, kind: &str| {
        let kept = register.retention_of(state, &of_kind(kind));
        (serde_json::to_string(&kept.keep).unwrap(), kept.then)
    };
    let years = |years: u32| format!(r#"{{"span":{{"years":{years}}}}}"#);
    let month = r#"{"span":{"months":1}}"#.to_owned();
    assert_eq!(kept("unfounded", "grave"), (month.clone(), Disposal::Erase));
    assert_eq!(kept("unfounded", "small"), (month, Disposal::Erase));
    assert_eq!(kept("done", "grave"), (years(10), Disposal::Review));
    assert_eq!(kept("done", "small"), (years(1), Disposal::Erase));
}

/// Rules that were kept before there were conditions are read as they are, and written as they were.
#[test]
fn what_has_no_condition_is_kept_as_before() {
    let kept = serde_json::to_string(&load("registers/loan.toml", LOAN).unwrap()).unwrap();
    for new in ["seen_by\":[\"", "particular", "\"set\"", "\"where\""] {
        assert!(!kept.contains(new), "{new}: {kept}");
    }
    let report = report();
    let again: Register = serde_json::from_str(&serde_json::to_string(&report).unwrap()).unwrap();
    assert_eq!(again, report);
}
