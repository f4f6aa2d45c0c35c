use super::*;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::get_item::GetItemOutput;
use aws_sdk_dynamodb::operation::query::QueryOutput;
use aws_sdk_dynamodb::operation::update_item::UpdateItemOutput;
use aws_sdk_dynamodb::types::error::ConditionalCheckFailedException;
use darkroom_domain::key;
use darkroom_mocks::{Rule, RuleMode, mock, mock_client};
use time::macros::datetime;

const NOW: OffsetDateTime = datetime!(2026-01-31 12:00:07 UTC);

fn ada() -> OwnerId {
    OwnerId::parse("ada").unwrap()
}

fn image() -> ImageId {
    ImageId::from_number(6)
}

fn table(rule: &Rule) -> Table {
    Table::new(mock_client!(aws_sdk_dynamodb, RuleMode::MatchAny, [rule]), "images")
}

fn processing() -> Known {
    let (sequencer, version_id) = (Some("0A".into()), Some("v1".into()));
    let began_at = Some("2026-01-31T10:00:00Z".into());
    Known { status: Status::Processing, sequencer, version_id, began_at, ..Known::ticket(1, 2) }
}

/// The table's answer to an update with this expression and this condition.
fn updates(update: &'static str, condition: &'static str, is_as_seen: bool) -> Rule {
    let rule = mock!(Client::update_item).match_requests(move |call| {
        assert_eq!(call.key().unwrap()["sk"], text(format!("IMAGE#{}", image())));
        assert_eq!((call.update_expression(), call.condition_expression()), (Some(update), Some(condition)));
        true
    });
    if is_as_seen {
        return rule.then_output(|| UpdateItemOutput::builder().build());
    }
    rule.then_error(|| {
        UpdateItemError::ConditionalCheckFailedException(ConditionalCheckFailedException::builder().build())
    })
}

const AS_SEEN: &str = "attribute_exists(pk) AND #status = :status AND sequencer = :seen_sequencer \
                       AND version_id = :seen_version_id AND began_at = :seen_began_at";

#[tokio::test]
async fn r51_a_shard_is_read_page_by_page_without_a_record() {
    let rule = mock!(Client::query)
        .match_requests(|call| {
            let values = call.expression_attribute_values().unwrap();
            call.index_name() == Some("unfinished")
                && values[":shard"] == text("shard-2")
                && (values[":behind"] == text(" ") || values[":behind"] == text(image().to_string()))
        })
        .sequence()
        .output(|| {
            let item = HashMap::from([
                ("pk".to_owned(), text("USER#ada")),
                ("image_id".to_owned(), text(image().to_string())),
            ]);
            QueryOutput::builder().items(item).build()
        })
        .output(|| QueryOutput::builder().build())
        .build();
    let table = table(&rule);
    let shard = Shard::of(image());
    assert_eq!(table.unfinished_behind(shard, None).await.unwrap(), [(ada(), image())]);
    assert_eq!(table.unfinished_behind(shard, Some(image())).await.unwrap(), []);
    assert!(" " < "0", "every id is behind the first bound");
}

#[tokio::test]
async fn a_key_that_is_no_photos_is_an_error() {
    let rule = mock!(Client::query)
        .then_output(|| QueryOutput::builder().items(HashMap::from([("pk".to_owned(), text("OPS#QUEUES"))])).build());
    assert!(table(&rule).unfinished_behind(Shard::of(image()), None).await.is_err());
}

#[tokio::test]
async fn r51_a_record_is_read_as_it_is_at_this_moment() {
    let rule = mock!(Client::get_item)
        .match_requests(|call| call.consistent_read() == Some(true))
        .sequence()
        .output(|| {
            let number = |value: &str| AttributeValue::N(value.into());
            let item = HashMap::from([
                ("status".to_owned(), text("awaiting_upload")),
                ("object_key".to_owned(), text(key::upload(&ada(), image()))),
                ("size_bytes".to_owned(), number("7")),
                ("awaited_until".to_owned(), number("1")),
                ("expires_at".to_owned(), number("2")),
                ("variants".to_owned(), AttributeValue::M(HashMap::new())),
            ]);
            GetItemOutput::builder().set_item(Some(item)).build()
        })
        .output(|| GetItemOutput::builder().build())
        .build();
    let table = table(&rule);
    let found = table.read_unfinished(&ada(), image()).await.unwrap().expect("a record");
    assert_eq!(found.known, Known::ticket(1, 2));
    assert_eq!(found.original, Original { object_key: key::upload(&ada(), image()), size_bytes: 7 });
    assert_eq!(table.read_unfinished(&ada(), image()).await.unwrap(), None);
}

#[tokio::test]
async fn r51_a_photo_leaves_the_index_as_it_was_seen() {
    for is_as_seen in [true, false] {
        let rule = updates("REMOVE unfinished", AS_SEEN, is_as_seen);
        assert_eq!(table(&rule).unlist(&ada(), image(), &processing()).await, Ok(is_as_seen));
    }
    let unused = "attribute_exists(pk) AND #status = :status AND attribute_not_exists(sequencer) \
                  AND attribute_not_exists(version_id) AND attribute_not_exists(began_at)";
    let rule = updates("REMOVE unfinished", unused, true);
    assert_eq!(table(&rule).unlist(&ada(), image(), &Known::ticket(1, 2)).await, Ok(true));
}

#[tokio::test]
async fn r51_an_event_that_was_told_again_is_on_record() {
    for is_as_seen in [true, false] {
        let rule = updates("SET told_at = :now", AS_SEEN, is_as_seen);
        assert_eq!(table(&rule).note_told(&ada(), image(), &processing(), NOW).await, Ok(is_as_seen));
    }
}

#[tokio::test]
async fn r51_a_failure_is_recorded_as_the_state_machine_would() {
    let outcome = Outcome {
        outcome: Status::Failed,
        code: Some("Worker.Stuck".into()),
        stage: None,
        message: None,
        execution: Some("first".into()),
        docs: None,
        at: Some(rfc3339(NOW)),
    };
    let update = "SET #status = :failed, outcome = :outcome, updated_at = :now \
                  REMOVE awaited_until, expires_at, ready_id, rejected, rejected_id, unfinished";
    for is_as_seen in [true, false] {
        let rule = updates(update, AS_SEEN, is_as_seen);
        assert_eq!(table(&rule).record_failure(&ada(), image(), &processing(), &outcome, NOW).await, Ok(is_as_seen));
    }
    let rule = mock!(Client::update_item)
        .match_requests(|call| {
            let values = call.expression_attribute_values().unwrap();
            let outcome = values[":outcome"].as_m().unwrap();
            values[":failed"] == text("failed")
                && values[":status"] == text("processing")
                && values[":seen_began_at"] == text("2026-01-31T10:00:00Z")
                && outcome["code"] == text("Worker.Stuck")
                && !outcome.contains_key("stage")
        })
        .then_output(|| UpdateItemOutput::builder().build());
    assert_eq!(table(&rule).record_failure(&ada(), image(), &processing(), &outcome, NOW).await, Ok(true));
}

#[tokio::test]
async fn what_fails_has_a_name() {
    let rule = mock!(Client::update_item).then_error(|| UpdateItemError::unhandled("gone"));
    assert!(table(&rule).unlist(&ada(), image(), &processing()).await.is_err());
}
