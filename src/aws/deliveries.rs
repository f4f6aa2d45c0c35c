//! The attempts to deliver a photo's announcements to its owner's webhook: one item for each photo, beside the owner's
//! other items, so that it goes with the account. It has no `image_id`, since it is in no index.

use super::error::sdk_error;
use super::records::{forget_at, number, partition, text};
use super::table::Table;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::AttributeValue;
use darkroom_domain::delivery::{Delivery, MOST};
use darkroom_domain::id::{ImageId, OwnerId};
use darkroom_domain::{Error, ErrorCode};
use serde::Deserialize;
use std::collections::HashMap;
use time::OffsetDateTime;

/// May remember attempts.
pub trait NoteAttempt {
    /// Remembers one more attempt, for thirty days behind the last. Beyond the most, it is dropped.
    fn note_attempt(
        &self,
        owner: &OwnerId,
        image: ImageId,
        delivery: &Delivery,
        now: OffsetDateTime,
    ) -> impl Future<Output = Result<(), Error>>;
}

/// May tell attempts.
pub trait TellDeliveries {
    /// All attempts of a photo's announcements that are remembered, the first first.
    fn deliveries(&self, owner: &OwnerId, image: ImageId) -> impl Future<Output = Result<Vec<Delivery>, Error>>;
}

impl NoteAttempt for Table {
    async fn note_attempt(
        &self,
        owner: &OwnerId,
        image: ImageId,
        delivery: &Delivery,
        now: OffsetDateTime,
    ) -> Result<(), Error> {
        let attempt: AttributeValue = serde_dynamo::to_attribute_value(delivery)
            .map_err(|why| Error::new(ErrorCode::WorkerBug, format!("a delivery as an item: {why}")))?;
        let call = self
            .update_item()
            .set_key(Some(key(owner, image)))
            .update_expression("SET attempts = list_append(if_not_exists(attempts, :none), :one), expires_at = :forget")
            .condition_expression("attribute_not_exists(attempts) OR size(attempts) < :most")
            .expression_attribute_values(":none", AttributeValue::L(Vec::new()))
            .expression_attribute_values(":one", AttributeValue::L(vec![attempt]))
            .expression_attribute_values(":most", number(MOST))
            .expression_attribute_values(":forget", number(forget_at(now)));
        match call.send().await {
            Ok(_) => Ok(()),
            Err(error)
                if matches!(error.as_service_error(), Some(UpdateItemError::ConditionalCheckFailedException(_))) =>
            {
                Ok(())
            }
            Err(error) => Err(sdk_error("note an attempt", ErrorCode::TransientUnavailable, &error)),
        }
    }
}

impl TellDeliveries for Table {
    async fn deliveries(&self, owner: &OwnerId, image: ImageId) -> Result<Vec<Delivery>, Error> {
        #[derive(Deserialize)]
        struct Item {
            attempts: Vec<Delivery>,
        }
        let answer = self.get_item().set_key(Some(key(owner, image))).consistent_read(true).send().await;
        let answer = answer.map_err(|error| sdk_error("read deliveries", ErrorCode::TransientUnavailable, &error))?;
        let Some(item) = answer.item else { return Ok(Vec::new()) };
        let item: Item = serde_dynamo::from_item(item)
            .map_err(|why| Error::new(ErrorCode::WorkerBadInput, format!("deliveries: {why}")))?;
        Ok(item.attempts)
    }
}

fn key(owner: &OwnerId, image: ImageId) -> HashMap<String, AttributeValue> {
    HashMap::from([("pk".into(), partition(owner)), ("sk".into(), text(format!("DELIVERIES#{image}")))])
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_dynamodb::Client;
    use aws_sdk_dynamodb::operation::get_item::GetItemOutput;
    use aws_sdk_dynamodb::operation::update_item::UpdateItemOutput;
    use aws_sdk_dynamodb::types::error::ConditionalCheckFailedException;
    use darkroom_domain::delivery::Delivered;
    use darkroom_mocks::{Rule, RuleMode, mock, mock_client};

    const NOW: OffsetDateTime = OffsetDateTime::UNIX_EPOCH;

    fn table(rule: &Rule) -> Table {
        Table::new(mock_client!(aws_sdk_dynamodb, RuleMode::MatchAny, [rule]), "images")
    }

    fn owner() -> OwnerId {
        OwnerId::parse("ada").unwrap()
    }

    fn refused() -> Delivery {
        Delivery {
            at: "2026-02-01T12:00:00Z".into(),
            event: "Image Ready".into(),
            attempt: 1,
            result: Delivered::Refused,
            status: Some(500),
            reason: Some("status".into()),
            again_in_s: Some(5),
        }
    }

    fn is_key(key: &HashMap<String, AttributeValue>) -> bool {
        key["pk"] == text("USER#ada") && key["sk"] == text(format!("DELIVERIES#{}", ImageId::from_number(1)))
    }

    #[tokio::test]
    async fn attempts_are_noted_as_they_are_read() {
        let noted = mock!(Client::update_item)
            .match_requests(|call| {
                let values = call.expression_attribute_values().unwrap();
                let one = serde_dynamo::to_attribute_value(refused()).unwrap();
                is_key(call.key().unwrap()) && values[":one"] == AttributeValue::L(vec![one])
            })
            .then_output(|| UpdateItemOutput::builder().build());
        table(&noted).note_attempt(&owner(), ImageId::from_number(1), &refused(), NOW).await.unwrap();
        let found = mock!(Client::get_item).match_requests(|call| is_key(call.key().unwrap())).then_output(|| {
            let attempt = serde_dynamo::to_attribute_value(refused()).unwrap();
            GetItemOutput::builder().item("attempts", AttributeValue::L(vec![attempt])).build()
        });
        assert_eq!(table(&found).deliveries(&owner(), ImageId::from_number(1)).await.unwrap(), [refused()]);
        let nothing = mock!(Client::get_item).then_output(|| GetItemOutput::builder().build());
        assert_eq!(table(&nothing).deliveries(&owner(), ImageId::from_number(1)).await.unwrap(), []);
    }

    #[tokio::test]
    async fn an_attempt_beyond_the_most_is_dropped_and_any_other_failure_is_an_error() {
        let full = mock!(Client::update_item)
            .match_requests(|call| {
                call.condition_expression().is_some_and(|rule| rule.contains("size(attempts) < :most"))
            })
            .then_error(|| {
                UpdateItemError::ConditionalCheckFailedException(ConditionalCheckFailedException::builder().build())
            });
        assert_eq!(table(&full).note_attempt(&owner(), ImageId::from_number(1), &refused(), NOW).await, Ok(()));
        let gone = mock!(Client::update_item).then_error(|| UpdateItemError::unhandled("gone"));
        assert!(table(&gone).note_attempt(&owner(), ImageId::from_number(1), &refused(), NOW).await.is_err());
    }
}
