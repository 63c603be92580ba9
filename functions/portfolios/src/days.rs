//! Which day it is.

use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};

/// Today, in UTC.
pub(crate) fn today(now: Timestamp) -> Date {
    now.to_zoned(TimeZone::UTC).date()
}

/// The last day that clients may write of: today, wherever on Earth that is the latest.
pub(crate) fn latest(now: Timestamp) -> Date {
    today(now.saturating_add(14.hours()).unwrap_or(now))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_tomorrow_already_in_the_far_east() {
        let now: Timestamp = "2024-03-01T11:00:00Z".parse().unwrap();
        assert_eq!((today(now).day(), latest(now).day()), (1, 2));
    }
}
