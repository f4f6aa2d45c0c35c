use super::*;
use aws_sdk_eventbridge::Client;
use aws_sdk_eventbridge::operation::put_events::{PutEventsError, PutEventsOutput};
use aws_sdk_eventbridge::types::{PutEventsRequestEntry, PutEventsResultEntry};
use darkroom_mocks::{Rule, RuleMode, mock, mock_client};
use lambda_runtime::Context;
use serde_json::json;

const IMAGE: &str = "0198c7b2-5a51-7c3e-9f0e-2b1d4c6a8e10";
const OWNER: &str = "5f0c2a1e-6f55-4f0b-9d7d-0f5a3c1b2e4d";

fn image(status: &str) -> Value {
    json!({
        "pk": { "S": format!("USER#{OWNER}") }, "sk": { "S": format!("IMAGE#{IMAGE}") },
        "image_id": { "S": IMAGE }, "owner_id": { "S": OWNER }, "status": { "S": status },
        "filename": { "S": "a private name.jpg" },
    })
}

fn with(mut item: Value, name: &str, value: Value) -> Value {
    item[name] = value;
    item
}

/// Change number `place` of the stream, from one state to another; null is an item that is not there.
fn change(place: u32, old: Value, new: Value) -> Value {
    let mut images = json!({
        "SequenceNumber": place.to_string(), "ApproximateCreationDateTime": 1_769_860_807.0,
    });
    for (name, item) in [("OldImage", old), ("NewImage", new)] {
        if !item.is_null() {
            images[name] = item;
        }
    }
    json!({ "eventID": format!("event-{place}"), "eventName": "MODIFY", "dynamodb": images })
}

fn ready(place: u32) -> Value {
    change(place, image("processing"), image("ready"))
}

fn taken() -> PutEventsResultEntry {
    PutEventsResultEntry::builder().event_id("1").build()
}

fn refused() -> PutEventsResultEntry {
    PutEventsResultEntry::builder().error_code("ThrottlingException").error_message("slow down").build()
}

/// A bus that takes or refuses entries, in this order.
fn answers(entries: Vec<PutEventsResultEntry>) -> Rule {
    mock!(Client::put_events).then_output(move || PutEventsOutput::builder().set_entries(Some(entries.clone())).build())
}

async fn told(rule: &Rule, records: Vec<Value>) -> Result<BatchResult, Diagnostic> {
    let client = mock_client!(aws_sdk_eventbridge, RuleMode::MatchAny, [rule]);
    handle(&client, "darkroom-test", LambdaEvent::new(Batch { records }, Context::default())).await
}

/// The entry that a single change becomes.
async fn entry(record: Value) -> PutEventsRequestEntry {
    let seen = std::sync::Arc::new(std::sync::Mutex::new(None));
    let keep = seen.clone();
    let rule = mock!(Client::put_events)
        .match_requests(move |input| {
            *keep.lock().unwrap() = input.entries().first().cloned();
            input.entries().len() == 1
        })
        .then_output(|| PutEventsOutput::builder().entries(taken()).build());
    assert_eq!(told(&rule, vec![record]).await, Ok(BatchResult::default()));
    let entry = seen.lock().unwrap().take();
    entry.expect("one event")
}

fn again_from(place: &str) -> BatchResult {
    BatchResult { batch_item_failures: vec![Failure { item_identifier: place.into() }] }
}

fn detail(entry: &PutEventsRequestEntry) -> Value {
    serde_json::from_str(entry.detail().unwrap()).unwrap()
}

#[tokio::test]
async fn a_photo_that_is_ready_is_announced_by_its_sizes() {
    let new = with(image("ready"), "variants", json!({ "M": { "small": { "M": {} }, "large": { "M": {} } } }));
    let entry = entry(change(1, image("processing"), new)).await;
    assert_eq!((entry.source(), entry.detail_type()), (Some("darkroom"), Some("Image Ready")));
    assert_eq!(entry.event_bus_name(), Some("darkroom-test"));
    assert_eq!(entry.time().unwrap().secs(), 1_769_860_807);
    assert_eq!(
        detail(&entry),
        json!({ "version": 1, "announcement_id": "event-1", "image_id": IMAGE, "owner_id": OWNER,
                "sizes": ["large", "small"] })
    );
}

#[tokio::test]
async fn a_refusal_and_a_failure_are_announced_with_code_and_stage_and_nothing_of_the_inside() {
    for (status, what) in [("rejected", "Image Rejected"), ("failed", "Image Failed")] {
        let outcome = json!({ "M": { "code": { "S": "Image.Corrupt" }, "stage": { "S": "resize" },
                                     "message": { "S": "arn:aws:iam::1:role/x" } } });
        let entry = entry(change(1, image("processing"), with(image(status), "outcome", outcome))).await;
        assert_eq!(entry.detail_type(), Some(what));
        assert_eq!(
            detail(&entry),
            json!({ "version": 1, "announcement_id": "event-1", "image_id": IMAGE, "owner_id": OWNER,
                    "code": "Image.Corrupt", "stage": "resize" })
        );
    }
}

#[tokio::test]
async fn a_photo_that_is_gone_is_announced() {
    for was in ["ready", "rejected", "failed", "processing", "deleting"] {
        let arrived = with(image(was), "arrived_at", json!({ "S": "2026-01-31T12:00:02Z" }));
        let entry = entry(change(1, arrived, json!(null))).await;
        assert_eq!(entry.detail_type(), Some("Image Deleted"), "{was}");
        assert_eq!(
            detail(&entry),
            json!({ "version": 1, "announcement_id": "event-1", "image_id": IMAGE, "owner_id": OWNER })
        );
    }
}

#[tokio::test]
async fn other_changes_are_not_announced() {
    let put = answers(vec![]);
    let captioned = with(image("ready"), "caption", json!({ "S": "x" }));
    let profile = json!({ "pk": { "S": format!("USER#{OWNER}") }, "sk": { "S": "PROFILE" } });
    let silent = vec![
        change(1, json!(null), image("awaiting_upload")),
        change(2, image("awaiting_upload"), image("processing")),
        change(3, image("ready"), captioned),
        change(4, image("ready"), image("deleting")),
        change(5, image("awaiting_upload"), json!(null)),
        change(6, image("deleting"), json!(null)), // a ticket that was given back before a photo arrived
        change(7, json!(null), profile.clone()),
        change(8, profile, json!(null)),
    ];
    assert_eq!(told(&put, silent).await, Ok(BatchResult::default()));
    assert_eq!(put.num_calls(), 0);
}

#[tokio::test]
async fn r06_the_stream_is_read_again_from_the_first_that_was_refused() {
    let put = answers(vec![taken(), refused(), taken()]);
    let records = vec![ready(1), change(2, json!(null), image("awaiting_upload")), ready(3), ready(4)];
    assert_eq!(told(&put, records).await, Ok(again_from("3")));
}

#[tokio::test]
async fn r07_a_call_that_fails_loses_nothing() {
    let put = mock!(Client::put_events).then_error(|| PutEventsError::unhandled("gone"));
    assert_eq!(told(&put, vec![change(1, json!(null), image("awaiting_upload")), ready(2)]).await, Ok(again_from("2")));
}

#[tokio::test]
async fn what_cannot_be_read_stops_at_itself() {
    let put = answers(vec![taken()]);
    let broken = json!({ "dynamodb": { "SequenceNumber": "2" } });
    assert_eq!(told(&put, vec![ready(1), broken, ready(3)]).await, Ok(again_from("2")));
    assert_eq!(put.num_calls(), 1, "what comes before it is told");
    let nameless = told(&put, vec![json!({})]).await.unwrap_err();
    assert_eq!(nameless.error_type, "Worker.BadInput");
}

#[tokio::test]
async fn one_call_takes_ten() {
    let put = answers((0..10).map(|_| taken()).collect());
    assert_eq!(told(&put, (0..20).map(ready).collect()).await, Ok(BatchResult::default()));
    assert_eq!(put.num_calls(), 2);
}
