//! The boundary of a worker Lambda, which is one state of the state machine: reads the work order, lets the handler
//! decide, logs one line with the result, and names a failure exactly as the state machine catches it.

use super::{log, metrics::Metrics};
use darkroom_domain::error::Kind;
use darkroom_domain::id::ImageId;
use darkroom_domain::{Error, ErrorCode, cause, key};
use futures::FutureExt;
use lambda_runtime::{Diagnostic, LambdaEvent, service_fn};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::panic::AssertUnwindSafe;
use std::time::Instant;
use tracing::{Instrument, info_span};

/// A handler's figures for the log line and the metrics.
#[derive(Clone, Copy, Debug, Default)]
pub struct WorkStats {
    /// Bytes read from storage.
    pub bytes_in: u64,
    /// Bytes written to storage.
    pub bytes_out: u64,
    /// Pixels decoded.
    pub pixels_in: u64,
}

/// Serves one stage until the sandbox ends. The handler is given the work order; it returns the next one.
pub async fn run<I, O, F>(stage: &'static str, handler: F) -> Result<(), lambda_runtime::Error>
where
    I: DeserializeOwned,
    O: Serialize,
    F: AsyncFn(I) -> Result<(O, WorkStats), Error>,
{
    let handler = &handler;
    lambda_runtime::run(service_fn(async move |event: LambdaEvent<Value>| invoke(stage, handler, event).await)).await
}

async fn invoke<I, O, F>(stage: &'static str, handler: &F, event: LambdaEvent<Value>) -> Result<O, Diagnostic>
where
    I: DeserializeOwned,
    F: AsyncFn(I) -> Result<(O, WorkStats), Error>,
{
    let text = |pointer: &str| event.payload.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
    let span = info_span!(
        "invocation",
        stage,
        image_id = text("/image_id"),
        execution = execution(&text("/image_id"), &text("/source/version_id")),
        function_request_id = event.context.request_id,
        cold_start = log::cold_start(),
    );
    let began = Instant::now();
    let result = guarded(handler, event.payload).instrument(span.clone()).await;
    span.in_scope(|| report(stage, began, result.as_ref().map(|(_, stats)| stats)));
    result.map(|(output, _)| output).map_err(diagnostic)
}

/// The name of the execution that this order belongs to: what an operator copies from the console into a log query.
fn execution(image_id: &str, version_id: &str) -> String {
    ImageId::parse(image_id).map(|image| key::execution_name(image, version_id)).unwrap_or_default()
}

/// The handler, guarded against the two things that must never end the sandbox: unknown input, and a panic.
async fn guarded<I, O, F>(handler: &F, payload: Value) -> Result<(O, WorkStats), Error>
where
    I: DeserializeOwned,
    F: AsyncFn(I) -> Result<(O, WorkStats), Error>,
{
    let input = order(payload)?;
    // Boxed: the SDK's futures nest deeper than the compiler follows.
    AssertUnwindSafe(handler(input).boxed_local()).catch_unwind().await.unwrap_or_else(|panic| Err(bug(&*panic)))
}

/// Reads the input of a state, which another release may have written.
pub fn order<I: DeserializeOwned>(payload: Value) -> Result<I, Error> {
    serde_json::from_value(payload).map_err(|why| Error::new(ErrorCode::WorkerBadInput, why.to_string()))
}

/// The message of a panic, under the error name of a bug.
pub fn bug(panic: &(dyn std::any::Any + Send)) -> Error {
    let said = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    Error::new(ErrorCode::WorkerBug, format!("panicked: {}", said.unwrap_or("without a word")))
}

/// The part of a detail that the record and the console keep; the log has all of it.
const LONGEST_MESSAGE: usize = 1000;

/// The name goes where the state machine matches on it, the detail where the console shows it. The detail is cut, since
/// it travels in the state's input from here on (R15). Its last line tells the version of this function.
#[expect(clippy::needless_pass_by_value, reason = "it is what `map_err` hands over")]
pub fn diagnostic(error: Error) -> Diagnostic {
    let variable = |name: &str| std::env::var(name).ok();
    diagnostic_of(&error, variable("AWS_LAMBDA_FUNCTION_NAME").zip(variable("AWS_LAMBDA_FUNCTION_VERSION")))
}

fn diagnostic_of(error: &Error, lambda: Option<(String, String)>) -> Diagnostic {
    let detail: String = error.detail.chars().take(LONGEST_MESSAGE).collect();
    let error_message = match lambda {
        Some((function, version)) => cause::signed(&detail, &function, &version),
        None => detail,
    };
    Diagnostic { error_type: error.code.name().into(), error_message }
}

fn report(stage: &'static str, began: Instant, result: Result<&WorkStats, &Error>) {
    let millis = began.elapsed().as_secs_f64() * 1000.0;
    let metrics = Metrics::new().by("stage", stage).value("StageDuration", "Milliseconds", millis);
    match result {
        Ok(stats) => {
            let WorkStats { bytes_in, bytes_out, pixels_in } = *stats;
            tracing::info!(duration_ms = millis, bytes_in, bytes_out, pixels_in, "done");
            #[expect(clippy::cast_precision_loss, reason = "a metric of more than 2^53 bytes is not a concern")]
            let metrics =
                metrics.value("PixelsIn", "Count", pixels_in as f64).value("BytesOut", "Bytes", bytes_out as f64);
            metrics.emit();
        }
        Err(error) => {
            let (code, detail) = (error.code.name(), &error.detail);
            match error.code.kind() {
                Kind::Rejection => tracing::info!(duration_ms = millis, code, detail, "rejected"),
                Kind::Transient => tracing::warn!(duration_ms = millis, code, detail, "will be tried again"),
                Kind::Fault | Kind::Request => tracing::error!(duration_ms = millis, code, detail, "failed"),
            }
            metrics.emit();
            let name = if error.code.kind() == Kind::Rejection { "Rejected" } else { "Failed" };
            Metrics::new().by("code", code).count(name).emit();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lambda_runtime::Context;
    use serde_json::json;

    async fn call(
        payload: Value,
        handler: impl AsyncFn(u32) -> Result<(u32, WorkStats), Error>,
    ) -> Result<u32, Diagnostic> {
        invoke("validate", &handler, LambdaEvent::new(payload, Context::default())).await
    }

    #[tokio::test]
    async fn a_result_is_passed_on() {
        assert_eq!(call(json!(2), async |n| Ok((n + 1, WorkStats::default()))).await, Ok(3));
    }

    #[tokio::test]
    async fn an_error_carries_the_name_that_the_state_machine_catches() {
        let refused = call(json!(2), async |_| Err(Error::new(ErrorCode::ImageCorrupt, "cut off"))).await.unwrap_err();
        assert_eq!((refused.error_type.as_str(), refused.error_message.as_str()), ("Image.Corrupt", "cut off"));
    }

    #[test]
    fn an_error_tells_the_version_of_its_function_however_long_its_detail_is() {
        let error = Error::new(ErrorCode::WorkerDenied, "4".repeat(5000));
        let Diagnostic { error_message, .. } = diagnostic_of(&error, Some(("darkroom-dev-resize".into(), "7".into())));
        let read = cause::Cause::read(&error_message);
        assert_eq!((read.message.len(), read.release.as_deref()), (LONGEST_MESSAGE, Some("darkroom-dev-resize:7")));
    }

    #[tokio::test]
    async fn a_panic_is_a_named_bug_and_the_sandbox_lives() {
        let panicked = call(json!(2), async |_| panic!("oh")).await.unwrap_err();
        assert_eq!((panicked.error_type.as_str(), panicked.error_message.as_str()), ("Worker.Bug", "panicked: oh"));
    }

    #[tokio::test]
    async fn an_order_that_nobody_writes_is_named_too() {
        let refused = call(json!({ "no": "order" }), async |n| Ok((n, WorkStats::default()))).await.unwrap_err();
        assert_eq!(refused.error_type, "Worker.BadInput");
    }
}
