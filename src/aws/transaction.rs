//! Why the table refused a transaction. Each part has a reason of its own, which means the same to every caller: a
//! condition did not hold, or another request was faster or the table is busy, which will pass.

use super::error::sdk_error;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::CancellationReason;
use aws_sdk_dynamodb::types::error::TransactionCanceledException;
use darkroom_domain::{Error, ErrorCode};

/// The reasons of a part that conflicted with another request, or was throttled.
const PASSING: [&str; 3] = ["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"];

/// The reasons, if that is what happened.
pub(super) fn cancelled(error: &SdkError<TransactWriteItemsError>) -> Option<&TransactionCanceledException> {
    match error.as_service_error() {
        Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) => Some(cancelled),
        _ => None,
    }
}

/// The first part whose condition did not hold, by its place in the transaction.
pub(super) fn unmet(cancelled: &TransactionCanceledException) -> Option<(usize, &CancellationReason)> {
    let mut reasons = cancelled.cancellation_reasons().iter().enumerate();
    reasons.find(|(_, reason)| reason.code() == Some("ConditionalCheckFailed"))
}

/// Is the same worth another try?
pub(super) fn will_pass(cancelled: &TransactionCanceledException) -> bool {
    cancelled.cancellation_reasons().iter().filter_map(CancellationReason::code).any(|code| PASSING.contains(&code))
}

/// Names the error of a transaction in which no condition failed.
pub(super) fn transaction_error(doing: &str, error: &SdkError<TransactWriteItemsError>) -> Error {
    if cancelled(error).is_some_and(will_pass) {
        return Error::new(ErrorCode::TransientUnavailable, format!("{doing}: others came first, or too many"));
    }
    sdk_error(doing, ErrorCode::TransientUnavailable, error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_dynamodb::Client;
    use darkroom_mocks::{RuleMode, mock, mock_client};

    async fn named(codes: &'static [&'static str]) -> ErrorCode {
        let refused = mock!(Client::transact_write_items).then_error(move || {
            let reasons = codes.iter().map(|code| CancellationReason::builder().code(*code).build()).collect();
            let error = TransactionCanceledException::builder().set_cancellation_reasons(Some(reasons)).build();
            TransactWriteItemsError::TransactionCanceledException(error)
        });
        let client = mock_client!(aws_sdk_dynamodb, RuleMode::MatchAny, [&refused]);
        transaction_error("try", &client.transact_write_items().send().await.expect_err("refused")).code
    }

    #[tokio::test]
    async fn what_passes_has_one_name_whoever_asked() {
        for codes in [
            &["TransactionConflict"][..],
            &["None", "ThrottlingError"],
            &["ProvisionedThroughputExceeded", "None"],
            &["None", "ValidationError", "TransactionConflict"],
        ] {
            assert_eq!(named(codes).await, ErrorCode::TransientUnavailable, "{codes:?}");
        }
        for codes in [&["ValidationError"][..], &["None", "ItemCollectionSizeLimitExceeded"], &[]] {
            assert_eq!(named(codes).await, ErrorCode::WorkerBug, "{codes:?}");
        }
    }
}
