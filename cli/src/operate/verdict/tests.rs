use super::super::moment::tests::noon;
use super::super::testing::{NAME, execution, ready, record, story};
use super::*;
use serde_json::{Value, json};

fn told(story: &Story) -> (&'static str, String, String) {
    let Verdict { code, sentence, next } = verdict(story);
    (code, sentence, next.unwrap_or_default())
}

fn processing() -> Record {
    record(json!({ "status": "processing", "created_at": 0, "arrived_at": 1000, "began_at": 1000, "updated_at": 1000 }))
}

fn decided(status: &str, code: &str, stage: &str) -> Record {
    record(json!({ "status": status, "created_at": 0, "arrived_at": 1000, "updated_at": 2000, "outcome": status,
        "outcome_at": 2000, "code": code, "stage": stage, "message": "it is text", "execution": NAME }))
}

/// An execution in *Create variants* since two seconds after noon.
fn in_variants(attempts: &Value) -> Execution {
    let state = json!({ "name": "Create variants", "status": "running", "entered_at": 2000, "attempts": attempts });
    execution(&json!({ "status": "running", "states": [state] }))
}

#[test]
fn each_good_end_is_told_and_nothing_is_to_be_done() {
    let sentence = "ready 7.0 s after its arrival; “Create variants” took 2 attempts".to_owned();
    assert_eq!(told(&ready()), ("ready", sentence, String::new()));
    let rejected = story(3000, Some(decided("rejected", "Image.Unsupported", "validate")), Vec::new());
    assert_eq!(
        told(&rejected),
        ("rejected", "rejected in validate: Image.Unsupported, it is text".into(), String::new())
    );
    let deleted = Story { deleted_at: Some(noon(0)), ..story(423_000, None, Vec::new()) };
    assert_eq!(told(&deleted), ("deleted", "deleted 7 min 3 s ago".into(), String::new()));
}

#[test]
fn a_failed_photo_names_the_execution_to_start_again() {
    let failed = story(3000, Some(decided("failed", "Worker.Denied", "resize")), Vec::new());
    let next = format!("fix the cause, then darkroom operate restart {NAME}");
    assert_eq!(told(&failed), ("failed", "failed in resize: Worker.Denied, it is text".into(), next));
}

#[test]
fn a_throttled_worker_is_told_in_one_sentence() {
    let throttled = json!({ "code": "Lambda.TooManyRequestsException" });
    let attempts = json!([{ "started_at": 2000, "ended_at": 2100, "error": throttled },
        { "started_at": 5000, "ended_at": 5100, "error": throttled }]);
    let stuck = story(425_000, Some(processing()), vec![in_variants(&attempts)]);
    let sentence = "stuck for 7 min 3 s in “Create variants”: throttled after 2 attempts".to_owned();
    assert_eq!(told(&stuck), ("stuck", sentence, "read docs/OPERATIONS.md#function-throttled".into()));
    let next = json!([{ "started_at": 2000, "ended_at": 2100, "error": throttled }, { "started_at": 5000 }]);
    let (code, sentence, _) = told(&story(6000, Some(processing()), vec![in_variants(&next)]));
    assert_eq!((code, sentence.as_str()), ("retrying", "in “Create variants” for 4.0 s: throttled after 1 attempt"));
}

#[test]
fn a_state_without_an_error_is_stuck_when_no_worker_may_take_so_long() {
    let attempts = json!([{ "started_at": 2000 }]);
    let at = |millis| told(&story(millis, Some(processing()), vec![in_variants(&attempts)]));
    let (code, sentence, next) = at(5000);
    assert_eq!((code, sentence.as_str()), ("running", "in “Create variants” for 3.0 s"));
    assert_eq!(next, format!("darkroom operate trace {NAME} --follow"));
    assert_eq!(at(2000 + 75_000).0, "stuck");
    let just = story(1600, Some(processing()), vec![execution(&json!({ "status": "running" }))]);
    assert_eq!(told(&just).1, "its execution has just started");
}

#[test]
fn an_arrival_without_an_execution_waits_in_the_queue() {
    let at = |millis| told(&story(millis, Some(processing()), Vec::new()));
    assert_eq!(at(2000).0, "starting");
    let (code, sentence, next) = at(424_000);
    assert_eq!(
        (code, sentence.as_str()),
        ("not_started", "no execution for 7 min 3 s: its message is in the queue, or a dead letter")
    );
    assert_eq!(next, "darkroom operate status");
}

#[test]
fn an_execution_that_ended_without_an_outcome_is_started_again() {
    let state = json!({ "name": "Create variants", "status": "failed", "entered_at": 2000, "attempts": [] });
    let late = execution(&json!({ "status": "timed_out", "outcome": "failed", "stopped_at": 9000, "states": [state] }));
    let (code, sentence, next) = told(&story(9999, Some(processing()), vec![late]));
    assert_eq!(code, "ended_without_outcome");
    assert_eq!(sentence, format!("{NAME} timed out in “Create variants”, and the record still says processing"));
    assert!(next.ends_with(&format!("darkroom operate restart {NAME}")));
}

#[test]
fn an_execution_that_ended_before_the_restart_was_asked_for_is_not_the_one_that_is_awaited() {
    let record = Record { began_at: Some(noon(8000)), ..processing() };
    let old = execution(&json!({ "status": "failed", "outcome": "failed", "stopped_at": 3000 }));
    assert_eq!(verdict(&story(9000, Some(record), vec![old])).code, "starting");
}

#[test]
fn a_ticket_waits_for_its_photo_or_has_expired() {
    let ticket = |until: i64| {
        record(json!({ "status": "awaiting_upload", "created_at": 0, "updated_at": 0, "awaited_until": until }))
    };
    assert_eq!(verdict(&story(2000, Some(ticket(3000)), Vec::new())).code, "awaited");
    assert_eq!(verdict(&story(3000, Some(ticket(3000)), Vec::new())).code, "expired");
}

#[test]
fn a_deletion_that_has_not_ended_and_a_record_that_is_lost_are_told() {
    let deleting = record(json!({ "status": "deleting", "created_at": 0, "updated_at": 1000 }));
    let (code, sentence, next) = told(&story(61_000, Some(deleting), Vec::new()));
    assert_eq!((code, sentence.as_str()), ("deleting", "its deletion has not ended, 1 min 0 s after it began"));
    assert!(next.contains("its owner repeats the deletion"));
    assert_eq!(verdict(&story(0, None, vec![execution(&json!({ "stopped_at": 2000 }))])).code, "no_record");
    let late =
        Story { deleted_at: Some(noon(0)), ..story(1000, None, vec![execution(&json!({ "status": "running" }))]) };
    assert!(told(&late).1.contains("still runs"));
}
