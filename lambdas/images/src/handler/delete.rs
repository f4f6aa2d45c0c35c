//! Deletion (R40). The record is hidden first and removed last, so if a step fails, the sweeper finishes the deletion, or
//! a second request of the owner does (docs/adr/0034-deletion.md).

use super::Images;
use darkroom_aws::deletion::{Buckets, remove_photo};
use darkroom_aws::edit_record::DeleteRecord;
use darkroom_aws::removal::RemoveObjects;
use darkroom_domain::id::{ImageId, OwnerId};
use darkroom_domain::protocol::DeletionStart;
use darkroom_domain::{Error, ErrorCode};
use darkroom_gallery::ids;
use darkroom_runtime::api::{Answer, Fields, Problem, Request};
use futures::{StreamExt, stream};
use serde::{Deserialize, Serialize};
use serde_json::json;
use time::OffsetDateTime;

/// Photos that one request deletes at the same time: each takes some eight calls, one after the other.
const AT_ONCE: usize = 10;
/// Seconds after which it is worth trying again while a photo is being processed.
const BUSY: u32 = 2;

/// The result for one photo.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Deletion {
    Deleted,
    NotFound,
    /// Objects that an execution writes after the removal would stay for ever.
    Processing,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ImageIds {
    image_ids: Vec<ImageId>,
}

#[derive(Serialize)]
struct Deleted {
    image_id: ImageId,
    result: Deletion,
}

impl<T: DeleteRecord, S: RemoveObjects, K> Images<T, S, K> {
    pub(super) async fn delete(&self, request: &Request) -> Result<Answer, Problem> {
        let owner = request.owner(&self.client_id)?;
        let image = ImageId::parse(request.path("image_id"))?;
        match self.remove(&owner, image, request.arrived()).await? {
            Deletion::Deleted => Ok(Answer::empty(204)),
            Deletion::NotFound => Err(ErrorCode::RequestNotFound.into()),
            Deletion::Processing => {
                let busy = Problem::from(ErrorCode::RequestConflict);
                Err(busy.detail("The photo is being processed. It can be deleted in a moment.").retry_after(BUSY))
            }
        }
    }

    /// Each by itself. One that fails does not stop the others, but the answer is its error: the next request deletes
    /// it.
    pub(super) async fn delete_some(&self, request: &Request) -> Result<Answer, Problem> {
        let owner = request.owner(&self.client_id)?;
        let ImageIds { image_ids } = request.json()?;
        let mut fields = Fields::default();
        ids::check(&mut fields, "image_ids", &image_ids);
        fields.done()?;
        let (owner, now) = (&owner, request.arrived());
        let remove = |image_id| async move {
            let result = self.remove(owner, image_id, now).await?;
            Ok(Deleted { image_id, result })
        };
        let results: Vec<Result<Deleted, Error>> =
            stream::iter(image_ids).map(remove).buffered(AT_ONCE).collect().await;
        let items = results.into_iter().collect::<Result<Vec<_>, _>>()?;
        let is_over = items.iter().all(|item| item.result != Deletion::Processing);
        let answer = Answer::json(200, &json!({ "items": items }))?;
        Ok(if is_over { answer } else { answer.with("retry-after", &BUSY.to_string()) })
    }

    async fn remove(&self, owner: &OwnerId, image: ImageId, now: OffsetDateTime) -> Result<Deletion, Error> {
        match self.table.begin_deletion(owner, image, now).await? {
            DeletionStart::Started => {}
            DeletionStart::NoImage => return Ok(Deletion::NotFound),
            DeletionStart::Busy => return Ok(Deletion::Processing),
        }
        let buckets = Buckets { originals: &self.originals_bucket, images: &self.showcase.images_bucket };
        remove_photo(&self.table, &self.showcase.objects, buckets, owner, image, now).await?;
        tracing::info!(image_id = %image, "deleted");
        Ok(Deletion::Deleted)
    }
}
