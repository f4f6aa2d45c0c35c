//! Shows an image to its owner: where it is in its life, what it looks like, and where its variants are.

use crate::disposition;
use darkroom::aws::records::ReadRecord;
use darkroom::aws::signing::{Download, Lifetime, SignDownload};
use darkroom::runtime::api::{Answer, Problem, Request};
use darkroom::runtime::rfc3339;
use darkroom_domain::id::{ImageId, OwnerId};
use darkroom_domain::record::{PictureFacts, Record, SourceFacts, Status, Variant};
use darkroom_domain::settings::{LIMITS, RECIPE};
use darkroom_domain::{Error, ErrorCode};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::LazyLock;
use std::time::Duration;
use time::OffsetDateTime;

/// The route and what it needs.
pub struct Images<T, S> {
    pub records: T,
    pub objects: S,
    pub table: String,
    pub bucket: String,
    pub client_id: String,
    pub docs_url: String,
}

/// The sizes that can be asked for: the names of the recipe's variants.
static SIZES: LazyLock<Vec<String>> = LazyLock::new(|| {
    #[derive(Deserialize)]
    struct Named {
        name: String,
    }
    #[derive(Deserialize)]
    struct Recipe {
        variants: Vec<Named>,
    }
    let recipe: Recipe = serde_json::from_str(RECIPE).expect("tested below");
    recipe.variants.into_iter().map(|variant| variant.name).collect()
});

#[derive(Serialize)]
struct Shown<'a> {
    image_id: ImageId,
    status: Status,
    #[serde(skip_serializing_if = "Option::is_none")]
    filename: Option<&'a str>,
    created_at: &'a str,
    updated_at: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<ShownOutcome<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<&'a SourceFacts>,
    #[serde(skip_serializing_if = "Option::is_none")]
    facts: Option<&'a PictureFacts>,
    #[serde(skip_serializing_if = "Option::is_none")]
    variants: Option<BTreeMap<&'a str, ShownVariant<'a>>>,
}

#[derive(Serialize)]
struct ShownOutcome<'a> {
    code: &'a str,
    message: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    stage: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    execution: Option<&'a str>,
    docs: String,
}

#[derive(Serialize)]
struct ShownVariant<'a> {
    url: String,
    expires_at: String,
    width: u32,
    height: u32,
    bytes: u64,
    content_type: &'a str,
}

impl<T: ReadRecord, S: SignDownload> Images<T, S> {
    /// Answers one request.
    pub async fn handle(&self, request: &Request) -> Result<Answer, Problem> {
        match request.route() {
            ("GET", "/image/{image_id}") => self.image(request).await,
            _ => Err(ErrorCode::RequestNotFound.into()),
        }
    }

    async fn image(&self, request: &Request) -> Result<Answer, Problem> {
        let owner = request.owner(&self.client_id)?;
        let size = request.query("size")?;
        if size.is_some_and(|size| !SIZES.iter().any(|known| known == size)) {
            return Err(Problem::field("size", format!("must be one of {}", SIZES.join(", "))));
        }
        let image = ImageId::parse(request.path("image_id"))?;
        let record = self.find(&owner, image, request.arrived()).await?;
        tracing::info!(image_id = %image, state = record.status.as_str(), "found");
        let shown = self.show(&record, size, request.arrived()).await?;
        match record.status {
            Status::AwaitingUpload => Ok(Answer::json(202, &shown)?.with("retry-after", "5")),
            Status::Processing => Ok(Answer::json(202, &shown)?.with("retry-after", "1")),
            Status::Ready | Status::Rejected | Status::Failed => {
                Ok(Answer::json(200, &shown)?.kept("private, no-cache", request))
            }
        }
    }

    /// The owner's record. Not found and not theirs is the same, by the table's key.
    async fn find(&self, owner: &OwnerId, image: ImageId, now: OffsetDateTime) -> Result<Record, Problem> {
        let record = self.records.read_record(&self.table, owner, image).await?;
        // The table takes up to two days to forget what has expired.
        let alive = |record: &Record| record.expires_at.is_none_or(|at| at > now.unix_timestamp());
        record.filter(alive).ok_or_else(|| ErrorCode::RequestNotFound.into())
    }

    async fn show<'a>(
        &self,
        record: &'a Record,
        size: Option<&str>,
        now: OffsetDateTime,
    ) -> Result<Shown<'a>, Problem> {
        let ready = record.status == Status::Ready;
        let variants = if ready { Some(self.links(record, size, now).await?) } else { None };
        Ok(Shown {
            image_id: record.image_id,
            status: record.status,
            filename: record.filename.as_deref(),
            created_at: &record.created_at,
            updated_at: &record.updated_at,
            outcome: self.outcome(record),
            // Facts and variants of an earlier version say nothing of the one that is being developed.
            source: record.source.as_ref().filter(|_| ready),
            facts: record.facts.as_ref().filter(|_| ready),
            variants,
        })
    }

    fn outcome<'a>(&self, record: &'a Record) -> Option<ShownOutcome<'a>> {
        let outcome = record.outcome.as_ref()?;
        let code = outcome.code.as_deref()?;
        let docs = || format!("{}#{code}", self.docs_url);
        matches!(record.status, Status::Rejected | Status::Failed).then(|| ShownOutcome {
            code,
            message: outcome.public_message().unwrap_or(ErrorCode::WorkerBug.message()),
            stage: outcome.stage.as_deref(),
            execution: outcome.execution.as_deref(),
            docs: outcome.docs.clone().unwrap_or_else(docs),
        })
    }

    async fn links<'a>(
        &self,
        record: &'a Record,
        size: Option<&str>,
        now: OffsetDateTime,
    ) -> Result<BTreeMap<&'a str, ShownVariant<'a>>, Problem> {
        let life = lifetime(now);
        let mut links = BTreeMap::new();
        for (name, variant) in &record.variants {
            if size.is_none_or(|size| size == name) {
                links.insert(name.as_str(), self.link(record, name, variant, life).await?);
            }
        }
        if size.is_some() && links.is_empty() {
            return Err(Problem::from(ErrorCode::RequestNotFound).detail("This image has no variant of that size."));
        }
        Ok(links)
    }

    async fn link<'a>(
        &self,
        record: &Record,
        name: &str,
        variant: &'a Variant,
        life: Lifetime,
    ) -> Result<ShownVariant<'a>, Error> {
        let image_id = record.image_id.to_string();
        let filename = record.filename.as_deref().unwrap_or(&image_id);
        let download = Download {
            bucket: &self.bucket,
            key: &variant.key,
            disposition: &disposition::of(filename, name, &variant.content_type),
            // A variant never changes under its key, but the URL may be kept by its owner's browser only.
            cache_control: &format!("private, max-age={}, immutable", LIMITS.download_url_seconds),
        };
        Ok(ShownVariant {
            url: self.objects.sign_download(download, life).await?,
            expires_at: rfc3339(life.end()),
            width: variant.width,
            height: variant.height,
            bytes: variant.bytes,
            content_type: &variant.content_type,
        })
    }
}

/// Links are signed as of the start of the running third of their life: within it they, and so the whole answer, stay
/// the same byte for byte, and a browser that asks again finds picture and answer in its cache. They are good for two
/// thirds of the set time at least, and never for more than all of it (R32).
fn lifetime(now: OffsetDateTime) -> Lifetime {
    let length = LIMITS.download_url_seconds;
    let third = i64::try_from(length / 3).unwrap_or(1).max(1);
    let start = now.unix_timestamp() - now.unix_timestamp().rem_euclid(third);
    let from = OffsetDateTime::from_unix_timestamp(start).unwrap_or(now);
    Lifetime { from, length: Duration::from_secs(length) }
}

#[cfg(test)]
mod tests;
