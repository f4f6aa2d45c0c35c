//! The routes that show: for operators only.

mod execution;
mod failures;
mod image;
mod list;
mod overview;
mod rejected;

use crate::machine;
use crate::steps::{Failure, as_text, as_text_if_any, millis};
use darkroom_aws::acts::ReadActs;
use darkroom_aws::deliveries::TellDeliveries;
use darkroom_aws::derived_key::{DeriveKey, DerivedKey};
use darkroom_aws::memory::TellDeletion;
use darkroom_aws::queues::MeasureQueue;
use darkroom_aws::records::ReadRecord;
use darkroom_aws::rejected::ListRejected;
use darkroom_aws::watching::{Execution, ExecutionPage, RunStatus, WatchExecutions};
use darkroom_domain::execution_name::ExecutionName;
use darkroom_domain::id::ImageId;
use darkroom_domain::{Error, ErrorCode};
use darkroom_runtime::api::{Answer, Problem, Request};
use serde::Serialize;
use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::sync::Mutex;
use std::time::{Duration, Instant};
use time::OffsetDateTime;

/// The routes and what they need.
pub struct Watch<M, Q, T, K> {
    pub executions: M,
    pub queues: Q,
    pub table: T,
    pub cursors: DerivedKey<K>,
    /// The ARN of the state machine, or of its alias.
    pub machine: String,
    /// The beginning of all queues' addresses.
    pub queue_url_prefix: String,
    /// AWS's console, where there is one.
    pub console_url: Option<String>,
    pub client_id: String,
    pub memory: Memory,
}

/// A sandbox's cache, so that a page that asks every few seconds costs few calls: the orchestrator needs
/// `ListExecutions` too, of which AWS answers two a second in most regions.
#[derive(Default)]
pub struct Memory {
    /// The newest of each status, as they were some seconds ago.
    newest: Mutex<HashMap<RunStatus, (Instant, ExecutionPage)>>,
    /// How an execution failed. That does not change any more.
    failures: Mutex<HashMap<String, Failure>>,
    /// The state in which it failed.
    failed_in: Mutex<HashMap<String, Option<String>>>,
    /// How long the states of an execution that has ended took.
    durations: Mutex<HashMap<String, Vec<(String, i64)>>>,
}

/// How long a list is fresh enough.
const REMEMBERED: Duration = Duration::from_secs(5);
/// The most that `ListExecutions` returns.
const LONGEST_PAGE: i32 = 1000;
/// The most executions in the cache.
const REMEMBERED_EXECUTIONS: usize = 2000;

/// An execution as lists show it.
#[derive(Serialize)]
struct ExecutionView<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    image_id: Option<ImageId>,
    status: RunStatus,
    #[serde(serialize_with = "as_text")]
    started_at: OffsetDateTime,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "as_text_if_any")]
    stopped_at: Option<OffsetDateTime>,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration_ms: Option<i64>,
}

impl<'a> From<&'a Execution> for ExecutionView<'a> {
    fn from(execution: &'a Execution) -> Self {
        let Execution { name, status, started_at, stopped_at } = execution;
        Self {
            name,
            image_id: image_of(name),
            status: *status,
            started_at: *started_at,
            stopped_at: *stopped_at,
            duration_ms: stopped_at.map(|stopped| millis(*started_at, stopped)),
        }
    }
}

impl<M, Q, T, K> Watch<M, Q, T, K>
where
    M: WatchExecutions,
    Q: MeasureQueue,
    T: ListRejected + ReadActs + ReadRecord + TellDeletion + TellDeliveries,
    K: DeriveKey,
{
    /// Answers one request. The caller is checked before the request: a stranger learns nothing of parameters either.
    pub async fn handle(&self, request: &Request) -> Result<Answer, Problem> {
        request.operator(&self.client_id)?;
        match request.route() {
            ("GET", "/ops/overview") => self.overview(request).await,
            ("GET", "/ops/executions") => self.list(request).await,
            ("GET", "/ops/executions/{name}") => self.execution(request).await,
            ("GET", "/ops/images/{image_id}") => self.image(request).await,
            ("GET", "/ops/failures") => self.failures(request).await,
            ("GET", "/ops/rejected") => self.rejected(request).await,
            ("GET", "/ops/machine") => {
                let graph = machine::graph().map_err(|why| Error::new(ErrorCode::WorkerBug, why.to_string()))?;
                Ok(Answer::json(200, &graph)?)
            }
            _ => Err(ErrorCode::RequestNotFound.into()),
        }
    }
}

impl<M: WatchExecutions, Q, T, K> Watch<M, Q, T, K> {
    /// The newest thousand of a status.
    async fn newest(&self, status: RunStatus) -> Result<ExecutionPage, Error> {
        let known = self.memory.newest.lock().ok().and_then(|known| known.get(&status).cloned());
        if let Some((_, page)) = known.filter(|(at, _)| at.elapsed() < REMEMBERED) {
            return Ok(page);
        }
        let page = self.executions.list(&self.machine, Some(status), LONGEST_PAGE, None).await?.unwrap_or_default();
        if let Ok(mut newest) = self.memory.newest.lock() {
            newest.insert(status, (Instant::now(), page.clone()));
        }
        Ok(page)
    }
}

/// The image of an execution, if its name tells.
fn image_of(name: &str) -> Option<ImageId> {
    ExecutionName::parse(name)?.image_id
}

/// The cached facts of an execution.
fn remembered<T: Clone>(memory: &Mutex<HashMap<String, T>>, name: &str) -> Option<T> {
    memory.lock().ok()?.get(name).cloned()
}

fn remember<T>(memory: &Mutex<HashMap<String, T>>, name: &str, what: T) {
    if let Ok(mut memory) = memory.lock() {
        if memory.len() >= REMEMBERED_EXECUTIONS {
            memory.clear();
        }
        memory.insert(name.into(), what);
    }
}

/// A whole number among the query's parameters.
fn number(request: &Request, name: &str, range: RangeInclusive<i32>, otherwise: i32) -> Result<i32, Problem> {
    let Some(text) = request.query(name)? else { return Ok(otherwise) };
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let number = text.parse().ok().filter(|number| digits && range.contains(number));
    number.ok_or_else(|| Problem::field(name, format!("must be {} to {}", range.start(), range.end())))
}

#[cfg(test)]
mod tests;
