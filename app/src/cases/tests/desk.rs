//! The same people before the program itself: what they open, take and see over HTTP.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use register::life::Sees;
use register::value::Answers;
use serde_json::{Value as Json, json};
use tower::ServiceExt as _;

use super::plan::{Model, Move, Plan};
use super::walk::Walk;
use super::way::Goal;
use super::world::{SCHOOLS, World, walk_is_asked_for, walks_are_asked_for};
use crate::cases::Case;
use crate::policies::Policies;
use crate::sign_in;
use crate::store::testing::on_both;
use crate::web::{App, Limits, router};

/// The program, as a world's people reach it.
pub(super) struct Desk<'w> {
    world: &'w World,
    router: Router,
}

impl<'w> Desk<'w> {
    pub(super) fn of(world: &'w World) -> Self {
        let policies = Arc::new(Policies::load(None).unwrap());
        let app = App::new(policies, world.test.store.clock().clone()).unwrap();
        let limits = Limits {
            body_bytes: 100_000,
            request_timeout: Duration::from_secs(60),
            requests_per_second: NonZeroU32::MAX,
            burst_requests: NonZeroU32::MAX,
        };
        let router = router(app.with_store(world.test.store.clone(), false), &limits);
        Self { world, router }
    }

    /// Signs somebody in: they have been away for long where time went by.
    async fn cookie(&self, who: &str) -> String {
        let (store, trust) = (&self.world.test.store, &self.world.test.trust);
        let mut tx = store.begin(trust).await.unwrap();
        let (person, by) = (who.parse().unwrap(), sign_in::Method::Password);
        let session = sign_in::open_session(&mut tx, trust, &person, by, "test")
            .await
            .unwrap();
        tx.commit_unrecorded().await.unwrap();
        format!("{}={}", sign_in::SESSION_COOKIE, session.cookie)
    }

    async fn ask(
        &self,
        cookie: &str,
        (method, address): (&str, &str),
        body: Body,
    ) -> (StatusCode, String) {
        let request = Request::builder()
            .method(method)
            .uri(address)
            .header(header::HOST, "localhost")
            .header(header::COOKIE, cookie)
            .header(header::CONTENT_TYPE, "application/json");
        let answer = self
            .router
            .clone()
            .oneshot(request.body(body).unwrap())
            .await
            .unwrap();
        let status = answer.status();
        let bytes = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
        (status, String::from_utf8_lossy(&bytes).into_owned())
    }

    async fn change(&self, who: &str, address: &str, body: Json) -> String {
        let cookie = self.cookie(who).await;
        let (status, text) = self
            .ask(&cookie, ("POST", address), Body::from(body.to_string()))
            .await;
        assert!(
            status.is_success(),
            "{who} {address} {body}: {status} {text}"
        );
        let answer: Json = serde_json::from_str(&text).unwrap();
        answer["id"].as_str().unwrap().to_owned()
    }

    /// Opens a case; gives its identifier.
    pub(super) async fn open(
        &self,
        who: &str,
        register: &str,
        school: &str,
        answers: &Answers,
    ) -> String {
        let body = json!({ "school": school, "answers": answers });
        self.change(who, &format!("/api/v1/registers/{register}/cases"), body)
            .await
    }

    /// Takes a step of a case.
    pub(super) async fn take(
        &self,
        who: &str,
        case: &Case,
        step: &str,
        answers: &Answers,
    ) -> String {
        let body = json!({ "revision": case.revision, "note": "As it stands", "answers": answers });
        self.change(
            who,
            &format!("/api/v1/cases/{}/steps/{step}", case.id),
            body,
        )
        .await
    }

    /// The page of a case and its interface are there for those alone who see it by its register.
    pub(super) async fn agrees(&self, walk: &Walk<'_>) {
        let (case, plan) = (&walk.case, walk.plan);
        for person in &self.world.people {
            let who = walk
                .model
                .who(self.world, &plan.rules, plan.school, &person.id);
            let sees = plan.rules.rules().sees(walk.model.life(), &who) != Sees::Nothing;
            let cookie = self.cookie(&person.id).await;
            for address in [
                format!("/api/v1/cases/{}", case.id),
                format!("/cases/{}", case.id),
            ] {
                let (status, text) = self.ask(&cookie, ("GET", &address), Body::empty()).await;
                let at = || {
                    format!(
                        "{} in '{}', {address} by {}: {status}",
                        case.register, case.state, person.id
                    )
                };
                match sees {
                    true => self
                        .world
                        .hold(status == 200 && text.contains(&case.reference), at),
                    false => {
                        let refused =
                            [StatusCode::NOT_FOUND, StatusCode::FORBIDDEN].contains(&status);
                        self.world
                            .hold(refused && !text.contains(&case.reference), at);
                    }
                }
            }
        }
    }
}

/// Registers whose walk over HTTP is part of every run: one of each kind of secrecy.
const EVERY_TIME: [&str; 5] = [
    "declaration",
    "approach",
    "incident",
    "disciplinary",
    "complaint",
];

/// Opens a case over HTTP as each kind of opener and brings it to its end, seen by each role in turn wherever it stands.
async fn walk_over_http(world: &World, desk: &Desk<'_>, register: &str, school: &'static str) {
    let plan = Plan::of(world, register, school).await;
    let end = |model: &Model| plan.register().state(&model.state).unwrap().end;
    let openings = plan.openings(&plan.openers(""), &Answers::new());
    let (_, way) = plan.way(openings.clone(), &Goal::End).unwrap();
    let first = way.first().unwrap();
    let same = |(_, other): &(Model, Vec<Move>)| {
        let other = other.first().unwrap();
        (&other.answers, &other.who) == (&first.answers, &first.who)
    };
    let (model, _) = openings.into_iter().find(same).unwrap();
    let mut walk = match first.who.as_str() {
        "" => Walk::open(world, &plan, first, model, false).await,
        who => {
            let id = desk.open(who, register, school, &first.answers).await;
            let case = world.kept(&id).await;
            Walk {
                world,
                plan: &plan,
                model,
                case,
                desk: None,
            }
        }
    };
    walk.desk = Some(desk);
    desk.agrees(&walk).await;
    for act in way.iter().skip(1) {
        walk.follow(std::slice::from_ref(act)).await;
        if !walk.is_overdue().await {
            desk.agrees(&walk).await;
        }
    }
    world.hold(end(&walk.model), || {
        format!("{register} at {school}: not at an end")
    });
}

on_both! {
    async fn registers_are_walked_through_over_http_as_each_role_under_two_policies(test: TestStore) {
        let world = World::new(test).await;
        let desk = Desk::of(&world);
        let registers = world.engine.registers();
        walks_are_asked_for();
        for register in registers.registers() {
            if walk_is_asked_for(&register.id) || EVERY_TIME.contains(&register.id.as_str()) {
                for (school, _) in SCHOOLS {
                    walk_over_http(&world, &desk, &register.id, school).await;
                }
            }
        }
        world.all_held();
    }
}
