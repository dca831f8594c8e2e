//! Nothing of somebody who was erased is left in any table.

use serde_json::json;

use super::*;
use crate::ledger::{Change, Kept, open_content, record_event, verify};
use crate::mail::{self, Letter};
use crate::messages::{self, Message};
use crate::pupils::{self, PupilId};
use crate::records::KINDS;
use crate::store::{StoreError, Value};

/// Words that stand in what the roster says of the three, and nowhere else.
const TRACES: [&str; 9] = [
    "Hildegard",
    "Bingen",
    "staff-4711",
    "hildegard@elm.example",
    "hildegard.b",
    "Ottoline",
    "pupil-0815",
    "Wilhelmina",
    "07700 900123",
];

fn with_the_three() -> Roster {
    let mut roster = small();
    let mut staff = teacher("staff-4711", "Hildegard", "hildegard@elm.example", "A");
    "Bingen".clone_into(&mut staff.family);
    roster.staff.push(staff);
    roster.pupils.push(pupil("pupil-0815", "Ottoline", 7));
    roster.guardians.push(Guardian {
        external_id: "parent-of-pupil-0815".to_owned(),
        given: "Wilhelmina".to_owned(),
        family: "Khan".to_owned(),
        email: Some("wilhelmina@home.example".to_owned()),
        phone: Some("07700 900123".to_owned()),
        pupils: vec!["pupil-0815".to_owned()],
    });
    roster
}

/// Whatever other features hold of a person.
async fn leave_traces(test: &TestStore, person: &PersonId) {
    let actor = Actor::operator(test.trust.clone());
    let mut tx = test.store.begin(&test.trust).await.unwrap();
    let told = Message {
        subject: "For Hildegard Bingen".to_owned(),
        body: "Dear Hildegard".to_owned(),
        link: None,
        urgent: true,
        confidential: false,
    };
    messages::send(&mut tx, person, &told).await.unwrap();
    let letter = Letter {
        subject: "Hildegard".to_owned(),
        paragraphs: vec!["hildegard@elm.example".to_owned()],
        link: None,
        reason: "You are Hildegard Bingen.".to_owned(),
    };
    mail::send(&mut tx, person, letter, None).await.unwrap();
    for sql in [
        "UPDATE job SET state = 'dead', last_error = 'no mailbox hildegard@elm.example' \
         WHERE trust = $1 AND $2 <> ''",
        "INSERT INTO mail_fault (trust, person, email, found_at) \
         VALUES ($1, $2, 'hildegard@elm.example', 1)",
        "INSERT INTO sign_in_account (trust, person, username, factor_step) \
         VALUES ($1, $2, 'hildegard.b', 0)",
        "INSERT INTO api_token (trust, id, person, name, scope, secret_hash, created_at, expires_at) \
         VALUES ($1, 'token', $2, 'Hildegard''s script', '', 'x', 1, 2)",
        "UPDATE roster_import SET person = $2, name = 'Hildegard Bingen' WHERE trust = $1",
    ] {
        tx.execute(sql, values![person]).await.unwrap();
    }
    let issued = Change {
        kind: "api_token.issued",
        record_kind: "api_token",
        record: "token",
        before: None,
        after: Some(json!({"name": "Hildegard's script"})),
    };
    record_event(&mut tx, &actor, None, issued).await.unwrap();
    tx.commit().await.unwrap();
}

/// Every table, column and word in which one of the traces stands; what can be opened is opened.
async fn traces(test: &TestStore) -> Vec<String> {
    let mut found = Vec::new();
    let mut look = |at: &str, text: &str| {
        let text = text.to_lowercase();
        let hit = |trace: &&&str| text.contains(&trace.to_lowercase());
        found.extend(
            TRACES
                .iter()
                .filter(hit)
                .map(|trace| format!("{at}: {trace}")),
        );
    };
    let mut dump = test.store.dump().await.unwrap();
    for shape in dump.shapes().to_vec() {
        let each = |values: Vec<Value>| -> Result<(), StoreError> {
            for (value, (column, _)) in values.iter().zip(&shape.columns) {
                let at = format!("{}.{column}", shape.table);
                match value {
                    Value::Text(Some(text)) => look(&at, text),
                    Value::Bytes(Some(bytes)) => look(&at, &String::from_utf8_lossy(bytes)),
                    _ => {}
                }
            }
            Ok(())
        };
        dump.rows(&shape, each).await.unwrap();
    }
    let mut reader = test.store.read(&test.trust);
    let sql = "SELECT seq, record_kind, record, content FROM ledger_event WHERE trust = $1";
    for row in reader.all(sql, values![]).await.unwrap() {
        let mut keys = test.store.read(&test.trust);
        let content = open_content(&mut keys, &test.store, &test.trust, &row).await;
        if let Some(content) = content.unwrap() {
            look("the ledger", &serde_json::to_string(&content).unwrap());
        }
    }
    found
}

async fn pupil_called(test: &TestStore, given: &str) -> PupilId {
    let all = pupils::all(&test.store, &test.trust).await.unwrap();
    let called = |pupil: &pupils::Pupil| pupil.details.given_name.as_str() == given;
    all.into_iter().find(called).unwrap().id
}

on_both! {
    async fn nothing_is_left_of_whom_a_roster_brought_and_who_was_erased(test: TestStore) {
        applied(&test, with_the_three(), Mode::FileWins).await;
        let person = by_email(&test, "hildegard@elm.example").await.unwrap().id;
        leave_traces(&test, &person).await;
        applied(&test, small(), Mode::FileWins).await;
        let there = traces(&test).await;
        for trace in TRACES.iter().filter(|trace| **trace != "07700 900123") {
            assert!(there.iter().any(|found| found.ends_with(trace)), "{trace}: {there:?}");
        }
        // Another import waits and has them again.
        let waiting = staged(&test, with_the_three(), Mode::FileWins).await;
        assert_eq!(waiting.state, State::Ready);

        let permit = Actor::operator(test.trust.clone()).permit(Action::Erase).unwrap();
        let pupil = pupil_called(&test, "Ottoline").await;
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        people::erase(&mut tx, &permit, &person, "They asked for it.").await.unwrap();
        pupils::erase(&mut tx, &permit, &pupil, "They asked for it.").await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(traces(&test).await, Vec::<String>::new());

        let kinds: Vec<_> =
            KINDS.iter().copied().filter(|kind| !["trust", "school"].contains(&kind.kind)).collect();
        let verified = verify(&test.store, &test.trust, &kinds, &Kept::default()).await.unwrap();
        assert_eq!(verified.faults, Vec::new());
    }
}
