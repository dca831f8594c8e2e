use axum::http::StatusCode;

use crate::authority::Role;
use crate::pupils::{self, Pupil};
use crate::store::{PersonId, Query as _};
use crate::values;
use crate::web::testing::TestSite;

/// All pupils, whole.
async fn pupils_of(site: &TestSite) -> Vec<Pupil> {
    pupils::all(&site.test.store, &site.test.trust)
        .await
        .unwrap()
}

async fn count(site: &TestSite, sql: &'static str, person: &PersonId) -> u64 {
    let mut reader = site.test.store.read(&site.test.trust);
    reader.count(sql, values![person]).await.unwrap()
}

const READINGS: &str = "SELECT COUNT(*) AS n FROM ledger_event \
                        WHERE trust = $1 AND kind = 'pupil.contacts-read' AND person = $2";

#[tokio::test]
async fn a_pupil_is_added_read_changed_and_leaves() {
    let site = TestSite::open().await;
    let head = site.person("Hana", Role::Head, Some("ash")).await;
    assert!(
        site.get(&head, "/pupils")
            .await
            .text
            .contains("No pupils are here yet.")
    );
    let wrong = site
        .send(&head, "POST", "/pupils/add", "family=Ofori&born-day=1")
        .await;
    for told in [
        "Enter their given name.",
        "Choose their school.",
        "Enter a real date",
    ] {
        assert!(wrong.text.contains(told), "{told}");
    }
    let elsewhere = "given=Ama&family=Ofori&school=oak";
    let refused = site.send(&head, "POST", "/pupils/add", elsewhere).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let typed =
        "given=Ama&family=Ofori&school=ash&year=7&class=7B&born-day=4&born-month=3&born-year=2015";
    let added = site.send(&head, "POST", "/pupils/add", typed).await;
    let ama = pupils_of(&site).await.remove(0);
    assert_eq!(added.location, format!("/pupils/{}?done=added", ama.id));

    let page = site.get(&head, &added.location).await.text;
    assert!(
        page.contains("Ama Ofori") && !page.contains("4 March 2015"),
        "{page}"
    );
    assert_eq!(count(&site, READINGS, &head.id).await, 0);
    let base = format!("/pupils/{}", ama.id);
    let phone = "given=Grace&family=Ofori&email=grace%40home.example&phone=01632+960+001";
    site.send(&head, "POST", &format!("{base}/guardians/add"), phone)
        .await;
    let page = site.get(&head, &base).await.text;
    assert!(
        page.contains("Grace Ofori") && !page.contains("960 001"),
        "{page}"
    );
    let page = site.get(&head, &format!("{base}/contacts")).await.text;
    assert!(
        page.contains("4 March 2015") && page.contains("01632 960 001"),
        "{page}"
    );
    assert_eq!(count(&site, READINGS, &head.id).await, 1);

    let change = format!("{typed}&known-as=Amy&seen={}", ama.version());
    let changed = site
        .send(&head, "POST", &format!("{base}/change"), &change)
        .await;
    assert_eq!(changed.location, format!("{base}?done=changed"));
    let late = site
        .send(&head, "POST", &format!("{base}/change"), &change)
        .await;
    assert!(
        late.text
            .contains("Somebody else changed this while you did."),
        "{}",
        late.text
    );
    assert!(late.text.contains("value=\"Amy\""));
    let amy = pupils_of(&site).await.remove(0);
    let leave = format!(
        "left-day=19&left-month=11&left-year=2026&seen={}",
        amy.version()
    );
    site.send(&head, "POST", &format!("{base}/leave"), &leave)
        .await;
    assert!(
        site.get(&head, "/pupils?show=left&q=amy")
            .await
            .text
            .contains("Last day 19 November 2026")
    );
    assert!(
        site.get(&head, "/pupils?q=amy")
            .await
            .text
            .contains("No pupil was found.")
    );
}

#[tokio::test]
async fn erasing_takes_the_pupil_the_parents_and_what_the_ledger_says() {
    let site = TestSite::open().await;
    let head = site.person("Hana", Role::Head, Some("ash")).await;
    let dpo = site
        .person("Dan", Role::DataProtectionOfficer, Some("ash"))
        .await;
    site.send(
        &head,
        "POST",
        "/pupils/add",
        "given=Ama&family=Ofori&school=ash",
    )
    .await;
    let ama = pupils_of(&site).await.remove(0);
    let base = format!("/pupils/{}", ama.id);
    site.send(
        &head,
        "POST",
        &format!("{base}/guardians/add"),
        "given=Grace&family=Ofori",
    )
    .await;
    let erase = format!("{base}/erase");
    assert_eq!(site.get(&head, &erase).await.status, StatusCode::FORBIDDEN);
    assert!(
        site.send(&dpo, "POST", &erase, "")
            .await
            .text
            .contains("Say why this is erased")
    );
    let done = site
        .send(&dpo, "POST", &erase, "reason=Asked+for+by+the+family")
        .await;
    assert_eq!(done.location, "/pupils?done=erased");
    assert!(pupils_of(&site).await.is_empty());
    let guardians = pupils::all_guardians(&site.test.store, &site.test.trust)
        .await
        .unwrap();
    assert!(guardians.is_empty());
    let left = "SELECT COUNT(*) AS n FROM ledger_event WHERE trust = $1 AND content IS NOT NULL \
                AND record_kind IN ('pupil', 'guardian') AND record <> $2";
    assert_eq!(count(&site, left, &dpo.id).await, 0);
    let keys = "SELECT COUNT(*) AS n FROM record_key WHERE trust = $1 AND record <> $2 \
                AND (record LIKE 'pupil/%' OR record LIKE 'guardian/%')";
    assert_eq!(count(&site, keys, &dpo.id).await, 0);
    assert_eq!(site.get(&dpo, &base).await.status, StatusCode::NOT_FOUND);
}
