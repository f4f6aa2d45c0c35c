//! `darkroom operate sweep`: what is undone, what storage and table do not have in common, and what a run does about it.

use super::api::post;
use super::repair::is_meant;
use crate::args::operate::Sweep;
use crate::client::Client;
use crate::error::Error;
use crate::{pages, text};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write;

/// `POST /ops/sweep`, read leniently.
#[derive(Deserialize)]
struct Swept {
    dry_run: bool,
    steps: BTreeMap<String, u64>,
    errors: u64,
    left: u64,
    photos: Vec<Photo>,
    drift: Option<Drift>,
    last_walk: Option<Drift>,
}

#[derive(Deserialize)]
struct Photo {
    image_id: String,
    step: Option<String>,
    why: String,
}

#[derive(Deserialize)]
struct Drift {
    began_at: String,
    ended_at: Option<String>,
    records: u64,
    objects: u64,
    found: Vec<Found>,
}

#[derive(Deserialize)]
struct Found {
    kind: String,
    count: u64,
    example: String,
    why: String,
    remedy: Option<String>,
}

/// Looks first, always; acts if that is meant and there is something to do.
pub fn run(client: &Client, wanted: &Sweep, as_json: bool) -> Result<(), Error> {
    let ask = |dry_run: bool| post(client, "/ops/sweep", Some(&json!({ "dry_run": dry_run })))?.json::<Value>();
    let mut answer = ask(true)?;
    let mut told: Swept = pages::read(answer.clone())?;
    let acts = told.acts();
    if !as_json {
        print!("{}", page(&told));
    }
    if acts > 0 && !wanted.dry_run && is_meant(wanted.yes, as_json, &format!("Do {}?", text::counted(acts, "act")))? {
        answer = ask(false)?;
        told = pages::read(answer.clone())?;
        if !as_json {
            print!("{}", page(&told));
        }
    }
    if as_json {
        println!("{answer}");
    } else {
        println!("{}", text::lines(&next(&told)));
    }
    Ok(())
}

impl Swept {
    /// How many photos a run does something for.
    fn acts(&self) -> usize {
        let steps = self.steps.iter().filter(|(step, _)| *step != "leave").map(|(_, count)| count);
        let found = self.drift.iter().flat_map(|drift| &drift.found).filter(|found| found.remedy.is_some());
        usize::try_from(steps.sum::<u64>() + found.map(|found| found.count).sum::<u64>()).unwrap_or(usize::MAX)
    }

    /// The walk that came to its end last, or as far as this one came.
    fn whole(&self) -> Option<&Drift> {
        let ended = |drift: &&Drift| drift.ended_at.is_some();
        let (drift, last) = (self.drift.as_ref(), self.last_walk.as_ref());
        drift.filter(ended).or(last.filter(ended)).or(drift)
    }
}

fn page(told: &Swept) -> String {
    let mut page = String::new();
    let mut line = |line: &str| {
        let _ = writeln!(page, "{}", text::lines(line));
    };
    line(if told.dry_run { "what a sweep would do" } else { "what was done" });
    for (step, count) in &told.steps {
        let example = told.photos.iter().find(|photo| photo.step.as_ref() == Some(step));
        let example = example.map(|photo| format!("  {}, such as {}", photo.why, photo.image_id)).unwrap_or_default();
        line(&format!("{count:>6}  {:<22}{example}", step.replace('_', " ")));
    }
    if told.steps.is_empty() {
        line("     0  photos that have not ended");
    }
    if let Some(photo) = told.photos.iter().find(|photo| photo.step.is_none()) {
        line(&format!("        {} could not be decided: {}", photo.image_id, photo.why));
    }
    if told.left > 0 {
        line(&format!("{:>6}  left for want of time", told.left));
    }
    if told.errors > 0 {
        line(&format!("{:>6}  could not be looked at: make logs FN=sweep", told.errors));
    }
    if let Some(drift) = &told.drift {
        line(&walk("drift", drift));
        for kind in kinds(drift) {
            line(&kind);
        }
        if let Some(last) = told.last_walk.as_ref().filter(|_| drift.ended_at.is_none()) {
            line(&walk("drift, as the sweeper's clock last saw all of it", last));
            for kind in kinds(last) {
                line(&kind);
            }
        }
    }
    page
}

fn walk(what: &str, drift: &Drift) -> String {
    let Drift { records, objects, began_at, ended_at, .. } = drift;
    let whole = if ended_at.is_some() { "" } else { ", not to the end" };
    format!("{what}: {records} ready photos and {objects} objects, from {began_at}{whole}")
}

fn kinds(drift: &Drift) -> Vec<String> {
    let line = |Found { kind, count, example, why, remedy }: &Found| {
        let remedy = remedy.as_ref().map_or_else(|| "left as it is".into(), |remedy| format!("to {remedy}"));
        format!("{count:>6}  {:<22}  {why} ({remedy}), such as {example}", kind.replace('_', " "))
    };
    drift.found.iter().map(line).collect()
}

/// The next command.
fn next(told: &Swept) -> String {
    if told.dry_run && told.acts() > 0 {
        return "hint: darkroom operate sweep --yes does it".into();
    }
    let left = told.whole().and_then(|drift| drift.found.iter().find(|found| found.remedy.is_none()));
    match left {
        Some(found) if found.kind == "key_unknown" => "next: read docs/OPERATIONS.md#drift".into(),
        Some(found) => format!("next: darkroom operate trace {}; docs/OPERATIONS.md#drift", found.example),
        None if told.acts() > 0 => "next: darkroom operate sweep --dry-run".into(),
        None => "nothing is left to do".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const IMAGE: &str = "0198c7b2-5a51-7c3e-9f0e-2b1d4c6a8e10";

    fn told(dry_run: bool, steps: &Value, found: &Value, ended: bool) -> Swept {
        let drift = json!({ "began_at": "2026-01-31T12:00:07Z", "ended_at": ended.then_some("2026-01-31T12:00:09Z"),
            "records": 12, "objects": 30, "found": found });
        let photos = json!([{ "image_id": IMAGE, "step": "finish_deletion", "why": "its deletion broke off" }]);
        let last = json!({ "began_at": "2026-01-01T00:00:00Z", "ended_at": "2026-01-02T00:00:00Z", "records": 99,
            "objects": 200, "found": [{ "kind": "original_missing", "count": 7, "example": "x", "why": "gone" }] });
        let answer = json!({ "at": "2026-01-31T12:00:07Z", "dry_run": dry_run, "steps": steps, "errors": 0, "left": 0,
            "photos": photos, "drift": drift, "last_walk": last });
        pages::read(answer).unwrap()
    }

    fn hidden() -> Value {
        json!([{ "kind": "original_of_deleted", "count": 2, "example": IMAGE, "why": "it was deleted", "remedy": "hide" }])
    }

    #[test]
    fn r51_the_page_tells_each_step_and_each_kind_with_an_example() {
        let told = told(true, &json!({ "leave": 3, "finish_deletion": 1 }), &hidden(), true);
        let page = page(&told);
        assert_eq!(told.acts(), 3);
        for expected in [
            "what a sweep would do\n",
            &format!("     1  finish deletion         its deletion broke off, such as {IMAGE}\n"),
            "     3  leave",
            "drift: 12 ready photos and 30 objects, from 2026-01-31T12:00:07Z\n",
            &format!("     2  original of deleted     it was deleted (to hide), such as {IMAGE}\n"),
        ] {
            assert!(page.contains(expected), "{expected:?} in\n{page}");
        }
        assert!(!page.contains("clock"), "this walk came to its end\n{page}");
        assert_eq!(next(&told), "hint: darkroom operate sweep --yes does it");
    }

    #[test]
    fn r51_where_the_walk_did_not_come_to_its_end_the_clocks_last_one_is_told_too() {
        let told = told(true, &json!({}), &json!([]), false);
        let page = page(&told);
        assert!(page.contains("not to the end\n") && page.contains("99 ready photos"), "{page}");
        assert!(page.contains("     7  original missing"), "{page}");
        assert_eq!(
            (told.acts(), next(&told).as_str()),
            (0, "next: darkroom operate trace x; docs/OPERATIONS.md#drift")
        );
    }

    #[test]
    fn r51_what_is_not_touched_is_traced_and_nothing_found_says_so() {
        let missing = json!([{ "kind": "variant_missing", "count": 1, "example": IMAGE, "why": "gone" }]);
        let next_of = |dry, steps: Value, found: &Value| next(&told(dry, &steps, found, true));
        assert!(
            next_of(true, json!({ "leave": 1 }), &missing)
                .starts_with(&format!("next: darkroom operate trace {IMAGE}"))
        );
        assert_eq!(next_of(true, json!({ "leave": 1 }), &json!([])), "nothing is left to do");
        assert_eq!(next_of(false, json!({}), &hidden()), "next: darkroom operate sweep --dry-run");
        let strange = json!([{ "kind": "key_unknown", "count": 1, "example": "uploads/x", "why": "strange" }]);
        assert_eq!(next_of(true, json!({}), &strange), "next: read docs/OPERATIONS.md#drift");
    }
}
