use super::*;
use lambda_runtime::Context;
use serde_json::json;
use std::collections::BTreeSet;
use time::macros::datetime;
use world::{ADA, EVE, World};

mod world;

const ASKED: OffsetDateTime = datetime!(2026-01-31 12:00:07 UTC);

fn body(owner: &str) -> String {
    json!({ "owner_id": owner, "asked_at": ASKED.unix_timestamp() }).to_string()
}

/// Whether the message comes again.
async fn handed_out(world: &World, body: &str, received: u32, now: OffsetDateTime) -> bool {
    let record = json!({
        "messageId": "message-1",
        "receiptHandle": "receipt-1",
        "body": body,
        "attributes": { "ApproximateReceiveCount": received.to_string() },
    });
    let event = serde_json::from_value(json!({ "Records": [record] })).expect("an event");
    let answer = world.eraser().erase_all(LambdaEvent::new(event, Context::default()), now).await.expect("an answer");
    !answer.batch_item_failures.is_empty()
}

#[tokio::test]
async fn r58_everything_goes_and_the_user_last() {
    let world = World::with_ada_and_eve();
    assert!(handed_out(&world, &body(ADA), 1, ASKED).await, "there is a last look to come");
    assert_eq!(world.left_of(ADA), BTreeSet::new());
    assert_eq!(world.hidden(), [4800], "as long as a token and a ticket live, and a little");
    let done = world.done();
    let at = |what: &str| done.iter().position(|one| one.starts_with(what)).unwrap_or_else(|| panic!("{what}"));
    assert_eq!(at("close ada"), 0, "nobody signs in to half an account");
    assert!(at("remember ada") < at("forget all but photos"), "what arrives from here on has neither ticket nor owner");
    assert!(world.remembers(ADA, "ERASED") && !world.remembers(EVE, "ERASED"), "and it outlives the account");
    assert!(at("forget all but photos of ada") < at("begin "), "links and webhooks end before the first photo goes");
    assert!(at("remove originals/uploads/ada/") < at("finish "), "a record outlives its objects");
    assert_eq!(at("delete ada"), done.len() - 2, "and only the message is put off behind it");
}

#[tokio::test]
async fn r58_other_owners_keep_everything() {
    let world = World::with_ada_and_eve();
    let before = world.left_of(EVE);
    assert!(before.len() > 5, "eve has something");
    handed_out(&world, &body(ADA), 1, ASKED).await;
    assert_eq!(world.left_of(EVE), before);
}

#[tokio::test]
async fn r58_what_a_living_token_brought_meanwhile_is_erased_by_a_last_look() {
    let world = World::with_ada_and_eve();
    assert!(handed_out(&world, &body(ADA), 1, ASKED).await);
    world.photo(ADA, "late", "ready");
    world.item(ADA, "ALBUM#late");
    assert!(!handed_out(&world, &body(ADA), 2, ASKED + erasure::afterwards()).await, "the message is done");
    assert_eq!(world.left_of(ADA), BTreeSet::new());
}

#[tokio::test]
async fn r58_wherever_it_is_cut_off_the_rest_goes_the_next_time() {
    let calls = {
        let world = World::with_ada_and_eve();
        handed_out(&world, &body(ADA), 1, ASKED).await;
        world.calls()
    };
    assert!(calls > 20, "{calls}");
    for broken in 0..calls {
        let world = World::with_ada_and_eve();
        world.break_at(broken);
        assert!(handed_out(&world, &body(ADA), 1, ASKED).await, "{broken}");
        assert!(handed_out(&world, &body(ADA), 2, ASKED).await, "{broken}");
        assert_eq!(world.left_of(ADA), BTreeSet::new(), "{broken}");
    }
}

#[tokio::test]
async fn r58_the_user_is_there_as_long_as_a_photo_is() {
    for broken in 0..60 {
        let world = World::with_ada_and_eve();
        world.break_at(broken);
        handed_out(&world, &body(ADA), 1, ASKED).await;
        let left = world.left_of(ADA);
        let photos = left.iter().any(|one| one.contains("uploads/") || one.contains("IMAGE#"));
        assert!(!photos || left.contains("user ada"), "{broken}: {left:?}");
    }
}

#[tokio::test]
async fn a_photo_that_is_being_developed_is_waited_for_longer_each_time() {
    let world = World::with_ada_and_eve();
    world.photo(ADA, "busy", "processing");
    for received in [1, 2, 3, 4, 9] {
        assert!(handed_out(&world, &body(ADA), received, ASKED).await);
    }
    assert_eq!(world.hidden(), [60, 300, 900, 1800, 1800]);
    assert!(world.is_closed(ADA), "the user is not deleted");
    let left = world.left_of(ADA);
    assert!(left.iter().filter(|one| one.contains("IMAGE#")).count() == 1, "the others went: {left:?}");
    world.finish_development("busy");
    handed_out(&world, &body(ADA), 10, ASKED).await;
    assert_eq!(world.left_of(ADA), BTreeSet::new());
}

#[tokio::test]
async fn a_large_account_is_erased_by_turns() {
    let world = World::with_ada_and_eve();
    for number in 0..500 {
        world.photo(ADA, &format!("{number:03}"), "ready");
    }
    let mut eraser = world.eraser();
    eraser.work_time = Duration::ZERO;
    let owner = OwnerId::parse(ADA).expect("an owner");
    assert_eq!(eraser.erase_owner(&owner, ASKED).await, Ok(Rest::Photos));
    assert!(handed_out(&world, &body(ADA), 2, ASKED).await);
    assert_eq!(world.left_of(ADA), BTreeSet::new());
}

#[tokio::test]
async fn a_ticket_that_ran_out_is_forgotten_too() {
    let world = World::with_ada_and_eve();
    world.photo(ADA, "expired", "expired");
    handed_out(&world, &body(ADA), 1, ASKED).await;
    assert_eq!(world.left_of(ADA), BTreeSet::new());
}

#[tokio::test]
async fn an_unknown_message_erases_nothing() {
    for wrong in ["", "{}", "[]", &body("operator"), &body("../eve"), r#"{"owner_id":"ada","asked_at":1,"all":true}"#] {
        let world = World::with_ada_and_eve();
        assert!(handed_out(&world, wrong, 1, ASKED).await, "{wrong}: it becomes a dead letter in the end");
        assert_eq!((world.calls(), world.done().len()), (0, 0), "{wrong}");
    }
}

#[test]
fn a_call_ends_before_its_function() {
    let timeout = darkroom_domain::settings::functions()["erase"].timeout_s;
    assert!(WORK_TIME.as_secs() + 30 < timeout * 4 / 5);
}

#[test]
fn an_account_waits_for_an_execution_and_is_no_dead_letter() {
    // The first delivery, those of an hour of waiting, the last look, and some that fail.
    let waits = PAUSES.iter().sum::<Duration>().as_secs() + 2 * PAUSES[3].as_secs();
    assert!(waits > 3600);
    let file: serde_json::Value =
        serde_json::from_str(include_str!("../../../../settings/functions.json")).expect("JSON");
    assert!(file["erasures_queue"]["max_receive_count"].as_u64().expect("a number") >= 2 + 6 + 10);
}
