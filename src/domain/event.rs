//! From an SQS body to work orders: a chain of pure functions. It reads only the fields of an S3 event that Darkroom
//! needs, so it does not matter if AWS adds or drops others.

use crate::error::{Error, ErrorCode};
use crate::key;
use crate::order::{Source, WorkOrder};
use serde::Deserialize;
use serde_json::json;

/// The meaning of one S3 record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// An original to develop.
    Photo(WorkOrder),
    /// Nothing to do, and why: acknowledged and logged (R03).
    Ignored(&'static str),
}

#[derive(Deserialize)]
struct Notification {
    #[serde(rename = "Records")]
    records: Option<Vec<Record>>,
    #[serde(rename = "Event")]
    event: Option<String>,
}

#[derive(Deserialize)]
struct Record {
    #[serde(rename = "eventName")]
    event_name: String,
    s3: Entity,
}

#[derive(Deserialize)]
struct Entity {
    bucket: Bucket,
    object: Object,
}

#[derive(Deserialize)]
struct Bucket {
    name: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Object {
    key: String,
    #[serde(default)]
    size: u64,
    version_id: Option<String>,
    #[serde(default)]
    sequencer: String,
}

/// All arrivals of one message. An error means that the body is not an S3 notification: the message goes back to the
/// queue and, in the end, alone to the dead-letter queue (R05).
pub fn arrivals(body: &str, originals_bucket: &str) -> Result<Vec<Arrival>, Error> {
    let notification: Notification = serde_json::from_str(body).map_err(|e| unreadable(&e.to_string()))?;
    match (notification.records, notification.event.as_deref()) {
        (Some(records), _) => records.into_iter().map(|record| arrival(record, originals_bucket)).collect(),
        (None, Some("s3:TestEvent")) => Ok(vec![Arrival::Ignored("the test event that S3 sends once")]),
        (None, _) => Err(unreadable("neither records nor a test event")),
    }
}

/// The keys of the originals that a message tells of, whether they are ours or not.
pub fn keys(body: &str) -> Result<Vec<String>, Error> {
    let notification: Notification = serde_json::from_str(body).map_err(|e| unreadable(&e.to_string()))?;
    match (notification.records, notification.event.as_deref()) {
        (Some(records), _) => records.iter().map(|record| decode_key(&record.s3.object.key)).collect(),
        (None, Some("s3:TestEvent")) => Ok(Vec::new()),
        (None, _) => Err(unreadable("neither records nor a test event")),
    }
}

fn arrival(record: Record, originals_bucket: &str) -> Result<Arrival, Error> {
    // Notifications say `ObjectCreated:Put`; the same event by other ways says `s3:ObjectCreated:Put`.
    let created = record.event_name.trim_start_matches("s3:").starts_with("ObjectCreated:");
    if !created {
        return Ok(Arrival::Ignored("not the creation of an object"));
    }
    if record.s3.bucket.name != originals_bucket {
        return Ok(Arrival::Ignored("another bucket"));
    }
    let key = decode_key(&record.s3.object.key)?;
    let Some((owner_id, image_id)) = key::read_original(&key) else {
        return Ok(Arrival::Ignored("a key that no ticket names"));
    };
    let object = record.s3.object;
    let source = Source {
        bucket: record.s3.bucket.name,
        key,
        // The name that S3 itself gives the only version in a bucket without versions.
        version_id: object.version_id.unwrap_or_else(|| "null".into()),
        sequencer: padded(&object.sequencer),
        size_bytes: object.size,
    };
    Ok(Arrival::Photo(WorkOrder::new(owner_id, image_id, source)))
}

/// The event of a version that is there, as S3 would send it. The sweeper tells it again if it was lost. S3 does not list
/// sequencers: if the caller does not know it, it is 0, which is before any other.
pub fn notification(source: &Source) -> String {
    let key = percent_encoding::utf8_percent_encode(&source.key, percent_encoding::NON_ALPHANUMERIC).to_string();
    let object = json!({
        "key": key,
        "size": source.size_bytes,
        "versionId": source.version_id,
        "sequencer": source.sequencer,
    });
    let record = json!({
        "eventSource": "darkroom:sweep",
        "eventName": "ObjectCreated:Put",
        "s3": { "bucket": { "name": source.bucket }, "object": object },
    });
    json!({ "Records": [record] }).to_string()
}

/// S3 encodes keys in events as a form does: `+` is a space, `%2B` a plus (R04).
fn decode_key(encoded: &str) -> Result<String, Error> {
    let spaced = encoded.replace('+', " ");
    let decoded = percent_encoding::percent_decode_str(&spaced).decode_utf8();
    decoded.map(Into::into).map_err(|_| unreadable("the key is not UTF-8"))
}

/// Sequencers are hex numbers of varying length; padded on the left they compare as text, which is what a condition
/// in the table can do (R02). S3 has never sent more than 18 digits; 32 leave room.
fn padded(sequencer: &str) -> String {
    format!("{:0>32}", sequencer.to_ascii_uppercase())
}

fn unreadable(why: &str) -> Error {
    Error::new(ErrorCode::WorkerBadInput, format!("not an S3 notification: {why}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{ImageId, OwnerId};
    use proptest::prelude::*;
    use serde_json::Value;

    const BUCKET: &str = "originals";

    fn event(name: &str, bucket: &str, key: &str) -> Value {
        json!({ "Records": [{ "eventName": name, "s3": {
            "bucket": { "name": bucket },
            "object": { "key": key, "size": 3, "versionId": "v1", "sequencer": "0055AED6DCD90281E5" } } }] })
    }

    fn only(body: &Value) -> Arrival {
        let mut all = arrivals(&body.to_string(), BUCKET).unwrap();
        assert_eq!(all.len(), 1);
        all.remove(0)
    }

    fn key_of(arrival: Arrival) -> String {
        match arrival {
            Arrival::Photo(order) => order.source.key,
            Arrival::Ignored(why) => panic!("ignored: {why}"),
        }
    }

    #[test]
    fn r03_what_is_no_new_photo_is_acknowledged() {
        let key = "imports/a.jpg";
        assert!(matches!(only(&json!({ "Service": "Amazon S3", "Event": "s3:TestEvent" })), Arrival::Ignored(_)));
        assert_eq!(arrivals(r#"{"Records":[]}"#, BUCKET).unwrap(), []);
        assert!(matches!(only(&event("ObjectRemoved:Delete", BUCKET, key)), Arrival::Ignored(_)));
        assert!(matches!(only(&event("ObjectCreated:Put", "another", key)), Arrival::Ignored(_)));
        assert!(matches!(only(&event("ObjectCreated:Put", BUCKET, "elsewhere/a.jpg")), Arrival::Ignored(_)));
    }

    #[test]
    fn every_way_to_create_an_object_counts() {
        for name in ["Put", "Post", "Copy", "CompleteMultipartUpload"] {
            key_of(only(&event(&format!("ObjectCreated:{name}"), BUCKET, "imports/a.jpg")));
        }
    }

    #[test]
    fn r04_keys_are_decoded_as_forms_are() {
        let long = "x".repeat(1016);
        let cases = [
            ("imports/a+b.jpg", "imports/a b.jpg"),
            ("imports/a%2Bb.jpg", "imports/a+b.jpg"),
            ("imports/%252B.jpg", "imports/%2B.jpg"),
            ("imports/%C3%A9t%C3%A9+%F0%9F%8F%96.jpg", "imports/été 🏖.jpg"),
            (&format!("imports/{long}"), &format!("imports/{long}")),
        ];
        for (encoded, decoded) in cases {
            assert_eq!(key_of(only(&event("ObjectCreated:Put", BUCKET, encoded))), decoded);
        }
    }

    #[test]
    fn r05_what_cannot_be_read_fails_itself() {
        for body in ["", "photo", "[]", "{}", r#"{"Records":[{}]}"#, r#"{"Event":"s3:Another"}"#] {
            assert!(arrivals(body, BUCKET).is_err(), "{body}");
        }
        assert!(arrivals(&event("ObjectCreated:Put", BUCKET, "imports/%FF").to_string(), BUCKET).is_err());
    }

    #[test]
    fn r02_sequencers_compare_as_numbers() {
        assert!(padded("FF") < padded("100"));
        assert!(padded("0A") == padded("a"));
    }

    proptest! {
        #[test]
        fn any_key_survives_the_way_through_an_event(name in "\\PC{1,200}") {
            prop_assume!(!name.ends_with('/'));
            let key = format!("imports/{name}");
            let encoded = percent_encoding::utf8_percent_encode(&key, percent_encoding::NON_ALPHANUMERIC).to_string();
            let encoded = encoded.replace("%20", "+");
            prop_assert_eq!(key_of(only(&event("ObjectCreated:Put", BUCKET, &encoded))), key);
        }

        #[test]
        fn r51_an_event_that_is_told_again_is_the_same_order(name in "\\PC{1,200}", size in any::<u64>()) {
            prop_assume!(!name.ends_with('/'));
            for sequencer in ["0", "0055AED6DCD90281E5"] {
                let source = Source {
                    bucket: BUCKET.into(),
                    key: format!("imports/{name}"),
                    version_id: "v1".into(),
                    sequencer: padded(sequencer),
                    size_bytes: size,
                };
                let order = WorkOrder::new(OwnerId::operator(), ImageId::of_import(&source.key), source.clone());
                prop_assert_eq!(arrivals(&notification(&source), BUCKET).unwrap(), [Arrival::Photo(order)]);
            }
        }

        #[test]
        fn no_body_makes_it_panic(body in "\\PC{0,300}") {
            let _ = arrivals(&body, BUCKET);
        }
    }
}
