//! Failures.

use super::*;

#[tokio::test]
async fn failures_are_counted_by_code_and_day_and_asked_for_once() {
    let day = 24 * 60 * 60;
    let executions = vec![
        failed("a", "Worker.Denied", 10),
        failed("b", "Worker.Denied", 20),
        failed("c", "Worker.Bug", day),
        execution("d", RunStatus::TimedOut, day),
        execution("e", RunStatus::Aborted, day),
        failed("f", "Worker.Bug", 7 * day),
        execution("g", RunStatus::Succeeded, 1),
    ];
    let world = World { executions, ..World::default() };
    let watch = watch(&world);
    for _ in 0..2 {
        let call = Call::new("GET", "/ops/failures").operator();
        let found = call.send(async |request| watch.handle(request).await).await.json();
        assert_eq!(
            found["counts"],
            json!([
                { "day": "2026-01-31", "code": "Worker.Denied", "count": 2 },
                { "day": "2026-01-30", "code": "Aborted", "count": 1 },
                { "day": "2026-01-30", "code": "States.Timeout", "count": 1 },
                { "day": "2026-01-30", "code": "Worker.Bug", "count": 1 },
            ])
        );
        assert_eq!((&found["complete"], names(&found).first()), (&json!(true), Some(&"a")));
    }
    let calls = (world.descriptions.get(), world.histories.get(), world.lists.get());
    assert_eq!(calls, (5, 5, 3), "once for each, however often it is shown");
}

#[tokio::test]
async fn a_failure_is_shown_with_the_state_and_the_release_that_failed() {
    let happened = |happened| Event { at: at(0), happened };
    let events = vec![
        happened(Happened::Entered("Create variants".into(), "Task".into())),
        happened(Happened::Attempted),
        happened(Happened::Failed(Some("Worker.Bug".into()), None)),
        happened(Happened::Exited),
        happened(Happened::Entered("Processing failed".into(), "Fail".into())),
    ];
    let cause = Some(json!({ "errorMessage": "panicked\nrelease: darkroom-dev-resize:7" }).to_string());
    let executions = vec![Described { cause, ..failed("a", "Worker.Bug", 10) }, failed("b", "Worker.Bug", 20)];
    let world = World { executions, events, ..World::default() };
    let found = get(&world, "/ops/failures").await;
    let (newest, older) = (&found["items"][0], &found["items"][1]);
    assert_eq!((&newest["code"], &newest["state"]), (&json!("Worker.Bug"), &json!("Create variants")));
    assert_eq!((&newest["cause"], &newest["release"]), (&json!("panicked"), &json!("darkroom-dev-resize:7")));
    assert_eq!((&older["state"], older.get("release")), (&json!("Create variants"), None), "it did not tell");
}

#[tokio::test]
async fn more_failures_than_are_counted_are_said_to_be_more() {
    let executions = (0..201).map(|number| failed(&format!("x{number}"), "Worker.Bug", number)).collect();
    let found = get(&World { executions, ..World::default() }, "/ops/failures").await;
    assert_eq!((&found["complete"], &found["counts"][0]["count"]), (&json!(false), &json!(200)));
    assert_eq!(names(&found).len(), 50);
}
