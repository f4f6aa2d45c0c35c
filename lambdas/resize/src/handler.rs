//! Original in, a lossless work file out: JPEG loss happens once, in the next state.

use darkroom_aws::storage::{NewObject, ReadOriginal, WriteImage};
use darkroom_domain::order::{Developed, Validated};
use darkroom_domain::{Error, ErrorCode, key};
use darkroom_imaging::{Limits, Recipe, develop_around, handover};
use darkroom_runtime::{config::Config, worker::WorkStats};

/// Values of the environment and the settings.
pub struct Settings {
    /// The bucket of originals.
    pub originals_bucket: String,
    /// The bucket of work files.
    pub images_bucket: String,
    /// The key that encrypts them.
    pub kms_key_arn: String,
    /// The recipe.
    pub recipe: Recipe,
    /// The limits of an upload.
    pub limits: Limits,
}

impl Settings {
    /// Reads them.
    pub fn from(config: &Config) -> Result<Self, Error> {
        Ok(Self {
            originals_bucket: config.require("ORIGINALS_BUCKET")?,
            images_bucket: config.require("IMAGES_BUCKET")?,
            kms_key_arn: config.require("STORAGE_KEY_ARN")?,
            recipe: darkroom_develop::recipe()?,
            limits: darkroom_develop::limits(),
        })
    }
}

/// Carries out one work order: makes the variants' pixels and stores the work file. A second run writes the same bytes
/// under the same key (R16).
pub async fn handle<S: ReadOriginal + WriteImage>(
    s3: &S,
    settings: &Settings,
    validated: Validated,
) -> Result<(Developed, WorkStats), Error> {
    if validated.order.source.bucket != settings.originals_bucket {
        return Err(Error::new(ErrorCode::WorkerBadInput, "the order names another bucket"));
    }
    let original = s3.read_original(&validated.order.source).await?;
    let focus = darkroom_develop::focal_point(&validated.order, &settings.recipe);
    let developed = develop_around(&original, &settings.recipe, &settings.limits, focus)
        .map_err(|e| darkroom_develop::rejection(&e))?;
    let image = darkroom_develop::whole_source_facts(&developed.facts, original.len() as u64);
    let validated = Validated { image, ..validated };
    let facts = darkroom_develop::picture_facts(&original, developed.facts);
    let mut stats = WorkStats {
        bytes_in: original.len() as u64,
        bytes_out: 0,
        pixels_in: u64::from(validated.image.width) * u64::from(validated.image.height),
    };
    drop(original);

    let order = &validated.order;
    let build = darkroom_develop::build(order, &settings.recipe);
    let work_key = key::work(order.image_id, &build, handover::VERSION);
    let bytes = handover::pack(&developed.pictures);
    drop(developed.pictures);
    stats.bytes_out = bytes.len() as u64;
    s3.write_image(NewObject {
        bucket: &settings.images_bucket,
        key: &work_key,
        kms_key_arn: &settings.kms_key_arn,
        content_type: handover::CONTENT_TYPE,
        cache_control: "no-store",
        bytes,
    })
    .await?;
    Ok((validated.developed(work_key, facts), stats))
}

#[cfg(test)]
mod tests;
