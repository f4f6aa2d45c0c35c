//! Records in the table, one at a time. The owner is part of the key, so no record can be reached by its id alone.

use super::error::sdk_error;
use super::table::Table;
use aws_sdk_dynamodb::types::builders::KeysAndAttributesBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, KeysAndAttributes};
use darkroom_domain::id::{AlbumId, ImageId, OwnerId};
use darkroom_domain::record::Record;
use darkroom_domain::settings::LIMITS;
use darkroom_domain::{Error, ErrorCode};
use std::collections::HashMap;
use std::fmt::Display;
use std::time::Duration;
use time::OffsetDateTime;

/// May read records.
pub trait ReadRecord {
    /// This owner's record of this image.
    fn read_record(&self, owner: &OwnerId, image: ImageId) -> impl Future<Output = Result<Option<Record>, Error>>;
}

impl ReadRecord for Table {
    async fn read_record(&self, owner: &OwnerId, image: ImageId) -> Result<Option<Record>, Error> {
        // Consistent, since a client that was just handed an id may ask for it at once.
        let call = self.get_item().set_key(Some(item_key(owner, image))).consistent_read(true);
        let answer = call.send().await;
        let answer = answer.map_err(|error| sdk_error("read the record", ErrorCode::TransientUnavailable, &error))?;
        let unreadable =
            |why: serde_dynamo::Error| Error::new(ErrorCode::WorkerBadInput, format!("record {image}: {why}"));
        answer.item.map(serde_dynamo::from_item).transpose().map_err(unreadable)
    }
}

/// How fresh a read must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consistency {
    /// As it is at this moment.
    Strong,
    /// As it was some moments ago at least, for half the price.
    Eventual,
}

/// May read many records.
pub trait ReadRecords {
    /// This owner's existing records of these images (100 at most), in the order of the images.
    fn read_records(
        &self,
        owner: &OwnerId,
        images: &[ImageId],
        consistency: Consistency,
    ) -> impl Future<Output = Result<Vec<Record>, Error>>;
}

/// How often a batch is repeated for keys that the table left out, which it does when it is busy.
const ATTEMPTS: u32 = 4;

impl ReadRecords for Table {
    async fn read_records(
        &self,
        owner: &OwnerId,
        images: &[ImageId],
        consistency: Consistency,
    ) -> Result<Vec<Record>, Error> {
        // The table refuses an empty batch.
        if images.is_empty() {
            return Ok(Vec::new());
        }
        let keys = images.iter().map(|image| item_key(owner, *image)).collect();
        let wanted =
            KeysAndAttributes::builder().set_keys(Some(keys)).consistent_read(consistency == Consistency::Strong);
        let items = read_batch(self, "read records", wanted).await?;
        let unreadable = |why: serde_dynamo::Error| Error::new(ErrorCode::WorkerBadInput, format!("records: {why}"));
        let found: Vec<Record> = serde_dynamo::from_items(items).map_err(unreadable)?;
        let mut found: HashMap<_, _> = found.into_iter().map(|record| (record.image_id, record)).collect();
        Ok(images.iter().filter_map(|image| found.remove(image)).collect())
    }
}

/// The items of these keys that exist, in any order: 1 to 100 keys.
pub(super) async fn read_batch(
    table: &Table,
    what: &'static str,
    wanted: KeysAndAttributesBuilder,
) -> Result<Vec<HashMap<String, AttributeValue>>, Error> {
    let wanted = wanted.build().map_err(|why| Error::new(ErrorCode::WorkerBug, format!("{what}: {why}")))?;
    let mut left = HashMap::from([(table.name().to_owned(), wanted)]);
    let mut items = Vec::new();
    for attempt in 1..=ATTEMPTS {
        if attempt > 1 {
            tokio::time::sleep(Duration::from_millis(25 << attempt)).await;
        }
        let answer = table.batch_get_item().set_request_items(Some(left)).send().await;
        let answer = answer.map_err(|error| sdk_error(what, ErrorCode::TransientUnavailable, &error))?;
        items.extend(answer.responses.into_iter().flat_map(HashMap::into_values).flatten());
        left = answer.unprocessed_keys.unwrap_or_default();
        if left.is_empty() {
            return Ok(items);
        }
    }
    Err(Error::new(ErrorCode::TransientUnavailable, format!("{what}: the table leaves out some")))
}

/// The partition and sort key of an image's item. The owner is the partition, so that no query can forget the owner.
pub(super) fn item_key(owner: &OwnerId, image: ImageId) -> HashMap<String, AttributeValue> {
    HashMap::from([("pk".into(), partition(owner)), ("sk".into(), text(format!("IMAGE#{image}")))])
}

/// The key of an album's item.
pub(super) fn album_key(owner: &OwnerId, album: AlbumId) -> HashMap<String, AttributeValue> {
    HashMap::from([("pk".into(), partition(owner)), ("sk".into(), text(format!("ALBUM#{album}")))])
}

/// Everything of one owner.
pub(super) fn partition(owner: &OwnerId) -> AttributeValue {
    text(format!("USER#{owner}"))
}

/// True for all but an expired ticket. Needs `#status`, `:awaiting` and `:seconds` (the time, since 1970). A ticket of
/// an earlier release has only `expires_at` for its expiry.
pub(super) const AWAITED: &str = "(#status <> :awaiting OR awaited_until > :seconds OR \
                                  (attribute_not_exists(awaited_until) AND expires_at > :seconds))";

/// When an item that is remembered now expires, in seconds since 1970.
pub(super) fn forget_at(now: OffsetDateTime) -> i64 {
    (now + Duration::from_secs(LIMITS.remembered_s)).unix_timestamp()
}

/// A number, or a time in seconds since 1970.
pub(super) fn number(value: impl Display) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

/// A value as text.
pub(super) fn text(value: impl Into<String>) -> AttributeValue {
    AttributeValue::S(value.into())
}
