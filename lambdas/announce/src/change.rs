//! One change of the table, and what the world is told of it. Only the few attributes that an announcement speaks of are
//! read, so that nothing new in a record can stop the stream.

use darkroom_aws::announcing::Announcement;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// Of the detail, not of the API: a consumer that knows it can read every event with the same number.
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
    /// Where it stands in the stream.
    pub fn sequence_number(&self) -> &str {
        &self.dynamodb.sequence_number
    }

    /// The image it is about, for the log.
    pub fn image_id(&self) -> &str {
        let Images { old_image, new_image, .. } = &self.dynamodb;
        text(new_image, "image_id").or_else(|| text(old_image, "image_id")).unwrap_or_default()
    }

    /// What there is to tell: that a photo reached an outcome, or that it is gone.
    pub fn announcement(&self) -> Option<Announcement> {
        let Images { old_image: old, new_image: new, .. } = &self.dynamodb;
        let (was, is) = (text(old, "status"), text(new, "status"));
        match (was, is) {
            // Somebody else's item of the same table, or an outcome that was told before: of what changed since
            // (a caption, an album) nobody is told.
            (was, Some(is)) if was == Some(is) => None,
            (_, Some("ready")) => Some(self.tell("Image Ready", new, json!({ "sizes": names(new, "variants") }))),
            (_, Some("rejected")) => Some(self.tell("Image Rejected", new, outcome(new))),
            (_, Some("failed")) => Some(self.tell("Image Failed", new, outcome(new))),
            // A ticket that nobody used was never an image, whether it was given back or ran out.
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

/// In an order of their own: that of a map in the stream means nothing.
fn names(item: &Value, name: &str) -> BTreeSet<String> {
    item[name]["M"].as_object().map(|entries| entries.keys().cloned().collect()).unwrap_or_default()
}
