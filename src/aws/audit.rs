//! Records as the sweeper compares them with storage, and the walks it keeps.

use super::error::sdk_error;
use super::keys::Page;
use super::memory::{ERASED, deleted, memory_key};
use super::records::{item_key, number, text};
use super::table::Table;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::AttributeValue;
use darkroom_domain::drift::{Holding, Walk};
use darkroom_domain::id::{ImageId, OwnerId};
use darkroom_domain::record::{Outcome, Rerendered, Status, Variant};
use darkroom_domain::{Error, ErrorCode};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};

/// The walks of the clock's runs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptWalks {
    /// The one that is under way, or the last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub under_way: Option<Walk>,
    /// The last one that ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<Walk>,
    /// How often they were saved.
    #[serde(default)]
    pub saved: u64,
}

/// May look at records, in no owner's name.
pub trait AuditRecords {
    /// Photos that are ready, in the order of the index, behind this place, so many at most.
    fn ready_behind(
        &self,
        behind: Option<&str>,
        at_most: i32,
    ) -> impl Future<Output = Result<Page<(OwnerId, ImageId)>, Error>>;

    /// What a record names, as it is at this moment.
    fn read_holding(&self, owner: &OwnerId, image: ImageId) -> impl Future<Output = Result<Option<Holding>, Error>>;

    /// When the deletion of this image, or of its owner's account, began (RFC 3339), as long ago as is remembered.
    fn deletion_of(&self, owner: &OwnerId, image: ImageId) -> impl Future<Output = Result<Option<String>, Error>>;

    /// Who has, or had, a photo of this id: the owner of its record, and the one under whom its deletion is remembered.
    fn owners_of(&self, image: ImageId) -> impl Future<Output = Result<Owners, Error>>;
}

/// Who has a photo, and who had it. The index follows the table within moments.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Owners {
    /// The owner of its record.
    pub has: Option<OwnerId>,
    /// The owner who deleted it.
    pub had: Option<OwnerId>,
}

/// May keep the walks.
pub trait KeepWalks {
    /// Where it stands.
    fn read_walks(&self) -> impl Future<Output = Result<KeptWalks, Error>>;

    /// Saves it; false if another run did so since this one read it.
    fn save_walks(&self, walks: &KeptWalks) -> impl Future<Output = Result<bool, Error>>;
}

impl AuditRecords for Table {
    async fn ready_behind(&self, behind: Option<&str>, at_most: i32) -> Result<Page<(OwnerId, ImageId)>, Error> {
        let call = self
            .scan()
            .index_name("ready")
            .projection_expression("pk, ready_id")
            .limit(at_most)
            .set_exclusive_start_key(behind.map(start_key).transpose()?);
        let answer = call.send().await;
        let answer =
            answer.map_err(|error| sdk_error("scan what is ready", ErrorCode::TransientUnavailable, &error))?;
        let items = answer.items.unwrap_or_default().iter().map(photo).collect::<Result<_, _>>()?;
        let last = answer.last_evaluated_key.as_ref().map(photo).transpose()?;
        Ok(Page { items, next: last.map(|(owner, image)| format!("{owner}/{image}")) })
    }

    async fn read_holding(&self, owner: &OwnerId, image: ImageId) -> Result<Option<Holding>, Error> {
        #[derive(Deserialize)]
        struct Read {
            status: Status,
            #[serde(default)]
            version_id: Option<String>,
            #[serde(default)]
            object_key: String,
            #[serde(default)]
            variants: BTreeMap<String, Variant>,
            #[serde(default)]
            outcome: Option<Outcome>,
            #[serde(default)]
            rerendered: Option<Rerendered>,
        }
        let call = self
            .get_item()
            .set_key(Some(item_key(owner, image)))
            .consistent_read(true)
            .projection_expression("#status, version_id, object_key, variants, outcome, rerendered")
            .expression_attribute_names("#status", "status");
        let answer = call.send().await;
        let answer = answer.map_err(|error| sdk_error("read the record", ErrorCode::TransientUnavailable, &error))?;
        let Some(item) = answer.item else { return Ok(None) };
        let Read { status, version_id, object_key, variants, outcome, rerendered } =
            serde_dynamo::from_item(item).map_err(|why| unreadable(&format!("record {image}"), &why))?;
        let variants = variants.values().flat_map(Variant::files).map(|file| file.key.to_owned()).collect();
        let published_at = outcome.and_then(|outcome| outcome.at).max(rerendered.map(|rerendered| rerendered.at));
        Ok(Some(Holding { status, version_id, original: object_key, variants, published_at }))
    }

    async fn deletion_of(&self, owner: &OwnerId, image: ImageId) -> Result<Option<String>, Error> {
        for what in [&deleted(image), ERASED] {
            let call = self.get_item().set_key(Some(memory_key(owner, what))).consistent_read(true);
            let answer = call.projection_expression("deleted_at").send().await;
            let answer =
                answer.map_err(|error| sdk_error("recall a deletion", ErrorCode::TransientUnavailable, &error))?;
            if let Some(at) = answer.item.and_then(|item| item.get("deleted_at")?.as_s().ok().cloned()) {
                return Ok(Some(at));
            }
        }
        Ok(None)
    }

    async fn owners_of(&self, image: ImageId) -> Result<Owners, Error> {
        let call = self
            .query()
            .index_name("image")
            .projection_expression("pk")
            .key_condition_expression("image_id = :image")
            .expression_attribute_values(":image", text(image.to_string()));
        let answer = call.send().await;
        let answer = answer.map_err(|error| sdk_error("look for owners", ErrorCode::TransientUnavailable, &error))?;
        let partitions: Vec<_> =
            answer.items.unwrap_or_default().iter().filter_map(|item| item.get("pk")?.as_s().ok().cloned()).collect();
        let owner = |prefix: &str| partitions.iter().find_map(|pk| OwnerId::parse(pk.strip_prefix(prefix)?).ok());
        Ok(Owners { has: owner("USER#"), had: owner("GONE#") })
    }
}

impl KeepWalks for Table {
    async fn read_walks(&self) -> Result<KeptWalks, Error> {
        let answer = self.get_item().set_key(Some(walks_key())).consistent_read(true).send().await;
        let answer = answer.map_err(|error| sdk_error("read the walk", ErrorCode::TransientUnavailable, &error))?;
        let read = answer.item.map(serde_dynamo::from_item).transpose();
        Ok(read.map_err(|why| unreadable("the walk", &why))?.unwrap_or_default())
    }

    async fn save_walks(&self, walks: &KeptWalks) -> Result<bool, Error> {
        let unwritable = |why: serde_dynamo::Error| Error::new(ErrorCode::WorkerBug, format!("the walk: {why}"));
        let value = |walk: &Option<Walk>| serde_dynamo::to_attribute_value(walk).map_err(unwritable);
        let call = self
            .update_item()
            .set_key(Some(walks_key()))
            .update_expression("SET under_way = :under_way, #last = :last, saved = :next")
            .condition_expression("attribute_not_exists(saved) OR saved = :seen")
            .expression_attribute_names("#last", "last")
            .expression_attribute_values(":under_way", value(&walks.under_way)?)
            .expression_attribute_values(":last", value(&walks.last)?)
            .expression_attribute_values(":seen", number(walks.saved))
            .expression_attribute_values(":next", number(walks.saved + 1));
        match call.send().await {
            Ok(_) => Ok(true),
            Err(error)
                if error.as_service_error().is_some_and(UpdateItemError::is_conditional_check_failed_exception) =>
            {
                Ok(false)
            }
            Err(error) => Err(sdk_error("save the walk", ErrorCode::TransientUnavailable, &error)),
        }
    }
}

type Key = HashMap<String, AttributeValue>;

/// The item of the walks. No owner is called so.
fn walks_key() -> Key {
    HashMap::from([("pk".into(), text("SWEEP")), ("sk".into(), text("DRIFT"))])
}

/// The place in the index, as DynamoDB has it: the keys of the index and those of the table.
fn start_key(behind: &str) -> Result<Key, Error> {
    let (owner, image) = behind.split_once('/').ok_or_else(|| bad("the walk: not a photo"))?;
    let mut key = item_key(&OwnerId::parse(owner)?, ImageId::parse(image)?);
    key.insert("ready_id".into(), text(image));
    Ok(key)
}

fn photo(keys: &Key) -> Result<(OwnerId, ImageId), Error> {
    let text = |name: &str| keys.get(name).and_then(|value| value.as_s().ok());
    let owner = text("pk").and_then(|pk| OwnerId::parse(pk.strip_prefix("USER#")?).ok());
    let image = text("ready_id").and_then(|id| ImageId::parse(id).ok());
    owner.zip(image).ok_or_else(|| bad("scan what is ready: not a photo's keys"))
}

fn bad(detail: &str) -> Error {
    Error::new(ErrorCode::WorkerBadInput, detail)
}

fn unreadable(what: &str, why: &serde_dynamo::Error) -> Error {
    bad(&format!("{what}: {why}"))
}

#[cfg(test)]
mod tests;
