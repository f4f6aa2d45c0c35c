//! `darkroom operate redrive` and `restart`: without `--yes`, or a yes on the terminal, they tell what they would do.

use super::answers::Execution;
use super::api::{get, post};
use super::status::Overview;
use crate::args::operate::{Redrive, Restart};
use crate::client::Client;
use crate::confirm::agreed;
use crate::error::Error;
use crate::text;
use serde::Deserialize;
use serde_json::{Value, json};
use std::io::{IsTerminal, stdin};

/// The most dead letters that one request sends back.
const AT_ONCE: u64 = 100;

#[derive(Deserialize)]
struct Redriven {
    moved: u64,
}

#[derive(Deserialize)]
struct Restarted {
    name: String,
}

/// Sends dead letters back to their queue.
pub fn redrive(client: &Client, wanted: &Redrive, as_json: bool) -> Result<(), Error> {
    let queue = wanted.queue.as_str();
    let overview: Overview = get(client, "/ops/overview")?.json()?;
    let letters = overview.queues.iter().find(|known| known.name == queue).map_or(0, |known| known.dead_letters);
    let count = wanted.count.map_or(letters, |count| count.get().min(letters));
    let what =
        format!("{count} of {} of {queue}", text::counted(usize::try_from(letters).unwrap_or_default(), "dead letter"));
    let told = |moved: u64, dry_run: bool| json!({ "queue": queue, "dead_letters": letters, "count": count, "moved": moved, "dry_run": dry_run });
    if count == 0 || !is_meant(wanted.yes, as_json, &format!("Send {what} back?"))? {
        tell(as_json, &told(0, true), &would(count > 0, &format!("send {what} back")));
        return Ok(());
    }
    let mut moved = 0;
    while moved < count {
        let body = json!({ "count": (count - moved).min(AT_ONCE) });
        let answer: Redriven = post(client, &format!("/ops/queues/{queue}/redrive"), Some(&body))?.json()?;
        moved += answer.moved;
        // SQS returns no more for now.
        if answer.moved == 0 {
            break;
        }
    }
    tell(as_json, &told(moved, false), &format!("sent {moved} back to {queue}"));
    Ok(())
}

/// Starts an execution again, under a new name.
pub fn restart(client: &Client, wanted: &Restart, as_json: bool) -> Result<(), Error> {
    let Execution { name, status, error, .. } =
        get(client, &format!("/ops/executions/{}", named(&wanted.name)?))?.json()?;
    let why = error.map(|error| format!(", {}", error.code)).unwrap_or_default();
    let what = format!("start {name} again ({}{why})", status.replace('_', " "));
    let told = |started: Option<&str>| json!({ "execution": name, "started": started, "dry_run": started.is_none() });
    if status == "running" {
        return Err(Error::Refused(format!("{name} has not ended\nhint: darkroom operate trace {name} --follow")));
    }
    if !is_meant(wanted.yes, as_json, &format!("{what}?"))? {
        tell(as_json, &told(None), &would(true, &what));
        return Ok(());
    }
    let Restarted { name: new } = post(client, &format!("/ops/executions/{name}/restart"), None)?.json()?;
    tell(as_json, &told(Some(&new)), &format!("started {new}\nnext: darkroom operate trace {new} --follow"));
    Ok(())
}

/// Only characters of a name may go into a path.
fn named(name: &str) -> Result<&str, Error> {
    let is_name = darkroom_domain::execution_name::ExecutionName::parse(name).is_some();
    if is_name { Ok(name) } else { Err(Error::Usage(format!("{name:?} is not the name of an execution"))) }
}

/// Without `--yes` it is asked on a terminal; a script without it tries the command without effect.
pub fn is_meant(yes: bool, as_json: bool, question: &str) -> Result<bool, Error> {
    Ok(yes || (!as_json && stdin().is_terminal() && agreed(&format!("{question} [y/N] "))?))
}

fn would(anything: bool, what: &str) -> String {
    if anything { format!("would {what}\nhint: --yes does it") } else { "there is nothing to send back".into() }
}

fn tell(as_json: bool, document: &Value, words: &str) {
    if as_json {
        println!("{document}");
    } else {
        println!("{}", text::lines(words));
    }
}
