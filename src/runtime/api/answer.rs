//! An answer of the API.

use aws_lambda_events::apigw::ApiGatewayProxyResponse;
use aws_lambda_events::encodings::Body;
use aws_lambda_events::http::{HeaderMap, HeaderName, HeaderValue};
use darkroom_domain::{Error, ErrorCode};
use serde::Serialize;

/// Status, headers and body.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    status: u16,
    headers: HeaderMap,
    body: Option<String>,
}

impl Answer {
    /// No body.
    pub fn empty(status: u16) -> Self {
        Self { status, ..Self::default() }
    }

    /// A body of bytes.
    pub fn text(status: u16, content_type: &str, body: String) -> Self {
        Self { status, body: Some(body), ..Self::default() }.with("content-type", content_type)
    }

    /// A value as JSON.
    pub fn json(status: u16, value: &impl Serialize) -> Result<Self, Error> {
        let body = serde_json::to_string(value).map_err(|why| Error::new(ErrorCode::WorkerBug, why.to_string()))?;
        Ok(Self::text(status, "application/json", body))
    }

    /// With a header, in place of one of the same name.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        // A value that a header cannot carry (such as a line break) is omitted: all our values are ASCII that we made.
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(HeaderName::from_static(name), value);
        }
        self
    }

    /// With a header, unless there is one of the same name.
    #[must_use]
    pub fn or(self, name: &'static str, value: &str) -> Self {
        if self.headers.contains_key(name) { self } else { self.with(name, value) }
    }

    /// Tells caches that this header of the request decides, too.
    #[must_use]
    pub fn varies_by(self, header: &str) -> Self {
        let known = self.headers.get("vary").and_then(|known| known.to_str().ok());
        let vary = known.map_or_else(|| header.to_owned(), |known| format!("{known}, {header}"));
        self.with("vary", &vary)
    }

    /// The status.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The body.
    pub fn body(&self) -> Option<&str> {
        self.body.as_deref()
    }

    pub(super) fn into_response(self) -> ApiGatewayProxyResponse {
        let mut response = ApiGatewayProxyResponse::default();
        response.status_code = self.status.into();
        response.headers = self.headers;
        response.body = self.body.map(Body::Text);
        response
    }
}
