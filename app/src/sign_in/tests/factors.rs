use std::time::Duration;

use axum::http::StatusCode;
use scraper::{Html, Selector};
use totp_rs::{Builder, Secret, Totp};

use super::site::{Answer, Browser, PASSWORD, events, person, signed_in, site, with_password};
use crate::store::PersonId;
use crate::store::testing::{TestStore, on_both};

/// The texts of the elements that a selector finds.
fn texts(page: &str, selector: &str) -> Vec<String> {
    let page = Html::parse_document(page);
    let selector = Selector::parse(selector).unwrap();
    page.select(&selector)
        .map(|found| found.text().collect())
        .collect()
}

fn now(test: &TestStore) -> u64 {
    u64::try_from(test.store.clock().now().as_second()).unwrap()
}

/// Sets the second factor up through the pages; gives its codes and the recovery codes.
pub(super) async fn set_up(test: &TestStore, kate: &PersonId) -> (Totp, Vec<String>) {
    let mut browser = signed_in(test, kate).await;
    assert_eq!(
        browser.post("/me/second-factor/begin", &[]).await.location,
        "/me/second-factor"
    );
    let page = browser.get("/me/second-factor").await.text;
    let key = texts(&page, "p > strong").remove(0).replace(' ', "");
    let picture = browser.get("/me/second-factor/picture.svg").await;
    assert!(picture.text.starts_with("<svg"));
    let secret = Secret::try_from_base32(key).unwrap();
    let totp = Builder::new()
        .with_secret(secret)
        .with_account_name("x")
        .build()
        .unwrap();
    let wrong = browser
        .post("/me/second-factor", &[("code", "000000")])
        .await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let code = totp.generate(now(test)).to_string();
    let done = browser.post("/me/second-factor", &[("code", &code)]).await;
    assert_eq!(done.status, StatusCode::OK);
    let shown = browser.get("/me/second-factor").await.status;
    assert_eq!(shown, StatusCode::CONFLICT, "the secret is not shown again");
    (totp, texts(&done.text, "li code"))
}

async fn half(test: &TestStore) -> Browser {
    let mut browser = Browser::new(&site(test));
    let fields = [("name", "p1@elm.example"), ("password", PASSWORD)];
    let answer = browser.post("/sign-in", &fields).await;
    assert_eq!(answer.location, "/sign-in/second-step");
    assert!(!browser.signed_in().await, "half is nothing");
    browser
}

async fn second(browser: &mut Browser, code: &str) -> Answer {
    browser
        .post("/sign-in/second-step", &[("code", code)])
        .await
}

on_both! {
    async fn a_second_factor_is_asked_for_and_each_code_works_once(test: TestStore) {
        let kate = person(&test, "p1", &["head"]).await;
        with_password(&test, &kate).await;
        let (totp, _) = set_up(&test, &kate).await;
        let used = totp.generate(now(&test)).to_string();
        let mut browser = half(&test).await;
        assert_eq!(second(&mut browser, &used).await.status, StatusCode::UNPROCESSABLE_ENTITY, "used to set it up");
        test.hand.advance(Duration::from_secs(30));
        let code = totp.generate(now(&test)).to_string();
        let late = totp.generate(now(&test) - 90).to_string();
        assert_eq!(second(&mut browser, &late).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let halfway = browser.cookies["probity-half"].clone();
        assert_eq!(second(&mut browser, &code).await.location, "/home");
        assert!(browser.signed_in().await);
        let mut replaying = half(&test).await;
        assert_eq!(second(&mut replaying, &code).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        test.hand.advance(Duration::from_secs(30));
        let next = totp.generate(now(&test)).to_string();
        replaying.cookies.insert("probity-half".into(), halfway);
        assert_eq!(second(&mut replaying, &next).await.location, "/sign-in", "a half that became whole");
    }

    async fn a_half_sign_in_lasts_ten_minutes(test: TestStore) {
        let kate = person(&test, "p1", &["head"]).await;
        with_password(&test, &kate).await;
        let (totp, _) = set_up(&test, &kate).await;
        let mut browser = half(&test).await;
        test.hand.advance(Duration::from_secs(600));
        let code = totp.generate(now(&test)).to_string();
        assert_eq!(second(&mut browser, &code).await.location, "/sign-in");
    }

    async fn a_recovery_code_works_once_and_only_for_its_owner(test: TestStore) {
        let kate = person(&test, "p1", &["head"]).await;
        with_password(&test, &kate).await;
        let (_, codes) = set_up(&test, &kate).await;
        assert_eq!(codes.len(), 10);
        let typed = codes[0].to_lowercase().replace('-', " ");
        let mut browser = half(&test).await;
        assert_eq!(second(&mut browser, &typed).await.location, "/home");
        let mut replaying = half(&test).await;
        assert_eq!(second(&mut replaying, &codes[0]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(second(&mut replaying, "").await.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(events(&test, &kate).await.contains(&"sign-in.recovery-code-used".to_owned()));
        let page = browser.get("/me/sign-in").await.text;
        assert!(page.contains("9 recovery codes left"));
        let renewed = browser.post("/me/recovery-codes", &[]).await.text;
        assert_eq!(texts(&renewed, "li code").len(), 10);
        assert_eq!(second(&mut replaying, &codes[1]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(browser.post("/me/second-factor/remove", &[]).await.location, "/me/sign-in");
        let mut plain = Browser::new(&site(&test));
        let fields = [("name", "p1@elm.example"), ("password", PASSWORD)];
        assert_eq!(plain.post("/sign-in", &fields).await.location, "/home");
    }

    async fn guesses_at_the_second_factor_are_slowed_down(test: TestStore) {
        let kate = person(&test, "p1", &["head"]).await;
        with_password(&test, &kate).await;
        set_up(&test, &kate).await;
        let mut browser = half(&test).await;
        for _ in 0..6 {
            second(&mut browser, "000000").await;
        }
        assert_eq!(second(&mut browser, "000000").await.status, StatusCode::TOO_MANY_REQUESTS);
    }
}
