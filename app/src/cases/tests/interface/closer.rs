//! A field that only some see who see the case: no page, list, search, export, history, message or answer of the
//! interface tells the others what it says.

use std::convert::Infallible;

use axum::body::Bytes;

use super::*;
use crate::attachments::Attachments;
use crate::cases::{self, Case};
use crate::store::testing::on_both;

/// A register with answers for the head alone, and a step that has a page of its own.
const SLIP: &str = r#"
id = "slip"
name = "slip"
plural = "slips"
reference = "SLP"
purpose = "Tell of a slip."
door = "report"
opened_by = ["staff"]
subject = "opener"
sensitivity = "personal"

[[field]]
id = "what"
kind = "text"
question = "What is it?"
label = "What"
required = true
listed = true
searchable = true

[[field]]
id = "secret"
kind = "text"
question = "What is for the head alone?"
label = "For the head"
required = true
listed = true
seen_by = ["head"]

[[field]]
id = "told"
kind = "person"
question = "Who told you?"
label = "Told by"
seen_by = ["head"]

[[state]]
id = "new"
says = "New"

[[state]]
id = "over"
says = "Over"
end = true

[[step]]
id = "look"
says = "Look at it"
from = ["new"]
by = ["head", "senior-leader"]
corrects = ["what", "secret"]
effects = [{ notify = ["opener"], says = "A slip was looked at" }, { file = true }]

[[step.field]]
id = "finding"
kind = "long-text"
question = "What do you make of it?"
label = "Finding"
required = true
seen_by = ["head"]

[[step.field]]
id = "paper"
kind = "evidence"
question = "Is it in writing?"
label = "In writing"
seen_by = ["head"]

[[step]]
id = "sit"
says = "Sit the quiz"
from = ["new"]
by = ["opener"]
page = "/quiz/{case}"

[[step]]
id = "end"
says = "End it"
from = ["new"]
to = "over"
by = ["head"]

[[sees]]
who = ["head", "senior-leader", "opener"]

[retention]
from = "closed"
keep = "1 year"
then = "erase"
source = "A made register."
"#;

const SECRETS: [&str; 3] = ["Quince", "Medlar", "Una Okafor"];

/// A site with the register, a case that Sam opened and the people of it.
struct Slip {
    site: Site,
    case: String,
    head: Person,
    leader: Person,
    sam: Person,
}

async fn slip(test: TestStore) -> Slip {
    let site = Site::open(test);
    let folder = site.test.folder().join("own/registers/slip.toml");
    std::fs::write(folder, SLIP).unwrap();
    site.app.policies().reload();
    assert!(site.app.refused().is_none(), "{:?}", site.app.refused());
    let sam = site.person("Sam", Role::Staff).await;
    let una = site.person("Una", Role::Staff).await;
    let head = site.person("Kate", Role::Head).await;
    let leader = site.person("Lee", Role::SeniorLeader).await;
    let answers = json!({ "what": "A plum", "secret": "Quince", "told": una.id });
    let body = json!({ "answers": answers });
    let made = site.post(&sam, "/api/v1/registers/slip/cases", body).await;
    assert_eq!(made.status, 201, "{}", made.text());
    let case = made.json()["id"].as_str().unwrap().to_owned();
    Slip {
        site,
        case,
        head,
        leader,
        sam,
    }
}

impl Slip {
    /// Where the case, or anything of it, is shown.
    fn addresses(&self) -> Vec<String> {
        let case = &self.case;
        vec![
            format!("/api/v1/cases/{case}"),
            format!("/api/v1/cases/{case}/events"),
            "/api/v1/cases?register=slip".to_owned(),
            format!("/cases/{case}"),
            "/cases?register=slip".to_owned(),
            "/search?q=plum".to_owned(),
            "/cases/export.csv?register=slip&full=yes".to_owned(),
            "/".to_owned(),
        ]
    }

    async fn tells(&self, who: &Person) -> Vec<(String, &'static str)> {
        let mut told = Vec::new();
        for address in self.addresses() {
            let text = self.site.get(who, &address).await.text();
            let secrets = SECRETS.iter().filter(|secret| text.contains(**secret));
            told.extend(secrets.map(|secret| (address.clone(), *secret)));
        }
        told
    }

    async fn look(&self, who: &Person, revision: u32, answers: Json) -> Answer {
        let step = format!("/api/v1/cases/{}/steps/look", self.case);
        let body = json!({ "revision": revision, "answers": answers });
        self.site.post(who, &step, body).await
    }

    async fn kept(&self) -> Case {
        let mut tx = self
            .site
            .test
            .store
            .begin(&self.site.test.trust)
            .await
            .unwrap();
        let operator = Actor::operator(self.site.test.trust.clone());
        let id = self.case.parse().unwrap();
        cases::see(&mut tx, &operator, &id).await.unwrap().case
    }
}

fn actor_of(slip: &Slip, who: &Person) -> Actor {
    super::super::made::of(&slip.site.test, who, who.roles[0].role)
}

on_both! {
    async fn what_only_the_head_may_see_is_told_to_nobody_else(test: TestStore) {
        let slip = slip(test).await;
        let looked = slip.look(&slip.leader, 1, json!({ "what": "A plum", "finding": "Medlar" })).await;
        assert_eq!(looked.status, 200, "{}", looked.text());
        for address in slip.addresses() {
            let answer = slip.site.get(&slip.leader, &address).await;
            assert_eq!(answer.status, 200, "{address}");
            assert!(address == "/" || address.ends_with("/events") || answer.text().contains("SLP-2026-0001"), "{address}: {}", answer.text());
        }
        assert_eq!(slip.tells(&slip.leader).await, []);
        assert_eq!(slip.tells(&slip.sam).await, [], "who opened it is not named there");
        let told = slip.tells(&slip.head).await;
        for (address, secrets) in [(0, 3), (1, 3), (2, 1), (3, 3), (4, 1), (6, 3)] {
            let address = &slip.addresses()[address];
            let count = told.iter().filter(|(at, _)| at == address).count();
            assert_eq!(count, secrets, "{address}: {told:?}");
        }
        let kept = slip.kept().await;
        assert_eq!(kept.answers["secret"], ["Quince"], "what was not seen was not lost");
        assert_eq!(kept.answers["finding"], ["Medlar"]);
    }

    async fn no_search_finds_it(test: TestStore) {
        let slip = slip(test).await;
        for who in [&slip.head, &slip.leader, &slip.sam] {
            for word in ["Quince", "Una"] {
                let found = slip.site.get(who, &format!("/search?q={word}")).await;
                assert_eq!(found.status, 200);
                assert!(!found.text().contains("SLP-"), "{word}");
            }
        }
    }

    async fn nobody_corrects_what_they_do_not_see(test: TestStore) {
        let slip = slip(test).await;
        let seen = slip.site.get(&slip.leader, &format!("/api/v1/cases/{}", slip.case)).await.json();
        let asked = &seen["steps"][0]["answers"]["properties"];
        assert!(asked.get("what").is_some() && asked.get("finding").is_some() && asked.get("secret").is_none(), "{seen}");
        let page = slip.site.get(&slip.leader, &format!("/cases/{}/steps/look", slip.case)).await;
        assert!(page.status == 200 && page.text().contains("A plum") && !page.text().contains("Quince"), "{}", page.text());
        let page = slip.site.get(&slip.head, &format!("/cases/{}/steps/look", slip.case)).await;
        assert!(page.text().contains("Quince"));
        let tried = slip.look(&slip.leader, 1, json!({ "what": "A plum", "finding": "Medlar", "secret": "Sloe" })).await;
        assert_eq!(faulty(&tried)[0].0, "secret");
        let done = slip.look(&slip.head, 1, json!({ "what": "A plum", "finding": "Medlar", "secret": "Sloe" })).await;
        assert_eq!(done.status, 200, "{}", done.text());
        assert_eq!(slip.kept().await.answers["secret"], ["Sloe"]);
    }

    async fn what_is_on_file_is_without_it(test: TestStore) {
        let slip = slip(test).await;
        let done = slip.look(&slip.leader, 1, json!({ "what": "A plum", "finding": "Medlar" })).await;
        assert_eq!(done.status, 200, "{}", done.text());
        let store = &slip.site.test.store;
        let mut reader = store.read(&slip.site.test.trust);
        let this = [slip.case.parse().unwrap()].into();
        for (who, sees) in [(&slip.head, true), (&slip.leader, false), (&slip.sam, false)] {
            // Who decides what of it is given to somebody who asks for what is held about them sees all of it.
            let whole = cases::seen_whole(&mut reader, store, &actor_of(&slip, who), &this).await.unwrap();
            assert_eq!(whole.len(), usize::from(sees));
            let filed = cases::on_file(&mut reader, store, &actor_of(&slip, who), &slip.sam.id).await.unwrap();
            let [filed] = filed.as_slice() else { panic!("{filed:?}") };
            assert_eq!(filed.case.answers.contains_key("secret"), sees);
            assert_eq!(filed.case.done.iter().any(|done| done.answers.contains_key("finding")), sees);
        }
    }

    async fn a_file_in_such_an_answer_goes_to_nobody_else(test: TestStore) {
        let slip = slip(test).await;
        let (test, id) = (&slip.site.test, slip.case.parse().unwrap());
        let files = Attachments::new(test.folder().join("attachments"), 1_000_000);
        let picture = Bytes::from_static(b"\x89PNG\r\n\x1a\na picture");
        let body = futures_util::stream::iter([Ok::<_, Infallible>(picture)]);
        let file = files.receive(&test.store, &test.trust, "quince.png", body).await.unwrap();
        let taking = cases::Taking {
            step: "look".into(),
            revision: 1,
            note: String::new(),
            answers: [("what", "A plum"), ("finding", "Medlar"), ("secret", "Quince")]
                .map(|(name, says)| (name.to_owned(), vec![says.to_owned()]))
                .into(),
        };
        let brought = cases::Brought { field: Some("paper".into()), file };
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        let head = actor_of(&slip, &slip.head);
        let engine = slip.site.app.engine();
        let taken = cases::take_with_evidence(&mut tx, (&engine, &files), &head, &id, taking, vec![brought]);
        let paper = taken.await.unwrap().answers["paper"][0].parse().unwrap();
        tx.commit().await.unwrap();
        for (who, sees) in [(&slip.head, true), (&slip.leader, false), (&slip.sam, false)] {
            let actor = actor_of(&slip, who);
            let listed = cases::evidence_of(&test.store, &files, &actor, &id).await.unwrap();
            let opened = cases::open_evidence(&test.store, &files, &actor, &id, &paper).await;
            let mut tx = test.store.begin(&test.trust).await.unwrap();
            let seen = cases::see(&mut tx, &actor, &id).await.unwrap();
            tx.commit_unrecorded().await.unwrap();
            assert_eq!((listed.len(), seen.evidence.len(), opened.is_ok()), (usize::from(sees), usize::from(sees), sees));
        }
    }

    async fn a_step_with_a_page_of_its_own_says_where_it_is_taken(test: TestStore) {
        let slip = slip(test).await;
        let seen = slip.site.get(&slip.sam, &format!("/api/v1/cases/{}", slip.case)).await.json();
        let page = format!("/quiz/{}", slip.case);
        assert_eq!((seen["steps"][0]["id"].clone(), seen["steps"][0]["taken_on"].clone()), (json!("sit"), json!(page)));
        let step = format!("/api/v1/cases/{}/steps/sit", slip.case);
        let tried = slip.site.post(&slip.sam, &step, json!({ "revision": 1 })).await;
        assert_eq!(tried.status, 403);
        assert!(tried.json()["detail"].as_str().unwrap().contains(&page), "{}", tried.text());
        let seen = slip.site.get(&slip.head, &format!("/api/v1/cases/{}", slip.case)).await.json();
        assert!(seen["steps"].as_array().unwrap().iter().all(|step| step["taken_on"].is_null()), "{seen}");
    }
}
