use std::ops::Deref;

use axum::http::StatusCode;

use crate::authority::Role;
use crate::people::{self, Person};
use crate::web::testing::TestSite;

/// A site where `Ada` looks after the trust and `Hana` heads Ash Primary.
struct Site {
    site: TestSite,
    ada: Person,
    hana: Person,
}

impl Deref for Site {
    type Target = TestSite;

    fn deref(&self) -> &TestSite {
        &self.site
    }
}

impl Site {
    async fn open() -> Self {
        let site = TestSite::open().await;
        let ada = site.person("Ada", Role::TrustAdministrator, None).await;
        let hana = site.person("Hana", Role::Head, Some("ash")).await;
        Self { site, ada, hana }
    }

    async fn find(&self, email: &str) -> Option<Person> {
        let mut reader = self.test.store.read(&self.test.trust);
        people::by_email(&mut reader, email).await.unwrap()
    }

    async fn again(&self, person: &Person) -> Person {
        let mut reader = self.test.store.read(&self.test.trust);
        people::find(&mut reader, &person.id)
            .await
            .unwrap()
            .unwrap()
    }
}

#[tokio::test]
async fn a_person_is_added_after_the_answers_were_checked() {
    let site = Site::open().await;
    let form = site.get(&site.hana, "/people/add").await.text;
    assert!(
        form.contains("Ash Primary") && !form.contains("Oak High"),
        "{form}"
    );
    let wrong = "given=&family=Mensah&email=bea&starts-day=31&starts-month=2&starts-year=2027&school=ash&role=staff&step=check";
    let answer = site.send(&site.hana, "POST", "/people/add", wrong).await;
    for told in [
        "Error: Add a person",
        "Enter their given name.",
        "looks like name@example.org",
        "Enter a real date",
        "href=\"#starts-day\"",
        "value=\"Mensah\"",
    ] {
        assert!(answer.text.contains(told), "{told}: {}", answer.text);
    }
    let made_up = "given=Di&family=Mensah&contract=whatever&school=ash&role=staff&step=check";
    let refused = site.send(&site.hana, "POST", "/people/add", made_up).await;
    assert!(refused.text.contains("Choose a contract type"));
    let typed =
        "given=Bea&family=Mensah&email=Bea%40elm.example&contract=supply&school=ash&role=staff";
    let checked = site
        .send(
            &site.hana,
            "POST",
            "/people/add",
            &format!("{typed}&step=check"),
        )
        .await;
    assert!(
        checked.text.contains("Check what you entered")
            && checked.text.contains("Ash Primary")
            && checked.text.contains("Supply or agency")
            && checked.text.contains("name=\"contract\" value=\"supply\""),
        "{}",
        checked.text
    );
    assert!(site.find("bea@elm.example").await.is_none());
    let back = site
        .send(
            &site.hana,
            "POST",
            "/people/add",
            &format!("{typed}&step=add&back=yes"),
        )
        .await;
    assert!(back.text.contains("value=\"Bea\"") && back.text.contains("Continue"));
    let done = site
        .send(
            &site.hana,
            "POST",
            "/people/add",
            &format!("{typed}&step=add"),
        )
        .await;
    let bea = site.find("bea@elm.example").await.unwrap();
    assert_eq!(done.location, format!("/people/{}?done=added", bea.id));
    let page = site.get(&site.hana, &done.location).await.text;
    assert!(
        page.contains("The person was added")
            && page.contains("bea@elm.example")
            && page.contains("Supply or agency"),
        "{page}"
    );
    let twice = site
        .send(
            &site.hana,
            "POST",
            "/people/add",
            &format!("{typed}&step=add"),
        )
        .await;
    assert!(
        twice.text.contains("has this e-mail address already"),
        "{}",
        twice.text
    );
    let elsewhere = "given=Di&family=Mensah&school=oak&role=staff&step=add";
    let refused = site
        .send(&site.hana, "POST", "/people/add", elsewhere)
        .await;
    assert!(refused.text.contains("Choose where they work."));
    let too_much = "given=Di&family=Mensah&school=ash&role=head&step=add";
    let refused = site.send(&site.hana, "POST", "/people/add", too_much).await;
    assert!(
        refused.text.contains("You cannot give this role there"),
        "{}",
        refused.text
    );
}

#[tokio::test]
async fn a_change_that_somebody_else_overtook_says_what_is_there_now() {
    let site = Site::open().await;
    let bea = site.person("Bea", Role::Staff, Some("ash")).await;
    let address = format!("/people/{}/change", bea.id);
    let typed = |known_as: &str, seen: &str| {
        let contract = if known_as == "Bee" { "trainee" } else { "" };
        format!(
            "given=Bea&family=Okafor&known-as={known_as}&email=bea%40elm.example&contract={contract}&seen={seen}"
        )
    };
    let first = site
        .send(&site.ada, "POST", &address, &typed("Bee", &bea.version()))
        .await;
    assert_eq!(first.location, format!("/people/{}?done=changed", bea.id));
    let late = site
        .send(
            &site.hana,
            "POST",
            &address,
            &typed("Beatrice", &bea.version()),
        )
        .await;
    assert!(
        late.text.contains("Somebody else changed this person")
            && late.text.contains("It is ‘Bee’ now.")
            && late
                .text
                .contains("It is ‘Trainee, student or apprentice’ now."),
        "{}",
        late.text
    );
    let now = site.again(&bea).await;
    assert!(late.text.contains(&now.version()));
    let anyway = site
        .send(
            &site.hana,
            "POST",
            &address,
            &typed("Beatrice", &now.version()),
        )
        .await;
    assert_eq!(anyway.status, StatusCode::SEE_OTHER);
    let now = site.again(&bea).await;
    assert_eq!(
        (now.name().as_str(), now.details.contract),
        ("Beatrice Okafor", None)
    );
}

#[tokio::test]
async fn roles_and_the_last_day_are_given_and_taken() {
    let site = Site::open().await;
    let bea = site.person("Bea", Role::Staff, Some("ash")).await;
    let give = format!("/people/{}/roles/give", bea.id);
    assert!(
        site.send(&site.hana, "POST", &give, "")
            .await
            .text
            .contains("Choose a role.")
    );
    let given = site
        .send(&site.hana, "POST", &give, "role=publisher&school=ash")
        .await;
    assert_eq!(
        given.location,
        format!("/people/{}?done=role-given", bea.id)
    );
    let now = site.again(&bea).await;
    let role = now
        .roles
        .iter()
        .find(|held| held.role == Role::Publisher)
        .unwrap();
    let take = format!("/people/{}/roles/{}/take", bea.id, role.id);
    assert!(
        site.get(&site.hana, &take)
            .await
            .text
            .contains("Publisher, Ash Primary")
    );
    let taken = site.send(&site.hana, "POST", &take, "").await;
    assert_eq!(
        taken.location,
        format!("/people/{}?done=role-taken", bea.id)
    );
    let own = &site.ada.roles[0];
    let take_own = format!("/people/{}/roles/{}/take", site.ada.id, own.id);
    let refused = site.send(&site.ada, "POST", &take_own, "").await;
    assert!(
        refused
            .text
            .contains("the last trust administrator who can sign in"),
        "{}",
        refused.text
    );

    let end = format!("/people/{}/end", bea.id);
    let seen = site.again(&bea).await.version();
    let none = site
        .send(&site.hana, "POST", &end, &format!("seen={seen}"))
        .await;
    assert!(none.text.contains("Enter their last day"));
    let body = format!("ends-day=19&ends-month=11&ends-year=2026&seen={seen}");
    let ended = site.send(&site.hana, "POST", &end, &body).await;
    assert_eq!(ended.location, format!("/people/{}?done=ended", bea.id));
    let listed = site.get(&site.hana, "/people?show=left").await.text;
    assert!(
        listed.contains("Bea Okafor") && listed.contains("Left on 19 November 2026"),
        "{listed}"
    );
    let page = site
        .get(&site.ada, &format!("/people/{}", bea.id))
        .await
        .text;
    assert!(
        page.contains("Last day set") && page.contains("by Hana Okafor"),
        "{page}"
    );
}

#[tokio::test]
async fn a_line_manager_is_searched_for_and_chosen() {
    let site = Site::open().await;
    let bea = site.person("Bea", Role::Staff, Some("ash")).await;
    let address = format!("/people/{}/manager", bea.id);
    assert!(
        site.get(&site.hana, &format!("{address}?q=nobody"))
            .await
            .text
            .contains("Nobody was found")
    );
    let found = site
        .get(&site.hana, &format!("{address}?q=hana"))
        .await
        .text;
    assert!(
        found.contains("Hana Okafor") && found.contains("hana@elm.example"),
        "{found}"
    );
    let body = format!("chosen={}&seen={}", site.hana.id, bea.version());
    let saved = site.send(&site.hana, "POST", &address, &body).await;
    assert_eq!(saved.location, format!("/people/{}?done=changed", bea.id));
    assert!(
        site.get(&site.hana, "/me")
            .await
            .text
            .contains("Bea Okafor")
    );
    let body = format!("none=yes&seen={}", site.again(&bea).await.version());
    site.send(&site.hana, "POST", &address, &body).await;
    assert_eq!(site.again(&bea).await.details.line_manager, None);
}

#[tokio::test]
async fn a_head_hands_their_roles_over_and_takes_them_back() {
    let site = Site::open().await;
    let bea = site.person("Bea", Role::Staff, Some("ash")).await;
    let offered = site.get(&site.hana, "/me/delegate?q=bea").await.text;
    assert!(offered.contains("Bea Okafor"), "{offered}");
    let body = format!(
        "q=bea&chosen={}&starts-day=20&starts-month=11&starts-year=2026&ends-day=4&ends-month=dec&ends-year=2026",
        bea.id
    );
    let done = site.send(&site.hana, "POST", "/me/delegate", &body).await;
    assert_eq!(done.location, "/me?done=delegated", "{}", done.text);
    let says = "Bea Okafor holds the roles of Hana Okafor at Ash Primary.";
    let mine = site.get(&site.hana, "/me").await.text;
    assert!(
        mine.contains(says) && site.get(&bea, "/me").await.text.contains(says),
        "{mine}"
    );
    // Meanwhile the delegate may do what a head may, but not hand it on.
    assert_eq!(site.get(&bea, "/people").await.status, StatusCode::OK);
    assert_eq!(
        site.get(&bea, "/me/delegate").await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    let revoke = mine
        .split('"')
        .find(|part| part.ends_with("/revoke"))
        .unwrap()
        .to_owned();
    assert!(
        site.get(&site.hana, &revoke)
            .await
            .text
            .contains("Take this handover back")
    );
    assert_eq!(
        site.send(&site.hana, "POST", &revoke, "").await.location,
        "/me?done=revoked"
    );
    assert_eq!(
        site.get(&bea, "/people").await.status,
        StatusCode::FORBIDDEN
    );
}

#[tokio::test]
async fn the_list_keeps_to_what_a_person_may_see() {
    let site = Site::open().await;
    site.person("Olu", Role::Staff, Some("oak")).await;
    let seen = site.get(&site.hana, "/people").await.text;
    assert!(
        seen.contains("Hana Okafor") && !seen.contains("Olu Okafor"),
        "{seen}"
    );
    let all = site.get(&site.ada, "/people?sort=newest").await.text;
    assert!(
        all.contains("Olu Okafor") && all.contains("1 to 3 of 3"),
        "{all}"
    );
    let none = site
        .get(&site.ada, "/people?q=%25%27%22%3Cscript%3E")
        .await
        .text;
    assert!(
        none.contains("Nobody was found.") && !none.contains("<script>"),
        "{none}"
    );
    let olu = site.find("olu@elm.example").await.unwrap();
    let hidden = site.get(&site.hana, &format!("/people/{}", olu.id)).await;
    assert_eq!(hidden.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_person_who_left_is_erased_with_a_reason() {
    let site = Site::open().await;
    let dpo = site.person("Dan", Role::DataProtectionOfficer, None).await;
    let bea = site.person("Bea", Role::Staff, Some("ash")).await;
    let erase = format!("/people/{}/erase", bea.id);
    let early = site.send(&dpo, "POST", &erase, "reason=By+request").await;
    assert!(early.status.is_client_error());
    assert!(
        early.text.contains("They have not left yet"),
        "{}",
        early.text
    );
    let known = format!(
        "given=Bea&family=Okafor&email=bea%40elm.example&contract=trainee&seen={}",
        bea.version()
    );
    let change = format!("/people/{}/change", bea.id);
    site.send(&site.hana, "POST", &change, &known).await;
    let bea = site.again(&bea).await;
    let body = format!(
        "ends-day=19&ends-month=11&ends-year=2026&seen={}",
        bea.version()
    );
    site.send(
        &site.hana,
        "POST",
        &format!("/people/{}/end", bea.id),
        &body,
    )
    .await;
    assert_eq!(
        site.get(&site.ada, &erase).await.status,
        StatusCode::FORBIDDEN
    );
    let none = site.send(&dpo, "POST", &erase, "reason=").await;
    assert!(
        none.text.contains("Say why this is erased"),
        "{}",
        none.text
    );
    let done = site.send(&dpo, "POST", &erase, "reason=By+request").await;
    assert_eq!(done.location, format!("/people/{}?done=erased", bea.id));
    let page = site.get(&dpo, &done.location).await.text;
    assert!(
        page.contains("Erased person") && !page.contains("Bea") && !page.contains("Trainee"),
        "{page}"
    );
    assert!(site.find("bea@elm.example").await.is_none());
    assert!(
        !site
            .get(&dpo, "/people?show=left")
            .await
            .text
            .contains("Erased person")
    );
    let events = "SELECT COUNT(*) AS n FROM ledger_event WHERE trust = $1 AND record = $2 \
                  AND record_kind = 'person' AND content IS NOT NULL";
    let mut reader = site.test.store.read(&site.test.trust);
    let kept = crate::store::Query::count(&mut reader, events, crate::values![&bea.id]).await;
    assert_eq!(kept.unwrap(), 1, "only that it was erased is left");
}
