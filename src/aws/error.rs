//! Gives an SDK error a name of the catalogue: it will pass, a permission is missing, or it is a bug.

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use darkroom_domain::{Error, ErrorCode};
use std::fmt::Debug;

/// Codes that mean "not now", whatever their HTTP status.
const PASSING: [&str; 12] = [
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "RequestThrottled",
    "TooManyRequestsException",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "TransactionConflictException",
    "ExecutionLimitExceeded",
    "KmsThrottlingException",
    "SlowDown",
    "RequestTimeout",
];

const DENIED: [&str; 5] = [
    "AccessDenied",
    "AccessDeniedException",
    "KmsAccessDeniedException",
    "InvalidAccessKeyId",
    "SignatureDoesNotMatch",
];

/// Names an SDK error; `passing` is the transient name that fits the service.
pub fn sdk_error<E>(doing: &str, passing: ErrorCode, error: &SdkError<E, HttpResponse>) -> Error
where
    E: ProvideErrorMetadata + Debug,
{
    let (status, meta) = match error {
        SdkError::ServiceError(service) => (service.raw().status().as_u16(), service.err().meta()),
        // Timeouts, broken connections and unreadable answers come from the network, and so will pass.
        SdkError::ConstructionFailure(_) => return Error::new(ErrorCode::WorkerBug, format!("{doing}: no request")),
        _ => return Error::new(passing, format!("{doing}: no answer")),
    };
    let code = meta.code().unwrap_or("no code");
    let name = match code {
        code if PASSING.contains(&code) => passing,
        code if DENIED.contains(&code) => ErrorCode::WorkerDenied,
        _ if status >= 500 || status == 429 => passing,
        _ if status == 403 => ErrorCode::WorkerDenied,
        _ => ErrorCode::WorkerBug,
    };
    Error::new(name, format!("{doing}: {status} {code}: {}", meta.message().unwrap_or("no message")))
}
