//! Depths of queues, the redrive of dead letters, and events that are told again. Both AWS and the local engine know these calls; only AWS knows
//! `StartMessageMoveTask`.

use super::error::sdk_error;
use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::{Message, MessageSystemAttributeName, QueueAttributeName};
use darkroom_domain::event::notification;
use darkroom_domain::order::Source;
use darkroom_domain::{Error, ErrorCode};
use time::OffsetDateTime;

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
pub struct DeadLetter {
    /// Its body.
    pub body: String,
    /// The receipt with which it is deleted.
    pub receipt: String,
    /// When it was first sent.
    pub sent_at: Option<OffsetDateTime>,
    /// How often it was received, this time included.
    pub received: u32,
    /// Why `EventBridge` could not deliver it, if it came from there.
    pub error_code: Option<String>,
}

/// May move messages from one queue to another.
pub trait MoveLetters {
    /// Ten messages at most, hidden from others for a minute. An empty answer means that SQS has none now.
    fn receive(&self, queue_url: &str, at_most: u32) -> impl Future<Output = Result<Vec<DeadLetter>, Error>>;

    /// Sends the message to one queue, then deletes it from the other, so that it is always in one of them.
    fn forward(&self, letter: &DeadLetter, from_url: &str, to_url: &str) -> impl Future<Output = Result<(), Error>>;
}

/// May tell events of originals again.
pub trait TellArrival {
    /// Sends the event of this version to the queue, as S3 would.
    fn tell_arrival(&self, queue_url: &str, source: &Source) -> impl Future<Output = Result<(), Error>>;
}

const HIDDEN_S: i32 = 60;
const ERROR_CODE: &str = "ERROR_CODE";
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
    async fn receive(&self, queue_url: &str, at_most: u32) -> Result<Vec<DeadLetter>, Error> {
        let at_most = i32::try_from(at_most.clamp(1, 10)).unwrap_or(10);
        let call = self.receive_message().queue_url(queue_url).max_number_of_messages(at_most);
        let call = call.visibility_timeout(HIDDEN_S).wait_time_seconds(WAIT_S).message_attribute_names(ERROR_CODE);
        let answer = call.message_system_attribute_names(MessageSystemAttributeName::All).send().await;
        let answer =
            answer.map_err(|error| sdk_error("receive dead letters", ErrorCode::TransientUnavailable, &error))?;
        Ok(answer.messages.unwrap_or_default().into_iter().filter_map(letter).collect())
    }

    async fn forward(&self, letter: &DeadLetter, from_url: &str, to_url: &str) -> Result<(), Error> {
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

fn letter(message: Message) -> Option<DeadLetter> {
    let told = message.attributes.unwrap_or_default();
    let number = |name| told.get(&name).and_then(|text| text.parse::<i64>().ok());
    let sent = number(MessageSystemAttributeName::SentTimestamp);
    let received = number(MessageSystemAttributeName::ApproximateReceiveCount);
    let error_code = message.message_attributes.and_then(|mut all| all.remove(ERROR_CODE)?.string_value);
    Some(DeadLetter {
        body: message.body.unwrap_or_default(),
        receipt: message.receipt_handle?,
        sent_at: sent.and_then(|millis| OffsetDateTime::from_unix_timestamp_nanos(i128::from(millis) * 1_000_000).ok()),
        received: received.and_then(|times| times.try_into().ok()).unwrap_or(1),
        error_code,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_sqs::operation::delete_message::DeleteMessageOutput;
    use aws_sdk_sqs::operation::get_queue_attributes::GetQueueAttributesOutput;
    use aws_sdk_sqs::operation::receive_message::ReceiveMessageOutput;
    use aws_sdk_sqs::operation::send_message::{SendMessageError, SendMessageOutput};
    use aws_sdk_sqs::types::MessageAttributeValue;
    use darkroom_mocks::{RuleMode, mock, mock_client};

    fn letter() -> DeadLetter {
        let sent_at = OffsetDateTime::from_unix_timestamp(1_769_860_807).ok();
        let error_code = Some("SDK_CLIENT_ERROR".into());
        DeadLetter { body: "{}".into(), receipt: "receipt".into(), sent_at, received: 3, error_code }
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
                let code = MessageAttributeValue::builder().data_type("String").string_value("SDK_CLIENT_ERROR");
                let message = Message::builder()
                    .body("{}")
                    .receipt_handle("receipt")
                    .attributes(MessageSystemAttributeName::SentTimestamp, "1769860807000")
                    .attributes(MessageSystemAttributeName::ApproximateReceiveCount, "3")
                    .message_attributes("ERROR_CODE", code.build().unwrap())
                    .build();
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
