//! What a timeline does not show by itself: time in which nothing happened, and what happened more than once.

use super::answers::{Execution, Story};
use super::moment::Moment;
use super::timeline::{Entry, Kind};
use crate::text;
use darkroom_domain::execution_name::ExecutionName;
use std::collections::BTreeMap;

/// A shorter pause is not a gap: it is the time that calls and cold starts take.
const GAP_MS: u64 = 5000;

/// Each pause between two things of which the second should follow the first at once.
pub fn gaps(timeline: &[Entry], executions: &[Execution]) -> Vec<String> {
    let mut gaps = Vec::new();
    let mut before: Option<(Moment, &Entry)> = None;
    // Attempts lie within their states.
    for entry in timeline.iter().filter(|entry| entry.kind != Kind::Attempt) {
        if let Some((since, last)) = before.filter(|(_, last)| follows(last.kind, entry.kind)) {
            let millis = entry.at.millis_since(since);
            if millis >= GAP_MS {
                gaps.push(format!("{} between “{}” and “{}”", text::duration(millis), last.what, entry.what));
            }
        }
        let end = entry.until.unwrap_or(entry.at);
        before = Some((before.map_or(end, |(latest, _)| latest.max(end)), entry));
    }
    gaps.extend(executions.iter().flat_map(|execution| &execution.states).flat_map(|state| {
        state.attempts.windows(2).zip(2..).filter_map(move |(pair, number)| {
            let millis = pair[1].started_at.millis_since(pair[0].ended_at?);
            let waited = text::duration(millis);
            (millis >= GAP_MS).then(|| format!("{waited} until attempt {number} of “{}”", state.name))
        })
    }));
    gaps
}

/// Should the second come soon after the first? A restart or a deletion comes when a person wants it.
const fn follows(first: Kind, second: Kind) -> bool {
    matches!(
        (first, second),
        (Kind::Ticket, Kind::Arrival)
            | (Kind::Arrival | Kind::Start, Kind::Execution)
            | (Kind::Execution | Kind::State, Kind::State)
            | (Kind::State, Kind::End)
    )
}

/// What happened more than once.
pub fn duplicates(story: &Story) -> Vec<String> {
    let mut found = Vec::new();
    let mut versions: BTreeMap<&str, usize> = BTreeMap::new();
    for execution in &story.executions {
        let base = ExecutionName::parse(&execution.name).map_or(execution.name.as_str(), |name| name.base);
        *versions.entry(base).or_default() += 1;
    }
    if versions.len() > 1 {
        found.push(format!("{} versions of the original were developed", versions.len()));
    }
    for (base, times) in versions.into_iter().filter(|(_, times)| *times > 1) {
        found.push(format!("the version of {base} was developed {times} times"));
    }
    for pair in story.executions.windows(2) {
        if pair[0].stopped_at.is_none_or(|stopped| stopped > pair[1].started_at) {
            found.push(format!("{} and {} ran at the same time", pair[0].name, pair[1].name));
        }
    }
    for execution in &story.executions {
        let mut states: BTreeMap<&str, usize> = BTreeMap::new();
        for state in &execution.states {
            *states.entry(&state.name).or_default() += 1;
        }
        let again = states.into_iter().filter(|(_, times)| *times > 1);
        found.extend(again.map(|(name, times)| format!("{} entered “{name}” {times} times", execution.name)));
    }
    found
}

#[cfg(test)]
mod tests;
