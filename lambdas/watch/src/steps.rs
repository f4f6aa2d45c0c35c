//! From the events of a history to the states that were entered, each with its attempts.

use darkroom_aws::watching::{Event, Happened};
use darkroom_domain::cause::Cause;
use darkroom_domain::timestamp::rfc3339;
use serde::{Serialize, Serializer};
use time::OffsetDateTime;

/// Letters of a cause that are shown: a worker's message, not a whole backtrace.
const CAUSE: usize = 2000;

/// The state that writes a failure into the record. If that fails too, the failure is still the one before.
const RECORDING: &str = "Record failure";

/// One state, entered once.
#[derive(Debug, Serialize)]
pub struct Step {
    /// Its name.
    pub name: String,
    #[serde(rename = "type")]
    kind: String,
    status: StepStatus,
    #[serde(serialize_with = "as_text")]
    entered_at: OffsetDateTime,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "as_text_if_any")]
    exited_at: Option<OffsetDateTime>,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration_ms: Option<i64>,
    retries: usize,
    attempts: Vec<Attempt>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum StepStatus {
    Running,
    Succeeded,
    Caught,
    Failed,
}

#[derive(Debug, Serialize)]
struct Attempt {
    #[serde(serialize_with = "as_text")]
    started_at: OffsetDateTime,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "as_text_if_any")]
    ended_at: Option<OffsetDateTime>,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration_ms: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Failure>,
}

/// An error with its cause.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Failure {
    /// Its name.
    pub code: String,
    /// In words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// The function and its version, if the error tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub release: Option<String>,
}

impl Failure {
    /// From Step Functions.
    pub fn of(error: Option<String>, cause: Option<String>, otherwise: &str) -> Self {
        let code = error.filter(|error| !error.is_empty()).unwrap_or_else(|| otherwise.into());
        let read = cause.filter(|cause| !cause.is_empty()).map(|cause| Cause::read(&cause));
        let (cause, release) = read.map_or((None, None), |read| (Some(read.message), read.release));
        Self { code, cause: cause.map(|cause| cause.chars().take(CAUSE).collect()), release }
    }
}

impl Step {
    /// How long it took from entry to exit, if it was left.
    pub fn duration_ms(&self) -> Option<i64> {
        self.duration_ms
    }
}

/// The states in the order in which they were entered. Of an execution that has ended, one that was never left is where
/// it failed.
pub fn steps(events: Vec<Event>, ended: bool) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for Event { at, happened } in events {
        if let Happened::Entered(name, kind) = happened {
            let attempts = Vec::new();
            let (exited_at, duration_ms, status) = (None, None, StepStatus::Running);
            steps.push(Step { name, kind, status, entered_at: at, exited_at, duration_ms, retries: 0, attempts });
            continue;
        }
        let Some(step) = steps.last_mut() else { continue };
        match happened {
            Happened::Entered(..) => {}
            Happened::Exited => step.leave(at),
            Happened::Attempted => {
                step.attempts.push(Attempt { started_at: at, ended_at: None, duration_ms: None, error: None });
                step.retries = step.attempts.len() - 1;
            }
            Happened::Worked => step.end_attempt(at, None),
            Happened::Failed(error, cause) => {
                step.end_attempt(at, Some(Failure::of(error, cause, "States.TaskFailed")));
            }
        }
    }
    if let Some(last) = steps.last_mut().filter(|last| ended && last.exited_at.is_none()) {
        // A Fail state is never left; a Succeed state whose exit is not on record succeeded all the same.
        last.status = if last.kind == "Succeed" { StepStatus::Succeeded } else { StepStatus::Failed };
    }
    steps
}

/// The state in which an execution failed: the last task whose error was caught or ended the execution.
pub fn failed_in(steps: &[Step]) -> Option<&str> {
    let failed = |step: &&Step| {
        matches!(step.status, StepStatus::Caught | StepStatus::Failed) && step.kind == "Task" && step.name != RECORDING
    };
    steps.iter().rev().find(failed).map(|step| step.name.as_str())
}

impl Step {
    fn leave(&mut self, at: OffsetDateTime) {
        let failed = self.attempts.last().is_some_and(|last| last.error.is_some());
        self.status = if failed { StepStatus::Caught } else { StepStatus::Succeeded };
        self.exited_at = Some(at);
        self.duration_ms = Some(millis(self.entered_at, at));
    }

    fn end_attempt(&mut self, at: OffsetDateTime, error: Option<Failure>) {
        if let Some(attempt) = self.attempts.last_mut() {
            attempt.ended_at = Some(at);
            attempt.duration_ms = Some(millis(attempt.started_at, at));
            attempt.error = error;
        }
    }
}

/// Milliseconds between two moments.
pub fn millis(from: OffsetDateTime, to: OffsetDateTime) -> i64 {
    i64::try_from((to - from).whole_milliseconds()).unwrap_or_default().max(0)
}

/// A time as the API writes it.
pub fn as_text<S: Serializer>(time: &OffsetDateTime, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&rfc3339(*time))
}

/// The same for one that may be missing.
#[expect(clippy::ref_option, reason = "as serde calls it")]
pub fn as_text_if_any<S: Serializer>(time: &Option<OffsetDateTime>, serializer: S) -> Result<S::Ok, S::Error> {
    time.map(rfc3339).serialize(serializer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn event(second: i64, happened: Happened) -> Event {
        Event { at: OffsetDateTime::from_unix_timestamp(second).unwrap(), happened }
    }

    fn entered(second: i64, name: &str, kind: &str) -> Event {
        event(second, Happened::Entered(name.into(), kind.into()))
    }

    fn failed(second: i64, error: &str) -> Event {
        let cause = json!({ "errorType": error, "errorMessage": "503 SlowDown" }).to_string();
        event(second, Happened::Failed(Some(error.into()), Some(cause)))
    }

    fn states_of(events: Vec<Event>, ended: bool) -> Value {
        serde_json::to_value(steps(events, ended)).unwrap()
    }

    #[test]
    fn a_state_that_was_tried_twice_shows_both_attempts() {
        let states = states_of(
            vec![
                entered(0, "Create variants", "Task"),
                event(0, Happened::Attempted),
                failed(1, "Transient.Storage"),
                event(3, Happened::Attempted),
                event(4, Happened::Worked),
                event(4, Happened::Exited),
            ],
            true,
        );
        assert_eq!(states[0]["status"], "succeeded");
        assert_eq!((&states[0]["retries"], &states[0]["duration_ms"]), (&json!(1), &json!(4000)));
        let first = &states[0]["attempts"][0];
        assert_eq!(first["error"], json!({ "code": "Transient.Storage", "cause": "503 SlowDown" }));
        assert_eq!(first["duration_ms"], 1000);
        assert!(states[0]["attempts"][1].get("error").is_none());
    }

    #[test]
    fn what_was_caught_and_where_it_failed() {
        let states = states_of(
            vec![
                entered(0, "Validate image", "Task"),
                event(0, Happened::Attempted),
                failed(1, "Worker.Denied"),
                event(1, Happened::Exited),
                entered(1, "Processing failed", "Fail"),
            ],
            true,
        );
        assert_eq!((&states[0]["status"], &states[1]["status"]), (&json!("caught"), &json!("failed")));
        assert!(states[1].get("exited_at").is_none());
    }

    #[test]
    fn a_failure_belongs_to_the_last_task_that_failed_and_not_to_what_records_it() {
        let caught = |second, name: &str, error: &str| {
            let attempt = [event(second, Happened::Attempted), failed(second, error), event(second, Happened::Exited)];
            [vec![entered(second, name, "Task")], attempt.into()].concat()
        };
        let events = [
            caught(0, "Apply watermark", "Transient.StaleWork"),
            caught(1, "Create variants", "Worker.Denied"),
            caught(2, RECORDING, "DynamoDB.ThrottlingException"),
            vec![entered(3, "Processing failed", "Fail")],
        ];
        assert_eq!(failed_in(&steps(events.concat(), true)), Some("Create variants"));
        let late = vec![entered(0, "Validate image", "Task"), event(0, Happened::Attempted)];
        assert_eq!(failed_in(&steps(late, true)), Some("Validate image"), "where it timed out");
        assert_eq!(failed_in(&[]), None);
        let machine = include_str!("../../../statemachine/process-image.asl.json");
        assert!(machine.contains(&format!("\"{RECORDING}\": {{")));
    }

    #[test]
    fn a_state_that_is_not_left_runs() {
        let states = states_of(vec![entered(0, "Validate image", "Task"), event(0, Happened::Attempted)], false);
        assert_eq!(states[0]["status"], "running");
        assert!(states[0]["attempts"][0].get("ended_at").is_none());
    }

    #[test]
    fn a_cause_that_is_no_json_is_shown_as_it_is_and_no_novel() {
        let failure = Failure::of(None, Some("x".repeat(5000)), "States.TaskFailed");
        assert_eq!((failure.code.as_str(), failure.cause.unwrap().len()), ("States.TaskFailed", 2000));
    }

    #[test]
    fn events_before_any_state_belong_to_no_step() {
        assert_eq!(states_of(vec![event(0, Happened::Exited)], false), json!([]));
    }
}
