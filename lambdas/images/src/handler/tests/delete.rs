use super::fixtures::*;
use aws_sdk_dynamodb::operation::delete_item::DeleteItemOutput;
use aws_sdk_dynamodb::operation::update_item::{UpdateItemError, UpdateItemOutput};
use aws_sdk_dynamodb::types::error::ConditionalCheckFailedException;
use aws_sdk_s3::operation::delete_objects::DeleteObjectsOutput;
use aws_sdk_s3::operation::list_object_versions::ListObjectVersionsOutput;
use aws_sdk_s3::types::{DeleteMarkerEntry, Error as S3Error, ObjectVersion};
use darkroom_mocks::{MockResponse, Rule, RuleMode, mock, mock_client};
use darkroom_runtime::api::testing::{Call, OWNER, Reply};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

type Log = Arc<Mutex<Vec<String>>>;

fn delete() -> Call {
    call("DELETE", "/image/{image_id}")
}

/// A table that marks the image as `deleting`, on conditions that hold against every event and execution.
fn begins(log: &Log) -> Rule {
    let log = log.clone();
    mock!(aws_sdk_dynamodb::Client::update_item)
        .match_requests(move |call| {
            if call.key().expect("a key")["pk"] != text(&format!("USER#{OWNER}")) {
                return false;
            }
            let (key, update) = (call.key().expect("a key"), call.update_expression().expect("an update"));
            assert_eq!((&key["pk"], &key["sk"]), (&text(&format!("USER#{OWNER}")), &text(&format!("IMAGE#{IMAGE}"))));
            let (set, removed) = update.split_once(" REMOVE ").expect("both");
            assert!(set.contains("#status = :deleting") && set.contains("sequencer = :last"));
            assert!(set.contains("unfinished = :shard"), "the sweeper looks after it until it is gone");
            for gone in
                ["version_id", "album_id", "visibility", "public_shard", "ready_id", "awaited_until", "expires_at"]
            {
                assert!(removed.contains(gone), "{gone}");
            }
            let values = call.expression_attribute_values().expect("values");
            assert!(
                values[":last"].as_s().unwrap().as_str() > "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF",
                "later than any event"
            );
            assert_eq!(values[":since"], text("2026-01-31T05:55:07.250Z"), "the longest execution ago");
            let condition = call.condition_expression().expect("a condition");
            assert!(condition.contains("began_at < :since"), "an execution may have begun long after the arrival");
            log.lock().unwrap().push("begin".into());
            true
        })
        .then_output(|| UpdateItemOutput::builder().build())
}

/// A table that remembers that the image was deleted.
fn remembers(log: &Log) -> Rule {
    let log = log.clone();
    mock!(aws_sdk_dynamodb::Client::update_item)
        .match_requests(move |call| {
            let key = call.key().expect("a key");
            let is_memory = key["pk"] == text(&format!("GONE#{OWNER}"));
            if is_memory {
                assert_eq!(key["sk"], text(&format!("DELETED#{IMAGE}")));
                let until = call.expression_attribute_values().expect("values")[":forget"].as_n().expect("a number");
                assert_eq!(*until, (1_769_860_807 + 2_592_000).to_string(), "thirty days");
                log.lock().unwrap().push("remember".into());
            }
            is_memory
        })
        .then_output(|| UpdateItemOutput::builder().build())
}

fn being_developed() -> Value {
    let mut item = record("processing");
    item["began_at"] = json!("2026-01-31T12:00:05Z");
    item
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
    let reply = send_to(&[&begins(&log), &remembers(&log), &finishes(&log)], objects, delete()).await;
    assert_eq!((reply.status, reply.body.as_str()), (204, ""));
    let expected = [
        "begin".to_owned(),
        "remember".into(),
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
    let reply = send_to(&[&begins(&log), &remembers(&log), &finishes(&log)], objects, delete()).await;
    assert_eq!(reply.problem(), (503, "Transient.Storage".into()));
    assert!(!log.lock().unwrap().contains(&"finish".into()));
}

#[tokio::test]
async fn r40_nothing_is_touched_while_an_execution_may_write() {
    let reply = send_to(&[&refuses(Some(being_developed()))], signer(), delete()).await;
    assert_eq!((reply.problem(), reply.header("retry-after")), ((409, "Request.Conflict".into()), Some("2")));
}

#[tokio::test]
async fn r33_r40_only_an_owner_deletes_a_photo_and_only_one_that_is_there() {
    for item in [None, Some(record("awaiting_upload"))] {
        // The second is an expired ticket. Storage is not asked: it has no network here.
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
        .repeatedly();
    let remove = mock!(aws_sdk_s3::Client::delete_objects).then_output(|| DeleteObjectsOutput::builder().build());
    let log = Log::default();
    let objects = mock_client!(aws_sdk_s3, RuleMode::MatchAny, [&list, &remove]);
    assert_eq!(send_to(&[&begins(&log), &remembers(&log), &finishes(&log)], objects, delete()).await.status, 204);
    assert_eq!(remove.num_calls(), 2, "two pages of the original, and nothing where there was nothing");
}

fn delete_some(images: &[String]) -> Call {
    Call::new("POST", "/images/delete").signed_in().json(&json!({ "image_ids": images }))
}

/// A table with these photos, by their status, and no others.
fn begins_where_it_may(photos: Vec<(String, &'static str)>) -> Rule {
    mock!(aws_sdk_dynamodb::Client::update_item).then_compute_response(move |call| {
        let sk = call.key().expect("a key")["sk"].as_s().unwrap();
        match photos.iter().find(|(image, _)| *sk == format!("IMAGE#{image}")) {
            _ if sk.starts_with("DELETED#") => MockResponse::Output(UpdateItemOutput::builder().build()),
            Some((_, "ready")) => MockResponse::Output(UpdateItemOutput::builder().build()),
            found => {
                let item = found.map(|_| attributes(&being_developed()));
                let error = ConditionalCheckFailedException::builder().set_item(item).build();
                MockResponse::Error(UpdateItemError::ConditionalCheckFailedException(error))
            }
        }
    })
}

fn results(reply: &Reply) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let body = reply.json();
    body["items"].as_array().unwrap().iter().map(|item| (text(&item["image_id"]), text(&item["result"]))).collect()
}

#[tokio::test]
async fn r40_of_some_photos_each_goes_by_itself() {
    let log = Log::default();
    let (list, remove) = storage(&log, false);
    let objects = mock_client!(aws_sdk_s3, RuleMode::MatchAny, [&list, &remove]);
    let [one, busy, other] = [1, 2, 3].map(uuid);
    let begin =
        begins_where_it_may(vec![(one.clone(), "ready"), (busy.clone(), "processing"), (other.clone(), "ready")]);
    let finish = finishes(&log);
    let asked = [other.clone(), uuid(9), busy.clone(), one.clone()];
    let reply = send_to(&[&begin, &finish], objects, delete_some(&asked)).await;
    let expected = [(other, "deleted"), (uuid(9), "not_found"), (busy, "processing"), (one, "deleted")];
    assert_eq!(
        (reply.status, results(&reply)),
        (200, expected.map(|(image, result)| (image, result.to_owned())).into())
    );
    assert_eq!((reply.header("retry-after"), finish.num_calls(), remove.num_calls()), (Some("2"), 2, 6));
}

#[tokio::test]
async fn r40_a_photo_that_fails_does_not_keep_the_others_and_the_answer_says_so() {
    let log = Log::default();
    let (list, remove) = storage(&log, true);
    let objects = mock_client!(aws_sdk_s3, RuleMode::MatchAny, [&list, &remove]);
    let images: Vec<_> = (0..50).map(uuid).collect();
    let begin = begins_where_it_may(images.iter().map(|image| (image.clone(), "ready")).collect());
    let reply = send_to(&[&begin, &finishes(&log)], objects, delete_some(&images)).await;
    assert_eq!((reply.problem(), begin.num_calls()), ((503, "Transient.Storage".into()), 100));
    assert!(!log.lock().unwrap().contains(&"finish".into()), "the records stay, so that they can be asked for again");
}

#[tokio::test]
async fn some_photos_that_are_all_gone_need_no_other_try() {
    let reply = send_to(&[&begins_where_it_may(vec![])], signer(), delete_some(&[uuid(1)])).await;
    assert_eq!((reply.status, results(&reply)), (200, vec![(uuid(1), "not_found".to_owned())]));
    assert_eq!(reply.header("retry-after"), None);
}

#[tokio::test]
async fn some_photos_are_one_to_fifty_each_once() {
    let begin = begins_where_it_may(vec![]);
    for images in [vec![], (0..51).map(uuid).collect(), vec![uuid(1), uuid(1)]] {
        assert_eq!(send_to(&[&begin], signer(), delete_some(&images)).await.fields(), ["image_ids"]);
    }
    assert_eq!(send_to(&[&begin], signer(), delete_some(&["x".into()])).await.fields(), ["image_ids[0]"]);
    assert_eq!(begin.num_calls(), 0);
}
