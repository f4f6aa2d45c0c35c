//! The parts that all Lambdas share: configuration from the environment, logs, metrics, and errors under the names that
//! the state machine and the API know.

pub mod api;
pub mod batch;
pub mod config;
pub mod log;
pub mod metrics;
pub mod worker;

/// The time now, in the format of records and logs.
pub fn now() -> String {
    darkroom_domain::timestamp::rfc3339(time::OffsetDateTime::now_utc())
}
