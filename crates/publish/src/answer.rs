//! What an answer that is no success means, on either platform.

use http::{HeaderMap, Response, StatusCode};
use jiff::fmt::rfc2822;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use crate::failure::Failure;
use crate::http::NoAnswer;

/// How long to wait where a platform does not say.
const WAIT: SignedDuration = SignedDuration::from_mins(5);
/// No platform is waited for longer, whatever it says.
const LONGEST_WAIT: SignedDuration = SignedDuration::from_hours(24);
/// How much of what a platform says is kept.
const SAID: usize = 300;

impl From<NoAnswer> for Failure {
    fn from(none: NoAnswer) -> Self {
        match none {
            NoAnswer::NotSent(why) => Self::NotReached(why),
            NoAnswer::Lost(why) => Self::Unknown(why),
        }
    }
}

/// The body of a refusal, as both platforms write it.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Said {
    /// A short code on Bluesky, a sentence on Mastodon.
    #[serde(default)]
    pub(crate) error: String,
    /// More, in words.
    #[serde(default, alias = "error_description")]
    message: String,
}

impl Said {
    pub(crate) fn of(answer: &Response<Vec<u8>>) -> Self {
        serde_json::from_slice(answer.body()).unwrap_or_default()
    }

    fn words(&self, status: StatusCode) -> String {
        let said = match (self.message.trim(), self.error.trim()) {
            ("", "") => return format!("HTTP {status}"),
            ("", error) => error,
            (message, _) => message,
        };
        let shown: String = said
            .chars()
            .filter(|c| !c.is_control())
            .take(SAID)
            .collect();
        format!("{shown} (HTTP {})", status.as_u16())
    }
}

/// What an answer that is no success says of the request. `revoked` are the codes that speak of the token.
pub(crate) fn failure(answer: &Response<Vec<u8>>, said: &Said, revoked: &[&str]) -> Failure {
    let status = answer.status();
    let why = said.words(status);
    match status {
        StatusCode::TOO_MANY_REQUESTS => Failure::RateLimited {
            wait: wait(answer.headers()),
            why,
        },
        StatusCode::UNAUTHORIZED => Failure::TokenRevoked(why),
        _ if status.is_client_error() && revoked.iter().any(|code| said.error.contains(code)) => {
            Failure::TokenRevoked(why)
        }
        // It may have arrived late and been carried out.
        StatusCode::REQUEST_TIMEOUT => Failure::Unknown(why),
        _ if status.is_client_error() => Failure::Refused(why),
        _ if status.is_redirection() => Failure::Refused(format!(
            "the server sends on to another address, which a token is not taken to (HTTP {})",
            status.as_u16()
        )),
        // A server that failed, or one in front of it that heard nothing, may have done it all the same.
        _ => Failure::Unknown(why),
    }
}

/// How long a platform asks to wait: in seconds (`Retry-After`), or until a moment (`RateLimit-Reset` as Bluesky writes
/// it, in seconds since 1970; `X-RateLimit-Reset` as Mastodon does, as RFC 3339), which is measured by its own clock.
fn wait(headers: &HeaderMap) -> SignedDuration {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let seconds = |name| text(name).and_then(|text| text.trim().parse::<i64>().ok());
    let now = text("date").and_then(|date| rfc2822::parse(date).ok());
    let reset = seconds("ratelimit-reset")
        .and_then(|second| Timestamp::from_second(second).ok())
        .or_else(|| text("x-ratelimit-reset").and_then(|text| text.parse().ok()));
    let until = reset
        .zip(now)
        .map(|(reset, now)| reset.duration_since(now.timestamp()));
    seconds("retry-after")
        .map(SignedDuration::from_secs)
        .or(until)
        .unwrap_or(WAIT)
        .clamp(SignedDuration::from_secs(1), LONGEST_WAIT)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Response<Vec<u8>> {
        let answer = Response::builder().status(status);
        let answer = headers
            .iter()
            .fold(answer, |answer, (name, value)| answer.header(*name, *value));
        answer.body(body.into()).unwrap()
    }

    fn of(status: u16, headers: &[(&str, &str)], body: &str) -> Failure {
        let answer = answer(status, headers, body);
        failure(&answer, &Said::of(&answer), &["ExpiredToken"])
    }

    #[test]
    fn what_is_certain_is_told_from_what_is_not() {
        let text = |text: &str| text.to_owned();
        assert_eq!(
            of(
                400,
                &[],
                r#"{"error":"InvalidRequest","message":"Too long"}"#
            ),
            Failure::Refused(text("Too long (HTTP 400)"))
        );
        assert_eq!(
            of(422, &[], r#"{"error":"Validation failed"}"#),
            Failure::Refused(text("Validation failed (HTTP 422)"))
        );
        assert!(matches!(
            of(400, &[], r#"{"error":"ExpiredToken"}"#),
            Failure::TokenRevoked(_)
        ));
        assert!(matches!(of(401, &[], "<html>"), Failure::TokenRevoked(_)));
        assert!(matches!(
            of(301, &[("location", "https://b.example")], ""),
            Failure::Refused(_)
        ));
        for unknown in [408, 500, 502, 503, 504] {
            assert!(
                matches!(of(unknown, &[], ""), Failure::Unknown(_)),
                "{unknown}"
            );
        }
    }

    #[test]
    fn the_wait_is_as_the_platform_says() {
        let date = ("date", "Tue, 01 Sep 2026 08:30:00 GMT");
        let wait = |headers: &[(&str, &str)]| match of(429, headers, "") {
            Failure::RateLimited { wait, .. } => wait.as_secs(),
            other => panic!("{other:?}"),
        };
        assert_eq!(wait(&[("retry-after", "90")]), 90);
        let reset = "2026-09-01T08:42:00Z";
        assert_eq!(wait(&[date, ("x-ratelimit-reset", reset)]), 720);
        let second = reset.parse::<Timestamp>().unwrap().as_second().to_string();
        assert_eq!(wait(&[date, ("ratelimit-reset", &second)]), 720);
        assert_eq!(wait(&[("ratelimit-reset", &second)]), 300);
        assert_eq!(wait(&[("retry-after", "-5")]), 1);
        assert_eq!(wait(&[("retry-after", "999999999999")]), 86_400);
    }
}
