//! The record of an image, and the states that an image can be in.

use crate::error::ErrorCode;
use crate::focus::Focus;
use crate::id::{AlbumId, ImageId, OwnerId};
use crate::key;
use crate::settings::LIMITS;
use crate::timestamp::rfc3339;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::time::Duration;
use time::OffsetDateTime;

/// The status of an image. The transitions: `awaiting_upload → processing → ready | rejected | failed`, and from each
/// of these back to `processing` when a newer version of the same object arrives, or an operator starts it again. From any
/// of them, and from an unused ticket, to `deleting`, which is the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// A ticket was given; the photo has not arrived.
    AwaitingUpload,
    /// The photo has arrived and its execution was started.
    Processing,
    /// Every variant can be downloaded.
    Ready,
    /// The upload cannot be developed; the outcome says why.
    Rejected,
    /// Darkroom failed; an operator has to act.
    Failed,
    /// Its owner deleted it; its objects are being removed. No answer shows such a record.
    Deleting,
}

impl Status {
    /// As it stands in the record.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AwaitingUpload => "awaiting_upload",
            Self::Processing => "processing",
            Self::Ready => "ready",
            Self::Rejected => "rejected",
            Self::Failed => "failed",
            Self::Deleting => "deleting",
        }
    }
}

/// Who may see an image besides its owner.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// The owner only. Not stored: only a public photo has the attribute.
    #[default]
    Private,
    /// Every signed-in user.
    Public,
}

impl Visibility {
    /// As it stands in the record.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Private => "private",
            Self::Public => "public",
        }
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde calls it")]
    fn is_private(&self) -> bool {
        *self == Self::Private
    }
}

/// The item in the table. The state machine writes `outcome`, `source`, `facts` and `variants`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// The image.
    pub image_id: ImageId,
    /// Its owner.
    pub owner_id: OwnerId,
    /// Its status.
    pub status: Status,
    /// The client's name for the file: only ever shown, never used as a path.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filename: Option<String>,
    /// The type that the upload declared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_type: Option<String>,
    /// The size that the upload declared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size_bytes: Option<u64>,
    /// The SHA-256 that the upload declared, in hex.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// The key of the original. Empty in a record of an index, since no list links to originals.
    #[serde(default)]
    pub object_key: String,
    /// The version of the original that is, or was last, developed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version_id: Option<String>,
    /// The execution that develops it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub execution: Option<String>,
    /// The album that it is in: one at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub album_id: Option<AlbumId>,
    /// Who may see it.
    #[serde(default, skip_serializing_if = "Visibility::is_private")]
    pub visibility: Visibility,
    /// Its caption.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub caption: Option<String>,
    /// What its crops show.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub focus: Option<Focus>,
    /// RFC 3339.
    pub created_at: String,
    /// When the version that is, or was last, developed arrived. RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arrived_at: Option<String>,
    /// When its execution was last about to be started. RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub began_at: Option<String>,
    /// RFC 3339.
    pub updated_at: String,
    /// Until when a ticket that was not used is shown and can be renewed (seconds since 1970).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub awaited_until: Option<i64>,
    /// When an unused ticket is deleted from the table (seconds since 1970): long after it expired, since a message
    /// about its photo may still wait in a queue.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<i64>,
    /// The outcome of its execution.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// What the original is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<SourceFacts>,
    /// What the picture looks like.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub facts: Option<PictureFacts>,
    /// The variants, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub variants: BTreeMap<String, Variant>,
    /// The re-render that made the variants, if it was one. An arrival or a restart leaves it, and its outcome is later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rerendered: Option<Rerendered>,
}

/// The last re-render of a photo.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rerendered {
    /// The name of the re-render.
    pub by: String,
    /// When the record moved to the variants of it. RFC 3339.
    pub at: String,
}

/// How the development of one version ended (R14).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// `ready`, `rejected` or `failed`.
    pub outcome: Status,
    /// The error's name. It is text, since AWS has names of its own (`States.Timeout`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The stage that was running.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stage: Option<String>,
    /// For the operator; the public reads the message of the code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The execution's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub execution: Option<String>,
    /// Where the code is explained.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub docs: Option<String>,
    /// When it was recorded. RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
}

impl Record {
    /// The first record of an image, whose photo has not arrived. Nothing was declared about it.
    pub fn awaiting(owner_id: OwnerId, image_id: ImageId, now: OffsetDateTime) -> Self {
        let after = |seconds: u64| Some((now + Duration::from_secs(seconds)).unix_timestamp());
        Self {
            object_key: key::upload(&owner_id, image_id),
            image_id,
            owner_id,
            status: Status::AwaitingUpload,
            filename: None,
            content_type: None,
            size_bytes: None,
            sha256: None,
            version_id: None,
            execution: None,
            album_id: None,
            visibility: Visibility::Private,
            caption: None,
            focus: None,
            created_at: rfc3339(now),
            arrived_at: None,
            began_at: None,
            updated_at: rfc3339(now),
            awaited_until: after(LIMITS.awaiting_upload_s),
            expires_at: after(LIMITS.remembered_s),
            outcome: None,
            source: None,
            facts: None,
            variants: BTreeMap::new(),
            rerendered: None,
        }
    }

    /// True if the owner can see the image at this time: not if its ticket has expired, or if it is being deleted. A
    /// ticket of an earlier release has only `expires_at` for its expiry.
    pub fn is_there(&self, now: OffsetDateTime) -> bool {
        let awaited_until = self.awaited_until.or(self.expires_at);
        match self.status {
            Status::Deleting => false,
            Status::AwaitingUpload => awaited_until.is_none_or(|at| at > now.unix_timestamp()),
            Status::Processing | Status::Ready | Status::Rejected | Status::Failed => true,
        }
    }
}

impl Outcome {
    /// The public message: that of the code, never the operator's detail.
    pub fn public_message(&self) -> Option<&'static str> {
        let code = self.code.as_deref()?;
        Some(ErrorCode::from_name(code).unwrap_or(ErrorCode::WorkerBug).message())
    }
}

/// The facts of the original that `validate` read from its header.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceFacts {
    /// `jpeg`, `png`, …
    pub format: String,
    /// As seen upright.
    pub width: u32,
    /// As seen upright.
    pub height: u32,
    /// The EXIF orientation that was undone, 1 to 8.
    pub orientation: u8,
    /// Bytes of the file.
    pub bytes: u64,
    /// More than one frame; variants show the first.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub animated: bool,
    /// Maker and model, when the file says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub camera: Option<String>,
    /// When the photo was taken, as the camera's clock said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken_at: Option<String>,
}

/// The facts of the picture that `resize` measured on its pixels.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PictureFacts {
    /// SHA-256 of the original's bytes, in hex.
    pub sha256: String,
    /// A placeholder of some 25 bytes, base64.
    pub thumbhash: String,
    /// `#rrggbb`.
    pub dominant_color: String,
    /// 64 bits in hex; pictures that look alike differ in few of them.
    pub phash: String,
}

/// One variant that can be downloaded, in the format that every program reads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Variant {
    /// Its key in the images bucket.
    pub key: String,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// Bytes.
    pub bytes: u64,
    /// Its media type.
    pub content_type: String,
    /// The same picture in other formats, the one first that a browser prefers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alternatives: Vec<Alternative>,
}

/// A variant in another format.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alternative {
    /// Its key in the images bucket.
    pub key: String,
    /// Bytes.
    pub bytes: u64,
    /// Its media type.
    pub content_type: String,
}

/// One file of a variant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VariantFile<'a> {
    /// Its key in the images bucket.
    pub key: &'a str,
    /// Bytes.
    pub bytes: u64,
    /// Its media type.
    pub content_type: &'a str,
}

impl Variant {
    /// The file that a browser takes first joins the one that is read by more programs, and becomes an alternative of it.
    #[must_use]
    pub fn before(self, compatible: Self) -> Self {
        let Self { key, bytes, content_type, mut alternatives, .. } = self;
        alternatives.push(Alternative { key, bytes, content_type });
        Self { alternatives, ..compatible }
    }

    /// Its files in the order in which a browser takes them; the last is the one that every program reads.
    pub fn files(&self) -> impl Iterator<Item = VariantFile<'_>> {
        let alternatives = self.alternatives.iter();
        let alternatives = alternatives.map(|Alternative { key, bytes, content_type }| (key, bytes, content_type));
        let files = alternatives.chain([(&self.key, &self.bytes, &self.content_type)]);
        files.map(|(key, bytes, content_type)| VariantFile { key, bytes: *bytes, content_type })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_is_spelled_one_way() {
        for status in [
            Status::AwaitingUpload,
            Status::Processing,
            Status::Ready,
            Status::Rejected,
            Status::Failed,
            Status::Deleting,
        ] {
            assert_eq!(serde_json::to_value(status).unwrap(), status.as_str());
        }
    }

    #[test]
    fn a_record_of_a_release_before_has_one_file_of_each_variant() {
        let before = r#"{"key":"variants/x/b/small.jpg","width":4,"height":3,"bytes":7,"content_type":"image/jpeg"}"#;
        let one: Variant = serde_json::from_str(before).unwrap();
        assert_eq!(serde_json::to_string(&one).unwrap(), before);
        let keys = |variant: &Variant| variant.files().map(|file| file.key.to_owned()).collect::<Vec<_>>();
        assert_eq!(keys(&one), ["variants/x/b/small.jpg"]);
        let webp = Alternative { key: "variants/x/b/small.webp".into(), bytes: 5, content_type: "image/webp".into() };
        let two = Variant { alternatives: vec![webp], ..one };
        assert_eq!(keys(&two), ["variants/x/b/small.webp", "variants/x/b/small.jpg"]);
        assert_eq!(two.files().map(|file| file.bytes).sum::<u64>(), 12);
    }

    #[test]
    fn the_public_never_reads_an_operators_detail() {
        let outcome = |code: &str| Outcome {
            outcome: Status::Failed,
            code: Some(code.into()),
            stage: None,
            message: Some("role arn:aws:iam::1:role/x".into()),
            execution: None,
            docs: None,
            at: None,
        };
        assert_eq!(outcome("Image.Corrupt").public_message(), Some(ErrorCode::ImageCorrupt.message()));
        assert_eq!(outcome("States.Timeout").public_message(), Some(ErrorCode::WorkerBug.message()));
    }
}
