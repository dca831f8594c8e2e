//! Registers made for tests, and people who work with them.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use crate::authority::{Actor, Held, Means, Role};
use crate::cases::{self, Case, CaseError, Engine, Opening};
use crate::people::Person;
use crate::policies::Policies;
use crate::store::testing::TestStore;
use crate::store::{PersonId, SchoolId};
use crate::values;

/// A register whose cases are worked on in the open.
const NOTE: &str = r#"
id = "note"
name = "note on file"
plural = "notes on file"
reference = "NOT"
purpose = "Keep a note about somebody."
door = "report"
opened_by = ["staff"]
subject = "field:about"
sensitivity = "personal"

[[field]]
id = "about"
kind = "person"
question = "Who is it about?"
label = "About"
required = true

[[field]]
id = "title"
kind = "text"
question = "What is it called?"
label = "Title"
required = true
listed = true
searchable = true

[[field]]
id = "private"
kind = "text"
question = "What is private about it?"
label = "Private"
sensitive = true

[[state]]
id = "open"
says = "Open"

[[state]]
id = "seen"
says = "Seen"

[[state]]
id = "over"
says = "Over"
end = true

[[step]]
id = "correct"
says = "Correct the note"
help = "Correct what is wrong."
from = ["open"]
by = ["head", "senior-leader"]
corrects = ["title"]
needs = [{ note = true }]

[[step]]
id = "look"
says = "Say that it was seen"
from = ["open"]
to = "seen"
by = ["head", "senior-leader"]
confirm = true
effects = [{ notify = ["opener"], says = "A note was seen" }, { file = true }]

[[step.field]]
id = "outcome"
kind = "choice"
question = "What came of it?"
label = "Outcome"
required = true
values = [{ id = "nothing", says = "Nothing further" }, { id = "talk", says = "A talk" }]

[[step]]
id = "end"
says = "Close the note"
from = ["seen"]
to = "over"
by = ["head", "senior-leader"]
needs = [{ evidence = 1 }]

[[deadline]]
id = "look"
says = "look at it"
in = ["open"]
within = "24 hours"
statutory = true

[[sees]]
who = ["head", "senior-leader", "opener"]

[[sees]]
who = ["subject"]
outline = true

[retention]
from = "closed"
keep = "6 years"
then = "review"
source = "A made register."
"#;

/// A folder with the made registers, beside those that come with the program.
pub(crate) fn registers(test: &TestStore) -> PathBuf {
    let folder = test.folder().join("own");
    std::fs::create_dir_all(folder.join("registers")).unwrap();
    std::fs::write(folder.join("registers/note.toml"), NOTE).unwrap();
    std::fs::write(folder.join("registers/worry.toml"), super::life::WORRY).unwrap();
    folder
}

/// The engine over them.
pub(crate) fn engine(test: &TestStore) -> Engine {
    Engine::new(Arc::new(Policies::load(Some(registers(test))).unwrap()))
}

pub(crate) fn ash() -> SchoolId {
    "ash".parse().unwrap()
}

/// Somebody who acts in one role at Ash.
pub(crate) fn acting(test: &TestStore, person: &PersonId, role: Role) -> Actor {
    Actor {
        trust: test.trust.clone(),
        person: Some(person.clone()),
        name: person.to_string(),
        roles: vec![Held {
            role,
            school: Some(ash()),
            starts_on: None,
            ends_on: None,
        }],
        means: Means::Session {
            id: "s1".parse().unwrap(),
            authenticated_at: jiff::Timestamp::UNIX_EPOCH,
        },
    }
}

/// Somebody new with one role at Ash.
pub(crate) async fn somebody(test: &TestStore, id: &str, family: &str, role: Role) -> Actor {
    let mut tx = test.store.begin(&test.trust).await.unwrap();
    tx.execute(
        "INSERT INTO person (trust, id, given_name, family_name, search, demonstration) \
         VALUES ($1, $2, 'Ada', $3, $4, 0)",
        values![id, family, format!("{} ada", family.to_lowercase())],
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

/// Opens a case at Ash.
pub(crate) async fn open(
    test: &TestStore,
    engine: &Engine,
    actor: &Actor,
    register: &str,
    answers: &[(&str, &str)],
) -> Result<Case, CaseError> {
    let answers = answers.iter();
    let answers = answers.map(|(name, value)| ((*name).to_owned(), vec![(*value).to_owned()]));
    let opening = Opening {
        register: register.to_owned(),
        school: Some(ash()),
        answers: answers.collect::<BTreeMap<_, _>>(),
        ..Opening::default()
    };
    let mut tx = test.store.begin(&test.trust).await.unwrap();
    let case = cases::open(&mut tx, engine, actor, opening).await?;
    tx.commit().await.unwrap();
    Ok(case)
}

/// The actor that a person of a test site is.
pub(crate) fn of(test: &TestStore, person: &Person, role: Role) -> Actor {
    acting(test, &person.id, role)
}
