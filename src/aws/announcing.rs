//! Puts events onto the bus of the environment, and calls nothing else of that service.

use super::error::sdk_error;
use aws_sdk_eventbridge::Client;
use aws_sdk_eventbridge::types::PutEventsRequestEntry;
use darkroom_domain::{Error, ErrorCode};
use std::time::Duration;

/// The source of the events.
const SOURCE: &str = "darkroom";

/// The number of events that one call takes.
pub const MOST_AT_ONCE: usize = 10;

/// One event.
#[derive(Clone, Debug, PartialEq)]
pub struct Announcement {
    /// The event's type, which rules match.
    pub detail_type: &'static str,
    /// JSON, as `api/announcement.schema.json` describes it.
    pub detail: String,
    /// When it happened, in seconds since 1970.
    pub at: u64,
}

/// May put events onto a bus.
pub trait Announce {
    /// Puts at most [`MOST_AT_ONCE`] events, and says for each whether the bus took it.
    fn announce(
        &self,
        bus: &str,
        announcements: &[Announcement],
    ) -> impl Future<Output = Result<Vec<Result<(), Error>>, Error>>;
}

impl Announce for Client {
    async fn announce(&self, bus: &str, announcements: &[Announcement]) -> Result<Vec<Result<(), Error>>, Error> {
        let entries = announcements.iter().map(|announcement| {
            let at = std::time::UNIX_EPOCH + Duration::from_secs(announcement.at);
            PutEventsRequestEntry::builder()
                .event_bus_name(bus)
                .source(SOURCE)
                .detail_type(announcement.detail_type)
                .detail(&announcement.detail)
                .time(at.into())
                .build()
        });
        let answer = self.put_events().set_entries(Some(entries.collect())).send().await;
        let answer = answer.map_err(|error| sdk_error("put events", ErrorCode::TransientUnavailable, &error))?;
        // The results are in the order of the request. A refused event has a code and no id; most are throttled.
        Ok(answer
            .entries()
            .iter()
            .map(|entry| {
                let Some(code) = entry.error_code() else { return Ok(()) };
                let why = format!("put events: {code}: {}", entry.error_message().unwrap_or("no message"));
                Err(Error::new(ErrorCode::TransientUnavailable, why))
            })
            .collect())
    }
}
