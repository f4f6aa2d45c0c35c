//! A photo's record as operators see it: without its owner, file name and caption.

use super::Watch;
use crate::steps::as_text;
use darkroom_aws::acts::ReadActs;
use darkroom_aws::deliveries::TellDeliveries;
use darkroom_aws::derived_key::DeriveKey;
use darkroom_aws::memory::TellDeletion;
use darkroom_aws::queues::MeasureQueue;
use darkroom_aws::records::ReadRecord;
use darkroom_aws::watching::WatchExecutions;
use darkroom_domain::cause::Cause;
use darkroom_domain::delivery::Delivery;
use darkroom_domain::id::{ImageId, OwnerId};
use darkroom_domain::record::{Record, Status, VariantFile};
use darkroom_domain::timestamp::rfc3339;
use darkroom_domain::{Error, ErrorCode};
use darkroom_runtime::api::{Answer, Problem, Request};
use futures::future::try_join3;
use serde::Serialize;
use time::OffsetDateTime;

#[derive(Serialize)]
struct ImageView<'a> {
    #[serde(serialize_with = "as_text")]
    at: OffsetDateTime,
    image_id: ImageId,
    #[serde(skip_serializing_if = "Option::is_none")]
    record: Option<RecordView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    deleted_at: Option<String>,
    deliveries: Vec<Delivery>,
}

/// What the table has of a photo.
#[derive(Default)]
pub(super) struct Photo {
    pub record: Option<Record>,
    pub deleted_at: Option<String>,
    /// Of its announcements, to its owner's webhook.
    pub deliveries: Vec<Delivery>,
}

#[derive(Serialize)]
pub(super) struct RecordView<'a> {
    status: Status,
    created_at: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    arrived_at: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    began_at: Option<&'a str>,
    updated_at: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    awaited_until: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    version_execution: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<Status>,
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome_at: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rerendered_at: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rerendered_by: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stage: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    release: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    execution: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    docs: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    format: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    width: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    height: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bytes: Option<u64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    variants: Vec<VariantView<'a>>,
}

#[derive(Serialize)]
struct VariantView<'a> {
    name: &'a str,
    width: u32,
    height: u32,
    bytes: u64,
    content_type: &'a str,
}

impl<M, Q, T, K> Watch<M, Q, T, K>
where
    M: WatchExecutions,
    Q: MeasureQueue,
    T: ReadActs + ReadRecord + TellDeletion + TellDeliveries,
    K: DeriveKey,
{
    pub(super) async fn image(&self, request: &Request) -> Result<Answer, Problem> {
        let owner = match request.query("owner_id")? {
            Some(owner) => {
                OwnerId::parse(owner).map_err(|_| Problem::field("owner_id", "must be the id of an owner"))?
            }
            None => OwnerId::operator(),
        };
        let image_id = ImageId::parse(request.path("image_id"))?;
        let Photo { record, deleted_at, deliveries } = self.photo(&owner, image_id).await?;
        if record.is_none() && deleted_at.is_none() {
            return Err(ErrorCode::RequestNotFound.into());
        }
        let record = record.as_ref().map(Into::into);
        Ok(Answer::json(200, &ImageView { at: request.arrived(), image_id, record, deleted_at, deliveries })?)
    }

    pub(super) async fn photo(&self, owner: &OwnerId, image: ImageId) -> Result<Photo, Error> {
        let (record, deleted_at) = (self.table.read_record(owner, image), self.table.deleted_at(owner, image));
        let (record, deleted_at, deliveries) =
            try_join3(record, deleted_at, self.table.deliveries(owner, image)).await?;
        Ok(Photo { record, deleted_at, deliveries })
    }
}

impl<'a> From<&'a Record> for RecordView<'a> {
    fn from(record: &'a Record) -> Self {
        let (outcome, source) = (record.outcome.as_ref(), record.source.as_ref());
        let cause = outcome.and_then(|outcome| outcome.message.as_deref()).map(Cause::read);
        let (message, release) = cause.map_or((None, None), |cause| (Some(cause.message), cause.release));
        Self {
            status: record.status,
            created_at: &record.created_at,
            arrived_at: record.arrived_at.as_deref(),
            began_at: record.began_at.as_deref(),
            updated_at: &record.updated_at,
            awaited_until: awaited_until(record),
            version_execution: record.execution.as_deref(),
            outcome: outcome.map(|outcome| outcome.outcome),
            outcome_at: outcome.and_then(|outcome| outcome.at.as_deref()),
            rerendered_at: record.rerendered.as_ref().map(|rerendered| rerendered.at.as_str()),
            rerendered_by: record.rerendered.as_ref().map(|rerendered| rerendered.by.as_str()),
            code: outcome.and_then(|outcome| outcome.code.as_deref()),
            stage: outcome.and_then(|outcome| outcome.stage.as_deref()),
            message,
            release,
            execution: outcome.and_then(|outcome| outcome.execution.as_deref()),
            docs: outcome.and_then(|outcome| outcome.docs.as_deref()),
            format: source.map(|source| source.format.as_str()),
            width: source.map(|source| source.width),
            height: source.map(|source| source.height),
            bytes: source.map(|source| source.bytes),
            variants: record
                .variants
                .iter()
                .flat_map(|(name, variant)| {
                    let (width, height) = (variant.width, variant.height);
                    let view = move |VariantFile { bytes, content_type, .. }| VariantView {
                        name,
                        width,
                        height,
                        bytes,
                        content_type,
                    };
                    variant.files().map(view)
                })
                .collect(),
        }
    }
}

/// Until when an unused ticket is valid. A ticket of an earlier release has only `expires_at` for its expiry.
fn awaited_until(record: &Record) -> Option<String> {
    let until = record.awaited_until.or(record.expires_at).filter(|_| record.status == Status::AwaitingUpload)?;
    OffsetDateTime::from_unix_timestamp(until).ok().map(rfc3339)
}
