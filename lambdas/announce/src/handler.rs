//! A batch of changes becomes a few events, in the order of the stream. If the bus refuses one, the stream is read
//! again from there: later events may come twice, and none is lost.

use crate::change::Change;
use darkroom_aws::announcing::{Announce, Announcement, MOST_AT_ONCE};
use darkroom_domain::{Error, ErrorCode};
use darkroom_runtime::{log, metrics::Metrics, worker};
use lambda_runtime::{Diagnostic, LambdaEvent};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tracing::{Instrument, info, info_span};

/// A batch as Lambda hands it over. Each record is read by itself, so that an unreadable one stops only itself.
#[derive(Debug, Deserialize)]
pub struct Batch {
    #[serde(rename = "Records", default)]
    records: Vec<Value>,
}

/// The first change that must come again, with all that follow.
#[derive(Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BatchResult {
    batch_item_failures: Vec<Failure>,
}

#[derive(Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Failure {
    item_identifier: String,
}

/// One batch of the stream.
pub async fn handle(bus: &impl Announce, name: &str, event: LambdaEvent<Batch>) -> Result<BatchResult, Diagnostic> {
    let request = &event.context.request_id;
    let span = info_span!("invocation", cold_start = log::cold_start(), function_request_id = request);
    tell_all(bus, name, &event.payload.records).instrument(span).await.map_err(worker::diagnostic)
}

async fn tell_all(bus: &impl Announce, name: &str, records: &[Value]) -> Result<BatchResult, Error> {
    for records in records.chunks(MOST_AT_ONCE) {
        if let Err((sequence_number, error)) = tell(bus, name, records).await {
            tracing::warn!(code = error.code.name(), detail = error.detail, "the stream is read again from here");
            Metrics::new().by("code", error.code.name()).count("Failed").emit();
            // Without a place in the stream, the whole batch must come again.
            let item_identifier = sequence_number.ok_or(error)?;
            return Ok(BatchResult { batch_item_failures: vec![Failure { item_identifier }] });
        }
    }
    Ok(BatchResult::default())
}

/// Announces the records before the first that fails, and names that one.
async fn tell(bus: &impl Announce, name: &str, records: &[Value]) -> Result<(), (Option<String>, Error)> {
    let (readable, unreadable) = read(records);
    let worth: Vec<(&Change, Announcement)> =
        readable.iter().filter_map(|change| Some((change, change.announcement()?))).collect();
    if !worth.is_empty() {
        let announcements: Vec<Announcement> = worth.iter().map(|(_, said)| said.clone()).collect();
        let first = || Some(worth[0].0.sequence_number().to_owned());
        let taken = bus.announce(name, &announcements).await.map_err(|error| (first(), error))?;
        if taken.len() != worth.len() {
            return Err((first(), Error::new(ErrorCode::WorkerBug, "put events: not an answer for each")));
        }
        for ((change, said), taken) in worth.iter().zip(taken) {
            taken.map_err(|error| (Some(change.sequence_number().to_owned()), error))?;
            info!(image_id = change.image_id(), what = said.detail_type, "announced");
        }
    }
    unreadable.map_or(Ok(()), Err)
}

/// The changes before the first unreadable one; and that one, by its place and with the reason.
fn read(records: &[Value]) -> (Vec<Change>, Option<(Option<String>, Error)>) {
    let mut changes = Vec::with_capacity(records.len());
    for record in records {
        match Change::deserialize(record) {
            Ok(change) => changes.push(change),
            Err(why) => {
                let place = record["dynamodb"]["SequenceNumber"].as_str().map(Into::into);
                return (changes, Some((place, Error::new(ErrorCode::WorkerBadInput, why.to_string()))));
            }
        }
    }
    (changes, None)
}

#[cfg(test)]
mod tests;
