//! POSTs to a user's webhook: over TLS, to public addresses only, for ten seconds at most. Redirects are not followed,
//! and the answer's body is not read.

use crate::address;
use crate::destination::{Destination, Trusted};
use std::fmt;
use std::time::Duration;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Error};

/// From the look-up of the name to the answer's headers.
const WHOLE_CALL: Duration = Duration::from_secs(10);
const LOOK_UP: Duration = Duration::from_secs(3);
const CONNECT: Duration = Duration::from_secs(3);
/// A receiver does not need as much to say whether it took an event.
const LARGEST_HEADERS: usize = 16 * 1024;

/// A signed event.
#[derive(Clone, Debug)]
pub struct SignedEvent {
    pub id: String,
    pub timestamp: i64,
    pub signature: String,
    pub body: String,
}

/// Why an event was not delivered, in the words of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// An answer other than 2xx, such as a redirect, which is not followed.
    Status(u16),
    /// No answer in time.
    Timeout,
    /// No such name.
    UnknownHost,
    /// The name leads to an address that is not of the public internet.
    NotPublic,
    /// No valid certificate for the name.
    Tls,
    /// No connection, or no HTTP.
    Unreachable,
}

impl Refusal {
    /// As the API names it.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Status(_) => "status",
            Self::Timeout => "timeout",
            Self::UnknownHost => "unknown_host",
            Self::NotPublic => "not_public",
            Self::Tls => "tls",
            Self::Unreachable => "unreachable",
        }
    }

    /// The receiver's status code, if it answered.
    pub const fn status(self) -> Option<u16> {
        match self {
            Self::Status(status) => Some(status),
            _ => None,
        }
    }
}

/// May call strangers.
pub trait Post: Send + Sync + 'static {
    /// Posts the event; returns the status of an answer that took it. It blocks, so it needs a thread of its own.
    fn post(&self, to: &Destination, signed: &SignedEvent) -> Result<u16, Refusal>;
}

/// The one way out.
pub struct Postman(Agent);

impl Postman {
    /// Calls public addresses, and the hosts that the operator allows.
    pub fn new(trusted: Trusted) -> Self {
        Self::with(PublicOnly { trusted, names: DefaultResolver::default() }, WHOLE_CALL)
    }

    fn with(resolver: impl Resolver, whole_call: Duration) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            // A proxy of the environment would look names up by itself.
            .proxy(None)
            // Each call checks the address again, and the answer of one receiver cannot be taken for another's.
            .max_idle_connections(0)
            .max_response_header_size(LARGEST_HEADERS)
            .user_agent(concat!("Darkroom-Webhooks/", env!("CARGO_PKG_VERSION")))
            .timeout_global(Some(whole_call))
            .timeout_resolve(Some(LOOK_UP))
            .timeout_connect(Some(CONNECT))
            .build();
        Self(Agent::with_parts(config, DefaultConnector::default(), resolver))
    }
}

impl Post for Postman {
    fn post(&self, to: &Destination, signed: &SignedEvent) -> Result<u16, Refusal> {
        let request = self.0.post(to.url()).header("content-type", "application/json");
        let request = request
            .header("webhook-id", &signed.id)
            .header("webhook-timestamp", signed.timestamp.to_string())
            .header("webhook-signature", &signed.signature);
        // The answer's body is not read: Darkroom does not need it.
        let status = request.send(signed.body.as_str()).map_err(|error| refusal(&error))?.status();
        if status.is_success() { Ok(status.as_u16()) } else { Err(Refusal::Status(status.as_u16())) }
    }
}

fn refusal(error: &Error) -> Refusal {
    match error {
        Error::Timeout(_) => Refusal::Timeout,
        Error::HostNotFound => Refusal::UnknownHost,
        Error::Other(why) if why.is::<NotPublic>() => Refusal::NotPublic,
        Error::Tls(_) | Error::Rustls(_) => Refusal::Tls,
        // Errors of TLS come through the socket.
        Error::Io(why) if why.kind() == std::io::ErrorKind::InvalidData => Refusal::Tls,
        _ => Refusal::Unreachable,
    }
}

/// Looks names up and checks the answers. The client connects only to the addresses that are handed on here, so a name
/// that resolves to another address a moment later has no effect.
struct PublicOnly<R> {
    trusted: Trusted,
    names: R,
}

impl<R: Resolver> Resolver for PublicOnly<R> {
    fn resolve(&self, uri: &Uri, config: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, Error> {
        let found = self.names.resolve(uri, config, timeout).map_err(|error| match error {
            Error::Io(_) => Error::HostNotFound,
            other => other,
        })?;
        // One address that is not public refuses them all: no honest name resolves to both kinds.
        let vouched_for = uri.host().is_some_and(|host| self.trusted.contains(host));
        if vouched_for || found.iter().all(|address| address::is_public(address.ip())) {
            Ok(found)
        } else {
            Err(Error::Other(Box::new(NotPublic)))
        }
    }
}

impl<R> fmt::Debug for PublicOnly<R> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("PublicOnly")
    }
}

#[derive(Debug)]
struct NotPublic;

impl fmt::Display for NotPublic {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("not an address of the public internet")
    }
}

impl std::error::Error for NotPublic {}

#[cfg(test)]
mod tests;
