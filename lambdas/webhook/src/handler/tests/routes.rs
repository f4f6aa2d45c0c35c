//! The routes of a webhook's owner.

use super::*;
use aws_sdk_dynamodb::operation::delete_item::DeleteItemOutput;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::error::ConditionalCheckFailedException;

fn put(body: &Value) -> Call {
    Call::new("PUT", "/me/webhook").signed_in().json(body)
}

fn deletes(there: bool) -> Rule {
    mock!(Client::delete_item)
        .match_requests(|call| call.key().expect("a key")["sk"] == text("WEBHOOK"))
        .then_output(move || DeleteItemOutput::builder().set_attributes(there.then(|| item(&[]))).build())
}

#[tokio::test]
async fn it_is_set_and_its_secret_told() {
    let set = notes("secret_made = if_not_exists(secret_made, :made) REMOVE");
    let world = World::new(&[&set], Ok(200));
    let reply = world.send(put(&json!({ "url": URL }))).await;
    let expected = json!({
        "url": URL,
        "state": "active",
        "created_at": "2026-01-01T00:00:00Z",
        "updated_at": "2026-01-02T00:00:00Z",
        "secret": secret().encoded(),
    });
    assert_eq!((reply.status, reply.json()), (200, expected));
    assert_eq!(reply.header("cache-control"), Some("no-store"));
    assert!(world.heard().is_empty(), "no call before there is an event");
}

#[tokio::test]
async fn another_secret_is_made_when_asked_for() {
    let rotated = notes("SET secret_before = secret_made");
    let world = World::new(&[&rotated], Ok(200));
    let reply = world.send(Call::new("POST", "/me/webhook/secret").signed_in()).await;
    assert_eq!((reply.status, &reply.json()["secret"]), (200, &json!(secret().encoded())));
    assert_eq!(rotated.num_calls(), 1);

    let none = mock!(Client::update_item).then_error(|| {
        UpdateItemError::ConditionalCheckFailedException(ConditionalCheckFailedException::builder().build())
    });
    let world = World::new(&[&none], Ok(200));
    let reply = world.send(Call::new("POST", "/me/webhook/secret").signed_in()).await;
    assert_eq!(reply.problem(), (404, "Request.NotFound".into()));
}

#[tokio::test]
async fn it_is_shown_without_its_secret_and_with_its_health() {
    let world = World::new(&[&finds(Some(item(&[])))], Ok(200));
    let shown = world.send(Call::new("GET", "/me/webhook").signed_in()).await.json();
    assert_eq!((&shown["url"], &shown["state"], shown.get("secret")), (&json!(URL), &json!("active"), None));
    assert_eq!(world.kms.num_calls(), 0);

    let failure = HashMap::from([
        ("at".to_owned(), text("2026-01-31T00:00:00Z")),
        ("reason".to_owned(), text("status")),
        ("status".to_owned(), AttributeValue::N("500".into())),
    ]);
    let mut failing = item(&[("failing_since", "2026-01-30T00:00:00Z"), ("delivered_at", "2026-01-29T00:00:00Z")]);
    failing.insert("failure".into(), AttributeValue::M(failure));
    let mut disabled = failing.clone();
    disabled.insert("disabled_at".into(), text("2026-02-01T00:00:00Z"));
    disabled.insert("disabled_because".into(), text("failing"));
    for (item, state) in [(failing, "failing"), (disabled, "disabled")] {
        let world = World::new(&[&finds(Some(item))], Ok(200));
        let shown = world.send(Call::new("GET", "/me/webhook").signed_in()).await.json();
        assert_eq!(shown["state"], state);
        assert_eq!(shown["failure"], json!({ "at": "2026-01-31T00:00:00Z", "reason": "status", "status": 500 }));
        assert_eq!(
            (&shown["failing_since"], &shown["delivered_at"]),
            (&json!("2026-01-30T00:00:00Z"), &json!("2026-01-29T00:00:00Z"))
        );
        assert_eq!(shown.get("disabled_because").is_some(), state == "disabled");
    }
}

#[tokio::test]
async fn it_is_deleted_once() {
    for (there, status) in [(true, 204), (false, 404)] {
        let world = World::new(&[&deletes(there)], Ok(200));
        assert_eq!(world.send(Call::new("DELETE", "/me/webhook").signed_in()).await.status, status);
    }
}

#[tokio::test]
async fn it_is_tried_out_at_once_and_nothing_is_noted() {
    for (answer, told) in [
        (Ok(204), json!({ "delivered": true, "status": 204 })),
        (Err(Refusal::Status(302)), json!({ "delivered": false, "reason": "status", "status": 302 })),
        (Err(Refusal::NotPublic), json!({ "delivered": false, "reason": "not_public" })),
    ] {
        let found = finds(Some(item(&[("disabled_at", "2026-01-31T00:00:00Z")])));
        let world = World::new(&[&found], answer);
        let reply = world.send(Call::new("POST", "/me/webhook/test").signed_in()).await;
        assert_eq!((reply.status, reply.json()), (200, told));
        let (url, signed) = world.heard().pop().unwrap();
        let sent: Value = serde_json::from_str(&signed.body).unwrap();
        assert_eq!((url.as_str(), signed.id.as_str()), (URL, "test-request-1"));
        assert_eq!((&sent["detail-type"], &sent["detail"]["owner_id"]), (&json!("Webhook Test"), &json!(OWNER)));
    }
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    for (method, route) in [("GET", "/me/webhook"), ("POST", "/me/webhook/test")] {
        let world = World::new(&[&finds(None)], Ok(200));
        assert_eq!(world.send(Call::new(method, route).signed_in()).await.problem(), (404, "Request.NotFound".into()));
        assert!(world.made_no_call());
    }
    let world = World::new(&[], Ok(200));
    for (method, route) in [("POST", "/me/webhook"), ("GET", "/me/webhook/test"), ("GET", "/me")] {
        assert_eq!(world.send(Call::new(method, route).signed_in()).await.problem().0, 404);
    }
}

#[tokio::test]
async fn r36_what_is_no_webhook_changes_nothing() {
    for (body, field) in [
        (json!({}), "url"),
        (json!({ "url": null }), "url"),
        (json!({ "url": "http://hooks.example.com/" }), "url"),
        (json!({ "url": "https://127.0.0.1:9001/2018-06-01/runtime/invocation/next" }), "url"),
        (json!({ "url": "https://169.254.169.254/latest/meta-data/" }), "url"),
        (json!({ "url": "https://ada:s3cret@hooks.example.com/" }), "url"),
        (json!({ "url": 1 }), "url"),
        (json!({ "url": URL, "secret": "whsec_mine" }), "secret"),
    ] {
        let world = World::new(&[], Ok(200));
        let reply = world.send(put(&body)).await;
        assert_eq!((reply.problem().0, reply.fields()), (400, vec![field.to_owned()]), "{body}");
        assert!(!reply.body.contains("s3cret") && world.made_no_call());
    }
}

#[tokio::test]
async fn r33_every_route_needs_a_sign_in() {
    let world = World::new(&[], Ok(200));
    for (method, route) in [
        ("GET", "/me/webhook"),
        ("PUT", "/me/webhook"),
        ("DELETE", "/me/webhook"),
        ("POST", "/me/webhook/secret"),
        ("POST", "/me/webhook/test"),
    ] {
        for claims in [json!({}), json!({ "sub": OWNER, "token_use": "access", "client_id": CLIENT_ID })] {
            let reply = world.send(Call::new(method, route).json(&json!({ "url": URL })).claims(&claims)).await;
            assert_eq!(reply.problem(), (401, "Auth.Unauthorized".into()), "{method} {route}");
        }
    }
    assert!(world.made_no_call());
}
