//! The deliveries of events in the queue.

use super::*;
use aws_sdk_dynamodb::operation::get_item::GetItemError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_kms::operation::generate_mac::GenerateMacError;

fn event(owner: &str) -> Value {
    json!({
        "version": "0", "id": "1", "account": "111122223333", "region": "eu-central-1", "resources": [],
        "source": "darkroom", "detail-type": "Image Ready", "time": "2026-02-01T11:59:58Z",
        "detail": { "version": 1, "announcement_id": "event-1", "image_id": IMAGE, "owner_id": owner, "sizes": ["small"] },
    })
}

fn message(body: &str, attempt: u32) -> Value {
    json!({
        "messageId": "m1", "receiptHandle": "receipt", "body": body,
        "attributes": { "ApproximateReceiveCount": attempt.to_string() },
    })
}

async fn batch(world: &World, messages: Vec<Value>) -> Vec<String> {
    let event = LambdaEvent::new(json!({ "Records": messages }), Context::default());
    let response: SqsBatchResponse = world.webhooks.deliver_all(event, NOW).await.unwrap();
    response.batch_item_failures.into_iter().map(|failure| failure.item_identifier).collect()
}

/// The messages that come again after this outcome of an attempt at the usual event.
async fn attempt(world: &World, number: u32) -> Vec<String> {
    batch(world, vec![message(&event(OWNER).to_string(), number)]).await
}

#[tokio::test]
async fn an_event_is_signed_posted_and_noted() {
    let (found, noted) = (finds(Some(item(&[]))), notes("SET delivered_at"));
    let world = World::new(&[&found, &noted], Ok(204));
    assert!(attempt(&world, 1).await.is_empty());
    let (url, signed) = world.heard().pop().unwrap();
    assert_eq!((url.as_str(), signed.id.as_str(), signed.timestamp), (URL, "event-1", NOW.unix_timestamp()));
    assert_eq!(signed.signature, signature::signature(&[secret()], "event-1", signed.timestamp, &signed.body));
    // The same fields as consumers of the bus read, and none about our account.
    let sent: Value = serde_json::from_str(&signed.body).unwrap();
    let mut expected = event(OWNER);
    for inside in ["version", "id", "account", "region", "resources"] {
        expected.as_object_mut().unwrap().remove(inside);
    }
    assert_eq!(sent, expected);
    assert_eq!((noted.num_calls(), world.change_visibility.num_calls()), (1, 0));
}

#[tokio::test]
async fn the_same_event_is_the_same_body_each_time() {
    let mut bodies = Vec::new();
    for number in [1, 2] {
        let (found, noted) = (finds(Some(item(&[]))), notes("SET delivered_at"));
        let world = World::new(&[&found, &noted], Ok(200));
        attempt(&world, number).await;
        let (_, signed) = world.heard().pop().unwrap();
        bodies.push((signed.id, signed.body));
    }
    assert_eq!(bodies[0], bodies[1]);
}

#[tokio::test]
async fn without_a_webhook_or_with_a_disabled_one_no_call_is_made() {
    for found in [None, Some(item(&[("disabled_at", "2026-01-31T00:00:00Z"), ("disabled_because", "gone")]))] {
        let world = World::new(&[&finds(found)], Ok(200));
        assert!(attempt(&world, 1).await.is_empty());
        assert!(world.made_no_call() && world.attempt().is_none());
    }
}

#[tokio::test]
async fn what_is_not_taken_comes_again_later() {
    for refusal in [
        Refusal::Status(500),
        Refusal::Status(301),
        Refusal::Status(404),
        Refusal::Timeout,
        Refusal::Tls,
        Refusal::NotPublic,
    ] {
        let (found, noted) = (finds(Some(item(&[]))), notes("SET failure"));
        let world = World::new(&[&found, &noted], Err(refusal));
        assert_eq!(attempt(&world, 1).await, ["m1"], "{refusal:?}");
        assert_eq!((noted.num_calls(), world.change_visibility.num_calls()), (1, 1));
    }
}

#[tokio::test]
async fn after_the_last_attempt_it_is_given_up_without_a_dead_letter() {
    let last = u32::try_from(darkroom_domain::settings::webhook_retry_delays().len()).unwrap() + 1;
    for number in [last, last + 3] {
        let (found, noted) = (finds(Some(item(&[("failing_since", "2026-01-31T00:00:00Z")]))), notes("SET failure"));
        let world = World::new(&[&found, &noted], Err(Refusal::Timeout));
        assert!(attempt(&world, number).await.is_empty());
        assert_eq!((noted.num_calls(), world.change_visibility.num_calls()), (1, 0));
    }
}

#[tokio::test]
async fn one_that_has_taken_nothing_for_days_is_disabled_when_an_event_is_given_up() {
    let last = u32::try_from(darkroom_domain::settings::webhook_retry_delays().len()).unwrap() + 1;
    for (number, since, disabled) in [
        (last, "2026-01-29T12:00:00Z", true),
        (last, "2026-01-29T12:00:01Z", false),
        (1, "2026-01-01T00:00:00Z", false),
    ] {
        let found = finds(Some(item(&[("failing_since", since)])));
        let noted = mock!(Client::update_item)
            .match_requests(move |call| call.update_expression().unwrap().contains("disabled_because") == disabled)
            .then_output(|| UpdateItemOutput::builder().build());
        let world = World::new(&[&found, &noted], Err(Refusal::Timeout));
        attempt(&world, number).await;
        assert_eq!(noted.num_calls(), 1, "{number} {since}");
    }
}

#[tokio::test]
async fn a_receiver_that_says_gone_is_left_alone() {
    let (found, noted) = (finds(Some(item(&[]))), notes("disabled_because = :why"));
    let world = World::new(&[&found, &noted], Err(Refusal::Status(410)));
    assert!(attempt(&world, 1).await.is_empty());
    assert_eq!((noted.num_calls(), world.change_visibility.num_calls()), (1, 0));
}

#[tokio::test]
async fn a_url_that_may_not_be_called_any_more_is_not() {
    let mut inside = item(&[]);
    inside.insert("url".into(), text("http://hooks.internal/"));
    let (found, noted) = (finds(Some(inside)), notes("SET failure"));
    let world = World::new(&[&found, &noted], Ok(200));
    assert_eq!(attempt(&world, 1).await, ["m1"]);
    assert!(world.heard().is_empty());
}

#[tokio::test]
async fn each_attempt_is_remembered_for_operators_without_the_url() {
    let last = u32::try_from(darkroom_domain::settings::webhook_retry_delays().len()).unwrap() + 1;
    let (taken, failed) = ("SET delivered_at", "SET failure");
    for (number, answer, note, expected) in [
        (2, Ok(204), taken, json!({ "result": "delivered", "status": 204 })),
        (1, Err(Refusal::Status(500)), failed, json!({ "result": "refused", "status": 500, "reason": "status" })),
        (last, Err(Refusal::Timeout), failed, json!({ "result": "given_up", "reason": "timeout" })),
        (1, Err(Refusal::Status(410)), failed, json!({ "result": "given_up", "status": 410, "reason": "status" })),
    ] {
        let (found, noted) = (finds(Some(item(&[]))), notes(note));
        let world = World::new(&[&found, &noted], answer);
        attempt(&world, number).await;
        let mut seen = world.attempt().unwrap();
        let again = seen.as_object_mut().unwrap().remove("again_in_s");
        assert_eq!(again.is_some(), expected["result"] == "refused", "{again:?}");
        let mut whole = json!({ "at": "2026-02-01T12:00:00.000Z", "event": "Image Ready", "attempt": number });
        whole.as_object_mut().unwrap().extend(expected.as_object().unwrap().clone());
        assert_eq!(seen, whole);
    }
}

#[tokio::test]
async fn an_attempt_that_we_fail_is_remembered_until_it_is_a_dead_letter() {
    let most = darkroom_domain::settings::webhook_deliveries_at_most();
    for (number, result) in [(1, "failed"), (most, "dead_letter")] {
        let denied = mock!(aws_sdk_kms::Client::generate_mac).then_error(|| GenerateMacError::unhandled("denied"));
        let mut world = World::new(&[&finds(Some(item(&[])))], Ok(204));
        let kms = mock_client!(aws_sdk_kms, RuleMode::MatchAny, [&denied]);
        world.webhooks.key = DerivedKey::new(kms, "arn:key", Purpose::Webhook);
        assert_eq!(attempt(&world, number).await, ["m1"]);
        let seen = world.attempt().unwrap();
        assert_eq!((&seen["result"], &seen["attempt"]), (&json!(result), &json!(number)));
        assert!(seen["reason"].as_str().unwrap().contains('.') && world.heard().is_empty(), "{seen}");
    }
}

#[tokio::test]
async fn a_note_that_is_lost_decides_nothing() {
    for (answer, again) in [(Ok(200), vec![]), (Err(Refusal::Timeout), vec!["m1".to_owned()])] {
        let lost = mock!(Client::update_item).then_error(|| UpdateItemError::unhandled("gone"));
        let world = World::new(&[&finds(Some(item(&[]))), &lost], answer);
        assert_eq!(attempt(&world, 1).await, again);
    }
}

#[tokio::test]
async fn r07_our_own_failure_makes_no_call_and_comes_again() {
    let unread = mock!(Client::get_item).then_error(|| GetItemError::unhandled("gone"));
    let world = World::new(&[&unread], Ok(200));
    assert_eq!(attempt(&world, 1).await, ["m1"]);
    assert!(world.made_no_call());
}

#[tokio::test]
async fn r05_what_is_no_event_fails_itself_alone() {
    let (found, noted) = (finds(Some(item(&[]))), notes("SET delivered_at"));
    let world = World::new(&[&found, &noted], Ok(200));
    let mut bad = Vec::new();
    for (number, body) in ["no json", "{}", &event("a b").to_string(), &event("").to_string()].into_iter().enumerate() {
        let mut message = message(body, 1);
        message["messageId"] = format!("bad-{number}").into();
        bad.push(message);
    }
    bad.push(message(&event(OWNER).to_string(), 1));
    assert_eq!(batch(&world, bad).await, ["bad-0", "bad-1", "bad-2", "bad-3"]);
    assert_eq!(world.heard().len(), 1);
}
