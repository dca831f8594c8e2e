//! An import walked through as a browser without scripts would.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, Response, StatusCode, header};
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

use crate::jobs::Worker;
use crate::policies::Policies;
use crate::sign_in::{self, Method};
use crate::store::testing::TestStore;
use crate::store::{PersonId, Query as _};
use crate::values;
use crate::web::{self, App, Limits};

struct Browser {
    test: TestStore,
    router: Router,
    cookie: String,
}

impl Browser {
    async fn signed_in(role: &str) -> Self {
        let test = TestStore::sqlite().await;
        let person: PersonId = "p1".parse().unwrap();
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        tx.execute(
            "INSERT INTO person (trust, id, given_name, family_name, demonstration) \
             VALUES ($1, $2, 'Ade', 'Min', 0)",
            values![&person],
        )
        .await
        .unwrap();
        tx.execute(
            "INSERT INTO held_role (trust, id, person, role) VALUES ($1, 'r1', $2, $3)",
            values![&person, role],
        )
        .await
        .unwrap();
        let session =
            sign_in::open_session(&mut tx, &test.trust, &person, Method::Password, "test")
                .await
                .unwrap();
        tx.commit_unrecorded().await.unwrap();
        let policies = Arc::new(Policies::load(None).unwrap());
        let app = App::new(policies, test.store.clock().clone()).unwrap();
        let limits = Limits {
            body_bytes: 1024,
            request_timeout: Duration::from_secs(60),
            requests_per_second: NonZeroU32::MAX,
            burst_requests: NonZeroU32::MAX,
        };
        Self {
            router: web::router(app.with_store(test.store.clone(), false), &limits),
            cookie: format!("{}={}", sign_in::SESSION_COOKIE, session.cookie),
            test,
        }
    }

    async fn send(
        &self,
        request: axum::http::request::Builder,
        body: Body,
    ) -> (Response<()>, String) {
        let request = request
            .header(header::COOKIE, &self.cookie)
            .body(body)
            .unwrap();
        let answer = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = answer.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        (Response::from_parts(parts, ()), text)
    }

    async fn get(&self, path: &str) -> String {
        let (answer, text) = self.send(Request::get(path), Body::empty()).await;
        assert_eq!(answer.status(), StatusCode::OK, "{path}: {text}");
        text
    }

    /// Sends a form; gives where it leads.
    async fn post(&self, path: &str, form: &str) -> String {
        let request =
            Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let (answer, text) = self.send(request, Body::from(form.to_owned())).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{path}: {text}");
        answer.headers()[header::LOCATION]
            .to_str()
            .unwrap()
            .to_owned()
    }

    async fn upload(&self, mode: &str, files: &[(&str, &str)]) -> (Response<()>, String) {
        let mut body =
            format!("--B\r\nContent-Disposition: form-data; name=\"mode\"\r\n\r\n{mode}\r\n");
        for (name, content) in files {
            body += &format!(
                "--B\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{name}\"\r\n\
                 Content-Type: text/csv\r\n\r\n{content}\r\n"
            );
        }
        body += "--B--\r\n";
        let request = Request::post("/roster")
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=B");
        self.send(request, Body::from(body)).await
    }

    async fn work(&self) {
        let worker = Worker::new(self.test.store.clone(), crate::roster::kinds());
        worker.round().await.unwrap();
    }
}

const LIST: &str = "Staff ID,Forename,Surname,Email,Contract,School\n\
    7,Ada,Okafor,ada@elm.example,FXT,Ash Primary\n8,Ben,Khan,,,Oak High\n";

#[tokio::test]
async fn a_list_is_mapped_previewed_imported_and_undone() {
    let browser = Browser::signed_in("trust-administrator").await;
    let start = browser.get("/roster").await;
    assert!(start.contains("Import a roster"));
    // Longer than what is taken elsewhere.
    let long = LIST.to_owned() + &"\n".repeat(2_000);
    let (answer, text) = browser.upload("file-wins", &[("staff.csv", &long)]).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{text}");
    let columns = answer.headers()[header::LOCATION]
        .to_str()
        .unwrap()
        .to_owned();
    let page = browser.get(&columns).await;
    assert!(
        page.contains("<option value=\"Forename\" selected>Forename</option>"),
        "{page}"
    );
    let form = "kind=staff&external-id=Staff+ID&given=Forename&family=Surname&email=Email&contract=Contract&school=School";
    let import = browser.post(&columns, form).await;
    assert!(browser.get(&import).await.contains("Comparing the roster"));
    browser.work().await;
    let preview = browser.get(&import).await;
    assert!(preview.contains("Nothing is changed yet"), "{preview}");
    let added = browser
        .get(&format!("{import}/changes?kind=person&change=add"))
        .await;
    assert!(
        added.contains("Ada Okafor")
            && added.contains("Ash Primary")
            && added.contains("Contract type")
            && added.contains("Fixed term"),
        "{added}"
    );
    browser.post(&format!("{import}/confirm"), "").await;
    browser.work().await;
    assert!(
        browser
            .get(&import)
            .await
            .contains("The roster is imported")
    );
    assert!(
        browser
            .get(&format!("{import}/undo"))
            .await
            .contains("Undo this import?")
    );
    browser.post(&format!("{import}/undo"), "").await;
    browser.work().await;
    assert!(browser.get(&import).await.contains("The import is undone"));
    let again = browser.upload("only-add", &[("staff.csv", LIST)]).await.0;
    let columns = again.headers()[header::LOCATION]
        .to_str()
        .unwrap()
        .to_owned();
    let import = columns.trim_end_matches("/columns");
    browser.post(&format!("{import}/cancel"), "").await;
    assert!(browser.get(import).await.contains("given up"));
}

#[tokio::test]
async fn what_is_wrong_is_shown_with_its_place() {
    let browser = Browser::signed_in("it").await;
    let (answer, page) = browser.upload("file-wins", &[]).await;
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("Choose at least one file"));
    let (answer, page) = browser.upload("", &[("staff.csv", LIST)]).await;
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("Choose what happens"));
    let orgs = ("orgs.csv", "sourcedId,name,type\nA,Ash Primary,school\n");
    let users = (
        "users.csv",
        "sourcedId,givenName,familyName,email\n1,Ada,Okafor,oops\n",
    );
    let roles = (
        "roles.csv",
        "sourcedId,userSourcedId,roleType,role,orgSourcedId\nr,1,primary,teacher,A\n",
    );
    let (answer, page) = browser.upload("file-wins", &[orgs, users, roles]).await;
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        page.contains("users.csv, row 2, column &#x27;email&#x27;"),
        "{page}"
    );
    let (answer, _) = browser.send(Request::post("/roster"), Body::empty()).await;
    assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
    let (answer, _) = browser
        .send(Request::get("/roster/01nothing"), Body::empty())
        .await;
    assert_eq!(answer.status(), StatusCode::NOT_FOUND);
}

/// One school that is here and one that is not, with a teacher at each; Ada has another id than before.
const ORGS: &str =
    "sourcedId,name,type,identifier\nA,Ash Primary,school,\nE,Elsewhere,school,123456\n";
const USERS: &str = "sourcedId,givenName,familyName,email\n\
    1,Ada,Okafor,ada@elm.example\n2,Ben,Khan,ben@elm.example\n";
const ROLES: &str = "sourcedId,userSourcedId,roleType,role,orgSourcedId\n\
    r1,1,primary,teacher,A\nr2,2,primary,teacher,E\n";

#[tokio::test]
async fn schools_are_added_by_a_trust_administrator_alone() {
    for (role, may) in [("it", false), ("trust-administrator", true)] {
        let browser = Browser::signed_in(role).await;
        let files = [
            ("orgs.csv", ORGS),
            ("users.csv", USERS),
            ("roles.csv", ROLES),
        ];
        let (answer, _) = browser.upload("file-wins", &files).await;
        let href = answer.headers()["location"].to_str().unwrap().to_owned();
        browser.work().await;
        let page = browser.get(&href).await;
        assert!(
            page.contains("The roster has schools that the trust does not have"),
            "{page}"
        );
        assert_eq!(
            page.contains("Only a trust administrator may add schools"),
            !may
        );
        assert_eq!(page.contains("/confirm\" method"), may);
        let changes = browser
            .get(&format!("{href}/changes?kind=school&change=add"))
            .await;
        assert!(
            changes.contains("Elsewhere") && changes.contains("123456"),
            "{changes}"
        );
        let confirm = Request::post(format!("{href}/confirm"));
        let (answer, _) = browser.send(confirm, Body::empty()).await;
        let expected = if may {
            StatusCode::SEE_OTHER
        } else {
            StatusCode::FORBIDDEN
        };
        assert_eq!(answer.status(), expected);
        browser.work().await;
        assert_eq!(
            browser.get(&href).await.contains("The roster is imported"),
            may
        );
    }
}

#[tokio::test]
async fn whoever_may_be_the_same_is_decided_on_screen() {
    let browser = Browser::signed_in("trust-administrator").await;
    let files = [
        ("orgs.csv", ORGS),
        ("users.csv", USERS),
        ("roles.csv", ROLES),
    ];
    let (answer, _) = browser.upload("file-wins", &files).await;
    let href = answer.headers()["location"].to_str().unwrap().to_owned();
    browser.work().await;
    browser.post(&format!("{href}/confirm"), "").await;
    browser.work().await;
    let (users, roles) = (
        USERS.replace("1,Ada,Okafor,ada@", "9,Ada,Okafor,a.okafor@"),
        ROLES.replace("r1,1,", "r1,9,"),
    );
    let files = [
        ("orgs.csv", ORGS),
        ("users.csv", &users),
        ("roles.csv", &roles),
    ];
    let (answer, _) = browser.upload("file-wins", &files).await;
    let href = answer.headers()["location"].to_str().unwrap().to_owned();
    browser.work().await;
    assert!(
        browser
            .get(&href)
            .await
            .contains("may be somebody who is here")
    );
    let asked = browser.get(&format!("{href}/same-people")).await;
    assert!(
        asked.contains("May be the same person") && !asked.contains(" checked"),
        "{asked}"
    );
    let number = asked.split("name=\"same\"").nth(1).unwrap();
    let number = number
        .split("value=\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    let form = format!("shown={number}&same={number}");
    browser.post(&format!("{href}/same-people"), &form).await;
    assert!(
        browser
            .get(&format!("{href}/same-people"))
            .await
            .contains(" checked")
    );
    browser.post(&format!("{href}/confirm"), "").await;
    browser.work().await;
    assert!(browser.get(&href).await.contains("The roster is imported"));
    let mut reader = browser.test.store.read(&browser.test.trust);
    let sql = "SELECT COUNT(*) AS n FROM person WHERE trust = $1 AND given_name = 'Ada' \
               AND email = 'a.okafor@elm.example' AND ends_on IS NULL";
    assert_eq!(reader.count(sql, values![]).await.unwrap(), 1);
}

#[tokio::test]
async fn others_are_kept_out() {
    let browser = Browser::signed_in("staff").await;
    let (answer, _) = browser.upload("file-wins", &[("staff.csv", LIST)]).await;
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
    let long = "x".repeat(4_000);
    let (answer, _) = browser.upload("file-wins", &[("staff.csv", &long)]).await;
    assert_eq!(
        answer.status(),
        StatusCode::PAYLOAD_TOO_LARGE,
        "more is taken only from those who may"
    );
}
