//! An operator's commands.

use crate::stand_in::{Reply, Request, Service, json_of, problem, stderr, tokens};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicU32, Ordering};

const IMAGE: &str = "0198c7b2-5a51-7c3e-9f0e-2b1d4c6a8e10";
const NAME: &str = "0198c7b2-5a51-7c3e-9f0e-2b1d4c6a8e10-4f2d9a7c1b3e5d60";

fn record(status: &str) -> Value {
    json!({ "status": status, "created_at": "2026-01-31T12:00:00Z", "arrived_at": "2026-01-31T12:00:01Z",
        "updated_at": "2026-01-31T12:00:02Z", "version_execution": NAME })
}

fn execution(name: &str, status: &str, record: &Value) -> Value {
    let acts = json!([{ "act": "restart", "by": "olga", "at": "2026-01-31T12:00:08Z", "execution": NAME,
        "started": format!("{NAME}-2") }]);
    let mut execution = json!({ "at": "2026-01-31T12:00:20Z", "name": name, "image_id": IMAGE, "status": status,
        "started_at": if name == NAME { "2026-01-31T12:00:02Z" } else { "2026-01-31T12:00:09Z" },
        "states": [], "complete": true, "acts": acts, "record": record });
    if status != "running" {
        execution["stopped_at"] = json!("2026-01-31T12:00:10Z");
    }
    execution
}

fn stdout(done: &std::process::Output) -> &str {
    std::str::from_utf8(&done.stdout).unwrap()
}

#[test]
fn a_photo_is_traced_by_its_id_through_all_its_executions() {
    let service = Service::start("trace-id", |_, _, request| {
        let line = request.line.as_str();
        if line == "POST /auth/signin" {
            tokens()
        } else if line == format!("GET /ops/executions?image_id={IMAGE}&limit=100") {
            Reply(200, "", json!({ "items": [], "next_cursor": "more" }))
        } else if line == format!("GET /ops/executions?image_id={IMAGE}&limit=100&cursor=more") {
            Reply(200, "", json!({ "items": [{ "name": NAME }] }))
        } else if line == format!("GET /ops/executions/{NAME}") {
            Reply(200, "", execution(NAME, "failed", &record("ready")))
        } else if line == format!("GET /ops/executions/{NAME}-2") {
            Reply(200, "", execution(&format!("{NAME}-2"), "succeeded", &record("ready")))
        } else {
            panic!("{line}")
        }
    });
    service.login();
    let done = service.run(&["--json", "operate", "trace", IMAGE], "");
    assert_eq!(done.status.code(), Some(0), "{}", stderr(&done));
    let told = json_of(&done);
    assert_eq!((&told["image_id"], &told["verdict"]["code"]), (&json!(IMAGE), &json!("ready")));
    assert_eq!(told["executions"].as_array().unwrap().len(), 2);
    assert_eq!(
        told["duplicates"],
        json!([
            format!("the version of {NAME} was developed 2 times"),
            format!("{NAME} and {NAME}-2 ran at the same time")
        ])
    );
}

#[test]
fn a_photo_that_waits_is_traced_by_its_key_and_followed_until_it_is_decided() {
    let service = Service::start("trace-key", |_, number, request| {
        let line = request.line.as_str();
        let status = if number < 4 { "processing" } else { "ready" };
        if line == "POST /auth/signin" {
            tokens()
        } else if line == format!("GET /ops/images/{IMAGE}?owner_id=ada") {
            Reply(200, "", json!({ "at": "2026-01-31T12:00:03Z", "image_id": IMAGE, "record": record(status) }))
        } else if line == format!("GET /ops/executions/{NAME}") && status == "processing" {
            problem(404, "", "Request.NotFound") // not started yet
        } else if line == "GET /me" {
            Reply(200, "", json!({ "roles": ["operators"] }))
        } else if line.starts_with("GET /ops/executions/") {
            let name = line.trim_start_matches("GET /ops/executions/");
            Reply(200, "", execution(name, "succeeded", &record("ready")))
        } else {
            panic!("{line}")
        }
    });
    service.login();
    let done = service.run(&["operate", "trace", &format!("uploads/ada/{IMAGE}"), "--follow"], "");
    assert_eq!(done.status.code(), Some(0), "{}", stderr(&done));
    let told = stdout(&done);
    assert_eq!(told.matches("arrival is marked").count(), 1, "each thing is told once: {told}");
    assert!(told.contains("execution ends: succeeded") && told.contains("\nverdict: ready"), "{told}");
}

#[test]
fn who_is_no_operator_is_told_so_and_not_that_the_photo_is_missing() {
    let service = Service::start("no-operator", |_, _, request| match request.line.as_str() {
        "POST /auth/signin" => tokens(),
        "GET /me" => Reply(200, "", json!({ "roles": [] })),
        _ => problem(404, "", "Request.NotFound"),
    });
    service.login();
    for photo in [IMAGE, NAME, "imports/a.jpg"] {
        let done = service.run(&["operate", "trace", photo], "");
        assert_eq!(done.status.code(), Some(1));
        let told = stderr(&done);
        assert!(told.contains("is not an operator at") && told.contains("\nhint: make operator"), "{told}");
    }
}

#[test]
fn a_photo_of_which_nothing_is_known_is_told_with_what_to_try() {
    let service = Service::start("unknown-photo", |_, _, request| match request.line.as_str() {
        "POST /auth/signin" => tokens(),
        "GET /me" => Reply(200, "", json!({ "roles": ["operators"] })),
        line if line.starts_with("GET /ops/executions?") => Reply(200, "", json!({ "items": [] })),
        _ => problem(404, "", "Request.NotFound"),
    });
    service.login();
    for (photo, why) in [
        (IMAGE, "hint: give the original's key"),
        (NAME, "there is no execution"),
        ("imports/a.jpg", "neither a record nor a deletion"),
    ] {
        let done = service.run(&["operate", "trace", photo], "");
        assert_eq!(done.status.code(), Some(1));
        assert!(stderr(&done).contains(why), "{}", stderr(&done));
    }
    let done = service.run(&["operate", "trace", "not a photo"], "");
    assert_eq!(done.status.code(), Some(2), "{}", stderr(&done));
}

fn overview(dead_letters: u64) -> Reply {
    let queue = json!({ "name": "uploads", "waiting": 0, "in_flight": 0, "delayed": 0, "dead_letters": dead_letters,
        "redrivable": true });
    Reply(
        200,
        "",
        json!({ "at": "2026-01-31T12:00:07Z", "days": 7, "queues": [queue], "executions": [], "failures": [],
        "failures_complete": true, "stages": [], "acts": [] }),
    )
}

#[test]
fn the_state_of_the_environment_is_shown_and_given_to_scripts_as_the_service_tells_it() {
    let service = Service::start("status", |_, _, request| match request.line.as_str() {
        "POST /auth/signin" => tokens(),
        "GET /ops/overview" => overview(2),
        other => panic!("{other}"),
    });
    service.login();
    let done = service.run(&["operate", "status"], "");
    assert!(stdout(&done).contains("\n2 dead letters in uploads"), "{}", stderr(&done));
    assert_eq!(json_of(&service.run(&["--json", "operate", "status"], ""))["queues"][0]["dead_letters"], 2);
}

#[test]
fn failures_are_asked_for_by_days_and_grouped() {
    let service = Service::start("failures", |_, _, request| match request.line.as_str() {
        "POST /auth/signin" => tokens(),
        "GET /ops/failures?days=2" => Reply(
            200,
            "",
            json!({ "days": 2, "complete": true,
            "counts": [{ "day": "2026-01-31", "code": "Worker.Bug", "count": 1 }],
            "items": [{ "name": NAME, "status": "failed", "code": "Worker.Bug", "state": "Create variants",
                "started_at": "2026-01-31T12:00:00Z", "stopped_at": "2026-01-31T12:00:01Z" }] }),
        ),
        other => panic!("{other}"),
    });
    service.login();
    let told = json_of(&service.run(&["--json", "operate", "failures", "--days", "2"], ""));
    assert_eq!((&told["groups"][0]["state"], &told["groups"][0]["example"]), (&json!("Create variants"), &json!(NAME)));
    assert_eq!(told["counts"][0]["count"], 1);
    assert_eq!(service.run(&["operate", "failures", "--days", "31"], "").status.code(), Some(2));
}

#[test]
fn dead_letters_are_sent_back_by_the_hundred_and_only_when_it_is_meant() {
    let service = Service::start("redrive", |_, _, request| match request.line.as_str() {
        "POST /auth/signin" => tokens(),
        "GET /ops/overview" => overview(250),
        "POST /ops/queues/uploads/redrive" => {
            let (count, is_dry) = (request.json()["count"].clone(), request.json()["dry_run"] == true);
            let (moved, looked_at) = if is_dry { (json!(0), json!(250)) } else { (count.clone(), count) };
            Reply(200, "", json!({ "queue": "uploads", "moved": moved, "looked_at": looked_at, "letters": [] }))
        }
        other => panic!("{other}"),
    });
    service.login();
    let dry = service.run(&["operate", "redrive", "uploads"], "");
    assert_eq!(stdout(&dry), "would send 250 of 250 dead letters of uploads back\nhint: --yes does it\n");
    let told = json_of(&service.run(&["--json", "operate", "redrive", "uploads", "--count", "3"], ""));
    assert_eq!((&told["count"], &told["moved"], &told["dry_run"]), (&json!(3), &json!(0), &json!(true)));
    let meant = |service: &Service| -> Vec<Value> {
        let seen = service.seen.lock().unwrap();
        seen.iter().map(Request::json).filter(|body| body["dry_run"] == false).collect()
    };
    assert!(meant(&service).is_empty(), "nothing was sent back");

    let done = service.run(&["operate", "redrive", "uploads", "--yes"], "");
    assert_eq!(stdout(&done), "sent 250 back to uploads\n");
    let asked: Vec<_> = meant(&service).iter().filter_map(|body| body["count"].as_u64()).collect();
    assert_eq!(asked, [100, 100, 50]);
    assert_eq!(service.run(&["operate", "redrive", "announcements"], "").status.code(), Some(2));
}

#[test]
fn an_empty_queue_and_one_that_gives_no_more_end_the_redrive() {
    let service = Service::start("redrive-empty", |_, number, request| match request.line.as_str() {
        "POST /auth/signin" => tokens(),
        "GET /ops/overview" => overview(if number == 1 { 0 } else { 5 }),
        "POST /ops/queues/uploads/redrive" => Reply(200, "", json!({ "moved": if number == 3 { 2 } else { 0 } })),
        other => panic!("{other}"),
    });
    service.login();
    let done = service.run(&["operate", "redrive", "uploads", "--yes"], "");
    assert_eq!((done.status.code(), stdout(&done)), (Some(0), "there is nothing to send back\n"));
    let done = service.run(&["operate", "redrive", "uploads", "--yes"], "");
    assert_eq!(stdout(&done), "sent 2 back to uploads\n");
}

#[test]
fn r62_chosen_letters_are_looked_at_first() {
    let service = Service::start("redrive-chosen", |_, _, request| match request.line.as_str() {
        "POST /auth/signin" => tokens(),
        "GET /ops/overview" => overview(7),
        "POST /ops/queues/uploads/redrive" => {
            let letter = json!({ "image_id": IMAGE, "received": 101, "record": "failed", "code": "Worker.Denied" });
            Reply(200, "", json!({ "moved": 0, "looked_at": 5, "letters": [letter] }))
        }
        other => panic!("{other}"),
    });
    service.login();
    let chosen = ["--code", "Worker.Denied", "--owner", "ada", "--older-than", "1h"];
    let dry = service.run(&[["operate", "redrive", "uploads"].as_slice(), &chosen].concat(), "");
    let expected = format!(
        "{IMAGE}  of unknown age, received 101 times, record: failed, Worker.Denied\nlooked at 5 of 7\n\
         would send 1 or more of 7 dead letters of uploads back\nhint: --yes does it\n"
    );
    assert_eq!(stdout(&dry), expected);
    let body = service.seen.lock().unwrap().last().unwrap().json();
    let wanted =
        json!({ "count": 7, "dry_run": true, "code": "Worker.Denied", "owner_id": "ada", "older_than_s": 3600 });
    assert_eq!(body, wanted);
}

#[test]
fn r62_rejected_photos_are_tried_again_one_by_one_and_those_that_changed_are_skipped() {
    let again = format!("POST /ops/executions/{NAME}/restart?if_status=rejected");
    let gone = format!("POST /ops/executions/{NAME}-2/restart?if_status=rejected");
    let service = Service::start("retry", move |_, _, request| match request.line.as_str() {
        "POST /auth/signin" => tokens(),
        line if line.starts_with("GET /ops/rejected?") => {
            let item = |execution: String| {
                json!({ "image_id": IMAGE, "rejected_at": "2026-01-31T12:00:00Z", "code": "Image.Corrupt",
                    "stage": "resize", "execution": execution })
            };
            Reply(200, "", json!({ "items": [item(NAME.into()), item(format!("{NAME}-2"))] }))
        }
        line if line == again => Reply(202, "", json!({ "name": format!("{NAME}-2"), "restarted_from": NAME })),
        line if line == gone => problem(409, "", "Request.Conflict"),
        other => panic!("{other}"),
    });
    service.login();
    let retry = ["operate", "retry", "--code", "Image.Corrupt", "--since", "2026-01-31"];
    let dry = service.run(&retry, "");
    assert!(stdout(&dry).ends_with("would try 2 rejected photos of Image.Corrupt again\nhint: --yes does it\n"));
    assert!(!service.lines().iter().any(|line| line.contains("restart")), "nothing was started");
    let list = "GET /ops/rejected?limit=100&code=Image.Corrupt&since=2026-01-31T00:00:00.000Z";
    assert!(service.lines().iter().any(|line| line == list), "{:?}", service.lines());
    let told = json_of(&service.run(&[["--json"].as_slice(), &retry, &["--yes"]].concat(), ""));
    assert_eq!(
        (&told["started"][0]["execution"], told["skipped"].as_array().map(Vec::len)),
        (&json!(format!("{NAME}-2")), Some(1))
    );
    let counts = json_of(&service.run(&["--json", "operate", "rejected"], ""))["counts"].clone();
    assert_eq!(counts, json!([{ "code": "Image.Corrupt", "count": 2 }]));
    assert_eq!(service.run(&["operate", "retry", "--code", "Worker.Bug"], "").status.code(), Some(2));
}

#[test]
fn an_execution_that_has_ended_is_started_again_only_when_it_is_meant() {
    let service = Service::start("restart", |_, _, request| match request.line.as_str() {
        "POST /auth/signin" => tokens(),
        "GET /ops/executions/ended" => Reply(200, "", execution("ended", "timed_out", &record("processing"))),
        "GET /ops/executions/runs" => Reply(200, "", execution("runs", "running", &record("processing"))),
        "POST /ops/executions/ended/restart" => Reply(202, "", json!({ "name": "ended-2", "restarted_from": "ended" })),
        other => panic!("{other}"),
    });
    service.login();
    let dry = service.run(&["operate", "restart", "ended"], "");
    assert_eq!(stdout(&dry), "would start ended again (timed out)\nhint: --yes does it\n");
    let refused = service.run(&["operate", "restart", "runs", "--yes"], "");
    assert_eq!(refused.status.code(), Some(1));
    assert!(stderr(&refused).contains("runs has not ended"), "{}", stderr(&refused));
    assert!(!service.lines().iter().any(|line| line.ends_with("/restart")), "nothing was started");
    let told = json_of(&service.run(&["--json", "operate", "restart", "ended", "--yes"], ""));
    assert_eq!((&told["started"], &told["dry_run"]), (&json!("ended-2"), &json!(false)));
    assert_eq!(service.run(&["operate", "restart", "../me"], "").status.code(), Some(2));
}

fn import(status: &str, ready: u64, refused: &Value) -> Reply {
    let counts = json!({ "ready": ready, "known": 0, "refused": 1, "rejected": 0, "failed": 0, "late": 0, "bytes": 7 });
    Reply(
        200,
        "",
        json!({ "name": "x", "bucket": "holiday", "prefix": "2019/", "owner_id": "ada", "run": 1, "by": "olga",
        "started_at": "2026-01-31T12:00:07Z", "execution": "x-1", "status": status, "counts": counts,
        "refused": refused }),
    )
}

#[test]
fn r62_a_bucket_is_counted_in_parts_then_imported_and_followed_to_its_report() {
    static LOOKS: AtomicU32 = AtomicU32::new(0);
    let service = Service::start("import", |_, _, request| {
        let line = request.line.as_str();
        let counted = |photos: u64, next: Option<&str>| {
            let mut counted = json!({ "photos": photos, "bytes": 7, "empty": 0, "too_large": 0 });
            if let Some(next) = next {
                counted["next"] = next.into();
            }
            Reply(
                200,
                "",
                json!({ "name": "x", "owner_id": "ada", "counted": counted, "photos_per_second": 40.0,
                "usd_per_photo": 0.0003 }),
            )
        };
        match line {
            "POST /auth/signin" => tokens(),
            "POST /ops/imports" => {
                let body = request.json();
                match (body["dry_run"].as_bool(), body["after"].as_str()) {
                    (Some(true), None) => counted(2, Some("2019/b")),
                    (Some(true), Some("2019/b")) => counted(3, None),
                    (None, None) => Reply(202, "", json!({ "name": "x", "run": 1, "execution": "x-1" })),
                    other => panic!("{other:?}"),
                }
            }
            "GET /ops/imports/x" if LOOKS.fetch_add(1, Ordering::SeqCst) == 0 => import("running", 1, &json!([])),
            "GET /ops/imports/x" => import(
                "succeeded",
                4,
                &json!([{ "image_id": IMAGE, "key": "2019/c",
                "size_bytes": 7, "reason": "gone" }]),
            ),
            other => panic!("{other}"),
        }
    });
    service.login();
    let source = ["operate", "import", "s3://holiday/2019/", "--owner", "ada@example.com"];
    let dry = service.run(&source, "");
    assert_eq!(dry.status.code(), Some(0), "{}", stderr(&dry));
    assert!(
        stdout(&dry).contains("         5  photos") && stdout(&dry).ends_with("hint: --yes does it\n"),
        "{}",
        stdout(&dry)
    );
    assert_eq!(LOOKS.load(Ordering::SeqCst), 0, "nothing was started");
    let done = service.run(&[&source[..], &["--yes"]].concat(), "");
    assert_eq!(done.status.code(), Some(1), "{}", stderr(&done));
    assert!(stdout(&done).contains("         4  brought and ready\n") && stdout(&done).contains("gone  2019/c"));
    assert!(LOOKS.load(Ordering::SeqCst) >= 3, "until it ended, and once for the report");
}

#[test]
fn r62_an_import_with_refusals_ends_as_an_upload_with_refusals_does() {
    let service = Service::start("import-report", |_, _, request| match request.line.as_str() {
        "POST /auth/signin" => tokens(),
        "GET /ops/imports/x" => import(
            "succeeded",
            4,
            &json!([{ "image_id": IMAGE, "key": "2019/c", "size_bytes": 7,
            "reason": "gone" }]),
        ),
        "POST /ops/imports/x/stop" => Reply(202, "", json!({ "name": "x", "run": 1, "execution": "x-1" })),
        other => panic!("{other}"),
    });
    service.login();
    let done = service.run(&["operate", "import", "--report", "x"], "");
    assert_eq!(done.status.code(), Some(1), "{}", stderr(&done));
    assert!(stdout(&done).contains("gone  2019/c"), "{}", stdout(&done));
    let done = service.run(&["--json", "operate", "import", "--stop", "x"], "");
    assert_eq!((done.status.code(), &json_of(&done)["execution"]), (Some(0), &json!("x-1")));
    for wrong in [["--report", "a/b"], ["--stop", ""], ["s3://holiday", "--detach"]] {
        let done = service.run(&[&["operate", "import"], &wrong[..]].concat(), "");
        assert_eq!(done.status.code(), Some(2), "{wrong:?}: {}", stderr(&done));
    }
}
