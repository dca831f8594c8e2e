use std::time::Duration;

use axum::http::StatusCode;
use scraper::{Html, Selector};

use super::site::{Browser, PASSWORD, events, give, person, signed_in, site, with_password};
use crate::store::testing::on_both;

/// The values of a summary list, and what stands out.
fn shown(page: &str) -> Vec<String> {
    let page = Html::parse_document(page);
    let selector = Selector::parse("dd.govuk-summary-list__value, p.app-break strong").unwrap();
    let texts = page
        .select(&selector)
        .map(|found| found.text().collect::<String>());
    texts.map(|text| text.trim().to_owned()).collect()
}

fn path(link: &str) -> String {
    let (_, token) = link.split_once("/sign-in/link/").unwrap();
    format!("/sign-in/link/{token}")
}

on_both! {
    async fn an_invitation_is_used_up_only_by_a_password_that_is_taken(test: TestStore) {
        let kate = person(&test, "p1", &["staff"]).await;
        let it = person(&test, "p2", &["it"]).await;
        let mut desk = signed_in(&test, &it).await;
        assert!(desk.get("/people/p1/sign-in").await.text.contains("Make an invitation"));
        let page = desk.post("/people/p1/sign-in/invite", &[]).await.text;
        let link = path(&shown(&page)[0]);
        let mut browser = Browser::new(&site(&test));
        assert!(browser.get(&link).await.text.contains("Choose a password"));
        let weak = [("password", "password1234"), ("again", "password1234")];
        assert_eq!(browser.post(&link, &weak).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let strong = [("password", PASSWORD), ("again", PASSWORD)];
        assert_eq!(browser.post(&link, &strong).await.location, "/home");
        assert!(browser.signed_in().await);
        assert_eq!(browser.post(&link, &strong).await.status, StatusCode::GONE);
        let mut elsewhere = Browser::new(&site(&test));
        let fields = [("name", "p1@elm.example"), ("password", PASSWORD)];
        assert_eq!(elsewhere.post("/sign-in", &fields).await.location, "/home");
        let kinds = ["sign-in.invited", "sign-in.password-set", "sign-in.by-link", "sign-in.by-password"];
        assert_eq!(events(&test, &kate).await, kinds);
    }

    async fn a_reset_works_while_tries_are_slowed_down_and_for_one_hour(test: TestStore) {
        let kate = person(&test, "p1", &["staff"]).await;
        with_password(&test, &kate).await;
        let it = person(&test, "p2", &["it"]).await;
        let mut desk = signed_in(&test, &it).await;
        let first = path(&shown(&desk.post("/people/p1/sign-in/reset", &[]).await.text)[0]);
        test.hand.advance(Duration::from_secs(3600));
        let mut browser = Browser::new(&site(&test));
        let new = [("password", "harbour violin cactus"), ("again", "harbour violin cactus")];
        assert_eq!(browser.post(&first, &new).await.status, StatusCode::GONE);
        for _ in 0..7 {
            browser.post("/sign-in", &[("name", "p1@elm.example"), ("password", "wrong")]).await;
        }
        let mut desk = signed_in(&test, &it).await;
        let link = path(&shown(&desk.post("/people/p1/sign-in/reset", &[]).await.text)[0]);
        assert_eq!(browser.post(&link, &new).await.location, "/home");
        assert!(browser.signed_in().await);
    }

    async fn a_code_on_paper_works_once_and_sets_a_password(test: TestStore) {
        let kate = person(&test, "p1", &["staff"]).await;
        let it = person(&test, "p2", &["it"]).await;
        let mut desk = signed_in(&test, &it).await;
        let issued = shown(&desk.post("/people/p1/sign-in/code", &[]).await.text);
        let [name, code] = issued.as_slice() else { panic!("{issued:?}") };
        assert_eq!(name, "k.adeyemi");
        let mut browser = Browser::new(&site(&test));
        let fields = |code: &'static str, password: &'static str| [("name", "k.adeyemi"), ("code", code), ("password", password), ("again", password)];
        let wrong = browser.post("/sign-in/code", &fields("ABCDEFGHJKLM", PASSWORD)).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        let code: &'static str = code.to_lowercase().replace('-', " ").leak();
        let weak = browser.post("/sign-in/code", &fields(code, "password1234")).await;
        assert_eq!(weak.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(browser.post("/sign-in/code", &fields(code, PASSWORD)).await.location, "/home");
        let again = Browser::new(&site(&test)).post("/sign-in/code", &fields(code, PASSWORD)).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "replayed");
        let fields = [("name", "k.adeyemi"), ("password", PASSWORD)];
        assert_eq!(browser.post("/sign-in", &fields).await.location, "/home");
        assert!(events(&test, &kate).await.contains(&"sign-in.code-issued".to_owned()));
    }

    async fn a_code_on_paper_is_over_after_a_week(test: TestStore) {
        person(&test, "p1", &["staff"]).await;
        let it = person(&test, "p2", &["it"]).await;
        let mut desk = signed_in(&test, &it).await;
        let issued = shown(&desk.post("/people/p1/sign-in/code", &[]).await.text);
        test.hand.advance(Duration::from_secs(7 * 24 * 3600));
        let fields = [("name", "k.adeyemi"), ("code", issued[1].as_str()), ("password", PASSWORD), ("again", PASSWORD)];
        let late = Browser::new(&site(&test)).post("/sign-in/code", &fields).await;
        assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    }

    async fn nobody_takes_over_a_person_who_has_rights_that_they_have_not(test: TestStore) {
        person(&test, "p1", &["head"]).await;
        let it = person(&test, "p2", &["it"]).await;
        let mut desk = signed_in(&test, &it).await;
        assert_eq!(desk.get("/people/p1/sign-in").await.status, StatusCode::OK);
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        tx.execute(
            "INSERT INTO held_role (trust, id, person, role, school) \
             VALUES ($1, 'r9', 'p1', 'trust-administrator', NULL)",
            crate::values![],
        )
        .await
        .unwrap();
        tx.commit_unrecorded().await.unwrap();
        for action in ["invite", "reset", "code", "end-sessions", "remove-factor"] {
            let answer = desk.post(&format!("/people/p1/sign-in/{action}"), &[]).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{action}");
        }
        give(&test, "p2", "staff").await;
        assert_eq!(desk.get("/people/nobody/sign-in").await.status, StatusCode::NOT_FOUND);
    }

    async fn sessions_and_a_second_factor_are_taken_away(test: TestStore) {
        let kate = person(&test, "p1", &["staff"]).await;
        let it = person(&test, "p2", &["it"]).await;
        let mut browser = signed_in(&test, &kate).await;
        let mut desk = signed_in(&test, &it).await;
        desk.post("/people/p1/sign-in/end-sessions", &[]).await;
        assert!(!browser.signed_in().await);
        desk.post("/people/p1/sign-in/remove-factor", &[]).await;
        let kinds = ["sign-in.sessions-ended", "sign-in.second-factor-removed"];
        assert_eq!(events(&test, &kate).await, kinds);
    }
}
