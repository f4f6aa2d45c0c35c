//! Executions as an operator sees them: lists, descriptions and histories. Read-only.

use super::error::sdk_error;
use super::executions::{execution_arn, machine_of};
use aws_sdk_sfn::Client;
use aws_sdk_sfn::operation::describe_execution::DescribeExecutionError;
use aws_sdk_sfn::operation::get_execution_history::GetExecutionHistoryError;
use aws_sdk_sfn::operation::list_executions::ListExecutionsError;
use aws_sdk_sfn::primitives::DateTime;
use aws_sdk_sfn::types::{ExecutionStatus, HistoryEvent};
use darkroom_domain::{Error, ErrorCode};
use serde::Serialize;
use time::OffsetDateTime;

/// The status of an execution, in the words of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names are Step Functions' own")]
pub enum RunStatus {
    Running,
    Succeeded,
    Failed,
    TimedOut,
    Aborted,
    PendingRedrive,
}

/// An execution as a list shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Execution {
    /// Its name.
    pub name: String,
    /// Its status.
    pub status: RunStatus,
    /// When it was started.
    pub started_at: OffsetDateTime,
    /// When it ended, if it has.
    pub stopped_at: Option<OffsetDateTime>,
}

/// A page of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExecutionPage {
    /// The newest first.
    pub executions: Vec<Execution>,
    /// The token of the next page.
    pub next: Option<String>,
}

/// An execution with its input and its error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Described {
    /// As a list shows it.
    pub execution: Execution,
    /// JSON.
    pub input: String,
    /// The error's name.
    pub error: Option<String>,
    /// In words, or as a worker's JSON.
    pub cause: Option<String>,
}

/// The events of a history that an operator needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happened {
    /// A state was entered: its name and its type.
    Entered(String, String),
    /// It was left.
    Exited,
    /// A task was tried.
    Attempted,
    /// The attempt worked.
    Worked,
    /// The attempt failed: error and cause.
    Failed(Option<String>, Option<String>),
}

/// One event of a history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// When.
    pub at: OffsetDateTime,
    /// What.
    pub happened: Happened,
}

/// May look at executions of the one state machine.
pub trait WatchExecutions {
    /// The newest executions, or the token's page. None if the token, which Step Functions keeps for a day, has
    /// expired.
    fn list(
        &self,
        machine: &str,
        status: Option<RunStatus>,
        at_most: i32,
        token: Option<String>,
    ) -> impl Future<Output = Result<Option<ExecutionPage>, Error>>;

    /// One execution, if there is one of this name.
    fn describe(&self, machine: &str, name: &str) -> impl Future<Output = Result<Option<Described>, Error>>;

    /// Its first events, so many pages of a thousand at most, and whether these are all.
    fn history(
        &self,
        machine: &str,
        name: &str,
        pages: usize,
    ) -> impl Future<Output = Result<(Vec<Event>, bool), Error>>;
}

impl WatchExecutions for Client {
    async fn list(
        &self,
        machine: &str,
        status: Option<RunStatus>,
        at_most: i32,
        token: Option<String>,
    ) -> Result<Option<ExecutionPage>, Error> {
        let call = self.list_executions().state_machine_arn(machine_of(machine));
        let call = call.set_status_filter(status.map(filter)).max_results(at_most).set_next_token(token);
        let found = match call.send().await {
            Ok(found) => found,
            Err(error) if matches!(error.as_service_error(), Some(ListExecutionsError::InvalidToken(_))) => {
                return Ok(None);
            }
            Err(error) => return Err(sdk_error("list executions", ErrorCode::TransientUnavailable, &error)),
        };
        let executions = found.executions.into_iter().map(|item| Execution {
            name: item.name,
            status: status_of(&item.status),
            started_at: time_of(item.start_date),
            stopped_at: item.stop_date.map(time_of),
        });
        Ok(Some(ExecutionPage { executions: executions.collect(), next: found.next_token }))
    }

    async fn describe(&self, machine: &str, name: &str) -> Result<Option<Described>, Error> {
        let found = match self.describe_execution().execution_arn(execution_arn(machine, name)).send().await {
            Ok(found) => found,
            Err(error)
                if matches!(error.as_service_error(), Some(DescribeExecutionError::ExecutionDoesNotExist(_))) =>
            {
                return Ok(None);
            }
            Err(error) => return Err(sdk_error("describe an execution", ErrorCode::TransientUnavailable, &error)),
        };
        let execution = Execution {
            name: name.into(),
            status: status_of(&found.status),
            started_at: time_of(found.start_date),
            stopped_at: found.stop_date.map(time_of),
        };
        let input = found.input.unwrap_or_default();
        Ok(Some(Described { execution, input, error: found.error, cause: found.cause }))
    }

    async fn history(&self, machine: &str, name: &str, pages: usize) -> Result<(Vec<Event>, bool), Error> {
        let (mut events, mut token) = (Vec::new(), None);
        for _ in 0..pages {
            let call = self.get_execution_history().execution_arn(execution_arn(machine, name));
            // Inputs and outputs of states name owners and keys, and are not shown to operators.
            let call = call.include_execution_data(false).max_results(1000).set_next_token(token);
            let found = match call.send().await {
                Ok(found) => found,
                Err(error)
                    if matches!(error.as_service_error(), Some(GetExecutionHistoryError::ExecutionDoesNotExist(_))) =>
                {
                    return Ok((events, true));
                }
                Err(error) => return Err(sdk_error("read a history", ErrorCode::TransientUnavailable, &error)),
            };
            events.extend(found.events.into_iter().filter_map(event));
            token = found.next_token;
            if token.is_none() {
                return Ok((events, true));
            }
        }
        Ok((events, false))
    }
}

fn event(event: HistoryEvent) -> Option<Event> {
    let at = time_of(event.timestamp);
    let kind = event.r#type.as_str();
    let happened = if let Some(entered) = event.state_entered_event_details {
        Happened::Entered(entered.name, kind.trim_end_matches("StateEntered").to_owned())
    } else if event.state_exited_event_details.is_some() {
        Happened::Exited
    } else {
        match kind {
            "TaskScheduled" => Happened::Attempted,
            "TaskSucceeded" => Happened::Worked,
            "TaskFailed" => event.task_failed_event_details.map(|said| Happened::Failed(said.error, said.cause))?,
            "TaskTimedOut" => {
                event.task_timed_out_event_details.map(|said| Happened::Failed(said.error, said.cause))?
            }
            "TaskStartFailed" => {
                event.task_start_failed_event_details.map(|said| Happened::Failed(said.error, said.cause))?
            }
            "TaskSubmitFailed" => {
                event.task_submit_failed_event_details.map(|said| Happened::Failed(said.error, said.cause))?
            }
            _ => return None,
        }
    };
    Some(Event { at, happened })
}

fn filter(status: RunStatus) -> ExecutionStatus {
    match status {
        RunStatus::Running => ExecutionStatus::Running,
        RunStatus::Succeeded => ExecutionStatus::Succeeded,
        RunStatus::Failed => ExecutionStatus::Failed,
        RunStatus::TimedOut => ExecutionStatus::TimedOut,
        RunStatus::Aborted => ExecutionStatus::Aborted,
        RunStatus::PendingRedrive => ExecutionStatus::PendingRedrive,
    }
}

fn status_of(status: &ExecutionStatus) -> RunStatus {
    match status {
        ExecutionStatus::Succeeded => RunStatus::Succeeded,
        ExecutionStatus::Failed => RunStatus::Failed,
        ExecutionStatus::TimedOut => RunStatus::TimedOut,
        ExecutionStatus::Aborted => RunStatus::Aborted,
        ExecutionStatus::PendingRedrive => RunStatus::PendingRedrive,
        _ => RunStatus::Running,
    }
}

fn time_of(time: DateTime) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp_nanos(time.as_nanos()).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

#[cfg(test)]
mod tests;
