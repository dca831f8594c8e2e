//! What a platform said, as what is recorded of a sending. Pure.

use jiff::{SignedDuration, Timestamp};
use publish::{Failure, Found, Published};

use super::super::sending::{Looked, Outcome};

/// How long to wait after each attempt at which nothing was sent, in minutes; after the last, the post is given up, about
/// nine hours after the first.
const WAITS: [i64; 12] = [1, 2, 5, 10, 20, 30, 60, 60, 60, 60, 120, 120];
/// The attempt at which people are told that it is late.
pub(super) const LATE: i64 = 3;
/// A request may still be under way for so long: what is not seen yet may come.
const UNDER_WAY: SignedDuration = SignedDuration::from_mins(2);
/// How long it is looked for in vain before a person is asked.
const LOOKED_LONG: SignedDuration = SignedDuration::from_mins(10);
/// How long a platform is asked in vain whether it is there, before a person is asked.
const ASKED_LONG: SignedDuration = SignedDuration::from_hours(1);

/// What is recorded of an attempt.
pub(super) fn outcome(answer: Result<Published, Failure>, attempt: i64, now: Timestamp) -> Outcome {
    let failure = match answer {
        Ok(Published { id, address, .. }) => return Outcome::Published { id, address },
        Err(failure) => failure,
    };
    let wait = usize::try_from(attempt - 1)
        .ok()
        .and_then(|attempt| WAITS.get(attempt));
    let later = |wait| now.checked_add(wait).unwrap_or(now);
    match (failure, wait) {
        (Failure::Refused(why), _) => Outcome::Refused(format!("The platform refused it: {why}.")),
        (Failure::TokenRevoked(_), _) => Outcome::TokenRevoked,
        (Failure::Unknown(_), _) => Outcome::Unknown,
        (Failure::RateLimited { wait, .. }, Some(_)) => Outcome::RateLimited(later(wait)),
        (Failure::NotReached(why), Some(minutes)) => Outcome::NotReached {
            until: later(SignedDuration::from_mins(*minutes)),
            why,
        },
        (Failure::RateLimited { why, .. } | Failure::NotReached(why), None) => Outcome::Refused(
            format!("It was tried for hours, and nothing of it went out. The last time: {why}."),
        ),
    }
}

/// What is recorded of a look, so long after it was sent.
pub(super) fn looked(found: Result<Found, Failure>, after: SignedDuration) -> Looked {
    match found {
        Ok(Found::There(Published { id, address, .. })) => Looked::Found { id, address },
        Ok(Found::Absent { .. }) if after < UNDER_WAY => Looked::Unanswered,
        Ok(Found::Absent {
            may_be_sent_again: true,
        }) => Looked::NotThere,
        Ok(Found::Absent { .. }) if after < LOOKED_LONG => Looked::Unanswered,
        Ok(Found::Absent { .. }) => Looked::GiveUp,
        // It cannot be looked for with what is kept.
        Err(Failure::TokenRevoked(_) | Failure::Refused(_)) => Looked::GiveUp,
        Err(_) if after < ASKED_LONG => Looked::Unanswered,
        Err(_) => Looked::GiveUp,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_sent_is_tried_for_hours_and_then_given_up() {
        let now = Timestamp::UNIX_EPOCH;
        let failed = |attempt| outcome(Err(Failure::NotReached("down".into())), attempt, now);
        let mut hours = SignedDuration::ZERO;
        for attempt in 1..=12 {
            let Outcome::NotReached { until, .. } = failed(attempt) else {
                panic!("{attempt}");
            };
            hours += until.duration_since(now);
        }
        assert_eq!(hours.as_hours(), 9);
        assert!(matches!(failed(13), Outcome::Refused(_)));
    }

    #[test]
    fn what_is_not_there_is_sent_again_only_once_nothing_can_be_under_way() {
        let absent = |again, minutes| {
            let found = Ok(Found::Absent {
                may_be_sent_again: again,
            });
            looked(found, SignedDuration::from_mins(minutes))
        };
        assert_eq!(absent(true, 1), Looked::Unanswered);
        assert_eq!(absent(true, 2), Looked::NotThere);
        assert_eq!(absent(false, 9), Looked::Unanswered);
        assert_eq!(absent(false, 10), Looked::GiveUp);
        let down = |minutes| {
            looked(
                Err(Failure::NotReached("down".into())),
                SignedDuration::from_mins(minutes),
            )
        };
        assert_eq!((down(59), down(60)), (Looked::Unanswered, Looked::GiveUp));
        let revoked = looked(
            Err(Failure::TokenRevoked("gone".into())),
            SignedDuration::ZERO,
        );
        assert_eq!(revoked, Looked::GiveUp);
    }
}
