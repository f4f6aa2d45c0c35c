//! `darkroom operate status`: queues, executions, failures and the slowest states.

use super::api::get;
use super::moment::Moment;
use crate::args::operate::Status;
use crate::client::Client;
use crate::error::Error;
use crate::{pages, text};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::io::{IsTerminal, stdout};
use std::time::Duration;

/// Between two looks: the service keeps its lists for as long.
const PAUSE: Duration = Duration::from_secs(5);
/// An execution that has run for longer is worth a look: a photo takes seconds.
const LONG_MS: u64 = 600_000;

/// `GET /ops/overview`, read leniently.
#[derive(Deserialize)]
pub struct Overview {
    at: Moment,
    days: u32,
    pub queues: Vec<Queue>,
    executions: Vec<Counted>,
    running_since: Option<Moment>,
    failures: Vec<FailureCount>,
    failures_complete: bool,
    stages: Vec<Stage>,
}

#[derive(Deserialize)]
pub struct Queue {
    pub name: String,
    waiting: Option<u64>,
    in_flight: Option<u64>,
    delayed: Option<u64>,
    pub dead_letters: u64,
    redrivable: bool,
}

#[derive(Deserialize)]
struct Counted {
    status: String,
    count: u64,
    at_least: bool,
}

#[derive(Deserialize)]
struct FailureCount {
    code: String,
    count: u64,
}

#[derive(Deserialize)]
struct Stage {
    state: String,
    executions: u64,
    median_ms: u64,
    slowest_ms: u64,
    slowest_execution: String,
}

pub fn run(client: &Client, wanted: &Status, as_json: bool) -> Result<(), Error> {
    loop {
        let told: Value = get(client, "/ops/overview")?.json()?;
        if as_json {
            println!("{told}");
        } else {
            let page = page(&pages::read(told)?);
            // On a terminal, each look replaces the one before.
            let top = if wanted.watch && stdout().is_terminal() { "\x1b[H\x1b[2J" } else { "" };
            print!("{top}{page}");
        }
        if !wanted.watch {
            return Ok(());
        }
        std::thread::sleep(PAUSE);
    }
}

fn page(overview: &Overview) -> String {
    let mut page = format!("{} UTC\n\n", overview.at);
    let mut line = |line: &str| {
        let _ = writeln!(page, "{}", text::lines(line));
    };
    let number = |count: Option<u64>| count.map_or("-".into(), |count| count.to_string());
    line("queue          waiting  in flight  delayed  dead letters");
    for Queue { name, waiting, in_flight, delayed, dead_letters, .. } in &overview.queues {
        let (waiting, in_flight, delayed) = (number(*waiting), number(*in_flight), number(*delayed));
        line(&format!("{name:<14} {waiting:>7}  {in_flight:>9}  {delayed:>7}  {dead_letters:>12}"));
    }
    line(&format!("\nexecutions of {} days", overview.days));
    for Counted { status, count, at_least } in &overview.executions {
        let more = if *at_least { " or more" } else { "" };
        line(&format!("  {:<12} {count:>6}{more}", status.replace('_', " ")));
    }
    let failures = by_code(&overview.failures);
    if !failures.is_empty() {
        let more = if overview.failures_complete { "" } else { ", and more" };
        line(&format!("\nfailures of {} days{more}", overview.days));
        for (code, count) in failures {
            line(&format!("  {code:<32} {count:>6}"));
        }
    }
    if !overview.stages.is_empty() {
        line("\nstate                 executions   median  slowest");
        for Stage { state, executions, median_ms, slowest_ms, slowest_execution } in &overview.stages {
            let (median, slowest) = (text::duration(*median_ms), text::duration(*slowest_ms));
            line(&format!("{state:<22} {executions:>9} {median:>8} {slowest:>8}  {slowest_execution}"));
        }
    }
    line("");
    for finding in findings(overview) {
        line(&finding);
    }
    page
}

/// The number of failures of each code, the most frequent first.
fn by_code(failures: &[FailureCount]) -> Vec<(&str, u64)> {
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for FailureCount { code, count } in failures {
        *counts.entry(code).or_default() += count;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts
}

/// What an operator must look at, each with the next command.
fn findings(overview: &Overview) -> Vec<String> {
    let mut found = Vec::new();
    for queue in overview.queues.iter().filter(|queue| queue.dead_letters > 0) {
        let name = &queue.name;
        let letters = text::counted(usize::try_from(queue.dead_letters).unwrap_or(usize::MAX), "dead letter");
        found.push(if queue.redrivable {
            let cause = "fix the cause (docs/OPERATIONS.md#dead-letter-queue-not-empty)";
            format!("{letters} in {name}: {cause}, then darkroom operate redrive {name}")
        } else {
            format!("{letters} in {name}: read docs/OPERATIONS.md#announcements-undelivered")
        });
    }
    if !overview.failures.is_empty() {
        found.push("there were failures: darkroom operate failures".into());
    }
    let running = overview.running_since.map(|since| overview.at.millis_since(since));
    if let Some(millis) = running.filter(|millis| *millis >= LONG_MS) {
        found.push(format!("the oldest execution has run for {}: it waits for an attempt", text::duration(millis)));
    }
    if found.is_empty() {
        found.push("nothing waits for an operator".into());
    }
    found
}

#[cfg(test)]
mod tests;
