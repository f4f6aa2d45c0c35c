//! Changes that an owner makes to a record: what it says, where it lies, who may see it, and its end.

use super::error::sdk_error;
use super::records::{album_key, item_key, text};
use super::table::Table;
use aws_sdk_dynamodb::error::BuildError;
use aws_sdk_dynamodb::operation::delete_item::DeleteItemError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{
    AttributeValue, ConditionCheck, ReturnValuesOnConditionCheckFailure, TransactWriteItem, Update,
};
use darkroom_domain::id::{AlbumId, ImageId, OwnerId};
use darkroom_domain::record::{Status, Visibility};
use darkroom_domain::timestamp::rfc3339;
use darkroom_domain::{Error, ErrorCode};
use std::time::Duration;
use time::OffsetDateTime;

/// What is to change; `None` leaves it as it is, `Some(None)` takes it away.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecordEdit {
    /// The caption.
    pub caption: Option<Option<String>>,
    /// Who may see it.
    pub visibility: Option<Visibility>,
    /// The album it lies in.
    pub album: Option<Option<AlbumId>>,
    /// Only if it lies in this album.
    pub lies_in: Option<AlbumId>,
}

/// What became of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EditOutcome {
    /// Done.
    Done,
    /// The owner has no such image.
    NoImage(usize),
    /// The owner has no such album.
    NoAlbum,
}

/// What became of the first step of a deletion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeletionStart {
    /// Nobody can reach it any more, and no event or execution brings it back: its objects may go.
    Started,
    /// An execution may be writing at this moment.
    Busy,
    /// The owner has no such image.
    NoImage,
}

/// May change records that exist.
pub trait EditRecords {
    /// Changes these images of one owner: all of them or none, and the album exists at that moment.
    fn edit_records(
        &self,
        owner: &OwnerId,
        images: &[ImageId],
        change: &RecordEdit,
        now: OffsetDateTime,
    ) -> impl Future<Output = Result<EditOutcome, Error>>;
}

/// May delete records.
pub trait DeleteRecord {
    /// Takes the image out of every list and out of the pipeline's reach, unless an execution may be at it. Doing it
    /// again is the same.
    fn begin_deletion(
        &self,
        owner: &OwnerId,
        image: ImageId,
        now: OffsetDateTime,
    ) -> impl Future<Output = Result<DeletionStart, Error>>;

    /// Deletes the record of an image whose deletion has begun.
    fn finish_deletion(&self, owner: &OwnerId, image: ImageId) -> impl Future<Output = Result<(), Error>>;
}

/// How long an execution can last at most: the state machine's own timeout. A photo that has been processing for
/// longer is stuck, and nothing writes for it any more.
const EXECUTION: Duration = Duration::from_hours(1);

impl EditRecords for Table {
    async fn edit_records(
        &self,
        owner: &OwnerId,
        images: &[ImageId],
        change: &RecordEdit,
        now: OffsetDateTime,
    ) -> Result<EditOutcome, Error> {
        let mut writes = Vec::with_capacity(images.len() + 1);
        for image in images {
            let update = update(self, owner, *image, change, now).build().map_err(|why| unwritten(&why))?;
            writes.push(TransactWriteItem::builder().update(update).build());
        }
        if let Some(Some(album)) = change.album {
            let exists = ConditionCheck::builder()
                .table_name(self.name())
                .set_key(Some(album_key(owner, album)))
                .condition_expression("attribute_exists(pk) AND attribute_not_exists(deleting)")
                .build()
                .map_err(|why| unwritten(&why))?;
            writes.push(TransactWriteItem::builder().condition_check(exists).build());
        }
        let Err(error) = self.transact_write_items().set_transact_items(Some(writes)).send().await else {
            return Ok(EditOutcome::Done);
        };
        if let Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) = error.as_service_error() {
            let refused =
                |code: &str| cancelled.cancellation_reasons().iter().position(|reason| reason.code() == Some(code));
            if let Some(at) = refused("ConditionalCheckFailed") {
                return Ok(if at < images.len() { EditOutcome::NoImage(at) } else { EditOutcome::NoAlbum });
            }
            if refused("TransactionConflict").is_some() || refused("ThrottlingError").is_some() {
                return Err(Error::new(ErrorCode::TransientUnavailable, "change records: somebody else does too"));
            }
        }
        Err(sdk_error("change records", ErrorCode::TransientUnavailable, &error))
    }
}

/// What may be changed: not deleted half-way, not a ticket that has expired.
const ALIVE: &str =
    "attribute_exists(pk) AND #status <> :deleting AND (attribute_not_exists(expires_at) OR expires_at > :seconds)";

fn update(
    table: &Table,
    owner: &OwnerId,
    image: ImageId,
    change: &RecordEdit,
    now: OffsetDateTime,
) -> aws_sdk_dynamodb::types::builders::UpdateBuilder {
    let (mut set, mut remove) = (vec!["updated_at = :now".to_owned()], Vec::new());
    let mut update = Update::builder().table_name(table.name()).set_key(Some(item_key(owner, image)));
    let visibility = change.visibility.map(|who| (who == Visibility::Public).then(|| who.as_str().to_owned()));
    let album = change.album.map(|album| album.map(|album| album.to_string()));
    for (name, wanted) in [("caption", change.caption.clone()), ("visibility", visibility), ("album_id", album)] {
        match wanted {
            None => {}
            Some(None) => remove.push(name),
            Some(Some(value)) => {
                set.push(format!("{name} = :{name}"));
                update = update.expression_attribute_values(format!(":{name}"), text(value));
            }
        }
    }
    let removal = if remove.is_empty() { String::new() } else { format!(" REMOVE {}", remove.join(", ")) };
    let mut condition = ALIVE.to_owned();
    if let Some(album) = change.lies_in {
        condition.push_str(" AND album_id = :lies_in");
        update = update.expression_attribute_values(":lies_in", text(album.to_string()));
    }
    update
        .update_expression(format!("SET {}{removal}", set.join(", ")))
        .condition_expression(condition)
        .expression_attribute_names("#status", "status")
        .expression_attribute_values(":deleting", text(Status::Deleting.as_str()))
        .expression_attribute_values(":seconds", AttributeValue::N(now.unix_timestamp().to_string()))
        .expression_attribute_values(":now", text(rfc3339(now)))
}

impl DeleteRecord for Table {
    async fn begin_deletion(
        &self,
        owner: &OwnerId,
        image: ImageId,
        now: OffsetDateTime,
    ) -> Result<DeletionStart, Error> {
        let answer = self
            .update_item()
            .set_key(Some(item_key(owner, image)))
            // Every event of S3 is older than this sequencer, so none takes the record back; without its version no
            // execution can write to it; without the rest it is in no index, and does not expire before its objects go.
            .update_expression(
                "SET #status = :deleting, sequencer = :last, updated_at = :now \
                 REMOVE version_id, album_id, visibility, expires_at",
            )
            .condition_expression(
                "attribute_exists(pk) AND (attribute_not_exists(expires_at) OR expires_at > :seconds) AND \
                 (#status <> :processing OR attribute_not_exists(arrived_at) OR arrived_at < :since)",
            )
            .expression_attribute_names("#status", "status")
            .expression_attribute_values(":deleting", text(Status::Deleting.as_str()))
            .expression_attribute_values(":processing", text(Status::Processing.as_str()))
            .expression_attribute_values(":last", text("~"))
            .expression_attribute_values(":seconds", AttributeValue::N(now.unix_timestamp().to_string()))
            .expression_attribute_values(":since", text(rfc3339(now - EXECUTION)))
            .expression_attribute_values(":now", text(rfc3339(now)))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        let Err(error) = answer else { return Ok(DeletionStart::Started) };
        let Some(UpdateItemError::ConditionalCheckFailedException(refused)) = error.as_service_error() else {
            return Err(sdk_error("prepare the deletion", ErrorCode::TransientUnavailable, &error));
        };
        let status = refused.item().and_then(|item| item.get("status"));
        let busy = status == Some(&text(Status::Processing.as_str()));
        Ok(if busy { DeletionStart::Busy } else { DeletionStart::NoImage })
    }

    async fn finish_deletion(&self, owner: &OwnerId, image: ImageId) -> Result<(), Error> {
        let call = self
            .delete_item()
            .set_key(Some(item_key(owner, image)))
            .condition_expression("#status = :deleting")
            .expression_attribute_names("#status", "status")
            .expression_attribute_values(":deleting", text(Status::Deleting.as_str()));
        match call.send().await {
            Ok(_) => Ok(()),
            // Somebody who asked at the same time was faster.
            Err(error)
                if matches!(error.as_service_error(), Some(DeleteItemError::ConditionalCheckFailedException(_))) =>
            {
                Ok(())
            }
            Err(error) => Err(sdk_error("delete the record", ErrorCode::TransientUnavailable, &error)),
        }
    }
}

fn unwritten(why: &BuildError) -> Error {
    Error::new(ErrorCode::WorkerBug, format!("change records: {why}"))
}

#[cfg(test)]
mod tests {
    use super::EXECUTION;
    use serde_json::Value;

    #[test]
    fn r40_an_execution_lasts_no_longer_than_we_wait_for_it() {
        let machine: Value =
            serde_json::from_str(include_str!("../../statemachine/process-image.asl.json")).expect("JSON");
        assert_eq!(machine["TimeoutSeconds"], EXECUTION.as_secs());
    }
}
