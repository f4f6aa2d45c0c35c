//! Times of answers, and the time between two of them.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt::{self, Display, Formatter};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// A time as the API writes it, in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(OffsetDateTime);

impl Moment {
    /// Milliseconds since another moment; none if it is later.
    pub fn millis_since(self, earlier: Self) -> u64 {
        u64::try_from((self.0 - earlier.0).whole_milliseconds()).unwrap_or_default()
    }
}

impl From<OffsetDateTime> for Moment {
    fn from(time: OffsetDateTime) -> Self {
        Self(time)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let time = OffsetDateTime::parse(&text, &Rfc3339).map_err(serde::de::Error::custom)?;
        Ok(Self(time.to_offset(time::UtcOffset::UTC)))
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&darkroom_domain::timestamp::rfc3339(self.0))
    }
}

/// `2026-01-31 12:00:07.250`: of one width, so that a timeline is a table.
impl Display for Moment {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        let (hour, minute, second, millis) = self.0.time().as_hms_milli();
        write!(out, "{} {hour:02}:{minute:02}:{second:02}.{millis:03}", self.0.date())
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// So many milliseconds after noon of a day.
    pub fn noon(millis: i64) -> Moment {
        Moment(time::macros::datetime!(2026-01-31 12:00 UTC) + time::Duration::milliseconds(millis))
    }

    #[test]
    fn a_time_is_read_in_any_zone_and_shown_in_one() {
        let read = |text: &str| serde_json::from_value::<Moment>(text.into()).unwrap();
        assert_eq!(read("2026-01-31T13:00:07.25+01:00"), noon(7250));
        assert_eq!(read("2026-01-31T12:00:07.250Z").to_string(), "2026-01-31 12:00:07.250");
        assert_eq!((noon(7250).millis_since(noon(250)), noon(0).millis_since(noon(1))), (7000, 0));
    }
}
