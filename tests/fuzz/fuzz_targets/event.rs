//! The body of a message to the orchestrator, as it is and as the key of an S3 event: an arrival that is accepted lies in
//! our bucket, under the ids that its key names, and is the same when it is told again.

#![no_main]

use darkroom_domain::event::{Arrival, arrivals, notification};
use darkroom_domain::key;
use libfuzzer_sys::fuzz_target;
use serde_json::json;

const BUCKET: &str = "originals";

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let object = json!({ "key": text, "size": 7, "versionId": "v1", "sequencer": "0055AED6DCD90281E5" });
    let record = json!({ "eventName": "ObjectCreated:Put", "s3": { "bucket": { "name": BUCKET }, "object": object } });
    for body in [text, &json!({ "Records": [record] }).to_string()] {
        for arrival in arrivals(body, BUCKET).unwrap_or_default() {
            check(arrival);
        }
    }
});

fn check(arrival: Arrival) {
    let Arrival::Photo(order) = arrival else { return };
    let source = &order.source;
    assert_eq!(source.bucket, BUCKET);
    assert_eq!(key::read_original(&source.key), Some((order.owner_id.clone(), order.image_id)));
    order.check().expect("validate takes what the orchestrator starts");
    let name = order.execution_name();
    assert!(name.len() <= 80 && name.is_ascii() && name.starts_with(&order.image_id.to_string()), "{name}");
    let input = serde_json::to_string(&order).expect("an order is JSON");
    assert_eq!(serde_json::from_str::<darkroom_domain::order::WorkOrder>(&input).expect("it is read again"), order);
    assert_eq!(arrivals(&notification(source), BUCKET).expect("an event of ours"), [Arrival::Photo(order)]);
}
