//! A register that comes while the program runs, used through everything that has no pages: the JSON interface, the
//! exports, the import and the calendar. None of them knows it; all of them know what it says.

mod brought_in;
mod closer;

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use serde_json::{Value as Json, json};
use tower::ServiceExt as _;

use crate::authority::{Action, Actor, Permit, Role};
use crate::cases::import::{ImportError, import, template};
use crate::people::{self, Details, NewPerson, NewRole, Person};
use crate::policies::Policies;
use crate::sign_in;
use crate::store::testing::{TestStore, on_both};
use crate::store::{Query as _, SchoolId};
use crate::values;
use crate::web::{App, Limits, router};

/// A register that the program has never seen: keys that are lent out.
const KEYS: &str = r#"
id = "key-loan"
name = "loan of a key"
plural = "loans of keys"
reference = "KEY"
purpose = "Borrow a key."
door = "request"
opened_by = ["staff"]
subject = "opener"
sensitivity = "personal"

[[field]]
id = "room"
kind = "choice"
question = "Which room?"
label = "Room"
required = true
listed = true
values = [{ id = "gym", says = "The gym" }, { id = "lab", says = "The laboratory" }]

[[field]]
id = "back"
kind = "future-date"
question = "When will you bring it back?"
label = "Back on"
required = true
when = { room = ["lab"] }

[[field]]
id = "why"
kind = "long-text"
question = "Why?"
label = "Why"
sensitive = true

[[state]]
id = "asked"
says = "Asked for"

[[state]]
id = "lent"
says = "Lent"

[[state]]
id = "returned"
says = "Returned"
end = true

[[step]]
id = "lend"
says = "Lend it"
from = ["asked"]
to = "lent"
by = ["head"]
needs = [{ note = true }]

[[step.field]]
id = "number"
kind = "number"
question = "Which number does it have?"
label = "Number"
required = true

[[step]]
id = "return"
says = "It is back"
from = ["lent"]
to = "returned"
by = ["opener"]

[[deadline]]
id = "answer"
says = "answer the request; soon"
in = ["asked"]
within = "2 days"

[[sees]]
who = ["head", "opener"]

[[sees]]
who = ["governor"]
outline = true

[retention]
from = "closed"
keep = "1 year"
then = "erase"
source = "A made register."
"#;

/// A site whose owner's folder gets the register while it serves.
struct Site {
    router: Router,
    app: App,
    test: TestStore,
}

struct Answer {
    status: StatusCode,
    headers: axum::http::HeaderMap,
    bytes: Vec<u8>,
}

impl Answer {
    fn json(&self) -> Json {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|_| panic!("{}", self.text()))
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }
}

impl Site {
    fn open(test: TestStore) -> Self {
        let folder = test.folder().join("own");
        std::fs::create_dir_all(folder.join("registers")).unwrap();
        let boxes = KEYS
            .replace("key-loan", "key-box")
            .replace("\"KEY\"", "\"BOX\"");
        std::fs::write(folder.join("registers/key-box.toml"), boxes).unwrap();
        let policies = Arc::new(Policies::load(Some(folder.clone())).unwrap());
        let app = App::new(policies, test.store.clock().clone()).unwrap();
        let app = app.with_store(test.store.clone(), false);
        let limits = Limits {
            body_bytes: 100_000,
            request_timeout: Duration::from_secs(30),
            requests_per_second: NonZeroU32::MAX,
            burst_requests: NonZeroU32::MAX,
        };
        let router = router(app.clone(), &limits);
        assert!(app.registers().register("key-loan").is_none());
        std::fs::write(folder.join("registers/key-loan.toml"), KEYS).unwrap();
        app.policies().reload();
        assert!(app.refused().is_none(), "{:?}", app.refused());
        Self { router, app, test }
    }

    async fn person(&self, given: &str, role: Role) -> Person {
        let new = NewPerson {
            details: Details {
                given_name: given.parse().unwrap(),
                family_name: "Okafor".parse().unwrap(),
                known_as: None,
                email: Some(format!("{given}@elm.example").parse().unwrap()),
                contract: None,
                line_manager: None,
                starts_on: None,
            },
            ends_on: None,
            role: NewRole {
                role,
                school: Some("ash".parse().unwrap()),
                starts_on: None,
                ends_on: None,
            },
            demonstration: false,
        };
        let mut tx = self.test.store.begin(&self.test.trust).await.unwrap();
        let operator = Actor::operator(self.test.trust.clone());
        let permit = operator.permit(Action::ManagePeople).unwrap();
        let person = people::add(&mut tx, &permit, new).await.unwrap();
        tx.commit().await.unwrap();
        person
    }

    async fn cookie(&self, who: &Person) -> String {
        let mut tx = self.test.store.begin(&self.test.trust).await.unwrap();
        let by = sign_in::Method::Password;
        let session = sign_in::open_session(&mut tx, &self.test.trust, &who.id, by, "test");
        let session = session.await.unwrap();
        tx.commit_unrecorded().await.unwrap();
        format!("{}={}", sign_in::SESSION_COOKIE, session.cookie)
    }

    async fn ask(
        &self,
        who: Option<&Person>,
        (method, address): (&str, &str),
        body: Option<Json>,
        key: &str,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(address);
        request = request.header(header::HOST, "localhost");
        if let Some(who) = who {
            request = request.header(header::COOKIE, self.cookie(who).await);
        }
        if !key.is_empty() {
            request = request.header("Idempotency-Key", key);
        }
        let request = request.header(header::CONTENT_TYPE, "application/json");
        let body = body.map_or_else(Body::empty, |json| Body::from(json.to_string()));
        let answer = self
            .router
            .clone()
            .oneshot(request.body(body).unwrap())
            .await
            .unwrap();
        Answer {
            status: answer.status(),
            headers: answer.headers().clone(),
            bytes: to_bytes(answer.into_body(), usize::MAX)
                .await
                .unwrap()
                .to_vec(),
        }
    }

    async fn get(&self, who: &Person, address: &str) -> Answer {
        self.ask(Some(who), ("GET", address), None, "").await
    }

    async fn post(&self, who: &Person, address: &str, body: Json) -> Answer {
        self.ask(Some(who), ("POST", address), Some(body), "").await
    }

    async fn events(&self, kind: &str) -> u64 {
        let sql = "SELECT COUNT(*) AS n FROM ledger_event WHERE trust = $1 AND kind = $2";
        let mut reader = self.test.store.read(&self.test.trust);
        reader.count(sql, values![kind]).await.unwrap()
    }
}

const OPEN: &str = "/api/v1/registers/key-loan/cases";

fn faulty(answer: &Answer) -> Vec<(String, String)> {
    assert_eq!(answer.status, 422, "{}", answer.text());
    assert_eq!(
        answer.headers[header::CONTENT_TYPE],
        "application/problem+json"
    );
    let faults = answer.json()["faults"].clone();
    let text = |fault: &Json, name: &str| fault[name].as_str().unwrap().to_owned();
    let faults = faults.as_array().unwrap().iter();
    faults
        .map(|fault| (text(fault, "field"), text(fault, "what")))
        .collect()
}

on_both! {
    async fn a_register_that_comes_at_run_time_is_opened_seen_stepped_and_listed(test: TestStore) {
        let site = Site::open(test);
        let sam = site.person("Sam", Role::Staff).await;
        let kate = site.person("Kate", Role::Head).await;
        let stranger = site.person("Una", Role::Staff).await;
        let governor = site.person("Gil", Role::Governor).await;

        let register = site.get(&sam, "/api/v1/registers/key-loan").await.json();
        assert_eq!(register["register"]["reference"], "KEY");
        let schema = jsonschema::validator_for(&register["opening"]).unwrap();
        for (body, fits) in [
            (json!({ "room": "gym" }), true),
            (json!({ "room": "lab", "back": "2026-12-01" }), true),
            (json!({ "room": "lab" }), false),
            (json!({ "room": "roof" }), false),
            (json!({}), false),
            (json!({ "room": "gym", "pool": "x" }), false),
        ] {
            assert_eq!(schema.is_valid(&body), fits, "{body}");
            let answer = site.post(&sam, OPEN, json!({ "answers": body })).await;
            assert_eq!(answer.status == 201, fits, "{body}: {}", answer.text());
        }

        let made = site.post(&sam, OPEN, json!({ "answers": { "room": "gym", "why": "Practice" } })).await;
        assert_eq!(made.json()["reference"], "KEY-2026-0003");
        let id = made.json()["id"].as_str().unwrap().to_owned();
        assert_eq!(made.headers[header::LOCATION], format!("/api/v1/cases/{id}"));

        let case = format!("/api/v1/cases/{id}");
        let seen = site.get(&kate, &case).await.json();
        assert_eq!(seen["about"]["name"], "Sam Okafor");
        assert_eq!(seen["answers"][0], json!({ "field": "room", "label": "Room", "is": ["gym"], "says": ["The gym"] }));
        assert_eq!(seen["steps"][0]["id"], "lend");
        assert_eq!(seen["steps"][0]["answers"]["required"], json!(["number"]));
        assert_eq!(seen["deadlines"][0]["says"], "answer the request; soon");
        let outline = site.get(&governor, &case).await.json();
        assert_eq!((outline["outline"].clone(), outline["answers"].clone()), (json!(true), json!([])));
        assert!(outline.get("opened_by").is_none() && outline.get("about").is_none());
        for address in [case.clone(), format!("{case}/events"), "/api/v1/cases/nothing".to_owned()] {
            assert_eq!(site.get(&stranger, &address).await.status, 404, "{address}");
        }

        let lend = format!("{case}/steps/lend");
        let faults = faulty(&site.post(&kate, &lend, json!({ "revision": 1, "note": "Yes", "answers": { "numbre": 7 } })).await);
        assert!(faults[0].1.contains("did you mean 'number'"), "{faults:?}");
        let faults = faulty(&site.post(&kate, &lend, json!({ "revision": 1, "note": "Yes" })).await);
        assert_eq!(faults[0].0, "number");
        let taking = json!({ "revision": 1, "note": "Yes", "answers": { "number": 7 } });
        assert_eq!(site.post(&sam, &lend, taking.clone()).await.status, 403);
        assert_eq!(site.post(&stranger, &lend, taking.clone()).await.status, 404);
        assert_eq!(site.post(&kate, &lend, taking.clone()).await.json()["state"], "lent");
        let late = site.post(&kate, &lend, taking).await;
        assert_eq!((late.status.as_u16(), late.json()["type"].clone()), (409, json!("/problems#conflict")));

        let events = site.get(&kate, &format!("{case}/events")).await.json();
        let says: Vec<&str> = events["events"].as_array().unwrap().iter().map(|e| e["says"].as_str().unwrap()).collect();
        assert_eq!(says, ["Opened", "Lend it"]);
        assert_eq!(events["events"][1]["person"]["name"], "Kate Okafor");

        let listed = site.get(&kate, "/api/v1/cases?register=key-loan&size=2").await.json();
        assert_eq!((listed["total"].clone(), listed["pages"].clone()), (json!(3), json!(2)));
        let found = site.get(&kate, "/api/v1/cases?reference=key-2026-0003").await.json();
        assert_eq!((found["total"].clone(), found["cases"][0]["id"].clone()), (json!(1), json!(id)));
        assert!(!listed.to_string().contains("Practice"));
        assert_eq!(site.get(&stranger, "/api/v1/cases").await.json()["total"], 0);
        assert_eq!(site.get(&kate, "/api/v1/cases?state=lent").await.json()["total"], 1);
        let wrong = faulty(&site.get(&kate, "/api/v1/cases?show=ajar&page=0").await);
        assert_eq!(wrong.len(), 2, "{wrong:?}");
        assert_eq!(site.get(&kate, "/api/v1/cases?colour=red").await.status, 400);
        assert_eq!(site.ask(None, ("GET", "/api/v1/cases"), None, "").await.status, 401);
    }

    async fn a_request_that_is_sent_twice_is_done_once(test: TestStore) {
        let site = Site::open(test);
        let sam = site.person("Sam", Role::Staff).await;
        let una = site.person("Una", Role::Staff).await;
        let body = json!({ "answers": { "room": "gym" } });
        let open = ("POST", OPEN);
        let first = site.ask(Some(&sam), open, Some(body.clone()), "k1").await;
        let again = site.ask(Some(&sam), open, Some(body.clone()), "k1").await;
        assert_eq!((again.status, again.json()), (first.status, first.json()));
        let other = site.ask(Some(&sam), open, Some(json!({ "answers": { "room": "lab" } })), "k1").await;
        assert_eq!(other.status, 422, "{}", other.text());
        let hers = site.ask(Some(&una), open, Some(body.clone()), "k1").await;
        assert_eq!(hers.json()["reference"], "KEY-2026-0002");
        assert_eq!(site.get(&sam, "/api/v1/cases").await.json()["total"], 1);
        assert_eq!(site.ask(Some(&sam), open, Some(body.clone()), "two words").await.status, 400);
        // What failed may be sent again under its key.
        let failed = site.ask(Some(&sam), open, Some(json!({ "answers": { "room": "roof" } })), "k2").await;
        assert_eq!(failed.status, 422);
        assert_eq!(site.ask(Some(&sam), open, Some(body), "k2").await.status, 201);
    }

    async fn an_export_holds_what_the_person_may_see_and_nothing_that_runs(test: TestStore) {
        let site = Site::open(test);
        let sam = site.person("Sam", Role::Staff).await;
        let kate = site.person("Kate", Role::Head).await;
        let governor = site.person("Gil", Role::Governor).await;
        let formula = json!({ "answers": { "room": "gym", "why": "=HYPERLINK(\"http://bad.example\")" } });
        assert_eq!(site.post(&sam, OPEN, formula).await.status, 201);

        let short = site.get(&kate, "/cases/export.csv?register=key-loan").await;
        assert!(short.headers[header::CONTENT_DISPOSITION].to_str().unwrap().contains("cases-2026-11-20.csv"));
        let text = short.text();
        assert!(text.starts_with("Reference,Register,State,School,Opened,Closed,Next due,From paper,Room,Back on,Number\n"), "{text}");
        assert!(text.contains("KEY-2026-0001,loan of a key,Asked for,Ash Primary,2026-11-20,,2026-11-22,No,The gym,"), "{text}");
        assert!(!text.contains("HYPERLINK"));
        let full = site.get(&kate, "/cases/export.csv?register=key-loan&full=yes").await.text();
        assert!(full.contains("\"'=HYPERLINK("), "{full}");
        let outline = site.get(&governor, "/cases/export.csv?register=key-loan&full=yes").await.text();
        assert!(outline.contains("KEY-2026-0001") && !outline.contains("HYPERLINK") && !outline.contains("The gym"), "{outline}");
        let stranger = site.person("Una", Role::Staff).await;
        assert!(!site.get(&stranger, "/cases/export.csv").await.text().contains("KEY-"));

        let book = site.get(&kate, "/cases/export.xlsx?register=key-loan&full=yes").await;
        let mut zip = zip::ZipArchive::new(std::io::Cursor::new(book.bytes)).unwrap();
        let sheet = std::io::read_to_string(zip.by_name("xl/worksheets/sheet1.xml").unwrap()).unwrap();
        let strings = std::io::read_to_string(zip.by_name("xl/sharedStrings.xml").unwrap()).unwrap();
        assert!(strings.contains("=HYPERLINK(") && !sheet.contains("<f>"), "{sheet}");
        assert_eq!(site.events("cases.exported").await, 5);
        assert_eq!(site.get(&kate, "/cases/export.csv?register=nothing").await.status, 404);
    }
}

#[test]
fn the_register_of_the_guide_is_one() {
    let guide = include_str!("../../../../docs/guides/registers.md");
    let text = guide.split("```toml\n").nth(1).unwrap();
    let text = text.split("```").next().unwrap();
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(folder.path().join("registers")).unwrap();
    std::fs::write(folder.path().join("registers/key-loan.toml"), text).unwrap();
    let policies = Policies::load(Some(folder.path().to_owned())).unwrap();
    let registers = policies.registers();
    assert_eq!(registers.register("key-loan").unwrap().reference, "KEY");
}

fn permit_of(site: &Site, who: &Person) -> Permit {
    let roles = who.roles.iter().map(|held| crate::authority::Held {
        role: held.role,
        school: held.school.clone(),
        starts_on: None,
        ends_on: None,
    });
    let actor = Actor {
        trust: site.test.trust.clone(),
        person: Some(who.id.clone()),
        name: who.name(),
        roles: roles.collect(),
        means: crate::authority::Means::Session {
            id: "s1".parse().unwrap(),
            authenticated_at: jiff::Timestamp::UNIX_EPOCH,
        },
    };
    actor.permit(Action::ManageRegisters).unwrap()
}
