use super::fixtures::*;
use aws_sdk_dynamodb::operation::query::QueryOutput;
use aws_smithy_mocks::{Rule, mock};
use darkroom_runtime::api::testing::Call;
use serde_json::{Value, json};

fn similar() -> Call {
    call("GET", "/image/{image_id}/similar")
}

fn hashed(millis: u128, phash: u64) -> Value {
    let mut item = made_at(millis, ready());
    item["facts"]["phash"] = json!(format!("{phash:016x}"));
    item
}

/// One page of the owner's images; there may be more.
fn lists(items: &[Value], more: bool) -> Rule {
    let items: Vec<_> = items.iter().map(attributes).collect();
    mock!(aws_sdk_dynamodb::Client::query).match_requests(|call| call.index_name().is_none()).then_output(move || {
        let last = items.last().filter(|_| more).cloned();
        QueryOutput::builder().set_items(Some(items.clone())).set_last_evaluated_key(last).build()
    })
}

const HASH: u64 = 0x0f0f_0f0f_0f0f_0f0f;

#[tokio::test]
async fn the_most_alike_come_first_and_the_unlike_not_at_all() {
    let others = [
        hashed(1, HASH ^ 0b111),
        hashed(2, HASH ^ 0x3ff), // ten bits
        hashed(3, HASH ^ 0x7ff), // eleven
        hashed(4, HASH),
        hashed(5, !HASH),
        ready(), // itself
    ];
    let reply = send_to(&[&holds(&ready()), &lists(&others, false)], signer(), similar()).await;
    let items = reply.json()["items"].clone();
    let found: Vec<_> =
        items.as_array().unwrap().iter().map(|i| (i["distance"].as_u64(), i["image"]["image_id"].clone())).collect();
    assert_eq!(found, [(Some(0), json!(uuid(4))), (Some(3), json!(uuid(1))), (Some(10), json!(uuid(2)))]);
    assert!(items[0]["image"]["variants"]["thumbnail"]["url"].is_string());
}

#[tokio::test]
async fn the_search_is_bounded() {
    let page = lists(&[hashed(9, HASH)], true);
    let reply = send_to(&[&holds(&ready()), &page], signer(), similar()).await;
    assert_eq!((reply.status, page.num_calls()), (200, 4));
    let many: Vec<_> = (1..60).map(|n| hashed(n, HASH)).collect();
    let reply = send_to(&[&holds(&ready()), &lists(&many, false)], signer(), similar()).await;
    assert_eq!(reply.json()["items"].as_array().unwrap().len(), 20);
}

#[tokio::test]
async fn what_has_no_picture_is_like_nothing() {
    for item in [record("processing"), ended("rejected", "Image.Corrupt")] {
        assert_eq!(send(&holds(&item), similar()).await.problem(), (409, "Request.Conflict".into()));
    }
    assert_eq!(send(&holds_nothing(), similar()).await.problem(), (404, "Request.NotFound".into()));
}
