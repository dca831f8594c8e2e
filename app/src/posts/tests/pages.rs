//! The pages of posts, and what follows from consents.

use super::*;

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
        for (who, status) in [(&desk.ann, 404), (&far, 404), (&desk.hal, 303)] {
            assert_eq!(site.send(who, "POST", "/posts/stop", "school=ash").await.status, status, "{}", who.name());
        }
        assert_eq!(site.send(&desk.hal, "POST", "/posts/stop", "school=").await.status, 404, "the trust is for its own people");
        assert!(site.get(&desk.ann, "/home").await.text.contains("All scheduled posts are held"));
        let page = site.get(&desk.hal, "/posts/stop").await.text;
        let id = page.split("/posts/stop/").nth(1).unwrap().split('/').next().unwrap().to_owned();
        let lift = format!("/posts/stop/{id}/lift");
        assert_eq!(site.send(&desk.ann, "POST", &lift, "").await.status, 404);
        assert_eq!(site.send(&far, "POST", &lift, "").await.status, 404);
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
            super::super::pupils::enter(&mut tx, &desk.ann(), (post, &pupil), (super::super::pupils::Shown::Group, false)).await.unwrap();
        }
        for _ in 0..2 {
            let narrowed = crate::consent::Narrowed { pupil: pupil.clone() };
            crate::jobs::enqueue(&mut tx, &narrowed, crate::jobs::Due::Now).await.unwrap();
        }
        tx.commit().await.unwrap();
        let files = crate::attachments::Attachments::new(desk.site.test.folder().join("files"), 1_000_000);
        let kinds = super::super::kinds(&plain(), &files, &crate::outbound::Outbound::to_platforms(&[]))
            .merge(cases::kinds(&plain()));
        crate::jobs::Worker::new(desk.store().clone(), kinds).round().await.unwrap();
        assert_eq!(desk.state(&planned).await, "held");
        let removals = desk.store().read(&site.test.trust).count("SELECT COUNT(*) AS n FROM case_file WHERE trust = $1 AND register = 'removal'", crate::values![]).await.unwrap();
        assert_eq!(removals, 1, "one for what is out, however often it is looked at");
    }
}
