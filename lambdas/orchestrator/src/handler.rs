//! A chain: batch → message → arrivals → one decision each. A message succeeds when each of its arrivals is
//! started, already known, or ignored. Otherwise that message, and no other of the batch, goes back to the queue.

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};
use darkroom_aws::executions::{Start, StartExecution};
use darkroom_aws::mark_arrival::{Mark, MarkArrival};
use darkroom_aws::removal::HideOriginal;
use darkroom_domain::event::{Arrival, arrivals};
use darkroom_domain::order::WorkOrder;
use darkroom_domain::{Error, ErrorCode};
use darkroom_runtime::batch::{self, Verdict};
use darkroom_runtime::{config::Config, metrics::Metrics, now};
use lambda_runtime::{Diagnostic, LambdaEvent};
use tracing::info;

/// What the environment says.
pub struct Settings {
    /// The only bucket whose events count.
    pub originals_bucket: String,
    /// The machine that develops them.
    pub state_machine_arn: String,
}

impl Settings {
    /// Reads them.
    pub fn from(config: &Config) -> Result<Self, Error> {
        Ok(Self {
            originals_bucket: config.require("ORIGINALS_BUCKET")?,
            state_machine_arn: config.require("STATE_MACHINE_ARN")?,
        })
    }
}

/// One batch from the queue. The answer names the messages that must come again (R06).
pub async fn handle(
    table: &impl MarkArrival,
    machine: &impl StartExecution,
    storage: &impl HideOriginal,
    settings: &Settings,
    event: LambdaEvent<SqsEvent>,
) -> Result<SqsBatchResponse, Diagnostic> {
    let handler = async |message: &SqsMessage| {
        process_message(table, machine, storage, settings, message).await?;
        Ok(Verdict::Done)
    };
    batch::each(event, &handler).await
}

/// Everything that one message announces, in its order.
async fn process_message(
    table: &impl MarkArrival,
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
    table: &impl MarkArrival,
    machine: &impl StartExecution,
    storage: &impl HideOriginal,
    settings: &Settings,
    order: &WorkOrder,
) -> Result<(), Error> {
    let (image_id, execution) = (order.image_id.to_string(), order.execution_name());
    match table.mark_arrival(order, &now()).await? {
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
