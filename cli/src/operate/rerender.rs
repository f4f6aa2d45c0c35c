//! `darkroom operate rerender`: what a new recipe would take, and its way through the library.

use super::api::{get, post};
use super::repair::{is_meant, tell};
use crate::args::rerender::{Rerender, RerenderCommand};
use crate::client::Client;
use crate::error::Error;
use crate::progress::{Bar, Unit};
use crate::{pages, process, text};
use darkroom_domain::execution_name::ExecutionName;
use darkroom_domain::timestamp::rfc3339;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::Duration;
use time::OffsetDateTime;

const ALL: &str = "/ops/rerenders";
/// Between two looks at one that runs.
const PAUSE: Duration = Duration::from_secs(3);

/// What a photo costs, and what it takes: `make cost SHOW=rerender` computes both (`tests/tools/test_cost.py`).
const USD_OF_A_THOUSAND: f64 = 0.080;
const MS_OF_A_PHOTO: f64 = 330.0;
const MS_OF_A_MEGAPIXEL: f64 = 91.0;

/// The answer to a dry run, read leniently.
#[derive(Deserialize)]
struct Expected {
    recipe: String,
    looked_at: u64,
    photos: u64,
    bytes: u64,
    pixels: u64,
    complete: bool,
    at_once: u64,
}

#[derive(Deserialize)]
struct Progress {
    name: String,
    status: String,
    items: Option<Items>,
    #[serde(default)]
    failed: Vec<Failed>,
    error: Option<String>,
    cause: Option<String>,
}

#[derive(Clone, Copy, Deserialize)]
struct Items {
    total: u64,
    succeeded: u64,
    failed: u64,
    aborted: u64,
}

#[derive(Deserialize)]
struct Failed {
    image_id: String,
    code: String,
    stage: String,
}

pub fn run(client: &Client, wanted: &Rerender, as_json: bool) -> Result<(), Error> {
    match &wanted.command {
        None => start(client, wanted, as_json),
        Some(RerenderCommand::Status(asked)) => {
            let name = named(client, asked.name.as_deref())?;
            if asked.follow { follow(client, &name, as_json) } else { show(client, &name, as_json) }
        }
        Some(RerenderCommand::Stop(asked)) => stop(client, &named(client, asked.name.as_deref())?, as_json),
    }
}

/// A dry run first, always.
fn start(client: &Client, wanted: &Rerender, as_json: bool) -> Result<(), Error> {
    let body = body(wanted)?;
    let ask = |dry_run: bool| {
        let mut body = body.clone();
        body["dry_run"] = dry_run.into();
        post(client, ALL, Some(&body))?.json::<Value>()
    };
    let answer = ask(true)?;
    let told: Expected = pages::read(answer.clone())?;
    let (hours, usd) = estimate(&told);
    if !as_json {
        println!("{}", text::lines(&page(&told)));
    }
    let is_wanted = told.photos > 0 && !wanted.dry_run;
    if !is_wanted || !is_meant(wanted.yes, as_json, "Re-render them?")? {
        if as_json {
            let mut answer = answer;
            answer["hours"] = hours.into();
            answer["usd"] = usd.into();
            println!("{answer}");
        } else if told.photos > 0 {
            println!("hint: --yes does it");
        }
        return Ok(());
    }
    let begun = ask(false)?;
    let name = begun["name"].as_str().unwrap_or_default().to_owned();
    if wanted.follow {
        return follow(client, &name, as_json);
    }
    tell(as_json, &begun, &format!("started {name}\nnext: darkroom operate rerender status {name} --follow"));
    Ok(())
}

fn body(wanted: &Rerender) -> Result<Value, Error> {
    let mut body = json!({});
    if let Some(file) = &wanted.recipe {
        body["recipe"] = process::recipe::read(Some(file))?.hash().into();
    }
    for (name, value) in [("album_id", &wanted.album), ("owner_id", &wanted.owner)] {
        if let Some(value) = value {
            body[name] = value.as_str().into();
        }
    }
    if let Some(since) = wanted.since {
        body["since"] = rfc3339(since.moment(OffsetDateTime::now_utc())).into();
    }
    Ok(body)
}

/// Hours and dollars.
fn estimate(told: &Expected) -> (f64, f64) {
    #[expect(clippy::cast_precision_loss, reason = "an estimate")]
    let (photos, megapixels, at_once) = (told.photos as f64, told.pixels as f64 / 1e6, told.at_once.max(1) as f64);
    let work_ms = photos * MS_OF_A_PHOTO + megapixels * MS_OF_A_MEGAPIXEL;
    (work_ms / at_once / 3.6e6, photos * USD_OF_A_THOUSAND / 1000.0)
}

fn page(told: &Expected) -> String {
    let Expected { recipe, looked_at, photos, bytes, at_once, .. } = told;
    let (hours, usd) = estimate(told);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "milliseconds of less than an age")]
    let time = text::duration((hours * 3.6e6) as u64);
    let size = text::bytes(*bytes);
    let mut lines = vec![
        format!("recipe {} of the deployed release", &recipe[..recipe.len().min(12)]),
        format!("{photos} of {looked_at} ready photos are of another recipe: originals of {size}"),
        format!("about {time} at {at_once} at a time, and about {usd:.2} USD"),
    ];
    if !told.complete {
        lines.push("there are more photos than a dry run looks at: what it saw is a part of the library".into());
    }
    lines.join("\n")
}

/// The given name, or that of the newest.
fn named(client: &Client, name: Option<&str>) -> Result<String, Error> {
    #[derive(Deserialize)]
    struct List {
        items: Vec<Named>,
    }
    #[derive(Deserialize)]
    struct Named {
        name: String,
    }
    let is_name = |name: &str| ExecutionName::parse(name).is_some();
    if let Some(name) = name {
        let wrong = || Error::Usage(format!("{name:?} is not the name of a re-render"));
        return is_name(name).then(|| name.to_owned()).ok_or_else(wrong);
    }
    let list: List = get(client, ALL)?.json()?;
    let newest = list.items.into_iter().next().map(|newest| newest.name).filter(|name| is_name(name));
    newest.ok_or_else(|| Error::Refused("there was no re-render yet\nhint: darkroom operate rerender".into()))
}

fn look(client: &Client, name: &str) -> Result<(Value, Progress), Error> {
    let answer: Value = get(client, &format!("{ALL}/{name}"))?.json()?;
    let told = pages::read(answer.clone())?;
    Ok((answer, told))
}

fn show(client: &Client, name: &str, as_json: bool) -> Result<(), Error> {
    let (answer, told) = look(client, name)?;
    tell(as_json, &answer, &words(&told));
    outcome(&told)
}

/// Until it has ended.
fn follow(client: &Client, name: &str, as_json: bool) -> Result<(), Error> {
    let (mut bar, mut done): (Option<Bar>, u64) = (None, 0);
    loop {
        let (answer, told) = look(client, name)?;
        if told.status != "running" {
            drop(bar);
            tell(as_json, &answer, &words(&told));
            return outcome(&told);
        }
        if let Some(items) = told.items {
            let ended = items.succeeded + items.failed + items.aborted;
            bar.get_or_insert_with(|| Bar::new(items.total, Unit::Photos)).add(ended.saturating_sub(done));
            done = ended;
        }
        std::thread::sleep(PAUSE);
    }
}

fn stop(client: &Client, name: &str, as_json: bool) -> Result<(), Error> {
    let answer: Value = post(client, &format!("{ALL}/{name}/stop"), None)?.json()?;
    let words = format!("stopped {name}: what is done stays done\nnext: darkroom operate rerender, for the rest");
    tell(as_json, &answer, &words);
    Ok(())
}

/// A re-render that ended otherwise than well, or left photos behind, is a failure of the command.
fn outcome(told: &Progress) -> Result<(), Error> {
    let failed = told.items.map_or(0, |items| items.failed + items.aborted);
    if told.status == "running" || (told.status == "succeeded" && failed == 0) {
        return Ok(());
    }
    let next = "hint: fix the cause, then darkroom operate rerender, for the rest";
    Err(Error::Refused(format!(
        "{} {}, and {failed} photos were not made\n{next}",
        told.name,
        told.status.replace('_', " ")
    )))
}

fn words(told: &Progress) -> String {
    let Progress { name, status, items, failed, error, cause } = told;
    let mut lines = vec![format!("{name}: {}", status.replace('_', " "))];
    if let Some(Items { total, succeeded, failed, aborted }) = items {
        lines.push(format!("{succeeded} of {total} photos are done, {failed} failed, {aborted} were ended"));
    } else if status == "running" {
        lines.push("its photos are being listed".into());
    }
    let mut codes: BTreeMap<(&str, &str), (usize, &str)> = BTreeMap::new();
    for Failed { image_id, code, stage } in failed {
        codes.entry((code, stage)).or_insert((0, image_id)).0 += 1;
    }
    for ((code, stage), (count, example)) in codes {
        lines.push(format!("{count:>6}  {code} in {stage}, such as {example}"));
    }
    if let Some(error) = error {
        let cause = cause.as_deref().map(|cause| format!(": {}", text::first_line(cause))).unwrap_or_default();
        lines.push(format!("{error}{cause}"));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expected(photos: u64, complete: bool) -> Expected {
        pages::read(json!({ "dry_run": true, "recipe": "3f0b5c0a4f7d1f0f7a1c", "looked_at": 1200, "photos": photos,
            "bytes": 3_500_000 * photos, "pixels": 12_000_000 * photos, "complete": complete, "at_once": 10 }))
        .unwrap()
    }

    fn status(status: &str, failed: u64) -> Progress {
        pages::read(json!({ "name": "n", "status": status, "failed": [
                { "image_id": "a", "code": "Worker.Denied", "stage": "resize", "at": "2026" },
                { "image_id": "b", "code": "Worker.Denied", "stage": "resize", "at": "2026" }],
            "items": { "total": 9, "pending": 0, "running": 0, "succeeded": 7, "failed": failed, "aborted": 0 } }))
        .unwrap()
    }

    #[test]
    fn r62_a_dry_run_says_how_many_how_long_and_for_how_much() {
        let page = page(&expected(1000, true));
        for part in ["1000 of 1200 ready photos", "3.5 GB", "at 10 at a time", "0.08 USD", "recipe 3f0b5c0a4f7d of"] {
            assert!(page.contains(part), "{part} in\n{page}");
        }
        assert!(!page.contains("a part of the library"));
        let (hours, usd) = estimate(&expected(1_000_000, true));
        assert!((30.0..60.0).contains(&hours) && (70.0..90.0).contains(&usd), "{hours} h, {usd} USD");
    }

    #[test]
    fn r62_a_dry_run_of_a_part_says_so() {
        assert!(page(&expected(1000, false)).contains("a part of the library"));
    }

    #[test]
    fn failures_are_grouped_with_an_example_and_make_the_command_fail() {
        let told = status("succeeded", 2);
        assert!(words(&told).contains("     2  Worker.Denied in resize, such as a"), "{}", words(&told));
        assert!(outcome(&told).is_err());
        assert!(outcome(&status("succeeded", 0)).is_ok() && outcome(&status("running", 1)).is_ok());
        for ended in ["failed", "aborted", "timed_out"] {
            assert!(outcome(&status(ended, 0)).is_err(), "{ended}");
        }
    }
}
