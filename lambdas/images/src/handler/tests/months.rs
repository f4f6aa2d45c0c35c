use super::fixtures::*;
use aws_sdk_dynamodb::operation::query::QueryOutput;
use darkroom_domain::id::ImageId;
use darkroom_mocks::{Rule, mock};
use darkroom_runtime::api::testing::{Call, OWNER};
use serde_json::{Value, json};

fn months() -> Call {
    Call::new("GET", "/images/months").signed_in()
}

/// A photo whose ticket was given at this Unix time, in seconds.
fn photo(second: u128) -> Value {
    json!({ "ready_id": ImageId::from_number(((second * 1000) << 80) | (7 << 76) | (0x8 << 60)) })
}

/// One page of the index, which may not be the last.
fn seen(photos: &[Value], more: bool) -> Rule {
    let photos: Vec<_> = photos.iter().map(attributes).collect();
    mock!(aws_sdk_dynamodb::Client::query)
        .match_requests(|call| {
            let values = call.expression_attribute_values().expect("values");
            call.index_name() == Some("ready")
                && call.projection_expression() == Some("ready_id, album_id")
                && values[":owner"] == text(&format!("USER#{OWNER}"))
        })
        .then_output(move || {
            let last = more.then(|| attributes(&json!({ "sk": format!("IMAGE#{}", uuid(1)) })));
            QueryOutput::builder().set_items(Some(photos.clone())).set_last_evaluated_key(last).build()
        })
}

#[tokio::test]
async fn photos_are_counted_by_the_month_of_their_tickets_the_newest_first() {
    // 1 January 2026, 0:00 UTC, and the second before.
    let new_year = 1_767_225_600;
    let photos = [photo(new_year + 40 * 86_400), photo(new_year + 86_400), photo(new_year), photo(new_year - 1)];
    let reply = send_to(&[&seen(&photos, false)], signer(), months()).await;
    let expected = json!({
        "items": [
            { "month": "2026-02", "count": 1 },
            { "month": "2026-01", "count": 2 },
            { "month": "2025-12", "count": 1 },
        ],
        "complete": true,
    });
    assert_eq!((reply.status, reply.json()), (200, expected));
    let known = months().header("if-none-match", reply.header("etag").unwrap());
    assert_eq!(send_to(&[&seen(&photos, false)], signer(), known).await.status, 304);
}

#[tokio::test]
async fn the_count_is_bounded_and_says_so() {
    let page = seen(&[photo(1_767_225_600)], true);
    let reply = send_to(&[&page], signer(), months()).await;
    assert_eq!((page.num_calls(), &reply.json()["complete"]), (8, &json!(false)));
    let nothing = send_to(&[&seen(&[], false)], signer(), months()).await;
    assert_eq!(nothing.json(), json!({ "items": [], "complete": true }));
}
