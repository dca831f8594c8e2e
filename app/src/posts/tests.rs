//! Posts, on both engines: from the draft to what the world saw.

mod pages;

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
    pub(super) async fn open(test: TestStore) -> Self {
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

    pub(super) async fn draft(&self, more: &[(&str, &str)]) -> Case {
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

    pub(super) async fn claim(&self, case: &CaseId, can: &[&str]) -> Claim {
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
