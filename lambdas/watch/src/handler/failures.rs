//! Failures, by code and day. The source is Step Functions: its lists of executions that failed, timed out and were
//! aborted, and the description of each, which a sandbox reads once.

use super::{Watch, image_of, number, remember, remembered};
use crate::steps::{Failure, as_text, failed_in, steps};
use darkroom_aws::acts::ReadActs;
use darkroom_aws::derived_key::DeriveKey;
use darkroom_aws::memory::TellDeletion;
use darkroom_aws::queues::MeasureQueue;
use darkroom_aws::records::ReadRecord;
use darkroom_aws::watching::{Execution, RunStatus, WatchExecutions};
use darkroom_domain::Error;
use darkroom_domain::id::ImageId;
use darkroom_runtime::api::{Answer, Problem, Request};
use futures::future::{try_join_all, try_join3};
use serde::Serialize;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use time::{Duration, OffsetDateTime};

/// The most executions of each status, since each description is a call.
const COUNTED: usize = 200;
/// Descriptions that are read at once.
const AT_ONCE: usize = 10;
/// Failures that are shown one by one.
const SHOWN: usize = 50;

/// The failures of one code on a day.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct FailureCount {
    pub day: String,
    pub code: String,
    pub count: u32,
}

/// The failures since some day.
pub(super) struct Failed {
    pub counts: Vec<FailureCount>,
    pub complete: bool,
    newest: Vec<(Execution, Failure)>,
}

#[derive(Serialize)]
struct FailuresView<'a> {
    days: i32,
    counts: Vec<FailureCount>,
    complete: bool,
    items: Vec<FailureView<'a>>,
}

#[derive(Serialize)]
struct FailureView<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    image_id: Option<ImageId>,
    status: RunStatus,
    #[serde(flatten)]
    failure: &'a Failure,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<String>,
    #[serde(serialize_with = "as_text")]
    started_at: OffsetDateTime,
    #[serde(serialize_with = "as_text")]
    stopped_at: OffsetDateTime,
}

impl<M, Q, T, K> Watch<M, Q, T, K>
where
    M: WatchExecutions,
    Q: MeasureQueue,
    T: ReadActs + ReadRecord + TellDeletion,
    K: DeriveKey,
{
    pub(super) async fn failures(&self, request: &Request) -> Result<Answer, Problem> {
        let days = number(request, "days", 1..=30, 7)?;
        let Failed { counts, complete, newest } = self.failed_since(since(request.arrived(), days)).await?;
        let shown = &newest[..newest.len().min(SHOWN)];
        let mut items = Vec::with_capacity(shown.len());
        for some in shown.chunks(AT_ONCE) {
            items.extend(try_join_all(some.iter().map(async |(each, failure)| self.view(each, failure).await)).await?);
        }
        Ok(Answer::json(200, &FailuresView { days, counts, complete, items })?)
    }

    async fn view<'a>(&self, execution: &'a Execution, failure: &'a Failure) -> Result<FailureView<'a>, Error> {
        Ok(FailureView {
            name: &execution.name,
            image_id: image_of(&execution.name),
            status: execution.status,
            failure,
            state: self.failed_in(&execution.name).await?,
            started_at: execution.started_at,
            stopped_at: ended(execution),
        })
    }

    /// The state in which it failed, as its history tells.
    async fn failed_in(&self, name: &str) -> Result<Option<String>, Error> {
        if let Some(known) = remembered(&self.memory.failed_in, name) {
            return Ok(known);
        }
        let (events, _) = self.executions.history(&self.machine, name, 1).await?;
        let state = failed_in(&steps(events, true)).map(ToOwned::to_owned);
        remember(&self.memory.failed_in, name, state.clone());
        Ok(state)
    }

    /// The executions that failed, timed out or were aborted since then.
    pub(super) async fn failed_since(&self, since: OffsetDateTime) -> Result<Failed, Error> {
        let (failed, late, aborted) = try_join3(
            self.newest(RunStatus::Failed),
            self.newest(RunStatus::TimedOut),
            self.newest(RunStatus::Aborted),
        )
        .await?;
        let (mut found, mut complete) = (Vec::new(), true);
        for page in [failed, late, aborted] {
            let listed = page.executions.len();
            let recent: Vec<_> = page.executions.into_iter().filter(|execution| ended(execution) >= since).collect();
            // If everything in the list is recent, there may be more behind it.
            complete &= recent.len() <= COUNTED && (page.next.is_none() || recent.len() < listed);
            found.extend(recent.into_iter().take(COUNTED));
        }
        found.sort_by_key(|execution| Reverse(ended(execution)));
        let mut newest = Vec::with_capacity(found.len());
        for some in found.chunks(AT_ONCE) {
            newest.extend(try_join_all(some.iter().map(async |each| self.failure(each).await)).await?);
        }
        Ok(Failed { counts: counted(&newest), complete, newest })
    }

    async fn failure(&self, execution: &Execution) -> Result<(Execution, Failure), Error> {
        if let Some(known) = remembered(&self.memory.failures, &execution.name) {
            return Ok((execution.clone(), known));
        }
        let described = self.executions.describe(&self.machine, &execution.name).await?;
        let (error, cause) = described.map_or((None, None), |described| (described.error, described.cause));
        let failure = Failure::of(error, cause, otherwise(execution.status));
        remember(&self.memory.failures, &execution.name, failure.clone());
        Ok((execution.clone(), failure))
    }
}

/// The code of an execution that ended without an error's name.
pub(super) fn otherwise(status: RunStatus) -> &'static str {
    match status {
        RunStatus::TimedOut => "States.Timeout",
        RunStatus::Aborted => "Aborted",
        _ => "States.Runtime",
    }
}

/// The first moment (UTC) of so many days, of which this is the last.
pub(super) fn since(now: OffsetDateTime, days: i32) -> OffsetDateTime {
    (now - Duration::days(i64::from(days) - 1)).replace_time(time::Time::MIDNIGHT)
}

pub(super) fn ended(execution: &Execution) -> OffsetDateTime {
    execution.stopped_at.unwrap_or(execution.started_at)
}

fn counted(failures: &[(Execution, Failure)]) -> Vec<FailureCount> {
    let mut counts: BTreeMap<(Reverse<String>, &str), u32> = BTreeMap::new();
    for (execution, failure) in failures {
        let day = ended(execution).date().to_string();
        *counts.entry((Reverse(day), &failure.code)).or_default() += 1;
    }
    let count = |((Reverse(day), code), count): ((_, &str), _)| FailureCount { day, code: code.into(), count };
    counts.into_iter().map(count).collect()
}
