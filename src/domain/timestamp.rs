//! Times in the format of records, logs and answers.

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// RFC 3339, to the millisecond.
pub fn rfc3339(time: OffsetDateTime) -> String {
    let millis = time.replace_millisecond(time.millisecond()).unwrap_or(time);
    millis.format(&Rfc3339).expect("a year of four digits")
}
