//! Original in, lossless work files out: JPEG loss happens once, in the next state.

use darkroom_aws::storage::{NewObject, ReadOriginal, WriteImage};
use darkroom_domain::order::{Developed, Validated, WorkFile, WorkOrder};
use darkroom_domain::{Error, ErrorCode, key};
use darkroom_imaging::{Limits, Picture, Recipe, develop, handover};
use darkroom_runtime::{config::Config, worker::WorkStats};
use futures::future::try_join_all;

/// What the environment and the settings say.
pub struct Settings {
    /// Where originals are.
    pub originals_bucket: String,
    /// Where work files go.
    pub images_bucket: String,
    /// What encrypts them.
    pub kms_key_arn: String,
    /// What to make.
    pub recipe: Recipe,
    /// What not even to try.
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

/// One work order: developed, its pixels on their way. Doing it again writes the same bytes under the same keys (R16).
pub async fn handle<S: ReadOriginal + WriteImage>(
    s3: &S,
    settings: &Settings,
    validated: Validated,
) -> Result<(Developed, WorkStats), Error> {
    if validated.order.source.bucket != settings.originals_bucket {
        return Err(Error::new(ErrorCode::WorkerBadInput, "the order names another bucket"));
    }
    let original = s3.read_original(&validated.order.source).await?;
    let developed =
        develop(&original, &settings.recipe, &settings.limits).map_err(|e| darkroom_develop::rejection(&e))?;
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
    let files = developed.pictures.into_iter().map(|picture| file(order, &settings.recipe, &picture));
    let (work, contents): (Vec<_>, Vec<_>) = files.unzip();
    stats.bytes_out = contents.iter().map(|bytes| bytes.len() as u64).sum();
    let writes = work.iter().zip(contents).map(|(file, bytes)| s3.write_image(object(settings, file, bytes)));
    try_join_all(writes).await?;
    Ok((validated.developed(work, facts), stats))
}

fn file(order: &WorkOrder, recipe: &Recipe, picture: &Picture) -> (WorkFile, Vec<u8>) {
    let build = key::build(&order.source.version_id, &recipe.hash());
    let name = picture.name().to_owned();
    let key = key::work(order.image_id, &build, &name);
    (WorkFile { name, key }, handover::pack(picture))
}

fn object<'a>(settings: &'a Settings, file: &'a WorkFile, bytes: Vec<u8>) -> NewObject<'a> {
    NewObject {
        bucket: &settings.images_bucket,
        key: &file.key,
        kms_key_arn: &settings.kms_key_arn,
        content_type: handover::CONTENT_TYPE,
        cache_control: "no-store",
        bytes,
    }
}

#[cfg(test)]
mod tests;
