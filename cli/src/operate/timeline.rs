//! What happened to a photo, in one order.

use super::answers::{Delivery, Execution, Failure, Record, State, Story};
use super::moment::Moment;
use crate::text;
use serde::Serialize;

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    pub at: Moment,
    pub kind: Kind,
    /// In a few words; gaps are named by it.
    pub what: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub detail: String,
    /// When it was over, of what lasts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Moment>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Ticket,
    Arrival,
    Start,
    Execution,
    State,
    Attempt,
    End,
    Record,
    Announcement,
    Delivery,
    Act,
    Deletion,
}

impl Entry {
    fn new(at: Moment, kind: Kind, what: impl Into<String>) -> Self {
        Self { at, kind, what: what.into(), detail: String::new(), until: None }
    }

    fn with(self, detail: impl Into<String>) -> Self {
        Self { detail: detail.into(), ..self }
    }
}

/// Everything, the first first.
pub fn timeline(story: &Story) -> Vec<Entry> {
    let mut entries = Vec::new();
    if let Some(record) = &story.record {
        entries.extend(arrival(record));
    }
    for execution in &story.executions {
        entries.extend(development(execution));
    }
    entries.extend(acts(&story.executions));
    if let Some(record) = &story.record {
        entries.extend(outcome(record));
        entries.extend(rerender(record));
    }
    if let Some(at) = story.deleted_at {
        entries.push(Entry::new(at, Kind::Deletion, "deletion begins"));
    }
    entries.extend(story.deliveries.iter().map(delivery));
    // Stable: what happens in one millisecond stays in the order of cause and effect. An execution writes the record
    // and ends after that.
    entries.sort_by_key(|entry| (entry.at, entry.kind == Kind::End));
    entries
}

fn arrival(record: &Record) -> Vec<Entry> {
    let made = match record.arrived_at {
        Some(arrived) if arrived == record.created_at => None, // an import has no ticket
        _ => Some(Entry::new(record.created_at, Kind::Ticket, "ticket")),
    };
    let arrived = record.arrived_at.map(|at| Entry::new(at, Kind::Arrival, "arrival is marked"));
    let began = record.began_at.filter(|began| Some(*began) != record.arrived_at);
    let began = began.map(|at| Entry::new(at, Kind::Start, "an execution is about to be started"));
    [made, arrived, began].into_iter().flatten().collect()
}

fn development(execution: &Execution) -> Vec<Entry> {
    let mut entries = vec![Entry::new(execution.started_at, Kind::Execution, "execution starts").with(&execution.name)];
    entries.extend(execution.states.iter().flat_map(state));
    if let Some(at) = execution.stopped_at {
        let how = execution.outcome.as_deref().unwrap_or(&execution.status);
        let detail = execution.error.as_ref().map(words).unwrap_or_default();
        entries.push(Entry::new(at, Kind::End, format!("execution ends: {how}")).with(detail));
    }
    entries
}

/// A state; and each of its attempts, unless the first one did it.
fn state(state: &State) -> Vec<Entry> {
    let detail = if state.status == "succeeded" { String::new() } else { state.status.clone() };
    let mut entries =
        vec![Entry { until: state.exited_at, ..Entry::new(state.entered_at, Kind::State, &state.name).with(detail) }];
    if state.attempts.len() > 1 || state.attempts.iter().any(|attempt| attempt.error.is_some()) {
        entries.extend(state.attempts.iter().zip(1..).map(|(attempt, number)| {
            let detail = match (&attempt.error, attempt.ended_at) {
                (Some(error), _) => words(error),
                (None, Some(_)) => "worked".into(),
                (None, None) => "has not ended".into(),
            };
            let what = format!("{}, attempt {number}", state.name);
            Entry { until: attempt.ended_at, ..Entry::new(attempt.started_at, Kind::Attempt, what).with(detail) }
        }));
    }
    entries
}

/// Each act once, although each execution of a version tells all of them.
fn acts(executions: &[Execution]) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for act in executions.iter().flat_map(|execution| &execution.acts) {
        let what = format!("an operator asks for a {}", act.deed);
        let detail = match &act.started {
            Some(name) => format!("{} starts {name}", act.by),
            None => format!("{}: nothing was started", act.by),
        };
        let entry = Entry::new(act.at, Kind::Act, what).with(detail);
        if !entries.contains(&entry) {
            entries.push(entry);
        }
    }
    entries
}

fn outcome(record: &Record) -> Vec<Entry> {
    let (Some(at), Some(outcome)) = (record.outcome_at, &record.outcome) else { return Vec::new() };
    let error = record.code.as_ref().map(|code| Failure {
        code: code.clone(),
        cause: record.message.clone(),
        release: record.release.clone(),
    });
    let announced = match outcome.as_str() {
        "ready" => "Image Ready",
        "rejected" => "Image Rejected",
        _ => "Image Failed",
    };
    vec![
        Entry::new(at, Kind::Record, format!("record: {outcome}")).with(error.as_ref().map(words).unwrap_or_default()),
        // The announcement itself is kept nowhere; docs/EVENTS.md says what is certain of it.
        Entry::new(at, Kind::Announcement, format!("{announced} is due on the event bus")),
    ]
}

/// An attempt at the owner's webhook.
fn delivery(delivery: &Delivery) -> Entry {
    let Delivery { at, event, attempt, result, status, reason, again_in_s } = delivery;
    let why = match (status, reason) {
        (Some(status), _) => status.to_string(),
        (None, Some(reason)) => reason.clone(),
        (None, None) => String::new(),
    };
    let how = match result.as_str() {
        "delivered" => format!("delivered: {why}"),
        "refused" => format!("refused: {why}, again in {}", text::duration(again_in_s.unwrap_or_default() * 1000)),
        "given_up" => format!("refused: {why}, given up"),
        "failed" => format!("failed: {why}, comes again"),
        "dead_letter" => format!("failed: {why}, a dead letter now: darkroom operate redrive webhooks"),
        other => format!("{other}: {why}"),
    };
    Entry::new(*at, Kind::Delivery, format!("webhook, {event}, attempt {attempt}")).with(how)
}

/// The last one. Its outcome stays that of its upload.
fn rerender(record: &Record) -> Option<Entry> {
    let name = record.rerendered_by.as_deref().unwrap_or_default();
    Some(Entry::new(record.rerendered_at?, Kind::Record, "record: moved to another recipe").with(name))
}

/// Code, cause and release, on one line.
fn words(failure: &Failure) -> String {
    let Failure { code, cause, release } = failure;
    let cause = cause.as_ref().map(|cause| format!(": {}", text::first_line(cause))).unwrap_or_default();
    let release = release.as_ref().map(|release| format!(" ({release})")).unwrap_or_default();
    format!("{code}{cause}{release}")
}

#[cfg(test)]
mod tests;
