//! `darkroom operate trace`: what happened to a photo, where it is stuck, and what to do.

use super::answers::Story;
use super::cost::cost;
use super::gaps::{duplicates, gaps};
use super::gather::gather;
use super::moment::Moment;
use super::target::Target;
use super::timeline::{Entry, timeline};
use super::verdict::verdict;
use crate::args::operate::Trace;
use crate::client::Client;
use crate::error::Error;
use crate::text;
use serde_json::{Value, json};
use std::fmt::Write;
use std::time::Duration;

/// Between two looks at a photo that is followed.
const PAUSE: Duration = Duration::from_secs(2);

pub fn run(client: &Client, wanted: &Trace, as_json: bool) -> Result<(), Error> {
    let target = Target::read(&wanted.photo)?;
    let mut shown: Vec<Entry> = Vec::new();
    loop {
        let story = gather(client, &target)?;
        let is_last = !wanted.follow || story.is_over();
        let entries = timeline(&story);
        if as_json {
            if is_last || entries != shown {
                println!("{}", document(&story));
            }
        } else {
            if shown.is_empty() {
                println!("{}, times are UTC", text::plain(&story.image_id));
            }
            // A state is shown when it is entered, and again when it is left.
            let new = entries.iter().filter(|entry| !shown.contains(entry));
            print!("{}", table(new, shown.last().map(|entry| entry.at)));
            if is_last {
                print!("{}", summary(&story, &entries));
            }
        }
        if is_last {
            return Ok(());
        }
        shown = entries;
        std::thread::sleep(PAUSE);
    }
}

/// A line for each entry: when, how long after the one before, what, for how long.
fn table<'a>(entries: impl Iterator<Item = &'a Entry>, mut before: Option<Moment>) -> String {
    let mut lines = String::new();
    for Entry { at, what, detail, until, .. } in entries {
        let after = before.map(|before| format!("+{}", text::duration(at.millis_since(before)))).unwrap_or_default();
        let took = until.map(|until| format!("  {}", text::duration(until.millis_since(*at)))).unwrap_or_default();
        let detail = if detail.is_empty() { String::new() } else { format!("  {detail}") };
        let _ = writeln!(lines, "{at}  {after:>12}  {}", text::plain(&format!("{what}{took}{detail}")));
        before = Some(*at);
    }
    lines
}

/// What a timeline does not show: variants, gaps, duplicates, the cost, the verdict.
fn summary(story: &Story, entries: &[Entry]) -> String {
    let mut lines = String::new();
    for variant in story.record.iter().flat_map(|record| &record.variants) {
        let pixels = format!("{} × {}", variant.width, variant.height);
        let (name, kind) = (text::plain(&variant.name), text::plain(&variant.content_type));
        let _ = writeln!(lines, "variant: {name:<12} {pixels:<12} {:>8}  {kind}", text::bytes(variant.bytes));
    }
    let mut tell = |title: &str, what: &str| {
        let _ = writeln!(lines, "{title}: {}", text::plain(what));
    };
    for execution in &story.executions {
        if !execution.complete {
            tell("cut off", &format!("the history of {} is longer than what is shown", execution.name));
        }
        if let Some(url) = &execution.console_url {
            tell("console", url);
        }
        if let Some(url) = &execution.logs_url {
            tell("logs", url);
        }
    }
    for gap in gaps(entries, &story.executions) {
        tell("gap", &gap);
    }
    for duplicate in duplicates(story) {
        tell("twice", &duplicate);
    }
    if let Some(docs) = story.record.as_ref().and_then(|record| record.docs.as_ref()) {
        tell("docs", docs);
    }
    if let Some(cost) = cost(story) {
        tell("cost", &cost.sentence());
    }
    let verdict = verdict(story);
    tell("verdict", &verdict.sentence);
    tell("next", verdict.next.as_deref().unwrap_or("nothing"));
    lines
}

fn document(story: &Story) -> Value {
    let entries = timeline(story);
    json!({
        "image_id": story.image_id,
        "at": story.at,
        "timeline": entries,
        "gaps": gaps(&entries, &story.executions),
        "duplicates": duplicates(story),
        "cost": cost(story),
        "verdict": verdict(story),
        "record": story.record,
        "deleted_at": story.deleted_at,
        "deliveries": story.deliveries,
        "executions": story.executions,
    })
}

#[cfg(test)]
mod tests;
