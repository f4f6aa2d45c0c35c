//! The queue of accounts that are to be erased. A message stays in it even if its reader fails.

use super::error::sdk_error;
use aws_sdk_sqs::Client;
use darkroom_domain::erasure::Erasure;
use darkroom_domain::{Error, ErrorCode};

/// May have accounts erased.
pub trait AskForErasure {
    /// Queues the erasure, which is certain from then on. May be repeated.
    fn ask_for_erasure(&self, erasure: &Erasure) -> impl Future<Output = Result<(), Error>>;
}

/// One such queue.
pub struct Erasures {
    client: Client,
    queue_url: String,
}

impl Erasures {
    /// The queue at this address.
    pub fn new(client: Client, queue_url: impl Into<String>) -> Self {
        Self { client, queue_url: queue_url.into() }
    }
}

impl AskForErasure for Erasures {
    async fn ask_for_erasure(&self, erasure: &Erasure) -> Result<(), Error> {
        let unwritable = |why: serde_json::Error| Error::new(ErrorCode::WorkerBug, format!("an erasure: {why}"));
        let body = serde_json::to_string(erasure).map_err(unwritable)?;
        let answer = self.client.send_message().queue_url(&self.queue_url).message_body(body).send().await;
        answer.map(drop).map_err(|error| sdk_error("ask for an erasure", ErrorCode::TransientUnavailable, &error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_sqs::operation::send_message::{SendMessageError, SendMessageOutput};
    use darkroom_domain::id::OwnerId;
    use darkroom_mocks::{Rule, RuleMode, mock, mock_client};

    async fn asked(rule: &Rule) -> Result<(), Error> {
        let client = mock_client!(aws_sdk_sqs, RuleMode::MatchAny, [rule]);
        let erasure = Erasure { owner_id: OwnerId::parse("ada").unwrap(), asked_at: 1_769_860_807 };
        Erasures::new(client, "queue").ask_for_erasure(&erasure).await
    }

    #[tokio::test]
    async fn the_wish_is_one_message() {
        let rule = mock!(Client::send_message)
            .match_requests(|call| {
                call.queue_url() == Some("queue")
                    && call.message_body() == Some(r#"{"owner_id":"ada","asked_at":1769860807}"#)
            })
            .then_output(|| SendMessageOutput::builder().message_id("1").build());
        asked(&rule).await.unwrap();
        assert_eq!(rule.num_calls(), 1);
    }

    #[tokio::test]
    async fn what_was_not_written_down_is_an_error() {
        let rule = mock!(Client::send_message).then_error(|| SendMessageError::unhandled("gone"));
        assert!(asked(&rule).await.is_err());
    }
}
