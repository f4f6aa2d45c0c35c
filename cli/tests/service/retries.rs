//! Refusals, pauses, and a service that does not answer.

use crate::stand_in::{Reply, Service, image, problem, stderr, tokens};
use serde_json::{Value, json};

#[test]
fn a_problem_is_told_in_full() {
    let service = Service::start("problem", |_, _, _| problem(401, "", "Auth.InvalidCredentials"));
    let refused = service.run(&["login", "ada@example.com"], "wrong\n");
    assert_eq!(refused.status.code(), Some(3));
    assert_eq!(stderr(&refused), "error: A title. (Auth.InvalidCredentials)\n  A detail.\n  request id: the-request\n");
    let refused = service.run(&["--json", "login", "ada@example.com"], "wrong\n");
    let told: Value = serde_json::from_slice(&refused.stderr).unwrap();
    assert_eq!((&told["code"], &told["request_id"]), (&json!("Auth.InvalidCredentials"), &json!("the-request")));
}

#[test]
fn what_was_throttled_is_asked_again_after_the_pause() {
    let service = Service::start("throttled", |_, number, request| match number {
        _ if request.line == "POST /auth/signin" => tokens(),
        1 => problem(429, "retry-after: 1\r\n", "Request.Throttled"),
        2 => problem(503, "retry-after: 0\r\n", "Transient.Unavailable"),
        3 => Reply(0, "", Value::Null),
        _ => Reply(200, "", image("rejected")),
    });
    service.login();
    let began = std::time::Instant::now();
    let done = service.run(&["show", "image-1"], "");
    assert_eq!(done.status.code(), Some(0), "{}", stderr(&done));
    assert!(began.elapsed().as_secs() >= 1, "the service asked for a second");
    assert_eq!(service.lines()[1..], ["GET /image/image-1"; 4]);
    assert_eq!(service.last().header("authorization"), Some("Bearer id-1"));
}

#[test]
fn nobody_waits_for_tomorrow() {
    let service = Service::start("tomorrow", |_, number, _| match number {
        0 => tokens(),
        _ => problem(429, "retry-after: 40000\r\n", "Request.QuotaExceeded"),
    });
    service.login();
    assert_eq!(service.run(&["show", "image-1"], "").status.code(), Some(4));
    assert_eq!(service.lines().len(), 2);
}

#[test]
fn nobody_there_is_another_exit_code() {
    let service = Service::start("nobody", |_, _, _| tokens());
    let done = service.run(&["--api", "http://127.0.0.1:9", "signup", "ada@example.com"], "a good long password\n");
    assert_eq!(done.status.code(), Some(4), "{}", stderr(&done));
}

#[test]
fn what_cannot_be_done_yet_is_tried_again() {
    let service = Service::start("conflict", |_, number, request| match request.line.as_str() {
        "POST /auth/signin" => tokens(),
        _ if number == 1 => problem(409, "retry-after: 0\r\n", "Request.Conflict"),
        _ => Reply(204, "", Value::Null),
    });
    service.login();
    let done = service.run(&["rm", "image-1"], "");
    assert_eq!(done.status.code(), Some(0), "{}", stderr(&done));
    assert_eq!(service.lines()[1..], ["DELETE /image/image-1"; 2]);
}

#[test]
fn a_gateway_without_an_answer_is_asked_again_where_that_is_safe() {
    let service = Service::start("gateway", |_, number, request| match (request.line.as_str(), number) {
        ("POST /auth/signin", _) => tokens(),
        ("POST /albums", _) | (_, 1) => Reply(504, "", json!({ "message": "Endpoint request timed out" })),
        (_, 2) => Reply(502, "", Value::Null),
        _ => Reply(200, "", image("rejected")),
    });
    service.login();
    let done = service.run(&["show", "image-1"], "");
    assert_eq!(done.status.code(), Some(0), "{}", stderr(&done));
    assert_eq!(service.lines()[1..], ["GET /image/image-1"; 3]);
    assert_eq!(service.run(&["album", "create", "Summer"], "").status.code(), Some(4));
    assert_eq!(service.lines()[4..], ["POST /albums"], "it may have been made");
}
