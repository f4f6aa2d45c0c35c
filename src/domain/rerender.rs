//! Re-renders: the photos of a library that is moved to the recipe of this release. A photo is visited as its record
//! is at that moment, so a second visit finds nothing to do.

use crate::focus::Focus;
use crate::id::{AlbumId, ImageId, OwnerId};
use crate::key;
use crate::order::{Source, Validated, WorkOrder};
use crate::record::{SourceFacts, Status, Variant};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The photos that are meant: all that are ready, or those of an album or an owner; and of these only the newer ones.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scope {
    /// Only photos in this album.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub album_id: Option<AlbumId>,
    /// Only photos of this owner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner_id: Option<OwnerId>,
    /// Only photos whose version arrived at this time or later. RFC 3339 with milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
}

/// One photo of a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    /// Its owner.
    pub owner_id: OwnerId,
    /// The photo.
    pub image_id: ImageId,
}

/// The part of a record that a re-render reads.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Photo {
    /// Its owner.
    pub owner_id: OwnerId,
    /// The photo.
    pub image_id: ImageId,
    /// Its status.
    pub status: Status,
    /// The version that was developed.
    #[serde(default)]
    pub version_id: Option<String>,
    /// The key of its original.
    #[serde(default)]
    pub object_key: String,
    /// S3's sequencer of its event.
    #[serde(default)]
    pub sequencer: Option<String>,
    /// The size in its event.
    #[serde(default)]
    pub size_bytes: u64,
    /// When its version arrived. RFC 3339.
    #[serde(default)]
    pub arrived_at: Option<String>,
    /// What its crops show.
    #[serde(default)]
    pub focus: Option<Focus>,
    /// The facts of its original.
    #[serde(default)]
    pub source: Option<SourceFacts>,
    /// Its variants, by name.
    #[serde(default)]
    pub variants: BTreeMap<String, Variant>,
}

impl Photo {
    /// The order that would develop it now, as for *Create variants*: its header was validated when it was uploaded.
    /// `None` if it is not ready.
    pub fn order(&self, originals_bucket: &str) -> Option<Validated> {
        let (version_id, source) = (self.version_id.clone()?, self.source.clone()?);
        if self.status != Status::Ready {
            return None;
        }
        let original = Source {
            bucket: originals_bucket.into(),
            key: self.object_key.clone(),
            version_id,
            sequencer: self.sequencer.clone().unwrap_or_default(),
            size_bytes: self.size_bytes,
        };
        let order = WorkOrder { focus: self.focus, ..WorkOrder::new(self.owner_id.clone(), self.image_id, original) };
        Some(order.validated(source))
    }

    /// True if all that its record names is of this build.
    pub fn is_of(&self, build: &str) -> bool {
        let mut builds = self.variants.values().flat_map(Variant::files).map(|file| key::read_build(file.key));
        !self.variants.is_empty() && builds.all(|named| named == Some(build))
    }

    /// True if its version arrived in time.
    pub fn is_since(&self, since: Option<&str>) -> bool {
        since.is_none_or(|since| self.arrived_at.as_deref().is_some_and(|at| at >= since))
    }
}

/// True if what was made of a photo, and could not be published, belongs to nothing: the photo is gone, or has another
/// version. A photo of the same version may be on its way to the same build, by a restart.
pub fn is_left_over(photo: Option<&Photo>, version_id: &str, build: &str) -> bool {
    photo.is_none_or(|photo| {
        photo.status == Status::Deleting || (photo.version_id.as_deref() != Some(version_id) && !photo.is_of(build))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::order::Stage;
    use crate::record::Alternative;

    fn photo() -> Photo {
        let image = ImageId::from_number(1);
        let variant = |name: &str| Variant {
            key: key::variant(image, "old", name, "jpg"),
            width: 1,
            height: 1,
            bytes: 1,
            content_type: "image/jpeg".into(),
            alternatives: Vec::new(),
        };
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
        Photo {
            owner_id: OwnerId::parse("ada").unwrap(),
            image_id: image,
            status: Status::Ready,
            version_id: Some("v1".into()),
            object_key: "uploads/ada/1".into(),
            sequencer: None,
            size_bytes: 7,
            arrived_at: Some("2026-01-31T12:00:07.250Z".into()),
            focus: None,
            source: Some(source),
            variants: ["small", "large"].map(|name| (name.to_owned(), variant(name))).into(),
        }
    }

    #[test]
    fn the_order_is_that_of_the_version_in_the_record_and_begins_behind_the_header() {
        let order = photo().order("originals").unwrap();
        assert_eq!((order.order.stage, order.order.source.version_id.as_str()), (Stage::Resize, "v1"));
        assert_eq!(order.image.bytes, 7);
        let focus = serde_json::from_str(r#"{"x":0.25,"y":1}"#).unwrap();
        assert_eq!(Photo { focus, ..photo() }.order("o").unwrap().order.focus, focus);
    }

    #[test]
    fn only_what_is_ready_is_visited() {
        for status in [Status::AwaitingUpload, Status::Processing, Status::Rejected, Status::Failed, Status::Deleting] {
            assert_eq!(Photo { status, ..photo() }.order("originals"), None, "{status:?}");
        }
        assert_eq!(Photo { version_id: None, ..photo() }.order("originals"), None);
        assert_eq!(Photo { source: None, ..photo() }.order("originals"), None);
    }

    #[test]
    fn a_photo_is_of_a_build_if_all_its_variants_are() {
        let mut photo = photo();
        assert!(photo.is_of("old") && !photo.is_of("new"));
        photo.variants.get_mut("small").unwrap().key = key::variant(photo.image_id, "new", "small", "jpg");
        assert!(!photo.is_of("old") && !photo.is_of("new"));
        photo.variants.clear();
        assert!(!photo.is_of("old"));
        let mut mixed = self::photo();
        let key = key::variant(mixed.image_id, "new", "small", "webp");
        let webp = Alternative { key, bytes: 1, content_type: "image/webp".into() };
        mixed.variants.get_mut("small").unwrap().alternatives.push(webp);
        assert!(!mixed.is_of("old"), "each file counts");
    }

    #[test]
    fn the_time_of_arrival_decides_what_is_newer() {
        let photo = photo();
        assert!(photo.is_since(None) && photo.is_since(photo.arrived_at.as_deref()));
        assert!(!photo.is_since(Some("2026-02-01T00:00:00.000Z")));
        assert!(!Photo { arrived_at: None, ..photo }.is_since(Some("2026-01-01T00:00:00.000Z")));
    }

    #[test]
    fn r40_what_was_made_of_a_photo_that_is_gone_is_left_over() {
        let photo = photo();
        assert!(is_left_over(None, "v1", "new"));
        assert!(is_left_over(Some(&Photo { status: Status::Deleting, ..photo.clone() }), "v1", "new"));
        assert!(is_left_over(Some(&Photo { version_id: Some("v2".into()), ..photo.clone() }), "v1", "new"));
        assert!(!is_left_over(Some(&Photo { status: Status::Processing, ..photo.clone() }), "v1", "new"), "restarted");
        assert!(!is_left_over(Some(&photo), "v1", "old"), "its own");
    }
}
