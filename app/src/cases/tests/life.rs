//! Opening, seeing and moving cases of registers made for the purpose.

use super::made::{acting, ash};
use std::collections::BTreeMap;
use std::sync::Arc;

use register::life::Refusal;

use crate::authority::{Actor, Role};
use crate::cases::{self, Case, CaseError, Engine, Filter, Opening, Standing, Taking};
use crate::people::Part;
use crate::policies::Policies;
use crate::store::testing::{TestStore, on_both};
use crate::values;

/// A register whose cases are kept from whom they are about.
pub(super) const WORRY: &str = r#"
id = "worry"
name = "worry"
plural = "worries"
reference = "WOR"
purpose = "Say what worries you about somebody."
door = "report"
opened_by = ["staff"]
subject = "field:about"
undisclosed = true
sensitivity = "sensitive"
effects = [{ notify = ["head"], says = "A worry waits" }]

[[field]]
id = "about"
kind = "person"
question = "Who is it about?"
required = true

[[field]]
id = "what"
kind = "long-text"
question = "What happened?"
required = true
sensitive = true

[[state]]
id = "new"
says = "New"

[[state]]
id = "advised"
says = "Advised"

[[state]]
id = "over"
says = "Over"
end = true

[[step]]
id = "advice"
says = "Record HR advice"
from = ["new"]
to = "advised"
by = ["head"]
needs = [{ note = true }]
effects = [{ advise = "hr" }]

[[step]]
id = "close"
says = "Close it"
from = ["new", "advised"]
to = "over"
by = ["head"]
needs = [{ advice = "hr" }]
effects = [{ disclose = true }, { notify = ["opener", "subject"], says = "A worry is over" }]

[[deadline]]
id = "look"
says = "look at it"
in = ["new"]
within = "24 hours"
remind = ["4 hours"]

[[sees]]
who = ["head"]

[[sees]]
who = ["opener", "subject"]
outline = true

[retention]
from = "closed"
keep = "6 years"
then = "review"
source = "A made register."
"#;

/// The engine over the registers that come with the program and the made one.
fn engine(test: &TestStore) -> Engine {
    let folder = test.folder().join("own");
    std::fs::create_dir_all(folder.join("registers")).unwrap();
    std::fs::write(folder.join("registers/worry.toml"), WORRY).unwrap();
    Engine::new(Arc::new(Policies::load(Some(folder)).unwrap()))
}

/// Somebody with one role at Ash.
pub(super) async fn somebody(test: &TestStore, id: &str, role: Role) -> Actor {
    let mut tx = test.store.begin(&test.trust).await.unwrap();
    tx.execute(
        "INSERT INTO person (trust, id, given_name, family_name, search, demonstration) \
         VALUES ($1, $2, 'A', 'B', 'b a', 0)",
        values![id],
    )
    .await
    .unwrap();
    tx.execute(
        "INSERT INTO held_role (trust, id, person, role, school) VALUES ($1, $2, $3, $4, 'ash')",
        values![format!("role-{id}"), id, role],
    )
    .await
    .unwrap();
    tx.commit_unrecorded().await.unwrap();
    acting(test, &id.parse().unwrap(), role)
}

async fn open(
    test: &TestStore,
    engine: &Engine,
    actor: &Actor,
    about: &str,
) -> Result<Case, CaseError> {
    let answers = [("about", about), ("what", "Shouting in the corridor")];
    let answers = answers.map(|(name, value)| (name.to_owned(), vec![value.to_owned()]));
    let opening = Opening {
        register: "worry".into(),
        school: Some(ash()),
        answers: BTreeMap::from(answers),
        ..Opening::default()
    };
    let mut tx = test.store.begin(&test.trust).await.unwrap();
    let case = cases::open(&mut tx, engine, actor, opening).await?;
    tx.commit().await.unwrap();
    Ok(case)
}

async fn take(
    test: &TestStore,
    engine: &Engine,
    actor: &Actor,
    case: &Case,
    step: &str,
) -> Result<Case, CaseError> {
    let taking = Taking {
        step: step.into(),
        revision: case.revision,
        note: "As it stands".into(),
        ..Taking::default()
    };
    let mut tx = test.store.begin(&test.trust).await.unwrap();
    let case = cases::take(&mut tx, engine, actor, &case.id, taking).await?;
    tx.commit().await.unwrap();
    Ok(case)
}

async fn listed(test: &TestStore, actor: &Actor) -> u64 {
    let filter = Filter {
        standing: Standing::All,
        ..Filter::default()
    };
    let part = Part { skip: 0, size: 10 };
    let mut reader = test.store.read(&test.trust);
    cases::list(&mut reader, &test.store, actor, &filter, part)
        .await
        .unwrap()
        .total
}

async fn messages(test: &TestStore, person: &str) -> u64 {
    let sql = "SELECT COUNT(*) AS n FROM message WHERE trust = $1 AND person = $2";
    crate::store::Query::count(&mut test.store.read(&test.trust), sql, values![person])
        .await
        .unwrap()
}

on_both! {
    async fn a_case_lives_and_its_subject_learns_nothing_before_it_is_disclosed(test: TestStore) {
        let engine = engine(&test);
        let teacher = somebody(&test, "teacher", Role::Staff).await;
        let head = somebody(&test, "head", Role::Head).await;
        let accused = somebody(&test, "accused", Role::Staff).await;
        let case = open(&test, &engine, &teacher, "accused").await.unwrap();
        assert_eq!(case.reference, "WOR-2026-0001");
        assert_eq!((listed(&test, &teacher).await, listed(&test, &head).await, listed(&test, &accused).await), (1, 1, 0));
        assert_eq!((messages(&test, "head").await, messages(&test, "accused").await), (1, 0));

        let refused = take(&test, &engine, &head, &case, "close").await.unwrap_err();
        assert!(matches!(refused, CaseError::Refused(Refusal::Lacks(_))), "{refused}");
        for (actor, why) in [(&accused, "not there"), (&teacher, "not theirs")] {
            let refused = take(&test, &engine, actor, &case, "advice").await.unwrap_err();
            match why {
                "not there" => assert!(matches!(refused, CaseError::NotFound)),
                _ => assert!(matches!(refused, CaseError::Refused(Refusal::NotOffered))),
            }
        }
        let advised = take(&test, &engine, &head, &case, "advice").await.unwrap();
        let late = take(&test, &engine, &head, &case, "close").await.unwrap_err();
        assert!(matches!(late, CaseError::Changed));
        let over = take(&test, &engine, &head, &advised, "close").await.unwrap();
        assert!(over.disclosed && over.closed_at.is_some());
        assert_eq!((listed(&test, &accused).await, messages(&test, "accused").await), (1, 1));
    }

    async fn a_case_about_the_head_goes_to_the_chair(test: TestStore) {
        let engine = engine(&test);
        let teacher = somebody(&test, "teacher", Role::Staff).await;
        let head = somebody(&test, "head", Role::Head).await;
        let chair = somebody(&test, "chair", Role::ChairOfGovernors).await;
        let case = open(&test, &engine, &teacher, "head").await.unwrap();
        assert_eq!((listed(&test, &head).await, listed(&test, &chair).await), (0, 1));
        assert_eq!((messages(&test, "head").await, messages(&test, "chair").await), (0, 1));
        take(&test, &engine, &chair, &case, "advice").await.unwrap();
    }

    async fn what_cannot_be_answered_changes_nothing(test: TestStore) {
        let engine = engine(&test);
        let teacher = somebody(&test, "teacher", Role::Staff).await;
        let refused = open(&test, &engine, &teacher, "nobody").await.unwrap_err();
        assert!(matches!(&refused, CaseError::Answers(faults) if faults.len() == 1), "{refused}");
        assert_eq!(listed(&test, &teacher).await, 0);
    }
}
