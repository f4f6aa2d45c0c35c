//! Being called.

use crate::stand_in::{Reply, Service, problem, stderr, tokens};
use serde_json::{Value, json};

fn webhook(state: &str, secret: Option<&str>) -> Value {
    let mut webhook = json!({ "url": "https://a.example/x", "state": state, "created_at": "x", "updated_at": "x" });
    if let Some(secret) = secret {
        webhook["secret"] = json!(secret);
    }
    webhook
}

#[test]
fn it_is_set_shown_rotated_and_removed() {
    let service = Service::start("webhook", |_, _, request| match request.line.as_str() {
        "POST /auth/signin" => tokens(),
        "PUT /me/webhook" => Reply(200, "", webhook("active", Some("whsec_1"))),
        "POST /me/webhook/secret" => Reply(200, "", webhook("active", Some("whsec_2"))),
        "GET /me/webhook" => {
            let mut disabled = webhook("disabled", None);
            disabled["disabled_because"] = json!("failing");
            disabled["failing_since"] = json!("2026-01-31");
            disabled["failure"] = json!({ "at": "2026-02-03", "reason": "status", "status": 500 });
            Reply(200, "", disabled)
        }
        "DELETE /me/webhook" => Reply(204, "", Value::Null),
        other => panic!("{other}"),
    });
    service.login();
    let said = |arguments: &[&str]| {
        let done = service.run(arguments, "");
        assert_eq!(done.status.code(), Some(0), "{}", stderr(&done));
        String::from_utf8(done.stdout).unwrap()
    };
    assert_eq!(said(&["webhook", "set", "https://a.example/x"]), "whsec_1\n");
    assert_eq!(service.last().json(), json!({ "url": "https://a.example/x" }));
    assert_eq!(said(&["webhook", "rotate"]), "whsec_2\n");
    let shown = said(&["webhook", "show"]);
    assert!(shown.starts_with("https://a.example/x disabled (failing)\n") && shown.contains("status 500"), "{shown}");
    assert_eq!(said(&["webhook", "rm"]), "");
}

#[test]
fn a_test_that_does_not_arrive_is_a_failure() {
    let service = Service::start("webhook-test", |_, number, request| match request.line.as_str() {
        "POST /auth/signin" => tokens(),
        "POST /me/webhook/test" if number == 1 => Reply(200, "", json!({ "delivered": true, "status": 204 })),
        "POST /me/webhook/test" => Reply(200, "", json!({ "delivered": false, "reason": "not_public" })),
        other => panic!("{other}"),
    });
    service.login();
    let done = service.run(&["webhook", "test"], "");
    assert_eq!((done.status.code(), done.stdout.as_slice()), (Some(0), &b"delivered, status 204\n"[..]));
    let done = service.run(&["webhook", "test"], "");
    assert_eq!(done.status.code(), Some(1));
    assert!(stderr(&done).contains("not_public"), "{}", stderr(&done));
}

#[test]
fn none_is_told_as_the_service_tells_it() {
    let service = Service::start("no-webhook", |_, _, request| match request.line.as_str() {
        "POST /auth/signin" => tokens(),
        _ => problem(404, "", "Request.NotFound"),
    });
    service.login();
    let done = service.run(&["webhook", "show"], "");
    assert!(stderr(&done).contains("Request.NotFound"), "{}", stderr(&done));
}
