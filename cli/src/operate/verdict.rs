//! One sentence about a photo, and what to type next.

use super::answers::{Execution, Failure, Record, State, Story};
use super::moment::Moment;
use crate::text;
use serde::Serialize;

/// A state that takes longer than this is stuck: each worker's timeout is shorter.
const STUCK_MS: u64 = 75_000;
/// An arrival without an execution for longer than this waits for something that does not come by itself soon.
const LATE_MS: u64 = 60_000;

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// For scripts.
    pub code: &'static str,
    pub sentence: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

fn verdict_of(code: &'static str, sentence: impl Into<String>, next: Option<String>) -> Verdict {
    Verdict { code, sentence: sentence.into(), next }
}

pub fn verdict(story: &Story) -> Verdict {
    let Some(record) = &story.record else { return without_record(story) };
    let ago = |moment: Moment| text::duration(story.at.millis_since(moment));
    match record.status.as_str() {
        "awaiting_upload" => awaiting(story, record),
        "processing" => processing(story, record),
        "ready" => {
            let sentence = match (record.arrived_at, record.outcome_at) {
                (Some(arrived), Some(ready)) if ready >= arrived => {
                    format!("ready {} after its arrival", text::duration(ready.millis_since(arrived)))
                }
                _ => "ready".into(),
            };
            verdict_of("ready", format!("{sentence}{}", retries(story)), None)
        }
        "rejected" => verdict_of("rejected", format!("rejected{}", reason(record)), None),
        "failed" => {
            let name = record.execution.as_deref().or(story.newest().map(|newest| newest.name.as_str()));
            let next = name.map(|name| format!("fix the cause, then darkroom operate restart {name}"));
            verdict_of("failed", format!("failed{}", reason(record)), next)
        }
        "deleting" => {
            let since = story.deleted_at.unwrap_or(record.updated_at);
            let next = Some("its owner repeats the deletion: it goes on where it stopped".into());
            verdict_of("deleting", format!("its deletion has not ended, {} after it began", ago(since)), next)
        }
        other => verdict_of("unknown", format!("its status is {other}, which this darkroom does not know"), None),
    }
}

fn without_record(story: &Story) -> Verdict {
    let runs = story.executions.iter().find(|execution| execution.is_running());
    match (story.deleted_at, runs) {
        (Some(at), None) => {
            verdict_of("deleted", format!("deleted {} ago", text::duration(story.at.millis_since(at))), None)
        }
        (Some(_), Some(execution)) => {
            let next = Some(format!("darkroom operate trace {} --follow", execution.name));
            verdict_of(
                "deleted",
                format!("deleted, and {} still runs: its outcome is not recorded", execution.name),
                next,
            )
        }
        (None, _) => {
            let next = "read docs/OPERATIONS.md#originals-unexplained".to_owned();
            let sentence = "there is no record: deleted more than 30 days ago, or lost by a restore of the table";
            verdict_of("no_record", sentence, Some(next))
        }
    }
}

fn awaiting(story: &Story, record: &Record) -> Verdict {
    let given = text::duration(story.at.millis_since(record.created_at));
    if record.awaited_until.is_some_and(|until| until <= story.at) {
        let sentence = format!("its ticket, given {given} ago, has expired unused, or its message waits");
        return verdict_of("expired", sentence, Some("darkroom operate status".into()));
    }
    let sentence =
        format!("no arrival since its ticket, {given} ago: the client has not sent it, or its message waits");
    verdict_of("awaited", sentence, Some("darkroom operate status".into()))
}

fn processing(story: &Story, record: &Record) -> Verdict {
    let newest = story.newest();
    if let Some(execution) = newest.filter(|execution| execution.is_running()) {
        return running(story, execution);
    }
    let began = record.began_at.or(record.arrived_at).unwrap_or(record.updated_at);
    let waited = story.at.millis_since(began);
    match newest.filter(|execution| execution.stopped_at.is_some_and(|stopped| stopped >= began)) {
        Some(execution) if execution.status != "succeeded" => {
            let (name, how) = (&execution.name, execution.status.replace('_', " "));
            let state = execution.states.last().map(|state| format!(" in “{}”", state.name)).unwrap_or_default();
            let sentence = format!("{name} {how}{state}, and the record still says processing");
            let next = format!("fix the cause, then darkroom operate restart {name}");
            verdict_of("ended_without_outcome", sentence, Some(next))
        }
        _ => {
            let code = if waited >= LATE_MS { "not_started" } else { "starting" };
            let waited = text::duration(waited);
            let sentence = format!("no execution for {waited}: its message is in the queue, or a dead letter");
            verdict_of(code, sentence, Some("darkroom operate status".into()))
        }
    }
}

fn running(story: &Story, execution: &Execution) -> Verdict {
    let follow = Some(format!("darkroom operate trace {} --follow", execution.name));
    let Some(state) = execution.states.last() else {
        return verdict_of("running", "its execution has just started", follow);
    };
    let took = story.at.millis_since(state.entered_at);
    let (time, name) = (text::duration(took), &state.name);
    let is_stuck = took >= STUCK_MS;
    let how =
        if is_stuck { format!("stuck for {time} in “{name}”") } else { format!("in “{name}” for {time}") };
    match last_error(state) {
        Some(error) => {
            let failed = state.attempts.iter().filter(|attempt| attempt.error.is_some()).count();
            let why = format!("{} after {}", plainly(&error.code), text::counted(failed, "attempt"));
            let next = match error.code.as_str() {
                "Lambda.TooManyRequestsException" => Some("read docs/OPERATIONS.md#function-throttled".into()),
                _ => follow,
            };
            verdict_of(if is_stuck { "stuck" } else { "retrying" }, format!("{how}: {why}"), next)
        }
        None if is_stuck => verdict_of("stuck", format!("{how}, without an error so far"), follow),
        None => verdict_of("running", how, follow),
    }
}

/// The error of the last attempt that ended.
fn last_error(state: &State) -> Option<&Failure> {
    state.attempts.iter().rev().find(|attempt| attempt.ended_at.is_some())?.error.as_ref()
}

/// What a code of AWS means, in a word.
fn plainly(code: &str) -> &str {
    match code {
        "Lambda.TooManyRequestsException" => "throttled",
        "States.Timeout" | "Sandbox.Timedout" => "timed out",
        "Runtime.ExitError" => "killed",
        other => other,
    }
}

/// Where and why, as the record says.
fn reason(record: &Record) -> String {
    let stage = record.stage.as_ref().map(|stage| format!(" in {stage}")).unwrap_or_default();
    let code = record.code.as_ref().map(|code| format!(": {code}")).unwrap_or_default();
    let message = record.message.as_ref().map(|message| format!(", {}", text::first_line(message))).unwrap_or_default();
    format!("{stage}{code}{message}")
}

/// What it needed more than one attempt for.
fn retries(story: &Story) -> String {
    let Some(newest) = story.newest() else { return String::new() };
    let retried: Vec<_> = newest.states.iter().filter(|state| state.attempts.len() > 1).collect();
    let words = |state: &&State| format!("“{}” took {} attempts", state.name, state.attempts.len());
    if retried.is_empty() {
        String::new()
    } else {
        format!("; {}", retried.iter().map(words).collect::<Vec<_>>().join(", "))
    }
}

#[cfg(test)]
mod tests;
