//! Putting a message of a queue off, and nothing else of that service: receiving and deleting are the event source
//! mapping's.

use super::error::named;
use aws_sdk_sqs::Client;
use darkroom_domain::{Error, ErrorCode};
use std::time::Duration;

/// May decide when a message that it was handed comes again.
pub trait PutOff {
    /// Hides the message for so long, from now.
    fn put_off(&self, queue_url: &str, receipt: &str, delay: Duration) -> impl Future<Output = Result<(), Error>>;
}

impl PutOff for Client {
    async fn put_off(&self, queue_url: &str, receipt: &str, delay: Duration) -> Result<(), Error> {
        let seconds = i32::try_from(delay.as_secs()).unwrap_or(i32::MAX);
        let call = self.change_message_visibility().queue_url(queue_url).receipt_handle(receipt);
        let answer = call.visibility_timeout(seconds).send().await;
        answer.map(drop).map_err(|error| named("put a message off", ErrorCode::TransientUnavailable, &error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_sqs::operation::change_message_visibility::{
        ChangeMessageVisibilityError, ChangeMessageVisibilityOutput,
    };
    use aws_smithy_mocks::{RuleMode, mock, mock_client};

    #[tokio::test]
    async fn a_message_is_hidden_for_so_long() {
        let rule = mock!(Client::change_message_visibility)
            .match_requests(|call| {
                call.queue_url() == Some("queue")
                    && call.receipt_handle() == Some("receipt")
                    && call.visibility_timeout() == Some(60)
            })
            .then_output(|| ChangeMessageVisibilityOutput::builder().build());
        let client = mock_client!(aws_sdk_sqs, RuleMode::MatchAny, [&rule]);
        client.put_off("queue", "receipt", Duration::from_mins(1)).await.unwrap();
        assert_eq!(rule.num_calls(), 1);
    }

    #[tokio::test]
    async fn what_fails_has_a_name() {
        let rule =
            mock!(Client::change_message_visibility).then_error(|| ChangeMessageVisibilityError::unhandled("gone"));
        let client = mock_client!(aws_sdk_sqs, RuleMode::MatchAny, [&rule]);
        assert!(client.put_off("queue", "receipt", Duration::ZERO).await.is_err());
    }
}
