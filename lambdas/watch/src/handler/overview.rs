//! The state of the environment, on one page.

use super::failures::{Failed, FailureCount, ended, since};
use super::{Watch, remember, remembered};
use crate::steps::{as_text, as_text_if_any, steps};
use darkroom_aws::acts::ReadActs;
use darkroom_aws::derived_key::DeriveKey;
use darkroom_aws::memory::TellDeletion;
use darkroom_aws::queues::MeasureQueue;
use darkroom_aws::records::ReadRecord;
use darkroom_aws::watching::{Execution, ExecutionPage, RunStatus, WatchExecutions};
use darkroom_domain::Error;
use darkroom_domain::act::{Act, Subject};
use darkroom_runtime::api::{Answer, Problem, Request};
use futures::future::{try_join, try_join_all};
use serde::Serialize;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use time::OffsetDateTime;

const DAYS: i32 = 7;
/// Executions whose states are compared: each history is a call, once.
const COMPARED: usize = 20;
const ACTS: i32 = 10;

/// The queues whose dead letters can be sent back, each with its dead-letter queue.
const REDRIVABLE: [&str; 3] = ["uploads", "webhooks", "erasures"];
/// Its messages name places in the table's stream, so they cannot be sent back.
const UNDELIVERED: &str = "announcements-undelivered";

#[derive(Serialize)]
struct Overview {
    #[serde(serialize_with = "as_text")]
    at: OffsetDateTime,
    days: i32,
    queues: Vec<QueueView>,
    executions: Vec<StatusCount>,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "as_text_if_any")]
    running_since: Option<OffsetDateTime>,
    failures: Vec<FailureCount>,
    failures_complete: bool,
    stages: Vec<StageView>,
    acts: Vec<Act>,
}

#[derive(Serialize)]
struct QueueView {
    name: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    waiting: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    in_flight: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    delayed: Option<u64>,
    dead_letters: u64,
    redrivable: bool,
}

#[derive(Serialize)]
struct StatusCount {
    status: RunStatus,
    count: usize,
    at_least: bool,
}

#[derive(Serialize)]
struct StageView {
    state: String,
    executions: usize,
    median_ms: i64,
    slowest_ms: i64,
    slowest_execution: String,
}

impl<M, Q, T, K> Watch<M, Q, T, K>
where
    M: WatchExecutions,
    Q: MeasureQueue,
    T: ReadActs + ReadRecord + TellDeletion,
    K: DeriveKey,
{
    pub(super) async fn overview(&self, request: &Request) -> Result<Answer, Problem> {
        let at = request.arrived();
        let since = since(at, DAYS);
        let (queues, acts) = try_join(self.measured(), self.table.read_acts(Subject::Queues, ACTS)).await?;
        let (running, succeeded) = try_join(self.newest(RunStatus::Running), self.newest(RunStatus::Succeeded)).await?;
        let Failed { counts, complete, .. } = self.failed_since(since).await?;
        let failed = self.newest(RunStatus::Failed).await?;
        let stages = self.stages(&succeeded, &failed).await?;
        let (late, aborted) = (self.newest(RunStatus::TimedOut).await?, self.newest(RunStatus::Aborted).await?);
        let executions = vec![
            // One that runs counts whenever it was started.
            counted(RunStatus::Running, &running, OffsetDateTime::UNIX_EPOCH),
            counted(RunStatus::Succeeded, &succeeded, since),
            counted(RunStatus::Failed, &failed, since),
            counted(RunStatus::TimedOut, &late, since),
            counted(RunStatus::Aborted, &aborted, since),
        ];
        let running_since = running.executions.iter().map(|execution| execution.started_at).min();
        Ok(Answer::json(
            200,
            &Overview {
                at,
                days: DAYS,
                queues,
                executions,
                running_since,
                failures: counts,
                failures_complete: complete,
                stages,
                acts,
            },
        )?)
    }

    async fn measured(&self) -> Result<Vec<QueueView>, Error> {
        let prefix = &self.queue_url_prefix;
        let both = async |name: &'static str| {
            let (queue, dead) = (format!("{prefix}{name}"), format!("{prefix}{name}-dlq"));
            let (depth, dead) = try_join(self.queues.depth(&queue), self.queues.depth(&dead)).await?;
            Ok::<_, Error>(QueueView {
                name,
                waiting: Some(depth.waiting),
                in_flight: Some(depth.in_flight),
                delayed: Some(depth.delayed),
                dead_letters: dead.waiting + dead.in_flight,
                redrivable: true,
            })
        };
        let undelivered = format!("{prefix}{UNDELIVERED}");
        let (mut queues, undelivered) =
            try_join(try_join_all(REDRIVABLE.map(both)), self.queues.depth(&undelivered)).await?;
        queues.push(QueueView {
            name: "announcements",
            waiting: None,
            in_flight: None,
            delayed: None,
            dead_letters: undelivered.waiting + undelivered.in_flight,
            redrivable: false,
        });
        Ok(queues)
    }

    /// How long each state took in the newest executions that ended, the slowest first.
    async fn stages(&self, succeeded: &ExecutionPage, failed: &ExecutionPage) -> Result<Vec<StageView>, Error> {
        let mut newest: Vec<_> = succeeded.executions.iter().chain(&failed.executions).collect();
        newest.sort_by_key(|execution| Reverse(ended(execution)));
        newest.truncate(COMPARED);
        let looked_at = try_join_all(newest.into_iter().map(async |each| self.durations(each).await)).await?;
        let mut states: BTreeMap<String, Vec<(i64, &str)>> = BTreeMap::new();
        for (name, durations) in &looked_at {
            for (state, duration) in durations {
                states.entry(state.clone()).or_default().push((*duration, name));
            }
        }
        let mut stages: Vec<_> = states.into_iter().filter_map(|(state, took)| stage(state, took)).collect();
        stages.sort_by_key(|stage| Reverse(stage.median_ms));
        Ok(stages)
    }

    async fn durations(&self, execution: &Execution) -> Result<(String, Vec<(String, i64)>), Error> {
        let name = execution.name.clone();
        if let Some(known) = remembered(&self.memory.durations, &name) {
            return Ok((name, known));
        }
        let (events, _) = self.executions.history(&self.machine, &name, 1).await?;
        let took = |step: crate::steps::Step| Some((step.duration_ms()?, step.name)).map(|(took, name)| (name, took));
        let durations: Vec<_> = steps(events, true).into_iter().filter_map(took).collect();
        remember(&self.memory.durations, &name, durations.clone());
        Ok((name, durations))
    }
}

fn stage(state: String, mut took: Vec<(i64, &str)>) -> Option<StageView> {
    took.sort_unstable();
    let (slowest_ms, slowest_execution) = *took.last()?;
    let (median_ms, _) = *took.get(took.len() / 2)?;
    let slowest_execution = slowest_execution.to_owned();
    Some(StageView { state, executions: took.len(), median_ms, slowest_ms, slowest_execution })
}

/// Those of a page that ended since then. If the whole page did, there may be more.
fn counted(status: RunStatus, page: &ExecutionPage, since: OffsetDateTime) -> StatusCount {
    let count = page.executions.iter().filter(|execution| ended(execution) >= since).count();
    StatusCount { status, count, at_least: page.next.is_some() && count == page.executions.len() }
}
