//! New tickets for photos that did not arrive in time.

use super::*;
use aws_sdk_dynamodb::operation::update_item::{UpdateItemError, UpdateItemOutput};
use aws_sdk_dynamodb::types::error::ConditionalCheckFailedException;
use darkroom_runtime::api::testing::ARRIVED;

const IMAGE: &str = "0198c7b2-5a51-7c3e-9f0e-2b1d4c6a8e11";

fn renew() -> Call {
    Call::new("POST", "/upload/{image_id}").path("image_id", IMAGE).signed_in()
}

fn record(sized: bool) -> Item {
    let mut item = Item::from([
        ("pk".into(), text(&format!("USER#{OWNER}"))),
        ("sk".into(), text(&format!("IMAGE#{IMAGE}"))),
        ("image_id".into(), text(IMAGE)),
        ("owner_id".into(), text(OWNER)),
        ("status".into(), text("awaiting_upload")),
        ("filename".into(), text("a.jpg")),
        ("content_type".into(), text("image/jpeg")),
        ("object_key".into(), text(&format!("uploads/{OWNER}/{IMAGE}"))),
        ("created_at".into(), text("2026-01-31T10:00:00Z")),
        ("updated_at".into(), text("2026-01-31T12:00:07.250Z")),
        ("expires_at".into(), number(1_769_947_207)),
    ]);
    if sized {
        item.insert("size_bytes".into(), number(4));
        item.insert("sha256".into(), text(DIGEST.0));
    }
    item
}

type Item = HashMap<String, AttributeValue>;

fn waits(sized: bool) -> Rule {
    mock!(Client::update_item)
        .match_requests(|call| {
            let values = call.expression_attribute_values().expect("values");
            let key = call.key().expect("a key");
            key["pk"] == text(&format!("USER#{OWNER}"))
                && key["sk"] == text(&format!("IMAGE#{IMAGE}"))
                && values[":awaiting"] == text("awaiting_upload")
                && *values[":forget"].as_n().unwrap() == (ARRIVED / 1000 + 2_592_000).to_string()
                && *values[":until"].as_n().unwrap() == (ARRIVED / 1000 + 86_400).to_string()
        })
        .then_output(move || UpdateItemOutput::builder().set_attributes(Some(record(sized))).build())
}

fn refused(status: Option<&'static str>) -> Rule {
    mock!(Client::update_item).then_error(move || {
        let item = status.map(|status| Item::from([("status".into(), text(status))]));
        let refused = ConditionalCheckFailedException::builder().set_item(item).build();
        UpdateItemError::ConditionalCheckFailedException(refused)
    })
}

#[tokio::test]
async fn the_new_ticket_is_for_the_same_upload() {
    let rule = waits(true);
    let reply = send(&[&rule], renew()).await;
    let ticket = reply.json();
    assert_eq!((reply.status, rule.num_calls()), (201, 1));
    assert_eq!(reply.header("location"), Some(format!("image/{IMAGE}").as_str()));
    assert_eq!(ticket["image_id"], IMAGE);
    assert_eq!(ticket["upload"]["expires_at"], "2026-01-31T12:15:07.250Z");
    let headers = &ticket["upload"]["headers"];
    assert_eq!((&headers["content-length"], &headers["x-amz-checksum-sha256"]), (&json!("4"), &json!(DIGEST.1)));
    assert_eq!((&headers["content-type"], &headers["if-none-match"]), (&json!("image/jpeg"), &json!("*")));
}

#[tokio::test]
async fn a_form_is_renewed_as_a_form() {
    let ticket = send(&[&waits(false)], renew()).await.json();
    assert_eq!(ticket["upload"]["method"], "POST");
    assert_eq!(ticket["upload"]["fields"]["key"], format!("uploads/{OWNER}/{IMAGE}"));
}

#[tokio::test]
async fn what_has_arrived_needs_no_ticket() {
    for status in ["processing", "ready", "rejected", "failed"] {
        let reply = send(&[&refused(Some(status))], renew()).await;
        assert_eq!(reply.problem(), (409, "Request.Conflict".into()), "{status}");
    }
}

#[tokio::test]
async fn r33_what_is_not_there_or_not_yours_gets_none() {
    for status in [None, Some("deleting"), Some("awaiting_upload")] {
        let reply = send(&[&refused(status)], renew()).await;
        assert_eq!(reply.problem(), (404, "Request.NotFound".into()), "{status:?}");
    }
    let call = Call::new("POST", "/upload/{image_id}").path("image_id", "x").signed_in();
    assert_eq!(send(&[], call).await.problem(), (404, "Request.NotFound".into()));
}
