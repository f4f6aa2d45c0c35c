use super::*;
use aws_sdk_dynamodb::operation::get_item::GetItemOutput;
use aws_sdk_dynamodb::operation::update_item::{UpdateItemError, UpdateItemOutput};
use aws_sdk_dynamodb::types::AttributeValue;
use aws_sdk_dynamodb::types::error::{ConditionalCheckFailedException, ProvisionedThroughputExceededException};
use aws_sdk_s3::operation::delete_object::DeleteObjectOutput;
use aws_sdk_sfn::operation::start_execution::{StartExecutionError, StartExecutionOutput};
use aws_sdk_sfn::types::error::{ExecutionAlreadyExists, ExecutionLimitExceeded, KmsThrottlingException};
use darkroom_aws::table::Table;
use darkroom_domain::id::{ImageId, OwnerId};
use darkroom_domain::protocol::Mark;
use darkroom_mocks::{Rule, RuleMode, mock, mock_client};
use lambda_runtime::Context;
use serde_json::{Value, json};
use std::time::Duration;

fn settings() -> Settings {
    Settings { originals_bucket: "originals".into(), state_machine_arn: "arn".into(), executions_in_flight: 2 }
}

/// The list of running executions.
struct Running(Vec<String>);

impl ListRunning for Running {
    async fn running(&self, _: &str, _: usize) -> Result<Vec<String>, Error> {
        Ok(self.0.clone())
    }
}

/// A pace with places for every message of a test.
fn free() -> Pace<Running> {
    Pace::new(Running(Vec::new()), "arn", 16)
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

/// A record in the table: status, sequencer and version.
type Record = [&'static str; 3];

fn refusal(known: Option<Record>) -> UpdateItemError {
    let mut refused = ConditionalCheckFailedException::builder();
    if let Some([status, sequencer, version]) = known {
        refused = refused.item("status", AttributeValue::S(status.into()));
        refused = refused.item("sequencer", AttributeValue::S(format!("{sequencer:0>32}")));
        refused = refused.item("version_id", AttributeValue::S(version.into()));
    }
    UpdateItemError::ConditionalCheckFailedException(refused.build())
}

/// A table that refuses the mark, since it has this record, or none.
fn refuses(known: Option<Record>) -> Rule {
    mock!(aws_sdk_dynamodb::Client::update_item).then_error(move || refusal(known))
}

/// A table that refuses the mark, since it has this record, and takes the next write.
fn refuses_once(known: Option<Record>) -> Rule {
    mock!(aws_sdk_dynamodb::Client::update_item)
        .sequence()
        .error(move || refusal(known))
        .output(|| UpdateItemOutput::builder().build())
        .build()
}

/// The remembered deletions of images without a record.
fn recalls(sort_key: &'static str) -> Rule {
    mock!(aws_sdk_dynamodb::Client::get_item).then_compute_output(move |call| {
        let key = call.key().expect("a key");
        assert_eq!(key["pk"], AttributeValue::S("GONE#sub".into()));
        let found = key["sk"].as_s().expect("text").starts_with(sort_key);
        GetItemOutput::builder().set_item(found.then(|| key.clone())).build()
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
    let (table, machine, storage) = (table(table_rule), machine(machine_rule), storage(&hides()));
    let answer = handle(&table, &machine, &storage, &free(), &settings(), batch(bodies)).await.unwrap();
    answer.batch_item_failures.into_iter().map(|failure| failure.item_identifier).collect()
}

#[tokio::test]
async fn a_photo_is_marked_and_started() {
    let (mark, start) = (marks(), starts());
    assert!(failures(&mark, &start, &[("m1", &put("imports/a.jpg", "1"))]).await.is_empty());
    assert_eq!((mark.num_calls(), start.num_calls()), (1, 1));
}

#[tokio::test]
async fn the_order_says_what_the_crops_show() {
    let mark = mock!(aws_sdk_dynamodb::Client::update_item).then_output(|| {
        let number = |text: &str| AttributeValue::N(text.into());
        let point = [("x".to_owned(), number("0.25")), ("y".to_owned(), number("0.5"))].into_iter().collect();
        UpdateItemOutput::builder().attributes("focus", AttributeValue::M(point)).build()
    });
    let start = mock!(aws_sdk_sfn::Client::start_execution)
        .match_requests(|call| call.input().is_some_and(|input| input.contains(r#""focus":{"x":0.25,"y":0.5}"#)))
        .then_output(|| {
            let at = aws_sdk_sfn::primitives::DateTime::from_secs(0);
            StartExecutionOutput::builder().execution_arn("arn").start_date(at).build().unwrap()
        });
    assert!(failures(&mark, &start, &[("m1", &put("imports/a.jpg", "1"))]).await.is_empty());
    assert_eq!(start.num_calls(), 1);
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
    let (mark, start) = (refuses_once(Some(["processing", "A", "v1"])), starts());
    assert!(failures(&mark, &start, &[("m1", &put("imports/a.jpg", "A"))]).await.is_empty());
    assert_eq!(start.num_calls(), 1);
}

#[tokio::test]
async fn r40_the_record_says_when_an_execution_was_last_about_to_begin() {
    let noted = |known: Option<Record>, update: &'static str| {
        let rule = mock!(aws_sdk_dynamodb::Client::update_item).sequence();
        let rule = if known.is_some() {
            rule.error(move || refusal(known))
        } else {
            rule.output(|| UpdateItemOutput::builder().build())
        };
        let first = rule.build();
        let second = mock!(aws_sdk_dynamodb::Client::update_item)
            .match_requests(move |call| call.update_expression().is_some_and(|it| it.contains(update)))
            .then_output(|| UpdateItemOutput::builder().build());
        (first, second)
    };
    let (refused, again) = noted(Some(["processing", "A", "v1"]), "SET began_at = :now");
    let table = Table::new(mock_client!(aws_sdk_dynamodb, RuleMode::Sequential, [&refused, &again]), "images");
    let (start, hide) = (starts(), hides());
    let bodies = [("m1", &*put("imports/a.jpg", "A"))];
    handle(&table, &machine(&start), &storage(&hide), &free(), &settings(), batch(&bodies)).await.unwrap();
    assert_eq!((again.num_calls(), start.num_calls()), (1, 1), "a start long after the arrival is on record");
    let (_, fresh) = noted(None, "began_at = :now");
    assert!(failures(&fresh, &starts(), &[("m1", &put("imports/a.jpg", "A"))]).await.is_empty());
}

#[tokio::test]
async fn r40_a_known_event_of_a_photo_whose_deletion_began_meanwhile_starts_nothing() {
    let mark = mock!(aws_sdk_dynamodb::Client::update_item)
        .sequence()
        .error(|| refusal(Some(["processing", "A", "v1"])))
        .error(|| refusal(Some(["deleting", "~", "-"])))
        .build();
    let start = starts();
    assert!(failures(&mark, &start, &[("m1", &put("imports/a.jpg", "A"))]).await.is_empty());
    assert_eq!(start.num_calls(), 0);
}

#[tokio::test]
async fn r02_an_overtaken_event_starts_nothing() {
    let (mark, start) = (refuses(Some(["ready", "B", "v2"])), starts());
    assert!(failures(&mark, &start, &[("m1", &put("imports/a.jpg", "A"))]).await.is_empty());
    assert_eq!(start.num_calls(), 0);
}

/// The outcome of an upload for this record in the table: executions started, objects hidden, versions removed.
async fn arrives(rules: &[&Rule]) -> (usize, usize, usize) {
    let key = format!("uploads/sub/{}", darkroom_domain::id::ImageId::new());
    let (start, hide) = (starts(), hides());
    let remove = mock!(aws_sdk_s3::Client::delete_object)
        .match_requests(|call| call.version_id() == Some("v1"))
        .then_output(|| DeleteObjectOutput::builder().build());
    let table = Table::new(mock_client!(aws_sdk_dynamodb, RuleMode::MatchAny, rules), "images");
    let storage = mock_client!(aws_sdk_s3, RuleMode::MatchAny, [&hide, &remove]);
    let bodies = [("m1", &*put(&key, "1"))];
    let answer = handle(&table, &machine(&start), &storage, &free(), &settings(), batch(&bodies)).await.unwrap();
    assert!(answer.batch_item_failures.is_empty());
    (start.num_calls(), hide.num_calls(), remove.num_calls())
}

#[tokio::test]
async fn r40_what_was_deleted_is_not_brought_back_but_put_out_of_sight() {
    assert_eq!(arrives(&[&refuses(Some(["deleting", "~", "-"]))]).await, (0, 1, 0));
    for remembered in ["DELETED#", "ERASED"] {
        assert_eq!(arrives(&[&refuses(None), &recalls(remembered)]).await, (0, 1, 0), "{remembered}");
    }
}

#[tokio::test]
async fn r56_an_original_that_nothing_explains_is_left_alone_and_noted() {
    let mark = mock!(aws_sdk_dynamodb::Client::update_item)
        .match_requests(|call| call.condition_expression().is_some())
        .then_error(|| refusal(None));
    let note = mock!(aws_sdk_dynamodb::Client::update_item)
        .match_requests(|call| {
            call.condition_expression().is_none() && call.key().unwrap()["sk"].as_s().unwrap().starts_with("NOTE#")
        })
        .then_output(|| UpdateItemOutput::builder().build());
    assert_eq!(arrives(&[&mark, &note, &recalls("nothing")]).await, (0, 0, 0));
    assert_eq!(note.num_calls(), 1);
}

#[tokio::test]
async fn r01_a_form_that_is_sent_again_starts_nothing_and_what_it_stored_is_removed() {
    for status in ["processing", "ready", "rejected", "failed"] {
        assert_eq!(arrives(&[&refuses(Some([status, "0", "v0"]))]).await, (0, 0, 1), "{status}");
    }
}

#[tokio::test]
async fn r06_a_panic_is_isolated() {
    struct Panics;
    impl MarkArrival for Panics {
        async fn mark_arrival(&self, order: &WorkOrder, _: OffsetDateTime) -> Result<Marked, Error> {
            assert!(!order.source.key.ends_with("boom"), "oh");
            Ok(Marked { mark: Mark::Fresh, focus: None })
        }
    }
    impl RecallDeletions for Panics {
        async fn was_deleted(&self, _: &OwnerId, _: ImageId) -> Result<bool, Error> {
            unreachable!("imports need no ticket")
        }

        async fn note_unexplained(&self, _: &WorkOrder, _: OffsetDateTime) -> Result<(), Error> {
            unreachable!("imports need no ticket")
        }
    }
    let start = starts();
    let bodies = [("m1", &*put("imports/boom", "1")), ("m2", &put("imports/fine", "1"))];
    let (machine, storage) = (machine(&start), storage(&hides()));
    let answer = handle(&Panics, &machine, &storage, &free(), &settings(), batch(&bodies)).await.unwrap();
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

#[tokio::test]
async fn r55_a_message_without_a_place_goes_back_unmarked() {
    let (mark, start) = (marks(), starts());
    let full = Pace::hurried(Running(vec!["one".into(), "another".into()]), 2, Duration::from_millis(50));
    let bodies = [("m1", &*put("imports/a.jpg", "1")), ("m2", r#"{"Records":[]}"#)];
    let (table, machine, storage) = (table(&mark), machine(&start), storage(&hides()));
    let began = Instant::now();
    let answer = handle(&table, &machine, &storage, &full, &settings(), batch(&bodies)).await.unwrap();
    let failed: Vec<_> = answer.batch_item_failures.into_iter().map(|failure| failure.item_identifier).collect();
    assert_eq!(failed, ["m1"], "what needs no place does not wait for one");
    assert_eq!((mark.num_calls(), start.num_calls()), (0, 0));
    assert!(began.elapsed() >= Duration::from_millis(50), "it waited first");
}

#[tokio::test]
async fn r55_what_starts_nothing_leaves_its_place() {
    let (mark, start) = (refuses(Some(["ready", "B", "v2"])), starts());
    let pace = Pace::hurried(Running(Vec::new()), 1, Duration::ZERO);
    let (table, machine, storage) = (table(&mark), machine(&start), storage(&hides()));
    for key in ["imports/a.jpg", "imports/b.jpg"] {
        let bodies = [("m1", &*put(key, "A"))];
        let answer = handle(&table, &machine, &storage, &pace, &settings(), batch(&bodies)).await.unwrap();
        assert!(answer.batch_item_failures.is_empty(), "{key} is overtaken");
    }
    assert_eq!(start.num_calls(), 0);
}

#[test]
fn the_settings_file_gives_what_is_asked_for() {
    let settings = |number: fn(&str) -> Option<String>| Settings::from(&Config::with("orchestrator", number));
    assert_eq!(settings(|_| Some("5".into())).unwrap().executions_in_flight, 5);
    for wrong in [|_: &str| Some("0".to_owned()), |_: &str| Some("many".to_owned())] {
        assert_eq!(settings(wrong).err().unwrap().code, ErrorCode::WorkerMisconfigured);
    }
}
