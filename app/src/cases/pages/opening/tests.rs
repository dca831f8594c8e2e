//! The pages of opening a case, driven as their readers drive them.

use axum::http::StatusCode;

use crate::authority::Role;
use crate::people::Person;
use crate::web::testing::{Answer, TestSite};

/// Begins a declaration; gives the address of its draft.
async fn begin(site: &TestSite, who: &Person) -> String {
    let begun = site.send(who, "POST", "/registers/declaration", "").await;
    assert_eq!(begun.status, StatusCode::SEE_OTHER);
    let (draft, first) = begun.location.rsplit_once('/').unwrap();
    assert_eq!(first, "with");
    draft.to_owned()
}

async fn answer(site: &TestSite, who: &Person, draft: &str, field: &str, body: &str) -> Answer {
    site.send(who, "POST", &format!("{draft}/{field}"), body)
        .await
}

/// Answers what must be answered of a declaration about a colleague.
async fn fill(site: &TestSite, who: &Person, draft: &str) {
    for _ in 0..20 {
        let next = site.get(who, draft).await.location;
        let Some(field) = next.rsplit('/').next().filter(|field| !field.is_empty()) else {
            return;
        };
        let body = match field {
            "with" => "with=staff".to_owned(),
            "occasion" => "occasion=new".to_owned(),
            "online" => "online=no".to_owned(),
            text => {
                format!("{text}=We+play+in+one+band&{text}-day=1&{text}-month=2&{text}-year=2024")
            }
        };
        let saved = answer(site, who, draft, field, &body).await;
        assert_eq!(
            saved.status,
            StatusCode::SEE_OTHER,
            "{field}: {}",
            saved.text
        );
    }
}

#[tokio::test]
async fn a_declaration_is_begun_carried_on_checked_and_sent() {
    let site = TestSite::open().await;
    let ann = site.person("Ann", Role::Staff, Some("ash")).await;
    let kim = site.person("Kim", Role::Staff, Some("ash")).await;
    let page = site.get(&ann, "/registers").await;
    assert!(
        page.text.contains("Declare something") && page.text.contains("/registers/declaration")
    );
    assert!(!page.text.contains("Forms you have begun"));
    let found = site.get(&ann, "/registers?q=zebra").await;
    assert!(found.text.contains("No form was found for"));

    let start = site.get(&ann, "/registers/declaration").await;
    assert!(start.text.contains("Start now") && start.text.contains("Before you start"));
    let draft = begin(&site, &ann).await;
    let question = site.get(&ann, &format!("{draft}/with")).await;
    assert!(
        question.text.contains("question 1 of") && question.text.contains("Who is the tie with?")
    );
    let wrong = answer(&site, &ann, &draft, "with", "").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("There is a problem") && wrong.text.contains("href=\"#with\""));
    let hidden = site.get(&ann, &format!("{draft}/colleague")).await;
    assert_eq!(hidden.status, StatusCode::NOT_FOUND);
    fill(&site, &ann, &draft).await;

    let check = site.get(&ann, &draft).await;
    assert!(check.text.contains("Check your answers") && check.text.contains("A colleague"));
    assert!(check.text.contains("Send this declaration"));
    for address in [draft.clone(), format!("{draft}/with")] {
        assert_eq!(site.get(&kim, &address).await.status, StatusCode::NOT_FOUND);
    }
    assert!(
        site.get(&ann, "/registers")
            .await
            .text
            .contains("Forms you have begun")
    );
    let sent = site.send(&ann, "POST", &draft, "").await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    let done = site.get(&ann, &sent.location).await;
    assert!(
        done.text.contains("DEC-2026-0001") && done.text.contains("It now waits for"),
        "{}",
        done.text
    );
    assert_eq!(
        site.get(&kim, &sent.location).await.status,
        StatusCode::NOT_FOUND
    );
    let again = site.send(&ann, "POST", &draft, "").await;
    assert_eq!(again.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_colleague_is_named_by_part_of_a_name() {
    let site = TestSite::open().await;
    let ann = site.person("Ann", Role::Staff, Some("ash")).await;
    site.person("Kim", Role::Staff, Some("ash")).await;
    site.person("Kimberley", Role::Staff, Some("ash")).await;
    site.person("Zoe", Role::Staff, Some("oak")).await;
    let draft = begin(&site, &ann).await;
    answer(&site, &ann, &draft, "with", "with=staff").await;
    let nobody = answer(&site, &ann, &draft, "colleague", "colleague=Zoe").await;
    assert!(
        nobody.text.contains("Nobody called"),
        "of another school: {}",
        nobody.text
    );
    let several = answer(&site, &ann, &draft, "colleague", "colleague=kim").await;
    assert!(several.text.contains("Which of them do you mean?"));
    assert!(several.text.contains("Kimberley Okafor") && !several.text.contains("elm.example"));
    assert!(!several.text.contains("There is a problem"));
    let unchosen = "colleague=kim&colleague-shown=kim";
    let unchosen = answer(&site, &ann, &draft, "colleague", unchosen).await;
    assert!(unchosen.text.contains("Choose which of them you mean"));
    let one = answer(&site, &ann, &draft, "colleague", "colleague=Kimberley").await;
    assert_eq!(one.status, StatusCode::SEE_OTHER, "{}", one.text);
    let kept = site.get(&ann, &format!("{draft}/colleague")).await;
    assert!(
        kept.text.contains("value=\"Kimberley Okafor\"") && kept.text.contains("colleague-was")
    );
}

#[tokio::test]
async fn an_answer_that_led_here_fills_in_what_it_tells() {
    let site = TestSite::open().await;
    let ann = site.person("Ann", Role::Staff, Some("ash")).await;
    let told = "other=pupil&tie_family_friend=yes&nonsense=1&other_age=ninety";
    let start = site
        .get(&ann, &format!("/registers/declaration?{told}"))
        .await;
    assert!(
        start.text.contains("name=\"other\" value=\"pupil\"") && !start.text.contains("nonsense")
    );
    let begun = site
        .send(&ann, "POST", "/registers/declaration", told)
        .await;
    let page = site.get(&ann, &begun.location).await;
    let checked = page.text.split("value=\"pupil\"").nth(1).unwrap();
    assert!(checked.trim_start().starts_with("checked"), "{checked}");
}

#[tokio::test]
async fn a_draft_is_discarded_after_a_question() {
    let site = TestSite::open().await;
    let ann = site.person("Ann", Role::Staff, Some("ash")).await;
    let draft = begin(&site, &ann).await;
    let discard = draft.replace("/drafts/", "/discard-draft/");
    assert!(
        site.get(&ann, &discard)
            .await
            .text
            .contains("Discard this form?")
    );
    let done = site.send(&ann, "POST", &discard, "").await;
    assert!(
        site.get(&ann, &done.location)
            .await
            .text
            .contains("The form was discarded")
    );
    assert_eq!(site.get(&ann, &draft).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn whoever_works_at_two_schools_chooses_first() {
    let site = TestSite::open().await;
    let ada = site.person("Ada", Role::TrustAdministrator, None).await;
    let page = site.get(&ada, "/registers").await;
    assert_eq!(page.status, StatusCode::OK);
    let refused = site.get(&ada, "/registers/declaration").await;
    assert_eq!(refused.status, StatusCode::NOT_FOUND, "not theirs to open");
    let mut tx = site.test.store.begin(&site.test.trust).await.unwrap();
    let new = crate::people::NewRole {
        role: Role::Governor,
        school: None,
        starts_on: None,
        ends_on: None,
    };
    let permit = site.operator(crate::authority::Action::GiveRoles);
    crate::people::give_role(&mut tx, &permit, &ada.id, new)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let choose = site.get(&ada, "/registers/declaration?other=staff").await;
    assert!(choose.text.contains("Which school is it about?"));
    assert!(choose.text.contains("The trust as a whole") && choose.text.contains("name=\"other\""));
    let unchosen = site.get(&ada, "/registers/declaration?asked=yes").await;
    assert!(unchosen.text.contains("Choose what it is about"));
    let chosen = site
        .get(&ada, "/registers/declaration?asked=yes&school=ash")
        .await;
    assert!(chosen.text.contains("Start now"));
}

#[tokio::test]
async fn the_public_sends_a_form_and_has_a_receipt() {
    let site = TestSite::open().await;
    let nobody = site.nobody("GET", "/public", "").await;
    assert!(nobody.text.contains("/public/complaint"), "{}", nobody.text);
    assert_eq!(
        site.nobody("GET", "/public/declaration", "").await.status,
        StatusCode::NOT_FOUND
    );
    let form = site.nobody("GET", "/public/complaint", "").await;
    assert_eq!(form.status, StatusCode::OK);
    let wrong = site.nobody("POST", "/public/complaint", "").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let unknown = site.nobody("POST", "/receipts", "code=ABCD-EFGH").await;
    assert!(unknown.text.contains("No receipt has this code"));
}
