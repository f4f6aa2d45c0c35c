//! `darkroom operate redrive`: dead letters back to their queue, all or chosen ones. Without `--yes`, or a yes on the
//! terminal, it tells what each is.

use super::api::{get, post};
use super::moment::Moment;
use super::repair::{is_meant, tell, would};
use super::status::Overview;
use crate::args::operate::Redrive;
use crate::client::Client;
use crate::error::Error;
use crate::{pages, text};
use serde::Deserialize;
use serde_json::{Value, json};
use std::fmt::Write;
use time::OffsetDateTime;

/// The most dead letters that one request sends back.
const AT_ONCE: u64 = 100;
/// Letters that are shown one by one.
const SHOWN: usize = 20;

/// `POST /ops/queues/{name}/redrive`, read leniently.
#[derive(Deserialize)]
struct Redriven {
    moved: u64,
    #[serde(default)]
    looked_at: u64,
    #[serde(default)]
    letters: Vec<DeadLetter>,
}

#[derive(Deserialize)]
struct DeadLetter {
    image_id: Option<String>,
    key: Option<String>,
    event: Option<String>,
    sent_at: Option<Moment>,
    received: u64,
    code: Option<String>,
    record: Option<String>,
}

pub fn run(client: &Client, wanted: &Redrive, as_json: bool) -> Result<(), Error> {
    let queue = wanted.queue.as_str();
    let overview: Overview = get(client, "/ops/overview")?.json()?;
    let letters = overview.queues.iter().find(|known| known.name == queue).map_or(0, |known| known.dead_letters);
    let most = wanted.count.map_or(letters, |count| count.get().min(letters));
    let is_choosy = wanted.code.is_some() || wanted.owner.is_some() || wanted.older_than.is_some();
    // Without `--yes` the letters are looked at first; SQS then hands them out again.
    let seen: Option<Value> =
        (!wanted.yes && most > 0).then(|| ask(client, wanted, most.min(AT_ONCE), true)).transpose()?;
    let found: Option<Redriven> = seen.clone().map(pages::read).transpose()?;
    let fitting = found.as_ref().map_or(most, |found| found.letters.len() as u64);
    // All letters fit if none are chosen, and SQS may show a few of them only.
    let count = if is_choosy { fitting } else { most };
    if let Some(found) = found.as_ref().filter(|_| !as_json) {
        print!("{}", lines(found, letters, Moment::from(OffsetDateTime::now_utc())));
    }
    let all = text::counted(usize::try_from(letters).unwrap_or_default(), "dead letter");
    let is_part = wanted.count.is_none() && is_choosy && found.as_ref().is_some_and(|found| found.looked_at < letters);
    let what = format!("{count}{} of {all} of {queue}", if is_part { " or more" } else { "" });
    let told = |moved: u64, dry_run: bool| {
        let letters_seen = seen.as_ref().map(|seen| &seen["letters"]);
        json!({ "queue": queue, "dead_letters": letters, "count": count, "moved": moved, "dry_run": dry_run,
            "letters": letters_seen })
    };
    if count == 0 || !is_meant(wanted.yes, as_json, &format!("Send {what} back?"))? {
        tell(as_json, &told(0, true), &would(count > 0, &format!("send {what} back")));
        return Ok(());
    }
    let moved = send_back(client, wanted, most, letters)?;
    tell(as_json, &told(moved, false), &format!("sent {moved} back to {queue}"));
    Ok(())
}

/// Request after request, until there are enough or all letters were looked at.
fn send_back(client: &Client, wanted: &Redrive, most: u64, letters: u64) -> Result<u64, Error> {
    let (mut moved, mut looked_at) = (0, 0);
    while moved < most && looked_at < letters {
        let answer: Redriven = pages::read(ask(client, wanted, (most - moved).min(AT_ONCE), false)?)?;
        moved += answer.moved;
        looked_at += answer.looked_at;
        // SQS returns no more for now.
        if answer.moved == 0 && answer.looked_at == 0 {
            break;
        }
    }
    Ok(moved)
}

fn ask(client: &Client, wanted: &Redrive, count: u64, dry_run: bool) -> Result<Value, Error> {
    let mut body = json!({ "count": count, "dry_run": dry_run });
    for (name, value) in [
        ("code", wanted.code.as_ref().map(|code| json!(code))),
        ("owner_id", wanted.owner.as_ref().map(|owner| json!(owner))),
        ("older_than_s", wanted.older_than.map(|age| json!(age.as_secs()))),
    ] {
        if let Some(value) = value {
            body[name] = value;
        }
    }
    post(client, &format!("/ops/queues/{}/redrive", wanted.queue.as_str()), Some(&body))?.json()
}

/// A line for each letter.
fn lines(found: &Redriven, all: u64, now: Moment) -> String {
    let mut lines = String::new();
    for DeadLetter { image_id, key, event, sent_at, received, code, record } in found.letters.iter().take(SHOWN) {
        let about = key.as_deref().or(image_id.as_deref()).unwrap_or("no photo");
        let event = event.as_ref().map(|event| format!("{event}, ")).unwrap_or_default();
        let age = sent_at
            .map_or_else(|| "of unknown age".into(), |sent| format!("{} old", text::duration(now.millis_since(sent))));
        let record = record.as_deref().unwrap_or("none");
        let code = code.as_ref().map(|code| format!(", {code}")).unwrap_or_default();
        let line = format!("{about}  {event}{age}, received {received} times, record: {record}{code}");
        let _ = writeln!(lines, "{}", text::plain(&line));
    }
    if found.letters.len() > SHOWN {
        let _ = writeln!(lines, "and {} more", found.letters.len() - SHOWN);
    }
    if found.looked_at < all {
        let _ = writeln!(lines, "looked at {} of {all}", found.looked_at);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operate::moment::tests::noon;

    #[test]
    fn r62_each_letter_is_told_with_age_receipts_and_record() {
        let found: Redriven = pages::read(json!({ "queue": "uploads", "moved": 0, "looked_at": 2, "letters": [
            { "image_id": "0198c7b2", "sent_at": noon(0), "received": 101, "record": "failed", "code": "Worker.Denied" },
            { "received": 3, "code": "Worker.BadInput" },
        ] }))
        .unwrap();
        let expected = "0198c7b2  2 h 0 min old, received 101 times, record: failed, Worker.Denied\n\
                        no photo  of unknown age, received 3 times, record: none, Worker.BadInput\n\
                        looked at 2 of 7\n";
        assert_eq!(lines(&found, 7, noon(7_200_000)), expected);
        assert!(!lines(&found, 2, noon(0)).contains("looked at"));
    }
}
