use super::fixtures::*;
use aws_sdk_dynamodb::operation::transact_write_items::{TransactWriteItemsError, TransactWriteItemsOutput};
use aws_sdk_dynamodb::types::CancellationReason;
use aws_sdk_dynamodb::types::error::TransactionCanceledException;
use darkroom_mocks::{Rule, mock};
use darkroom_runtime::api::testing::{Call, OWNER};
use serde_json::{Value, json};

fn patch(body: &Value) -> Call {
    call("PATCH", "/image/{image_id}").json(body)
}

/// A table that takes a transaction with this update expression, with or without a check that an album exists.
fn takes(update: &'static str, album: bool) -> Rule {
    mock!(aws_sdk_dynamodb::Client::transact_write_items)
        .match_requests(move |call| {
            let items = call.transact_items();
            let written = items[0].update().expect("an update");
            assert_eq!(written.update_expression(), update);
            assert_eq!(written.key()["pk"], text(&format!("USER#{OWNER}")));
            assert_eq!(written.key()["sk"], text(&format!("IMAGE#{IMAGE}")));
            let condition = written.condition_expression().expect("a condition");
            assert!(condition.contains("attribute_exists(pk)") && condition.contains("#status <> :deleting"));
            if album {
                let check = items[1].condition_check().expect("a check");
                assert_eq!(check.key()["pk"], text(&format!("USER#{OWNER}")));
                assert_eq!(check.key()["sk"], text(&format!("ALBUM#{ALBUM}")));
            }
            items.len() == if album { 2 } else { 1 }
        })
        .then_output(|| TransactWriteItemsOutput::builder().build())
}

/// A table that refuses, with a reason for each part.
fn refuses(codes: &'static [&'static str]) -> Rule {
    mock!(aws_sdk_dynamodb::Client::transact_write_items).then_error(move || {
        let reasons = codes.iter().map(|code| CancellationReason::builder().code(*code).build()).collect();
        let error = TransactionCanceledException::builder().set_cancellation_reasons(Some(reasons)).build();
        TransactWriteItemsError::TransactionCanceledException(error)
    })
}

#[tokio::test]
async fn what_is_given_changes_and_what_is_null_goes() {
    for (body, update, album) in [
        (json!({ "caption": "Sunset" }), "SET updated_at = :now, caption = :caption", false),
        (json!({ "caption": null }), "SET updated_at = :now REMOVE caption", false),
        (
            json!({ "visibility": "public" }),
            "SET updated_at = :now, visibility = :visibility, public_shard = :public_shard",
            false,
        ),
        // A private photo lacks the index's attributes, so it is not in the index.
        (json!({ "visibility": "private" }), "SET updated_at = :now REMOVE visibility, public_shard", false),
        (json!({ "focus": { "x": 0.3, "y": 1 } }), "SET updated_at = :now, focus = :focus", false),
        (json!({ "focus": null }), "SET updated_at = :now REMOVE focus", false),
        (json!({ "album_id": ALBUM }), "SET updated_at = :now, album_id = :album_id", true),
        (
            json!({ "album_id": null, "caption": "x" }),
            "SET updated_at = :now, caption = :caption REMOVE album_id",
            false,
        ),
    ] {
        let (write, read) = (takes(update, album), holds(&ready()));
        let reply = send_to(&[&write, &read], signer(), patch(&body)).await;
        assert_eq!((reply.status, reply.json()["status"].as_str()), (200, Some("ready")), "{body}");
        assert_eq!((write.num_calls(), read.num_calls()), (1, 1));
    }
}

fn patch_some(body: &Value) -> Call {
    Call::new("PATCH", "/images").signed_in().json(body)
}

#[tokio::test]
async fn some_photos_are_changed_at_once_and_shown_as_they_are_then() {
    let (one, other) = (made_at(1, ready()), made_at(2, ready()));
    let write = mock!(aws_sdk_dynamodb::Client::transact_write_items)
        .match_requests(|call| {
            let items = call.transact_items();
            let keys: Vec<_> =
                items.iter().filter_map(|item| item.update()).map(|update| update.key()["sk"].clone()).collect();
            items.len() == 3
                && keys == [2, 1].map(|n| text(&format!("IMAGE#{}", uuid(n))))
                && items[2].condition_check().is_some_and(|check| check.key()["sk"] == text(&format!("ALBUM#{ALBUM}")))
        })
        .then_output(|| TransactWriteItemsOutput::builder().build());
    let body = json!({ "image_ids": [uuid(2), uuid(1)], "album_id": ALBUM, "visibility": "public", "caption": "Lake" });
    let reply = send_to(&[&write, &holds_many(&[one, other])], signer(), patch_some(&body)).await;
    let shown = reply.json();
    let ids: Vec<_> = shown["items"].as_array().unwrap().iter().map(|item| &item["image_id"]).collect();
    assert_eq!((reply.status, ids, write.num_calls()), (200, vec![&json!(uuid(2)), &json!(uuid(1))], 1));
    assert_eq!(shown["items"][0]["variants"].as_object().unwrap().len(), 1, "the thumbnail");
}

#[tokio::test]
async fn r33_of_some_photos_all_are_ones_own_or_none_is_changed() {
    let body = json!({ "image_ids": [uuid(1), uuid(2)], "album_id": ALBUM });
    for (codes, field) in [
        (&["None", "ConditionalCheckFailed", "None"][..], "image_ids[1]"),
        (&["None", "None", "ConditionalCheckFailed"], "album_id"),
    ] {
        let reply = send_to(&[&refuses(codes)], signer(), patch_some(&body)).await;
        assert_eq!((reply.problem(), reply.fields()), ((400, "Request.Invalid".into()), vec![field.to_owned()]));
    }
}

#[tokio::test]
async fn some_photos_must_be_named_and_something_changed() {
    let many: Vec<_> = (0..51).map(uuid).collect();
    let write = refuses(&[]);
    for (body, fields) in [
        (json!({ "caption": "x" }), &["image_ids"][..]),
        (json!({ "image_ids": [uuid(1)] }), &["caption"]),
        (json!({ "image_ids": [], "caption": "" }), &["image_ids", "caption"]),
        (json!({ "image_ids": many, "caption": "x" }), &["image_ids"]),
        (json!({ "image_ids": [uuid(1), uuid(1)], "caption": "x" }), &["image_ids"]),
        (json!({ "image_ids": ["x"], "caption": "x" }), &["image_ids[0]"]),
        (json!({ "image_ids": [uuid(1)], "status": "ready" }), &["status"]),
    ] {
        let reply = send_to(&[&write], signer(), patch_some(&body)).await;
        assert_eq!(
            (reply.problem().0, reply.fields()),
            (400, fields.iter().map(|f| (*f).to_owned()).collect()),
            "{body}"
        );
    }
    assert_eq!(write.num_calls(), 0);
}

#[tokio::test]
async fn the_focal_point_is_kept_to_the_thousandth_and_shown_to_the_owner() {
    let write = mock!(aws_sdk_dynamodb::Client::transact_write_items)
        .match_requests(|call| {
            let update = call.transact_items()[0].update().expect("an update");
            let point = update.expression_attribute_values().expect("values")[":focus"].as_m().expect("a point");
            point["x"].as_n().is_ok_and(|x| x == "0.333") && point["y"].as_n().is_ok_and(|y| y == "1")
        })
        .then_output(|| TransactWriteItemsOutput::builder().build());
    let mut focused = ready();
    focused["focus"] = json!({ "x": 0.333, "y": 1 });
    let body = json!({ "focus": { "x": 0.333_333, "y": 1 } });
    let reply = send_to(&[&write, &holds(&focused)], signer(), patch(&body)).await;
    assert_eq!((reply.status, &reply.json()["focus"]), (200, &json!({ "x": 0.333, "y": 1.0 })));
    let some = json!({ "image_ids": [uuid(1)], "focus": null });
    assert_eq!(send_to(&[&refuses(&[])], signer(), patch_some(&some)).await.fields(), ["focus"]);
}

#[tokio::test]
async fn r33_what_is_not_theirs_is_not_there() {
    for codes in [
        &["ConditionalCheckFailed"][..],
        &["ConditionalCheckFailed", "None"],
        &["ConditionalCheckFailed", "ConditionalCheckFailed"],
    ] {
        let reply = send_to(&[&refuses(codes)], signer(), patch(&json!({ "album_id": ALBUM }))).await;
        assert_eq!(reply.problem(), (404, "Request.NotFound".into()));
    }
}

#[tokio::test]
async fn r33_an_album_must_be_ones_own() {
    let refusal = refuses(&["None", "ConditionalCheckFailed"]);
    let reply = send_to(&[&refusal], signer(), patch(&json!({ "album_id": ALBUM }))).await;
    assert_eq!((reply.problem(), reply.fields()), ((400, "Request.Invalid".into()), vec!["album_id".to_owned()]));
}

#[tokio::test]
async fn a_change_that_met_another_one_can_be_sent_again() {
    for code in [&["TransactionConflict"], &["ThrottlingError"], &["ProvisionedThroughputExceeded"]] {
        let reply = send_to(&[&refuses(code)], signer(), patch(&json!({ "caption": "x" }))).await;
        assert_eq!(reply.problem(), (503, "Transient.Unavailable".into()), "{code:?}");
    }
}

#[tokio::test]
async fn what_is_not_as_described_is_refused_before_the_table_is_asked() {
    let long = "ü".repeat(501);
    for (body, field) in [
        (json!({}), "caption"),
        (json!({ "caption": "" }), "caption"),
        (json!({ "caption": long }), "caption"),
        (json!({ "caption": "\u{202e}" }), "caption"),
        (json!({ "caption": 5 }), "caption"),
        (json!({ "visibility": "link" }), "visibility"),
        (json!({ "album_id": "x" }), "album_id"),
        (json!({ "focus": { "x": 1.01, "y": 0 } }), "focus"),
        (json!({ "focus": { "x": 0, "y": -0.01 } }), "focus"),
        (json!({ "focus": { "x": "0", "y": 0 } }), "focus.x"),
        (json!({ "owner_id": OWNER }), "owner_id"),
        (json!({ "status": "ready" }), "status"),
    ] {
        let write = refuses(&[]);
        let reply = send_to(&[&write], signer(), patch(&body)).await;
        assert_eq!(
            (reply.problem(), reply.fields()),
            ((400, "Request.Invalid".into()), vec![field.to_owned()]),
            "{body}"
        );
        assert_eq!(write.num_calls(), 0);
    }
    // Serde reports a null in place of a name as a fault of the JSON itself, so the problem names no field.
    let write = refuses(&[]);
    let reply = send_to(&[&write], signer(), patch(&json!({ "visibility": null }))).await;
    assert_eq!((reply.problem(), write.num_calls()), ((400, "Request.Invalid".into()), 0));
}
