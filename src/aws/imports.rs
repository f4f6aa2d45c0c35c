//! Imports in the table: what an import is and how far its runs came, in a partition of its own (`OPS#IMPORT#{name}`), and
//! the records of the photos that it brings, among those of their owner.

use super::error::sdk_error;
use super::records::{item_key, number, text};
use super::table::Table;
use aws_sdk_dynamodb::operation::delete_item::DeleteItemError;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue, ReturnValuesOnConditionCheckFailure};
use darkroom_domain::act::REMEMBERED_DAYS;
use darkroom_domain::id::{ImageId, OwnerId};
use darkroom_domain::import::{Reason, Source};
use darkroom_domain::record::{Record, Status};
use darkroom_domain::shard::Shard;
use darkroom_domain::timestamp::rfc3339;
use darkroom_domain::{Error, ErrorCode};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use time::{Duration, OffsetDateTime};

type Item = HashMap<String, AttributeValue>;

/// An import, as an operator last started it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Import {
    /// What is brought, and for whom.
    #[serde(flatten)]
    pub source: Source,
    /// How often it was started.
    pub run: u64,
    /// The operator who started it last.
    pub by: OwnerId,
    /// When. RFC 3339.
    pub started_at: String,
    /// The run that an operator stopped last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopped_run: Option<u64>,
}

impl Import {
    /// True if the photos of this run are still wanted: it is the last one, and was not stopped.
    pub fn is_wanted(&self, run: u64) -> bool {
        self.run == run && self.stopped_run != Some(run)
    }
}

/// What became of the objects of a run. Each object is in one of the first six.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Brought by this run, and ready.
    pub ready: u64,
    /// Brought by an earlier run, and ready.
    pub known: u64,
    /// Not copied.
    pub refused: u64,
    /// Copied, and rejected by the pipeline.
    pub rejected: u64,
    /// Copied, and failed in the pipeline.
    pub failed: u64,
    /// Copied, and not ended in time.
    pub late: u64,
    /// Bytes that this run copied.
    pub bytes: u64,
}

impl Counts {
    /// By the names of their attributes. `rejected` alone would be the key of an index, which takes no numbers.
    const fn named(&mut self) -> [(&'static str, &mut u64); 7] {
        [
            ("ready_count", &mut self.ready),
            ("known_count", &mut self.known),
            ("refused_count", &mut self.refused),
            ("rejected_count", &mut self.rejected),
            ("failed_count", &mut self.failed),
            ("late_count", &mut self.late),
            ("copied_bytes", &mut self.bytes),
        ]
    }
}

/// An object that is not a ready photo, with the reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// The image that it is, or would have been. In the table not as `image_id`, whose index finds the owners of photos.
    #[serde(rename = "image")]
    pub image_id: ImageId,
    /// Its key in the bucket that it comes from.
    pub key: String,
    /// Its bytes.
    pub size_bytes: u64,
    /// The reason.
    pub reason: Reason,
    /// The code of a rejection or a failure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

/// The result of writing a record for an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Brought {
    /// There is one now.
    Now,
    /// There was one: its status, and the code of its outcome.
    Before(Status, Option<String>),
}

/// May begin and stop imports.
pub trait KeepImports {
    /// Begins the next run, and returns its number; `None` if this name is that of another source.
    fn begin_import(
        &self,
        name: &str,
        source: &Source,
        by: &OwnerId,
        now: OffsetDateTime,
    ) -> impl Future<Output = Result<Option<u64>, Error>>;

    /// Nothing more is brought by this run.
    fn stop_import(&self, name: &str, run: u64) -> impl Future<Output = Result<(), Error>>;
}

/// May read imports.
pub trait ReadImport {
    /// The import of this name.
    fn read_import(&self, name: &str) -> impl Future<Output = Result<Option<Import>, Error>>;
}

/// May read how far a run came.
pub trait ReadRun {
    /// The counts of a run.
    fn read_counts(&self, name: &str, run: u64) -> impl Future<Output = Result<Counts, Error>>;

    /// What a run refused, so many at most, behind that image.
    fn list_refused(
        &self,
        name: &str,
        run: u64,
        behind: Option<ImageId>,
        at_most: i32,
    ) -> impl Future<Output = Result<Vec<Refused>, Error>>;
}

/// May write how far a run came.
pub trait WriteRun {
    /// Adds to the counts of a run.
    fn add_counts(
        &self,
        name: &str,
        run: u64,
        counts: &Counts,
        now: OffsetDateTime,
    ) -> impl Future<Output = Result<(), Error>>;

    /// Notes an object that is not a ready photo. May be repeated.
    fn note_refused(
        &self,
        name: &str,
        run: u64,
        refused: &Refused,
        now: OffsetDateTime,
    ) -> impl Future<Output = Result<(), Error>>;
}

/// May write records of photos that an import brings.
pub trait WriteBrought {
    /// Writes the record that a ticket would have, if the image has none. It does not count in the owner's quota.
    fn write_brought(&self, record: &Record, import: &str) -> impl Future<Output = Result<Brought, Error>>;

    /// Takes such a record back, whose object was not copied. Once a photo has arrived, nothing is taken back.
    fn take_back(&self, owner: &OwnerId, image: ImageId) -> impl Future<Output = Result<(), Error>>;
}

impl KeepImports for Table {
    async fn begin_import(
        &self,
        name: &str,
        source: &Source,
        by: &OwnerId,
        now: OffsetDateTime,
    ) -> Result<Option<u64>, Error> {
        let call = self
            .update_item()
            .set_key(Some(key(name, "IMPORT")))
            .update_expression(
                "SET #bucket = :bucket, #prefix = :prefix, owner_id = :owner, #by = :by, started_at = :now, \
                 expires_at = :forget ADD #run :one",
            )
            .condition_expression(
                "attribute_not_exists(pk) OR (#bucket = :bucket AND #prefix = :prefix AND owner_id = :owner)",
            )
            .expression_attribute_names("#bucket", "bucket")
            .expression_attribute_names("#prefix", "prefix")
            .expression_attribute_names("#by", "by")
            .expression_attribute_names("#run", "run")
            .expression_attribute_values(":bucket", text(&source.bucket))
            .expression_attribute_values(":prefix", text(&source.prefix))
            .expression_attribute_values(":owner", text(source.owner_id.as_str()))
            .expression_attribute_values(":by", text(by.as_str()))
            .expression_attribute_values(":now", text(rfc3339(now)))
            .expression_attribute_values(":forget", number(forget_at(now)))
            .expression_attribute_values(":one", number(1))
            .return_values(ReturnValue::UpdatedNew);
        match call.send().await {
            Ok(done) => {
                let run = done.attributes.as_ref().and_then(|item| item.get("run")?.as_n().ok()?.parse().ok());
                Ok(Some(run.ok_or_else(|| Error::new(ErrorCode::WorkerBug, "an import without a run"))?))
            }
            Err(error)
                if error.as_service_error().is_some_and(UpdateItemError::is_conditional_check_failed_exception) =>
            {
                Ok(None)
            }
            Err(error) => Err(sdk_error("begin the import", ErrorCode::TransientUnavailable, &error)),
        }
    }

    async fn stop_import(&self, name: &str, run: u64) -> Result<(), Error> {
        let call = self
            .update_item()
            .set_key(Some(key(name, "IMPORT")))
            .update_expression("SET stopped_run = :run")
            .condition_expression("attribute_exists(pk)")
            .expression_attribute_values(":run", number(run));
        let answer = call.send().await;
        answer.map(drop).map_err(|error| sdk_error("stop the import", ErrorCode::TransientUnavailable, &error))
    }
}

impl ReadImport for Table {
    async fn read_import(&self, name: &str) -> Result<Option<Import>, Error> {
        let call = self.get_item().set_key(Some(key(name, "IMPORT"))).consistent_read(true);
        let answer = call.send().await;
        let answer = answer.map_err(|error| sdk_error("read the import", ErrorCode::TransientUnavailable, &error))?;
        answer.item.map(serde_dynamo::from_item).transpose().map_err(unreadable)
    }
}

impl ReadRun for Table {
    async fn read_counts(&self, name: &str, run: u64) -> Result<Counts, Error> {
        let call = self.get_item().set_key(Some(key(name, &run_key(run)))).consistent_read(true);
        let answer = call.send().await;
        let answer = answer.map_err(|error| sdk_error("read the run", ErrorCode::TransientUnavailable, &error))?;
        let (item, mut counts) = (answer.item.unwrap_or_default(), Counts::default());
        for (name, count) in counts.named() {
            *count = item.get(name).and_then(|value| value.as_n().ok()?.parse().ok()).unwrap_or_default();
        }
        Ok(counts)
    }

    async fn list_refused(
        &self,
        name: &str,
        run: u64,
        behind: Option<ImageId>,
        at_most: i32,
    ) -> Result<Vec<Refused>, Error> {
        let prefix = format!("REFUSED#{run:06}#");
        // `~` follows all that an id is made of.
        let from = behind.map_or_else(|| prefix.clone(), |image| format!("{prefix}{image}~"));
        let call = self
            .query()
            .key_condition_expression("pk = :pk AND sk BETWEEN :from AND :to")
            .expression_attribute_values(":pk", partition(name))
            .expression_attribute_values(":from", text(from))
            .expression_attribute_values(":to", text(format!("{prefix}~")))
            .limit(at_most);
        let answer = call.send().await;
        let answer = answer.map_err(|error| sdk_error("list refusals", ErrorCode::TransientUnavailable, &error))?;
        serde_dynamo::from_items(answer.items.unwrap_or_default()).map_err(unreadable)
    }
}

impl WriteRun for Table {
    async fn add_counts(&self, name: &str, run: u64, counts: &Counts, now: OffsetDateTime) -> Result<(), Error> {
        let mut call = self.update_item().set_key(Some(key(name, &run_key(run))));
        let (mut adds, mut counts) = (Vec::new(), *counts);
        for (name, count) in counts.named() {
            adds.push(format!("{name} :{name}"));
            call = call.expression_attribute_values(format!(":{name}"), number(count));
        }
        let answer = call
            .update_expression(format!("SET expires_at = :forget ADD {}", adds.join(", ")))
            .expression_attribute_values(":forget", number(forget_at(now)))
            .send()
            .await;
        answer.map(drop).map_err(|error| sdk_error("count the run", ErrorCode::TransientUnavailable, &error))
    }

    async fn note_refused(&self, name: &str, run: u64, refused: &Refused, now: OffsetDateTime) -> Result<(), Error> {
        let mut item: Item = serde_dynamo::to_item(refused).map_err(unwritable)?;
        item.extend(key(name, &format!("REFUSED#{run:06}#{}", refused.image_id)));
        item.insert("expires_at".into(), number(forget_at(now)));
        let answer = self.put_item().set_item(Some(item)).send().await;
        answer.map(drop).map_err(|error| sdk_error("note a refusal", ErrorCode::TransientUnavailable, &error))
    }
}

impl WriteBrought for Table {
    async fn write_brought(&self, record: &Record, import: &str) -> Result<Brought, Error> {
        let mut item: Item = serde_dynamo::to_item(record).map_err(unwritable)?;
        item.extend(item_key(&record.owner_id, record.image_id));
        item.insert("unfinished".into(), text(Shard::of(record.image_id).to_string()));
        item.insert("import".into(), text(import));
        let call = self
            .put_item()
            .set_item(Some(item))
            .condition_expression("attribute_not_exists(pk)")
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        let Err(error) = call.send().await else { return Ok(Brought::Now) };
        let Some(PutItemError::ConditionalCheckFailedException(refused)) = error.as_service_error() else {
            return Err(sdk_error("write the record", ErrorCode::TransientUnavailable, &error));
        };
        let known: Record = serde_dynamo::from_item(refused.item().cloned().unwrap_or_default()).map_err(unreadable)?;
        Ok(Brought::Before(known.status, known.outcome.and_then(|outcome| outcome.code)))
    }

    async fn take_back(&self, owner: &OwnerId, image: ImageId) -> Result<(), Error> {
        let call = self
            .delete_item()
            .set_key(Some(item_key(owner, image)))
            .condition_expression("#status = :awaiting")
            .expression_attribute_names("#status", "status")
            .expression_attribute_values(":awaiting", text(Status::AwaitingUpload.as_str()));
        match call.send().await {
            Ok(_) => Ok(()),
            Err(error)
                if error.as_service_error().is_some_and(DeleteItemError::is_conditional_check_failed_exception) =>
            {
                Ok(())
            }
            Err(error) => Err(sdk_error("take the record back", ErrorCode::TransientUnavailable, &error)),
        }
    }
}

fn partition(name: &str) -> AttributeValue {
    text(format!("OPS#IMPORT#{name}"))
}

fn key(name: &str, sort: &str) -> Item {
    HashMap::from([("pk".into(), partition(name)), ("sk".into(), text(sort))])
}

fn run_key(run: u64) -> String {
    format!("RUN#{run:06}")
}

/// As long as an act.
fn forget_at(now: OffsetDateTime) -> i64 {
    (now + Duration::days(REMEMBERED_DAYS)).unix_timestamp()
}

#[expect(clippy::needless_pass_by_value, reason = "as map_err hands it over")]
fn unreadable(why: serde_dynamo::Error) -> Error {
    Error::new(ErrorCode::WorkerBadInput, format!("an import: {why}"))
}

#[expect(clippy::needless_pass_by_value, reason = "as map_err hands it over")]
fn unwritable(why: serde_dynamo::Error) -> Error {
    Error::new(ErrorCode::WorkerBug, format!("an import: {why}"))
}

#[cfg(test)]
mod tests;
