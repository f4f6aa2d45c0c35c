use super::fixtures::*;
use aws_sdk_dynamodb::operation::delete_item::DeleteItemOutput;
use aws_sdk_dynamodb::operation::update_item::{UpdateItemError, UpdateItemOutput};
use aws_sdk_dynamodb::types::error::ConditionalCheckFailedException;
use aws_sdk_s3::operation::delete_objects::DeleteObjectsOutput;
use aws_sdk_s3::operation::list_object_versions::ListObjectVersionsOutput;
use aws_sdk_s3::types::{DeleteMarkerEntry, Error as S3Error, ObjectVersion};
use aws_smithy_mocks::{Rule, RuleMode, mock, mock_client};
use darkroom_runtime::api::testing::{Call, OWNER};
use serde_json::Value;
use std::sync::{Arc, Mutex};

type Log = Arc<Mutex<Vec<String>>>;

fn delete() -> Call {
    call("DELETE", "/image/{image_id}")
}

/// The table takes the image out of reach, on conditions that no event and no execution can get around.
fn begins(log: &Log) -> Rule {
    let log = log.clone();
    mock!(aws_sdk_dynamodb::Client::update_item)
        .match_requests(move |call| {
            let (key, update) = (call.key().expect("a key"), call.update_expression().expect("an update"));
            assert_eq!((&key["pk"], &key["sk"]), (&text(&format!("USER#{OWNER}")), &text(&format!("IMAGE#{IMAGE}"))));
            let (set, removed) = update.split_once(" REMOVE ").expect("both");
            assert!(set.contains("#status = :deleting") && set.contains("sequencer = :last"));
            for gone in ["version_id", "album_id", "visibility", "expires_at"] {
                assert!(removed.contains(gone), "{gone}");
            }
            let values = call.expression_attribute_values().expect("values");
            assert!(
                values[":last"].as_s().unwrap().as_str() > "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF",
                "later than any event"
            );
            assert_eq!(values[":since"], text("2026-01-31T11:00:07.25Z"), "an hour ago");
            log.lock().unwrap().push("begin".into());
            true
        })
        .then_output(|| UpdateItemOutput::builder().build())
}

fn refuses(item: Option<Value>) -> Rule {
    mock!(aws_sdk_dynamodb::Client::update_item).then_error(move || {
        let error = ConditionalCheckFailedException::builder().set_item(item.as_ref().map(attributes)).build();
        UpdateItemError::ConditionalCheckFailedException(error)
    })
}

fn finishes(log: &Log) -> Rule {
    let log = log.clone();
    mock!(aws_sdk_dynamodb::Client::delete_item)
        .match_requests(move |call| {
            assert_eq!(call.condition_expression(), Some("#status = :deleting"));
            log.lock().unwrap().push("finish".into());
            true
        })
        .then_output(|| DeleteItemOutput::builder().build())
}

/// Storage in which each prefix has a version and a delete marker.
fn storage(log: &Log, refused: bool) -> (Rule, Rule) {
    let (listed, removed) = (log.clone(), log.clone());
    let list = mock!(aws_sdk_s3::Client::list_object_versions)
        .match_requests(move |call| {
            listed.lock().unwrap().push(format!("list {}/{}", call.bucket().unwrap(), call.prefix().unwrap()));
            true
        })
        .then_output(|| {
            let version = ObjectVersion::builder().key("k").version_id("v1").build();
            let marker = DeleteMarkerEntry::builder().key("k").version_id("v2").build();
            ListObjectVersionsOutput::builder().versions(version).delete_markers(marker).is_truncated(false).build()
        });
    let delete = mock!(aws_sdk_s3::Client::delete_objects)
        .match_requests(move |call| {
            let versions: Vec<_> = call.delete().unwrap().objects().iter().filter_map(|o| o.version_id()).collect();
            removed.lock().unwrap().push(format!("remove {}", versions.join(" ")));
            true
        })
        .then_output(move || {
            let error = refused.then(|| S3Error::builder().key("k").code("InternalError").build());
            DeleteObjectsOutput::builder().set_errors(error.map(|error| vec![error])).build()
        });
    (list, delete)
}

#[tokio::test]
async fn r40_everything_goes_and_the_record_last() {
    let log = Log::default();
    let (list, remove) = storage(&log, false);
    let objects = mock_client!(aws_sdk_s3, RuleMode::MatchAny, [&list, &remove]);
    let reply = send_to(&[&begins(&log), &finishes(&log)], objects, delete()).await;
    assert_eq!((reply.status, reply.body.as_str()), (204, ""));
    let expected = [
        "begin".to_owned(),
        format!("list originals/uploads/{OWNER}/{IMAGE}"),
        "remove v1 v2".into(),
        format!("list pictures/variants/{IMAGE}/"),
        "remove v1 v2".into(),
        format!("list pictures/work/{IMAGE}/"),
        "remove v1 v2".into(),
        "finish".into(),
    ];
    assert_eq!(*log.lock().unwrap(), expected);
}

#[tokio::test]
async fn r40_what_could_not_be_removed_keeps_the_record_so_that_it_can_be_tried_again() {
    let log = Log::default();
    let (list, remove) = storage(&log, true);
    let objects = mock_client!(aws_sdk_s3, RuleMode::MatchAny, [&list, &remove]);
    let reply = send_to(&[&begins(&log), &finishes(&log)], objects, delete()).await;
    assert_eq!(reply.problem(), (503, "Transient.Storage".into()));
    assert!(!log.lock().unwrap().contains(&"finish".into()));
}

#[tokio::test]
async fn r40_nothing_is_touched_while_an_execution_may_write() {
    let reply = send_to(&[&refuses(Some(record("processing")))], signer(), delete()).await;
    assert_eq!((reply.problem(), reply.header("retry-after")), ((409, "Request.Conflict".into()), Some("2")));
}

#[tokio::test]
async fn r33_r40_nobody_deletes_what_is_not_theirs_or_not_there_any_more() {
    for item in [None, Some(record("awaiting_upload"))] {
        // The second: a ticket that expired. Storage, which has no way to the network here, is not asked.
        assert_eq!(send_to(&[&refuses(item)], signer(), delete()).await.problem(), (404, "Request.NotFound".into()));
    }
    let rule = refuses(None);
    let reply = send_to(&[&rule], signer(), call("DELETE", "/image/{image_id}").path("image_id", "x")).await;
    assert_eq!((reply.problem().0, rule.num_calls()), (404, 0));
}

#[tokio::test]
async fn r40_many_versions_go_page_by_page() {
    let page = |more: bool| {
        let version = ObjectVersion::builder().key("k").version_id("v").build();
        ListObjectVersionsOutput::builder().versions(version).is_truncated(more).build()
    };
    let list = mock!(aws_sdk_s3::Client::list_object_versions)
        .sequence()
        .output(move || page(true))
        .output(move || page(false))
        .output(|| ListObjectVersionsOutput::builder().build())
        .repeatedly()
        .build();
    let remove = mock!(aws_sdk_s3::Client::delete_objects).then_output(|| DeleteObjectsOutput::builder().build());
    let log = Log::default();
    let objects = mock_client!(aws_sdk_s3, RuleMode::MatchAny, [&list, &remove]);
    assert_eq!(send_to(&[&begins(&log), &finishes(&log)], objects, delete()).await.status, 204);
    assert_eq!(remove.num_calls(), 2, "two pages of the original, and nothing where there was nothing");
}
