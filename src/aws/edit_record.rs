//! Changes that an owner makes to a record: caption, album, visibility, and deletion.

use super::error::sdk_error;
use super::memory;
use super::records::{AWAITED, album_key, item_key, number, text};
use super::table::Table;
use super::transaction::{cancelled, transaction_error, unmet};
use aws_sdk_dynamodb::error::BuildError;
use aws_sdk_dynamodb::operation::delete_item::DeleteItemError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{
    AttributeValue, ConditionCheck, ReturnValuesOnConditionCheckFailure, TransactWriteItem, Update,
};
use darkroom_domain::focus::{Focus, Shares};
use darkroom_domain::id::{AlbumId, ImageId, OwnerId};
use darkroom_domain::protocol::{self, DeletionStart, EXECUTION, START};
use darkroom_domain::record::{Status, Visibility};
use darkroom_domain::shard::Shard;
use darkroom_domain::timestamp::rfc3339;
use darkroom_domain::{Error, ErrorCode};
use std::collections::HashMap;
use time::OffsetDateTime;

/// The changes; `None` leaves a value as it is, `Some(None)` removes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecordEdit {
    /// The caption.
    pub caption: Option<Option<String>>,
    /// Who may see it.
    pub visibility: Option<Visibility>,
    /// The album it lies in.
    pub album: Option<Option<AlbumId>>,
    /// What its crops show.
    pub focus: Option<Option<Focus>>,
    /// Only if it lies in this album.
    pub lies_in: Option<AlbumId>,
}

/// The result of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EditOutcome {
    /// Done.
    Done,
    /// The owner has no such image.
    NoImage(usize),
    /// The owner has no such album.
    NoAlbum,
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
    /// Takes the image out of every list and out of the pipeline's reach, unless an execution may be writing for it.
    /// May be repeated.
    fn begin_deletion(
        &self,
        owner: &OwnerId,
        image: ImageId,
        now: OffsetDateTime,
    ) -> impl Future<Output = Result<DeletionStart, Error>>;

    /// Remembers, for longer than any message can wait, that the image was deleted: an original that arrives by then is
    /// hidden.
    fn remember_deletion(
        &self,
        owner: &OwnerId,
        image: ImageId,
        now: OffsetDateTime,
    ) -> impl Future<Output = Result<(), Error>>;

    /// Deletes the record of an image whose deletion has begun.
    fn finish_deletion(&self, owner: &OwnerId, image: ImageId) -> impl Future<Output = Result<(), Error>>;
}

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
        match cancelled(&error).and_then(unmet) {
            Some((at, _)) if at < images.len() => Ok(EditOutcome::NoImage(at)),
            Some(_) => Ok(EditOutcome::NoAlbum),
            None => Err(transaction_error("change records", &error)),
        }
    }
}

/// A record that may be changed: not one that is being deleted, and not an expired ticket.
fn alive() -> String {
    format!("attribute_exists(pk) AND #status <> :deleting AND {AWAITED}")
}

fn update(
    table: &Table,
    owner: &OwnerId,
    image: ImageId,
    change: &RecordEdit,
    now: OffsetDateTime,
) -> aws_sdk_dynamodb::types::builders::UpdateBuilder {
    let (mut set, mut remove) = (vec!["updated_at = :now".to_owned()], Vec::new());
    let mut update = Update::builder().table_name(table.name()).set_key(Some(item_key(owner, image)));
    let public = change.visibility.map(|who| who == Visibility::Public);
    let visibility = public.map(|public| public.then(|| Visibility::Public.as_str().to_owned()));
    // With the shard the record is in the index `public`, as soon and as long as it is ready.
    let shard = public.map(|public| public.then(|| Shard::of(image).to_string()));
    let album = change.album.map(|album| album.map(|album| album.to_string()));
    let focus = change.focus.map(|focus| focus.map(point));
    let words =
        [("caption", change.caption.clone()), ("visibility", visibility), ("public_shard", shard), ("album_id", album)];
    let words = words.map(|(name, wanted)| (name, wanted.map(|wanted| wanted.map(text))));
    let wishes = words.into_iter().chain([("focus", focus)]);
    for (name, wanted) in wishes {
        match wanted {
            None => {}
            Some(None) => remove.push(name),
            Some(Some(value)) => {
                set.push(format!("{name} = :{name}"));
                update = update.expression_attribute_values(format!(":{name}"), value);
            }
        }
    }
    let removal = if remove.is_empty() { String::new() } else { format!(" REMOVE {}", remove.join(", ")) };
    let mut condition = alive();
    if let Some(album) = change.lies_in {
        condition.push_str(" AND album_id = :lies_in");
        update = update.expression_attribute_values(":lies_in", text(album.to_string()));
    }
    update
        .update_expression(format!("SET {}{removal}", set.join(", ")))
        .condition_expression(condition)
        .expression_attribute_names("#status", "status")
        .expression_attribute_values(":deleting", text(Status::Deleting.as_str()))
        .expression_attribute_values(":awaiting", text(Status::AwaitingUpload.as_str()))
        .expression_attribute_values(":seconds", number(now.unix_timestamp()))
        .expression_attribute_values(":now", text(rfc3339(now)))
}

fn point(focus: Focus) -> AttributeValue {
    let Shares { x, y } = focus.into();
    AttributeValue::M(HashMap::from([("x".into(), number(x)), ("y".into(), number(y))]))
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
            // execution can write to it; without the rest it is in no index but that of unfinished photos, where the
            // sweeper finds it, and does not expire before its objects go.
            .update_expression(
                "SET #status = :deleting, sequencer = :last, updated_at = :now, unfinished = :shard \
                 REMOVE version_id, album_id, visibility, public_shard, ready_id, rejected, rejected_id, awaited_until, \
                 expires_at",
            )
            // An execution may have begun long after its photo arrived. A record of an earlier release does not say when.
            .condition_expression(format!(
                "attribute_exists(pk) AND {AWAITED} AND (#status <> :processing OR began_at < :since OR \
                 (attribute_not_exists(began_at) AND (attribute_not_exists(arrived_at) OR arrived_at < :since)))",
            ))
            .expression_attribute_names("#status", "status")
            .expression_attribute_values(":deleting", text(Status::Deleting.as_str()))
            .expression_attribute_values(":processing", text(Status::Processing.as_str()))
            .expression_attribute_values(":last", text("~"))
            .expression_attribute_values(":shard", text(Shard::of(image).to_string()))
            .expression_attribute_values(":awaiting", text(Status::AwaitingUpload.as_str()))
            .expression_attribute_values(":seconds", number(now.unix_timestamp()))
            .expression_attribute_values(":since", text(rfc3339(now - EXECUTION - START)))
            .expression_attribute_values(":now", text(rfc3339(now)))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        let Err(error) = answer else { return Ok(DeletionStart::Started) };
        let Some(UpdateItemError::ConditionalCheckFailedException(refused)) = error.as_service_error() else {
            return Err(sdk_error("prepare the deletion", ErrorCode::TransientUnavailable, &error));
        };
        let unreadable = |why| Error::new(ErrorCode::WorkerBadInput, format!("record {image}: {why}"));
        let known = refused.item().cloned().map(serde_dynamo::from_item).transpose().map_err(unreadable)?;
        match protocol::begin_deletion(known.as_ref(), now) {
            DeletionStart::Started => Err(Error::new(ErrorCode::WorkerBug, "the table and the protocol do not agree")),
            refusal => Ok(refusal),
        }
    }

    async fn remember_deletion(&self, owner: &OwnerId, image: ImageId, now: OffsetDateTime) -> Result<(), Error> {
        memory::remember_deletion(self, owner, image, now).await
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
            // Another request was faster.
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
