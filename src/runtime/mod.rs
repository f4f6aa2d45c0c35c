//! What every Lambda does the same: configuration from the environment, logs, metrics, and errors as the names that
//! the state machine and the API know.

pub mod api;
pub mod batch;
pub mod config;
pub mod log;
pub mod metrics;
pub mod worker;

#[cfg(feature = "imaging")]
pub use darkroom_pixels as pixels;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// Now, as records and logs write it.
pub fn now() -> String {
    rfc3339(OffsetDateTime::now_utc())
}

/// A time as records and logs write it, to the millisecond.
pub fn rfc3339(time: OffsetDateTime) -> String {
    let millis = time.replace_millisecond(time.millisecond()).unwrap_or(time);
    millis.format(&Rfc3339).expect("a year of four digits")
}
