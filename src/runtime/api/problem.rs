//! An error for a client: the catalogue's code and title, and the detail of this case.

use super::Answer;
use darkroom_domain::{Error, ErrorCode};
use serde::Serialize;

/// What is wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct FieldError {
    field: String,
    message: String,
}

/// A problem of RFC 9457. The cause is for the log only.
#[derive(Clone, Debug)]
pub struct Problem {
    pub(super) code: ErrorCode,
    pub(super) cause: Option<String>,
    detail: Option<String>,
    retry_after: Option<u32>,
    errors: Vec<FieldError>,
}

impl Problem {
    /// A sentence about this case, for the public.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// Seconds after which it is worth trying again.
    #[must_use]
    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// The request is at fault in this one field.
    pub fn field(field: &str, message: impl Into<String>) -> Self {
        let error = FieldError { field: field.into(), message: message.into() };
        Self { errors: vec![error], ..ErrorCode::RequestInvalid.into() }
    }

    pub(super) fn into_answer(self, docs_url: &str, request_id: &str) -> Answer {
        let body = ProblemBody {
            r#type: &self.code.docs_link(docs_url),
            title: self.code.message(),
            status: self.code.http_status(),
            code: self.code,
            detail: self.detail.as_deref(),
            request_id,
            errors: &self.errors,
        };
        // A document of strings and numbers can always be written.
        let text = serde_json::to_string(&body).unwrap_or_default();
        let answer = Answer::text(body.status, "application/problem+json", text);
        let usual = match self.code.http_status() {
            429 => Some(5),
            503 => Some(2),
            _ => None,
        };
        match self.retry_after.or(usual) {
            Some(seconds) => answer.with("retry-after", &seconds.to_string()),
            None => answer,
        }
    }
}

#[derive(Serialize)]
struct ProblemBody<'a> {
    r#type: &'a str,
    title: &'a str,
    status: u16,
    code: ErrorCode,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'a str>,
    request_id: &'a str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [FieldError],
}

impl From<ErrorCode> for Problem {
    fn from(code: ErrorCode) -> Self {
        Self { code, cause: None, detail: None, retry_after: None, errors: Vec::new() }
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        Self { cause: Some(error.detail), ..error.code.into() }
    }
}

/// Collects the faults of a request, so that a client learns of every field at once.
#[derive(Debug, Default)]
pub struct Fields(Vec<FieldError>);

impl Fields {
    /// Notes the message about the field unless the condition holds.
    pub fn check(&mut self, holds: bool, field: &str, message: impl FnOnce() -> String) {
        if !holds {
            self.0.push(FieldError { field: field.into(), message: message() });
        }
    }

    /// An error if a fault was noted.
    pub fn done(self) -> Result<(), Problem> {
        if self.0.is_empty() { Ok(()) } else { Err(Problem { errors: self.0, ..ErrorCode::RequestInvalid.into() }) }
    }
}
