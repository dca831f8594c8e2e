//! Days and moments as people read them: `20 November 2026`, `20 November 2026 at 3:04pm`.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// A day.
#[must_use]
pub fn day(day: Date) -> String {
    day.strftime("%-d %B %Y").to_string()
}

/// A moment, in a time zone (the installation's: `app.clock().zoned().time_zone()`).
#[must_use]
pub fn moment(moment: Timestamp, zone: &TimeZone) -> String {
    let local = moment.to_zoned(zone.clone());
    let half = if local.hour() < 12 { "am" } else { "pm" };
    local.strftime("%-d %B %Y at %-I:%M").to_string() + half
}

#[cfg(test)]
mod tests {
    use super::{day, moment};
    use jiff::tz::TimeZone;

    #[test]
    fn days_and_moments_read_as_people_write_them() {
        assert_eq!(day(jiff::civil::date(2026, 9, 1)), "1 September 2026");
        let at = "2026-11-20T15:04:00Z".parse().unwrap();
        assert_eq!(moment(at, &TimeZone::UTC), "20 November 2026 at 3:04pm");
        let midnight = "2026-11-20T00:04:00Z".parse().unwrap();
        assert_eq!(
            moment(midnight, &TimeZone::UTC),
            "20 November 2026 at 12:04am"
        );
    }
}
