//! A chain: batch → message → arrivals → one decision each. A message succeeds when each of its arrivals is
//! started, already known, or ignored. Otherwise that message, and no other of the batch, goes back to the queue.

use crate::pace::Pace;
use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};
use darkroom_aws::executions::{ListRunning, Start, StartExecution};
use darkroom_aws::mark_arrival::{MarkArrival, Marked};
use darkroom_aws::memory::RecallDeletions;
use darkroom_aws::removal::HideOriginal;
use darkroom_domain::event::{Arrival, arrivals};
use darkroom_domain::focus::Focus;
use darkroom_domain::order::WorkOrder;
use darkroom_domain::protocol::{self, Reaction};
use darkroom_domain::{Error, ErrorCode};
use darkroom_runtime::batch::{self, Verdict};
use darkroom_runtime::{config::Config, metrics::Metrics};
use lambda_runtime::{Diagnostic, LambdaEvent};
use time::OffsetDateTime;
use tokio::time::Instant;
use tracing::{info, warn};

/// Values of the environment.
pub struct Settings {
    /// The only bucket whose events count.
    pub originals_bucket: String,
    /// The state machine that develops them.
    pub state_machine_arn: String,
    /// How many executions may be in flight.
    pub executions_in_flight: usize,
}

impl Settings {
    /// Reads them.
    pub fn from(config: &Config) -> Result<Self, Error> {
        let in_flight = config.require("EXECUTIONS_IN_FLIGHT")?;
        let wrong = || Error::new(ErrorCode::WorkerMisconfigured, "EXECUTIONS_IN_FLIGHT must be a number above 0");
        Ok(Self {
            originals_bucket: config.require("ORIGINALS_BUCKET")?,
            state_machine_arn: config.require("STATE_MACHINE_ARN")?,
            executions_in_flight: in_flight.parse::<usize>().ok().filter(|number| *number > 0).ok_or_else(wrong)?,
        })
    }
}

/// One batch from the queue. The answer names the messages that must come again (R06).
pub async fn handle(
    table: &(impl MarkArrival + RecallDeletions),
    machine: &impl StartExecution,
    storage: &impl HideOriginal,
    pace: &Pace<impl ListRunning>,
    settings: &Settings,
    event: LambdaEvent<SqsEvent>,
) -> Result<SqsBatchResponse, Diagnostic> {
    let until = pace.give_up_at();
    let intake = Intake { table, machine, storage, pace, settings, until };
    batch::each(event, &async |message: &SqsMessage| intake.process(message).await).await
}

/// The state of one invocation.
struct Intake<'a, T, M, S, L> {
    table: &'a T,
    machine: &'a M,
    storage: &'a S,
    pace: &'a Pace<L>,
    settings: &'a Settings,
    /// When it stops waiting for a place.
    until: Instant,
}

impl<T: MarkArrival + RecallDeletions, M: StartExecution, S: HideOriginal, L: ListRunning> Intake<'_, T, M, S, L> {
    /// All arrivals of one message, in its order. A message that finds no place comes again, and the executions that it
    /// had started by then are known.
    async fn process(&self, message: &SqsMessage) -> Result<Verdict, Error> {
        let body = message.body.as_deref().ok_or_else(|| Error::new(ErrorCode::WorkerBadInput, "no body"))?;
        for arrival in arrivals(body, &self.settings.originals_bucket)? {
            match arrival {
                Arrival::Ignored(why) => info!(why, "ignored"),
                Arrival::Photo(order) => {
                    if self.begin(&order).await? == Verdict::Again {
                        return Ok(Verdict::Again);
                    }
                }
            }
        }
        Ok(Verdict::Done)
    }

    /// One photo: mark first, then start. A start that fails leaves a mark that the next delivery recognises, and the
    /// execution's name makes a second start harmless; the other order could undo a finished execution's record.
    ///
    /// A photo that waits for its place is not marked: its owner may delete it, which a record that says `processing`
    /// would refuse for as long as an execution can last.
    async fn begin(&self, order: &WorkOrder) -> Result<Verdict, Error> {
        let (image_id, execution) = (order.image_id.to_string(), order.execution_name());
        let Some(place) = self.pace.take(self.until).await? else {
            info!(image_id, execution, "no place: the message goes back to the queue");
            return Ok(Verdict::Again);
        };
        let now = OffsetDateTime::now_utc();
        let Marked { mark, focus } = self.table.mark_arrival(order, now).await?;
        let mut reaction = protocol::react(mark);
        if reaction == Reaction::Recall {
            reaction = protocol::unticketed(self.table.was_deleted(&order.owner_id, order.image_id).await?);
        }
        match reaction {
            Reaction::Start => match self.start(order, focus).await? {
                Start::Started => {
                    info!(image_id, execution, bytes_in = order.source.size_bytes, "started");
                    place.used_by(execution);
                }
                Start::Existed => suppressed(&image_id, &execution, "the execution exists"),
            },
            Reaction::Suppress(why) => suppressed(&image_id, &execution, why),
            // A URL from before the deletion was still valid, so the original that it stored is hidden, not removed: an
            // operator has time to undo a mistake.
            Reaction::Hide => {
                self.storage.hide_original(&order.source).await?;
                info!(image_id, why = "the photo was deleted", "ignored");
            }
            Reaction::RemoveVersion => {
                self.storage.remove_version(&order.source).await?;
                let version_id = &order.source.version_id;
                warn!(image_id, version_id, why = "the ticket was used before", "version removed");
                Metrics::new().count("SurplusRemoved").emit();
            }
            Reaction::Recall | Reaction::Note => {
                self.table.note_unexplained(order, now).await?;
                warn!(
                    image_id,
                    key = order.source.key,
                    why = "neither a ticket nor a deletion is on record",
                    "left alone"
                );
                Metrics::new().count("Unexplained").emit();
            }
        }
        Ok(Verdict::Done)
    }

    async fn start(&self, order: &WorkOrder, focus: Option<Focus>) -> Result<Start, Error> {
        let order = WorkOrder { focus, ..order.clone() };
        self.machine.start(&self.settings.state_machine_arn, &order).await
    }
}

fn suppressed(image_id: &str, execution: &str, why: &'static str) {
    info!(image_id, execution, why, "duplicate suppressed");
    Metrics::new().count("DuplicateSuppressed").emit();
}

#[cfg(test)]
mod schedules;
#[cfg(test)]
mod tests;
