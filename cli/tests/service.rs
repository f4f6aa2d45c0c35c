//! The program against a service that says what a test wants to hear: refusals, pauses, broken connections.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::{Arc, Mutex};

/// What came in: `"POST /upload"`, headers in lower case, body.
#[derive(Clone, Debug)]
struct Request {
    line: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Request {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

/// What goes out. Status 0 is a connection that breaks.
struct Reply(u16, &'static str, Value);

struct Service {
    url: String,
    seen: Arc<Mutex<Vec<Request>>>,
    state: PathBuf,
}

impl Service {
    /// Answers with what `script` makes of the service's address, the number of the request and the request.
    fn start(name: &str, script: impl Fn(&str, usize, &Request) -> Reply + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (seen, here) = (Arc::new(Mutex::new(Vec::new())), url.clone());
        let noted: Arc<Mutex<Vec<Request>>> = Arc::clone(&seen);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let Some(request) = read(&stream) else { continue };
                let number = noted.lock().unwrap().len();
                noted.lock().unwrap().push(request.clone());
                let Reply(status, headers, body) = script(&here, number, &request);
                if status > 0 {
                    let body = body.to_string();
                    let length = body.len();
                    write!(stream, "HTTP/1.1 {status} X\r\nconnection: close\r\nx-request-id: r-{number}\r\n{headers}content-length: {length}\r\n\r\n{body}").unwrap();
                }
            }
        });
        let state = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("state-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&state);
        Self { url, seen, state }
    }

    fn run(&self, arguments: &[&str], input: &str) -> Output {
        let mut child = Command::new(env!("CARGO_BIN_EXE_darkroom"))
            .args(arguments)
            .env_clear()
            .env("DARKROOM_API", &self.url)
            .env("XDG_STATE_HOME", &self.state)
            // Somebody's proxy must not hear of what is said to this machine.
            .env("HTTP_PROXY", "http://127.0.0.1:9")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        child.wait_with_output().unwrap()
    }

    fn login(&self) {
        let done = self.run(&["login", "ada@example.com"], "a good long password\n");
        assert_eq!(done.status.code(), Some(0), "{}", stderr(&done));
    }

    fn lines(&self) -> Vec<String> {
        self.seen.lock().unwrap().iter().map(|request| request.line.clone()).collect()
    }

    fn last(&self) -> Request {
        self.seen.lock().unwrap().last().unwrap().clone()
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.state);
    }
}

fn read(stream: &TcpStream) -> Option<Request> {
    let mut reader = BufReader::new(stream);
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok().filter(|bytes| *bytes > 0)?;
        if line.trim().is_empty() {
            break;
        }
        lines.push(line.trim().to_owned());
    }
    let headers: Vec<_> = lines[1..]
        .iter()
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        .collect();
    let length =
        headers.iter().find(|(name, _)| name == "content-length").map_or(0, |(_, value)| value.parse().unwrap());
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let line = lines[0].trim_end_matches(" HTTP/1.1").to_owned();
    Some(Request { line, headers, body })
}

fn stderr(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).unwrap()
}

fn json_of(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|why| panic!("{why}: {}", stderr(output)))
}

fn tokens() -> Reply {
    Reply(
        200,
        "",
        json!({ "id_token": "id-1", "access_token": "a", "refresh_token": "refresh-1", "expires_in": 3600, "token_type": "Bearer" }),
    )
}

fn problem(status: u16, headers: &'static str, code: &str) -> Reply {
    Reply(
        status,
        headers,
        json!({ "type": format!("docs/ERRORS.md#{code}"), "title": "A title.", "status": status, "code": code, "detail": "A detail.", "request_id": "the-request" }),
    )
}

fn ticket(here: &str) -> Reply {
    let headers =
        json!({ "content-type": "image/png", "if-none-match": "*", "content-length": photo_bytes().to_string() });
    Reply(
        201,
        "",
        json!({ "image_id": "image-1", "upload": { "method": "PUT", "url": format!("{here}/storage?X-Sig=1"), "headers": headers, "expires_at": "x" }, "limits": {}, "status_url": "image/image-1" }),
    )
}

fn image(status: &str) -> Value {
    json!({ "image_id": "image-1", "status": status, "filename": "tiny.png", "created_at": "x", "updated_at": "x" })
}

fn photo() -> String {
    format!("{}/../fixtures/images/tiny.png", env!("CARGO_MANIFEST_DIR"))
}

fn photo_bytes() -> u64 {
    std::fs::metadata(photo()).unwrap().len()
}

/// What an upload asks about photos that the journal does not know.
const NOTHING: &str = "GET /images?limit=100&status=ready";

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
        "POST /auth/refresh" if number < 3 => Reply(
            200,
            "",
            json!({ "id_token": "id-2", "access_token": "a", "expires_in": 3600, "token_type": "Bearer" }),
        ),
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
                "limits": { "images_per_day": 2000, "bytes_per_day": 21_474_836_480_u64, "file": {} } }),
        ),
    });
    service.login();
    let told = service.run(&["whoami"], "");
    let text = String::from_utf8(told.stdout).unwrap();
    assert!(text.starts_with("ada@example.com at http://127.0.0.1:"), "{text}");
    assert!(text.contains("12 of 2000 photos, 50.2 MB of 21.5 GB"), "{text}");
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
    assert_eq!(service.run(&["logout"], "").status.code(), Some(0), "twice is no error");
}

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
fn a_photo_is_sent_as_its_ticket_says_and_once() {
    let service = Service::start("once", |here, _, request| match request.line.as_str() {
        "POST /auth/signin" => tokens(),
        "POST /upload" => ticket(here),
        "PUT /storage?X-Sig=1" => Reply(200, "", Value::Null),
        NOTHING => Reply(200, "", json!({ "items": [] })),
        _ => Reply(200, "", image("processing")),
    });
    service.login();
    let photo = photo();
    let sent = json_of(&service.run(&["--json", "upload", &photo, &photo], ""));
    let uploads: Vec<_> = sent["files"].as_array().unwrap().iter().map(|file| file["upload"].clone()).collect();
    assert!(uploads.contains(&json!("sent")) && uploads.contains(&json!("known")), "a copy is not sent: {uploads:?}");
    let (asked, put) = {
        let seen = service.seen.lock().unwrap();
        (seen[2].json(), seen[3].clone())
    };
    assert_eq!((&asked["filename"], &asked["content_type"]), (&json!("tiny.png"), &json!("image/png")));
    assert_eq!(asked["size_bytes"], photo_bytes());
    assert_eq!(put.body, std::fs::read(&photo).unwrap());
    assert_eq!((put.header("if-none-match"), put.header("authorization")), (Some("*"), None), "no token to storage");
    assert_eq!(put.header("transfer-encoding"), None, "its length is part of the signature");

    let again = json_of(&service.run(&["--json", "upload", &photo], ""));
    assert_eq!(again["files"][0]["upload"], "known");
    assert_eq!(service.lines()[4..], ["GET /image/image-1"]);
}

#[test]
fn a_put_whose_answer_was_lost_has_stored_the_photo() {
    let service = Service::start("lost", |here, number, request| match request.line.as_str() {
        "POST /auth/signin" => tokens(),
        "POST /upload" => ticket(here),
        "PUT /storage?X-Sig=1" if number == 3 => Reply(0, "", Value::Null),
        "PUT /storage?X-Sig=1" => Reply(412, "", Value::Null),
        NOTHING => Reply(200, "", json!({ "items": [] })),
        _ => Reply(200, "", image("rejected")),
    });
    service.login();
    let done = service.run(&["--json", "upload", "--wait", &photo()], "");
    assert_eq!(done.status.code(), Some(1), "what is rejected is no success: {}", stderr(&done));
    let file = &json_of(&done)["files"][0];
    assert_eq!((&file["upload"], &file["status"]), (&json!("sent"), &json!("rejected")));
}

#[test]
fn a_ticket_whose_answer_was_lost_is_asked_for_by_the_same_name() {
    let service = Service::start("key", |here, number, request| match request.line.as_str() {
        "POST /auth/signin" => tokens(),
        "POST /upload" if number == 2 => Reply(0, "", Value::Null),
        "POST /upload" => ticket(here),
        NOTHING => Reply(200, "", json!({ "items": [] })),
        _ => Reply(200, "", Value::Null),
    });
    service.login();
    let sent = service.run(&["upload", &photo()], "");
    assert_eq!(sent.status.code(), Some(0), "{}", stderr(&sent));
    let seen = service.seen.lock().unwrap();
    let keys: Vec<_> = seen.iter().filter_map(|request| request.header("idempotency-key")).collect();
    assert_eq!(keys.len(), 2);
    assert_eq!(keys[0], keys[1]);
}

#[test]
fn a_ticket_that_was_never_used_is_no_photo() {
    let service = Service::start("unused", |here, _, request| match request.line.as_str() {
        "POST /auth/signin" => tokens(),
        "POST /upload" | "POST /upload/image-1" => ticket(here),
        "PUT /storage?X-Sig=1" => Reply(403, "", Value::Null),
        NOTHING => Reply(200, "", json!({ "items": [] })),
        _ => Reply(202, "retry-after: 1\r\n", image("awaiting_upload")),
    });
    service.login();
    let refused = service.run(&["upload", &photo()], "");
    assert_eq!(refused.status.code(), Some(1));
    assert!(stderr(&refused).contains("status 403"), "{}", stderr(&refused));
    service.run(&["upload", &photo()], "");
    let ended: Vec<_> = service.lines()[4..].to_vec();
    assert_eq!(ended, ["GET /image/image-1", "POST /upload/image-1", "PUT /storage?X-Sig=1"], "it is renewed");
}

#[test]
fn a_download_that_ends_early_leaves_no_file() {
    let service = Service::start("short", |here, _, request| match request.line.as_str() {
        "POST /auth/signin" => tokens(),
        "GET /file" => Reply(200, "", json!("four")),
        _ => {
            let mut image = image("ready");
            image["variants"] = json!({ "large": { "url": format!("{here}/file"), "width": 1, "height": 1, "bytes": 7, "content_type": "image/jpeg", "expires_at": "x" } });
            Reply(200, "", image)
        }
    });
    service.login();
    let out = service.state.join("out");
    std::fs::create_dir_all(&out).unwrap();
    let done = service.run(&["get", "image-1", "-o", out.to_str().unwrap()], "");
    assert_eq!(done.status.code(), Some(4), "{}", stderr(&done));
    assert_eq!(std::fs::read_dir(&out).unwrap().count(), 0);
}

#[test]
fn a_list_goes_on_page_by_page() {
    let service = Service::start("pages", |_, _, request| match request.line.as_str() {
        "POST /auth/signin" => tokens(),
        "GET /images?limit=100&status=ready" => {
            Reply(200, "", json!({ "items": vec![image("ready"); 99], "next_cursor": "c-2" }))
        }
        "GET /images?limit=51&status=ready&cursor=c-2" => Reply(200, "", json!({ "items": [], "next_cursor": "c-3" })),
        "GET /images?limit=51&status=ready&cursor=c-3" => Reply(200, "", json!({ "items": [image("ready")] })),
        other => panic!("{other}"),
    });
    service.login();
    let listed = json_of(&service.run(&["--json", "ls", "--status", "ready", "--limit", "150"], ""));
    assert_eq!(listed["items"].as_array().unwrap().len(), 100);
}

#[test]
fn what_the_account_has_is_known_without_a_journal() {
    let sha256 = {
        let service = Service::start("sum", |here, _, request| match request.line.as_str() {
            "POST /auth/signin" => tokens(),
            "POST /upload" => ticket(here),
            _ => Reply(200, "", json!({ "items": [] })),
        });
        service.login();
        json_of(&service.run(&["--json", "upload", &photo()], ""))["files"][0]["sha256"].as_str().unwrap().to_owned()
    };
    let service = Service::start("account", move |_, _, request| match request.line.as_str() {
        "POST /auth/signin" => tokens(),
        "GET /images?limit=100&status=ready" => {
            let mut image = image("ready");
            image["facts"] = json!({ "sha256": sha256, "thumbhash": "x", "dominant_color": "#000000", "phash": "x" });
            Reply(200, "", json!({ "items": [image] }))
        }
        "GET /image/image-1" => Reply(200, "", image("ready")),
        other => panic!("{other}"),
    });
    service.login();
    let sent = json_of(&service.run(&["--json", "upload", &photo()], ""));
    assert_eq!((&sent["files"][0]["upload"], &sent["files"][0]["image_id"]), (&json!("known"), &json!("image-1")));
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
fn an_album_is_found_by_its_title_and_shared_by_link() {
    let service = Service::start("album", |_, _, request| {
        let album = json!({ "album_id": "al-1", "title": "Summer", "visibility": "private" });
        match request.line.as_str() {
            "POST /auth/signin" => tokens(),
            "GET /albums?limit=100" => {
                let other = json!({ "album_id": "al-2", "title": "Winter", "visibility": "public" });
                Reply(200, "", json!({ "items": [album, other.clone(), other] }))
            }
            "GET /albums/al-1" | "PATCH /albums/al-1" => Reply(200, "", album),
            "POST /albums/al-1/links" => {
                Reply(201, "", json!({ "link_id": "l-1", "url": "shared/t", "created_at": "x", "expires_at": "y" }))
            }
            "POST /albums/al-1/images" => Reply(204, "", Value::Null),
            other => panic!("{other}"),
        }
    });
    service.login();
    let shared = service.run(&["album", "share", "Summer", "--days", "2"], "");
    assert_eq!(String::from_utf8(shared.stdout).unwrap(), format!("{}/shared/t\n", service.url));
    assert_eq!(service.last().json(), json!({ "expires_in_seconds": 2 * 24 * 60 * 60 }));
    assert!(service.lines().contains(&"PATCH /albums/al-1".to_owned()), "a private album has no links");

    assert_eq!(service.run(&["album", "add", "al-1", "image-1", "image-2"], "").status.code(), Some(0));
    assert_eq!(service.last().json(), json!({ "image_ids": ["image-1", "image-2"] }));

    let twice = service.run(&["album", "share", "Winter"], "");
    assert!(stderr(&twice).contains("give the id"), "{}", stderr(&twice));
    let none = service.run(&["album", "share", "Autumn"], "");
    assert!(stderr(&none).contains("no album of yours"), "{}", stderr(&none));
}
