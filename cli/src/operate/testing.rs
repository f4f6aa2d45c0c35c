//! Stories for tests, written as the API answers. Times are milliseconds after noon.

use super::answers::{Execution, Record, Story};
use super::moment::tests::noon;
use serde_json::{Value, json};

pub const NAME: &str = "0198c7b2-5a51-7c3e-9f0e-2b1d4c6a8e10-4f2d9a7c1b3e5d60";

/// An answer in which every number of a field that ends in `_at` or `_until` is a time.
fn read<T: serde::de::DeserializeOwned>(mut answer: Value) -> T {
    at_noon(&mut answer);
    serde_json::from_value(answer).unwrap()
}

fn at_noon(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(at_noon),
        Value::Object(fields) => fields.iter_mut().for_each(|(name, field)| match field.as_i64() {
            Some(millis) if name == "at" || name.ends_with("_at") || name.ends_with("_until") => {
                *field = json!(noon(millis));
            }
            _ => at_noon(field),
        }),
        _ => {}
    }
}

pub fn record(answer: Value) -> Record {
    read(answer)
}

pub fn execution(answer: &Value) -> Execution {
    let mut whole = json!({ "at": 0, "name": NAME, "status": "succeeded", "started_at": 1500, "states": [], "complete": true, "acts": [] });
    whole.as_object_mut().unwrap().extend(answer.as_object().unwrap().clone());
    read(whole)
}

pub fn story(at: i64, record: Option<Record>, executions: Vec<Execution>) -> Story {
    Story { image_id: NAME[..36].into(), at: noon(at), record, deleted_at: None, deliveries: Vec::new(), executions }
}

/// A photo that is ready 7 seconds after its arrival: the second state took two attempts.
pub fn ready() -> Story {
    let (wait, ok) = (json!({ "code": "Transient.Storage", "cause": "503 SlowDown" }), Value::Null);
    let attempt = |from: i64, to: i64, error: &Value| json!({ "started_at": from, "ended_at": to, "error": error });
    let states = json!([
        { "name": "Validate image", "status": "succeeded", "entered_at": 1500, "exited_at": 2000,
          "attempts": [attempt(1500, 2000, &ok)] },
        { "name": "Create variants", "status": "succeeded", "entered_at": 2000, "exited_at": 8000,
          "attempts": [attempt(2000, 2100, &wait), attempt(7200, 8000, &ok)] },
        { "name": "Publish record", "status": "succeeded", "entered_at": 8000, "exited_at": 8010,
          "attempts": [attempt(8000, 8010, &ok)] },
    ]);
    let record = record(json!({
        "status": "ready", "created_at": 0, "arrived_at": 1000, "began_at": 1000, "updated_at": 8000,
        "version_execution": NAME, "outcome": "ready", "outcome_at": 8000, "execution": NAME,
        "variants": [{ "name": "small", "width": 4, "height": 3, "bytes": 7249, "content_type": "image/jpeg" }],
    }));
    story(9000, Some(record), vec![execution(&json!({ "outcome": "ready", "stopped_at": 8020, "states": states }))])
}
