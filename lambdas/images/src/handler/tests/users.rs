//! Users who list their profile: their names on public photos, and their pages.

use super::fixtures::*;
use aws_sdk_dynamodb::operation::query::QueryOutput;
use darkroom_mocks::{Rule, mock};
use darkroom_runtime::api::testing::{Call, OWNER};
use serde_json::{Value, json};

const ADA: (&str, &str) = ("a-stranger", "Ada");

fn get(route: &str) -> Call {
    Call::new("GET", route).signed_in().path("user_id", ADA.0)
}

/// A stranger's partition with these items, as the table filters them: ready and public.
fn partition(items: &[Value]) -> Rule {
    let items: Vec<_> = items.iter().map(attributes).collect();
    mock!(aws_sdk_dynamodb::Client::query)
        .match_requests(|call| {
            let values = call.expression_attribute_values().expect("values");
            let filter = call.filter_expression().expect("a filter");
            call.index_name().is_none()
                && call.consistent_read().is_none()
                && values[":scope"] == text("USER#a-stranger")
                && (&values[":public"], &values[":status"]) == (&text("public"), &text("ready"))
                && filter.contains("visibility = :public")
                && filter.contains("#status = :status")
        })
        .then_output(move || QueryOutput::builder().set_items(Some(items.clone())).build())
}

#[tokio::test]
async fn a_user_is_shown_who_lists_their_profile_and_no_other() {
    let shown = send_to(&[&lists(&[ADA])], signer(), get("/users/{user_id}")).await;
    assert_eq!((shown.status, shown.json()), (200, json!({ "user_id": "a-stranger", "display_name": "Ada" })));
    let wrong = Call::new("GET", "/users/{user_id}").signed_in().path("user_id", "a b");
    let photos = get("/users/{user_id}/images");
    for (call, why) in [(get("/users/{user_id}"), "not listed"), (wrong, "no id"), (photos, "not listed")] {
        assert_eq!(send_to(&[], signer(), call).await.problem(), (404, "Request.NotFound".into()), "{why}");
    }
}

#[tokio::test]
async fn their_public_photos_are_theirs_by_name_without_their_business() {
    let rules = [&partition(&[made_at(2, strangers_public()), made_at(1, strangers_public())]), &lists(&[ADA])];
    let reply = send_to(&rules, signer(), get("/users/{user_id}/images").query("limit", &["1"])).await;
    let page = reply.json();
    assert_eq!((reply.status, page["items"].as_array().unwrap().len()), (200, 1));
    let item = &page["items"][0];
    assert_eq!((&item["owner"]["display_name"], &item["image_id"]), (&json!("Ada"), &json!(uuid(2))));
    for business in ["nset", ALBUM, "originals", "sha256"] {
        assert!(!reply.body.contains(business), "{business} in {}", reply.body);
    }
    let cursor = page["next_cursor"].as_str().unwrap();
    let next = get("/users/{user_id}/images").query("cursor", &[cursor]);
    assert_eq!(send_to(&rules, signer(), next).await.status, 200);
    for (call, field) in [
        (Call::new("GET", "/images/public").signed_in().query("cursor", &[cursor]), "cursor"),
        (get("/users/{user_id}/images").query("limit", &["0"]), "limit"),
        (get("/users/{user_id}/images").query("size", &["x"]), "size"),
    ] {
        assert_eq!(send_to(&[], signer(), call).await.fields(), [field], "before the table is asked");
    }
}

#[tokio::test]
async fn a_public_photo_names_its_owner_where_the_profile_is_listed() {
    let (nothing, public) = (holds_nothing(), shows_publicly(&[strangers_public()]));
    let seen = send_to(&[&nothing, &public, &lists(&[ADA])], signer(), call("GET", "/image/{image_id}")).await;
    assert_eq!(seen.json()["owner"], json!({ "user_id": "a-stranger", "display_name": "Ada" }));
    let hidden = send_to(&[&nothing, &public], signer(), call("GET", "/image/{image_id}")).await;
    assert_eq!((hidden.status, hidden.json().get("owner")), (200, None));
    let own = send_to(&[&holds(&ready()), &lists(&[(OWNER, "Me")])], signer(), call("GET", "/image/{image_id}")).await;
    assert_eq!((own.status, own.json().get("owner")), (200, None));
}

#[tokio::test]
async fn a_page_of_public_photos_asks_for_all_owners_at_once() {
    let other = |number: u128, owner: &str| {
        let mut item = made_at(number, strangers_public());
        item["owner_id"] = json!(owner);
        item
    };
    let items = [other(3, "a-stranger"), other(2, "eve"), other(1, "a-stranger")].map(|item| attributes(&item));
    // Each shard has the same photos here; the first one is read.
    let shards = mock!(aws_sdk_dynamodb::Client::query).then_compute_output(move |call| {
        let first = call.expression_attribute_values().expect("values")[":scope"] == text("shard-0");
        QueryOutput::builder().set_items(Some(if first { items.to_vec() } else { Vec::new() })).build()
    });
    let profiles = lists(&[ADA]);
    let reply = send_to(&[&shards, &profiles], signer(), Call::new("GET", "/images/public").signed_in()).await;
    let page = reply.json();
    let names: Vec<_> =
        page["items"].as_array().unwrap().iter().map(|item| item["owner"]["display_name"].as_str()).collect();
    assert_eq!((names, profiles.num_calls()), (vec![Some("Ada"), None, Some("Ada")], 1));
    assert!(!reply.body.contains("eve") && !reply.body.contains("Hidden"), "{}", reply.body);
}
