use super::fixtures::*;
use aws_sdk_dynamodb::operation::transact_write_items::{TransactWriteItemsError, TransactWriteItemsOutput};
use aws_sdk_dynamodb::types::CancellationReason;
use aws_sdk_dynamodb::types::error::TransactionCanceledException;
use aws_smithy_mocks::{Rule, mock};
use darkroom_runtime::api::testing::{Call, OWNER};
use serde_json::{Value, json};

fn patch(body: &Value) -> Call {
    call("PATCH", "/image/{image_id}").json(body)
}

/// The table takes a transaction of which the expression of the update is this, with or without an album to exist.
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

/// The table refuses, and says of each part why.
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
        (json!({ "visibility": "public" }), "SET updated_at = :now, visibility = :visibility", false),
        // Private is the absence of the attribute, which is what keeps it out of the index.
        (json!({ "visibility": "private" }), "SET updated_at = :now REMOVE visibility", false),
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
async fn somebody_who_writes_at_the_same_time_can_try_again() {
    let reply = send_to(&[&refuses(&["TransactionConflict"])], signer(), patch(&json!({ "caption": "x" }))).await;
    assert_eq!(reply.problem(), (503, "Transient.Unavailable".into()));
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
    // Serde takes a null where a name is wanted for a fault of the JSON itself, so no field is named.
    let write = refuses(&[]);
    let reply = send_to(&[&write], signer(), patch(&json!({ "visibility": null }))).await;
    assert_eq!((reply.problem(), write.num_calls()), ((400, "Request.Invalid".into()), 0));
}
