//! Where a sending stands, and where it may go from there. Pure.

use serde::Serialize;

use crate::store::{Value, column};

/// Where a post to one account stands.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum State {
    /// The account was chosen; no time was.
    Planned,
    /// It goes out when it is due.
    Queued,
    /// The platform is being asked to take it.
    Sending,
    /// The platform was asked, and nobody knows what came of it: it is looked for.
    Unknown,
    /// It was looked for, and still nobody knows: a person is asked.
    Asked,
    /// A person puts it out and says where it is.
    HandedOver,
    /// It is out.
    Published,
    /// It is not out, and nothing more is tried.
    Failed,
    /// It is to be taken down.
    Removing,
    /// It is down.
    Removed,
}

impl State {
    const ALL: [Self; 10] = [
        Self::Planned,
        Self::Queued,
        Self::Sending,
        Self::Unknown,
        Self::Asked,
        Self::HandedOver,
        Self::Published,
        Self::Failed,
        Self::Removing,
        Self::Removed,
    ];

    /// The name in the store.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Queued => "queued",
            Self::Sending => "sending",
            Self::Unknown => "unknown",
            Self::Asked => "asked",
            Self::HandedOver => "handed-over",
            Self::Published => "published",
            Self::Failed => "failed",
            Self::Removing => "removing",
            Self::Removed => "removed",
        }
    }

    fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }

    /// In words, for pages.
    pub(crate) const fn says(self) -> &'static str {
        match self {
            Self::Planned => "Not scheduled",
            Self::Queued => "Scheduled",
            Self::Sending => "Being sent",
            Self::Unknown => "Sent; the platform’s answer is awaited",
            Self::Asked => "Nobody knows: look, and say so",
            Self::HandedOver => "Yours to put out",
            Self::Published => "Published",
            Self::Failed => "Not published",
            Self::Removing => "To be taken down",
            Self::Removed => "Taken down",
        }
    }

    /// Whether something is still to come of it before its post is out.
    pub(crate) const fn is_under_way(self) -> bool {
        matches!(
            self,
            Self::Queued | Self::Sending | Self::Unknown | Self::Asked | Self::HandedOver
        )
    }

    /// Whether it may go to another state. From what may be out nothing leads back to what is sent, except by somebody
    /// who looked and says that it is not there.
    pub(crate) const fn may_become(self, to: Self) -> bool {
        use State::{
            Asked, Failed, HandedOver, Planned, Published, Queued, Removed, Removing, Sending,
            Unknown,
        };
        matches!(
            (self, to),
            (Planned, Queued)
                | (Queued, Planned | Sending | HandedOver | Failed)
                | (Sending, Published | Failed | Queued | Unknown)
                | (Unknown | Asked, Published | Queued)
                | (Unknown, Asked)
                | (Asked, Failed)
                | (HandedOver, Published | Failed)
                | (Failed, Queued)
                | (Published, Removing)
                | (Removing, Removed)
        )
    }
}

column!(State, text, |text: String| State::named(&text));

impl From<State> for Value {
    fn from(state: State) -> Self {
        state.name().into()
    }
}

#[cfg(test)]
mod tests {
    use super::State;

    #[test]
    fn what_may_be_out_is_never_sent_again_unless_somebody_looked() {
        for state in State::ALL {
            assert_eq!(State::named(state.name()), Some(state));
            let again = state.may_become(State::Sending);
            assert_eq!(again, state == State::Queued, "{state:?}");
            assert!(!state.may_become(state), "{state:?}");
        }
        for out in [State::Published, State::Removing, State::Removed] {
            assert!(!out.may_become(State::Queued) && !out.may_become(State::HandedOver));
        }
    }
}
