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

#[tokio::test]
async fn schools_stand_side_by_side_and_give_no_small_number_away() {
    let site = TestSite::open().await;
    let governor = site.person("gwen", Role::Governor, Some("ash")).await;
    let teacher = site.person("kate", Role::Staff, Some("ash")).await;
    let administrator = site.person("tom", Role::TrustAdministrator, None).await;
    let mut tx = site.test.store.begin(&site.test.trust).await.unwrap();
    cases(&mut tx, "permission", "ash", &[Some(2); 3]).await;
    cases(&mut tx, "permission", "oak", &[Some(4); 17]).await;
    cases(&mut tx, "declaration", "ash", &[Some(2); 8]).await;
    cases(&mut tx, "declaration", "oak", &[None; 9]).await;
    cases(&mut tx, "concern", "ash", &[Some(2); 11]).await;
    tx.commit_unrecorded().await.unwrap();
    let page = "/overview/schools";
    let refused = site.get(&teacher, page).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let csv = async |who, query: &str| {
        let path = format!("/overview/schools.csv{query}");
        site.get(who, &path).await.text
    };
    let says = |table: &str, line: &str| assert!(table.contains(line), "{line}\n{table}");
    let all = csv(&administrator, "").await;
    // 20 permissions and 17 declarations; of Ash only the 8 declarations may be told.
    says(
        &all,
        "The whole trust,at least 37,at least 28,at least 9,at least 9,4 days,",
    );
    says(&all, "Ash Primary,at least 8,at least 8,few,few,2 days,");
    says(&all, "Oak High,at least 9,");
    let permissions = csv(&administrator, "?register=permission").await;
    says(&permissions, "Permissions,The whole trust,20,20,");
    says(&permissions, "Ash Primary,fewer than 5,fewer than 5,");
    says(&permissions, "Oak High,not shown,not shown,");
    assert!(
        !permissions.contains("17") && !permissions.contains(",3,"),
        "{permissions}"
    );
    let theirs = csv(&governor, "?register=declaration").await;
    says(&theirs, "Ash Primary,8,8,");
    says(&theirs, "The whole trust,17,");
    assert!(
        !theirs.contains("Oak") && !theirs.contains("At no school"),
        "{theirs}"
    );

    let first = |text: &str| text.find("Ash Primary") < text.find("Oak High");
    let names = site.get(&administrator, page).await.text;
    assert!(
        first(&names) && names.contains("aria-sort=\"ascending\""),
        "{names}"
    );
    let down = site
        .get(&administrator, "/overview/schools?sort=opened")
        .await
        .text;
    assert!(
        !first(&down) && down.contains("sort=opened&#38;order=up")
            || down.contains("sort=opened&amp;order=up"),
        "{down}"
    );
    let up = site
        .get(&administrator, "/overview/schools?sort=opened&order=up")
        .await
        .text;
    assert!(first(&up));
    let odd = site
        .get(
            &administrator,
            "/overview/schools?sort=nothing&order=sideways",
        )
        .await;
    assert!(odd.status == StatusCode::OK && first(&odd.text));
    for never in ["?term=never", "?register=concern", "?register=nothing"] {
        let never = site.get(&administrator, &format!("{page}{never}")).await;
        assert_eq!(never.status, StatusCode::NOT_FOUND);
    }
    let ended = site
        .get(&administrator, "/overview/schools?register=declaration")
        .await
        .text;
    assert!(
        ended.contains("How declarations of relationships ended"),
        "{ended}"
    );
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

    async fn times_are_told_by_school_and_all_together(test: TestStore) {
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        cases(&mut tx, "permission", "ash", &[Some(1), Some(3), Some(10), Some(4), None]).await;
        cases(&mut tx, "declaration", "oak", &[Some(2)]).await;
        cases(&mut tx, "concern", "oak", &[Some(9)]).await;
        tx.commit_unrecorded().await.unwrap();
        let mut reader = test.store.read(&test.trust);
        let span = (today() - 30 * DAY, today());
        let times = count::medians_by_school(&mut reader, span, ",permission,declaration,").await.unwrap();
        let days = |place: &str| times.get(place).map(|took| took * 2 / DAY);
        assert_eq!((days("ash"), days("oak"), days("*")), (Some(7), Some(4), Some(6)));
        let times = count::medians_by_school(&mut reader, span, ",permissions,").await.unwrap();
        assert!(times.is_empty(), "a part of a name is no name");
    }

    async fn outcomes_and_coverage_are_counted_by_contract_type(test: TestStore) {
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        let person = "INSERT INTO person (trust, id, given_name, family_name, search, demonstration, contract) \
                      VALUES ($1, $2, 'A', 'B', 'b a', 0, $3)";
        tx.execute(person, values!["somebody", "supply"]).await.unwrap();
        tx.execute(person, values!["other", Option::<&str>::None]).await.unwrap();
        let role = "INSERT INTO held_role (trust, id, person, role, school) VALUES ($1, $2, $2, 'staff', 'ash')";
        for who in ["somebody", "other"] {
            tx.execute(role, values![who]).await.unwrap();
        }
        cases(&mut tx, "permission", "ash", &[Some(1), Some(3), None]).await;
        tx.execute("UPDATE case_file SET subject = 'other' WHERE trust = $1 AND id = 'permission-ash-1'", values![]).await.unwrap();
        tx.commit_unrecorded().await.unwrap();
        let mut reader = test.store.read(&test.trust);
        let counts = count::outcomes_by_contract(&mut reader, (today() - 30 * DAY, today())).await.unwrap();
        assert_eq!(counts["supply/permission/ended"]["ash"], 1);
        assert_eq!(counts["not-said/permission/ended"]["ash"], 1);
        let coverage = count::coverage(&mut reader, jiff::civil::date(2026, 11, 20)).await.unwrap();
        assert_eq!(coverage.all["contract:supply"]["ash"], 1);
        assert_eq!(coverage.all["contract:not-said"]["ash"], 1);
        assert_eq!(coverage.all[""]["ash"], 2);
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
