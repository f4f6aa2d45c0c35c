//! Records in the table, one at a time. The owner is part of the key, so nobody's record can be reached by its id alone.

use super::error::sdk_error;
use super::table::Table;
use aws_sdk_dynamodb::types::AttributeValue;
use darkroom_domain::id::{AlbumId, ImageId, OwnerId};
use darkroom_domain::record::Record;
use darkroom_domain::{Error, ErrorCode};
use std::collections::HashMap;

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

/// The partition and sort key of an image's item. The owner is the partition, so that a query that forgets the owner
/// cannot be written at all.
pub(super) fn table_key(owner: &OwnerId, image: ImageId) -> (String, String) {
    (format!("USER#{owner}"), format!("IMAGE#{image}"))
}

/// The key of an image's item.
pub(super) fn item_key(owner: &OwnerId, image: ImageId) -> HashMap<String, AttributeValue> {
    let (pk, sk) = table_key(owner, image);
    HashMap::from([("pk".into(), text(pk)), ("sk".into(), text(sk))])
}

/// The key of an album's item.
pub(super) fn album_key(owner: &OwnerId, album: AlbumId) -> HashMap<String, AttributeValue> {
    HashMap::from([("pk".into(), partition(owner)), ("sk".into(), text(format!("ALBUM#{album}")))])
}

/// Everything of one owner.
pub(super) fn partition(owner: &OwnerId) -> AttributeValue {
    text(format!("USER#{owner}"))
}

/// A value as text.
pub(super) fn text(value: impl Into<String>) -> AttributeValue {
    AttributeValue::S(value.into())
}
