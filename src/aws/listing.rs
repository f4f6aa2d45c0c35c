//! Lists of records, newest first. The owner, the album or a shard of public photos is the key of the query, never a
//! filter over other users' records. The next page is a range of ids, so photos that are added meanwhile do not move
//! the pages (R37).

use super::error::sdk_error;
use super::records::{AWAITED, number, partition, text};
use super::table::Table;
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::types::AttributeValue;
use darkroom_domain::id::ImageId;
use darkroom_domain::range::{IdRange, ListScope};
use darkroom_domain::record::{Record, Status, Visibility};
use darkroom_domain::shard::Shard;
use darkroom_domain::{Error, ErrorCode};
use std::collections::HashMap;

/// One query of the table.
#[derive(Clone, Copy, Debug)]
pub struct Listing<'a> {
    /// Which images.
    pub scope: ListScope<'a>,
    /// Between which ids.
    pub range: IdRange,
    /// Only those of this status. Public photos are ready anyway.
    pub status: Option<Status>,
    /// Tickets that have expired by now (seconds since 1970) are omitted.
    pub now: i64,
    /// The number of records that the table may read.
    pub look_at: i32,
}

/// The result of one query, newest first.
#[derive(Debug)]
pub struct Found {
    /// The records. Of public photos, only the attributes that a list shows.
    pub records: Vec<Record>,
    /// The range that is not read yet.
    pub rest: Option<IdRange>,
}

/// May list records.
pub trait ListRecords {
    /// The newest records of the range.
    fn list_records(&self, listing: Listing<'_>) -> impl Future<Output = Result<Found, Error>>;
}

/// May read public photos.
pub trait ReadPublic {
    /// This image, if it is ready and public: the attributes that a list shows.
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
            // Its readers have written nothing that they could miss.
            ListScope::PublicOf(owner) => call
                .key_condition_expression("pk = :scope AND sk BETWEEN :first AND :last")
                .expression_attribute_values(":scope", partition(owner))
                .expression_attribute_values(":first", text(format!("IMAGE#{first}")))
                .expression_attribute_values(":last", text(format!("IMAGE#{last}")))
                .expression_attribute_values(":public", text(Visibility::Public.as_str())),
            ListScope::Album(owner, album) => call
                .index_name("album")
                .key_condition_expression("album_id = :scope AND image_id BETWEEN :first AND :last")
                .expression_attribute_values(":scope", text(album.to_string()))
                .expression_attribute_values(":first", text(first))
                .expression_attribute_values(":last", text(last))
                // An album holds its owner's photos only. The filter repeats that, so that a forgotten check cannot
                // leak.
                .expression_attribute_values(":owner", partition(owner)),
            // Only what is ready and public is in this index, so there is nothing to filter.
            ListScope::Public(shard) => call
                .index_name("public")
                .key_condition_expression("public_shard = :scope AND ready_id BETWEEN :first AND :last")
                .expression_attribute_values(":scope", text(shard.to_string()))
                .expression_attribute_values(":first", text(first))
                .expression_attribute_values(":last", text(last)),
        };
        let call = if matches!(listing.scope, ListScope::Public(_)) { call } else { filtered(call, &listing) };
        let answer = call.send().await;
        let answer = answer.map_err(|error| sdk_error("list records", ErrorCode::TransientUnavailable, &error))?;
        let rest = answer.last_evaluated_key.as_ref().map(last_id).transpose()?;
        let records = serde_dynamo::from_items(answer.items.unwrap_or_default()).map_err(|why| unreadable(&why))?;
        Ok(Found { records, rest: rest.and_then(|id| listing.range.below(id.number())) })
    }
}

impl ReadPublic for Table {
    async fn read_public(&self, image: ImageId) -> Result<Option<Record>, Error> {
        let call = self
            .query()
            .index_name("public")
            .key_condition_expression("public_shard = :shard AND ready_id = :image")
            .expression_attribute_values(":shard", text(Shard::of(image).to_string()))
            .expression_attribute_values(":image", text(image.to_string()));
        let answer = call.send().await;
        let answer =
            answer.map_err(|error| sdk_error("read a public record", ErrorCode::TransientUnavailable, &error))?;
        let records: Vec<Record> =
            serde_dynamo::from_items(answer.items.unwrap_or_default()).map_err(|why| unreadable(&why))?;
        Ok(records.into_iter().find(|record| record.status == Status::Ready))
    }
}

fn filtered(call: QueryFluentBuilder, listing: &Listing<'_>) -> QueryFluentBuilder {
    let mut filter = vec!["#status <> :deleting", AWAITED];
    if listing.status.is_some() {
        filter.push("#status = :status");
    }
    if matches!(listing.scope, ListScope::Album(..)) {
        filter.push("pk = :owner");
    }
    if matches!(listing.scope, ListScope::PublicOf(_)) {
        filter.push("visibility = :public");
    }
    let call = call
        .filter_expression(filter.join(" AND "))
        .expression_attribute_names("#status", "status")
        .expression_attribute_values(":deleting", text(Status::Deleting.as_str()))
        .expression_attribute_values(":awaiting", text(Status::AwaitingUpload.as_str()))
        .expression_attribute_values(":seconds", number(listing.now));
    match listing.status {
        Some(status) => call.expression_attribute_values(":status", text(status.as_str())),
        None => call,
    }
}

/// The image at which the table stopped looking.
pub(super) fn last_id(key: &HashMap<String, AttributeValue>) -> Result<ImageId, Error> {
    let sk = key.get("sk").and_then(|value| value.as_s().ok()).and_then(|sk| sk.strip_prefix("IMAGE#"));
    sk.and_then(|id| ImageId::parse(id).ok())
        .ok_or_else(|| Error::new(ErrorCode::WorkerBadInput, "list records: not the key of a record"))
}

fn unreadable(why: &serde_dynamo::Error) -> Error {
    Error::new(ErrorCode::WorkerBadInput, format!("list records: {why}"))
}
