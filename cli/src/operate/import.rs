//! `darkroom operate import`: the photos of a bucket in, for a user. Without `--yes`, or a yes on the terminal, it tells how
//! many, how long and what it costs.

use super::api::{get, post};
use super::moment::Moment;
use super::repair::is_meant;
use crate::args::operate::{Import, Source};
use crate::client::Client;
use crate::error::Error;
use crate::progress::{Bar, Unit};
use crate::{pages, text};
use darkroom_domain::import::is_name;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::Duration;

/// Between two looks at an import that runs.
const PAUSE: Duration = Duration::from_secs(3);
/// Refusals that are shown one by one; `--json` has all.
const SHOWN: usize = 50;
/// What became of objects, in the order in which it is told.
const KINDS: [(&str, &str); 6] = [
    ("ready", "brought and ready"),
    ("known", "ready before"),
    ("refused", "not copied"),
    ("rejected", "rejected by the pipeline"),
    ("failed", "failed in the pipeline: an operator must act"),
    ("late", "not ended yet"),
];

/// A part of a dry run, read leniently.
#[derive(Deserialize)]
struct Part {
    name: String,
    owner_id: String,
    counted: Counted,
    photos_per_second: f64,
    usd_per_photo: f64,
}

#[derive(Default, Deserialize)]
struct Counted {
    photos: u64,
    bytes: u64,
    empty: u64,
    too_large: u64,
    next: Option<String>,
}

#[derive(Deserialize)]
struct Started {
    name: String,
    run: u64,
}

/// `GET /ops/imports/{name}`, read leniently.
#[derive(Deserialize)]
struct Report {
    name: String,
    bucket: String,
    prefix: String,
    owner_id: String,
    run: u64,
    started_at: Moment,
    status: Option<String>,
    counts: BTreeMap<String, u64>,
    refused: Vec<Refusal>,
    next: Option<String>,
}

#[derive(Deserialize)]
struct Refusal {
    image_id: String,
    key: String,
    size_bytes: u64,
    reason: String,
    code: Option<String>,
}

pub fn run(client: &Client, wanted: &Import, as_json: bool) -> Result<(), Error> {
    match (&wanted.source, &wanted.owner, &wanted.report, &wanted.stop) {
        (Some(source), Some(owner), ..) => start(client, wanted, source, owner, as_json),
        (_, _, Some(name), _) => tell(client, named(name)?, as_json),
        (_, _, _, Some(name)) => stop(client, named(name)?, as_json),
        _ => Err(Error::Usage("give s3://BUCKET/PREFIX and --owner, --report NAME, or --stop NAME".into())),
    }
}

fn start(client: &Client, wanted: &Import, source: &Source, owner: &str, as_json: bool) -> Result<(), Error> {
    let mut body = json!({ "bucket": source.bucket, "prefix": source.prefix, "owner": owner });
    if let Some(name) = &wanted.name {
        body["name"] = json!(named(name)?);
    }
    let plan = count(client, &body)?;
    let what = format!("bring {}", text::counted(usize::try_from(plan.counted.photos).unwrap_or(usize::MAX), "photo"));
    if !as_json {
        print!("{}", page(&plan));
    }
    if plan.counted.photos == 0 || !is_meant(wanted.yes, as_json, &format!("{what}?"))? {
        if as_json {
            println!("{}", document(&plan));
        } else {
            println!("{}", if plan.counted.photos == 0 { "there is nothing to bring" } else { "hint: --yes does it" });
        }
        return Ok(());
    }
    let Started { name, run } = post(client, "/ops/imports", Some(&body))?.json()?;
    if wanted.detach {
        if as_json {
            println!("{}", json!({ "name": name, "run": run, "plan": document(&plan) }));
        } else {
            println!("started\nnext: darkroom operate import --report {name}");
        }
        return Ok(());
    }
    follow(client, &name, plan.counted.photos + plan.counted.empty + plan.counted.too_large)?;
    tell(client, &name, as_json)
}

/// Request after request, until all objects are counted.
fn count(client: &Client, body: &Value) -> Result<Part, Error> {
    let mut asked = body.clone();
    asked["dry_run"] = json!(true);
    let mut all = Counted::default();
    loop {
        let part: Part = pages::read(post(client, "/ops/imports", Some(&asked))?.json()?)?;
        let Counted { photos, bytes, empty, too_large, next } = &part.counted;
        all.photos += photos;
        all.bytes += bytes;
        all.empty += empty;
        all.too_large += too_large;
        let Some(next) = next else { return Ok(Part { counted: all, ..part }) };
        asked["after"] = json!(next);
    }
}

impl Part {
    #[expect(clippy::cast_precision_loss, reason = "an estimate")]
    fn seconds(&self) -> f64 {
        self.counted.photos as f64 / self.photos_per_second.max(0.001)
    }

    #[expect(clippy::cast_precision_loss, reason = "an estimate")]
    fn usd(&self) -> f64 {
        self.counted.photos as f64 * self.usd_per_photo
    }
}

fn page(plan: &Part) -> String {
    let Part { name, owner_id, counted, .. } = plan;
    let mut page = format!("import {name}, for {owner_id}\n");
    let _ = writeln!(page, "{:>10}  photos, {}", counted.photos, text::bytes(counted.bytes));
    for (count, what) in [(counted.empty, "empty, which are not copied"), (counted.too_large, "too large")] {
        if count > 0 {
            let _ = writeln!(page, "{count:>10}  {what}");
        }
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an estimate, above nothing")]
    let millis = (plan.seconds() * 1000.0) as u64;
    let _ = writeln!(page, "{:>10}  at most, at {:.1} photos a second", text::duration(millis), plan.photos_per_second);
    let _ = writeln!(page, "{:>10.2}  USD on AWS, without storage", plan.usd());
    text::lines(&page)
}

fn document(plan: &Part) -> Value {
    let Part { name, owner_id, counted: Counted { photos, bytes, empty, too_large, .. }, .. } = plan;
    json!({ "name": name, "owner_id": owner_id, "photos": photos, "bytes": bytes, "empty": empty,
        "too_large": too_large, "hours": plan.seconds() / 3600.0, "usd": plan.usd(), "dry_run": true })
}

/// Until its execution has ended. It goes on without this command.
fn follow(client: &Client, name: &str, objects: u64) -> Result<(), Error> {
    let bar = Bar::new(objects, Unit::Photos);
    let mut seen = 0;
    loop {
        let report: Report = get(client, &format!("/ops/imports/{name}"))?.json()?;
        let done = report.done();
        bar.add(done.saturating_sub(seen));
        seen = seen.max(done);
        if report.is_over() {
            return Ok(());
        }
        std::thread::sleep(PAUSE);
    }
}

/// The report, with all pages of what was refused. An import that brought less than all ends as an upload does.
fn tell(client: &Client, name: &str, as_json: bool) -> Result<(), Error> {
    let mut answer: Value = get(client, &format!("/ops/imports/{name}"))?.json()?;
    let mut report: Report = pages::read(answer.clone())?;
    let mut next = report.next.take();
    while let Some(after) = next {
        let more: Value = get(client, &format!("/ops/imports/{name}?after={after}"))?.json()?;
        if let (Some(all), Some(items)) = (answer["refused"].as_array_mut(), more["refused"].as_array()) {
            all.extend(items.iter().cloned());
        }
        let more: Report = pages::read(more)?;
        report.refused.extend(more.refused);
        next = more.next;
    }
    if as_json {
        answer.as_object_mut().map(|fields| fields.remove("next"));
        println!("{answer}");
    } else {
        print!("{}", lines(&report));
    }
    match report.status.as_deref() {
        Some("succeeded") if report.refused.is_empty() => Ok(()),
        Some("succeeded") => Err(Error::PartialFailure),
        Some("running" | "pending_redrive") => Ok(()),
        status => {
            let status = status.unwrap_or("not started").replace('_', " ");
            let hint = "hint: the same command goes on: darkroom operate import s3://BUCKET/PREFIX --owner USER";
            Err(Error::Refused(format!("run {} of {name}: {status}\n{hint}", report.run)))
        }
    }
}

fn stop(client: &Client, name: &str, as_json: bool) -> Result<(), Error> {
    let answer: Value = post(client, &format!("/ops/imports/{name}/stop"), None)?.json()?;
    if as_json {
        println!("{answer}");
    } else {
        println!("stopped: what is on its way is developed\nnext: darkroom operate import --report {name}");
    }
    Ok(())
}

impl Report {
    /// Objects that are decided.
    fn done(&self) -> u64 {
        KINDS.iter().filter_map(|(kind, _)| self.counts.get(*kind)).sum()
    }

    fn is_over(&self) -> bool {
        !matches!(self.status.as_deref(), Some("running" | "pending_redrive"))
    }
}

fn lines(report: &Report) -> String {
    let Report { name, bucket, prefix, owner_id, run, started_at, status, counts, refused, .. } = report;
    let status = status.as_deref().unwrap_or("not started").replace('_', " ");
    let mut page = format!("{name}: s3://{bucket}/{prefix}, for {owner_id}; run {run} of {started_at}: {status}\n");
    for (kind, what) in KINDS {
        if let Some(count) = counts.get(kind).filter(|count| **count > 0 || kind == "ready") {
            let _ = writeln!(page, "{count:>10}  {what}");
        }
    }
    for Refusal { image_id, key, size_bytes, reason, code } in refused.iter().take(SHOWN) {
        let code = code.as_ref().map(|code| format!(", {code}")).unwrap_or_default();
        let line = format!("{}{code}  {key} ({}, {image_id})", reason.replace('_', " "), text::bytes(*size_bytes));
        let _ = writeln!(page, "{}", text::plain(&line));
    }
    if refused.len() > SHOWN {
        let _ = writeln!(page, "and {} more; --json has all", refused.len() - SHOWN);
    }
    text::lines(&page)
}

/// Only characters of a name may go into a path.
fn named(name: &str) -> Result<&str, Error> {
    if is_name(name) { Ok(name) } else { Err(Error::Usage(format!("{name:?} is not the name of an import"))) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(photos: u64) -> Part {
        let counted = Counted { photos, bytes: photos * 3_500_000, empty: 1, too_large: 0, next: None };
        let (name, owner_id) = ("holiday".into(), "ada".into());
        Part { name, owner_id, counted, photos_per_second: 40.0, usd_per_photo: 0.0003 }
    }

    #[test]
    fn r62_ten_million_photos_are_told_beforehand_with_days_and_dollars() {
        let page = page(&plan(10_000_000));
        for expected in [
            "import holiday, for ada\n",
            "  10000000  photos, 35000.0 GB\n",
            "         1  empty, which are not copied\n",
            "   2 d 21 h  at most, at 40.0 photos a second\n",
            "   3000.00  USD on AWS",
        ] {
            assert!(page.contains(expected.trim_start()), "{expected:?} in\n{page}");
        }
        assert!(!page.contains("too large"));
        assert_eq!(document(&plan(144_000))["hours"], 1.0);
    }

    #[test]
    fn r62_the_report_tells_each_refusal_with_its_reason() {
        let refusal = json!({ "image_id": "0198c7b2", "key": "2019/a\u{1b}.jpg", "size_bytes": 7249,
            "reason": "rejected", "code": "Image.Corrupt" });
        let report: Report =
            pages::read(json!({ "name": "x", "bucket": "holiday", "prefix": "2019/", "owner_id": "ada",
            "run": 2, "started_at": "2026-01-31T12:00:07.250Z", "status": "timed_out", "refused": vec![refusal; 53],
            "counts": { "ready": 5, "known": 0, "refused": 0, "rejected": 53, "failed": 0, "late": 0, "bytes": 9 } }))
            .unwrap();
        let page = lines(&report);
        assert!(page.starts_with(
            "x: s3://holiday/2019/, for ada; run 2 of 2026-01-31 12:00:07.250: timed out\n         5  brought and ready\n"
        ));
        assert!(page.contains("rejected, Image.Corrupt  2019/a\u{fffd}.jpg (7.2 KB, 0198c7b2)\n"), "{page}");
        assert!(page.ends_with("and 3 more; --json has all\n") && !page.contains("ready before"), "{page}");
        assert_eq!((report.done(), report.is_over()), (58, true));
    }

    #[test]
    fn only_a_name_goes_into_a_path() {
        assert!(named("holiday-1").is_ok());
        assert!(named("a/../b").is_err() && named("").is_err());
    }
}
