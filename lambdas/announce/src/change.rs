//! One change of the table, and its announcement. Only the few attributes of an announcement are read, so that a new
//! attribute in a record cannot stop the stream.

use darkroom_aws::announcing::Announcement;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// The version of the detail, not of the API: a consumer that knows it can read every event with the same number.
const VERSION: u32 = 1;

/// A record of the stream, as Lambda hands it over.
#[derive(Debug, Deserialize)]
pub struct Change {
    #[serde(rename = "eventID")]
    id: String,
    dynamodb: Images,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Images {
    sequence_number: String,
    #[serde(default)]
    approximate_creation_date_time: f64,
    #[serde(default)]
    old_image: Value,
    #[serde(default)]
    new_image: Value,
}

impl Change {
    /// Its place in the stream.
    pub fn sequence_number(&self) -> &str {
        &self.dynamodb.sequence_number
    }

    /// The image it is about, for the log.
    pub fn image_id(&self) -> &str {
        let Images { old_image, new_image, .. } = &self.dynamodb;
        text(new_image, "image_id").or_else(|| text(old_image, "image_id")).unwrap_or_default()
    }

    /// The announcement: a photo has an outcome, or is deleted.
    pub fn announcement(&self) -> Option<Announcement> {
        let Images { old_image: old, new_image: new, .. } = &self.dynamodb;
        let (was, is) = (text(old, "status"), text(new, "status"));
        match (was, is) {
            // Another kind of item of the table, or an outcome that was announced before: later changes (a caption, an
            // album) are not announced.
            (was, Some(is)) if was == Some(is) => None,
            (_, Some("ready")) => Some(self.tell("Image Ready", new, json!({ "sizes": names(new, "variants") }))),
            (_, Some("rejected")) => Some(self.tell("Image Rejected", new, outcome(new))),
            (_, Some("failed")) => Some(self.tell("Image Failed", new, outcome(new))),
            // An unused ticket was never an image, whether it was deleted or has expired.
            (Some(_), None) if text(old, "arrived_at").is_none() => None,
            (Some(_), None) => Some(self.tell("Image Deleted", old, json!({}))),
            _ => None,
        }
    }

    fn tell(&self, detail_type: &'static str, image: &Value, more: Value) -> Announcement {
        let mut detail = Map::from_iter([
            ("version".into(), VERSION.into()),
            // The same for every delivery of the same change, so that a consumer can tell what it has seen.
            ("announcement_id".into(), self.id.as_str().into()),
            ("image_id".into(), text(image, "image_id").into()),
            ("owner_id".into(), text(image, "owner_id").into()),
        ]);
        if let Value::Object(more) = more {
            detail.extend(more.into_iter().filter(|(_, value)| !value.is_null()));
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a time after 1970, in seconds")]
        let at = self.dynamodb.approximate_creation_date_time as u64;
        Announcement { detail_type, detail: Value::Object(detail).to_string(), at }
    }
}

/// Code and stage; the operator's message is for the operator.
fn outcome(image: &Value) -> Value {
    let outcome = &image["outcome"]["M"];
    json!({ "code": text(outcome, "code"), "stage": text(outcome, "stage") })
}

fn text<'a>(item: &'a Value, name: &str) -> Option<&'a str> {
    item[name]["S"].as_str()
}

/// Sorted here, because a map in the stream has no order.
fn names(item: &Value, name: &str) -> BTreeSet<String> {
    item[name]["M"].as_object().map(|entries| entries.keys().cloned().collect()).unwrap_or_default()
}
