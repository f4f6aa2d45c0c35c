//! Times and ages on the command line.

use std::time::Duration;
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{Date, OffsetDateTime, UtcOffset};

/// A moment in the past.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Since {
    /// So long before now.
    Ago(Duration),
    /// At this time.
    At(OffsetDateTime),
}

impl Since {
    pub fn moment(self, now: OffsetDateTime) -> OffsetDateTime {
        match self {
            Self::Ago(age) => now - age,
            Self::At(time) => time.to_offset(UtcOffset::UTC),
        }
    }
}

/// `2h`, `2026-01-31` (its midnight, UTC) or `2026-01-31T12:00:00Z`.
pub fn since(text: &str) -> Result<Since, String> {
    let day =
        || Date::parse(text, format_description!("[year]-[month]-[day]")).ok().map(|day| day.midnight().assume_utc());
    let time = OffsetDateTime::parse(text, &Rfc3339).ok().or_else(day);
    let age = || age(text).map_err(|_| "give an age such as 2h or 7d, a day such as 2026-01-31, or a time".into());
    time.map_or_else(|| age().map(Since::Ago), |time| Ok(Since::At(time)))
}

/// `90s`, `15m`, `2h`, `7d`; ten years at most.
pub fn age(text: &str) -> Result<Duration, String> {
    let wrong = || "give a number and s, m, h or d, such as 2h".to_owned();
    let (number, unit) = text.split_at_checked(text.len().saturating_sub(1)).ok_or_else(wrong)?;
    let seconds = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        "d" => 86_400,
        _ => return Err(wrong()),
    };
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    let number = number.parse::<u64>().ok().filter(|_| is_number).ok_or_else(wrong)?;
    let age = number.checked_mul(seconds).filter(|age| *age <= 10 * 366 * 86_400).ok_or_else(wrong)?;
    Ok(Duration::from_secs(age))
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn an_age_is_a_number_and_a_unit() {
        for (text, seconds) in [("90s", 90), ("15m", 900), ("2h", 7200), ("7d", 604_800), ("0s", 0)] {
            assert_eq!(age(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
        for text in ["", "h", "2", "2w", "-2h", "+2h", "1.5h", "2 h", "99999999999999999999d", "9999999d", "2ä"] {
            assert!(age(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_moment_is_an_age_a_day_or_a_time() {
        let now = datetime!(2026-01-31 12:00 UTC);
        for (text, moment) in [
            ("2h", datetime!(2026-01-31 10:00 UTC)),
            ("2026-01-30", datetime!(2026-01-30 0:00 UTC)),
            ("2026-01-31T11:30:00+01:00", datetime!(2026-01-31 10:30 UTC)),
        ] {
            assert_eq!(since(text).map(|since| since.moment(now)), Ok(moment), "{text}");
        }
        assert!(since("yesterday").is_err() && since("2026-02-30").is_err());
    }
}
