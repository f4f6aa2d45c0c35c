//! A work file in, finished variants out.

use darkroom_aws::attribute::Attribute;
use darkroom_aws::storage::{NewObject, ReadWork, WriteImage};
use darkroom_domain::order::{Developed, WorkOrder};
use darkroom_domain::record::{PictureFacts, SourceFacts, Variant};
use darkroom_domain::{Error, ErrorCode, key};
use darkroom_imaging::{Encoded, Picture, Recipe, handover};
use darkroom_runtime::{config::Config, worker::WorkStats};
use futures::future::try_join_all;
use serde::Serialize;
use std::collections::BTreeMap;

/// A variant's key names its version and recipe, so the variant never changes.
const FOR_EVER: &str = "private, max-age=31536000, immutable";

/// How often pixels are made again. While a release goes live step by step, the two workers of a photo may differ
/// several times by chance; after so many rounds it is not chance any more.
const MOST_ROUNDS: u8 = 6;

/// Values of the environment and the settings.
pub struct Settings {
    /// The bucket of work files and variants.
    pub images_bucket: String,
    /// The key that encrypts them.
    pub kms_key_arn: String,
    /// The recipe.
    pub recipe: Recipe,
}

impl Settings {
    /// Reads them.
    pub fn from(config: &Config) -> Result<Self, Error> {
        Ok(Self {
            images_bucket: config.require("IMAGES_BUCKET")?,
            kms_key_arn: config.require("STORAGE_KEY_ARN")?,
            recipe: darkroom_develop::recipe()?,
        })
    }
}

/// The output of the state: the order, and the parts of the record as the state *Publish record* writes them.
#[derive(Debug, Serialize)]
pub struct Output {
    #[serde(flatten)]
    order: WorkOrder,
    record: Publication,
}

#[derive(Debug, Serialize)]
struct Publication {
    source: Attribute<SourceFacts>,
    facts: Attribute<PublishedFacts>,
    variants: Attribute<BTreeMap<String, Variant>>,
}

/// The index `ready` has facts of each photo, so an owner's bytes are summed up without a read of the records (ADR 58).
#[derive(Debug, Serialize)]
struct PublishedFacts {
    #[serde(flatten)]
    picture: PictureFacts,
    /// Bytes of the original and its variants.
    stored_bytes: u64,
}

/// Carries out one work order: marks, encodes and stores the variants. A second run writes the same bytes under the
/// same keys (R16).
pub async fn handle<S: ReadWork + WriteImage>(
    s3: &S,
    settings: &Settings,
    developed: Developed,
) -> Result<(Output, WorkStats), Error> {
    let order = &developed.validated.order;
    let build = darkroom_develop::build(order, &settings.recipe);
    // Before the work file is read: this release must not finish one of another recipe or handover (R57).
    if developed.work_key != key::work(order.image_id, &build, handover::VERSION) {
        return Err(again(
            &developed,
            Error::new(ErrorCode::TransientStaleWork, "the work file is of another release"),
        ));
    }
    let (bytes_in, pictures) =
        unpacked(s3, settings, &developed.work_key).await.map_err(|error| again(&developed, error))?;
    let made = pictures.into_iter().map(async |picture| {
        let name = picture.name().to_owned();
        let stored = darkroom_develop::finish(picture, &settings.recipe)?.into_iter().map(async |encoded| {
            let key = key::variant(order.image_id, &build, &encoded.name, encoded.extension);
            store(s3, settings, key, encoded).await
        });
        let variant = try_join_all(stored).await?.into_iter().reduce(Variant::before);
        variant
            .map(|variant| (name, variant))
            .ok_or_else(|| Error::new(ErrorCode::WorkerBug, "a variant without files"))
    });
    let variants: BTreeMap<_, _> = try_join_all(made).await?.into_iter().collect();
    let stats = WorkStats {
        bytes_in,
        bytes_out: variants.values().flat_map(Variant::files).map(|file| file.bytes).sum(),
        pixels_in: 0, // counted once, where the original is decoded
    };
    let source = developed.validated.image.clone();
    let stored_bytes = source.bytes + stats.bytes_out;
    let record = Publication {
        source: Attribute(source),
        facts: Attribute(PublishedFacts { picture: developed.facts.clone(), stored_bytes }),
        variants: Attribute(variants),
    };
    Ok((Output { order: developed.finished(), record }, stats))
}

/// Stale pixels send the photo back to *Create variants*, a few times.
fn again(developed: &Developed, error: Error) -> Error {
    let rounds = developed.validated.rounds;
    if error.code != ErrorCode::TransientStaleWork || rounds < MOST_ROUNDS {
        return error;
    }
    let why = format!("resize and watermark do not come together in {rounds} rounds: {}", error.detail);
    Error::new(ErrorCode::WorkerMisconfigured, why)
}

async fn unpacked(s3: &impl ReadWork, settings: &Settings, key: &str) -> Result<(u64, Vec<Picture>), Error> {
    let packed = s3.read_work(&settings.images_bucket, key).await?;
    let pictures = handover::unpack(&packed).map_err(|error| darkroom_develop::fault(&error))?;
    Ok((packed.len() as u64, pictures))
}

async fn store(s3: &impl WriteImage, settings: &Settings, key: String, encoded: Encoded) -> Result<Variant, Error> {
    let Encoded { width, height, content_type, bytes, .. } = encoded;
    let variant = Variant {
        key,
        width,
        height,
        bytes: bytes.len() as u64,
        content_type: content_type.into(),
        alternatives: Vec::new(),
    };
    let object = NewObject {
        bucket: &settings.images_bucket,
        key: &variant.key,
        kms_key_arn: &settings.kms_key_arn,
        content_type,
        cache_control: FOR_EVER,
        bytes,
    };
    s3.write_image(object).await?;
    Ok(variant)
}

#[cfg(test)]
mod tests;
