//! `darkroom operate failures`: the failures of some days, by code, state and release, with an example each.

use super::api::get;
use super::moment::Moment;
use crate::args::operate::Failures;
use crate::client::Client;
use crate::error::Error;
use crate::{pages, text};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt::Write;

/// `GET /ops/failures`, read leniently.
#[derive(Deserialize)]
struct FailuresAnswer {
    days: u32,
    counts: Vec<Count>,
    complete: bool,
    items: Vec<Failed>,
}

#[derive(Deserialize)]
struct Count {
    count: u64,
}

#[derive(Clone, Deserialize)]
struct Failed {
    name: String,
    code: String,
    cause: Option<String>,
    state: Option<String>,
    release: Option<String>,
    stopped_at: Moment,
}

/// Failures of one code in one state, of one release.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Group {
    code: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<String>,
    /// The function and its version. Absent if the failures do not tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    release: Option<String>,
    count: usize,
    newest_at: Moment,
    /// The newest execution of them.
    example: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<String>,
}

pub fn run(client: &Client, wanted: &Failures, as_json: bool) -> Result<(), Error> {
    let answer: Value = get(client, &format!("/ops/failures?days={}", wanted.days))?.json()?;
    let told: FailuresAnswer = pages::read(answer.clone())?;
    let groups = groups(&told.items);
    if as_json {
        println!(
            "{}",
            json!({ "days": told.days, "complete": told.complete, "counts": answer["counts"], "groups": groups })
        );
    } else {
        print!("{}", page(&told, &groups));
    }
    Ok(())
}

/// The largest group first. The items are the newest first.
fn groups(items: &[Failed]) -> Vec<Group> {
    let mut groups: BTreeMap<_, Vec<&Failed>> = BTreeMap::new();
    for item in items {
        groups.entry((&item.code, &item.state, &item.release)).or_default().push(item);
    }
    let mut groups: Vec<_> = groups
        .into_values()
        .filter_map(|failed| {
            let count = failed.len();
            let newest = failed.into_iter().max_by_key(|each| each.stopped_at)?.clone();
            let Failed { name: example, code, cause, state, release, stopped_at: newest_at } = newest;
            Some(Group { code, state, release, count, newest_at, example, cause })
        })
        .collect();
    groups.sort_by_key(|group| Reverse(group.count));
    groups
}

fn page(told: &FailuresAnswer, groups: &[Group]) -> String {
    let mut page = String::new();
    let mut line = |line: &str| {
        let _ = writeln!(page, "{}", text::lines(line));
    };
    let all: u64 = told.counts.iter().map(|count| count.count).sum();
    let more = if told.complete { "" } else { " or more" };
    let failures = text::counted(usize::try_from(all).unwrap_or(usize::MAX), "failure");
    line(&format!("{failures}{more} in {} days", told.days));
    if told.items.len() as u64 != all {
        line(&format!("the newest {} of them:", told.items.len()));
    }
    for Group { code, state, release, count, newest_at, example, cause } in groups {
        let place = state.as_ref().map(|state| format!(" in “{state}”")).unwrap_or_default();
        let release = release.as_deref().unwrap_or("unknown");
        line(&format!("\n{count:>4}  {code}{place}, release {release}, the newest at {newest_at} UTC"));
        if let Some(cause) = cause {
            line(&format!("      {}", text::first_line(cause)));
        }
        line(&format!("      darkroom operate trace {example}"));
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told() -> FailuresAnswer {
        let item = |name: &str, code: &str, state: Option<&str>, second: u32| {
            // Executions of earlier releases do not tell theirs.
            let release = (second > 5).then_some("darkroom-dev-validate:7");
            json!({ "name": name, "status": "failed", "code": code, "state": state, "cause": "403\nand more", "release": release,
                "started_at": "2026-01-31T12:00:00Z", "stopped_at": format!("2026-01-31T12:00:{second:02}Z") })
        };
        let items = [
            item("d", "Worker.Denied", Some("Validate image"), 9),
            item("c", "Worker.Bug", Some("Create variants"), 8),
            item("b", "Worker.Denied", Some("Validate image"), 7),
            item("a", "Worker.Denied", Some("Create variants"), 6),
            item("old", "Worker.Denied", Some("Validate image"), 5),
        ];
        let counts = [json!({ "day": "2026-01-31", "code": "Worker.Denied", "count": 60 }), json!({ "count": 1 })];
        pages::read(json!({ "days": 7, "counts": counts, "complete": false, "items": items })).unwrap()
    }

    #[test]
    fn one_code_in_two_states_or_of_two_releases_is_two_groups_each_with_its_newest_execution() {
        let groups = groups(&told().items);
        let seen: Vec<_> = groups.iter().map(|group| (group.count, group.example.as_str())).collect();
        assert_eq!(seen, [(2, "d"), (1, "c"), (1, "a"), (1, "old")]);
    }

    #[test]
    fn the_page_tells_how_many_there_are_and_what_to_type() {
        let told = told();
        let page = page(&told, &groups(&told.items));
        assert!(page.starts_with("61 failures or more in 7 days\nthe newest 5 of them:\n\n"), "{page}");
        let first = "   2  Worker.Denied in “Validate image”, release darkroom-dev-validate:7, the newest at \
                     2026-01-31 12:00:09.000 UTC\n      403…\n      darkroom operate trace d\n";
        assert!(page.contains(first), "{page}");
        assert!(page.contains("   1  Worker.Denied in “Validate image”, release unknown, the newest at "), "{page}");
        let none = FailuresAnswer { days: 7, counts: Vec::new(), complete: true, items: Vec::new() };
        assert_eq!(super::page(&none, &[]), "0 failures in 7 days\n");
    }
}
