//! `darkroom operate restart`: without `--yes`, or a yes on the terminal, it tells what it would do.

use super::answers::Execution;
use super::api::{get, post};
use crate::args::operate::Restart;
use crate::client::Client;
use crate::confirm::agreed;
use crate::error::Error;
use crate::text;
use serde::Deserialize;
use serde_json::{Value, json};
use std::io::{IsTerminal, stdin};

#[derive(Deserialize)]
struct Restarted {
    name: String,
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

pub fn would(anything: bool, what: &str) -> String {
    if anything { format!("would {what}\nhint: --yes does it") } else { "there is nothing to send back".into() }
}

pub fn tell(as_json: bool, document: &Value, words: &str) {
    if as_json {
        println!("{document}");
    } else {
        println!("{}", text::lines(words));
    }
}
