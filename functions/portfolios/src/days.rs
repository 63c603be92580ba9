//! Which day it is, and days as clients write them.

use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};
use serde::{Deserialize, Deserializer, de::Error};

/// A text that is no day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be YYYY-MM-DD")]
pub(crate) struct InvalidDay;

/// Today, in UTC.
pub(crate) fn today(now: Timestamp) -> Date {
    now.to_zoned(TimeZone::UTC).date()
}

/// The last day that clients may write of: today, wherever on Earth that is the latest.
pub(crate) fn latest(now: Timestamp) -> Date {
    today(now.saturating_add(14.hours()).unwrap_or(now))
}

/// A day as `YYYY-MM-DD`, and nothing else: a point in time is on another day elsewhere.
pub(crate) fn parse(text: &str) -> Result<Date, InvalidDay> {
    text.parse().ok().filter(|day: &Date| day.to_string() == text).ok_or(InvalidDay)
}

/// The same in JSON.
pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
    parse(&String::deserialize(deserializer)?).map_err(Error::custom)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_tomorrow_already_in_the_far_east() {
        let now: Timestamp = "2024-03-01T11:00:00Z".parse().unwrap();
        assert_eq!((today(now).day(), latest(now).day()), (1, 2));
    }

    #[test]
    fn a_day_has_no_time() {
        assert_eq!(parse("2024-02-29"), Ok(jiff::civil::date(2024, 2, 29)));
        for wrong in ["2023-02-29", "2024-01-02T23:30-05:00", "2024-01-02T00", "20240102", "2024-1-2", ""] {
            assert_eq!(parse(wrong), Err(InvalidDay), "{wrong}");
        }
    }
}
