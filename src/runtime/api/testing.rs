//! Requests as the gateway makes them, for the tests of handlers.

use super::{Answer, ApiBoundary, Problem, Request};
use aws_lambda_events::encodings::Body;
use aws_lambda_events::http::HeaderMap;
use lambda_runtime::{Context, LambdaEvent};
use serde_json::{Value, json};

/// The client that the tokens of [`Call::signed_in`] are for.
pub const CLIENT_ID: &str = "client-of-the-tests";
/// The `sub` of those tokens.
pub const OWNER: &str = "3f1c2b6a-0d2e-4a57-9d3a-5b1f6c7d8e9f";
/// When every call arrives: 31 January 2026, 12:00:07.250 UTC, in milliseconds.
pub const ARRIVED: i64 = 1_769_860_807_250;

/// A request in the making.
pub struct Call(Value);

impl Call {
    /// A request without a sign-in and without a body.
    pub fn new(method: &str, resource: &str) -> Self {
        Self(json!({
            "resource": resource,
            "path": resource,
            "httpMethod": method,
            "headers": {},
            "multiValueHeaders": {},
            "queryStringParameters": null,
            "multiValueQueryStringParameters": null,
            "pathParameters": null,
            "stageVariables": null,
            "requestContext": {
                "httpMethod": method,
                "requestId": "request-1",
                "requestTimeEpoch": ARRIVED,
                "resourcePath": resource,
                "identity": { "sourceIp": "192.0.2.1" },
            },
            "body": null,
            "isBase64Encoded": false,
        }))
    }

    /// With an id token that the gateway has verified.
    #[must_use]
    pub fn signed_in(self) -> Self {
        self.claims(&json!({ "sub": OWNER, "token_use": "id", "aud": CLIENT_ID, "email": "ada@example.com" }))
    }

    /// With an id token of an operator.
    #[must_use]
    pub fn operator(self) -> Self {
        self.claims(&json!({
            "sub": OWNER, "token_use": "id", "aud": CLIENT_ID, "email": "ada@example.com", "cognito:groups": "operators",
        }))
    }

    /// With these claims.
    #[must_use]
    pub fn claims(mut self, claims: &Value) -> Self {
        self.0["requestContext"]["authorizer"] = json!({ "claims": claims });
        self
    }

    /// With a JSON body.
    #[must_use]
    pub fn json(self, body: &Value) -> Self {
        self.body("application/json", &body.to_string())
    }

    /// With any body.
    #[must_use]
    pub fn body(mut self, content_type: &str, body: &str) -> Self {
        self.0["body"] = body.into();
        self.header("content-type", content_type)
    }

    /// With a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.0["headers"][name] = value.into();
        self.0["multiValueHeaders"][name] = json!([value]);
        self
    }

    /// With one more path parameter.
    #[must_use]
    pub fn path(mut self, name: &str, value: &str) -> Self {
        self.0["pathParameters"][name] = value.into();
        self
    }

    /// With one more query parameter, given once or more.
    #[must_use]
    pub fn query(mut self, name: &str, values: &[&str]) -> Self {
        self.0["queryStringParameters"][name] = values[0].into();
        self.0["multiValueQueryStringParameters"][name] = json!(values);
        self
    }

    /// With the event changed in any other way.
    #[must_use]
    pub fn event(mut self, change: impl FnOnce(&mut Value)) -> Self {
        change(&mut self.0);
        self
    }

    /// Lets the handler answer, from the gateway's event to the gateway's response. Web pages of
    /// `https://app.example.com` may read it.
    pub async fn send(self, handler: impl AsyncFn(&Request) -> Result<Answer, Problem>) -> Reply {
        let boundary =
            ApiBoundary { docs_url: "docs/ERRORS.md".into(), origins: vec!["https://app.example.com".into()] };
        let mut context = Context::default();
        context.request_id = "invocation-1".into();
        let response = boundary.serve(&handler, LambdaEvent::new(self.0, context)).await;
        let body = match response.body {
            Some(Body::Text(text)) => text,
            None => String::new(),
            Some(other) => panic!("no body is binary: {other:?}"),
        };
        Reply { status: response.status_code, headers: response.headers, body }
    }
}

/// What the gateway would send.
#[derive(Debug)]
pub struct Reply {
    /// The status.
    pub status: i64,
    headers: HeaderMap,
    /// The body.
    pub body: String,
}

impl Reply {
    /// A header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().expect("ASCII"))
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("a JSON body")
    }

    /// Status and code of a problem, and that it is one.
    pub fn problem(&self) -> (i64, String) {
        let (problem, media_type) = (self.json(), self.header("content-type"));
        assert_eq!(media_type, Some("application/problem+json"));
        assert_eq!(problem["status"], self.status);
        assert!(problem["title"].is_string() && problem["request_id"] == "request-1", "{problem}");
        let code = problem["code"].as_str().expect("a code").to_owned();
        assert_eq!(problem["type"], format!("docs/ERRORS.md#{code}"));
        (self.status, code)
    }

    /// The fields that a problem names.
    pub fn fields(&self) -> Vec<String> {
        let problem = self.json();
        let errors = problem["errors"].as_array().cloned().unwrap_or_default();
        errors.iter().map(|error| error["field"].as_str().expect("a name").to_owned()).collect()
    }
}
