use super::*;
use aws_sdk_dynamodb::operation::update_item::{UpdateItemError, UpdateItemOutput};
use aws_sdk_dynamodb::types::AttributeValue;
use aws_sdk_dynamodb::types::error::{ConditionalCheckFailedException, ProvisionedThroughputExceededException};
use aws_sdk_s3::operation::delete_object::DeleteObjectOutput;
use aws_sdk_sfn::operation::start_execution::{StartExecutionError, StartExecutionOutput};
use aws_sdk_sfn::types::error::{ExecutionAlreadyExists, ExecutionLimitExceeded, KmsThrottlingException};
use aws_smithy_mocks::{Rule, RuleMode, mock, mock_client};
use darkroom_aws::table::Table;
use lambda_runtime::Context;
use serde_json::{Value, json};

fn settings() -> Settings {
    Settings { originals_bucket: "originals".into(), state_machine_arn: "arn".into() }
}

fn put(key: &str, sequencer: &str) -> String {
    json!({ "Records": [{ "eventName": "ObjectCreated:Put", "s3": {
        "bucket": { "name": "originals" },
        "object": { "key": key, "size": 3, "versionId": "v1", "sequencer": sequencer } } }] })
    .to_string()
}

fn batch(bodies: &[(&str, &str)]) -> LambdaEvent<SqsEvent> {
    let records: Vec<Value> = bodies.iter().map(|(id, body)| json!({ "messageId": id, "body": body })).collect();
    LambdaEvent::new(serde_json::from_value(json!({ "Records": records })).unwrap(), Context::default())
}

fn table(rule: &Rule) -> Table {
    Table::new(mock_client!(aws_sdk_dynamodb, RuleMode::MatchAny, [rule]), "images")
}

fn machine(rule: &Rule) -> aws_sdk_sfn::Client {
    mock_client!(aws_sdk_sfn, RuleMode::MatchAny, [rule])
}

fn storage(rule: &Rule) -> aws_sdk_s3::Client {
    mock_client!(aws_sdk_s3, RuleMode::MatchAny, [rule])
}

fn hides() -> Rule {
    mock!(aws_sdk_s3::Client::delete_object)
        .match_requests(|call| call.bucket().is_some() && call.key().is_some() && call.version_id().is_none())
        .then_output(|| DeleteObjectOutput::builder().build())
}

fn marks() -> Rule {
    mock!(aws_sdk_dynamodb::Client::update_item).then_output(|| UpdateItemOutput::builder().build())
}

/// The table refuses: it knows this item (or none).
fn refuses(known_sequencer: Option<&'static str>) -> Rule {
    mock!(aws_sdk_dynamodb::Client::update_item).then_error(move || {
        let mut refused = ConditionalCheckFailedException::builder();
        if let Some(sequencer) = known_sequencer {
            refused = refused.item("sequencer", AttributeValue::S(format!("{sequencer:0>32}")));
        }
        UpdateItemError::ConditionalCheckFailedException(refused.build())
    })
}

fn refuses_as_it_is_being_deleted() -> Rule {
    mock!(aws_sdk_dynamodb::Client::update_item).then_error(|| {
        let text = |value: &str| AttributeValue::S(value.into());
        let refused =
            ConditionalCheckFailedException::builder().item("status", text("deleting")).item("sequencer", text("~"));
        UpdateItemError::ConditionalCheckFailedException(refused.build())
    })
}

fn starts() -> Rule {
    mock!(aws_sdk_sfn::Client::start_execution).then_output(|| {
        let at = aws_sdk_sfn::primitives::DateTime::from_secs(0);
        StartExecutionOutput::builder().execution_arn("arn").start_date(at).build().unwrap()
    })
}

fn start_fails(error: fn() -> StartExecutionError) -> Rule {
    mock!(aws_sdk_sfn::Client::start_execution).then_error(error)
}

async fn failures(table_rule: &Rule, machine_rule: &Rule, bodies: &[(&str, &str)]) -> Vec<String> {
    let answer = handle(&table(table_rule), &machine(machine_rule), &storage(&hides()), &settings(), batch(bodies))
        .await
        .unwrap();
    answer.batch_item_failures.into_iter().map(|failure| failure.item_identifier).collect()
}

#[tokio::test]
async fn a_photo_is_marked_and_started() {
    let (mark, start) = (marks(), starts());
    assert!(failures(&mark, &start, &[("m1", &put("imports/a.jpg", "1"))]).await.is_empty());
    assert_eq!((mark.num_calls(), start.num_calls()), (1, 1));
}

#[tokio::test]
async fn r03_nothing_of_ours_calls_nothing() {
    let (mark, start) = (marks(), starts());
    let bodies = [("m1", r#"{"Event":"s3:TestEvent"}"#), ("m2", r#"{"Records":[]}"#), ("m3", &put("elsewhere", "1"))];
    assert!(failures(&mark, &start, &bodies).await.is_empty());
    assert_eq!((mark.num_calls(), start.num_calls()), (0, 0));
}

#[tokio::test]
async fn r05_r06_one_bad_body_fails_itself_alone() {
    let (mark, start) = (marks(), starts());
    let bodies = [("good", &*put("imports/a.jpg", "1")), ("bad", "no json"), ("fine", &put("imports/b.jpg", "1"))];
    assert_eq!(failures(&mark, &start, &bodies).await, ["bad"]);
    assert_eq!(start.num_calls(), 2);
}

#[tokio::test]
async fn r07_no_failure_to_start_becomes_a_success() {
    let errors: [fn() -> StartExecutionError; 3] = [
        || StartExecutionError::ExecutionLimitExceeded(ExecutionLimitExceeded::builder().build()),
        || StartExecutionError::KmsThrottlingException(KmsThrottlingException::builder().build()),
        || StartExecutionError::unhandled("the network"),
    ];
    for error in errors {
        let (mark, start) = (marks(), start_fails(error));
        assert_eq!(failures(&mark, &start, &[("m1", &put("imports/a.jpg", "1"))]).await, ["m1"]);
    }
}

#[tokio::test]
async fn r07_a_table_that_does_not_answer_starts_nothing() {
    let mark = mock!(aws_sdk_dynamodb::Client::update_item).then_error(|| {
        let throttled = ProvisionedThroughputExceededException::builder().build();
        UpdateItemError::ProvisionedThroughputExceededException(throttled)
    });
    let start = starts();
    assert_eq!(failures(&mark, &start, &[("m1", &put("imports/a.jpg", "1"))]).await, ["m1"]);
    assert_eq!(start.num_calls(), 0);
}

#[tokio::test]
async fn r08_an_execution_that_exists_is_a_success() {
    let start = start_fails(|| StartExecutionError::ExecutionAlreadyExists(ExecutionAlreadyExists::builder().build()));
    assert!(failures(&marks(), &start, &[("m1", &put("imports/a.jpg", "1"))]).await.is_empty());
}

#[tokio::test]
async fn r01_a_known_event_tries_the_start_again() {
    let (mark, start) = (refuses(Some("A")), starts());
    assert!(failures(&mark, &start, &[("m1", &put("imports/a.jpg", "A"))]).await.is_empty());
    assert_eq!(start.num_calls(), 1);
}

#[tokio::test]
async fn r02_an_overtaken_event_starts_nothing() {
    let (mark, start) = (refuses(Some("B")), starts());
    assert!(failures(&mark, &start, &[("m1", &put("imports/a.jpg", "A"))]).await.is_empty());
    assert_eq!(start.num_calls(), 0);
}

#[tokio::test]
async fn r40_an_image_without_a_record_is_not_brought_back() {
    let key = format!("uploads/sub/{}", darkroom_domain::id::ImageId::new());
    for mark in [refuses(None), refuses_as_it_is_being_deleted()] {
        let (start, hide) = (starts(), hides());
        let bodies = [("m1", &*put(&key, "1"))];
        let answer =
            handle(&table(&mark), &machine(&start), &storage(&hide), &settings(), batch(&bodies)).await.unwrap();
        assert!(answer.batch_item_failures.is_empty());
        assert_eq!((start.num_calls(), hide.num_calls()), (0, 1), "what was stored is put out of sight");
    }
}

#[tokio::test]
async fn r06_a_panic_is_isolated() {
    struct Panics;
    impl MarkArrival for Panics {
        async fn mark_arrival(&self, order: &WorkOrder, _: &str) -> Result<Mark, Error> {
            assert!(!order.source.key.ends_with("boom"), "oh");
            Ok(Mark::Fresh)
        }
    }
    let start = starts();
    let bodies = [("m1", &*put("imports/boom", "1")), ("m2", &put("imports/fine", "1"))];
    let answer = handle(&Panics, &machine(&start), &storage(&hides()), &settings(), batch(&bodies)).await.unwrap();
    assert_eq!(answer.batch_item_failures.len(), 1);
    assert_eq!(answer.batch_item_failures[0].item_identifier, "m1");
}

#[tokio::test]
async fn r09_the_call_carries_the_deterministic_name_and_input() {
    let start = mock!(aws_sdk_sfn::Client::start_execution)
        .match_requests(|request| {
            let input: Value = serde_json::from_str(request.input().unwrap()).unwrap();
            let image = darkroom_domain::id::ImageId::of_import("imports/a.jpg").to_string();
            input["image_id"] == image.as_str()
                && input["stage"] == "validate"
                && request.name().unwrap().starts_with(&image)
                && request.state_machine_arn() == Some("arn")
        })
        .then_output(|| {
            let at = aws_sdk_sfn::primitives::DateTime::from_secs(0);
            StartExecutionOutput::builder().execution_arn("arn").start_date(at).build().unwrap()
        });
    assert!(failures(&marks(), &start, &[("m1", &put("imports/a.jpg", "1"))]).await.is_empty());
    assert_eq!(start.num_calls(), 1);
}

#[test]
fn the_settings_file_gives_what_is_asked_for() {
    assert!(Settings::from(&Config::with("orchestrator", |_| Some("x".into()))).is_ok());
}
