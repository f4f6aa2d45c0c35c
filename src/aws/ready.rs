//! An owner's ready photos in the index `ready`, which has only a few attributes of each: one query reads some thousand
//! photos, where the table would read some hundred whole records. The index follows the table within moments.

use super::error::sdk_error;
use super::listing::last_id;
use super::records::{partition, text};
use super::table::Table;
use darkroom_domain::id::{AlbumId, ImageId, OwnerId};
use darkroom_domain::range::IdRange;
use darkroom_domain::{Error, ErrorCode};
use serde::Deserialize;

/// A photo as the index has it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Glimpse {
    /// The photo.
    #[serde(rename = "ready_id")]
    pub image_id: ImageId,
    /// The album that it lies in.
    #[serde(default)]
    pub album_id: Option<AlbumId>,
    /// The fact that the query asked for.
    #[serde(default)]
    pub facts: GlimpsedFacts,
}

/// Facts of a photo: those that the query asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct GlimpsedFacts {
    /// 64 bits in hex; pictures that look alike differ in few of them.
    pub phash: Option<String>,
    /// Bytes of the original and its variants. A photo of an earlier release lacks it until `make reindex`.
    pub stored_bytes: Option<u64>,
}

/// The attributes to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// The albums of the photos.
    Albums,
    /// The looks of the photos.
    Looks,
    /// The bytes that the photos take.
    Sizes,
}

/// May read an owner's ready photos from the index.
pub trait GlimpseReady {
    /// The newest of the range, newest first, as many as one query reads or the limit allows; and the range that is not
    /// read yet.
    fn glimpse_ready(
        &self,
        owner: &OwnerId,
        range: IdRange,
        seen: Seen,
        limit: Option<i32>,
    ) -> impl Future<Output = Result<(Vec<Glimpse>, Option<IdRange>), Error>>;
}

impl GlimpseReady for Table {
    async fn glimpse_ready(
        &self,
        owner: &OwnerId,
        range: IdRange,
        seen: Seen,
        limit: Option<i32>,
    ) -> Result<(Vec<Glimpse>, Option<IdRange>), Error> {
        let (first, last) = range.ends();
        let attributes = match seen {
            Seen::Albums => "ready_id, album_id",
            Seen::Looks => "ready_id, facts.phash",
            Seen::Sizes => "ready_id, facts.stored_bytes",
        };
        let call = self
            .query()
            .index_name("ready")
            .scan_index_forward(false)
            .set_limit(limit)
            .projection_expression(attributes)
            .key_condition_expression("pk = :owner AND ready_id BETWEEN :first AND :last")
            .expression_attribute_values(":owner", partition(owner))
            .expression_attribute_values(":first", text(first))
            .expression_attribute_values(":last", text(last));
        let answer = call.send().await;
        let answer = answer.map_err(|error| sdk_error("look from afar", ErrorCode::TransientUnavailable, &error))?;
        let rest = answer.last_evaluated_key.as_ref().map(last_id).transpose()?;
        let unreadable =
            |why: serde_dynamo::Error| Error::new(ErrorCode::WorkerBadInput, format!("look from afar: {why}"));
        let glimpses = serde_dynamo::from_items(answer.items.unwrap_or_default()).map_err(unreadable)?;
        Ok((glimpses, rest.and_then(|id| range.below(id.number()))))
    }
}
