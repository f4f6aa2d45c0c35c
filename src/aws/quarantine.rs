//! The end of a rejected photo's quarantine: its original is removed, and its record, which tells the owner why, stays. The
//! record says first that the original goes, so that no operator tries the photo again meanwhile.

use super::error::sdk_error;
use super::records::{item_key, text};
use super::table::Table;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use darkroom_domain::id::{ImageId, OwnerId};
use darkroom_domain::record::Status;
use darkroom_domain::shard::Shard;
use darkroom_domain::timestamp::rfc3339;
use darkroom_domain::{Error, ErrorCode};
use time::OffsetDateTime;

/// A photo in the index of rejected ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quarantined {
    /// Its owner.
    pub owner: OwnerId,
    /// The photo.
    pub image: ImageId,
    /// Its place in the index, which a further rejection changes.
    pub rejected_id: String,
}

/// May end the quarantine of photos. Each of the two writes answers false if the record is no longer as it was seen.
pub trait EndQuarantine {
    /// Photos of this shard that were rejected before this time, the oldest first, a hundred at most.
    fn rejected_before(
        &self,
        shard: Shard,
        time: OffsetDateTime,
    ) -> impl Future<Output = Result<Vec<Quarantined>, Error>>;

    /// Records that the original of the photo is being removed.
    fn begin_removal(&self, photo: &Quarantined, now: OffsetDateTime) -> impl Future<Output = Result<bool, Error>>;

    /// Takes the photo out of the index.
    fn end_quarantine(&self, photo: &Quarantined) -> impl Future<Output = Result<bool, Error>>;
}

const PAGE: i32 = 100;

impl EndQuarantine for Table {
    async fn rejected_before(&self, shard: Shard, time: OffsetDateTime) -> Result<Vec<Quarantined>, Error> {
        let call = self
            .query()
            .index_name("rejected")
            .limit(PAGE)
            .projection_expression("pk, rejected_id")
            .key_condition_expression("rejected = :shard AND rejected_id < :time")
            .expression_attribute_values(":shard", text(shard.to_string()))
            .expression_attribute_values(":time", text(rfc3339(time)));
        let answer = call.send().await;
        let answer =
            answer.map_err(|error| sdk_error("list old rejected photos", ErrorCode::TransientUnavailable, &error))?;
        let photo = |keys: &std::collections::HashMap<String, aws_sdk_dynamodb::types::AttributeValue>| {
            let text = |name: &str| keys.get(name)?.as_s().ok();
            let owner = OwnerId::parse(text("pk")?.strip_prefix("USER#")?).ok()?;
            let rejected_id = text("rejected_id")?;
            let image = ImageId::parse(rejected_id.split_once('#')?.1).ok()?;
            Some(Quarantined { owner, image, rejected_id: rejected_id.clone() })
        };
        let unknown = || Error::new(ErrorCode::WorkerBadInput, "list old rejected photos: not a photo's keys");
        answer.items.unwrap_or_default().iter().map(|keys| photo(keys).ok_or_else(unknown)).collect()
    }

    async fn begin_removal(&self, photo: &Quarantined, now: OffsetDateTime) -> Result<bool, Error> {
        let call = as_seen(self, photo).update_expression("SET original_removed_at = :now");
        settled(call.expression_attribute_values(":now", text(rfc3339(now)))).await
    }

    async fn end_quarantine(&self, photo: &Quarantined) -> Result<bool, Error> {
        settled(as_seen(self, photo).update_expression("REMOVE rejected, rejected_id")).await
    }
}

/// An update on the condition that the photo was not tried again, deleted or replaced.
fn as_seen(table: &Table, photo: &Quarantined) -> UpdateItemFluentBuilder {
    table
        .update_item()
        .set_key(Some(item_key(&photo.owner, photo.image)))
        .condition_expression("#status = :rejected AND rejected_id = :seen")
        .expression_attribute_names("#status", "status")
        .expression_attribute_values(":rejected", text(Status::Rejected.as_str()))
        .expression_attribute_values(":seen", text(&photo.rejected_id))
}

async fn settled(call: UpdateItemFluentBuilder) -> Result<bool, Error> {
    match call.send().await {
        Ok(_) => Ok(true),
        Err(error) if error.as_service_error().is_some_and(UpdateItemError::is_conditional_check_failed_exception) => {
            Ok(false)
        }
        Err(error) => Err(sdk_error("end a quarantine", ErrorCode::TransientUnavailable, &error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_dynamodb::Client;
    use aws_sdk_dynamodb::operation::query::QueryOutput;
    use aws_sdk_dynamodb::operation::update_item::UpdateItemOutput;
    use aws_sdk_dynamodb::types::error::ConditionalCheckFailedException;
    use darkroom_mocks::{Rule, RuleMode, mock, mock_client};
    use std::collections::HashMap;
    use time::macros::datetime;

    const NOW: OffsetDateTime = datetime!(2026-01-31 12:00:07 UTC);
    const IMAGE: &str = "0198c7b2-5a51-7c3e-9f0e-2b1d4c6a8e10";

    fn table(rule: &Rule) -> Table {
        Table::new(mock_client!(aws_sdk_dynamodb, RuleMode::MatchAny, [rule]), "images")
    }

    fn photo() -> Quarantined {
        let rejected_id = format!("2026-01-01T12:00:00.000Z#{IMAGE}");
        Quarantined { owner: OwnerId::parse("ada").unwrap(), image: ImageId::parse(IMAGE).unwrap(), rejected_id }
    }

    #[tokio::test]
    async fn r62_photos_are_found_by_the_time_of_their_rejection() {
        let rule = mock!(Client::query)
            .match_requests(|call| {
                let values = call.expression_attribute_values().unwrap();
                call.index_name() == Some("rejected")
                    && call.key_condition_expression() == Some("rejected = :shard AND rejected_id < :time")
                    && values[":time"] == text("2026-01-31T12:00:07.000Z")
            })
            .then_output(|| {
                let keys = [("pk", "USER#ada".to_owned()), ("rejected_id", photo().rejected_id)];
                let keys: HashMap<_, _> = keys.map(|(name, value)| (name.to_owned(), text(value))).into();
                QueryOutput::builder().items(keys).build()
            });
        assert_eq!(table(&rule).rejected_before(Shard::all().next().unwrap(), NOW).await.unwrap(), [photo()]);
    }

    #[tokio::test]
    async fn r62_a_photo_that_was_tried_again_meanwhile_keeps_its_original() {
        let refused = mock!(Client::update_item)
            .match_requests(|call| call.condition_expression() == Some("#status = :rejected AND rejected_id = :seen"))
            .then_error(|| {
                UpdateItemError::ConditionalCheckFailedException(ConditionalCheckFailedException::builder().build())
            });
        assert_eq!(table(&refused).begin_removal(&photo(), NOW).await, Ok(false));
        assert_eq!(table(&refused).end_quarantine(&photo()).await, Ok(false));
        let written = mock!(Client::update_item).then_output(|| UpdateItemOutput::builder().build());
        assert_eq!(table(&written).begin_removal(&photo(), NOW).await, Ok(true));
        let broken = mock!(Client::update_item).then_error(|| UpdateItemError::unhandled("gone"));
        assert!(table(&broken).end_quarantine(&photo()).await.is_err());
    }
}
