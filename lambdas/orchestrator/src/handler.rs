//! A chain: batch → message → arrivals → one decision each. A message succeeds when everything it announces is either
//! started, known, or none of our business; anything else sends that message, and only that one, back to the queue.

use aws_lambda_events::sqs::{BatchItemFailure, SqsBatchResponse, SqsEvent, SqsMessage};
use darkroom::aws::arrivals::{Mark, MarkArrived};
use darkroom::aws::executions::{Start, StartExecution};
use darkroom::aws::removal::HideOriginal;
use darkroom::runtime::{config::Config, log, metrics::Metrics, now, worker};
use darkroom_domain::event::{Arrival, arrivals};
use darkroom_domain::order::WorkOrder;
use darkroom_domain::{Error, ErrorCode};
use futures::FutureExt;
use futures::future::join_all;
use lambda_runtime::{Diagnostic, LambdaEvent};
use std::panic::AssertUnwindSafe;
use tracing::{Instrument, info, info_span};

/// What the environment says.
pub struct Settings {
    /// The table of images.
    pub images_table: String,
    /// The only bucket whose events count.
    pub originals_bucket: String,
    /// The machine that develops them.
    pub state_machine_arn: String,
}

impl Settings {
    /// Reads them.
    pub fn from(config: &Config) -> Result<Self, Error> {
        Ok(Self {
            images_table: config.require("IMAGES_TABLE")?,
            originals_bucket: config.require("ORIGINALS_BUCKET")?,
            state_machine_arn: config.require("STATE_MACHINE_ARN")?,
        })
    }
}

/// One batch from the queue. The answer names the messages that must come again (R06).
pub async fn handle(
    table: &impl MarkArrived,
    machine: &impl StartExecution,
    storage: &impl HideOriginal,
    settings: &Settings,
    event: LambdaEvent<SqsEvent>,
) -> Result<SqsBatchResponse, Diagnostic> {
    let cold_start = log::cold_start();
    let request = &event.context.request_id;
    let outcomes = event.payload.records.iter().map(|message| {
        let id = message.message_id.as_deref().unwrap_or_default();
        let span = info_span!("invocation", cold_start, function_request_id = request, message_id = id);
        isolated(table, machine, storage, settings, message).instrument(span)
    });
    let failed: Result<Vec<_>, Error> = join_all(outcomes).await.into_iter().filter_map(Result::transpose).collect();
    let mut response = SqsBatchResponse::default();
    response.batch_item_failures = failed.map_err(worker::diagnostic)?.into_iter().map(failure).collect();
    Ok(response)
}

fn failure(message_id: String) -> BatchItemFailure {
    let mut failure = BatchItemFailure::default();
    failure.item_identifier = message_id;
    failure
}

/// One message, so that neither its error nor its panic touches another. `Some(id)`: this message must come again.
/// A failed message without an id cannot be named, so the whole batch has to come again: the error says so.
async fn isolated(
    table: &impl MarkArrived,
    machine: &impl StartExecution,
    storage: &impl HideOriginal,
    settings: &Settings,
    message: &SqsMessage,
) -> Result<Option<String>, Error> {
    let outcome = AssertUnwindSafe(announce(table, machine, storage, settings, message)).catch_unwind().await;
    let Err(error) = outcome.unwrap_or_else(|panic| Err(worker::bug(&*panic))) else { return Ok(None) };
    let (code, detail) = (error.code.name(), &error.detail);
    if error.code.is_retryable() {
        tracing::warn!(code, detail, "the message goes back to the queue");
    } else {
        tracing::error!(code, detail, "the message goes back to the queue");
    }
    Metrics::new().by("code", code).count("Failed").emit();
    message.message_id.clone().map(Some).ok_or(error)
}

/// Everything that one message announces, in its order.
async fn announce(
    table: &impl MarkArrived,
    machine: &impl StartExecution,
    storage: &impl HideOriginal,
    settings: &Settings,
    message: &SqsMessage,
) -> Result<(), Error> {
    let body = message.body.as_deref().ok_or_else(|| Error::new(ErrorCode::WorkerBadInput, "no body"))?;
    for arrival in arrivals(body, &settings.originals_bucket)? {
        match arrival {
            Arrival::Ignored(why) => info!(why, "ignored"),
            Arrival::Photo(order) => begin(table, machine, storage, settings, &order).await?,
        }
    }
    Ok(())
}

/// One photo: mark first, then start. A start that fails leaves a mark that the next delivery knows again, and the
/// execution's name makes a second start harmless; the other order could undo a finished execution's record.
async fn begin(
    table: &impl MarkArrived,
    machine: &impl StartExecution,
    storage: &impl HideOriginal,
    settings: &Settings,
    order: &WorkOrder,
) -> Result<(), Error> {
    let (image_id, execution) = (order.image_id.to_string(), order.execution_name());
    match table.mark_arrived(&settings.images_table, order, &now()).await? {
        Mark::Fresh | Mark::Known => match machine.start(&settings.state_machine_arn, order).await? {
            Start::Started => info!(image_id, execution, bytes_in = order.source.size_bytes, "started"),
            Start::Existed => suppressed(&image_id, &execution, "the execution exists"),
        },
        Mark::Overtaken => suppressed(&image_id, &execution, "a later event came first"),
        // Acknowledged: its ticket was given back or its image deleted, and it must stay so. A URL that was given out
        // before still worked, so what it stored is put out of sight; an operator has time to say that this was wrong.
        Mark::Unticketed => {
            storage.hide_original(&order.source).await?;
            info!(image_id, why = "no ticket names this image", "ignored");
        }
    }
    Ok(())
}

fn suppressed(image_id: &str, execution: &str, why: &'static str) {
    info!(image_id, execution, why, "duplicate suppressed");
    Metrics::new().count("DuplicateSuppressed").emit();
}

#[cfg(test)]
mod schedules;
#[cfg(test)]
mod tests;
