//! The boundary of a Lambda behind a queue: hands the handler each message by itself, so that neither the error nor the
//! panic of one affects another, and tells the queue exactly which must come again (R06).

use super::{log, metrics::Metrics, worker};
use aws_lambda_events::sqs::{BatchItemFailure, SqsBatchResponse, SqsEvent, SqsMessage};
use darkroom_domain::Error;
use futures::FutureExt;
use futures::future::join_all;
use lambda_runtime::{Diagnostic, LambdaEvent};
use std::panic::AssertUnwindSafe;
use tracing::{Instrument, info_span};

/// What happens to a message that was handled without an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The queue forgets it.
    Done,
    /// It comes again, as intended.
    Again,
}

/// One batch, its messages side by side.
pub async fn each<F>(event: LambdaEvent<SqsEvent>, handler: &F) -> Result<SqsBatchResponse, Diagnostic>
where
    F: AsyncFn(&SqsMessage) -> Result<Verdict, Error>,
{
    let cold_start = log::cold_start();
    let request = &event.context.request_id;
    let outcomes = event.payload.records.iter().map(|message| {
        let id = message.message_id.as_deref().unwrap_or_default();
        let span = info_span!("invocation", cold_start, function_request_id = request, message_id = id);
        isolated(handler, message).instrument(span)
    });
    let again: Result<Vec<_>, Error> = join_all(outcomes).await.into_iter().filter_map(Result::transpose).collect();
    let mut response = SqsBatchResponse::default();
    response.batch_item_failures = again.map_err(worker::diagnostic)?.into_iter().map(failure).collect();
    Ok(response)
}

fn failure(message_id: String) -> BatchItemFailure {
    let mut failure = BatchItemFailure::default();
    failure.item_identifier = message_id;
    failure
}

/// `Some(id)`: this message must come again. One without an id cannot be named, so the whole batch has to: the error
/// says so.
async fn isolated<F>(handler: &F, message: &SqsMessage) -> Result<Option<String>, Error>
where
    F: AsyncFn(&SqsMessage) -> Result<Verdict, Error>,
{
    // Boxed: the SDK's futures nest deeper than the compiler follows.
    let outcome = AssertUnwindSafe(Box::pin(handler(message))).catch_unwind().await;
    let error = match outcome.unwrap_or_else(|panic| Err(worker::bug(&*panic))) {
        Ok(Verdict::Done) => return Ok(None),
        Ok(Verdict::Again) => Error::new(darkroom_domain::ErrorCode::WorkerBadInput, "no message id"),
        Err(error) => {
            report(&error);
            error
        }
    };
    message.message_id.clone().map(Some).ok_or(error)
}

fn report(error: &Error) {
    let (code, detail) = (error.code.name(), &error.detail);
    if error.code.is_retryable() {
        tracing::warn!(code, detail, "the message goes back to the queue");
    } else {
        tracing::error!(code, detail, "the message goes back to the queue");
        // It may take hours to become a dead letter, since waiting must not make one. So an alarm watches this line.
        Metrics::new().count("MessageRefused").emit();
    }
    Metrics::new().by("code", code).count("Failed").emit();
}

#[cfg(test)]
mod tests {
    use super::*;
    use darkroom_domain::ErrorCode;
    use lambda_runtime::Context;
    use serde_json::json;

    async fn again(bodies: &[(Option<&str>, &str)]) -> Result<Vec<String>, Diagnostic> {
        let records: Vec<_> = bodies.iter().map(|(id, body)| json!({ "messageId": id, "body": body })).collect();
        let event = serde_json::from_value(json!({ "Records": records })).unwrap();
        let handler = async |message: &SqsMessage| match message.body.as_deref() {
            Some("done") => Ok(Verdict::Done),
            Some("again") => Ok(Verdict::Again),
            Some("panic") => panic!("oh"),
            _ => Err(Error::new(ErrorCode::TransientUnavailable, "gone")),
        };
        let response = each(LambdaEvent::new(event, Context::default()), &handler).await?;
        Ok(response.batch_item_failures.into_iter().map(|failure| failure.item_identifier).collect())
    }

    #[tokio::test]
    async fn r06_exactly_what_must_come_again_is_named() {
        let bodies =
            [(Some("1"), "done"), (Some("2"), "again"), (Some("3"), "panic"), (Some("4"), "x"), (None, "done")];
        assert_eq!(again(&bodies).await.unwrap(), ["2", "3", "4"]);
        assert!(again(&[]).await.unwrap().is_empty());
    }

    #[tokio::test]
    async fn r06_what_cannot_be_named_brings_its_whole_batch_again() {
        let error = again(&[(Some("1"), "done"), (None, "x")]).await.unwrap_err();
        assert_eq!(error.error_type, "Transient.Unavailable");
        assert!(again(&[(None, "again")]).await.is_err());
    }
}
