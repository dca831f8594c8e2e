//! Pages of cases of made registers: one in the open, and one kept from whom it is about.

mod evidence;
mod kept;

use std::ops::Deref;
use std::sync::Arc;

use axum::http::StatusCode;

use crate::authority::Role;
use crate::cases::tests::made;
use crate::cases::{Case, Engine};
use crate::clock::Clock;
use crate::people::Person;
use crate::policies::Policies;
use crate::store::testing::TestStore;
use crate::web::App;
use crate::web::testing::TestSite;

/// A site where Hana heads Ash Primary, Sam is a senior leader there, and Tom and Una work there.
struct Site {
    site: TestSite,
    engine: Engine,
    hana: Person,
    sam: Person,
    tom: Person,
    una: Person,
}

impl Deref for Site {
    type Target = TestSite;

    fn deref(&self) -> &TestSite {
        &self.site
    }
}

impl Site {
    async fn open() -> Self {
        let test = TestStore::sqlite().await;
        let policies = Arc::new(Policies::load(Some(made::registers(&test))).unwrap());
        let engine = Engine::new(Arc::clone(&policies));
        let app = App::new(policies, Clock::fixed(jiff::civil::date(2026, 11, 20))).unwrap();
        let site = TestSite::over(app, test);
        let ash = Some("ash");
        Self {
            hana: site.person("Hana", Role::Head, ash).await,
            sam: site.person("Sam", Role::SeniorLeader, ash).await,
            tom: site.person("Tom", Role::Staff, ash).await,
            una: site.person("Una", Role::Staff, ash).await,
            engine,
            site,
        }
    }

    /// A case that Tom opens about Una.
    async fn case(&self, register: &str) -> Case {
        let una = self.una.id.to_string();
        let answers: &[(&str, &str)] = match register {
            "note" => &[
                ("about", &una),
                ("title", "Screenshots"),
                ("private", "Divorce"),
            ],
            _ => &[("about", &una), ("what", "Shouting in the corridor")],
        };
        let tom = made::of(&self.test, &self.tom, Role::Staff);
        made::open(&self.test, &self.engine, &tom, register, answers)
            .await
            .unwrap()
    }
}

#[tokio::test]
async fn the_list_shows_what_is_theirs_filtered_and_counted() {
    let site = Site::open().await;
    let empty = site.get(&site.hana, "/cases").await.text;
    assert!(empty.contains("There is nothing here."), "{empty}");
    let case = site.case("note").await;
    let page = site.get(&site.hana, "/cases?register=note").await.text;
    for told in [
        "NOT-2026-0001",
        "Note on file",
        "Title",
        "Screenshots",
        "Ash Primary",
        "Open (1)",
        "Waiting for you (1)",
    ] {
        assert!(page.contains(told), "{told}: {page}");
    }
    assert!(
        !page.contains("Divorce") && !page.contains("Overdue"),
        "{page}"
    );
    let over = site.get(&site.hana, "/cases?show=closed").await.text;
    assert!(
        over.contains("No case was found.") || over.contains("There is nothing here."),
        "{over}"
    );
    let other = site.get(&site.hana, "/cases?reference=not-2025").await.text;
    assert!(
        other.contains("No case was found.") && !other.contains(case.id.as_str()),
        "{other}"
    );
    // Una sees the outline: no answer, in the list or on the page.
    let outline = site.get(&site.una, "/cases?register=note").await.text;
    assert!(
        outline.contains("NOT-2026-0001") && outline.contains("Outline only"),
        "{outline}"
    );
    assert!(!outline.contains("Screenshots"), "{outline}");
    let outline = site
        .get(&site.una, &format!("/cases/{}", case.id))
        .await
        .text;
    assert!(
        outline.contains("You see the outline of this case"),
        "{outline}"
    );
    for kept in [
        "Screenshots",
        "Divorce",
        "Tom Okafor",
        "Add evidence",
        "I will look after it",
    ] {
        assert!(!outline.contains(kept), "{kept}: {outline}");
    }
}

#[tokio::test]
async fn a_view_is_saved_shown_and_deleted() {
    let site = Site::open().await;
    let wrong = site
        .send(
            &site.hana,
            "POST",
            "/cases/views",
            "name=&query=show%3Dclosed",
        )
        .await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        wrong.text.contains("Give the view a name"),
        "{}",
        wrong.text
    );
    let body = "name=Over+and+done&query=show%3Dclosed%26page%3D7%26x%3Dy";
    let saved = site.send(&site.hana, "POST", "/cases/views", body).await;
    assert_eq!(saved.location, "/cases?show=closed&done=saved");
    let list = site.get(&site.hana, &saved.location).await.text;
    assert!(
        list.contains("Over and done") && list.contains("The view was saved"),
        "{list}"
    );
    assert!(
        !site
            .get(&site.sam, "/cases")
            .await
            .text
            .contains("Over and done")
    );
    let delete = list
        .split("/cases/views/")
        .nth(2)
        .or(list.split("/cases/views/").nth(1))
        .unwrap();
    let id = delete.split('/').next().unwrap().trim_matches('"');
    let address = format!("/cases/views/{id}/delete");
    assert_eq!(
        site.get(&site.sam, &address).await.status,
        StatusCode::NOT_FOUND
    );
    assert!(
        site.get(&site.hana, &address)
            .await
            .text
            .contains("Delete this saved view")
    );
    let deleted = site.send(&site.hana, "POST", &address, "").await;
    assert_eq!(deleted.location, "/cases?done=deleted");
    assert!(
        !site
            .get(&site.hana, "/cases")
            .await
            .text
            .contains("Over and done")
    );
}

#[tokio::test]
async fn a_case_shows_all_of_itself_and_is_given_to_somebody() {
    let site = Site::open().await;
    let case = site.case("note").await;
    let address = format!("/cases/{}", case.id);
    let page = site.get(&site.hana, &address).await.text;
    for told in [
        "NOT-2026-0001",
        "Screenshots",
        "Divorce",
        "Sensitive",
        "Una Okafor",
        "by Tom Okafor",
        "Tom Okafor, member of staff",
        "Head or senior leader",
        "Look at it",
        "Set by law",
        "Correct the note",
        "Say that it was seen",
        "I will look after it",
        "Sam Okafor",
    ] {
        assert!(page.contains(told), "{told}: {page}");
    }
    assert!(!page.contains("Close the note"), "{page}");
    let assign = format!("{address}/assign");
    let stranger = format!("to={}&revision={}", site.tom.id, case.revision);
    let refused = site.send(&site.hana, "POST", &assign, &stranger).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused.text.contains("Choose somebody from the list."),
        "{}",
        refused.text
    );
    let sam = format!("to={}&revision={}", site.sam.id, case.revision);
    let given = site.send(&site.hana, "POST", &assign, &sam).await;
    assert_eq!(
        given.location,
        format!("{address}?done=assigned"),
        "{}",
        given.text
    );
    let late = site
        .send(&site.hana, "POST", &assign, "to=me&revision=1")
        .await;
    assert!(
        late.text.contains("Somebody changed this case"),
        "{}",
        late.text
    );
    let page = site.get(&site.sam, &given.location).await.text;
    assert!(
        page.contains("You look after this case.") && page.contains("It was given to somebody"),
        "{page}"
    );
}

#[tokio::test]
async fn a_step_is_taken_with_what_it_asks_and_says_what_followed() {
    let site = Site::open().await;
    let case = site.case("note").await;
    let address = format!("/cases/{}", case.id);
    let correct = format!("{address}/steps/correct");
    let form = site.get(&site.hana, &correct).await.text;
    for told in ["Correct what is wrong.", "value=\"Screenshots\"", "Say why"] {
        assert!(form.contains(told), "{told}: {form}");
    }
    let wrong = site
        .send(
            &site.hana,
            "POST",
            &correct,
            "revision=1&seen=1&title=&note=",
        )
        .await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("Say why in a note."), "{}", wrong.text);
    let wrong = site
        .send(
            &site.hana,
            "POST",
            &correct,
            "revision=1&seen=1&title=&note=Spelling",
        )
        .await;
    assert!(
        wrong.text.contains("Fill this in: Title") && wrong.text.contains("Spelling"),
        "{}",
        wrong.text
    );
    let body = "revision=1&seen=1&title=Concert&note=Another+play";
    let taken = site.send(&site.hana, "POST", &correct, body).await;
    assert_eq!(
        taken.location,
        format!("{address}?step=correct"),
        "{}",
        taken.text
    );
    let page = site.get(&site.hana, &taken.location).await.text;
    for told in [
        "Done: Correct the note",
        "Title corrected",
        "Screenshots",
        "Concert",
        "Another play",
        "Hana Okafor, head",
    ] {
        assert!(page.contains(told), "{told}: {page}");
    }
    // The banner is for whoever took the step.
    assert!(
        !site
            .get(&site.sam, &taken.location)
            .await
            .text
            .contains("Done: ")
    );
    let look = format!("{address}/steps/look");
    let before = site.get(&site.hana, &look).await.text;
    for told in [
        "What this does",
        "Where it stands: Seen.",
        "Told of it, without details: who opened it.",
        "personnel file",
        "cannot be taken back",
    ] {
        assert!(before.contains(told), "{told}: {before}");
    }
    assert!(!before.contains("What came of it?"), "{before}");
    assert!(
        site.get(&site.hana, &format!("{look}?sure=yes"))
            .await
            .text
            .contains("What came of it?")
    );
    let taken = site
        .send(&site.hana, "POST", &look, "revision=2&seen=2&outcome=talk")
        .await;
    let page = site.get(&site.hana, &taken.location).await.text;
    for told in [
        "It is on the personnel file.",
        "This case is on the personnel file",
        "A talk",
        "A file of evidence must be on the case first",
    ] {
        assert!(page.contains(told), "{told}: {page}");
    }
}

#[tokio::test]
async fn the_second_of_two_is_told_what_changed_and_keeps_what_they_typed() {
    let site = Site::open().await;
    let case = site.case("note").await;
    let steps = format!("/cases/{}/steps", case.id);
    let first = "revision=1&seen=1&title=Concert&note=It+was+a+concert";
    site.send(&site.hana, "POST", &format!("{steps}/correct"), first)
        .await;
    let second = "revision=1&seen=1&title=Play&note=It+was+a+play";
    let answer = site
        .send(&site.sam, "POST", &format!("{steps}/correct"), second)
        .await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    for told in [
        "Somebody changed this case",
        "Hana Okafor, head",
        "It was a concert",
        "value=\"Play\"",
        "It was a play",
        "name=\"revision\" value=\"2\"",
    ] {
        assert!(answer.text.contains(told), "{told}: {}", answer.text);
    }
    // The same again, now knowingly.
    let again = second.replace("revision=1&seen=1", "revision=2&seen=2");
    let taken = site
        .send(&site.sam, "POST", &format!("{steps}/correct"), &again)
        .await;
    assert_eq!(taken.status, StatusCode::SEE_OTHER, "{}", taken.text);
    site.send(
        &site.hana,
        "POST",
        &format!("{steps}/look"),
        "revision=3&seen=3&outcome=talk",
    )
    .await;
    let gone = site
        .send(&site.sam, "POST", &format!("{steps}/correct"), &again)
        .await;
    assert_eq!(gone.status, StatusCode::CONFLICT);
    for told in [
        "no longer open to you",
        "It was a play",
        "Say that it was seen",
    ] {
        assert!(gone.text.contains(told), "{told}: {}", gone.text);
    }
    let form = site.get(&site.sam, &format!("{steps}/correct")).await;
    assert_eq!(form.status, StatusCode::FORBIDDEN);
}
