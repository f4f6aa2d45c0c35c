//! The work order: the JSON document that is the execution's input, and that each worker returns with its results
//! added. It holds references and small facts only, never pixels or links (R15). `stage` names the stage that is
//! running, so a caught error says where it happened.

use crate::error::{Error, ErrorCode};
use crate::focus::Focus;
use crate::id::{ImageId, OwnerId};
use crate::key;
use crate::record::{PictureFacts, SourceFacts};
use serde::{Deserialize, Serialize};

/// The stages, in their order; `publish` is the state machine's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Validate image.
    Validate,
    /// Create variants.
    Resize,
    /// Apply watermark.
    Watermark,
    /// Publish record.
    Publish,
}

/// One version of one object in the originals bucket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// The bucket.
    pub bucket: String,
    /// The key, decoded.
    pub key: String,
    /// The version: workers read exactly this one.
    pub version_id: String,
    /// S3's order of events of one key.
    pub sequencer: String,
    /// The size in the event.
    pub size_bytes: u64,
}

/// The input of an execution. Deterministic: the same event, and the same focal point, give the same bytes (R09).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkOrder {
    /// The stage that is running.
    pub stage: Stage,
    /// The image.
    pub image_id: ImageId,
    /// Its owner.
    pub owner_id: OwnerId,
    /// The original to develop.
    pub source: Source,
    /// What its crops show, by the record at the moment of the start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub focus: Option<Focus>,
}

/// The result of `validate`: the order and the facts of the header.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Validated {
    /// The order.
    #[serde(flatten)]
    pub order: WorkOrder,
    /// The facts of its header.
    pub image: SourceFacts,
    /// How often its pixels have been made: more than once if a release went live between two workers.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub rounds: u8,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde calls it")]
const fn is_zero(rounds: &u8) -> bool {
    *rounds == 0
}

/// The result of `resize`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Developed {
    /// The order and its header facts.
    #[serde(flatten)]
    pub validated: Validated,
    /// The key of the work file in the images bucket. It names the recipe and the handover of the file, so a
    /// `watermark` of another release sees whether it may read it.
    pub work_key: String,
    /// The facts of its pixels.
    pub facts: PictureFacts,
}

impl WorkOrder {
    /// A fresh order for an arrival.
    pub fn new(owner_id: OwnerId, image_id: ImageId, source: Source) -> Self {
        Self { stage: Stage::Validate, image_id, owner_id, source, focus: None }
    }

    /// The name of its execution.
    pub fn execution_name(&self) -> String {
        key::execution_name(self.image_id, &self.source.version_id)
    }

    /// Fails if the order names one photo and its original is another's: the key of an original names owner and image.
    pub fn check(&self) -> Result<(), Error> {
        let named = key::read_original(&self.source.key);
        if named.is_some_and(|(owner, image)| owner == self.owner_id && image == self.image_id) {
            return Ok(());
        }
        Err(Error::new(ErrorCode::WorkerBadInput, "the original's key names another photo"))
    }

    /// The order for `resize`, with the facts of the header.
    pub fn validated(self, image: SourceFacts) -> Validated {
        Validated { order: Self { stage: Stage::Resize, ..self }, image, rounds: 0 }
    }
}

impl Validated {
    /// The order for `watermark`, with the key of the work file.
    pub fn developed(self, work_key: String, facts: PictureFacts) -> Developed {
        let order = WorkOrder { stage: Stage::Watermark, ..self.order };
        Developed { validated: Self { order, rounds: self.rounds.saturating_add(1), ..self }, work_key, facts }
    }
}

impl Developed {
    /// The result for *Publish record*.
    pub fn finished(self) -> WorkOrder {
        WorkOrder { stage: Stage::Publish, ..self.validated.order }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order() -> WorkOrder {
        let source = Source {
            bucket: "originals".into(),
            key: "imports/a.jpg".into(),
            version_id: "v1".into(),
            sequencer: "01".into(),
            size_bytes: 7,
        };
        WorkOrder::new(OwnerId::operator(), ImageId::of_import("imports/a.jpg"), source)
    }

    fn facts() -> (SourceFacts, PictureFacts) {
        let source = SourceFacts {
            format: "jpeg".into(),
            width: 4,
            height: 3,
            orientation: 1,
            bytes: 7,
            animated: false,
            camera: None,
            taken_at: None,
        };
        let picture = PictureFacts {
            sha256: "00".into(),
            thumbhash: "AA==".into(),
            dominant_color: "#000000".into(),
            phash: "0".into(),
        };
        (source, picture)
    }

    #[test]
    fn r09_the_input_is_deterministic_and_small() {
        let longest = Source { key: format!("imports/{}", "x".repeat(1016)), ..order().source };
        let order = WorkOrder::new(OwnerId::operator(), ImageId::of_import("imports/a.jpg"), longest);
        let bytes = serde_json::to_vec(&order).unwrap();
        assert_eq!(bytes, serde_json::to_vec(&order.clone()).unwrap());
        assert!(bytes.len() < 2048, "{}", bytes.len());
    }

    #[test]
    fn an_order_is_for_the_photo_that_its_key_names() {
        let ada = OwnerId::parse("ada").unwrap();
        let (one, other) = (ImageId::from_number(1), ImageId::from_number(2));
        let order = |owner: &OwnerId, image, key: &str| {
            let source = Source { key: key.into(), ..order().source };
            WorkOrder::new(owner.clone(), image, source).check().is_ok()
        };
        let key = key::upload(&ada, one);
        assert!(order(&ada, one, &key));
        assert!(order(&OwnerId::operator(), ImageId::of_import("imports/a"), "imports/a"));
        assert!(!order(&ada, other, &key), "another image");
        assert!(!order(&OwnerId::parse("adam").unwrap(), one, &key), "another owner");
        assert!(!order(&OwnerId::operator(), ImageId::of_import("imports/b"), "imports/a"));
        assert!(!order(&ada, one, "elsewhere/a"));
    }

    #[test]
    fn the_focal_point_travels_with_the_order_and_an_order_without_one_says_nothing_of_it() {
        let (source, picture) = facts();
        let plain = serde_json::to_value(order()).unwrap();
        assert!(plain.get("focus").is_none());
        let focus: Focus = serde_json::from_str(r#"{"x":0.25,"y":0.5}"#).unwrap();
        let developed =
            WorkOrder { focus: Some(focus), ..order() }.validated(source).developed("work/x".into(), picture);
        assert_eq!(serde_json::to_value(&developed).unwrap()["focus"], serde_json::json!({ "x": 0.25, "y": 0.5 }));
    }

    #[test]
    fn the_stage_travels_with_the_order() {
        let (source, picture) = facts();
        let validated = order().validated(source);
        assert_eq!(serde_json::to_value(&validated).unwrap()["stage"], "resize");
        let developed = validated.developed("work/x".into(), picture);
        assert_eq!(serde_json::to_value(&developed).unwrap()["stage"], "watermark");
        assert_eq!(serde_json::to_value(developed.finished()).unwrap()["stage"], "publish");
    }

    #[test]
    fn r57_pixels_that_are_made_again_are_counted_and_take_the_order_as_it_comes_back() {
        let (source, picture) = facts();
        let developed = order().validated(source).developed("work/x".into(), picture.clone());
        assert_eq!(developed.validated.rounds, 1);
        let back: Validated = serde_json::from_value(serde_json::to_value(&developed).unwrap()).unwrap();
        assert_eq!(back.developed("work/y".into(), picture).validated.rounds, 2);
    }

    #[test]
    fn each_stage_reads_what_the_one_before_it_wrote() {
        let (source, picture) = facts();
        let validated = order().validated(source);
        let read: Validated = serde_json::from_value(serde_json::to_value(&validated).unwrap()).unwrap();
        assert_eq!(read, validated);
        let developed = validated.developed("work/x".into(), picture);
        let read: Developed = serde_json::from_value(serde_json::to_value(&developed).unwrap()).unwrap();
        assert_eq!(read, developed);
    }
}
