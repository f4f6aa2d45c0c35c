//! What the table remembers of photos without a record: that they were deleted, or that an unexplained original
//! arrived. The partition (`GONE#{owner}`) outlives the erasure of an account, and holds only ids and times.

use super::error::sdk_error;
use super::records::{forget_at, number, text};
use super::table::Table;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::AttributeValue;
use darkroom_domain::id::{ImageId, OwnerId};
use darkroom_domain::order::WorkOrder;
use darkroom_domain::timestamp::rfc3339;
use darkroom_domain::{Error, ErrorCode};
use std::collections::HashMap;
use time::OffsetDateTime;

/// Everything of the owner was deleted.
pub(super) const ERASED: &str = "ERASED";

/// May recall deletions, and note unexplained originals.
pub trait RecallDeletions {
    /// Was this image deleted, or its owner's account erased, as long ago as is remembered?
    fn was_deleted(&self, owner: &OwnerId, image: ImageId) -> impl Future<Output = Result<bool, Error>> + Send;

    /// Notes that an original arrived without a ticket or a remembered deletion. May be repeated.
    fn note_unexplained(
        &self,
        order: &WorkOrder,
        now: OffsetDateTime,
    ) -> impl Future<Output = Result<(), Error>> + Send;
}

/// May tell when photos were deleted.
pub trait TellDeletion {
    /// When the deletion of this image began (RFC 3339), as long ago as is remembered.
    fn deleted_at(&self, owner: &OwnerId, image: ImageId) -> impl Future<Output = Result<Option<String>, Error>>;
}

/// May remember that an account was erased.
pub trait RememberErasure {
    /// Each original that arrives under this owner from now on is hidden, for as long as a message can wait.
    fn remember_erasure(&self, owner: &OwnerId, now: OffsetDateTime) -> impl Future<Output = Result<(), Error>>;
}

impl RecallDeletions for Table {
    async fn was_deleted(&self, owner: &OwnerId, image: ImageId) -> Result<bool, Error> {
        for what in [&deleted(image), ERASED] {
            let call = self.get_item().set_key(Some(memory_key(owner, what))).consistent_read(true);
            let answer = call.projection_expression("pk").send().await;
            let answer =
                answer.map_err(|error| sdk_error("recall a deletion", ErrorCode::TransientUnavailable, &error))?;
            if answer.item.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    async fn note_unexplained(&self, order: &WorkOrder, now: OffsetDateTime) -> Result<(), Error> {
        let call = self
            .update_item()
            .set_key(Some(memory_key(&order.owner_id, &format!("NOTE#{}", order.image_id))))
            .update_expression(
                "SET object_key = :key, version_id = :version, sequencer = :sequencer, size_bytes = :size, \
                 noted_at = if_not_exists(noted_at, :now), expires_at = :forget",
            )
            .expression_attribute_values(":key", text(&order.source.key))
            .expression_attribute_values(":version", text(&order.source.version_id))
            .expression_attribute_values(":sequencer", text(&order.source.sequencer))
            .expression_attribute_values(":size", number(order.source.size_bytes))
            .expression_attribute_values(":now", text(rfc3339(now)))
            .expression_attribute_values(":forget", number(forget_at(now)));
        let answer = call.send().await;
        answer.map_err(|error| sdk_error("note an original", ErrorCode::TransientUnavailable, &error))?;
        Ok(())
    }
}

impl TellDeletion for Table {
    async fn deleted_at(&self, owner: &OwnerId, image: ImageId) -> Result<Option<String>, Error> {
        let call = self.get_item().set_key(Some(memory_key(owner, &deleted(image)))).consistent_read(true);
        let answer = call.projection_expression("deleted_at").send().await;
        let answer = answer.map_err(|error| sdk_error("recall a deletion", ErrorCode::TransientUnavailable, &error))?;
        Ok(answer.item.and_then(|item| item.get("deleted_at")?.as_s().ok().cloned()))
    }
}

impl RememberErasure for Table {
    async fn remember_erasure(&self, owner: &OwnerId, now: OffsetDateTime) -> Result<(), Error> {
        let call = self.update_item().set_key(Some(memory_key(owner, ERASED)));
        remember(call.update_expression(REMEMBER), now).await
    }
}

/// The item that remembers the deletion of an image.
pub(super) fn deleted(image: ImageId) -> String {
    format!("DELETED#{image}")
}

/// Remembers the deletion of an image. The item is found by the image's id alone too: a variant's key names no owner.
pub(super) async fn remember_deletion(
    table: &Table,
    owner: &OwnerId,
    image: ImageId,
    now: OffsetDateTime,
) -> Result<(), Error> {
    let call = table
        .update_item()
        .set_key(Some(memory_key(owner, &deleted(image))))
        .update_expression(format!("{REMEMBER}, image_id = :image"))
        .expression_attribute_values(":image", text(image.to_string()));
    remember(call, now).await
}

const REMEMBER: &str = "SET deleted_at = if_not_exists(deleted_at, :now), expires_at = :forget";

async fn remember(call: UpdateItemFluentBuilder, now: OffsetDateTime) -> Result<(), Error> {
    let call = call
        .expression_attribute_values(":now", text(rfc3339(now)))
        .expression_attribute_values(":forget", number(forget_at(now)));
    let answer = call.send().await;
    answer.map_err(|error| sdk_error("remember a deletion", ErrorCode::TransientUnavailable, &error))?;
    Ok(())
}

pub(super) fn memory_key(owner: &OwnerId, what: &str) -> HashMap<String, AttributeValue> {
    HashMap::from([("pk".into(), text(format!("GONE#{owner}"))), ("sk".into(), text(what))])
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_dynamodb::Client;
    use aws_sdk_dynamodb::operation::get_item::{GetItemError, GetItemOutput};
    use darkroom_mocks::{Rule, RuleMode, mock, mock_client};

    async fn told(rule: Rule) -> Result<Option<String>, Error> {
        let table = Table::new(mock_client!(aws_sdk_dynamodb, RuleMode::MatchAny, [&rule]), "images");
        table.deleted_at(&OwnerId::parse("ada").unwrap(), ImageId::from_number(1)).await
    }

    #[tokio::test]
    async fn a_deletion_is_told_with_its_time() {
        let remembered = mock!(Client::get_item)
            .match_requests(|call| {
                let key = call.key().unwrap();
                key["pk"] == text("GONE#ada") && key["sk"] == text("DELETED#00000000-0000-0000-0000-000000000001")
            })
            .then_output(|| GetItemOutput::builder().item("deleted_at", text("2026-01-31T12:00:05Z")).build());
        assert_eq!(told(remembered).await.unwrap().as_deref(), Some("2026-01-31T12:00:05Z"));
        let nothing = mock!(Client::get_item).then_output(|| GetItemOutput::builder().build());
        assert_eq!(told(nothing).await.unwrap(), None);
        let broken = mock!(Client::get_item).then_error(|| GetItemError::unhandled("gone"));
        assert!(told(broken).await.is_err());
    }
}
