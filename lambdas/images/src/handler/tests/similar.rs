use super::fixtures::*;
use aws_sdk_dynamodb::operation::query::QueryOutput;
use darkroom_mocks::{Rule, mock};
use darkroom_runtime::api::testing::{Call, OWNER};
use serde_json::{Value, json};

fn similar() -> Call {
    call("GET", "/image/{image_id}/similar")
}

fn hashed(millis: u128, phash: u64) -> Value {
    let mut item = made_at(millis, ready());
    item["facts"]["phash"] = json!(format!("{phash:016x}"));
    item
}

/// The index of ready photos: one query, not consistent, for hashes alone.
fn seen_from_afar(items: &[Value]) -> Rule {
    let glimpse = |item: &Value| {
        attributes(&json!({ "ready_id": item["ready_id"], "facts": { "phash": item["facts"]["phash"] } }))
    };
    let items: Vec<_> = items.iter().map(glimpse).collect();
    mock!(aws_sdk_dynamodb::Client::query)
        .match_requests(|call| {
            let values = call.expression_attribute_values().expect("values");
            call.index_name() == Some("ready")
                && call.key_condition_expression() == Some("pk = :owner AND ready_id BETWEEN :first AND :last")
                && call.projection_expression() == Some("ready_id, facts.phash")
                && call.limit() == Some(1000)
                && call.scan_index_forward() == Some(false)
                && call.consistent_read().is_none()
                && values[":owner"] == text(&format!("USER#{OWNER}"))
        })
        .then_output(move || QueryOutput::builder().set_items(Some(items.clone())).build())
}

const HASH: u64 = 0x0f0f_0f0f_0f0f_0f0f;

#[tokio::test]
async fn the_most_alike_come_first_and_the_unlike_not_at_all() {
    let others = [
        hashed(1, HASH ^ 0b111),
        hashed(2, HASH ^ 0x3ff), // ten bits differ
        hashed(3, HASH ^ 0x7ff), // eleven bits
        hashed(4, HASH),
        hashed(5, !HASH),
        ready(), // the photo itself
    ];
    let (afar, whole) = (seen_from_afar(&others), holds_many(&others));
    let reply = send_to(&[&holds(&ready()), &afar, &whole], signer(), similar()).await;
    let items = reply.json()["items"].clone();
    let found: Vec<_> =
        items.as_array().unwrap().iter().map(|i| (i["distance"].as_u64(), i["image"]["image_id"].clone())).collect();
    assert_eq!(found, [(Some(0), json!(uuid(4))), (Some(3), json!(uuid(1))), (Some(10), json!(uuid(2)))]);
    assert!(items[0]["image"]["variants"]["thumbnail"]["url"].is_string());
    assert_eq!((afar.num_calls(), whole.num_calls()), (1, 1));
}

#[tokio::test]
async fn only_what_is_shown_is_read() {
    let many: Vec<_> = (1..60).map(|n| hashed(n, HASH)).collect();
    let whole = holds_many(&many);
    let reply = send_to(&[&holds(&ready()), &seen_from_afar(&many), &whole], signer(), similar()).await;
    assert_eq!((reply.json()["items"].as_array().unwrap().len(), whole.num_calls()), (20, 1));

    let whole = holds_many(&[]);
    let reply = send_to(&[&holds(&ready()), &seen_from_afar(&[hashed(1, !HASH)]), &whole], signer(), similar()).await;
    assert_eq!((reply.json(), whole.num_calls()), (json!({ "items": [] }), 0), "nothing is alike, nothing is read");
}

#[tokio::test]
async fn what_went_since_the_index_was_written_is_not_shown() {
    let others = [hashed(1, HASH), hashed(2, HASH)];
    let again = made_at(2, record("processing"));
    let whole = holds_many(&[again]);
    let reply = send_to(&[&holds(&ready()), &seen_from_afar(&others), &whole], signer(), similar()).await;
    assert_eq!((reply.status, reply.json()), (200, json!({ "items": [] })));
}

#[tokio::test]
async fn what_has_no_picture_is_like_nothing() {
    for item in [record("processing"), ended("rejected", "Image.Corrupt")] {
        assert_eq!(send(&holds(&item), similar()).await.problem(), (409, "Request.Conflict".into()));
    }
    assert_eq!(send(&holds_nothing(), similar()).await.problem(), (404, "Request.NotFound".into()));
}
