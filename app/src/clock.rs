//! Today's date, passed in: only the edges of the program read the machine's clock.

use std::fmt;
use std::sync::Arc;

use jiff::civil::Date;

/// Tells today's date.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Date + Send + Sync>);

impl Clock {
    /// The machine's clock, in the machine's time zone.
    #[must_use]
    pub fn system() -> Self {
        Self(Arc::new(|| jiff::Zoned::now().date()))
    }

    /// Always the same day.
    #[must_use]
    pub fn fixed(today: Date) -> Self {
        Self(Arc::new(move || today))
    }

    /// Today.
    #[must_use]
    pub fn today(&self) -> Date {
        (self.0)()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Clock({})", self.today())
    }
}
