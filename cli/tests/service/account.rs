//! Signing in and out, and what is kept of it.

use crate::stand_in::{Reply, Service, image, json_of, problem, stderr, tokens};
use serde_json::{Value, json};

#[test]
fn a_sign_in_is_kept_where_nobody_else_reads_it() {
    let service = Service::start("login", |_, _, _| tokens());
    service.login();
    assert_eq!(service.last().json(), json!({ "email": "ada@example.com", "password": "a good long password" }));
    let file = service.state.join("darkroom/session.json");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }
    std::fs::remove_file(file).unwrap();
    assert_eq!(service.run(&["show", "image-1"], "").status.code(), Some(3));
}

#[test]
fn a_token_that_ends_is_replaced_before_it_is_used() {
    let service = Service::start("refresh", |_, number, request| match request.line.as_str() {
        "POST /auth/signin" => {
            let mut ends_soon = tokens();
            ends_soon.2["expires_in"] = json!(60);
            ends_soon
        }
        "POST /auth/refresh" if number < 3 => {
            Reply(200, "", json!({ "id_token": "id-2", "expires_in": 3600, "token_type": "Bearer" }))
        }
        "POST /auth/refresh" => problem(401, "", "Auth.SessionEnded"),
        _ => Reply(200, "", image("rejected")),
    });
    service.login();
    for _ in 0..2 {
        assert_eq!(service.run(&["show", "image-1"], "").status.code(), Some(0));
        assert_eq!(service.last().header("authorization"), Some("Bearer id-2"));
    }
    assert_eq!(service.lines()[1..], ["POST /auth/refresh", "GET /image/image-1", "GET /image/image-1"], "and kept");
    assert_eq!(service.seen.lock().unwrap()[1].json(), json!({ "refresh_token": "refresh-1" }));

    service.login();
    let ended = service.run(&["show", "image-1"], "");
    assert_eq!(ended.status.code(), Some(3));
    assert!(stderr(&ended).contains("darkroom login"), "{}", stderr(&ended));
}

#[test]
fn whoami_tells_what_is_left_of_the_day() {
    let service = Service::start("me", |_, number, _| match number {
        0 => tokens(),
        _ => Reply(
            200,
            "",
            json!({ "user_id": "u-1", "usage": { "images": 12, "bytes": 50_199_528, "resets_at": "2026-02-01T00:00:00Z" },
                "stored": { "images": 21_000, "bytes": 90_000_000_000_u64, "complete": false },
                "limits": { "images_per_day": 2000, "bytes_per_day": 21_474_836_480_u64, "file": {} } }),
        ),
    });
    service.login();
    let told = service.run(&["whoami"], "");
    let text = String::from_utf8(told.stdout).unwrap();
    assert!(text.starts_with("ada@example.com at http://127.0.0.1:"), "{text}");
    assert!(text.contains("12 of 2000 photos, 50.2 MB of 21.5 GB"), "{text}");
    assert!(text.ends_with("stored at least 21000 photos, 90.0 GB\n"), "{text}");
    assert_eq!(json_of(&service.run(&["--json", "whoami"], ""))["user_id"], "u-1");
}

#[test]
fn signing_out_ends_it_there_and_here() {
    let service = Service::start("signout", |_, _, request| match request.line.as_str() {
        "POST /auth/signin" => tokens(),
        _ => problem(500, "", "Worker.Bug"),
    });
    service.login();
    assert_eq!(service.run(&["logout"], "").status.code(), Some(4), "the service was not able to");
    assert_eq!(service.last().line, "POST /auth/signout");
    assert_eq!(service.last().json(), json!({ "refresh_token": "refresh-1" }));
    assert!(!service.state.join("darkroom/session.json").exists(), "and yet this machine has forgotten it");
    assert_eq!(service.run(&["logout"], "").status.code(), Some(0), "a second logout is not an error");
}

#[test]
fn a_token_is_sent_nowhere_else() {
    let service = Service::start("elsewhere", |_, _, _| tokens());
    service.login();
    let done = service.run(&["--api", "http://127.0.0.1:9", "show", "image-1"], "");
    assert_eq!(done.status.code(), Some(3), "{}", stderr(&done));
    let redirecting = Service::start("redirecting", |_, number, _| match number {
        0 => tokens(),
        _ => Reply(302, "location: http://127.0.0.1:9/\r\n", Value::Null),
    });
    redirecting.login();
    assert_eq!(redirecting.run(&["show", "image-1"], "").status.code(), Some(1), "a redirect is not followed");
    let plain = service.run(&["--api", "http://example.com", "login", "ada@example.com"], "a good long password\n");
    assert_eq!(plain.status.code(), Some(2), "a password goes out encrypted only");
}

#[test]
fn a_password_is_changed_and_the_tokens_of_the_answer_are_kept() {
    let service = Service::start("password", |_, _, request| match request.line.as_str() {
        "POST /auth/signin" => tokens(),
        "POST /auth/change-password" => {
            let mut renewed = tokens();
            renewed.2["id_token"] = json!("id-2");
            renewed.2["refresh_token"] = json!("refresh-2");
            renewed
        }
        "POST /auth/signout" => Reply(200, "", Value::Null),
        _ => Reply(200, "", image("ready")),
    });
    service.login();
    let input = "a good long password\nanother long password\n";
    let done = service.run(&["account", "password"], input);
    assert_eq!(done.status.code(), Some(0), "{}", stderr(&done));
    assert_eq!(service.last().header("authorization"), Some("Bearer id-1"));
    let asked = json!({ "password": "a good long password", "new_password": "another long password" });
    assert_eq!(service.last().json(), asked);
    service.run(&["show", "image-1"], "");
    assert_eq!(service.last().header("authorization"), Some("Bearer id-2"));
    service.run(&["logout"], "");
    assert_eq!(service.last().json(), json!({ "refresh_token": "refresh-2" }));
}

#[test]
fn an_account_is_erased_with_a_sign_in_of_just_now() {
    let service = Service::start("erase", |_, number, request| match request.line.as_str() {
        "POST /auth/signin" if number == 0 => tokens(),
        "POST /auth/signin" if request.json()["password"] == "wrong" => problem(401, "", "Auth.InvalidCredentials"),
        "POST /auth/signin" => {
            let mut fresh = tokens();
            fresh.2["id_token"] = json!("id-of-now");
            fresh
        }
        _ => Reply(202, "", json!({ "message": "The account is closed." })),
    });
    service.login();
    let refused = service.run(&["account", "delete"], "wrong\n");
    assert_eq!(refused.status.code(), Some(3), "{}", stderr(&refused));
    assert!(!service.lines().contains(&"DELETE /me".to_owned()), "nothing without the password");
    let done = service.run(&["account", "delete"], "a good long password\n");
    assert_eq!(done.status.code(), Some(0), "{}", stderr(&done));
    assert_eq!(service.last().line, "DELETE /me");
    assert_eq!(service.last().header("authorization"), Some("Bearer id-of-now"));
    assert!(String::from_utf8(done.stdout).unwrap().contains("The account is closed."));
    assert!(!service.state.join("darkroom/session.json").exists());
    assert_eq!(
        service.run(&["account", "delete"], "a good long password\n").status.code(),
        Some(3),
        "the sign-in is gone"
    );
}
