//! What is counted, and what of it is shown to whom.

use axum::http::StatusCode;
use jiff::Timestamp;

use super::count;
use crate::authority::Role;
use crate::store::testing::on_both;
use crate::store::{SchoolId, Tx};
use crate::values;
use crate::web::testing::TestSite;

/// The fixed day of the tests, 20 November 2026, in milliseconds.
fn today() -> i64 {
    let noon: Timestamp = "2026-11-20T12:00:00Z".parse().unwrap();
    noon.as_millisecond()
}

const DAY: i64 = 86_400_000;

/// Cases of a register at a school that were opened so many days ago and closed after so many.
async fn cases(tx: &mut Tx, register: &str, school: &str, took: &[Option<i64>]) {
    let school: SchoolId = school.parse().unwrap();
    tx.execute(
        "INSERT INTO case_rules (trust, id, rules) VALUES ($1, 'r', '{}') ON CONFLICT (trust, id) DO NOTHING",
        values![],
    )
    .await
    .unwrap();
    let opened = today() - 20 * DAY;
    for (number, days) in took.iter().enumerate() {
        let id = format!("{register}-{school}-{number}");
        let closed = days.map(|days| opened + days * DAY);
        let state = closed.map_or("new", |_| "ended");
        tx.execute(
            "INSERT INTO case_file (trust, id, register, rules, reference, school, state, subject_kind, subject, opened_at, \
               changed_at, closed_at, revision, paper, filed, disclosed, in_force, answers) \
             VALUES ($1, $2, $3, 'r', $2, $4, $5, 'person', 'somebody', $6, $6, $7, 1, 0, 0, 0, 0, $8)",
            values![&id, register, &school, state, opened, closed, Vec::<u8>::new()],
        )
        .await
        .unwrap();
        if closed.is_none() {
            tx.execute(
                "INSERT INTO case_deadline (trust, case_id, deadline, began_at, due_at) VALUES ($1, $2, 'soon', $3, $3)",
                values![&id, opened],
            )
            .await
            .unwrap();
        }
    }
}

on_both! {
    async fn cases_are_counted_by_register_and_school(test: TestStore) {
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        cases(&mut tx, "permission", "ash", &[Some(1), Some(3), Some(10), Some(4), None]).await;
        cases(&mut tx, "permission", "oak", &[Some(2)]).await;
        tx.commit_unrecorded().await.unwrap();
        let mut reader = test.store.read(&test.trust);
        let span = (today() - 30 * DAY, today());
        let of = |counts: &count::Counts, name: &str, school: &str| counts[name].get(school).copied().unwrap_or_default();
        let opened = count::opened(&mut reader, span).await.unwrap();
        assert_eq!((of(&opened, "permission", "ash"), of(&opened, "permission", "oak")), (5, 1));
        assert!(count::opened(&mut reader, (0, 1)).await.unwrap().is_empty());
        let outcomes = count::outcomes(&mut reader, span).await.unwrap();
        assert_eq!(of(&outcomes, "permission/ended", "ash"), 4);
        let open = count::open(&mut reader).await.unwrap();
        assert_eq!(of(&open, "permission", "ash"), 1);
        let overdue = count::overdue(&mut reader, today()).await.unwrap();
        assert_eq!(of(&overdue, "permission", "ash"), 1);
        let medians = count::medians(&mut reader, span, "ash").await.unwrap();
        assert_eq!(medians["permission"], 7 * DAY / 2, "between the third day and the fourth");
        let all = count::medians(&mut reader, span, "").await.unwrap();
        assert_eq!(all["permission"], 3 * DAY);
        let me = "somebody".parse().unwrap();
        let others = count::opened_about_others(&mut reader, span, Some(&me)).await.unwrap();
        assert!(others.is_empty(), "they are about whoever looks");
        let date = jiff::civil::date(2026, 11, 20);
        let coverage = count::coverage(&mut reader, date).await.unwrap();
        assert!(coverage.attested.is_empty() && coverage.trained.is_empty());
    }
}

#[tokio::test]
async fn a_governor_sees_their_school_and_no_small_number() {
    let site = TestSite::open().await;
    let governor = site.person("gwen", Role::Governor, Some("ash")).await;
    let teacher = site.person("kate", Role::Staff, Some("ash")).await;
    let administrator = site.person("tom", Role::TrustAdministrator, None).await;
    let mut tx = site.test.store.begin(&site.test.trust).await.unwrap();
    cases(&mut tx, "permission", "ash", &[Some(2); 3]).await;
    cases(&mut tx, "permission", "oak", &[Some(2); 17]).await;
    cases(&mut tx, "declaration", "ash", &[Some(2); 8]).await;
    cases(&mut tx, "concern", "ash", &[Some(2); 11]).await;
    tx.commit_unrecorded().await.unwrap();

    assert_eq!(
        site.get(&teacher, "/overview").await.status,
        StatusCode::FORBIDDEN
    );
    for elsewhere in ["/overview?place=oak", "/overview?place=trust"] {
        let refused = site.get(&governor, elsewhere).await;
        assert_eq!(refused.status, StatusCode::NOT_FOUND, "{elsewhere}");
    }
    let table = site.get(&governor, "/overview.csv").await.text;
    let says = |line: &str| assert!(table.contains(line), "{line}\n{table}");
    says("Registers,Permissions,Opened,fewer than 5");
    says("Registers,Permissions,Opened in the trust,20");
    says("Registers,Declarations of relationships,Opened,8");
    says("All of them together,Opened,shown once the term is over");
    assert!(
        !table.contains(",3\n") && !table.contains("Concerns"),
        "{table}"
    );

    let of_oak = site
        .get(&administrator, "/overview.csv?place=oak")
        .await
        .text;
    assert!(
        of_oak.contains("Registers,Permissions,Opened,not shown"),
        "{of_oak}"
    );
    let page = site.get(&administrator, "/overview").await.text;
    assert!(
        page.contains("The whole trust") && page.contains("about 30"),
        "{page}"
    );
    let never = site.get(&administrator, "/overview?term=never").await;
    assert_eq!(never.status, StatusCode::NOT_FOUND);
}

on_both! {
    async fn figures_of_groups_are_totals_and_small_ones_are_kept_back(test: TestStore) {
        let site = TestSite::over(crate::web::App::sample(), test);
        let hr = site.person("Hana", Role::Hr, Some("ash")).await;
        let head = site.person("Hal", Role::Head, Some("ash")).await;
        let far = site.person("Fay", Role::Hr, Some("oak")).await;
        let form = "/overview/figures/ash/2026-autumn";
        assert_eq!(site.get(&head, form).await.status, StatusCode::FORBIDDEN);
        assert_eq!(site.get(&far, form).await.status, StatusCode::FORBIDDEN);
        assert_eq!(site.get(&hr, "/overview/figures/ash/2031-autumn").await.status, StatusCode::NOT_FOUND);
        let wrong = site.send(&hr, "POST", form, "women-staff=many&men-staff=3&men-formal=4").await.text;
        assert!(wrong.contains("Enter a whole number") && wrong.contains("cannot be more than"), "{wrong}");
        let saved = site.send(&hr, "POST", form, "women-staff=41&women-formal=6&disabled-staff=3&disabled-formal=1").await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER);
        assert!(site.get(&hr, "/overview/figures").await.text.contains("Entered"));
        assert!(site.get(&hr, form).await.text.contains("value=\"41\""));
        let report = site.get(&head, "/overview?place=ash&term=2026-autumn").await.text;
        assert!(report.contains("about 40") && report.contains("about 5"), "{report}");
        assert!(report.contains("Disabled people") && report.contains("fewer than 5"));
        assert!(!report.contains("People over 50"), "what was not entered is not there");
    }

    async fn outcomes_are_counted_by_the_role_of_whom_they_are_about(test: TestStore) {
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        tx.execute("INSERT INTO person (trust, id, given_name, family_name, search, demonstration) VALUES ($1, 'somebody', 'A', 'B', 'b a', 0)", values![]).await.unwrap();
        tx.execute("INSERT INTO held_role (trust, id, person, role, school) VALUES ($1, 'r1', 'somebody', 'publisher', 'ash')", values![]).await.unwrap();
        cases(&mut tx, "permission", "ash", &[Some(1), Some(3), None]).await;
        tx.commit_unrecorded().await.unwrap();
        let mut reader = test.store.read(&test.trust);
        let span = (today() - 30 * DAY, today());
        let first = jiff::civil::date(2026, 9, 1);
        let counts = count::outcomes_by_role(&mut reader, span, first).await.unwrap();
        assert_eq!(counts["publisher/permission/ended"]["ash"], 2);
    }
}
