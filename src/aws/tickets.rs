//! Writes tickets in one transaction: the records, the usage of the owner's day, and the client's `Idempotency-Key`. So
//! a lost answer, a second try or two clients at once can give neither a ticket twice nor more than a day's quota
//! (R38).

use super::error::sdk_error;
use super::records::{AWAITED, album_key, forget_at, item_key, number, partition, text};
use super::table::Table;
use super::transaction::{cancelled, transaction_error, unmet, will_pass};
use aws_sdk_dynamodb::error::BuildError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{
    AttributeValue, CancellationReason, ConditionCheck, Put, ReturnValue, ReturnValuesOnConditionCheckFailure,
    TransactWriteItem, Update,
};
use darkroom_domain::id::{AlbumId, ImageId, OwnerId};
use darkroom_domain::record::{Record, Status, Visibility};
use darkroom_domain::shard::Shard;
use darkroom_domain::timestamp::rfc3339;
use darkroom_domain::{Error, ErrorCode};
use std::collections::{BTreeSet, HashMap};
use std::hash::{BuildHasher, RandomState};
use std::time::Duration;
use time::format_description::well_known::Rfc3339;
use time::{OffsetDateTime, Time};

type Item = HashMap<String, AttributeValue>;

/// Images and bytes: used on a day, or a day's quota.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Images.
    pub images: u64,
    /// Bytes.
    pub bytes: u64,
}

/// A client's `Idempotency-Key` and its request, both as digests, so that the table holds neither of them.
pub struct IdempotencyRecord {
    /// Of the key.
    pub key: String,
    /// Of the request.
    pub body: String,
    /// How long it is kept.
    pub kept: Duration,
}

/// Tickets to write, all or none.
pub struct Tickets<'a> {
    /// Whose.
    pub owner: &'a OwnerId,
    /// At least one.
    pub records: &'a [Record],
    /// Their share of the day's quota.
    pub takes: Usage,
    /// The quota of a day.
    pub quota: Usage,
    /// The client's key, if it gave one.
    pub idempotency: Option<&'a IdempotencyRecord>,
    /// When they were asked for.
    pub now: OffsetDateTime,
}

/// The result of the write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Written {
    /// Written down.
    Now,
    /// They were written before, for these images at this time: this is a second try.
    Before(Vec<ImageId>, OffsetDateTime),
    /// The key was used for something else.
    AnotherBody,
    /// The owner has no such album.
    NoAlbum(AlbumId),
    /// This much of the day's quota is used, and the tickets do not fit into the rest.
    OverQuota(Usage),
}

/// The result of a renewal.
#[derive(Clone, Debug, PartialEq)]
pub enum Renewed {
    /// The photo may still come, and the record waits for it as long as for a new one.
    Awaited(Box<Record>),
    /// It came.
    Arrived,
    /// The owner has no such image, or no more.
    Unknown,
}

/// May write tickets down.
pub trait WriteTickets {
    /// Writes them, or says why not.
    fn write_tickets(&self, tickets: &Tickets<'_>) -> impl Future<Output = Result<Written, Error>>;
}

/// May renew tickets.
pub trait RenewTicket {
    /// Lets the record wait until then, if it is still waiting.
    fn renew_ticket(
        &self,
        owner: &OwnerId,
        image: ImageId,
        now: OffsetDateTime,
        until: OffsetDateTime,
    ) -> impl Future<Output = Result<Renewed, Error>>;
}

/// Tries of a transaction that conflicts with the user's other requests. The pauses grow and are random, so that the
/// requests do not conflict again.
const ATTEMPTS: u32 = 7;

impl WriteTickets for Table {
    async fn write_tickets(&self, tickets: &Tickets<'_>) -> Result<Written, Error> {
        if tickets.takes.images > tickets.quota.images || tickets.takes.bytes > tickets.quota.bytes {
            return Ok(Written::OverQuota(Usage::default()));
        }
        let (parts, writes): (Vec<_>, Vec<_>) = parts(self, tickets)?.into_iter().unzip();
        let mut attempt = 1;
        loop {
            let call = self.transact_write_items().set_transact_items(Some(writes.clone()));
            let Err(error) = call.send().await else { return Ok(Written::Now) };
            if let Some((at, reason)) = cancelled(&error).and_then(unmet) {
                let part = parts.get(at).ok_or_else(|| Error::new(ErrorCode::WorkerBug, "a part that is none"))?;
                return verdict(*part, reason, tickets);
            }
            if attempt == ATTEMPTS || !cancelled(&error).is_some_and(will_pass) {
                return Err(transaction_error("write tickets", &error));
            }
            tokio::time::sleep(pause(attempt)).await;
            attempt += 1;
        }
    }
}

impl RenewTicket for Table {
    async fn renew_ticket(
        &self,
        owner: &OwnerId,
        image: ImageId,
        now: OffsetDateTime,
        until: OffsetDateTime,
    ) -> Result<Renewed, Error> {
        let answer = self
            .update_item()
            .set_key(Some(item_key(owner, image)))
            .update_expression("SET awaited_until = :until, expires_at = :forget, updated_at = :now")
            .condition_expression(format!("attribute_exists(pk) AND #status = :awaiting AND {AWAITED}"))
            .expression_attribute_names("#status", "status")
            .expression_attribute_values(":awaiting", text(Status::AwaitingUpload.as_str()))
            .expression_attribute_values(":until", number(until.unix_timestamp()))
            .expression_attribute_values(":forget", number(forget_at(now)))
            .expression_attribute_values(":seconds", number(now.unix_timestamp()))
            .expression_attribute_values(":now", text(rfc3339(now)))
            .return_values(ReturnValue::AllNew)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        match answer {
            Ok(renewed) => {
                let record = serde_dynamo::from_item(renewed.attributes.unwrap_or_default());
                let unreadable = |why| Error::new(ErrorCode::WorkerBadInput, format!("record {image}: {why}"));
                Ok(Renewed::Awaited(Box::new(record.map_err(unreadable)?)))
            }
            Err(error) => match error.as_service_error() {
                Some(UpdateItemError::ConditionalCheckFailedException(refused)) => {
                    let here = [Status::Processing, Status::Ready, Status::Rejected, Status::Failed];
                    let here = here.map(|status| text(status.as_str()));
                    let status = refused.item().and_then(|item| item.get("status"));
                    let arrived = status.is_some_and(|status| here.contains(status));
                    Ok(if arrived { Renewed::Arrived } else { Renewed::Unknown })
                }
                _ => Err(sdk_error("renew the ticket", ErrorCode::TransientUnavailable, &error)),
            },
        }
    }
}

/// What each write of the transaction is about, for when it is refused.
#[derive(Clone, Copy)]
enum Part {
    Idempotency,
    Usage,
    Album(AlbumId),
    Record,
}

fn parts(table: &Table, tickets: &Tickets<'_>) -> Result<Vec<(Part, TransactWriteItem)>, Error> {
    // If several parts refuse, the most important reason comes first: a second try is one even if album or quota have
    // changed.
    let mut parts = Vec::new();
    if let Some(idempotency) = tickets.idempotency {
        let put = remember(tickets, idempotency).table_name(table.name()).build().map_err(unbuilt)?;
        parts.push((Part::Idempotency, TransactWriteItem::builder().put(put).build()));
    }
    let albums: BTreeSet<AlbumId> = tickets.records.iter().filter_map(|record| record.album_id).collect();
    for album in albums {
        let exists = ConditionCheck::builder()
            .table_name(table.name())
            .set_key(Some(album_key(tickets.owner, album)))
            .condition_expression("attribute_exists(pk) AND attribute_not_exists(deleting)")
            .build()
            .map_err(unbuilt)?;
        parts.push((Part::Album(album), TransactWriteItem::builder().condition_check(exists).build()));
    }
    let count = count(tickets).table_name(table.name()).build().map_err(unbuilt)?;
    parts.push((Part::Usage, TransactWriteItem::builder().update(count).build()));
    for record in tickets.records {
        let unwritable = |why| Error::new(ErrorCode::WorkerBug, format!("write the record: {why}"));
        let mut item: Item = serde_dynamo::to_item(record).map_err(unwritable)?;
        item.extend(item_key(&record.owner_id, record.image_id));
        item.insert("unfinished".into(), text(Shard::of(record.image_id).to_string()));
        if record.visibility == Visibility::Public {
            // Not yet in the index `public`: that takes `ready_id` too, which the state machine writes.
            item.insert("public_shard".into(), text(Shard::of(record.image_id).to_string()));
        }
        let put = Put::builder().table_name(table.name()).set_item(Some(item));
        let put = put.condition_expression("attribute_not_exists(pk)").build().map_err(unbuilt)?;
        parts.push((Part::Record, TransactWriteItem::builder().put(put).build()));
    }
    Ok(parts)
}

fn remember(tickets: &Tickets<'_>, idempotency: &IdempotencyRecord) -> aws_sdk_dynamodb::types::builders::PutBuilder {
    let images = tickets.records.iter().map(|record| text(record.image_id.to_string())).collect();
    Put::builder()
        .item("pk", partition(tickets.owner))
        .item("sk", text(format!("IDEMPOTENCY#{}", idempotency.key)))
        .item("body", text(idempotency.body.as_str()))
        .item("images", AttributeValue::L(images))
        .item("created_at", text(rfc3339(tickets.now)))
        .item("expires_at", number((tickets.now + idempotency.kept).unix_timestamp()))
        // The table deletes expired items late, so an expired one is ignored here.
        .condition_expression("attribute_not_exists(pk) OR expires_at <= :seconds")
        .expression_attribute_values(":seconds", number(tickets.now.unix_timestamp()))
        .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
}

fn count(tickets: &Tickets<'_>) -> aws_sdk_dynamodb::types::builders::UpdateBuilder {
    let Tickets { takes, quota, .. } = tickets;
    Update::builder()
        .set_key(Some(usage_key(tickets.owner, tickets.now)))
        .update_expression("ADD #images :images, #bytes :bytes SET expires_at = :end")
        .condition_expression("attribute_not_exists(pk) OR (#images <= :most_images AND #bytes <= :most_bytes)")
        .expression_attribute_names("#images", "images")
        .expression_attribute_names("#bytes", "bytes")
        .expression_attribute_values(":images", number(takes.images))
        .expression_attribute_values(":bytes", number(takes.bytes))
        .expression_attribute_values(":most_images", number(quota.images - takes.images))
        .expression_attribute_values(":most_bytes", number(quota.bytes - takes.bytes))
        .expression_attribute_values(":end", number(midnight(tickets.now).unix_timestamp()))
        .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
}

fn verdict(part: Part, reason: &CancellationReason, tickets: &Tickets<'_>) -> Result<Written, Error> {
    let nothing = Item::new();
    let item = reason.item().unwrap_or(&nothing);
    match part {
        Part::Album(album) => Ok(Written::NoAlbum(album)),
        Part::Usage => Ok(Written::OverQuota(usage(item))),
        Part::Record => Err(Error::new(ErrorCode::WorkerBug, "an image id was given twice")),
        Part::Idempotency => {
            if tickets.idempotency.is_some_and(|idempotency| item.get("body") != Some(&text(idempotency.body.as_str())))
            {
                return Ok(Written::AnotherBody);
            }
            let unreadable = || Error::new(ErrorCode::WorkerBadInput, "an idempotency record that cannot be read");
            let (images, at) = kept(item).ok_or_else(unreadable)?;
            Ok(Written::Before(images, at))
        }
    }
}

fn kept(item: &Item) -> Option<(Vec<ImageId>, OffsetDateTime)> {
    let images = item.get("images")?.as_l().ok()?.iter();
    let images = images.map(|image| ImageId::parse(image.as_s().ok()?).ok()).collect::<Option<_>>()?;
    let at = OffsetDateTime::parse(item.get("created_at")?.as_s().ok()?, &Rfc3339).ok()?;
    Some((images, at))
}

/// Between nothing and twice as long as before, from 40 ms on.
fn pause(attempt: u32) -> Duration {
    let chance = RandomState::new().hash_one(attempt) % 1000;
    Duration::from_micros((20_000 << attempt.min(6)) * chance / 1000)
}

/// The key of what a user has used of this moment's day, which is UTC's.
pub(super) fn usage_key(owner: &OwnerId, now: OffsetDateTime) -> Item {
    let sk = format!("USAGE#{}", now.date());
    HashMap::from([("pk".into(), partition(owner)), ("sk".into(), text(sk))])
}

/// What a count says.
pub(super) fn usage(item: &Item) -> Usage {
    let number = |name: &str| item.get(name).and_then(|value| value.as_n().ok()?.parse().ok()).unwrap_or_default();
    Usage { images: number("images"), bytes: number("bytes") }
}

/// When this moment's day is over.
pub fn midnight(now: OffsetDateTime) -> OffsetDateTime {
    now.replace_time(Time::MIDNIGHT) + Duration::from_hours(24)
}

#[expect(clippy::needless_pass_by_value, reason = "as map_err hands it over")]
fn unbuilt(why: BuildError) -> Error {
    Error::new(ErrorCode::WorkerBug, why.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_over_at_midnight_utc() {
        let first = 1_769_817_600; // 31 January 2026, 0:00 UTC
        for second in [first, first + 86_399] {
            let moment = OffsetDateTime::from_unix_timestamp(second).unwrap();
            assert_eq!(midnight(moment).unix_timestamp(), first + 86_400);
        }
    }

    #[test]
    fn a_pause_is_short_and_not_always_the_same() {
        let pauses: BTreeSet<Duration> = (0..50).map(|_| pause(ATTEMPTS)).collect();
        assert!(pauses.len() > 10 && pauses.iter().all(|pause| *pause <= Duration::from_millis(1280)), "{pauses:?}");
        assert!(pause(1) <= Duration::from_millis(40));
    }
}
