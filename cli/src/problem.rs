//! The problem document of a refusal: RFC 9457, as docs/ERRORS.md lists it.

use crate::text;
use serde::{Deserialize, Serialize};
use std::fmt::{Display, Formatter, Result};

/// Read leniently: a newer service may say more.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Problem {
    pub status: u16,
    pub code: String,
    pub title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    pub request_id: String,
    #[serde(rename = "type", skip_serializing_if = "String::is_empty")]
    pub docs: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// The photo that it is about, if the command was given several. The command adds this, not the service.
    #[serde(skip_deserializing, skip_serializing_if = "String::is_empty")]
    pub image_id: String,
}

/// What is wrong with one field of a request.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    pub field: String,
    pub message: String,
}

/// An error of API Gateway itself.
#[derive(Deserialize)]
struct Gateway {
    #[serde(alias = "Message")]
    message: String,
}

impl Problem {
    /// The problem in a body. An answer of a proxy or gateway becomes its status and its message.
    pub fn read(status: u16, request_id: &str, body: &[u8]) -> Self {
        let read = serde_json::from_slice::<Self>(body).unwrap_or_default();
        if !read.title.is_empty() {
            return Self { status, ..read };
        }
        let said = serde_json::from_slice::<Gateway>(body).map(|gateway| gateway.message).ok();
        let title = said.unwrap_or_else(|| format!("the answer has status {status} and is not Darkroom's"));
        Self { status, title, request_id: request_id.into(), ..Self::default() }
    }

    /// The same problem, about one photo among several.
    pub fn about(self, image_id: &str) -> Self {
        Self { image_id: image_id.into(), ..self }
    }
}

impl Display for Problem {
    fn fmt(&self, out: &mut Formatter<'_>) -> Result {
        if !self.image_id.is_empty() {
            write!(out, "{}: ", self.image_id)?;
        }
        write!(out, "{}", text::plain(&self.title))?;
        if !self.code.is_empty() {
            write!(out, " ({})", text::plain(&self.code))?;
        }
        if let Some(detail) = &self.detail {
            write!(out, "\n  {}", text::plain(detail))?;
        }
        for FieldError { field, message } in &self.errors {
            write!(out, "\n  {}: {}", text::plain(field), text::plain(message))?;
        }
        if !self.request_id.is_empty() {
            write!(out, "\n  request id: {}", text::plain(&self.request_id))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_is_shown_with_all_that_helps() {
        let body = br#"{"type": "docs/ERRORS.md#Request.Invalid", "title": "No.", "status": 400, "code":
            "Request.Invalid", "detail": "Look:", "request_id": "r-1", "errors": [{"field": "size", "message": "must"}]}"#;
        let problem = Problem::read(400, "", body);
        assert_eq!(problem.to_string(), "No. (Request.Invalid)\n  Look:\n  size: must\n  request id: r-1");
        assert_eq!(serde_json::to_value(&problem).unwrap()["type"], "docs/ERRORS.md#Request.Invalid");
    }

    #[test]
    fn what_stands_in_between_is_quoted() {
        assert_eq!(Problem::read(403, "r", br#"{"message": "Forbidden"}"#).to_string(), "Forbidden\n  request id: r");
        assert!(Problem::read(502, "", b"<html>").to_string().contains("502"));
    }
}
