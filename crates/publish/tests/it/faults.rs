//! What is said of each platform and each fault, at each request on the way.

use publish::{Account, Failure, Found, Platform};

use crate::carrier::Carrier;
use crate::scripted::{self, Fault};
use crate::{post, run};

/// A request on the way to a post.
struct Step {
    platform: Platform,
    /// How its line begins.
    line: &'static str,
    path: &'static str,
    /// Whether it is the one that publishes.
    publishes: bool,
}

const STEPS: [Step; 5] = [
    Step {
        platform: Platform::Bluesky,
        line: "POST /xrpc/com.atproto.server.createSession",
        path: "createSession",
        publishes: false,
    },
    Step {
        platform: Platform::Bluesky,
        line: "POST /xrpc/com.atproto.repo.uploadBlob",
        path: "uploadBlob",
        publishes: false,
    },
    Step {
        platform: Platform::Bluesky,
        line: "POST /xrpc/com.atproto.repo.putRecord",
        path: "putRecord",
        publishes: true,
    },
    Step {
        platform: Platform::Mastodon,
        line: "POST /api/v2/media",
        path: "/api/v2/media",
        publishes: false,
    },
    Step {
        platform: Platform::Mastodon,
        line: "POST /api/v1/statuses",
        path: "/api/v1/statuses",
        publishes: true,
    },
];

/// What is said of a fault where a post is published, and at a request before it.
const SAID: [(Fault, &str, &str); 14] = [
    (Fault::Down, "not reached", "not reached"),
    (Fault::Slow, "unknown", "not reached"),
    (Fault::Limited, "limited", "limited"),
    (Fault::Broken, "unknown", "not reached"),
    (Fault::Gateway, "unknown", "not reached"),
    (Fault::Closed, "unknown", "not reached"),
    (Fault::Nonsense, "unknown", "not reached"),
    (Fault::OtherJson, "unknown", "not reached"),
    (Fault::Truncated, "unknown", "not reached"),
    (Fault::Cut, "unknown", "not reached"),
    (Fault::Revoked, "revoked", "revoked"),
    (Fault::Moved, "refused", "refused"),
    (Fault::Refused, "refused", "refused"),
    (Fault::None, "published", "published"),
];

fn said<T>(outcome: &Result<T, Failure>) -> &'static str {
    match outcome {
        Ok(_) => "published",
        Err(Failure::Refused(_)) => "refused",
        Err(Failure::RateLimited { wait, .. }) => {
            assert_eq!(wait.as_secs(), 90);
            "limited"
        }
        Err(Failure::TokenRevoked(_)) => "revoked",
        Err(Failure::NotReached(_)) => "not reached",
        Err(Failure::Unknown(_)) => "unknown",
    }
}

fn carrier(fault: Fault, path: &'static str) -> Carrier {
    match fault {
        Fault::Down => Carrier::new().dead_at(path),
        Fault::Slow => Carrier::new().impatient(),
        _ => Carrier::new(),
    }
}

#[test]
fn each_fault_at_each_request_says_what_is_certain() {
    for step in &STEPS {
        for (fault, publishing, before) in SAID {
            run(async {
                let carrier = carrier(fault, step.path);
                let server = scripted::start(step.line, fault).await;
                let account =
                    Account::new(step.platform, &server, "school.test", "token", &carrier);
                let account = account.unwrap();
                let outcome = account.publish(&post("Sports day", "1")).await;
                let expected = if step.publishes { publishing } else { before };
                assert_eq!(
                    said(&outcome),
                    expected,
                    "{fault:?} at {}: {outcome:?}",
                    step.line
                );
                assert!(
                    carrier.sent(step.path) <= 1,
                    "{fault:?} at {}: asked again",
                    step.line
                );
            });
        }
    }
}

#[test]
fn a_look_or_a_check_that_fails_finds_nothing_out() {
    let looks = [
        (
            Platform::Bluesky,
            "GET /xrpc/com.atproto.repo.getRecord",
            "getRecord",
        ),
        (
            Platform::Mastodon,
            "GET /api/v1/accounts/1/statuses",
            "/statuses",
        ),
    ];
    for (platform, line, path) in looks {
        for (fault, _, before) in SAID {
            run(async {
                let carrier = carrier(fault, path);
                let server = scripted::start(line, fault).await;
                let account =
                    Account::new(platform, &server, "school.test", "token", &carrier).unwrap();
                let found = account.find(&post("Sports day", "1"), crate::now()).await;
                assert_eq!(said(&found), before, "{fault:?} at {line}: {found:?}");
            });
        }
    }
}

#[test]
fn what_is_not_there_may_be_sent_again_only_while_the_platform_remembers() {
    run(async {
        let server = scripted::start("GET /nothing", Fault::None).await;
        let carrier = Carrier::new();
        let account = Account::new(Platform::Mastodon, &server, "", "token", &carrier).unwrap();
        let post = post("Sports day", "1");
        let after = |minutes| post.key.first() + jiff::SignedDuration::from_mins(minutes);
        for (minutes, may_be_sent_again) in [(1, true), (29, true), (31, false), (600, false)] {
            let found = account.find(&post, after(minutes)).await.unwrap();
            assert_eq!(found, Found::Absent { may_be_sent_again }, "{minutes}");
        }
    });
}
