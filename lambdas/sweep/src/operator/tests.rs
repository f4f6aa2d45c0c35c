use super::{ANSWER, WALK, WORK_TIME};
use crate::handler::tests::world::World;
use darkroom_domain::id::ImageId;
use darkroom_domain::protocol::Known;
use darkroom_domain::record::Status;
use darkroom_runtime::api::testing::{Call, OWNER, Reply};
use serde_json::json;

const SWEEP: &str = "/ops/sweep";

/// A photo whose deletion broke off long ago.
fn broken_off(world: &World) -> ImageId {
    let image = ImageId::from_number(7 << 76 | 0x8 << 60 | 1);
    world.photo(image, Known { status: Status::Deleting, ..Known::ticket(0, 0) })
}

async fn reply(world: &World, call: Call) -> Reply {
    let sweeper = world.sweeper();
    call.send(async |request| sweeper.handle(request).await).await
}

fn asked(is_dry: bool) -> Call {
    Call::new("POST", SWEEP).operator().json(&json!({ "dry_run": is_dry }))
}

#[tokio::test]
async fn r51_an_operator_is_told_what_a_sweep_would_do_and_nothing_is_written() {
    let world = World::default();
    let image = broken_off(&world);
    let reply = reply(&world, asked(true)).await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.json()["dry_run"], true);
    assert_eq!(reply.json()["steps"], json!({ "finish_deletion": 1 }));
    assert_eq!(reply.json()["photos"][0]["image_id"], json!(image.to_string()));
    assert!(reply.json()["drift"]["ended_at"].is_string(), "{}", reply.json());
    assert!(world.inside().writes.is_empty());
}

#[tokio::test]
async fn r62_a_sweep_is_written_down_before_it_begins() {
    let world = World::default();
    let image = broken_off(&world);
    assert_eq!(reply(&world, asked(false)).await.json()["steps"], json!({ "finish_deletion": 1 }));
    let writes = world.inside().writes.clone();
    assert_eq!(writes.first(), Some(&format!("act request-1 by {OWNER}")));
    assert_eq!(writes.last(), Some(&format!("finish {image}")));
}

#[tokio::test]
async fn r62_a_sweep_that_cannot_be_written_down_does_not_happen() {
    let world = World::default();
    broken_off(&world);
    world.inside().broken = Some("act".into());
    assert_eq!(reply(&world, asked(false)).await.status, 503);
    assert_eq!(world.inside().writes.len(), 0);
}

#[tokio::test]
async fn r51_what_fails_is_counted_in_the_answer() {
    let world = World::default();
    world.inside().broken = Some("list what".into());
    let reply = reply(&world, asked(true)).await;
    assert_eq!((reply.status, &reply.json()["errors"]), (200, &json!(1)));
    assert!(reply.json()["drift"].get("ended_at").is_none());
}

#[test]
fn r12_the_gateway_waits_longer_than_an_answer_takes() {
    assert!(WORK_TIME + WALK < ANSWER && ANSWER.as_secs() < 29);
}

#[tokio::test]
async fn r33_to_others_there_is_no_such_route_and_a_body_must_say_whether_it_is_dry() {
    let world = World::default();
    broken_off(&world);
    let body = json!({ "dry_run": false });
    assert_eq!(reply(&world, Call::new("POST", SWEEP).signed_in().json(&body)).await.status, 404);
    assert_eq!(reply(&world, Call::new("POST", SWEEP).json(&body)).await.status, 401);
    for body in [json!({}), json!({ "dry_run": "yes" }), json!({ "dry_run": true, "more": 1 })] {
        assert_eq!(reply(&world, Call::new("POST", SWEEP).operator().json(&body)).await.status, 400, "{body}");
    }
    assert_eq!(reply(&world, Call::new("GET", SWEEP).operator()).await.status, 404);
    assert!(world.inside().calls.is_empty());
}
