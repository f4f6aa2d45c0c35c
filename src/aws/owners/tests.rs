use super::*;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::delete_item::DeleteItemOutput;
use aws_sdk_dynamodb::operation::query::QueryOutput;
use aws_sdk_dynamodb::types::error::ConditionalCheckFailedException;
use darkroom_mocks::{Rule, RuleMode, mock, mock_client};
use std::sync::{Arc, Mutex};
use time::macros::datetime;

const NOW: OffsetDateTime = datetime!(2026-01-31 12:00:07 UTC);

fn ada() -> OwnerId {
    OwnerId::parse("ada").unwrap()
}

fn table(rules: &[&Rule]) -> Table {
    Table::new(mock_client!(aws_sdk_dynamodb, RuleMode::MatchAny, rules), "images")
}

fn page(keys: &[&str], is_cut: bool) -> QueryOutput {
    let items = keys.iter().map(|sk| HashMap::from([("sk".to_owned(), text(*sk))])).collect();
    let last = is_cut.then(|| HashMap::from([("sk".to_owned(), text("anywhere"))]));
    QueryOutput::builder().set_items(Some(items)).set_last_evaluated_key(last).build()
}

/// The table's answer to each question that has this bound.
fn answers(bound: &'static str, pages: Vec<QueryOutput>) -> Rule {
    let mut rule = mock!(Client::query)
        .match_requests(move |call| {
            let values = call.expression_attribute_values().unwrap();
            call.consistent_read() == Some(true)
                && values[":owner"] == text("USER#ada")
                && values[":bound"] == text(bound)
        })
        .sequence();
    for page in pages {
        rule = rule.output(move || page.clone());
    }
    rule.build()
}

#[tokio::test]
async fn all_but_photos_is_forgotten_page_by_page() {
    let forgotten = Arc::new(Mutex::new(Vec::new()));
    let log = forgotten.clone();
    let delete = mock!(Client::delete_item)
        .match_requests(move |call| {
            let key = call.key().unwrap();
            assert_eq!(key["pk"], text("USER#ada"));
            log.lock().unwrap().push(key["sk"].as_s().unwrap().clone());
            true
        })
        .then_output(|| DeleteItemOutput::builder().build());
    let before = answers("IMAGE#", vec![page(&["ALBUM#1"], true), page(&["IDEMPOTENCY#2"], false)]);
    let behind = answers("IMAGE$", vec![page(&["LINK#1#1", "PROFILE", "USAGE#2026-01-31", "WEBHOOK"], false)]);
    table(&[&before, &behind, &delete]).forget_all_but_photos(&ada()).await.unwrap();
    let expected = ["ALBUM#1", "IDEMPOTENCY#2", "LINK#1#1", "PROFILE", "USAGE#2026-01-31", "WEBHOOK"];
    assert_eq!(*forgotten.lock().unwrap(), expected);
    assert_eq!((before.num_calls(), behind.num_calls()), (2, 1));
}

#[test]
fn photos_and_all_the_rest_are_the_whole_partition() {
    let photo = format!("IMAGE#{}", ImageId::new());
    assert!(photo.as_str() > PHOTOS && photo.as_str() < BEHIND_PHOTOS);
    for sk in ["ALBUM#x", "IDEMPOTENCY#x", "LINK#x#y", "PROFILE", "USAGE#2026-01-31", "WEBHOOK"] {
        assert!(!(PHOTOS..BEHIND_PHOTOS).contains(&sk), "{sk}");
    }
}

#[tokio::test]
async fn photos_go_on_behind_the_last_one() {
    let (first, second) = (ImageId::new(), ImageId::new());
    let start = answers("IMAGE#", vec![page(&[&format!("IMAGE#{first}")], true)]);
    assert_eq!(table(&[&start]).photos_behind(&ada(), None).await.unwrap(), [first]);
    let bound: &'static str = format!("IMAGE#{first}~").leak();
    let next = answers(bound, vec![page(&[&format!("IMAGE#{second}")], false)]);
    assert_eq!(table(&[&next]).photos_behind(&ada(), Some(first)).await.unwrap(), [second]);
    assert!(bound > format!("IMAGE#{first}").as_str() && bound < format!("IMAGE#{second}").as_str());
}

#[tokio::test]
async fn an_expired_ticket_is_forgotten_and_a_photo_that_came_after_all_is_not() {
    for arrived in [false, true] {
        let rule = mock!(Client::delete_item).match_requests(|call| {
            let values = call.expression_attribute_values().unwrap();
            call.condition_expression() == Some(&format!("#status = :awaiting AND NOT {AWAITED}"))
                && values[":awaiting"] == AttributeValue::S("awaiting_upload".into())
                && values[":seconds"] == AttributeValue::N("1769860807".into())
        });
        let rule = if arrived {
            rule.then_error(|| {
                DeleteItemError::ConditionalCheckFailedException(ConditionalCheckFailedException::builder().build())
            })
        } else {
            rule.then_output(|| DeleteItemOutput::builder().build())
        };
        table(&[&rule]).forget_expired(&ada(), ImageId::new(), NOW).await.unwrap();
        assert_eq!(rule.num_calls(), 1);
    }
}
