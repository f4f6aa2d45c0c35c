//! A client that asks again, two clients at once, and a used-up quota.

use super::*;
use darkroom_domain::settings::LIMITS;
use darkroom_runtime::api::testing::ARRIVED;
use std::sync::{Arc, Mutex};

type Item = HashMap<String, AttributeValue>;

/// A table that takes the writes, and shows the record of the client's idempotency key.
fn remembers() -> (Rule, Arc<Mutex<Option<Item>>>) {
    let seen = Arc::new(Mutex::new(None));
    let kept = Arc::clone(&seen);
    let rule = takes(move |writes| {
        *kept.lock().unwrap() = put(writes, "IDEMPOTENCY#").cloned();
        true
    });
    (rule, seen)
}

/// A table that has the key in this item.
fn knows(item: Item) -> Rule {
    let known = CancellationReason::builder().code("ConditionalCheckFailed").set_item(Some(item)).build();
    refuses(vec![known, reason("None"), reason("None")])
}

fn keyed(body: &Value, key: &str) -> Call {
    post(body).header("Idempotency-Key", key)
}

#[tokio::test]
async fn r38_the_same_key_and_body_give_the_same_ticket_byte_for_byte() {
    let (rule, seen) = remembers();
    let first = send(&[&rule], keyed(&wanted(), "key-1")).await;
    let item = seen.lock().unwrap().take().expect("an idempotency record");
    assert_eq!(item["pk"], text(&format!("USER#{OWNER}")));
    assert_eq!(*item["expires_at"].as_n().unwrap(), (ARRIVED / 1000 + 86_400).to_string());
    assert!(!format!("{item:?}").contains("key-1") && !format!("{item:?}").contains("X-Amz"), "{item:?}");

    // Ten minutes later, with the same meaning in other words.
    let spaced = format!("  {:#}", wanted());
    let later = keyed(&wanted(), "key-1").body("application/json", &spaced);
    let later = later.event(|event| event["requestContext"]["requestTimeEpoch"] = json!(ARRIVED + 600_000));
    let again = send(&[&knows(item)], later).await;
    assert_eq!((again.status, &again.body), (201, &first.body));
    assert_eq!(again.header("location"), first.header("location"));
}

#[tokio::test]
async fn r38_another_body_under_the_same_key_is_refused() {
    let (rule, seen) = remembers();
    send(&[&rule], keyed(&wanted(), "key-1")).await;
    let item = seen.lock().unwrap().take().expect("an idempotency record");
    for other in [with("size_bytes", json!(5)), with("filename", json!("b.jpg")), with("visibility", json!("public"))] {
        let reply = send(&[&knows(item.clone())], keyed(&other, "key-1")).await;
        assert_eq!(reply.problem(), (422, "Request.IdempotencyMismatch".into()), "{other}");
    }
    let batch = Call::new("POST", "/uploads").signed_in().json(&json!({ "uploads": [wanted()] }));
    let reply = send(&[&knows(item)], batch.header("Idempotency-Key", "key-1")).await;
    assert_eq!(reply.problem(), (422, "Request.IdempotencyMismatch".into()));
}

#[tokio::test]
async fn r38_a_second_try_counts_even_when_the_day_is_full_by_now() {
    let (rule, seen) = remembers();
    let first = send(&[&rule], keyed(&wanted(), "key-1")).await;
    let item = seen.lock().unwrap().take().expect("an idempotency record");
    let known = CancellationReason::builder().code("ConditionalCheckFailed").set_item(Some(item)).build();
    let full = unmet(vec![("images", number(LIMITS.images_per_day)), ("bytes", number(1))]);
    let reply = send(&[&refuses(vec![known, full, reason("None")])], keyed(&wanted(), "key-1")).await;
    assert_eq!((reply.status, reply.body), (201, first.body));
}

#[tokio::test]
async fn r38_a_key_that_is_none_is_refused() {
    for key in ["", "schlüssel", &"x".repeat(256)] {
        let call = post(&wanted()).event(|event| event["headers"]["Idempotency-Key"] = key.into());
        let reply = send(&[], call).await;
        assert_eq!((reply.problem().0, reply.fields()), (400, vec!["Idempotency-Key".into()]), "{key}");
    }
}

#[tokio::test]
async fn the_day_is_counted_with_the_ticket_or_not_at_all() {
    let rule = takes(|writes| {
        let count = writes.iter().find_map(TransactWriteItem::update).expect("a count");
        let values = count.expression_attribute_values().expect("values");
        count.key()["pk"] == text(&format!("USER#{OWNER}"))
            && count.key()["sk"] == text("USAGE#2026-01-31")
            && count.condition_expression().is_some_and(|condition| condition.contains("<= :most_images"))
            && values[":images"] == number(1)
            && values[":bytes"] == number(4)
            && values[":most_images"] == number(LIMITS.images_per_day - 1)
            && values[":most_bytes"] == number(LIMITS.bytes_per_day - 4)
            && values[":end"] == number(1_769_904_000)
    });
    assert_eq!(send(&[&rule], post(&wanted())).await.status, 201);
}

#[tokio::test]
async fn a_full_day_says_so_and_when_it_ends() {
    for (images, bytes, expected) in [
        (LIMITS.images_per_day, 7, format!("{0} of {0} images", LIMITS.images_per_day)),
        (3, LIMITS.bytes_per_day - 3, format!("{} of {} bytes", LIMITS.bytes_per_day - 3, LIMITS.bytes_per_day)),
    ] {
        let full = unmet(vec![("images", number(images)), ("bytes", number(bytes))]);
        let reply = send(&[&refuses(vec![full, reason("None")])], post(&wanted())).await;
        assert_eq!(reply.problem(), (429, "Request.QuotaExceeded".into()));
        assert!(reply.json()["detail"].as_str().unwrap().starts_with(&expected), "{}", reply.body);
        // From 12:00:07.25 to midnight.
        assert_eq!(reply.header("retry-after"), Some((12 * 3600 - 7).to_string().as_str()));
    }
}

#[tokio::test]
async fn who_meets_another_request_tries_again() {
    let met = || refuses(vec![reason("TransactionConflict"), reason("None")]);
    let (first, second, free) = (met(), met(), accepts());
    assert_eq!(send(&[&first, &second, &free], post(&wanted())).await.status, 201);
    assert_eq!((first.num_calls(), second.num_calls(), free.num_calls()), (1, 1, 1));
}

#[tokio::test]
async fn who_always_meets_another_request_may_come_again() {
    let met: Vec<Rule> = (0..8).map(|_| refuses(vec![reason("TransactionConflict"), reason("None")])).collect();
    let reply = send(&met.iter().collect::<Vec<_>>(), post(&wanted())).await;
    assert_eq!(reply.problem(), (503, "Transient.Unavailable".into()));
    assert_eq!(met.iter().map(Rule::num_calls).sum::<usize>(), 7);
}
