//! The service that says what a test wants to hear, and what it says most.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::{Arc, Mutex};

/// What came in: `"POST /upload"`, headers in lower case, body.
#[derive(Clone, Debug)]
pub struct Request {
    pub line: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Request {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

/// What goes out. Status 0 is a connection that breaks.
pub struct Reply(pub u16, pub &'static str, pub Value);

pub struct Service {
    pub url: String,
    pub seen: Arc<Mutex<Vec<Request>>>,
    pub state: PathBuf,
}

impl Service {
    /// Answers with what `script` makes of the service's address, the number of the request and the request.
    pub fn start(name: &str, script: impl Fn(&str, usize, &Request) -> Reply + Send + 'static) -> Self {
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

    pub fn run(&self, arguments: &[&str], input: &str) -> Output {
        let mut child = Command::new(env!("CARGO_BIN_EXE_darkroom"))
            .args(arguments)
            .env_clear()
            .env("DARKROOM_API", &self.url)
            .env("XDG_STATE_HOME", &self.state)
            // Requests to this machine must not go through a proxy.
            .env("HTTP_PROXY", "http://127.0.0.1:9")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        child.wait_with_output().unwrap()
    }

    pub fn login(&self) {
        let done = self.run(&["login", "ada@example.com"], "a good long password\n");
        assert_eq!(done.status.code(), Some(0), "{}", stderr(&done));
    }

    pub fn lines(&self) -> Vec<String> {
        self.seen.lock().unwrap().iter().map(|request| request.line.clone()).collect()
    }

    pub fn last(&self) -> Request {
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

pub fn stderr(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).unwrap()
}

pub fn json_of(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|why| panic!("{why}: {}", stderr(output)))
}

pub fn tokens() -> Reply {
    Reply(
        200,
        "",
        json!({ "id_token": "id-1", "refresh_token": "refresh-1", "expires_in": 3600, "token_type": "Bearer" }),
    )
}

pub fn problem(status: u16, headers: &'static str, code: &str) -> Reply {
    Reply(
        status,
        headers,
        json!({ "type": format!("docs/ERRORS.md#{code}"), "title": "A title.", "status": status, "code": code, "detail": "A detail.", "request_id": "the-request" }),
    )
}

pub fn ticket(here: &str) -> Reply {
    let headers =
        json!({ "content-type": "image/png", "if-none-match": "*", "content-length": photo_bytes().to_string() });
    Reply(
        201,
        "",
        json!({ "image_id": "image-1", "upload": { "method": "PUT", "url": format!("{here}/storage?X-Sig=1"), "headers": headers, "expires_at": "x" }, "limits": {}, "status_url": "image/image-1" }),
    )
}

pub fn image(status: &str) -> Value {
    json!({ "image_id": "image-1", "status": status, "filename": "tiny.png", "created_at": "x", "updated_at": "x" })
}

pub fn photo() -> String {
    format!("{}/../fixtures/images/tiny.png", env!("CARGO_MANIFEST_DIR"))
}

pub fn photo_bytes() -> u64 {
    std::fs::metadata(photo()).unwrap().len()
}
