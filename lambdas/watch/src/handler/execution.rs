//! One execution, with all that an operator needs and without the owner's data.

use super::Watch;
use super::failures::otherwise;
use super::image::{Photo, RecordView};
use crate::console;
use crate::steps::{Failure, Step, as_text, as_text_if_any, millis, steps};
use darkroom_aws::acts::ReadActs;
use darkroom_aws::deliveries::TellDeliveries;
use darkroom_aws::derived_key::DeriveKey;
use darkroom_aws::memory::TellDeletion;
use darkroom_aws::queues::MeasureQueue;
use darkroom_aws::records::ReadRecord;
use darkroom_aws::watching::{Execution, RunStatus, WatchExecutions};
use darkroom_domain::act::{Act, Subject};
use darkroom_domain::delivery::Delivery;
use darkroom_domain::execution_name::ExecutionName;
use darkroom_domain::id::ImageId;
use darkroom_domain::order::WorkOrder;
use darkroom_domain::{Error, ErrorCode};
use darkroom_runtime::api::{Answer, Problem, Request};
use futures::future::try_join3;
use serde::Serialize;
use time::OffsetDateTime;

/// Pages of a thousand events. A machine that retries for hours writes some hundreds.
const PAGES: usize = 5;
const ACTS: i32 = 100;

#[derive(Serialize)]
struct Detail<'a> {
    #[serde(serialize_with = "as_text")]
    at: OffsetDateTime,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    image_id: Option<ImageId>,
    status: RunStatus,
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<&'static str>,
    #[serde(serialize_with = "as_text")]
    started_at: OffsetDateTime,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "as_text_if_any")]
    stopped_at: Option<OffsetDateTime>,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration_ms: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Failure>,
    #[serde(skip_serializing_if = "Option::is_none")]
    restarted_from: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    version_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    size_bytes: Option<u64>,
    states: Vec<Step>,
    complete: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    console_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    logs_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    record: Option<RecordView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    deleted_at: Option<String>,
    deliveries: Vec<Delivery>,
    acts: Vec<Act>,
}

impl<M, Q, T, K> Watch<M, Q, T, K>
where
    M: WatchExecutions,
    Q: MeasureQueue,
    T: ReadActs + ReadRecord + TellDeletion + TellDeliveries,
    K: DeriveKey,
{
    pub(super) async fn execution(&self, request: &Request) -> Result<Answer, Problem> {
        let name = ExecutionName::parse(request.path("name")).ok_or(ErrorCode::RequestNotFound)?;
        let full = request.path("name");
        let described = self.executions.describe(&self.machine, full).await?.ok_or(ErrorCode::RequestNotFound)?;
        let order: Option<WorkOrder> = serde_json::from_str(&described.input).ok();
        let (execution, has_ended) = (&described.execution, described.execution.status != RunStatus::Running);
        let ((events, complete), Photo { record, deleted_at, deliveries }, acts) = try_join3(
            self.executions.history(&self.machine, full, PAGES),
            self.record_of(order.as_ref()),
            self.table.read_acts(Subject::Executions(name.base), ACTS),
        )
        .await?;
        let states = steps(events, has_ended);
        let has_failed = has_ended && execution.status != RunStatus::Succeeded;
        let error = has_failed.then(|| Failure::of(described.error, described.cause, otherwise(execution.status)));
        let detail = Detail {
            at: request.arrived(),
            name: full,
            image_id: order.as_ref().map(|order| order.image_id).or(name.image_id),
            status: execution.status,
            outcome: outcome(execution.status, &states),
            started_at: execution.started_at,
            stopped_at: execution.stopped_at,
            duration_ms: execution.stopped_at.map(|stopped| millis(execution.started_at, stopped)),
            error,
            restarted_from: (name.number > 1).then_some(name.base),
            version_id: order.as_ref().map(|order| order.source.version_id.as_str()),
            size_bytes: order.as_ref().map(|order| order.source.size_bytes),
            states,
            complete,
            console_url: self.console_url.as_deref().map(|at| console::execution(at, &self.machine, full)),
            logs_url: self.logs_url(order.as_ref(), execution, request.arrived()),
            record: record.as_ref().map(Into::into),
            deleted_at,
            deliveries,
            acts,
        };
        Ok(Answer::json(200, &detail)?)
    }

    /// Where there is a console. An execution whose input is not an order has no lines that name it.
    fn logs_url(&self, order: Option<&WorkOrder>, execution: &Execution, now: OffsetDateTime) -> Option<String> {
        let (console, order) = (self.console_url.as_deref()?, order?);
        let names = self.queue_url_prefix.rsplit('/').next().unwrap_or_default();
        let span = (execution.started_at, execution.stopped_at.unwrap_or(now));
        Some(console::logs(console, &self.machine, names, order, span))
    }

    async fn record_of(&self, order: Option<&WorkOrder>) -> Result<Photo, Error> {
        match order {
            Some(order) => self.photo(&order.owner_id, order.image_id).await,
            None => Ok(Photo::default()),
        }
    }
}

/// The outcome of the state in which it ended. A test below compares the names with the machine's.
fn outcome(status: RunStatus, states: &[Step]) -> Option<&'static str> {
    match status {
        RunStatus::Running | RunStatus::PendingRedrive => None,
        RunStatus::Failed | RunStatus::TimedOut | RunStatus::Aborted => Some("failed"),
        RunStatus::Succeeded => match states.last()?.name.as_str() {
            "Image rejected" => Some("rejected"),
            "Newer upload or deleted" => Some("superseded"),
            _ => Some("ready"),
        },
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn each_good_end_of_the_machine_has_a_meaning() {
        let ends: Vec<_> = include_str!("../../../../statemachine/process-image.asl.json")
            .lines()
            .filter(|line| ["\"Image rejected\": {", "\"Newer upload or deleted\": {"].contains(&line.trim()))
            .collect();
        assert_eq!(ends.len(), 2, "the states by which outcomes are told");
    }
}
