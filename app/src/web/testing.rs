//! A whole site over a store of its own, for the tests of pages.

use std::num::NonZeroU32;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use tower::ServiceExt as _;

use super::{App, Limits, router};
use crate::attachments::Attachments;
use crate::authority::{Action, Actor, Permit, Role};
use crate::people::{self, Details, NewPerson, NewRole, Person};
use crate::sign_in;
use crate::store::testing::TestStore;

/// The site of the trust `elm` with its schools `ash` and `oak`.
pub(crate) struct TestSite {
    pub(crate) router: Router,
    pub(crate) test: TestStore,
}

/// What the site answered.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    /// Where it sends the browser; empty where it does not.
    pub(crate) location: String,
    /// The page, with strokes written as they are.
    pub(crate) text: String,
}

impl TestSite {
    pub(crate) async fn open() -> Self {
        Self::over(App::sample(), TestStore::sqlite().await)
    }

    /// The site of an app that has no store yet.
    pub(crate) fn over(app: App, test: TestStore) -> Self {
        let attachments = Attachments::new(test.folder().join("attachments"), 1_000_000);
        let app = app
            .with_store(test.store.clone(), false)
            .with_attachments(attachments);
        let limits = Limits {
            body_bytes: 10_000,
            request_timeout: Duration::from_secs(10),
            requests_per_second: NonZeroU32::MAX,
            burst_requests: NonZeroU32::MAX,
        };
        let router = router(app, &limits);
        Self { router, test }
    }

    /// Leave of whoever has the machine.
    pub(crate) fn operator(&self, action: Action) -> Permit {
        Actor::operator(self.test.trust.clone())
            .permit(action)
            .unwrap()
    }

    /// Adds `GIVEN Okafor` with one role, at a school or at the trust.
    pub(crate) async fn person(&self, given: &str, role: Role, school: Option<&str>) -> Person {
        let new = NewPerson {
            details: Details {
                given_name: given.parse().unwrap(),
                family_name: "Okafor".parse().unwrap(),
                known_as: None,
                email: Some(format!("{given}@elm.example").parse().unwrap()),
                contract: None,
                line_manager: None,
                starts_on: None,
            },
            ends_on: None,
            role: NewRole {
                role,
                school: school.map(|school| school.parse().unwrap()),
                starts_on: None,
                ends_on: None,
            },
            demonstration: false,
        };
        let mut tx = self.test.store.begin(&self.test.trust).await.unwrap();
        let permit = self.operator(Action::ManagePeople);
        let person = people::add(&mut tx, &permit, new).await.unwrap();
        tx.commit().await.unwrap();
        person
    }

    /// Sends a request in a new session of a person.
    pub(crate) async fn send(
        &self,
        who: &Person,
        method: &str,
        address: &str,
        body: &str,
    ) -> Answer {
        let kind = "application/x-www-form-urlencoded";
        self.send_as(who, method, address, (kind, body)).await
    }

    /// Sends a request with a body of some kind in a new session of a person.
    pub(crate) async fn send_as(
        &self,
        who: &Person,
        method: &str,
        address: &str,
        (kind, body): (&str, &str),
    ) -> Answer {
        let cookie = self.session(who).await;
        self.ask(Some(cookie), method, address, (kind, body)).await
    }

    /// Opens a session of a person that stays; gives its cookie.
    pub(crate) async fn session(&self, who: &Person) -> String {
        let mut tx = self.test.store.begin(&self.test.trust).await.unwrap();
        let by = sign_in::Method::Password;
        let session = sign_in::open_session(&mut tx, &self.test.trust, &who.id, by, "test")
            .await
            .unwrap();
        tx.commit_unrecorded().await.unwrap();
        format!("{}={}", sign_in::SESSION_COOKIE, session.cookie)
    }

    /// Sends a form in a session that stays.
    pub(crate) async fn within(
        &self,
        cookie: &str,
        method: &str,
        address: &str,
        body: &str,
    ) -> Answer {
        let kind = "application/x-www-form-urlencoded";
        self.ask(Some(cookie.to_owned()), method, address, (kind, body))
            .await
    }

    /// Sends a form as somebody who has not signed in.
    pub(crate) async fn nobody(&self, method: &str, address: &str, body: &str) -> Answer {
        let kind = "application/x-www-form-urlencoded";
        self.ask(None, method, address, (kind, body)).await
    }

    async fn ask(
        &self,
        cookie: Option<String>,
        method: &str,
        address: &str,
        (kind, body): (&str, &str),
    ) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(address)
            .header(header::HOST, "localhost")
            .header(header::CONTENT_TYPE, kind);
        if let Some(cookie) = cookie {
            request = request.header(header::COOKIE, cookie);
        }
        let request = request.body(Body::from(body.to_owned())).unwrap();
        let answer = self.router.clone().oneshot(request).await.unwrap();
        let location = answer.headers().get(header::LOCATION);
        let location = location
            .map_or("", |location| location.to_str().unwrap())
            .to_owned();
        let status = answer.status();
        let bytes = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
        let text = String::from_utf8(bytes.to_vec())
            .unwrap()
            .replace("&#x2f;", "/");
        Answer {
            status,
            location,
            text,
        }
    }

    /// Gets a page in a new session of a person.
    pub(crate) async fn get(&self, who: &Person, address: &str) -> Answer {
        self.send(who, "GET", address, "").await
    }
}

/// Before a test reads what is logged: without a listener everywhere, what another test logs first on a thread of its own
/// would be taken for something that nobody wants to hear.
pub(crate) fn hear_everywhere() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        // Somebody else's listener is as good.
        let _ = tracing::subscriber::set_global_default(tracing_subscriber::registry());
    });
}
