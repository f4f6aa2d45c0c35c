//! One execution.

use super::*;

const ROUTE: &str = "/ops/executions/{name}";

fn order(image: ImageId) -> WorkOrder {
    let owner = OwnerId::parse(OWNER).unwrap();
    let source = Source {
        bucket: "originals".into(),
        key: key::upload(&owner, image),
        version_id: "v1".into(),
        sequencer: "01".into(),
        size_bytes: 7,
    };
    WorkOrder::new(owner, image, source)
}

/// A world with one execution that failed, and its name.
fn with_failure() -> (World, String) {
    let image = ImageId::new();
    let name = format!("{}-2", key::execution_name(image, "v1"));
    let input = serde_json::to_string(&order(image)).unwrap();
    let cause = Some(json!({ "errorMessage": "403 AccessDenied\nrelease: darkroom-dev-validate:7" }).to_string());
    let executions = vec![Described { input, cause, ..failed(&name, "Worker.Denied", 5) }];
    let happened = |second, happened| Event { at: at(second), happened };
    let events = vec![
        happened(0, Happened::Entered("Validate image".into(), "Task".into())),
        happened(0, Happened::Attempted),
        happened(1, Happened::Failed(Some("Worker.Denied".into()), None)),
        happened(1, Happened::Exited),
        happened(1, Happened::Entered("Processing failed".into(), "Fail".into())),
    ];
    (World { executions, events, record: Some(record(image)), deliveries: vec![refused()], ..World::default() }, name)
}

#[tokio::test]
async fn an_execution_is_shown_with_its_states_its_error_and_its_record() {
    let (world, name) = with_failure();
    let first = name.trim_end_matches("-2");
    let seen = ask(&world, Call::new("GET", ROUTE).path("name", &name)).await.json();
    assert_eq!((&seen["status"], &seen["outcome"]), (&json!("failed"), &json!("failed")));
    assert_eq!(
        seen["error"],
        json!({ "code": "Worker.Denied", "cause": "403 AccessDenied", "release": "darkroom-dev-validate:7" })
    );
    assert_eq!((&seen["restarted_from"], &seen["version_id"]), (&json!(first), &json!("v1")));
    assert_eq!((&seen["image_id"], &seen["deliveries"][0]["status"]), (&json!(name[..36]), &json!(500)));
    let states: Vec<_> = seen["states"].as_array().unwrap().iter().map(|state| &state["status"]).collect();
    assert_eq!(states, ["caught", "failed"]);
    assert_eq!((&seen["record"]["status"], &seen["record"]["code"]), (&json!("failed"), &json!("Worker.Denied")));
    assert_eq!((&seen["at"], seen.get("deleted_at")), (&json!("2026-01-31T12:00:07.250Z"), None));
    assert!(seen.get("console_url").is_none() && seen.get("logs_url").is_none(), "there is no console here");
    assert_eq!(*world.subjects.borrow(), [format!("Executions({first:?})")], "acts of all that have this input");
}

#[tokio::test]
async fn an_execution_of_a_deleted_photo_says_when_that_was() {
    let (world, name) = with_failure();
    let world = World { record: None, deleted_at: Some("2026-01-31T12:00:05Z"), ..world };
    let seen = ask(&world, Call::new("GET", ROUTE).path("name", &name)).await.json();
    assert_eq!((seen.get("record"), &seen["deleted_at"]), (None, &json!("2026-01-31T12:00:05Z")));
}

#[tokio::test]
async fn r35_owner_file_name_and_caption_are_not_shown() {
    let (world, name) = with_failure();
    let reply = ask(&world, Call::new("GET", ROUTE).path("name", &name)).await;
    for private in [OWNER, "my holiday", "my caption", "uploads/"] {
        assert!(!reply.body.contains(private), "{private}: {}", reply.body);
    }
}

#[tokio::test]
async fn what_a_success_means_its_last_state_tells() {
    for (last, outcome) in
        [("Publish record", "ready"), ("Image rejected", "rejected"), ("Newer upload or deleted", "superseded")]
    {
        let events = vec![Event { at: at(0), happened: Happened::Entered(last.into(), "Succeed".into()) }];
        let executions = vec![execution("x", RunStatus::Succeeded, 5)];
        let world = World { executions, events, ..World::default() };
        let seen = ask(&world, Call::new("GET", ROUTE).path("name", "x")).await.json();
        assert_eq!(seen["outcome"], outcome);
        assert_eq!(seen["states"][0]["status"], "succeeded");
        assert!(seen.get("error").is_none() && seen.get("record").is_none());
    }
}

#[tokio::test]
async fn one_that_runs_has_no_outcome_yet() {
    let executions = vec![execution("x", RunStatus::Running, 5)];
    let world = World { executions, ..World::default() };
    let seen = ask(&world, Call::new("GET", ROUTE).path("name", "x")).await.json();
    assert!(seen.get("outcome").is_none() && seen.get("duration_ms").is_none());
}

#[tokio::test]
async fn on_aws_it_leads_into_the_console() {
    let (world, name) = with_failure();
    let watch = Watch { console_url: Some("https://console".into()), ..watch(&world) };
    let call = Call::new("GET", ROUTE).path("name", &name).operator();
    let seen = call.send(async |request| watch.handle(request).await).await.json();
    assert!(seen["console_url"].as_str().unwrap().starts_with("https://console/states/home?region=eu-central-1#"));
    let logs = seen["logs_url"].as_str().unwrap();
    assert!(logs.starts_with("https://console/cloudwatch/home?region=eu-central-1#logsV2:logs-insights"), "{logs}");
    assert!(logs.contains("*2fdarkroom-resize"), "{logs}");
}

#[tokio::test]
async fn what_is_nowhere_is_not_found() {
    for name in ["x", "a b", ""] {
        let reply = ask(&World::default(), Call::new("GET", ROUTE).path("name", name)).await;
        assert_eq!(reply.problem(), (404, "Request.NotFound".into()));
    }
}
