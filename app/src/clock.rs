//! The time, passed in: only the edges of the program read the machine's clock.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

/// Tells the time, in the time zone of the installation.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Zoned + Send + Sync>);

impl Clock {
    /// The machine's clock, in the machine's time zone.
    #[must_use]
    pub fn system() -> Self {
        Self(Arc::new(Zoned::now))
    }

    /// Always noon (UTC) of the same day.
    #[must_use]
    pub fn fixed(today: Date) -> Self {
        Self::by_hand(today).0
    }

    /// Begins at noon (UTC) of a day and moves only by hand: for tests.
    #[must_use]
    pub fn by_hand(today: Date) -> (Self, Hand) {
        let noon = today
            .at(12, 0, 0, 0)
            .to_zoned(TimeZone::UTC)
            .map_or(0, |noon| noon.timestamp().as_millisecond());
        let hand = Hand(Arc::new(AtomicI64::new(noon)));
        let shown = hand.clone();
        let clock = Self(Arc::new(move || {
            let at = Timestamp::from_millisecond(shown.0.load(Ordering::SeqCst));
            at.unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(TimeZone::UTC)
        }));
        (clock, hand)
    }

    /// This moment, in whole milliseconds: what the store keeps of a moment is all there is of it,
    /// so that a record read back is the record that was written.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let now = (self.0)().timestamp();
        Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
    }

    /// This moment, with the time zone of the installation.
    #[must_use]
    pub fn zoned(&self) -> Zoned {
        (self.0)()
    }

    /// Today.
    #[must_use]
    pub fn today(&self) -> Date {
        (self.0)().date()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Clock({})", self.now())
    }
}

/// Moves a clock made by [`Clock::by_hand`].
#[derive(Clone, Debug)]
pub struct Hand(Arc<AtomicI64>);

impl Hand {
    /// Lets so much time go by (whole milliseconds).
    pub fn advance(&self, time: Duration) {
        let milliseconds = i64::try_from(time.as_millis()).unwrap_or(i64::MAX);
        self.0.fetch_add(milliseconds, Ordering::SeqCst);
    }
}
