//! `darkroom operate rejected` and `retry`: photos that were rejected, and a further try of them.

use super::api::post;
use super::moment::Moment;
use super::repair::is_meant;
use crate::args::operate::{Rejected, Retry};
use crate::args::since::Since;
use crate::client::Client;
use crate::error::Error;
use crate::{pages, text};
use darkroom_domain::execution_name::ExecutionName;
use darkroom_domain::timestamp::rfc3339;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt::Write;
use time::OffsetDateTime;

/// Photos that are shown one by one. All are counted.
const SHOWN: usize = 50;

/// An item of `GET /ops/rejected`, read leniently.
#[derive(Clone, Deserialize, Serialize)]
struct Photo {
    image_id: String,
    rejected_at: Moment,
    code: Option<String>,
    stage: Option<String>,
    message: Option<String>,
    release: Option<String>,
    execution: Option<String>,
}

/// Photos of one code.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Count {
    code: String,
    count: usize,
}

/// Lists rejected photos.
pub fn rejected(client: &Client, wanted: &Rejected, as_json: bool) -> Result<(), Error> {
    let photos = list(client, wanted.code.as_deref(), wanted.since)?;
    if as_json {
        println!("{}", json!({ "counts": counts(&photos), "items": photos }));
    } else {
        print!("{}", page(&photos));
    }
    Ok(())
}

/// Starts the executions of rejected photos again, one after the other. The record decides of each: a photo that is not
/// rejected any more is skipped.
pub fn retry(client: &Client, wanted: &Retry, as_json: bool) -> Result<(), Error> {
    let code = wanted.code.as_str();
    let mut photos = list(client, Some(code), wanted.since)?;
    photos.truncate(wanted.count.map_or(usize::MAX, std::num::NonZero::get));
    let what = format!("{} of {code}", text::counted(photos.len(), "rejected photo"));
    if !as_json {
        print!("{}", lines(&photos));
    }
    if photos.is_empty() || !is_meant(wanted.yes, as_json, &format!("Try {what} again?"))? {
        if as_json {
            println!("{}", json!({ "code": code, "dry_run": true, "photos": photos, "started": [], "skipped": [] }));
        } else {
            let hint = if photos.is_empty() { "" } else { "\nhint: --yes does it" };
            println!("{}", text::lines(&format!("would try {what} again{hint}")));
        }
        return Ok(());
    }
    let (mut started, mut skipped) = (Vec::new(), Vec::new());
    for photo in &photos {
        match again(client, photo)? {
            Ok(name) => {
                if !as_json {
                    println!("started {}", text::plain(&name));
                }
                started.push(json!({ "image_id": photo.image_id, "execution": name }));
            }
            Err(why) => {
                if !as_json {
                    println!("{}", text::plain(&format!("skipped {}: {why}", photo.image_id)));
                }
                skipped.push(json!({ "image_id": photo.image_id, "why": why }));
            }
        }
    }
    if as_json {
        println!(
            "{}",
            json!({ "code": code, "dry_run": false, "photos": photos, "started": started, "skipped": skipped })
        );
    } else {
        let (count, left) = (started.len(), skipped.len());
        println!("tried {count} of {what} again, skipped {left}\nnext: darkroom operate rejected --code {code}");
    }
    Ok(())
}

/// The name of the new execution, or why there is none.
fn again(client: &Client, photo: &Photo) -> Result<Result<String, String>, Error> {
    #[derive(Deserialize)]
    struct Restarted {
        name: String,
    }
    let Some(old) = photo.execution.as_deref().filter(|name| ExecutionName::parse(name).is_some()) else {
        return Ok(Err("its record names no execution".into()));
    };
    match post(client, &format!("/ops/executions/{old}/restart?if_status=rejected"), None) {
        Ok(answer) => Ok(Ok(answer.json::<Restarted>()?.name)),
        Err(Error::Problem(problem)) if problem.status == 409 => Ok(Err("it is not rejected any more".into())),
        Err(Error::Problem(problem)) if problem.status == 404 => Ok(Err("its execution is forgotten".into())),
        Err(failure) => Err(failure),
    }
}

/// All of them, the newest first.
fn list(client: &Client, code: Option<&str>, since: Option<Since>) -> Result<Vec<Photo>, Error> {
    let since = since.map(|since| rfc3339(since.moment(OffsetDateTime::now_utc())));
    let filters: Vec<_> = [("code", code), ("since", since.as_deref())]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .collect();
    pages::all(client, "/ops/rejected", &filters, usize::MAX)?.into_iter().map(pages::read).collect()
}

/// How many there are of each code, the most frequent first.
fn counts(photos: &[Photo]) -> Vec<Count> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for photo in photos {
        *counts.entry(photo.code.as_deref().unwrap_or("unknown")).or_default() += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().map(|(code, count)| Count { code: code.into(), count }).collect();
    counts.sort_by_key(|count| Reverse(count.count));
    counts
}

fn page(photos: &[Photo]) -> String {
    let mut page = format!("{}\n", text::counted(photos.len(), "rejected photo"));
    let counts = counts(photos);
    for Count { code, count } in &counts {
        let _ = writeln!(page, "{count:>6}  {}", text::plain(code));
    }
    if let Some(Count { code, .. }) = counts.first() {
        page.push('\n');
        page.push_str(&lines(photos));
        let _ = writeln!(
            page,
            "next: after a release that reads them, darkroom operate retry --code {}",
            text::plain(code)
        );
    }
    page
}

/// A line for each of the newest.
fn lines(photos: &[Photo]) -> String {
    let mut lines = String::new();
    for photo in photos.iter().take(SHOWN) {
        let Photo { image_id, rejected_at, code, stage, message, .. } = photo;
        let (code, stage) = (code.as_deref().unwrap_or("unknown"), stage.as_deref().unwrap_or("unknown"));
        let why = message.as_deref().map(|message| format!(": {}", text::first_line(message))).unwrap_or_default();
        let line = format!("{rejected_at}  {image_id}  {code} in {stage}{why}");
        let _ = writeln!(lines, "{}", text::plain(&line));
    }
    if photos.len() > SHOWN {
        let _ = writeln!(lines, "and {} more", photos.len() - SHOWN);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn photo(code: &str, second: usize) -> Photo {
        pages::read(json!({
            "image_id": "0198c7b2-5a51-7c3e-9f0e-2b1d4c6a8e10", "rejected_at": format!("2026-01-31T12:00:{second:02}Z"),
            "code": code, "stage": "resize", "message": "ends early\nat byte 7", "execution": "x",
        }))
        .unwrap()
    }

    #[test]
    fn r62_the_page_counts_by_code_and_shows_each_with_its_reason() {
        let photos = [photo("Image.Heic", 9), photo("Image.Corrupt", 8), photo("Image.Corrupt", 7)];
        let page = page(&photos);
        assert!(page.starts_with("3 rejected photos\n     2  Image.Corrupt\n     1  Image.Heic\n\n"), "{page}");
        let line =
            "2026-01-31 12:00:08.000  0198c7b2-5a51-7c3e-9f0e-2b1d4c6a8e10  Image.Corrupt in resize: ends early…\n";
        assert!(page.contains(line) && page.ends_with("darkroom operate retry --code Image.Corrupt\n"), "{page}");
    }

    #[test]
    fn r62_a_long_list_is_cut_and_says_so() {
        let photos: Vec<_> = (0..53).map(|second| photo("Image.Corrupt", second)).collect();
        assert!(lines(&photos).ends_with("and 3 more\n") && lines(&photos).lines().count() == 51);
        assert_eq!(page(&[]), "0 rejected photos\n");
    }
}
