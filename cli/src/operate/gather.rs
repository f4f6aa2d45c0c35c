//! Everything that the API knows of one photo.

use super::answers::{Execution, Image, Story};
use super::api::{get, get_if_any};
use super::target::Target;
use crate::client::Client;
use crate::error::Error;
use darkroom_domain::id::{ImageId, OwnerId};
use serde::Deserialize;

/// The most executions of one photo that are read.
const EXECUTIONS: usize = 20;
/// The most pages of a search: each looks through some thousand executions.
const PAGES: usize = 40;

#[derive(Deserialize)]
struct Found {
    items: Vec<Named>,
    next_cursor: Option<String>,
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

pub fn gather(client: &Client, target: &Target) -> Result<Story, Error> {
    match target {
        Target::Photo(owner, image) => photo(client, owner, *image),
        Target::Image(image) => {
            let names = search(client, *image)?;
            if names.is_empty() {
                let hint = "hint: give the original's key, uploads/OWNER/ID: with it the record is found";
                return Err(Error::Refused(format!("no execution of {image} is known\n{hint}")));
            }
            by_executions(client, &names)
        }
        Target::Execution(name) => by_executions(client, std::slice::from_ref(name)),
    }
}

fn photo(client: &Client, owner: &OwnerId, image_id: ImageId) -> Result<Story, Error> {
    let Some(answer) = get_if_any(client, &format!("/ops/images/{image_id}?owner_id={owner}"))? else {
        let why = "there is neither a record nor a deletion in the last 30 days";
        return Err(Error::Refused(format!("{image_id}: {why}")));
    };
    let Image { at, record, deleted_at, deliveries } = answer.json()?;
    let names = match &record {
        Some(record) => record.version_execution.iter().cloned().collect(),
        None => search(client, image_id)?,
    };
    let executions = executions(client, names)?;
    Ok(Story { image_id: image_id.to_string(), at, record, deleted_at, deliveries, executions })
}

/// The story by executions of the photo: each has the record too.
fn by_executions(client: &Client, names: &[String]) -> Result<Story, Error> {
    let nothing = || Error::Refused(format!("there is no execution {}", names.join(", ")));
    let executions = executions(client, names.to_owned())?;
    let newest = executions.last().ok_or_else(nothing)?;
    Ok(Story {
        image_id: newest.image_id.clone().unwrap_or_else(|| "an unknown photo".into()),
        at: newest.at,
        record: newest.record.clone(),
        deleted_at: newest.deleted_at,
        deliveries: newest.deliveries.clone(),
        executions,
    })
}

/// The executions of these names and those that operators started from them, by time. Step Functions may have forgotten
/// one, or the orchestrator may not have started it yet.
fn executions(client: &Client, mut names: Vec<String>) -> Result<Vec<Execution>, Error> {
    let (mut found, mut next): (Vec<Execution>, usize) = (Vec::new(), 0);
    while next < names.len().min(EXECUTIONS) {
        if let Some(answer) = get_if_any(client, &format!("/ops/executions/{}", names[next]))? {
            let execution: Execution = answer.json()?;
            let started = execution.acts.iter().filter_map(|act| act.started.clone());
            for name in execution.restarted_from.iter().cloned().chain(started) {
                if !names.contains(&name) {
                    names.push(name);
                }
            }
            found.push(execution);
        }
        next += 1;
    }
    found.sort_by_key(|execution| execution.started_at);
    Ok(found)
}

/// The names on the first page of the search that has any.
fn search(client: &Client, image: ImageId) -> Result<Vec<String>, Error> {
    let first = format!("/ops/executions?image_id={image}&limit=100");
    let mut path = first.clone();
    for _ in 0..PAGES {
        let Found { items, next_cursor } = get(client, &path)?.json()?;
        match next_cursor {
            Some(cursor) if items.is_empty() => path = format!("{first}&cursor={cursor}"),
            _ => return Ok(items.into_iter().map(|item| item.name).collect()),
        }
    }
    Ok(Vec::new())
}
