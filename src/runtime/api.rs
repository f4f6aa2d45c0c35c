//! The boundary of an API Lambda: reads the request, lets the handler decide, shows an error as a problem (RFC 9457),
//! sets the headers of every answer, and logs one line. Bodies, tokens, addresses and signed URLs never come near a log
//! (R35).

mod accept;
mod answer;
mod etag;
mod problem;
mod request;
#[cfg(any(test, feature = "testing"))]
pub mod testing;

pub use answer::Answer;
pub use problem::{Fields, Problem};
pub use request::{Request, no_null};

use super::config::Config;
use super::metrics::Metrics;
use super::{log, worker};
use aws_lambda_events::apigw::ApiGatewayProxyResponse;
use darkroom_domain::Error;
use darkroom_domain::error::Kind;
use futures::FutureExt;
use lambda_runtime::{LambdaEvent, service_fn};
use serde_json::Value;
use std::convert::Infallible;
use std::panic::AssertUnwindSafe;
use std::time::Instant;
use tracing::{Instrument, info_span};

/// Headers of every answer: no answer is a page, and none may be sniffed, framed, or kept by a shared cache.
const ALWAYS: [(&str, &str); 4] = [
    ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
    ("referrer-policy", "no-referrer"),
    ("strict-transport-security", "max-age=31536000; includeSubDomains"),
    ("x-content-type-options", "nosniff"),
];

/// The boundary between the handler and the gateway.
pub struct ApiBoundary {
    docs_url: String,
    origins: Vec<String>,
}

impl ApiBoundary {
    /// Reads from the environment where errors are explained, and which web origins may read our answers.
    pub fn of(config: &Config) -> Result<Self, Error> {
        let origins = config.optional("CORS_ORIGINS")?.unwrap_or_default();
        Ok(Self {
            docs_url: config.require("DOCS_URL")?,
            origins: origins.split(',').filter(|origin| !origin.is_empty()).map(Into::into).collect(),
        })
    }

    /// Answers one request, always: if a Lambda fails, the gateway says "Internal server error" and nothing else.
    pub async fn serve<F>(&self, handler: &F, event: LambdaEvent<Value>) -> ApiGatewayProxyResponse
    where
        F: AsyncFn(&Request) -> Result<Answer, Problem>,
    {
        let began = Instant::now();
        let request = Request::read(event.payload, &event.context.request_id);
        let span = info_span!(
            "request",
            request_id = request.id(),
            function_request_id = event.context.request_id,
            method = request.method(),
            resource = request.resource(),
            cold_start = log::cold_start(),
        );
        let result = self.guarded(handler, &request).instrument(span.clone()).await;
        span.in_scope(|| report(began, &result));
        let answer = result.unwrap_or_else(|problem| problem.into_answer(&self.docs_url, request.id()));
        self.finish(answer, &request)
    }

    async fn guarded<F>(&self, handler: &F, request: &Request) -> Result<Answer, Problem>
    where
        F: AsyncFn(&Request) -> Result<Answer, Problem>,
    {
        request.understood()?;
        if request.method() == "OPTIONS" {
            return Ok(Answer::empty(204));
        }
        // Boxed, since the futures of the SDK and of the runtime around one another are deeper than the compiler looks.
        let handled = AssertUnwindSafe(Box::pin(handler(request))).catch_unwind().await;
        handled.unwrap_or_else(|panic| Err(worker::bug(&*panic).into()))
    }

    fn finish(&self, answer: Answer, request: &Request) -> ApiGatewayProxyResponse {
        let mut answer = ALWAYS.into_iter().fold(answer, |answer, (name, value)| answer.with(name, value));
        answer = answer.with("x-request-id", request.id()).or("cache-control", "no-store");
        if !self.origins.is_empty() {
            answer = answer.varies_by("origin");
        }
        if let Some(origin) = request.header("origin").filter(|origin| self.origins.iter().any(|known| known == origin))
        {
            answer = answer
                .with("access-control-allow-origin", origin)
                .with("access-control-expose-headers", "etag, location, retry-after, x-request-id");
            if request.method() == "OPTIONS" {
                answer = answer
                    .with("access-control-allow-methods", "GET, POST, PUT, PATCH, DELETE")
                    .with("access-control-allow-headers", "authorization, content-type, idempotency-key, if-none-match")
                    .with("access-control-max-age", "7200");
            }
        }
        answer.into_response()
    }
}

/// Serves requests until the sandbox ends.
pub async fn run<F>(boundary: ApiBoundary, handler: F) -> Result<(), lambda_runtime::Error>
where
    F: AsyncFn(&Request) -> Result<Answer, Problem>,
{
    let (boundary, handler) = (&boundary, &handler);
    let serve = async move |event: LambdaEvent<Value>| Ok::<_, Infallible>(boundary.serve(handler, event).await);
    lambda_runtime::run(service_fn(serve)).await
}

fn report(began: Instant, result: &Result<Answer, Problem>) {
    let duration_ms = began.elapsed().as_secs_f64() * 1000.0;
    let problem = match result {
        Ok(answer) => return tracing::info!(status = answer.status(), duration_ms, "answered"),
        Err(problem) => problem,
    };
    let (code, status, cause) = (problem.code.name(), problem.code.http_status(), problem.cause.as_deref());
    match problem.code.kind() {
        Kind::Request | Kind::Rejection => tracing::info!(status, duration_ms, code, cause, "refused"),
        Kind::Transient => tracing::warn!(status, duration_ms, code, cause, "may be tried again"),
        Kind::Fault => tracing::error!(status, duration_ms, code, cause, "failed"),
    }
    if status >= 500 {
        Metrics::new().by("code", code).count("Failed").emit();
    }
}

#[cfg(test)]
mod tests;
