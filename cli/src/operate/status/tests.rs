use super::*;
use serde_json::json;

/// An overview with this many dead letters in `uploads` and in `announcements`, and failures on two days.
fn overview(uploads: u64, announcements: u64, running_since: &str, failures: &Value) -> Overview {
    pages::read(json!({
        "at": "2026-01-31T12:00:07Z", "days": 7, "running_since": running_since,
        "queues": [
            { "name": "uploads", "waiting": 3, "in_flight": 1, "delayed": 0, "dead_letters": uploads, "redrivable": true },
            { "name": "announcements", "dead_letters": announcements, "redrivable": false },
        ],
        "executions": [
            { "status": "running", "count": 2, "at_least": false }, { "status": "succeeded", "count": 1000, "at_least": true },
            { "status": "timed_out", "count": 0, "at_least": false },
        ],
        "failures": failures, "failures_complete": true,
        "stages": [{ "state": "Create variants", "executions": 20, "median_ms": 512, "slowest_ms": 2210,
            "slowest_execution": "x-1" }],
        "acts": [],
    }))
    .unwrap()
}

#[test]
fn the_page_shows_queues_executions_failures_and_states() {
    let failures = json!([{ "day": "2026-01-31", "code": "Worker.Bug", "count": 1 },
        { "day": "2026-01-31", "code": "Worker.Denied", "count": 2 }, { "day": "2026-01-30", "code": "Worker.Denied", "count": 1 }]);
    let expected = "\
2026-01-31 12:00:07.000 UTC

queue          waiting  in flight  delayed  dead letters
uploads              3          1        0             0
announcements        -          -        -             0

executions of 7 days
  running           2
  succeeded      1000 or more
  timed out         0

failures of 7 days
  Worker.Denied                         3
  Worker.Bug                            1

state                 executions   median  slowest
Create variants               20   512 ms    2.2 s  x-1

there were failures: darkroom operate failures
";
    assert_eq!(page(&overview(0, 0, "2026-01-31T12:00:01Z", &failures)), expected);
}

#[test]
fn what_waits_for_an_operator_is_told_with_the_next_command() {
    let found = |uploads, announcements, since| findings(&overview(uploads, announcements, since, &json!([])));
    assert_eq!(found(0, 0, "2026-01-31T12:00:01Z"), ["nothing waits for an operator"]);
    let told = found(2, 1, "2026-01-31T11:00:00Z");
    assert!(told[0].starts_with("2 dead letters in uploads") && told[0].ends_with("darkroom operate redrive uploads"));
    assert!(told[1].starts_with("1 dead letter in announcements") && told[1].contains("#announcements-undelivered"));
    assert_eq!(told[2], "the oldest execution has run for 1 h 0 min: it waits for an attempt");
}
