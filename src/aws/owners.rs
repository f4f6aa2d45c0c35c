//! Everything that the table holds of one owner, for the erasure of an account: the photos, whose objects must go too,
//! and all other items.

use super::error::sdk_error;
use super::records::{AWAITED, item_key, number, partition, text};
use super::table::Table;
use aws_sdk_dynamodb::operation::delete_item::DeleteItemError;
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::types::AttributeValue;
use darkroom_domain::id::{ImageId, OwnerId};
use darkroom_domain::record::Status;
use darkroom_domain::{Error, ErrorCode};
use std::collections::HashMap;
use time::OffsetDateTime;

/// The beginning of an owner's photos in the order of sort keys, and the key right behind the last one.
const PHOTOS: &str = "IMAGE#";
const BEHIND_PHOTOS: &str = "IMAGE$";

/// May delete everything of an owner.
pub trait ForgetOwner {
    /// Deletes albums, links, webhook, profile, counts and all other items but photos.
    fn forget_all_but_photos(&self, owner: &OwnerId) -> impl Future<Output = Result<(), Error>>;

    /// The owner's photos behind this one in the order of their ids, as many as one query returns.
    fn photos_behind(
        &self,
        owner: &OwnerId,
        behind: Option<ImageId>,
    ) -> impl Future<Output = Result<Vec<ImageId>, Error>>;

    /// Deletes an expired ticket that is still in the table. A photo that arrived after all stays.
    fn forget_expired(
        &self,
        owner: &OwnerId,
        image: ImageId,
        now: OffsetDateTime,
    ) -> impl Future<Output = Result<(), Error>>;
}

impl ForgetOwner for Table {
    async fn forget_all_but_photos(&self, owner: &OwnerId) -> Result<(), Error> {
        for (condition, bound) in
            [("pk = :owner AND sk < :bound", PHOTOS), ("pk = :owner AND sk >= :bound", BEHIND_PHOTOS)]
        {
            loop {
                // Always reads the first page: its items are deleted before the next read.
                let page = keys(self.query().key_condition_expression(condition), owner, bound).await?;
                for sk in &page.keys {
                    let key = HashMap::from([("pk".into(), partition(owner)), ("sk".into(), text(sk))]);
                    let answer = self.delete_item().set_key(Some(key)).send().await;
                    answer.map_err(|error| sdk_error("forget an item", ErrorCode::TransientUnavailable, &error))?;
                }
                if !page.is_cut {
                    break;
                }
            }
        }
        Ok(())
    }

    async fn photos_behind(&self, owner: &OwnerId, behind: Option<ImageId>) -> Result<Vec<ImageId>, Error> {
        let first = behind.map_or_else(|| PHOTOS.to_owned(), |image| format!("{PHOTOS}{image}~"));
        let query = self
            .query()
            .key_condition_expression("pk = :owner AND sk BETWEEN :bound AND :last")
            .expression_attribute_values(":last", text(BEHIND_PHOTOS));
        let unknown = |sk: &str| Error::new(ErrorCode::WorkerBadInput, format!("list an owner's photos: {sk}"));
        let page = keys(query, owner, &first).await?;
        let ids = page.keys.iter().map(|sk| ImageId::parse(sk.trim_start_matches(PHOTOS)).map_err(|_| unknown(sk)));
        ids.collect()
    }

    async fn forget_expired(&self, owner: &OwnerId, image: ImageId, now: OffsetDateTime) -> Result<(), Error> {
        let call = self
            .delete_item()
            .set_key(Some(item_key(owner, image)))
            .condition_expression(format!("#status = :awaiting AND NOT {AWAITED}"))
            .expression_attribute_names("#status", "status")
            .expression_attribute_values(":awaiting", text(Status::AwaitingUpload.as_str()))
            .expression_attribute_values(":seconds", number(now.unix_timestamp()));
        match call.send().await {
            Ok(_) => Ok(()),
            Err(error)
                if matches!(error.as_service_error(), Some(DeleteItemError::ConditionalCheckFailedException(_))) =>
            {
                Ok(())
            }
            Err(error) => Err(sdk_error("forget a ticket", ErrorCode::TransientUnavailable, &error)),
        }
    }
}

struct Page {
    keys: Vec<String>,
    is_cut: bool,
}

/// Reads sort keys only, since the items are deleted next. Consistent, so that no item written before is missed.
async fn keys(query: QueryFluentBuilder, owner: &OwnerId, bound: &str) -> Result<Page, Error> {
    let call = query
        .consistent_read(true)
        .limit(PAGE)
        .projection_expression("sk")
        .expression_attribute_values(":owner", partition(owner))
        .expression_attribute_values(":bound", text(bound));
    let answer = call.send().await;
    let answer = answer.map_err(|error| sdk_error("list an owner's items", ErrorCode::TransientUnavailable, &error))?;
    let is_cut = answer.last_evaluated_key.is_some();
    let keys = answer.items.unwrap_or_default().into_iter().filter_map(|mut item| match item.remove("sk") {
        Some(AttributeValue::S(sk)) => Some(sk),
        _ => None,
    });
    Ok(Page { keys: keys.collect(), is_cut })
}

/// Records of 2 KB each: one read of half a megabyte at most.
const PAGE: i32 = 200;

#[cfg(test)]
mod tests;
