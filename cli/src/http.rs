//! Requests, and when they are tried again.

use crate::error::Error;
use crate::problem::Problem;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::io::Read;
use std::time::Duration;
use ureq::http::{Request, Response};
use ureq::{Agent, Body, SendBody};

const TRIES: u32 = 6;
/// Connections that may break before the service counts as unreachable.
const BROKEN: u32 = 2;
/// A service that asks for a longer pause is an error instead.
const LONGEST_PAUSE: Duration = Duration::from_mins(1);
/// Answers of the API are small.
const LARGEST_ANSWER: u64 = 10 << 20;

/// An answer of the API that is not a problem document.
pub struct Answer {
    /// Seconds, when the service says when to ask again.
    pub retry_after: Option<u64>,
    body: Vec<u8>,
}

impl Answer {
    /// The body as what it should be.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Error> {
        serde_json::from_slice(&self.body).map_err(|why| Error::Unreachable(format!("unexpected answer: {why}")))
    }
}

/// One request to the API.
pub struct Call<'a> {
    pub method: &'static str,
    pub url: String,
    pub token: Option<&'a str>,
    pub body: Option<&'a Value>,
    pub headers: &'a [(&'static str, &'a str)],
}

/// An agent for servers of this host. A server on this machine is called without a proxy.
pub fn agent(on_this_machine: bool) -> Agent {
    let config = Agent::config_builder()
        .http_status_as_error(false)
        // A redirect would carry the token, or a photo, to another server.
        .max_redirects(0)
        .max_redirects_will_error(false)
        .user_agent(concat!("darkroom-cli/", env!("CARGO_PKG_VERSION")))
        .timeout_connect(Some(Duration::from_secs(10)))
        .timeout_per_read(Some(Duration::from_mins(1)))
        .timeout_per_write(Some(Duration::from_mins(1)));
    let config = if on_this_machine { config.proxy(None) } else { config };
    config.build().into()
}

/// Sends a request, and again after the service's pause if it was throttled or the service was not ready.
pub fn call(agent: &Agent, call: &Call<'_>) -> Result<Answer, Error> {
    let body = call.body.map(ToString::to_string);
    let named = call.headers.iter().any(|(name, _)| *name == "idempotency-key");
    let idempotent = named || matches!(call.method, "GET" | "PUT" | "DELETE");
    let answer = persist(Peer::Api { idempotent }, || {
        let mut request = Request::builder().method(call.method).uri(&call.url).header("accept", "application/json");
        if let Some(token) = call.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        for (name, value) in call.headers {
            request = request.header(*name, *value);
        }
        match &body {
            Some(body) => agent.run(request.header("content-type", "application/json").body(body.as_str())?),
            None => agent.run(request.body(())?),
        }
    })?;
    let (status, request_id) = (answer.status().as_u16(), header(&answer, "x-request-id"));
    let retry_after = header(&answer, "retry-after").and_then(|seconds| seconds.parse().ok());
    let mut body = Vec::new();
    answer.into_body().into_reader().take(LARGEST_ANSWER).read_to_end(&mut body).map_err(|why| unreachable(&why))?;
    if status >= 300 {
        let problem = Problem::read(status, request_id.as_deref().unwrap_or_default(), &body);
        return Err(Error::Problem(Box::new(problem)));
    }
    Ok(Answer { retry_after, body })
}

/// The outcome of a PUT to storage.
pub enum Stored {
    Now,
    /// `If-None-Match: *` refused it: an earlier try, whose answer was lost, has stored it.
    Before,
    /// The ticket is too old, or was for something else.
    Refused(u16),
}

/// Sends a file where a ticket says. `progress` is told of each part, and of what must be sent again.
pub fn put(
    agent: &Agent,
    url: &str,
    headers: &[(String, String)],
    content: &[u8],
    progress: &dyn Progress,
) -> Result<Stored, Error> {
    let answer = persist(Peer::Storage, || {
        let mut request = Request::builder().method("PUT").uri(url);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let mut reader = Counted { rest: content, sent: 0, progress };
        let answer = agent.run(request.body(SendBody::from_reader(&mut reader))?);
        if !answer.as_ref().is_ok_and(|answer| answer.status().is_success() || answer.status() == 412) {
            progress.lost(reader.sent);
        }
        answer
    })?;
    Ok(match answer.status().as_u16() {
        200..300 => Stored::Now,
        412 => Stored::Before,
        status @ 500.. => return Err(Error::Unreachable(format!("storage answered {status}"))),
        status => Stored::Refused(status),
    })
}

/// Something that is shown while bytes move.
pub trait Progress {
    fn moved(&self, bytes: u64);
    fn lost(&self, bytes: u64);
}

struct Counted<'a> {
    rest: &'a [u8],
    sent: u64,
    progress: &'a dyn Progress,
}

impl Read for Counted<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.rest.read(buffer)?;
        self.sent += count as u64;
        self.progress.moved(count as u64);
        Ok(count)
    }
}

/// The bytes behind a signed URL: as many as were promised, or an error.
pub fn download(agent: &Agent, url: &str, promised: u64) -> Result<Vec<u8>, Error> {
    let answer = persist(Peer::Storage, || agent.get(url).call())?;
    let status = answer.status();
    if status.is_server_error() {
        return Err(Error::Unreachable(format!("storage answered {status}")));
    }
    if !status.is_success() {
        return Err(Error::Refused(format!("storage answered {status}; the link may have expired")));
    }
    let mut content = Vec::new();
    answer.into_body().into_reader().take(promised + 1).read_to_end(&mut content).map_err(|why| unreachable(&why))?;
    if content.len() as u64 == promised {
        Ok(content)
    } else {
        Err(Error::Unreachable("the download ended early".into()))
    }
}

/// Tries again after an answer that asks for patience, and after a broken connection where a request may be sent twice.
fn persist(peer: Peer, mut send: impl FnMut() -> Result<Response<Body>, ureq::Error>) -> Result<Response<Body>, Error> {
    let (mut tries, mut broken) = (1, 0);
    loop {
        let wait = match send() {
            Ok(answer) if tries < TRIES && peer.asks_for_patience(&answer) => {
                let asked = header(&answer, "retry-after").and_then(|seconds| seconds.parse().ok());
                match asked.map_or_else(|| backoff(tries), Duration::from_secs) {
                    // Such as the day's quota, which ends tomorrow.
                    wait if wait > LONGEST_PAUSE => return Ok(answer),
                    wait => wait,
                }
            }
            Ok(answer) => return Ok(answer),
            Err(why) if broken >= BROKEN || !peer.may_be_sent_twice() || !passes(&why) => {
                return Err(unreachable(&why));
            }
            Err(_) => {
                broken += 1;
                backoff(broken)
            }
        };
        std::thread::sleep(wait);
        tries += 1;
    }
}

/// The server of a request, which decides what an answer means.
#[derive(Clone, Copy)]
enum Peer {
    Api { idempotent: bool },
    Storage,
}

impl Peer {
    fn may_be_sent_twice(self) -> bool {
        !matches!(self, Self::Api { idempotent: false })
    }

    /// Too much at once, out of order for now, or something else must end first.
    fn asks_for_patience(self, answer: &Response<Body>) -> bool {
        match (answer.status().as_u16(), self) {
            // The last two are S3's: an error of its own, or another request for the same key is under way.
            (429 | 503, _) | (500 | 409, Self::Storage) => true,
            // The gateway got no answer, or a broken one; the request may have been carried out.
            (502 | 504, _) => self.may_be_sent_twice(),
            (409, Self::Api { .. }) => answer.headers().contains_key("retry-after"),
            _ => false,
        }
    }
}

fn backoff(tries: u32) -> Duration {
    Duration::from_millis(500) * 2_u32.pow(tries - 1)
}

fn passes(why: &ureq::Error) -> bool {
    matches!(why, ureq::Error::Io(_) | ureq::Error::Timeout(_) | ureq::Error::ConnectionFailed)
}

fn unreachable(why: &dyn std::fmt::Display) -> Error {
    Error::Unreachable(format!("no answer: {why}"))
}

fn header(answer: &Response<Body>, name: &str) -> Option<String> {
    answer.headers().get(name)?.to_str().ok().map(Into::into)
}
