//! The removal of a photo whose deletion has begun, in an order that may be cut off anywhere and repeated
//! (docs/adr/0034-deletion.md).

use super::edit_record::DeleteRecord;
use super::removal::RemoveObjects;
use darkroom_domain::id::{ImageId, OwnerId};
use darkroom_domain::{Error, key};
use time::OffsetDateTime;

/// Where the objects of photos are.
#[derive(Clone, Copy, Debug)]
pub struct Buckets<'a> {
    /// The bucket of originals.
    pub originals: &'a str,
    /// The bucket of work files and variants.
    pub images: &'a str,
}

/// Removes all that is left of a photo whose record says `deleting`, and the record last.
pub async fn remove_photo(
    table: &impl DeleteRecord,
    objects: &impl RemoveObjects,
    buckets: Buckets<'_>,
    owner: &OwnerId,
    image: ImageId,
    now: OffsetDateTime,
) -> Result<(), Error> {
    // Before any object is removed, so that an original that arrives late is known to be of a deleted photo.
    table.remember_deletion(owner, image, now).await?;
    // The original first: without it, an execution that an operator starts again makes nothing new.
    objects.remove_objects(buckets.originals, &key::upload(owner, image)).await?;
    for made in key::made_of(image) {
        objects.remove_objects(buckets.images, &made).await?;
    }
    table.finish_deletion(owner, image).await
}
