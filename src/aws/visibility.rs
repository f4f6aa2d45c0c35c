//! Changes when a message of a queue is visible again, and nothing else: the event source mapping receives and deletes
//! messages.

use super::error::sdk_error;
use aws_sdk_sqs::Client;
use darkroom_domain::{Error, ErrorCode};
use std::time::Duration;

/// May decide when a message comes again.
pub trait ChangeVisibility {
    /// Hides the message for so long, from now.
    fn change_visibility(
        &self,
        queue_url: &str,
        receipt: &str,
        delay: Duration,
    ) -> impl Future<Output = Result<(), Error>>;
}

impl ChangeVisibility for Client {
    async fn change_visibility(&self, queue_url: &str, receipt: &str, delay: Duration) -> Result<(), Error> {
        let seconds = i32::try_from(delay.as_secs()).unwrap_or(i32::MAX);
        let call = self.change_message_visibility().queue_url(queue_url).receipt_handle(receipt);
        let answer = call.visibility_timeout(seconds).send().await;
        answer
            .map(drop)
            .map_err(|error| sdk_error("change a message's visibility", ErrorCode::TransientUnavailable, &error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_sqs::operation::change_message_visibility::{
        ChangeMessageVisibilityError, ChangeMessageVisibilityOutput,
    };
    use darkroom_mocks::{RuleMode, mock, mock_client};

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
        client.change_visibility("queue", "receipt", Duration::from_mins(1)).await.unwrap();
        assert_eq!(rule.num_calls(), 1);
    }

    #[tokio::test]
    async fn what_fails_has_a_name() {
        let rule =
            mock!(Client::change_message_visibility).then_error(|| ChangeMessageVisibilityError::unhandled("gone"));
        let client = mock_client!(aws_sdk_sqs, RuleMode::MatchAny, [&rule]);
        assert!(client.change_visibility("queue", "receipt", Duration::ZERO).await.is_err());
    }
}
