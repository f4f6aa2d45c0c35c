use super::*;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::delete_item::DeleteItemOutput;
use aws_sdk_dynamodb::operation::get_item::GetItemOutput;
use aws_sdk_dynamodb::operation::update_item::UpdateItemOutput;
use aws_sdk_dynamodb::types::error::{ConditionalCheckFailedException, ProvisionedThroughputExceededException};
use darkroom_mocks::{Rule, RuleMode, mock, mock_client};
use time::macros::datetime;

const NOW: OffsetDateTime = datetime!(2026-01-31 12:00:07.250 UTC);

fn ada() -> OwnerId {
    OwnerId::parse("ada").unwrap()
}

fn table(rule: &Rule) -> Table {
    Table::new(mock_client!(aws_sdk_dynamodb, RuleMode::MatchAny, [rule]), "images")
}

fn is_hers(key: &HashMap<String, AttributeValue>) -> bool {
    key["pk"] == text("USER#ada") && key["sk"] == text("WEBHOOK")
}

/// As the table has it after the first PUT.
fn item() -> HashMap<String, AttributeValue> {
    let mut item = key(&ada());
    item.insert("url".into(), text("https://hooks.example.com/"));
    item.insert("created_at".into(), text("2026-01-31T12:00:00.250Z"));
    item.insert("updated_at".into(), text("2026-01-31T12:00:00.250Z"));
    item.insert("secret_made".into(), AttributeValue::N("1769860800250".into()));
    item
}

fn webhook() -> Webhook {
    read(item()).unwrap()
}

fn failure(status: Option<u16>) -> Failure {
    Failure { at: rfc3339(NOW), reason: "status".into(), status }
}

#[tokio::test]
async fn it_is_read_by_its_owners_key() {
    let get = mock!(Client::get_item)
        .match_requests(|call| is_hers(call.key().unwrap()) && call.consistent_read() == Some(true))
        .then_output(|| GetItemOutput::builder().set_item(Some(item())).build());
    let found = table(&get).webhook(&ada()).await.unwrap().unwrap();
    assert_eq!((found.url.as_str(), found.secret_made), ("https://hooks.example.com/", 1_769_860_800_250));
    assert_eq!((found.secret_before, found.failure, found.disabled_because), (None, None, None));

    let none = mock!(Client::get_item).then_output(|| GetItemOutput::builder().build());
    assert_eq!(table(&none).webhook(&ada()).await.unwrap(), None);
}

#[tokio::test]
async fn setting_it_keeps_the_secret_and_clears_what_was_wrong() {
    let update = mock!(Client::update_item)
        .match_requests(|call| {
            let expression = call.update_expression().unwrap();
            assert!(expression.contains(", secret_made = if_not_exists(secret_made, :made) REMOVE"), "{expression}");
            assert!(expression.ends_with(" REMOVE failure, failing_since, disabled_at, disabled_because"));
            is_hers(call.key().unwrap())
                && call.expression_attribute_values().unwrap()[":made"] == AttributeValue::N("1769860807250".into())
                && call.return_values() == Some(&ReturnValue::AllNew)
        })
        .then_output(|| UpdateItemOutput::builder().set_attributes(Some(item())).build());
    let set = table(&update).set_webhook(&ada(), "https://hooks.example.com/", NOW).await.unwrap();
    assert_eq!(set, webhook());
}

#[tokio::test]
async fn rotating_keeps_the_moment_before_and_makes_no_webhook() {
    let update = mock!(Client::update_item)
        .match_requests(|call| {
            is_hers(call.key().unwrap())
                && call.update_expression() == Some("SET secret_before = secret_made, secret_made = :made")
                && call.condition_expression() == Some("attribute_exists(pk)")
        })
        .then_output(|| UpdateItemOutput::builder().set_attributes(Some(item())).build());
    assert_eq!(table(&update).rotate_secret(&ada(), NOW).await.unwrap(), Some(webhook()));
    let none = mock!(Client::update_item).then_error(|| {
        UpdateItemError::ConditionalCheckFailedException(ConditionalCheckFailedException::builder().build())
    });
    assert_eq!(table(&none).rotate_secret(&ada(), NOW).await.unwrap(), None);
}

#[tokio::test]
async fn deleting_tells_whether_there_was_one() {
    for there in [true, false] {
        let delete = mock!(Client::delete_item)
            .match_requests(|call| is_hers(call.key().unwrap()))
            .then_output(move || DeleteItemOutput::builder().set_attributes(there.then(item)).build());
        assert_eq!(table(&delete).delete_webhook(&ada()).await.unwrap(), there);
    }
}

#[tokio::test]
async fn a_delivery_is_noted_on_what_was_read_only() {
    let update = mock!(Client::update_item)
        .match_requests(|call| {
            is_hers(call.key().unwrap())
                && call.update_expression() == Some("SET delivered_at = :now REMOVE failure, failing_since")
                && call.condition_expression() == Some("updated_at = :seen")
                && call.expression_attribute_values().unwrap()[":seen"] == text("2026-01-31T12:00:00.250Z")
        })
        .then_output(|| UpdateItemOutput::builder().build());
    table(&update).note_delivered(&ada(), &webhook(), NOW).await.unwrap();
    assert_eq!(update.num_calls(), 1);
}

#[tokio::test]
async fn a_failure_is_noted_with_its_status_and_may_be_the_end() {
    for (disabled, end) in [(None, "(failing_since, :at)"), (Some(Disabled::Gone), "disabled_because = :why")] {
        let update = mock!(Client::update_item)
            .match_requests(move |call| {
                let values = call.expression_attribute_values().unwrap();
                let told = values[":failure"].as_m().unwrap();
                call.update_expression().unwrap().ends_with(end)
                    && told["status"] == AttributeValue::N("500".into())
                    && values.get(":why") == disabled.map(|_| text("gone")).as_ref()
            })
            .then_output(|| UpdateItemOutput::builder().build());
        table(&update).note_failed(&ada(), &webhook(), &failure(Some(500)), disabled).await.unwrap();
        assert_eq!(update.num_calls(), 1);
    }
}

#[tokio::test]
async fn a_late_note_changes_nothing_and_a_failing_table_is_told() {
    let late = mock!(Client::update_item).then_error(|| {
        UpdateItemError::ConditionalCheckFailedException(ConditionalCheckFailedException::builder().build())
    });
    table(&late).note_failed(&ada(), &webhook(), &failure(None), None).await.unwrap();

    let throttled = mock!(Client::update_item).then_error(|| {
        let throttled = ProvisionedThroughputExceededException::builder().build();
        UpdateItemError::ProvisionedThroughputExceededException(throttled)
    });
    assert!(table(&throttled).note_delivered(&ada(), &webhook(), NOW).await.is_err());
}
