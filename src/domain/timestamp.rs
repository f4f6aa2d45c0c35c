//! Times in the format of records, logs and answers.

use time::OffsetDateTime;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;

const FORMAT: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z");

/// RFC 3339 in UTC, always with three digits of milliseconds, so that times compare as text as they do as times.
pub fn rfc3339(time: OffsetDateTime) -> String {
    time.format(FORMAT).expect("a year of four digits")
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn times_sort_as_text() {
        let noon = datetime!(2026-01-31 12:00 UTC);
        let written = [0, 1, 10, 740, 750, 751].map(|millis| rfc3339(noon + time::Duration::milliseconds(millis)));
        assert!(written.is_sorted(), "{written:?}");
        assert_eq!(written[4], "2026-01-31T12:00:00.750Z");
    }
}
