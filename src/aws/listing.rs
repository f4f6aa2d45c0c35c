//! Lists of records, newest first. The owner, the album or "public" is the key of the question, never a filter over
//! other people's records; a list goes on by a range of ids, so what is added meanwhile moves nothing (R37).

use super::error::sdk_error;
use super::records::{partition, text};
use super::table::Table;
use aws_sdk_dynamodb::types::AttributeValue;
use darkroom_domain::id::ImageId;
use darkroom_domain::range::{IdRange, ListScope};
use darkroom_domain::record::{Record, Status, Visibility};
use darkroom_domain::{Error, ErrorCode};
use std::collections::HashMap;

/// One question to the table.
#[derive(Clone, Copy, Debug)]
pub struct Listing<'a> {
    /// Which images.
    pub scope: ListScope<'a>,
    /// Between which ids.
    pub range: IdRange,
    /// Only those of this status.
    pub status: Option<Status>,
    /// Tickets that have expired by now (seconds since 1970) are left out.
    pub now: i64,
    /// How many records the table may look at.
    pub look_at: i32,
}

/// What one question found, newest first.
#[derive(Debug)]
pub struct Found {
    /// The records.
    pub records: Vec<Record>,
    /// Where nobody has looked yet.
    pub rest: Option<IdRange>,
}

/// May list records.
pub trait ListRecords {
    /// The newest records of the range.
    fn list_records(&self, listing: Listing<'_>) -> impl Future<Output = Result<Found, Error>>;

    /// This image, if it is ready and its owner shows it to everybody.
    fn read_public(&self, image: ImageId) -> impl Future<Output = Result<Option<Record>, Error>>;
}

impl ListRecords for Table {
    async fn list_records(&self, listing: Listing<'_>) -> Result<Found, Error> {
        let (first, last) = listing.range.ends();
        let call = self.query().scan_index_forward(false).limit(listing.look_at);
        let call = match listing.scope {
            ListScope::Owner(owner) => call
                // Consistent, since a client that was just handed a ticket expects to see it.
                .consistent_read(true)
                .key_condition_expression("pk = :scope AND sk BETWEEN :first AND :last")
                .expression_attribute_values(":scope", partition(owner))
                .expression_attribute_values(":first", text(format!("IMAGE#{first}")))
                .expression_attribute_values(":last", text(format!("IMAGE#{last}"))),
            ListScope::Album(owner, album) => call
                .index_name("album")
                .key_condition_expression("album_id = :scope AND image_id BETWEEN :first AND :last")
                .expression_attribute_values(":scope", text(album.to_string()))
                .expression_attribute_values(":first", text(first))
                .expression_attribute_values(":last", text(last))
                // An album holds its owner's photos only; said once more, so that a forgotten check cannot leak.
                .expression_attribute_values(":owner", partition(owner)),
            ListScope::Public => call
                .index_name("public")
                .key_condition_expression("visibility = :scope AND image_id BETWEEN :first AND :last")
                .expression_attribute_values(":scope", text(Visibility::Public.as_str()))
                .expression_attribute_values(":first", text(first))
                .expression_attribute_values(":last", text(last)),
        };
        let mut filter = vec!["#status <> :deleting", "(attribute_not_exists(expires_at) OR expires_at > :now)"];
        if listing.status.is_some() {
            filter.push("#status = :status");
        }
        if matches!(listing.scope, ListScope::Album(..)) {
            filter.push("pk = :owner");
        }
        let mut call = call
            .filter_expression(filter.join(" AND "))
            .expression_attribute_names("#status", "status")
            .expression_attribute_values(":deleting", text(Status::Deleting.as_str()))
            .expression_attribute_values(":now", AttributeValue::N(listing.now.to_string()));
        if let Some(status) = listing.status {
            call = call.expression_attribute_values(":status", text(status.as_str()));
        }
        let answer = call.send().await;
        let answer = answer.map_err(|error| sdk_error("list records", ErrorCode::TransientUnavailable, &error))?;
        let rest = answer.last_evaluated_key.as_ref().map(last_id).transpose()?;
        let records = serde_dynamo::from_items(answer.items.unwrap_or_default()).map_err(|why| unreadable(&why))?;
        Ok(Found { records, rest: rest.and_then(|id| listing.range.below(id.number())) })
    }

    async fn read_public(&self, image: ImageId) -> Result<Option<Record>, Error> {
        let call = self
            .query()
            .index_name("public")
            .key_condition_expression("visibility = :public AND image_id = :image")
            .expression_attribute_values(":public", text(Visibility::Public.as_str()))
            .expression_attribute_values(":image", text(image.to_string()));
        let answer = call.send().await;
        let answer =
            answer.map_err(|error| sdk_error("read a public record", ErrorCode::TransientUnavailable, &error))?;
        let records: Vec<Record> =
            serde_dynamo::from_items(answer.items.unwrap_or_default()).map_err(|why| unreadable(&why))?;
        Ok(records.into_iter().find(|record| record.status == Status::Ready))
    }
}

/// The image at which the table stopped looking.
fn last_id(key: &HashMap<String, AttributeValue>) -> Result<ImageId, Error> {
    let sk = key.get("sk").and_then(|value| value.as_s().ok()).and_then(|sk| sk.strip_prefix("IMAGE#"));
    sk.and_then(|id| ImageId::parse(id).ok())
        .ok_or_else(|| Error::new(ErrorCode::WorkerBadInput, "list records: not the key of a record"))
}

fn unreadable(why: &serde_dynamo::Error) -> Error {
    Error::new(ErrorCode::WorkerBadInput, format!("list records: {why}"))
}
