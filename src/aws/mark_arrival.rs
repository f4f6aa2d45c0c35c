//! Marks in the table that a photo has arrived: one conditional write that decides whether this event is new, known,
//! overtaken or surplus (R01, R02, R08). The condition says what `protocol::mark` says, at the moment of the write.

use super::error::sdk_error;
use super::records::{item_key, number, text};
use super::table::Table;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue, ReturnValuesOnConditionCheckFailure};
use darkroom_domain::focus::Focus;
use darkroom_domain::id::OwnerId;
use darkroom_domain::order::WorkOrder;
use darkroom_domain::protocol::{self, Known, Mark};
use darkroom_domain::record::Status;
use darkroom_domain::shard::Shard;
use darkroom_domain::timestamp::rfc3339;
use darkroom_domain::{Error, ErrorCode};
use serde::Deserialize;
use std::collections::HashMap;
use time::OffsetDateTime;

/// An arrival that was marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Marked {
    /// How it relates to the record.
    pub mark: Mark,
    /// The focal point of a photo whose execution may be started.
    pub focus: Option<Focus>,
}

/// A photo that was marked for a restart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Restarted {
    /// Its focal point now.
    pub focus: Option<Focus>,
}

/// May mark arrivals in the table.
pub trait MarkArrival {
    /// Marks the order's source as arrived at this time. An execution may be started on `Fresh` and on `Known`: until the
    /// longest execution is over, counted from this time, the photo cannot be deleted.
    fn mark_arrival(
        &self,
        order: &WorkOrder,
        now: OffsetDateTime,
    ) -> impl Future<Output = Result<Marked, Error>> + Send;
}

/// May mark that a photo is developed again.
pub trait MarkRestart {
    /// Marks that another execution is about to begin for this version, if `protocol::may_start_again` says so. `None` if
    /// the photo was deleted or has another version, since the objects of such an execution would never be removed; if its
    /// original was removed; and if it has another status than `only`.
    fn mark_restart(
        &self,
        order: &WorkOrder,
        only: Option<Status>,
        now: OffsetDateTime,
    ) -> impl Future<Output = Result<Option<Restarted>, Error>>;
}

/// A deletion first removes the version from the record; the end of a quarantine first says that the original goes.
const WITH_ORIGINAL: &str = "version_id = :version AND attribute_not_exists(original_removed_at)";

impl MarkRestart for Table {
    async fn mark_restart(
        &self,
        order: &WorkOrder,
        only: Option<Status>,
        now: OffsetDateTime,
    ) -> Result<Option<Restarted>, Error> {
        let call = self
            .update_item()
            .set_key(Some(item_key(&order.owner_id, order.image_id)))
            .update_expression(
                "SET #status = :status, began_at = :now, updated_at = :now, unfinished = :shard \
                 REMOVE ready_id, rejected, rejected_id",
            )
            .expression_attribute_names("#status", "status")
            .expression_attribute_values(":status", text(Status::Processing.as_str()))
            .expression_attribute_values(":version", text(&order.source.version_id))
            .expression_attribute_values(":shard", text(Shard::of(order.image_id).to_string()))
            .expression_attribute_values(":now", text(rfc3339(now)))
            .return_values(ReturnValue::AllNew);
        let call = match only {
            None => call.condition_expression(WITH_ORIGINAL),
            Some(status) => call
                .condition_expression(format!("{WITH_ORIGINAL} AND #status = :only"))
                .expression_attribute_values(":only", text(status.as_str())),
        };
        match call.send().await {
            Ok(done) => Ok(Some(Restarted { focus: focus(order, done.attributes)? })),
            Err(error)
                if error.as_service_error().is_some_and(UpdateItemError::is_conditional_check_failed_exception) =>
            {
                Ok(None)
            }
            Err(error) => Err(sdk_error("mark the restart", ErrorCode::TransientUnavailable, &error)),
        }
    }
}

impl MarkArrival for Table {
    async fn mark_arrival(&self, order: &WorkOrder, now: OffsetDateTime) -> Result<Marked, Error> {
        let marked = first(self, order, now).await?;
        // Its execution may begin now, long after the photo arrived.
        if marked.mark == Mark::Known { again(self, order, now).await } else { Ok(marked) }
    }
}

async fn first(table: &Table, order: &WorkOrder, now: OffsetDateTime) -> Result<Marked, Error> {
    // A form may be sent many times, so under a ticket the first arrival counts. Of an import the newest counts, and
    // its arrival makes the record, since it has no ticket.
    let condition = if order.owner_id == OwnerId::operator() {
        "attribute_not_exists(sequencer) OR sequencer < :sequencer"
    } else {
        "attribute_exists(pk) AND attribute_not_exists(sequencer)"
    };
    let call = table
        .update_item()
        .set_key(Some(item_key(&order.owner_id, order.image_id)))
        .update_expression(
            "SET #status = :status, object_key = :key, version_id = :version, sequencer = :sequencer, \
             size_bytes = :size, execution = :execution, image_id = :image, owner_id = :owner, \
             created_at = if_not_exists(created_at, :now), arrived_at = :now, began_at = :now, updated_at = :now, \
             unfinished = :shard \
             REMOVE awaited_until, expires_at, outcome, ready_id, rejected, rejected_id",
        )
        .condition_expression(condition)
        .expression_attribute_names("#status", "status")
        .expression_attribute_values(":status", text(Status::Processing.as_str()))
        .expression_attribute_values(":key", text(&order.source.key))
        .expression_attribute_values(":version", text(&order.source.version_id))
        .expression_attribute_values(":sequencer", text(&order.source.sequencer))
        .expression_attribute_values(":size", number(order.source.size_bytes))
        .expression_attribute_values(":execution", text(order.execution_name()))
        .expression_attribute_values(":image", text(order.image_id.to_string()))
        .expression_attribute_values(":owner", text(order.owner_id.as_str()))
        .expression_attribute_values(":shard", text(Shard::of(order.image_id).to_string()))
        .expression_attribute_values(":now", text(rfc3339(now)));
    marked(call, order, Mark::Fresh).await
}

async fn again(table: &Table, order: &WorkOrder, now: OffsetDateTime) -> Result<Marked, Error> {
    let call = table
        .update_item()
        .set_key(Some(item_key(&order.owner_id, order.image_id)))
        .update_expression("SET began_at = :now")
        .condition_expression("#status = :status AND version_id = :version")
        .expression_attribute_names("#status", "status")
        .expression_attribute_values(":status", text(Status::Processing.as_str()))
        .expression_attribute_values(":version", text(&order.source.version_id))
        .expression_attribute_values(":now", text(rfc3339(now)));
    marked(call, order, Mark::Known).await
}

/// The mark, or the state that the table had instead.
async fn marked(call: UpdateItemFluentBuilder, order: &WorkOrder, mark: Mark) -> Result<Marked, Error> {
    let call = call
        .return_values(ReturnValue::AllNew)
        .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
    let error = match call.send().await {
        Ok(done) => return Ok(Marked { mark, focus: focus(order, done.attributes)? }),
        Err(error) => error,
    };
    let Some(UpdateItemError::ConditionalCheckFailedException(refused)) = error.as_service_error() else {
        return Err(sdk_error("mark the arrival", ErrorCode::TransientUnavailable, &error));
    };
    let unreadable = |why| Error::new(ErrorCode::WorkerBadInput, format!("record {}: {why}", order.image_id));
    let known: Option<Known> = refused.item().cloned().map(serde_dynamo::from_item).transpose().map_err(unreadable)?;
    match protocol::mark(known.as_ref(), order) {
        // The record changed between the write and the read: the message comes again and finds the new state.
        found if found == mark || found == Mark::Fresh => {
            Err(Error::new(ErrorCode::TransientUnavailable, "mark the arrival: the record is changing"))
        }
        found => Ok(Marked { mark: found, focus: None }),
    }
}

/// The focal point of the record that a write returned.
fn focus(order: &WorkOrder, record: Option<HashMap<String, AttributeValue>>) -> Result<Option<Focus>, Error> {
    #[derive(Default, Deserialize)]
    struct Written {
        #[serde(default)]
        focus: Option<Focus>,
    }
    let unreadable = |why| Error::new(ErrorCode::WorkerBadInput, format!("record {}: {why}", order.image_id));
    let written: Option<Written> = record.map(serde_dynamo::from_item).transpose().map_err(unreadable)?;
    Ok(written.unwrap_or_default().focus)
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_dynamodb::Client;
    use aws_sdk_dynamodb::operation::update_item::UpdateItemOutput;
    use aws_sdk_dynamodb::types::error::ConditionalCheckFailedException;
    use darkroom_domain::id::ImageId;
    use darkroom_domain::order::Source;
    use darkroom_mocks::{RuleMode, mock, mock_client};

    fn table(rule: &darkroom_mocks::Rule) -> Table {
        Table::new(mock_client!(aws_sdk_dynamodb, RuleMode::MatchAny, [rule]), "images")
    }

    fn order() -> WorkOrder {
        let source = Source {
            bucket: "originals".into(),
            key: "imports/a".into(),
            version_id: "v1".into(),
            sequencer: "01".into(),
            size_bytes: 7,
        };
        WorkOrder::new(OwnerId::operator(), ImageId::from_number(6), source)
    }

    async fn restarted(rule: darkroom_mocks::Rule) -> Result<Option<Restarted>, Error> {
        table(&rule).mark_restart(&order(), None, OffsetDateTime::UNIX_EPOCH).await
    }

    #[tokio::test]
    async fn r51_a_photo_is_unfinished_from_its_arrival_and_from_a_restart_on() {
        let marks = mock!(Client::update_item)
            .match_requests(|call| {
                let shard = call.expression_attribute_values().and_then(|values| values.get(":shard"));
                let set = call.update_expression().and_then(|changes| changes.split(" REMOVE ").next());
                shard == Some(&text("shard-2")) && set.is_some_and(|set| set.contains("unfinished = :shard"))
            })
            .then_output(|| UpdateItemOutput::builder().build());
        let table = table(&marks);
        let marked = Marked { mark: Mark::Fresh, focus: None };
        assert_eq!(table.mark_arrival(&order(), OffsetDateTime::UNIX_EPOCH).await, Ok(marked));
        let restarted = Restarted { focus: None };
        assert_eq!(table.mark_restart(&order(), None, OffsetDateTime::UNIX_EPOCH).await, Ok(Some(restarted)));
    }

    #[tokio::test]
    async fn r40_a_retry_takes_a_photo_out_of_quarantine_only_while_it_is_rejected() {
        let marks = mock!(Client::update_item)
            .match_requests(|call| {
                call.condition_expression().is_some_and(|it| it.ends_with(" AND #status = :only"))
                    && call.expression_attribute_values().is_some_and(|it| it.get(":only") == Some(&text("rejected")))
                    && call.update_expression().is_some_and(|it| it.ends_with("REMOVE ready_id, rejected, rejected_id"))
            })
            .then_output(|| UpdateItemOutput::builder().build());
        let only = Some(Status::Rejected);
        let restarted = table(&marks).mark_restart(&order(), only, OffsetDateTime::UNIX_EPOCH).await.unwrap();
        assert!(restarted.is_some());
    }

    #[tokio::test]
    async fn the_record_says_what_the_crops_show() {
        let marks =
            mock!(Client::update_item).match_requests(|call| call.return_values() == Some(&ReturnValue::AllNew));
        let marks = marks.then_output(|| {
            let number = |text: &str| AttributeValue::N(text.into());
            let point = HashMap::from([("x".to_owned(), number("0.25")), ("y".to_owned(), number("1"))]);
            UpdateItemOutput::builder().attributes("focus", AttributeValue::M(point)).build()
        });
        let focus = serde_json::from_str(r#"{"x":0.25,"y":1}"#).unwrap();
        let table = table(&marks);
        let marked = table.mark_arrival(&order(), OffsetDateTime::UNIX_EPOCH).await.unwrap();
        assert_eq!((marked.mark, marked.focus), (Mark::Fresh, focus));
        let restarted = table.mark_restart(&order(), None, OffsetDateTime::UNIX_EPOCH).await.unwrap();
        assert_eq!(restarted, Some(Restarted { focus }));
    }

    #[tokio::test]
    async fn r40_a_restart_is_marked_for_the_version_that_the_record_is_about() {
        let marks = mock!(Client::update_item)
            .match_requests(|call| {
                call.condition_expression() == Some(WITH_ORIGINAL)
                    && call
                        .expression_attribute_values()
                        .is_some_and(|values| values.get(":version") == Some(&text("v1")))
                    && call.update_expression().is_some_and(|changes| changes.contains("began_at = :now"))
            })
            .then_output(|| UpdateItemOutput::builder().build());
        assert!(restarted(marks).await.unwrap().is_some());
        let gone = mock!(Client::update_item).then_error(|| {
            UpdateItemError::ConditionalCheckFailedException(ConditionalCheckFailedException::builder().build())
        });
        assert!(restarted(gone).await.unwrap().is_none());
        let broken = mock!(Client::update_item).then_error(|| UpdateItemError::unhandled("gone"));
        assert!(restarted(broken).await.is_err());
    }
}
