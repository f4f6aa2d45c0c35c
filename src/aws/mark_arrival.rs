//! Marking in the table that a photo has arrived: one conditional write that decides, by S3's own order of events,
//! whether this event is new, known or overtaken (R01, R02, R08).

use super::error::sdk_error;
use super::records::table_key;
use super::table::Table;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValuesOnConditionCheckFailure};
use darkroom_domain::id::OwnerId;
use darkroom_domain::order::WorkOrder;
use darkroom_domain::record::Status;
use darkroom_domain::{Error, ErrorCode};
use std::collections::HashMap;

/// What the table knew of the event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Nothing yet: the record now says `processing`.
    Fresh,
    /// This very event: delivered twice, or an earlier attempt could not start its execution.
    Known,
    /// A later event of the same key.
    Overtaken,
    /// No ticket: it was deleted, or forgotten. Nothing may bring it back (R40).
    Unticketed,
}

/// May mark arrivals in the table.
pub trait MarkArrival {
    /// Marks the order's source as arrived at this time.
    fn mark_arrival(&self, order: &WorkOrder, now: &str) -> impl Future<Output = Result<Mark, Error>> + Send;
}

impl MarkArrival for Table {
    async fn mark_arrival(&self, order: &WorkOrder, now: &str) -> Result<Mark, Error> {
        // Nobody asked for a ticket for an import, so its arrival makes the record.
        let imported = order.owner_id == OwnerId::operator();
        let newer = "attribute_not_exists(sequencer) OR sequencer < :sequencer";
        let condition = if imported { newer.into() } else { format!("attribute_exists(pk) AND ({newer})") };
        let (pk, sk) = table_key(&order.owner_id, order.image_id);
        let text = |value: &str| AttributeValue::S(value.into());
        let answer = self
            .update_item()
            .key("pk", text(&pk))
            .key("sk", text(&sk))
            .update_expression(
                "SET #status = :status, object_key = :key, version_id = :version, sequencer = :sequencer, \
                 size_bytes = :size, execution = :execution, image_id = :image, owner_id = :owner, \
                 created_at = if_not_exists(created_at, :now), arrived_at = :now, updated_at = :now REMOVE expires_at, outcome",
            )
            .condition_expression(condition)
            .expression_attribute_names("#status", "status")
            .expression_attribute_values(":status", text(Status::Processing.as_str()))
            .expression_attribute_values(":key", text(&order.source.key))
            .expression_attribute_values(":version", text(&order.source.version_id))
            .expression_attribute_values(":sequencer", text(&order.source.sequencer))
            .expression_attribute_values(":size", AttributeValue::N(order.source.size_bytes.to_string()))
            .expression_attribute_values(":execution", text(&order.execution_name()))
            .expression_attribute_values(":image", text(&order.image_id.to_string()))
            .expression_attribute_values(":owner", text(order.owner_id.as_str()))
            .expression_attribute_values(":now", text(now))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        let Err(error) = answer else { return Ok(Mark::Fresh) };
        match error.as_service_error() {
            Some(UpdateItemError::ConditionalCheckFailedException(refused)) => {
                // Deleted, or being deleted, is the same to whatever comes late.
                let there = |item: &&HashMap<_, _>| item.get("status") != Some(&text(Status::Deleting.as_str()));
                let known = refused.item().filter(there).and_then(|item| item.get("sequencer"));
                Ok(match known {
                    None => Mark::Unticketed,
                    Some(known) if *known == text(&order.source.sequencer) => Mark::Known,
                    Some(_) => Mark::Overtaken,
                })
            }
            _ => Err(sdk_error("mark the arrival", ErrorCode::TransientUnavailable, &error)),
        }
    }
}
