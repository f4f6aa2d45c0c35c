//! Deletion (R40). The record is taken out of reach first and forgotten last: whatever breaks in between, the owner can
//! ask again and the rest goes too (docs/adr/0034-deletion.md).

use super::Images;
use darkroom_aws::edit_record::{DeleteRecord, DeletionStart};
use darkroom_aws::removal::RemoveObjects;
use darkroom_domain::id::ImageId;
use darkroom_domain::{ErrorCode, key};
use darkroom_runtime::api::{Answer, Problem, Request};

impl<T: DeleteRecord, S: RemoveObjects, K> Images<T, S, K> {
    pub(super) async fn delete(&self, request: &Request) -> Result<Answer, Problem> {
        let owner = request.owner(&self.client_id)?;
        let image = ImageId::parse(request.path("image_id"))?;
        match self.table.begin_deletion(&owner, image, request.arrived()).await? {
            DeletionStart::Started => {}
            DeletionStart::NoImage => return Err(ErrorCode::RequestNotFound.into()),
            // What an execution writes after we have looked would stay behind for ever.
            DeletionStart::Busy => {
                let busy = Problem::from(ErrorCode::RequestConflict);
                return Err(busy.detail("The photo is being processed. It can be deleted in a moment.").retry_after(2));
            }
        }
        let (showcase, original) = (&self.showcase, key::upload(&owner, image));
        // The original first: without it, an execution that an operator starts again makes nothing new.
        showcase.objects.remove_objects(&self.originals_bucket, &original).await?;
        for made in key::made_of(image) {
            showcase.objects.remove_objects(&showcase.images_bucket, &made).await?;
        }
        self.table.finish_deletion(&owner, image).await?;
        tracing::info!(image_id = %image, "deleted");
        Ok(Answer::empty(204))
    }
}
