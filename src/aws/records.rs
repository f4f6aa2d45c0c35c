//! Records in the table, one at a time. The owner is part of the key, so nobody's record can be reached by its id alone.

use super::error::named;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use darkroom_domain::id::{ImageId, OwnerId};
use darkroom_domain::record::{Record, table_key};
use darkroom_domain::{Error, ErrorCode};
use std::collections::HashMap;

/// May add new records.
pub trait CreateRecord {
    /// Adds the record, and never overwrites one.
    fn create_record(&self, table: &str, record: &Record) -> impl Future<Output = Result<(), Error>>;
}

/// May read records.
pub trait ReadRecord {
    /// This owner's record of this image.
    fn read_record(
        &self,
        table: &str,
        owner: &OwnerId,
        image: ImageId,
    ) -> impl Future<Output = Result<Option<Record>, Error>>;
}

impl CreateRecord for Client {
    async fn create_record(&self, table: &str, record: &Record) -> Result<(), Error> {
        let unwritable =
            |why: serde_dynamo::Error| Error::new(ErrorCode::WorkerBug, format!("write the record: {why}"));
        let mut item: HashMap<String, AttributeValue> = serde_dynamo::to_item(record).map_err(unwritable)?;
        item.extend(item_key(&record.owner_id, record.image_id));
        let call = self.put_item().table_name(table).set_item(Some(item));
        let call = call.condition_expression("attribute_not_exists(pk)");
        call.send().await.map_err(|error| named("create the record", ErrorCode::TransientUnavailable, &error))?;
        Ok(())
    }
}

impl ReadRecord for Client {
    async fn read_record(&self, table: &str, owner: &OwnerId, image: ImageId) -> Result<Option<Record>, Error> {
        // Consistent, since a client that was just handed an id may ask for it at once.
        let call = self.get_item().table_name(table).set_key(Some(item_key(owner, image))).consistent_read(true);
        let answer = call.send().await;
        let answer = answer.map_err(|error| named("read the record", ErrorCode::TransientUnavailable, &error))?;
        let unreadable =
            |why: serde_dynamo::Error| Error::new(ErrorCode::WorkerBadInput, format!("record {image}: {why}"));
        answer.item.map(serde_dynamo::from_item).transpose().map_err(unreadable)
    }
}

fn item_key(owner: &OwnerId, image: ImageId) -> HashMap<String, AttributeValue> {
    let (pk, sk) = table_key(owner, image);
    HashMap::from([("pk".into(), AttributeValue::S(pk)), ("sk".into(), AttributeValue::S(sk))])
}
