//! The user's profile, and the rest of the day's quota.

use super::*;
use aws_sdk_dynamodb::operation::get_item::GetItemOutput;
use aws_sdk_dynamodb::operation::query::QueryOutput;
use aws_sdk_dynamodb::operation::update_item::UpdateItemOutput;
use darkroom_domain::settings::LIMITS;

fn get(sk: &'static str, item: Vec<(&'static str, AttributeValue)>) -> Rule {
    mock!(Client::get_item)
        .match_requests(move |call| {
            let key = call.key().expect("a key");
            key["pk"] == text(&format!("USER#{OWNER}")) && key["sk"] == text(sk)
        })
        .then_output(move || {
            let item: HashMap<_, _> = item.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
            GetItemOutput::builder().set_item((!item.is_empty()).then_some(item)).build()
        })
}

/// One page of the index `ready`: the bytes of each photo, and whether there are further pages.
fn stores(photos: &'static [u64], more: bool) -> Rule {
    mock!(Client::query)
        .match_requests(|call| {
            let values = call.expression_attribute_values().expect("values");
            call.index_name() == Some("ready")
                && call.projection_expression() == Some("ready_id, facts.stored_bytes")
                && values[":owner"] == text(&format!("USER#{OWNER}"))
        })
        .then_output(move || {
            let photo = |bytes: &u64| {
                let facts = AttributeValue::M(HashMap::from([("stored_bytes".into(), number(*bytes))]));
                HashMap::from([("ready_id".into(), text(ALBUM)), ("facts".into(), facts)])
            };
            let last = more.then(|| HashMap::from([("sk".into(), text(&format!("IMAGE#{ALBUM}")))]));
            QueryOutput::builder()
                .set_items(Some(photos.iter().map(photo).collect()))
                .set_last_evaluated_key(last)
                .build()
        })
}

#[tokio::test]
async fn a_newcomer_has_used_nothing_and_has_no_name() {
    let (profile, usage) = (get("PROFILE", vec![]), get("USAGE#2026-01-31", vec![]));
    let reply = send(&[&profile, &usage, &stores(&[], false)], Call::new("GET", "/me").signed_in()).await;
    let expected = json!({
        "user_id": OWNER,
        "listed": false,
        "roles": [],
        "usage": { "images": 0, "bytes": 0, "resets_at": "2026-02-01T00:00:00.000Z" },
        "stored": { "images": 0, "bytes": 0, "complete": true },
        "limits": {
            "images_per_day": LIMITS.images_per_day,
            "bytes_per_day": LIMITS.bytes_per_day,
            "file": {
                "max_bytes": LIMITS.max_bytes,
                "max_side": LIMITS.max_side,
                "max_pixels": LIMITS.max_pixels,
                "max_frames": LIMITS.max_frames,
                "content_types": LIMITS.content_types,
            },
        },
    });
    assert_eq!((reply.status, reply.json()), (200, expected));
}

#[tokio::test]
async fn name_and_count_are_shown() {
    let profile = get("PROFILE", vec![("display_name", text("Ada")), ("listed", AttributeValue::Bool(true))]);
    let usage = get("USAGE#2026-01-31", vec![("images", number(3)), ("bytes", number(1234))]);
    let stored = stores(&[7, 4_000_000_000], false);
    let me = send(&[&profile, &usage, &stored], Call::new("GET", "/me").signed_in()).await.json();
    assert_eq!(me["stored"], json!({ "images": 2, "bytes": 4_000_000_007_u64, "complete": true }));
    assert_eq!((&me["display_name"], &me["listed"]), (&json!("Ada"), &json!(true)));
    assert_eq!(me["usage"]["images"], 3);
    assert_eq!(me["usage"]["bytes"], 1234);
}

#[tokio::test]
async fn roles_are_the_groups_that_the_gateway_found_in_the_token() {
    for (groups, roles) in [
        ("operators", json!(["operators"])),
        ("reviewers,operators", json!(["operators", "reviewers"])),
        ("[operators reviewers]", json!(["operators", "reviewers"])),
        ("", json!([])),
    ] {
        let claims = json!({ "sub": OWNER, "token_use": "id", "aud": CLIENT_ID, "cognito:groups": groups });
        let (profile, usage) = (get("PROFILE", vec![]), get("USAGE#2026-01-31", vec![]));
        let me = send(&[&profile, &usage, &stores(&[], false)], Call::new("GET", "/me").claims(&claims)).await.json();
        assert_eq!(me["roles"], roles, "{groups}");
    }
}

#[tokio::test]
async fn a_name_is_changed_and_nothing_else() {
    let change = mock!(Client::update_item)
        .match_requests(|call| {
            let (key, values) = (call.key().expect("a key"), call.expression_attribute_values().expect("values"));
            key["pk"] == text(&format!("USER#{OWNER}"))
                && key["sk"] == text("PROFILE")
                && call.update_expression() == Some("SET display_name = :name, updated_at = :now")
                && values[":name"] == text("Ada L.")
        })
        .then_output(|| UpdateItemOutput::builder().attributes("display_name", text("Ada L.")).build());
    let call = Call::new("PUT", "/me").signed_in().json(&json!({ "display_name": "Ada L." }));
    let reply = send(&[&change, &get("USAGE#2026-01-31", vec![]), &stores(&[], false)], call).await;
    assert_eq!((reply.status, &reply.json()["display_name"]), (200, &json!("Ada L.")));
    assert_eq!(change.num_calls(), 1);
}

#[tokio::test]
async fn a_profile_is_listed_when_its_owner_says_so() {
    for listed in [true, false] {
        let change = mock!(Client::update_item)
            .match_requests(move |call| {
                let values = call.expression_attribute_values().expect("values");
                call.update_expression() == Some("SET display_name = :name, updated_at = :now, listed = :listed")
                    && values[":listed"] == AttributeValue::Bool(listed)
            })
            .then_output(move || {
                let now = UpdateItemOutput::builder().attributes("display_name", text("Ada"));
                now.attributes("listed", AttributeValue::Bool(listed)).build()
            });
        let call = Call::new("PUT", "/me").signed_in().json(&json!({ "display_name": "Ada", "listed": listed }));
        let reply = send(&[&change, &get("USAGE#2026-01-31", vec![]), &stores(&[], false)], call).await;
        assert_eq!((reply.status, &reply.json()["listed"]), (200, &json!(listed)));
    }
}

#[tokio::test]
async fn what_is_stored_is_counted_within_bounds_and_photos_of_earlier_releases_without_bytes() {
    let old = mock!(Client::query)
        .then_output(|| QueryOutput::builder().items(HashMap::from([("ready_id".into(), text(ALBUM))])).build());
    let (profile, usage) = (get("PROFILE", vec![]), get("USAGE#2026-01-31", vec![]));
    let me = send(&[&profile, &usage, &old], Call::new("GET", "/me").signed_in()).await.json();
    assert_eq!(me["stored"], json!({ "images": 1, "bytes": 0, "complete": true }));
    let pages = (0..8).map(|_| stores(&[5], true));
    let rules: Vec<_> = [get("PROFILE", vec![]), get("USAGE#2026-01-31", vec![])].into_iter().chain(pages).collect();
    let rules: Vec<_> = rules.iter().collect();
    let me = send(&rules, Call::new("GET", "/me").signed_in()).await.json();
    assert_eq!(me["stored"], json!({ "images": 8, "bytes": 40, "complete": false }));
}

#[tokio::test]
async fn r36_what_is_no_name_changes_nothing() {
    for (body, field) in [
        (json!({}), "display_name"),
        (json!({ "display_name": " " }), "display_name"),
        (json!({ "display_name": null }), "display_name"),
        (json!({ "display_name": "Ada", "user_id": "x" }), "user_id"),
        (json!({ "listed": true }), "display_name"),
        (json!({ "display_name": "Ada", "listed": "yes" }), "listed"),
    ] {
        let reply = send(&[], Call::new("PUT", "/me").signed_in().json(&body)).await;
        assert_eq!((reply.problem().0, reply.fields()), (400, vec![field.into()]), "{body}");
    }
}
