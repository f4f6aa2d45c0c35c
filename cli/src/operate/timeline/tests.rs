use super::super::answers::Delivery;
use super::super::moment::tests::noon;
use super::super::testing::{NAME, execution, ready, record, story};
use super::*;
use serde_json::json;

fn told(story: &Story) -> Vec<String> {
    timeline(story).into_iter().map(|entry| format!("{} {}", entry.what, entry.detail).trim().to_owned()).collect()
}

#[test]
fn a_ready_photo_is_told_from_its_ticket_to_its_announcement() {
    let expected = [
        "ticket",
        "arrival is marked",
        &format!("execution starts {NAME}"),
        "Validate image",
        "Create variants",
        "Create variants, attempt 1 Transient.Storage: 503 SlowDown",
        "Create variants, attempt 2 worked",
        "Publish record",
        "record: ready",
        "Image Ready is due on the event bus",
        "execution ends: ready",
    ];
    assert_eq!(told(&ready()), expected);
    assert!(timeline(&ready()).is_sorted_by_key(|entry| entry.at), "one clock");
}

#[test]
fn a_photo_that_was_moved_to_another_recipe_keeps_its_story() {
    let mut story = ready();
    let record = story.record.as_mut().unwrap();
    (record.rerendered_at, record.rerendered_by) = (Some(noon(60_000)), Some("20260131-120007-request1".into()));
    let told = told(&story);
    assert_eq!(told.last().unwrap(), "record: moved to another recipe 20260131-120007-request1");
    assert!(told.contains(&"record: ready".to_owned()));
}

#[test]
fn an_import_has_no_ticket() {
    let import = record(json!({ "status": "processing", "created_at": 0, "arrived_at": 0, "updated_at": 0 }));
    assert_eq!(told(&story(1, Some(import), Vec::new())), ["arrival is marked"]);
    let ticket = record(json!({ "status": "awaiting_upload", "created_at": 0, "updated_at": 0 }));
    assert_eq!(told(&story(1, Some(ticket), Vec::new())), ["ticket"]);
}

#[test]
fn a_restart_is_told_once_although_both_executions_tell_it() {
    let second = format!("{NAME}-2");
    let acts = json!([{ "act": "restart", "by": "olga", "at": 9000, "execution": NAME, "started": second }]);
    let first = execution(&json!({ "status": "failed", "outcome": "failed", "stopped_at": 8000, "acts": acts,
        "error": { "code": "Worker.Denied", "cause": "403\nat line 7", "release": "darkroom-dev-validate:7" } }));
    let again = execution(&json!({ "name": second, "status": "running", "started_at": 9100, "acts": acts }));
    let known = record(json!({ "status": "processing", "created_at": 0, "arrived_at": 1000, "began_at": 9050,
        "updated_at": 9050, "outcome": "failed", "outcome_at": 7900, "code": "Worker.Denied" }));
    let expected = [
        "ticket",
        "arrival is marked",
        &format!("execution starts {NAME}"),
        "record: failed Worker.Denied",
        "Image Failed is due on the event bus",
        "execution ends: failed Worker.Denied: 403… (darkroom-dev-validate:7)",
        &format!("an operator asks for a restart olga starts {second}"),
        "an execution is about to be started",
        &format!("execution starts {second}"),
    ];
    assert_eq!(told(&story(9999, Some(known), vec![first, again])), expected);
}

#[test]
fn each_attempt_at_the_owners_webhook_is_told() {
    let attempt = |at, number, result: &str, status, reason: Option<&str>, again_in_s| Delivery {
        at: noon(at),
        event: "Image Ready".into(),
        attempt: number,
        result: result.into(),
        status,
        reason: reason.map(Into::into),
        again_in_s,
    };
    let deliveries = vec![
        attempt(9000, 1, "refused", Some(500), Some("status"), Some(5)),
        attempt(9001, 2, "refused", None, Some("timeout"), Some(30)),
        attempt(9002, 3, "failed", None, Some("Worker.Denied"), None),
        attempt(9003, 4, "delivered", Some(204), None, None),
        attempt(9004, 8, "given_up", Some(410), Some("status"), None),
        attempt(9005, 12, "dead_letter", None, Some("Worker.Denied"), None),
        attempt(9006, 13, "postponed", None, None, None),
    ];
    let told = told(&Story { deliveries, ..ready() });
    let expected = [
        "webhook, Image Ready, attempt 1 refused: 500, again in 5.0 s",
        "webhook, Image Ready, attempt 2 refused: timeout, again in 30 s",
        "webhook, Image Ready, attempt 3 failed: Worker.Denied, comes again",
        "webhook, Image Ready, attempt 4 delivered: 204",
        "webhook, Image Ready, attempt 8 refused: 410, given up",
        "webhook, Image Ready, attempt 12 failed: Worker.Denied, a dead letter now: darkroom operate redrive webhooks",
        "webhook, Image Ready, attempt 13 postponed:",
    ];
    assert_eq!(told[told.len() - 7..], expected);
}

#[test]
fn a_deleted_photo_is_told_by_its_execution_and_its_deletion() {
    let gone = Story { deleted_at: Some(noon(9000)), record: None, ..ready() };
    let told = told(&gone);
    assert_eq!(
        (told.first().unwrap().as_str(), told.last().unwrap().as_str()),
        (&*format!("execution starts {NAME}"), "deletion begins")
    );
}

#[test]
fn what_has_not_ended_says_so() {
    let states = json!([{ "name": "Create variants", "status": "running", "entered_at": 2000, "attempts": [
        { "started_at": 2000, "ended_at": 2100, "error": { "code": "Runtime.ExitError" } }, { "started_at": 4000 }] }]);
    let running = execution(&json!({ "status": "running", "states": states }));
    let told = told(&story(5000, None, vec![running]));
    assert_eq!(
        told[1..],
        [
            "Create variants running",
            "Create variants, attempt 1 Runtime.ExitError",
            "Create variants, attempt 2 has not ended"
        ]
    );
}

#[test]
fn an_execution_ends_after_what_it_wrote_in_the_same_millisecond() {
    let mut story = ready();
    story.executions[0].stopped_at = story.record.as_ref().unwrap().outcome_at;
    let kinds: Vec<Kind> = timeline(&story).into_iter().map(|entry| entry.kind).collect();
    assert_eq!(kinds[kinds.len() - 3..], [Kind::Record, Kind::Announcement, Kind::End]);
}
