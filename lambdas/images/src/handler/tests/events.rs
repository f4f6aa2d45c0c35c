use super::fixtures::*;
use darkroom_runtime::api::testing::Call;
use serde_json::{Value, json};

fn events() -> Call {
    call("GET", "/image/{image_id}/events")
}

async fn timeline(item: &Value) -> Value {
    let reply = send(&holds(item), events()).await;
    assert_eq!(reply.status, 200);
    reply.json()["items"].clone()
}

#[tokio::test]
async fn it_says_what_happened_in_order() {
    let given = json!({ "event": "ticket_given", "at": "2026-01-31T12:00:00Z" });
    assert_eq!(timeline(&record("awaiting_upload")).await, json!([given]));

    let mut item = ended("rejected", "Image.Heic");
    item["execution"] = json!("x-1");
    item["arrived_at"] = json!("2026-01-31T12:00:02Z");
    item["outcome"]["at"] = json!("2026-01-31T12:00:04Z");
    let (code, stage, execution) = ("Image.Heic", "validate", &item["outcome"]["execution"]);
    let expected = json!([
        given,
        { "event": "photo_arrived", "at": "2026-01-31T12:00:02Z" },
        { "event": "processing", "at": "2026-01-31T12:00:02Z", "execution": "x-1" },
        { "event": "rejected", "at": "2026-01-31T12:00:04Z", "execution": execution, "stage": stage, "code": code },
    ]);
    assert_eq!(timeline(&item).await, expected);

    item["status"] = json!("processing");
    assert_eq!(timeline(&item).await.as_array().unwrap().len(), 3, "a newer version is on its way");
}

#[tokio::test]
async fn a_good_end_has_neither_code_nor_stage() {
    let last = timeline(&ready()).await.as_array().unwrap().last().unwrap().clone();
    assert_eq!((&last["event"], last.get("code"), last.get("stage")), (&json!("ready"), None, None));
}

#[tokio::test]
async fn r33_what_is_not_theirs_has_no_history() {
    assert_eq!(send(&holds_nothing(), events()).await.problem(), (404, "Request.NotFound".into()));
    let public = shows_publicly(&[strangers_public()]);
    let reply = send_to(&[&holds_nothing(), &public], signer(), events()).await;
    assert_eq!((reply.problem().0, public.num_calls()), (404, 0));
}
