//! What is kept from somebody, and searching.

use super::*;

#[tokio::test]
async fn whom_a_case_is_kept_from_learns_nothing_of_it() {
    let site = Site::open().await;
    let before = [
        site.get(&site.una, "/cases?show=all").await.text,
        site.get(&site.una, "/search?q=WOR-2026-0001").await.text,
        site.get(&site.una, "/search?q=Una+Okafor&register=worry")
            .await
            .text,
        site.get(&site.una, "/cases/nothing").await.text,
    ];
    let case = site.case("worry").await;
    let page = site
        .get(&site.hana, &format!("/cases/{}", case.id))
        .await
        .text;
    assert!(
        page.contains("Shouting in the corridor")
            && page.contains("The ledger now says that you read it"),
        "{page}"
    );
    let found = site.get(&site.hana, "/search?q=Una+Okafor").await.text;
    assert!(found.contains("WOR-2026-0001"), "{found}");
    let after = [
        site.get(&site.una, "/cases?show=all").await.text,
        site.get(&site.una, "/search?q=WOR-2026-0001").await.text,
        site.get(&site.una, "/search?q=Una+Okafor&register=worry")
            .await
            .text,
        site.get(&site.una, &format!("/cases/{}", case.id))
            .await
            .text,
    ];
    assert_eq!(before, after);
    for (method, address) in [
        ("GET", "steps/close"),
        ("POST", "steps/close"),
        ("POST", "assign"),
        ("POST", "evidence"),
        ("GET", "evidence/none"),
    ] {
        let there = site
            .send(
                &site.una,
                method,
                &format!("/cases/{}/{address}", case.id),
                "to=me&revision=1",
            )
            .await;
        let nowhere = site
            .send(
                &site.una,
                method,
                &format!("/cases/nothing/{address}"),
                "to=me&revision=1",
            )
            .await;
        assert_eq!(
            (there.status, &there.text),
            (nowhere.status, &nowhere.text),
            "{address}"
        );
        assert_eq!(there.status, StatusCode::NOT_FOUND, "{address}");
    }
}

#[tokio::test]
async fn a_search_says_what_is_wrong_with_a_day() {
    let site = Site::open().await;
    let page = site
        .get(
            &site.hana,
            "/search?q=&from-day=31&from-month=2&from-year=2026",
        )
        .await
        .text;
    assert!(
        page.contains("Enter a real date") && page.contains("Error: Search cases"),
        "{page}"
    );
    site.case("note").await;
    let page = site
        .get(
            &site.hana,
            "/search?q=screenshot&to-day=20&to-month=11&to-year=2026",
        )
        .await
        .text;
    assert!(page.contains("NOT-2026-0001"), "{page}");
    let page = site.get(&site.hana, "/search?q=disco").await.text;
    assert!(page.contains("No case was found."), "{page}");
}
