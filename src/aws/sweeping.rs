//! Photos that have not ended, for the sweeper: the index of them, their records, and the writes that settle them. Each
//! write has the state that the sweeper saw as its condition, so that it undoes nothing that happened meanwhile.

use super::error::sdk_error;
use super::records::{item_key, text};
use super::table::Table;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::AttributeValue;
use darkroom_domain::id::{ImageId, OwnerId};
use darkroom_domain::protocol::Known;
use darkroom_domain::record::{Outcome, Status};
use darkroom_domain::shard::Shard;
use darkroom_domain::timestamp::rfc3339;
use darkroom_domain::{Error, ErrorCode};
use serde::Deserialize;
use std::collections::HashMap;
use time::OffsetDateTime;

/// The record of a photo that has not ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfinished {
    /// The part that decides.
    pub known: Known,
    /// The key and the size of its original, which a record has from its arrival on.
    pub original: Original,
}

/// An original, as a record has it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Original {
    /// Its key.
    pub object_key: String,
    /// Its size.
    #[serde(default)]
    pub size_bytes: u64,
}

/// May find photos that have not ended.
pub trait FindUnfinished {
    /// Photos of this shard behind this one in the order of their ids, as many as one query returns; none if there are
    /// no more. The index follows the table within moments.
    fn unfinished_behind(
        &self,
        shard: Shard,
        behind: Option<ImageId>,
    ) -> impl Future<Output = Result<Vec<(OwnerId, ImageId)>, Error>>;

    /// The record of a photo, as it is at this moment.
    fn read_unfinished(
        &self,
        owner: &OwnerId,
        image: ImageId,
    ) -> impl Future<Output = Result<Option<Unfinished>, Error>>;
}

/// May settle photos that have not ended. Each answers false if the record is no longer as it was seen.
pub trait SettleUnfinished {
    /// Takes the photo out of the index.
    fn unlist(&self, owner: &OwnerId, image: ImageId, seen: &Known) -> impl Future<Output = Result<bool, Error>>;

    /// Records that its event was told again.
    fn note_told(
        &self,
        owner: &OwnerId,
        image: ImageId,
        seen: &Known,
        now: OffsetDateTime,
    ) -> impl Future<Output = Result<bool, Error>>;

    /// Records the failure of its execution.
    fn record_failure(
        &self,
        owner: &OwnerId,
        image: ImageId,
        seen: &Known,
        outcome: &Outcome,
        now: OffsetDateTime,
    ) -> impl Future<Output = Result<bool, Error>>;
}

impl FindUnfinished for Table {
    async fn unfinished_behind(&self, shard: Shard, behind: Option<ImageId>) -> Result<Vec<(OwnerId, ImageId)>, Error> {
        let call = self
            .query()
            .index_name("unfinished")
            .limit(PAGE)
            .projection_expression("pk, image_id")
            .key_condition_expression("unfinished = :shard AND image_id > :behind")
            .expression_attribute_values(":shard", text(shard.to_string()))
            // A space is before every id, and a key cannot be empty.
            .expression_attribute_values(":behind", text(behind.map_or_else(|| " ".into(), |it| it.to_string())));
        let answer = call.send().await;
        let answer =
            answer.map_err(|error| sdk_error("list unfinished photos", ErrorCode::TransientUnavailable, &error))?;
        answer.items.unwrap_or_default().iter().map(photo).collect()
    }

    async fn read_unfinished(&self, owner: &OwnerId, image: ImageId) -> Result<Option<Unfinished>, Error> {
        let call = self.get_item().set_key(Some(item_key(owner, image))).consistent_read(true);
        let answer = call.send().await;
        let answer =
            answer.map_err(|error| sdk_error("read an unfinished photo", ErrorCode::TransientUnavailable, &error))?;
        let Some(item) = answer.item else { return Ok(None) };
        let unreadable =
            |why: serde_dynamo::Error| Error::new(ErrorCode::WorkerBadInput, format!("record {image}: {why}"));
        let known = serde_dynamo::from_item(item.clone()).map_err(unreadable)?;
        Ok(Some(Unfinished { known, original: serde_dynamo::from_item(item).map_err(unreadable)? }))
    }
}

impl SettleUnfinished for Table {
    async fn unlist(&self, owner: &OwnerId, image: ImageId, seen: &Known) -> Result<bool, Error> {
        let call = as_seen(self, owner, image, seen).update_expression("REMOVE unfinished");
        settled(call).await
    }

    async fn note_told(
        &self,
        owner: &OwnerId,
        image: ImageId,
        seen: &Known,
        now: OffsetDateTime,
    ) -> Result<bool, Error> {
        let call = as_seen(self, owner, image, seen).update_expression("SET told_at = :now");
        settled(call.expression_attribute_values(":now", text(rfc3339(now)))).await
    }

    async fn record_failure(
        &self,
        owner: &OwnerId,
        image: ImageId,
        seen: &Known,
        outcome: &Outcome,
        now: OffsetDateTime,
    ) -> Result<bool, Error> {
        let unwritable = |why: serde_dynamo::Error| Error::new(ErrorCode::WorkerBug, format!("an outcome: {why}"));
        let outcome: AttributeValue = serde_dynamo::to_attribute_value(outcome).map_err(unwritable)?;
        let call = as_seen(self, owner, image, seen)
            .update_expression(
                "SET #status = :failed, outcome = :outcome, updated_at = :now \
                 REMOVE awaited_until, expires_at, ready_id, rejected, rejected_id, unfinished",
            )
            .expression_attribute_values(":failed", text(Status::Failed.as_str()))
            .expression_attribute_values(":outcome", outcome)
            .expression_attribute_values(":now", text(rfc3339(now)));
        settled(call).await
    }
}

/// An update on the condition that status, event, version and beginning of the photo are those that were seen.
fn as_seen(table: &Table, owner: &OwnerId, image: ImageId, seen: &Known) -> UpdateItemFluentBuilder {
    let mut conditions = vec!["attribute_exists(pk)".to_owned(), "#status = :status".to_owned()];
    let mut call = table
        .update_item()
        .set_key(Some(item_key(owner, image)))
        .expression_attribute_names("#status", "status")
        .expression_attribute_values(":status", text(seen.status.as_str()));
    for (name, value) in
        [("sequencer", &seen.sequencer), ("version_id", &seen.version_id), ("began_at", &seen.began_at)]
    {
        if let Some(value) = value {
            conditions.push(format!("{name} = :seen_{name}"));
            call = call.expression_attribute_values(format!(":seen_{name}"), text(value));
        } else {
            conditions.push(format!("attribute_not_exists({name})"));
        }
    }
    call.condition_expression(conditions.join(" AND "))
}

async fn settled(call: UpdateItemFluentBuilder) -> Result<bool, Error> {
    match call.send().await {
        Ok(_) => Ok(true),
        Err(error) if error.as_service_error().is_some_and(UpdateItemError::is_conditional_check_failed_exception) => {
            Ok(false)
        }
        Err(error) => Err(sdk_error("settle an unfinished photo", ErrorCode::TransientUnavailable, &error)),
    }
}

fn photo(keys: &HashMap<String, AttributeValue>) -> Result<(OwnerId, ImageId), Error> {
    let text = |name: &str| keys.get(name).and_then(|value| value.as_s().ok());
    let owner = text("pk").and_then(|pk| OwnerId::parse(pk.strip_prefix("USER#")?).ok());
    let image = text("image_id").and_then(|id| ImageId::parse(id).ok());
    owner.zip(image).ok_or_else(|| Error::new(ErrorCode::WorkerBadInput, "list unfinished photos: not a photo's keys"))
}

/// Keys of some 200 bytes each.
const PAGE: i32 = 1000;

#[cfg(test)]
mod tests;
