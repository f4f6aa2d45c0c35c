//! Depths of queues, the redrive of dead letters, and events that are told again. Both AWS and the local engine know these calls; only AWS knows
//! `StartMessageMoveTask`.

use super::error::sdk_error;
use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::QueueAttributeName;
use darkroom_domain::event::notification;
use darkroom_domain::order::Source;
use darkroom_domain::{Error, ErrorCode};

/// How many messages a queue has, as SQS estimates it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Depth {
    /// Can be received.
    pub waiting: u64,
    /// Received, and not deleted.
    pub in_flight: u64,
    /// Not to be received yet.
    pub delayed: u64,
}

/// May ask how full queues are.
pub trait MeasureQueue {
    /// The depth of one queue.
    fn depth(&self, queue_url: &str) -> impl Future<Output = Result<Depth, Error>>;
}

/// A message that was received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// Its body.
    pub body: String,
    /// The receipt with which it is deleted.
    pub receipt: String,
}

/// May move messages from one queue to another.
pub trait MoveLetters {
    /// Ten messages at most, hidden from others for a minute. An empty answer means that SQS has none now.
    fn receive(&self, queue_url: &str, at_most: u32) -> impl Future<Output = Result<Vec<Letter>, Error>>;

    /// Sends the message to one queue, then deletes it from the other, so that it is always in one of them.
    fn forward(&self, letter: &Letter, from_url: &str, to_url: &str) -> impl Future<Output = Result<(), Error>>;
}

/// May tell events of originals again.
pub trait TellArrival {
    /// Sends the event of this version to the queue, as S3 would.
    fn tell_arrival(&self, queue_url: &str, source: &Source) -> impl Future<Output = Result<(), Error>>;
}

const HIDDEN_S: i32 = 60;
/// SQS asks all of its servers only if it may wait.
const WAIT_S: i32 = 1;

impl MeasureQueue for Client {
    async fn depth(&self, queue_url: &str) -> Result<Depth, Error> {
        use QueueAttributeName::{
            ApproximateNumberOfMessages as Waiting, ApproximateNumberOfMessagesDelayed as Delayed,
            ApproximateNumberOfMessagesNotVisible as InFlight,
        };
        let call = self.get_queue_attributes().queue_url(queue_url);
        let answer = call.attribute_names(Waiting).attribute_names(InFlight).attribute_names(Delayed).send().await;
        let answer = answer.map_err(|error| sdk_error("measure a queue", ErrorCode::TransientUnavailable, &error))?;
        let number = |name: QueueAttributeName| {
            let found = answer.attributes().and_then(|all| all.get(&name));
            found.and_then(|number| number.parse().ok()).unwrap_or_default()
        };
        Ok(Depth { waiting: number(Waiting), in_flight: number(InFlight), delayed: number(Delayed) })
    }
}

impl MoveLetters for Client {
    async fn receive(&self, queue_url: &str, at_most: u32) -> Result<Vec<Letter>, Error> {
        let at_most = i32::try_from(at_most.clamp(1, 10)).unwrap_or(10);
        let call = self.receive_message().queue_url(queue_url).max_number_of_messages(at_most);
        let answer = call.visibility_timeout(HIDDEN_S).wait_time_seconds(WAIT_S).send().await;
        let answer =
            answer.map_err(|error| sdk_error("receive dead letters", ErrorCode::TransientUnavailable, &error))?;
        let letter = |message: aws_sdk_sqs::types::Message| {
            Some(Letter { body: message.body.unwrap_or_default(), receipt: message.receipt_handle? })
        };
        Ok(answer.messages.unwrap_or_default().into_iter().filter_map(letter).collect())
    }

    async fn forward(&self, letter: &Letter, from_url: &str, to_url: &str) -> Result<(), Error> {
        let sent = self.send_message().queue_url(to_url).message_body(&letter.body).send().await;
        sent.map_err(|error| sdk_error("send a message back", ErrorCode::TransientUnavailable, &error))?;
        let deleted = self.delete_message().queue_url(from_url).receipt_handle(&letter.receipt).send().await;
        deleted.map(drop).map_err(|error| sdk_error("delete a dead letter", ErrorCode::TransientUnavailable, &error))
    }
}

impl TellArrival for Client {
    async fn tell_arrival(&self, queue_url: &str, source: &Source) -> Result<(), Error> {
        let sent = self.send_message().queue_url(queue_url).message_body(notification(source)).send().await;
        sent.map(drop).map_err(|error| sdk_error("tell an event again", ErrorCode::TransientUnavailable, &error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_sqs::operation::delete_message::DeleteMessageOutput;
    use aws_sdk_sqs::operation::get_queue_attributes::GetQueueAttributesOutput;
    use aws_sdk_sqs::operation::receive_message::ReceiveMessageOutput;
    use aws_sdk_sqs::operation::send_message::{SendMessageError, SendMessageOutput};
    use aws_sdk_sqs::types::Message;
    use darkroom_mocks::{RuleMode, mock, mock_client};

    fn letter() -> Letter {
        Letter { body: "{}".into(), receipt: "receipt".into() }
    }

    #[tokio::test]
    async fn a_queue_is_measured() {
        let rule = mock!(Client::get_queue_attributes)
            .match_requests(|call| call.queue_url() == Some("queue"))
            .then_output(|| {
                GetQueueAttributesOutput::builder()
                    .attributes(QueueAttributeName::ApproximateNumberOfMessages, "3")
                    .attributes(QueueAttributeName::ApproximateNumberOfMessagesNotVisible, "1")
                    .attributes(QueueAttributeName::ApproximateNumberOfMessagesDelayed, "2")
                    .build()
            });
        let client = mock_client!(aws_sdk_sqs, RuleMode::MatchAny, [&rule]);
        assert_eq!(client.depth("queue").await.unwrap(), Depth { waiting: 3, in_flight: 1, delayed: 2 });
    }

    #[tokio::test]
    async fn ten_letters_at_most_are_received_and_hidden() {
        let rule = mock!(Client::receive_message)
            .match_requests(|call| call.max_number_of_messages() == Some(10) && call.visibility_timeout() == Some(60))
            .then_output(|| {
                let message = Message::builder().body("{}").receipt_handle("receipt").build();
                ReceiveMessageOutput::builder().messages(message).build()
            });
        let client = mock_client!(aws_sdk_sqs, RuleMode::MatchAny, [&rule]);
        assert_eq!(client.receive("dead", 100).await.unwrap(), [letter()]);
    }

    #[tokio::test]
    async fn r51_an_event_is_told_again_as_s3_would() {
        let source = Source {
            bucket: "originals".into(),
            key: "uploads/ada/1".into(),
            version_id: "v1".into(),
            sequencer: "0".into(),
            size_bytes: 7,
        };
        let body = notification(&source);
        let sent = mock!(Client::send_message)
            .match_requests(move |call| call.queue_url() == Some("queue") && call.message_body() == Some(&*body))
            .then_output(|| SendMessageOutput::builder().message_id("1").build());
        let client = mock_client!(aws_sdk_sqs, RuleMode::MatchAny, [&sent]);
        client.tell_arrival("queue", &source).await.unwrap();
        let broken = mock!(Client::send_message).then_error(|| SendMessageError::unhandled("gone"));
        let client = mock_client!(aws_sdk_sqs, RuleMode::MatchAny, [&broken]);
        assert!(client.tell_arrival("queue", &source).await.is_err());
    }

    #[tokio::test]
    async fn a_letter_is_deleted_once_it_was_sent() {
        let sent = mock!(Client::send_message)
            .match_requests(|call| call.queue_url() == Some("queue") && call.message_body() == Some("{}"))
            .then_output(|| SendMessageOutput::builder().message_id("1").build());
        let deleted = mock!(Client::delete_message)
            .match_requests(|call| call.queue_url() == Some("dead") && call.receipt_handle() == Some("receipt"))
            .then_output(|| DeleteMessageOutput::builder().build());
        let client = mock_client!(aws_sdk_sqs, RuleMode::MatchAny, [&sent, &deleted]);
        client.forward(&letter(), "dead", "queue").await.unwrap();
        assert_eq!((sent.num_calls(), deleted.num_calls()), (1, 1));
    }

    #[tokio::test]
    async fn a_letter_that_was_not_sent_is_not_deleted() {
        let sent = mock!(Client::send_message).then_error(|| SendMessageError::unhandled("gone"));
        let deleted = mock!(Client::delete_message).then_output(|| DeleteMessageOutput::builder().build());
        let client = mock_client!(aws_sdk_sqs, RuleMode::MatchAny, [&sent, &deleted]);
        assert!(client.forward(&letter(), "dead", "queue").await.is_err());
        assert_eq!(deleted.num_calls(), 0);
    }
}
