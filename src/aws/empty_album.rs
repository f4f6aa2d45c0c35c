//! Empties a closed album, so that no photo points at an album that does not exist. It reads the owner's records, not
//! the index `album`: the index may still lack a photo that was put in a moment before the album closed.

use super::albums::{is_missing, read_all};
use super::error::sdk_error;
use super::listing::last_id;
use super::records::{album_key, item_key, partition, text};
use super::table::Table;
use darkroom_domain::id::{AlbumId, ImageId, OwnerId};
use darkroom_domain::range::IdRange;
use darkroom_domain::{Error, ErrorCode};
use serde::Deserialize;

/// The highest number of records that one query of an owner's photos reads; the table's own limit is a megabyte.
const LOOKED_THROUGH: i32 = 1000;

/// The attributes that identify a photo.
#[derive(Deserialize)]
struct Named {
    image_id: ImageId,
}

/// May empty albums.
pub trait EmptyAlbum {
    /// The owner's photos in the album at this moment, newest first, as far as one query reads the range; and the range
    /// that is not read yet.
    fn photos_in(
        &self,
        owner: &OwnerId,
        album: AlbumId,
        range: IdRange,
    ) -> impl Future<Output = Result<(Vec<ImageId>, Option<IdRange>), Error>>;

    /// Takes the photo out of the album, if it is there.
    fn take_out(
        &self,
        owner: &OwnerId,
        album: AlbumId,
        image: ImageId,
        now: &str,
    ) -> impl Future<Output = Result<(), Error>>;

    /// Notes on a closed album that no photo from this id on is in it.
    fn note_emptied(&self, owner: &OwnerId, album: AlbumId, from: ImageId) -> impl Future<Output = Result<(), Error>>;
}

impl EmptyAlbum for Table {
    async fn photos_in(
        &self,
        owner: &OwnerId,
        album: AlbumId,
        range: IdRange,
    ) -> Result<(Vec<ImageId>, Option<IdRange>), Error> {
        let (first, last) = range.ends();
        let call = self
            .query()
            .scan_index_forward(false)
            // Reads the table, not the index, which may still lack a photo that was put in a moment ago.
            .consistent_read(true)
            .limit(LOOKED_THROUGH)
            .key_condition_expression("pk = :owner AND sk BETWEEN :first AND :last")
            .filter_expression("album_id = :album")
            .projection_expression("image_id")
            .expression_attribute_values(":owner", partition(owner))
            .expression_attribute_values(":first", text(format!("IMAGE#{first}")))
            .expression_attribute_values(":last", text(format!("IMAGE#{last}")))
            .expression_attribute_values(":album", text(album.to_string()));
        let answer = call.send().await;
        let answer = answer.map_err(|error| sdk_error("look through", ErrorCode::TransientUnavailable, &error))?;
        let rest = answer.last_evaluated_key.as_ref().map(last_id).transpose()?;
        let found: Vec<Named> = read_all(answer.items)?;
        let images = found.into_iter().map(|photo| photo.image_id).collect();
        Ok((images, rest.and_then(|id| range.below(id.number()))))
    }

    async fn take_out(&self, owner: &OwnerId, album: AlbumId, image: ImageId, now: &str) -> Result<(), Error> {
        let call = self
            .update_item()
            .set_key(Some(item_key(owner, image)))
            .update_expression("SET updated_at = :now REMOVE album_id")
            .condition_expression("album_id = :album")
            .expression_attribute_values(":now", text(now))
            .expression_attribute_values(":album", text(album.to_string()));
        match call.send().await {
            Ok(_) => Ok(()),
            // The photo was moved or deleted a moment ago.
            Err(error) if is_missing(error.as_service_error()) => Ok(()),
            Err(error) => Err(sdk_error("take a photo out", ErrorCode::TransientUnavailable, &error)),
        }
    }

    async fn note_emptied(&self, owner: &OwnerId, album: AlbumId, from: ImageId) -> Result<(), Error> {
        let call = self
            .update_item()
            .set_key(Some(album_key(owner, album)))
            .update_expression("SET emptied_from = :from")
            .condition_expression("attribute_exists(deleting)")
            .expression_attribute_values(":from", text(from.to_string()));
        match call.send().await {
            Ok(_) => Ok(()),
            // Another request was faster.
            Err(error) if is_missing(error.as_service_error()) => Ok(()),
            Err(error) => Err(sdk_error("note on the album", ErrorCode::TransientUnavailable, &error)),
        }
    }
}

#[cfg(test)]
mod tests;
