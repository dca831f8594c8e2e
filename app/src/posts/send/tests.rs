//! What becomes of a post, whatever the platform does and wherever the program is killed: the table of
//! `docs/reference/publishing.md`, held here on both platforms and both engines.

use std::fmt::Write as _;
use std::sync::Arc;

use jiff::SignedDuration;
use tokio::sync::Notify;

use super::super::sending::{self, State};
use super::super::tests::Desk;
use super::{Step, Way};
use crate::accounts::tests::{asked, plain, step};
use crate::attachments::Attachments;
use crate::authority::Role;
use crate::cases::tests::made::of;
use crate::cases::{self, CaseId};
use crate::jobs::Worker;
use crate::outbound::testing::{Fault, Platform, TOKEN};
use crate::store::testing::{TestStore, on_both};
use crate::web::App;

/// How the request that publishes begins, on each platform.
const PUBLISHING: [&str; 2] = [
    "POST /xrpc/com.atproto.repo.putRecord",
    "POST /api/v1/statuses",
];
const ACCOUNTS: [(&str, &str); 2] = [
    ("bluesky @ash.bsky.social", "ash.bsky.social"),
    ("mastodon https://social.example/@ash", ""),
];

/// What happens to a sending, and what is expected of it.
struct Case {
    says: &'static str,
    /// What the platform does to the request that publishes, and whether it carries it out.
    fault: Option<(Fault, bool)>,
    /// Where the program is killed.
    killed: Option<Step>,
    /// For how many minutes the platform is down afterwards.
    down: i64,
    /// For how many minutes the program is not running after it was killed.
    off: i64,
    /// Where it stands just after that.
    then: State,
    /// Where it stands an hour after all is well again, on Bluesky and on Mastodon.
    end: [State; 2],
    /// How many posts were ever made.
    made: usize,
}

const WELL: Case = Case {
    says: "Nothing goes wrong",
    fault: None,
    killed: None,
    down: 0,
    off: 0,
    then: State::Published,
    end: [State::Published; 2],
    made: 1,
};

const fn fault(says: &'static str, fault: Fault, carried_out: bool, then: State) -> Case {
    Case {
        says,
        fault: Some((fault, carried_out)),
        then,
        ..WELL
    }
}

const fn killed(says: &'static str, step: Step, then: State) -> Case {
    Case {
        says,
        killed: Some(step),
        off: 6,
        then,
        ..WELL
    }
}

const CASES: [Case; 23] = [
    WELL,
    Case {
        down: 3,
        then: State::Queued,
        ..fault_free("The platform is down for three minutes")
    },
    Case {
        down: 60 * 24,
        then: State::Queued,
        end: [State::Failed; 2],
        made: 0,
        ..fault_free("The platform is down for a day")
    },
    fault(
        "It takes the post and never answers",
        Fault::Slow,
        true,
        State::Unknown,
    ),
    fault(
        "It never answers, and does not take it",
        Fault::Slow,
        false,
        State::Unknown,
    ),
    fault("It asks to wait", Fault::Limited, false, State::Queued),
    fault(
        "It takes the post and answers with an error of its own (500)",
        Fault::Broken,
        true,
        State::Unknown,
    ),
    fault(
        "It answers with an error of its own (500) and does not take it",
        Fault::Broken,
        false,
        State::Unknown,
    ),
    fault(
        "It takes the post and answers nonsense",
        Fault::Nonsense,
        true,
        State::Unknown,
    ),
    fault(
        "It answers nonsense and does not take it",
        Fault::Nonsense,
        false,
        State::Unknown,
    ),
    fault(
        "It takes the post and sends half an answer",
        Fault::Truncated,
        true,
        State::Unknown,
    ),
    fault(
        "It sends half an answer and does not take it",
        Fault::Truncated,
        false,
        State::Unknown,
    ),
    fault(
        "It takes the post and the connection ends",
        Fault::Cut,
        true,
        State::Unknown,
    ),
    fault(
        "The connection ends before it takes it",
        Fault::Cut,
        false,
        State::Unknown,
    ),
    Case {
        end: [State::Failed; 2],
        made: 0,
        ..fault(
            "The token was revoked",
            Fault::Revoked,
            false,
            State::Failed,
        )
    },
    Case {
        end: [State::Failed; 2],
        made: 0,
        ..fault("It refuses the post", Fault::Refused, false, State::Failed)
    },
    killed(
        "The program is killed before it asks",
        Step::Taken,
        State::Sending,
    ),
    killed(
        "The program is killed before it hears or records the answer",
        Step::Asked,
        State::Sending,
    ),
    killed(
        "The program is killed once the answer is recorded",
        Step::Recorded,
        State::Published,
    ),
    Case {
        fault: Some((Fault::Cut, true)),
        ..killed(
            "The answer is lost, and the program is killed while it looks",
            Step::Looked,
            State::Unknown,
        )
    },
    Case {
        off: 45,
        end: [State::Published, State::Asked],
        ..killed(
            "The program is killed before it asks, and is off for 45 minutes",
            Step::Taken,
            State::Sending,
        )
    },
    Case {
        off: 45,
        ..killed(
            "The program is killed before it records the answer, and is off for 45 minutes",
            Step::Asked,
            State::Sending,
        )
    },
    Case {
        fault: Some((Fault::Cut, true)),
        down: 120,
        then: State::Unknown,
        end: [State::Asked; 2],
        ..fault_free("The answer is lost, and the platform is down for two hours")
    },
];

const fn fault_free(says: &'static str) -> Case {
    Case { says, ..WELL }
}

/// A desk whose account is on one of the platforms, with its token lodged.
async fn desk(test: TestStore, platform: &Platform, which: usize) -> Desk {
    let app = App::sample().with_platforms(Platform::outbound());
    let mut desk = Desk::over(app, test).await;
    let (account, name) = ACCOUNTS[which];
    let test = &desk.site.test;
    let case = asked(test, &desk.ann(), &desk.ann.id, &[("account", account)])
        .await
        .id;
    step(test, &of(test, &desk.hal, Role::Head), &case, "take-on", "")
        .await
        .unwrap();
    desk.site.get(&desk.ann, &format!("/accounts/{case}")).await;
    let server = platform.address().replace(':', "%3A").replace('/', "%2F");
    let page = format!("/accounts/{case}/log-in/token");
    let form = format!("server={server}&name={name}&token={TOKEN}");
    let kept = desk.site.send(&desk.ann, "POST", &page, &form).await;
    assert!(kept.location.ends_with("done=token"), "{}", kept.text);
    desk.account = case;
    desk
}

fn worker(desk: &Desk, killed: Option<(Step, Arc<Notify>)>) -> Worker {
    let engine = plain();
    let files = Attachments::new(desk.site.test.folder().join("files"), 1_000_000);
    let way = Way {
        killed,
        ..Way::new(&engine, &files, &Platform::outbound())
    };
    let kinds = super::super::with(&engine, &way).merge(cases::kinds(&engine));
    Worker::new(desk.store().clone(), kinds)
}

async fn minutes(desk: &Desk, worker: &Worker, minutes: i64) {
    for _ in 0..minutes {
        desk.site
            .test
            .hand
            .advance(SignedDuration::from_mins(1).try_into().unwrap());
        worker.round().await.unwrap();
    }
}

async fn becomes(desk: &Desk, platform: &mut Platform, which: usize, case: &Case) {
    let post = desk.due(&[]).await;
    platform.forget();
    let context = format!("{}, on {}", case.says, ACCOUNTS[which].0);
    if let Some((fault, carried_out)) = case.fault {
        platform.fail(PUBLISHING[which], fault, carried_out);
    } else if case.down > 0 {
        platform.down().await;
    }
    let well = worker(desk, None);
    match case.killed {
        None => minutes(desk, &well, 1).await,
        Some(step) => {
            let there = Arc::new(Notify::new());
            let killed = worker(desk, Some((step, Arc::clone(&there))));
            tokio::select! {
                () = minutes(desk, &killed, 10) => panic!("it was not killed: {context}"),
                () = there.notified() => {}
            }
        }
    }
    assert_eq!(desk.sending(&post).await.state, case.then, "{context}");
    platform.recover();
    if case.fault.is_some() && case.down > 0 {
        platform.down().await;
    }
    desk.site
        .test
        .hand
        .advance(SignedDuration::from_mins(case.off).try_into().unwrap());
    minutes(desk, &well, case.down).await;
    if case.down > 0 {
        platform.up().await;
    }
    minutes(desk, &well, 15).await;
    let sending = desk.sending(&post).await;
    assert_eq!(sending.state, case.end[which], "{context}: {sending:?}");
    let made = match case.end[which] {
        State::Asked if case.fault.is_none() => 0,
        _ => case.made,
    };
    assert_eq!(platform.made(), made, "{context}");
    told(desk, &post, &sending, &context).await;
}

/// However it ended, its page says so, and somebody was told where a person is wanted.
async fn told(desk: &Desk, post: &CaseId, sending: &sending::Sending, context: &str) {
    let (state, subject) = match sending.state {
        State::Published => ("published", ""),
        State::Asked => ("ask-a-person", "Nobody knows whether a post went out"),
        _ => ("not-published", "A post could not be published"),
    };
    assert_eq!(desk.state(post).await, state, "{context}");
    let home = desk.site.get(&desk.ann, "/home").await.text;
    assert!(home.contains(subject), "{context}: {home}");
    assert_eq!(
        sending.state == State::Published,
        sending.why.is_empty(),
        "{context}"
    );
}

on_both! {
    async fn whatever_happens_a_post_is_never_lost_and_never_there_twice(test: TestStore) {
        let mut platform = Platform::start().await;
        let bluesky = desk(test, &platform, 0).await;
        for case in &CASES {
            becomes(&bluesky, &mut platform, 0, case).await;
        }
    }

    async fn on_mastodon_too(test: TestStore) {
        let mut platform = Platform::start().await;
        let mastodon = desk(test, &platform, 1).await;
        for case in &CASES {
            becomes(&mastodon, &mut platform, 1, case).await;
        }
    }

    async fn what_is_to_be_taken_down_is_taken_down_once_the_platform_can_be_asked(test: TestStore) {
        let mut platform = Platform::start().await;
        let desk = desk(test, &platform, 1).await;
        let well = worker(&desk, None);
        let post = desk.due(&[]).await;
        minutes(&desk, &well, 1).await;
        assert_eq!(platform.posts(), ["The garden is open on Saturday."]);
        platform.down().await;
        desk.step(&desk.hal(), &post, "take-down").await.unwrap();
        let mut tx = desk.store().begin(&desk.site.test.trust).await.unwrap();
        sending::take_down(&mut tx, &desk.hal(), &post).await.unwrap();
        tx.commit().await.unwrap();
        minutes(&desk, &well, 5).await;
        assert_eq!(desk.sending(&post).await.state, State::Removing);
        platform.up().await;
        minutes(&desk, &well, 60).await;
        assert_eq!((desk.sending(&post).await.state, desk.state(&post).await.as_str()), (State::Removed, "taken-down"));
        assert!(platform.posts().is_empty());
    }
}

fn words(state: State) -> &'static str {
    match state {
        State::Queued => "queued, to be tried again",
        State::Sending => "being sent",
        State::Unknown => "unknown: it is looked for",
        State::Asked => "a person is asked",
        State::Published => "published, once",
        State::Failed => "not published; people are told why",
        other => other.says(),
    }
}

#[test]
fn the_reference_has_the_table() {
    let mut text = include_str!("reference.txt").to_owned();
    text.push_str("| What happens | Just then | In the end |\n|---|---|---|\n");
    for case in &CASES {
        let end = match case.end {
            [one, other] if one == other => words(one).to_owned(),
            [one, other] => format!("on Bluesky {}; on Mastodon {}", words(one), words(other)),
        };
        let _ = writeln!(text, "| {} | {} | {end} |", case.says, words(case.then));
    }
    let file =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/reference/publishing.md");
    if std::env::var_os("PROBITY_GENERATE").is_some() {
        std::fs::write(&file, &text).unwrap();
    }
    let kept = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        kept == text,
        "docs/reference/publishing.md is not fresh: 'cargo xtask generate' writes it"
    );
}
