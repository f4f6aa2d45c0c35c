//! What every Lambda does the same: configuration from the environment, logs, metrics, and errors as the names that
//! the state machine and the API know.

pub mod api;
pub mod batch;
pub mod config;
pub mod log;
pub mod metrics;
pub mod worker;

/// Now, as records and logs write it.
pub fn now() -> String {
    darkroom_domain::timestamp::rfc3339(time::OffsetDateTime::now_utc())
}
