//! Posts, on both engines: from the draft to what the world saw.

use std::collections::BTreeSet;

use jiff::SignedDuration;

use super::sending::{self, Claim, LEASE, Looked, Outcome, Sending, State};
use super::{REGISTER, hold};
use crate::accounts::tests::{follow, in_use, leaves, plain};
use crate::authority::{Actor, Role};
use crate::cases::tests::made::{ash, of};
use crate::cases::{self, Case, CaseError, CaseId, Opening, Taking};
use crate::people::Person;
use crate::store::testing::{TestStore, on_both};
use crate::store::{Query as _, Store};
use crate::web::App;
use crate::web::testing::TestSite;

fn answers(list: &[(&str, &str)]) -> register::value::Answers {
    let one = list
        .iter()
        .map(|(name, value)| ((*name).to_owned(), vec![(*value).to_owned()]));
    one.collect()
}

/// Somebody who writes, somebody who approves, and an account that the first looks after.
pub(super) struct Desk {
    pub(super) site: TestSite,
    pub(super) ann: Person,
    pub(super) hal: Person,
    pub(super) account: CaseId,
}

impl Desk {
    async fn open(test: TestStore) -> Self {
        Self::over(App::sample(), test).await
    }

    pub(super) async fn over(app: App, test: TestStore) -> Self {
        let site = TestSite::over(app, test);
        let hal = site.person("Hal", Role::Head, Some("ash")).await;
        let ann = site.person("Ann", Role::Staff, Some("ash")).await;
        let account = in_use(&site, &hal, &ann).await;
        // Whoever looks after the account is named as soon as somebody looks at it.
        site.get(&ann, &format!("/accounts/{account}")).await;
        Self {
            site,
            ann,
            hal,
            account,
        }
    }

    pub(super) fn store(&self) -> &Store {
        &self.site.test.store
    }

    pub(super) fn ann(&self) -> Actor {
        of(&self.site.test, &self.ann, Role::Staff)
    }

    pub(super) fn hal(&self) -> Actor {
        of(&self.site.test, &self.hal, Role::Head)
    }

    fn program(&self) -> Actor {
        Actor::operator(self.site.test.trust.clone())
    }

    async fn draft(&self, more: &[(&str, &str)]) -> Case {
        let mut given = answers(&[
            ("title", "Garden"),
            ("text", "The garden is open on Saturday."),
            ("kind", "event"),
            ("has_link", "no"),
            ("people", "none"),
        ]);
        given.extend(answers(more));
        let opening = Opening {
            register: REGISTER.to_owned(),
            school: Some(ash()),
            answers: given,
            ..Opening::default()
        };
        let mut tx = self.store().begin(&self.site.test.trust).await.unwrap();
        let case = cases::open(&mut tx, &plain(), &self.ann(), opening)
            .await
            .unwrap();
        let accounts = BTreeSet::from([self.account.clone()]);
        sending::choose(&mut tx, &self.ann(), &case, &accounts)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        case
    }

    pub(super) async fn step(
        &self,
        actor: &Actor,
        case: &CaseId,
        step: &str,
    ) -> Result<(), CaseError> {
        let mut tx = self.store().begin(&self.site.test.trust).await.unwrap();
        let seen = cases::see(&mut tx, actor, case).await?;
        let taking = Taking {
            step: step.to_owned(),
            revision: seen.case.revision,
            note: "Because".to_owned(),
            ..Taking::default()
        };
        cases::take_on_its_page(&mut tx, &plain(), actor, case, taking).await?;
        if step == "schedule" {
            let now = self.store().clock().now().as_millisecond();
            sending::queue(&mut tx, actor, case, now).await.unwrap();
        }
        tx.commit().await.unwrap();
        Ok(())
    }

    /// A post that is due.
    pub(super) async fn due(&self, more: &[(&str, &str)]) -> CaseId {
        let case = self.draft(more).await.id;
        self.step(&self.ann(), &case, "submit").await.unwrap();
        self.step(&self.hal(), &case, "approve").await.unwrap();
        self.step(&self.ann(), &case, "schedule").await.unwrap();
        case
    }

    pub(super) async fn sending(&self, case: &CaseId) -> Sending {
        let mut reader = self.store().read(&self.site.test.trust);
        let mut all = sending::of_post(&mut reader, case).await.unwrap();
        all.remove(0)
    }

    pub(super) async fn state(&self, case: &CaseId) -> String {
        let mut reader = self.store().read(&self.site.test.trust);
        let of = (self.store(), &self.site.test.trust);
        let case = cases::one_of(&mut reader, of, REGISTER, case)
            .await
            .unwrap();
        case.unwrap().state
    }

    async fn claim(&self, case: &CaseId, can: &[&str]) -> Claim {
        let id = self.sending(case).await.id;
        let mut tx = self.store().begin(&self.site.test.trust).await.unwrap();
        let claim = sending::claim(&mut tx, &plain(), &self.program(), &id, can)
            .await
            .unwrap();
        tx.commit_unrecorded().await.unwrap();
        claim
    }

    async fn answered(&self, case: &CaseId, attempt: i64, outcome: Outcome) -> bool {
        let id = self.sending(case).await.id;
        let mut tx = self.store().begin(&self.site.test.trust).await.unwrap();
        let program = self.program();
        let changed =
            sending::record_outcome(&mut tx, &plain(), &program, (&id, attempt), outcome).await;
        tx.commit_unrecorded().await.unwrap();
        changed.unwrap()
    }

    async fn looked(&self, case: &CaseId, found: Looked) -> bool {
        let id = self.sending(case).await.id;
        let mut tx = self.store().begin(&self.site.test.trust).await.unwrap();
        let changed = sending::looked(&mut tx, &plain(), &self.program(), &id, found).await;
        tx.commit_unrecorded().await.unwrap();
        changed.unwrap()
    }
}

/// A token with which the program could publish on an account: what it says is nobody's concern here.
async fn with_token(desk: &Desk) {
    let mut tx = desk.store().begin(&desk.site.test.trust).await.unwrap();
    tx.execute(
        "INSERT INTO credential (trust, id, case_id, kind, version, sealed, lodged_at) VALUES ($1, 't1', $2, 'publishing', 1, $3, 0)",
        crate::values![&desk.account, vec![0_u8]],
    )
    .await
    .unwrap();
    tx.commit_unrecorded().await.unwrap();
}

const CAN: &[&str] = &["instagram"];

fn published() -> Outcome {
    Outcome::Published {
        id: "p1".to_owned(),
        address: "https://instagram.com/p/abc".to_owned(),
    }
}

on_both! {
    async fn a_due_post_is_handed_over_and_its_address_is_kept(test: TestStore) {
        let desk = Desk::open(test).await;
        let post = desk.due(&[]).await;
        assert!(matches!(desk.claim(&post, CAN).await, Claim::Nothing));
        let handed = desk.sending(&post).await;
        assert_eq!((handed.state, desk.state(&post).await.as_str()), (State::HandedOver, "publishing"));
        let of = (desk.store(), &desk.site.test.trust);
        let copy = handed.copy(&mut desk.store().read(of.1), of).await.unwrap().unwrap();
        assert_eq!(copy.text, "The garden is open on Saturday.");
        assert_eq!((copy.platform.as_str(), handed.hash.as_ref().unwrap().len()), ("instagram", 64));
        let told = desk.site.get(&desk.ann, "/home").await.text;
        assert!(told.contains("A post is yours to put out"), "{told}");
        assert!(matches!(desk.claim(&post, CAN).await, Claim::Nothing), "once");

        let mut tx = desk.store().begin(of.1).await.unwrap();
        sending::is_out(&mut tx, &plain(), &desk.ann(), &handed.id, "https://instagram.com/p/abc").await.unwrap();
        tx.commit().await.unwrap();
        let out = desk.sending(&post).await;
        assert_eq!((out.state, desk.state(&post).await.as_str()), (State::Published, "published"));
        assert_eq!((out.address.as_deref(), out.hash), (Some("https://instagram.com/p/abc"), handed.hash));
        let mut tx = desk.store().begin(of.1).await.unwrap();
        assert!(sending::is_out(&mut tx, &plain(), &desk.ann(), &handed.id, "https://instagram.com/p/x").await.is_err());
    }

    async fn a_claim_is_had_once_and_its_outcome_counts_once(test: TestStore) {
        let desk = Desk::open(test).await;
        with_token(&desk).await;
        let post = desk.due(&[]).await;
        let Claim::Send(order) = desk.claim(&post, CAN).await else { panic!("it is due") };
        assert_eq!((order.attempt, order.copy.account.as_str()), (1, "instagram.com/ash.primary"));
        assert!(matches!(desk.claim(&post, CAN).await, Claim::Later(_)), "somebody has it");
        assert!(desk.answered(&post, 1, published()).await);
        assert!(!desk.answered(&post, 1, published()).await, "twice is once");
        assert!(!desk.answered(&post, 1, Outcome::Unknown).await);
        assert!(matches!(desk.claim(&post, CAN).await, Claim::Nothing));
        assert_eq!(desk.state(&post).await, "published");
        assert_eq!(desk.sending(&post).await.remote.as_deref(), Some("p1"));
    }

    async fn whatever_was_cut_off_is_looked_for_and_never_sent_blindly(test: TestStore) {
        let desk = Desk::open(test).await;
        with_token(&desk).await;
        let post = desk.due(&[]).await;
        let Claim::Send(first) = desk.claim(&post, CAN).await else { panic!("it is due") };
        desk.site.test.hand.advance(LEASE.try_into().unwrap());
        let Claim::LookFor(again) = desk.claim(&post, CAN).await else { panic!("it may be out") };
        assert_eq!(again.idempotency_key, first.idempotency_key);
        assert!(matches!(desk.claim(&post, CAN).await, Claim::LookFor(_)), "until somebody knows");
        assert!(!desk.answered(&post, 1, Outcome::Refused("No".into())).await, "what was given up says nothing");
        assert!(!desk.looked(&post, Looked::Unanswered).await);
        assert!(desk.looked(&post, Looked::NotThere).await);
        let Claim::Send(second) = desk.claim(&post, CAN).await else { panic!("it is certain that it is not out") };
        assert_eq!((second.attempt, &second.idempotency_key), (2, &first.idempotency_key));
        assert!(!desk.answered(&post, 1, Outcome::Refused("No".into())).await, "another attempt is at it");
        assert!(desk.answered(&post, 2, Outcome::Unknown).await);
        assert!(desk.looked(&post, Looked::GiveUp).await);
        assert_eq!((desk.sending(&post).await.state, desk.state(&post).await.as_str()), (State::Asked, "ask-a-person"));
        assert!(matches!(desk.claim(&post, CAN).await, Claim::Nothing), "a person says what is");
        assert!(desk.answered(&post, 1, published()).await, "that it is out is true however late");
        assert_eq!(desk.state(&post).await, "published");
    }

    async fn a_person_who_looked_says_whether_it_is_out(test: TestStore) {
        let desk = Desk::open(test).await;
        with_token(&desk).await;
        for (said, state, case) in [
            (sending::Said::There("https://instagram.com/p/abc".into()), State::Published, "published"),
            (sending::Said::SendAgain, State::Queued, "publishing"),
            (sending::Said::LeaveIt, State::Failed, "not-published"),
        ] {
            let post = desk.due(&[]).await;
            desk.claim(&post, CAN).await;
            desk.answered(&post, 1, Outcome::Unknown).await;
            desk.looked(&post, Looked::GiveUp).await;
            let id = desk.sending(&post).await.id;
            let mut tx = desk.store().begin(&desk.site.test.trust).await.unwrap();
            sending::said(&mut tx, &plain(), &desk.ann(), &id, said).await.unwrap();
            tx.commit().await.unwrap();
            assert_eq!((desk.sending(&post).await.state, desk.state(&post).await.as_str()), (state, case));
        }
    }

    async fn the_platform_may_ask_to_wait_or_refuse(test: TestStore) {
        let desk = Desk::open(test).await;
        with_token(&desk).await;
        let post = desk.due(&[]).await;
        desk.claim(&post, CAN).await;
        let until = desk.store().clock().now().checked_add(SignedDuration::from_mins(10)).unwrap();
        assert!(desk.answered(&post, 1, Outcome::RateLimited(until)).await);
        let Claim::Later(later) = desk.claim(&post, CAN).await else { panic!("not yet") };
        assert_eq!(later, until);
        desk.site.test.hand.advance(SignedDuration::from_mins(10).try_into().unwrap());
        assert!(matches!(desk.claim(&post, CAN).await, Claim::Send(_)));
        assert!(desk.answered(&post, 2, Outcome::Refused("Too long".into())).await);
        assert_eq!((desk.state(&post).await.as_str(), desk.sending(&post).await.why.as_str()), ("not-published", "Too long"));
    }

    async fn what_stands_in_its_way_is_looked_at_when_it_goes_out(test: TestStore) {
        let desk = Desk::open(test).await;
        let named = desk.due(&[("people", "some")]).await;
        desk.claim(&named, CAN).await;
        assert_eq!(desk.state(&named).await, "held", "no pupil is listed");
        let fine = desk.due(&[]).await;
        leaves(&desk.site.test, &desk.ann.id).await;
        desk.claim(&fine, CAN).await;
        assert_eq!((desk.state(&fine).await.as_str(), desk.sending(&fine).await.state), ("held", State::Queued));
        desk.claim(&fine, CAN).await;
        assert_eq!(desk.state(&fine).await, "held");
    }

    async fn a_child_without_consent_keeps_a_post_back(test: TestStore) {
        let desk = Desk::open(test).await;
        let post = desk.due(&[("people", "some")]).await;
        let mut tx = desk.store().begin(&desk.site.test.trust).await.unwrap();
        let pupil = "p1".parse().unwrap();
        super::pupils::enter(&mut tx, &desk.ann(), (&post, &pupil), (super::pupils::Shown::Group, false)).await.unwrap();
        tx.commit().await.unwrap();
        desk.claim(&post, CAN).await;
        assert_eq!(desk.state(&post).await, "held");
        let page = desk.site.get(&desk.hal, &format!("/cases/{post}")).await.text;
        assert!(page.contains("shown in a group"), "{page}");
    }

    async fn one_click_holds_everything_until_it_is_lifted(test: TestStore) {
        let desk = Desk::open(test).await;
        let post = desk.due(&[]).await;
        for school in [Some(ash()), None] {
            let mut tx = desk.store().begin(&desk.site.test.trust).await.unwrap();
            assert!(hold::place(&mut tx, &desk.hal(), school.as_ref()).await.unwrap());
            assert!(!hold::place(&mut tx, &desk.hal(), school.as_ref()).await.unwrap(), "once");
            tx.commit().await.unwrap();
            assert!(matches!(desk.claim(&post, CAN).await, Claim::Nothing));
            assert_eq!((desk.state(&post).await.as_str(), desk.sending(&post).await.state), ("scheduled", State::Queued));
            let mut tx = desk.store().begin(&desk.site.test.trust).await.unwrap();
            for held in hold::open(&mut tx).await.unwrap() {
                hold::lift(&mut tx, &desk.hal(), &held).await.unwrap();
            }
            tx.commit().await.unwrap();
        }
        desk.claim(&post, CAN).await;
        assert_eq!(desk.state(&post).await, "publishing");
    }

    async fn nobody_approves_their_own_and_what_left_the_plan_does_not_go_out(test: TestStore) {
        let desk = Desk::open(test).await;
        follow(&desk.site.test, "tlt").await;
        let post = desk.draft(&[]).await.id;
        desk.step(&desk.ann(), &post, "submit").await.unwrap();
        assert!(desk.step(&desk.ann(), &post, "approve").await.is_err(), "no right to");
        let both = of(&desk.site.test, &desk.ann, Role::Head);
        assert!(desk.step(&both, &post, "approve").await.is_err(), "she wrote it");
        desk.step(&desk.hal(), &post, "approve").await.unwrap();
        desk.step(&desk.ann(), &post, "schedule").await.unwrap();
        desk.step(&desk.ann(), &post, "unschedule").await.unwrap();
        desk.claim(&post, CAN).await;
        assert_eq!((desk.sending(&post).await.state, desk.state(&post).await.as_str()), (State::Planned, "approved"));
    }

    async fn a_small_school_has_a_head_elsewhere_approve(test: TestStore) {
        let site_hal_writes = Desk::open(test).await;
        let desk = &site_hal_writes;
        let oak = desk.site.person("Ida", Role::Head, Some("oak")).await;
        let staff = desk.site.person("Sam", Role::Staff, Some("oak")).await;
        let post = desk.draft(&[]).await.id;
        desk.step(&desk.ann(), &post, "submit").await.unwrap();
        let site = &desk.site;
        assert_eq!(site.get(&staff, &format!("/cases/{post}")).await.status, 404);
        let page = site.get(&oak, &format!("/cases/{post}")).await;
        assert!(page.status == 200 && page.text.contains("Approve it"), "{}", page.text);
    }
}

/// Everything that may be asked of a post, with a form where it takes one.
const PAGES: [(&str, &str); 5] = [
    ("GET", ""),
    ("GET", "/edit"),
    ("GET", "/pictures"),
    ("GET", "/pupils"),
    ("POST", "/submit"),
];

on_both! {
    async fn a_teacher_writes_and_another_approves_and_each_sees_what_is_theirs(test: TestStore) {
        let desk = Desk::open(test).await;
        let site = &desk.site;
        follow(&site.test, "tlt").await;
        let bea = site.person("Bea", Role::Staff, Some("ash")).await;
        let far = site.person("Ida", Role::Head, Some("oak")).await;
        let form = site.get(&desk.ann, "/posts/new").await;
        assert!(form.status == 200 && form.text.contains("ash.primary"), "{}", form.text);
        assert!(!site.get(&bea, "/posts/new").await.text.contains("ash.primary"), "nobody named her");
        let fields = format!("title=Garden&text=The garden is open&kind=event&has_link=no&people=none&account={}", desk.account);
        let checked = site.send(&desk.ann, "POST", "/posts/new", &fields).await;
        assert!(checked.status == 200 && checked.text.contains("app-verdict"), "{}", checked.text);
        let short = site.send(&desk.ann, "POST", "/posts/new", "title=Garden&save=yes").await;
        assert!(short.status == 422 && short.text.contains("There is a problem"), "{}", short.text);
        let saved = site.send(&desk.ann, "POST", "/posts/new", &format!("{fields}&save=yes")).await;
        let post = saved.location.split('?').next().unwrap().to_owned();
        assert_eq!(saved.status, 303, "{}", saved.text);
        for (method, page) in PAGES {
            let address = format!("{post}{page}");
            assert_eq!(site.nobody(method, &address, "").await.status, 303, "{address}: sign in first");
            for other in [&bea, &far] {
                assert_eq!(site.send(other, method, &address, "").await.status, 404, "{address}");
            }
        }
        assert_eq!(site.get(&desk.hal, &format!("{post}/edit")).await.status, 409, "it is hers to write");
        let sent = site.send(&desk.ann, "POST", &format!("{post}/submit"), "").await;
        assert_eq!(sent.location, format!("{post}?done=submitted"), "{}", sent.text);
        assert_eq!(site.send(&desk.ann, "POST", &format!("{post}/approve"), "").await.status, 403);
        let seen = site.get(&desk.hal, &post).await.text;
        assert!(seen.contains("Approve it") && seen.contains("What the policy says"), "{seen}");
        let approved = site.send(&desk.hal, "POST", &format!("{post}/approve"), "").await;
        assert_eq!(approved.status, 303, "{}", approved.text);
        let past = site.send(&desk.ann, "POST", &format!("{post}/schedule"), "when=at&day-day=1&day-month=1&day-year=2020&time=9:00").await;
        assert_eq!(past.status, 422);
        let planned = site.send(&desk.ann, "POST", &format!("{post}/schedule"), "when=at&day-day=21&day-month=11&day-year=2026&time=9:00").await;
        assert_eq!(planned.status, 303, "{}", planned.text);
        let month = site.get(&desk.ann, "/posts?month=2026-11").await.text;
        assert!(month.contains("Garden") && month.contains("Saturday 21 November"), "{month}");
        assert!(!site.get(&bea, "/posts?month=2026-11").await.text.contains("Garden"));
    }

    async fn what_the_policy_forbids_is_mended_before_it_is_sent(test: TestStore) {
        let desk = Desk::open(test).await;
        let site = &desk.site;
        follow(&site.test, "tlt").await;
        let bea = site.person("Bea", Role::Staff, Some("ash")).await;
        let post = desk.draft(&[("text", "Our stupid idiot of a neighbour school lost again, the morons"), ("has_link", "yes"), ("link_checked", "no")]).await.id;
        let refused = site.send(&desk.ann, "POST", &format!("/posts/{post}/submit"), "").await;
        assert_eq!(refused.status, 422, "{}", refused.text);
        assert!(refused.text.contains("Open every outside link"), "{}", refused.text);
        assert_eq!(desk.state(&post).await, "draft");
        let own = of(&site.test, &bea, Role::Staff);
        assert!(desk.step(&own, &post, "submit").await.is_err());
    }

    async fn the_stop_is_for_those_whom_the_register_names(test: TestStore) {
        let desk = Desk::open(test).await;
        let site = &desk.site;
        let far = site.person("Ida", Role::Head, Some("oak")).await;
        desk.due(&[]).await;
        for (who, status) in [(&desk.ann, 403), (&far, 403), (&desk.hal, 303)] {
            assert_eq!(site.send(who, "POST", "/posts/stop", "school=ash").await.status, status, "{}", who.name());
        }
        assert_eq!(site.send(&desk.hal, "POST", "/posts/stop", "school=").await.status, 403, "the trust is for its own people");
        assert!(site.get(&desk.ann, "/home").await.text.contains("All scheduled posts are held"));
        let page = site.get(&desk.hal, "/posts/stop").await.text;
        let id = page.split("/posts/stop/").nth(1).unwrap().split('/').next().unwrap().to_owned();
        let lift = format!("/posts/stop/{id}/lift");
        assert_eq!(site.send(&desk.ann, "POST", &lift, "").await.status, 403);
        assert_eq!(site.send(&far, "POST", &lift, "").await.status, 403);
        assert_eq!(site.send(&desk.hal, "POST", &lift, "").await.status, 303);
        assert!(site.get(&desk.ann, "/home").await.text.contains("Scheduled posts go on"));
    }

    async fn what_is_out_is_in_the_feed_is_corrected_and_taken_down(test: TestStore) {
        let desk = Desk::open(test).await;
        let site = &desk.site;
        let post = desk.due(&[]).await;
        desk.claim(&post, &[]).await;
        let id = desk.sending(&post).await.id;
        let hand = format!("/posts/{post}/sendings/{id}");
        let bea = site.person("Bea", Role::Staff, Some("ash")).await;
        assert_eq!(site.get(&bea, &hand).await.status, 404);
        let page = site.get(&desk.ann, &hand).await.text;
        assert!(page.contains("The garden is open") && page.contains("https://www.instagram.com/"), "{page}");
        let elsewhere = site.send(&desk.ann, "POST", &hand, "says=out&address=https://facebook.com/ash/posts/1").await;
        assert!(elsewhere.status == 422 && elsewhere.text.contains("not on the account"), "{}", elsewhere.text);
        let out = site.send(&desk.ann, "POST", &hand, "says=out&address=https://instagram.com/p/abc").await;
        assert_eq!(out.status, 303, "{}", out.text);
        assert_eq!(site.send(&desk.ann, "POST", &hand, "says=out&address=https://instagram.com/p/abc").await.status, 409);
        let feed = site.nobody("GET", "/published/ash/feed", "").await;
        assert!(feed.status == 200 && feed.text.contains("<link href=\"https://instagram.com/p/abc\"/>"), "{}", feed.text);
        assert!(feed.text.contains("The garden is open") && !feed.text.contains("Ann"));
        assert!(site.nobody("GET", "/published/ash", "").await.text.contains("https://instagram.com/p/abc"));
        assert!(!site.nobody("GET", "/published/oak", "").await.text.contains("garden"));

        let correct = site.send(&desk.ann, "POST", &format!("/posts/{post}/correct"), "").await;
        let form = site.get(&desk.ann, &correct.location).await.text;
        assert!(form.contains("Correction: Garden"), "{form}");
        let reference = correct.location.split('=').nth(1).unwrap();
        let fields = format!("corrects={reference}&title=Correction&text=The garden is open on Sunday&kind=correction&has_link=no&people=none&save=yes&account={}", desk.account);
        let saved = site.send(&desk.ann, "POST", "/posts/new", &fields).await;
        let new: CaseId = saved.location.split(['/', '?']).nth(2).unwrap().parse().unwrap();
        for (actor, step) in [(desk.ann(), "submit"), (desk.hal(), "approve"), (desk.ann(), "schedule")] {
            desk.step(&actor, &new, step).await.unwrap();
        }
        desk.claim(&new, &[]).await;
        let next = format!("/posts/{new}/sendings/{}", desk.sending(&new).await.id);
        site.send(&desk.ann, "POST", &next, "says=out&address=https://instagram.com/p/def").await;
        assert_eq!((desk.state(&new).await.as_str(), desk.state(&post).await.as_str()), ("published", "corrected"));
        let old = site.get(&desk.ann, &format!("/posts/{post}")).await.text;
        assert!(old.contains("The garden is open on Saturday."), "the old one stays: {old}");

        let why = format!("/posts/{new}/take-down");
        assert_eq!(site.send(&desk.ann, "POST", &why, "why=").await.status, 422);
        assert_eq!(site.send(&desk.ann, "POST", &why, "why=Cancelled").await.status, 303);
        assert_eq!(desk.state(&new).await, "taking-down");
        assert_eq!(site.send(&desk.ann, "POST", &next, "says=down").await.status, 303);
        assert_eq!((desk.state(&new).await.as_str(), desk.sending(&new).await.state), ("taken-down", State::Removed));
        assert!(!site.nobody("GET", "/published/ash/feed", "").await.text.contains("/p/def"));
    }

    async fn a_consent_that_gets_narrower_holds_what_is_planned_and_opens_a_removal(test: TestStore) {
        let desk = Desk::open(test).await;
        let site = &desk.site;
        let out = desk.due(&[]).await;
        desk.claim(&out, &[]).await;
        let id = desk.sending(&out).await.id;
        let pupil = "p1".parse().unwrap();
        let mut tx = desk.store().begin(&site.test.trust).await.unwrap();
        sending::is_out(&mut tx, &plain(), &desk.ann(), &id, "https://instagram.com/p/abc").await.unwrap();
        tx.commit().await.unwrap();
        let planned = desk.due(&[]).await;
        let mut tx = desk.store().begin(&site.test.trust).await.unwrap();
        for post in [&out, &planned] {
            super::pupils::enter(&mut tx, &desk.ann(), (post, &pupil), (super::pupils::Shown::Group, false)).await.unwrap();
        }
        for _ in 0..2 {
            let narrowed = crate::consent::Narrowed { pupil: pupil.clone() };
            crate::jobs::enqueue(&mut tx, &narrowed, crate::jobs::Due::Now).await.unwrap();
        }
        tx.commit().await.unwrap();
        let files = crate::attachments::Attachments::new(desk.site.test.folder().join("files"), 1_000_000);
        let kinds = super::kinds(&plain(), &files, &crate::outbound::Outbound::to_platforms(&[]))
            .merge(cases::kinds(&plain()));
        crate::jobs::Worker::new(desk.store().clone(), kinds).round().await.unwrap();
        assert_eq!(desk.state(&planned).await, "held");
        let removals = desk.store().read(&site.test.trust).count("SELECT COUNT(*) AS n FROM case_file WHERE trust = $1 AND register = 'removal'", crate::values![]).await.unwrap();
        assert_eq!(removals, 1, "one for what is out, however often it is looked at");
    }
}
