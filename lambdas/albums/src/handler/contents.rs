//! The count and the cover of albums. One read of the index `ready` serves all of the owner's albums, so that no
//! counter must follow photos that come, go, move or expire.

use super::{AlbumView, Albums};
use darkroom_aws::ready::{GlimpseReady, Seen};
use darkroom_aws::records::{Consistency, ReadRecords};
use darkroom_aws::signing::SignDownload;
use darkroom_aws::survey::survey;
use darkroom_domain::Error;
use darkroom_domain::album::Album;
use darkroom_domain::id::{AlbumId, ImageId, OwnerId};
use darkroom_domain::record::{Record, Status};
use darkroom_gallery::show::{Audience, in_lists};
use darkroom_runtime::api::Problem;
use std::collections::BTreeMap;
use time::OffsetDateTime;

/// The contents of an owner's albums.
pub(super) struct Contents {
    /// How many, and the newest of them.
    held: BTreeMap<AlbumId, (u64, ImageId)>,
    /// The newest photo of each shown album.
    covers: BTreeMap<ImageId, Record>,
}

impl<T: GlimpseReady + ReadRecords, S: SignDownload, K> Albums<T, S, K> {
    /// The contents of the owner's albums, without covers.
    pub(super) async fn look_into_all(&self, owner: &OwnerId) -> Result<Contents, Error> {
        let mut held = BTreeMap::new();
        for photo in survey(&self.table, owner, Seen::Albums).await?.photos {
            // The newest come first.
            let Some(album) = photo.album_id else { continue };
            held.entry(album).or_insert((0, photo.image_id)).0 += 1;
        }
        Ok(Contents { held, covers: BTreeMap::new() })
    }

    /// Reads the covers of these albums.
    pub(super) async fn read_covers(
        &self,
        contents: &mut Contents,
        owner: &OwnerId,
        albums: impl IntoIterator<Item = AlbumId>,
    ) -> Result<(), Error> {
        let newest = |album| contents.held.get(&album).map(|(_, newest)| *newest);
        let images: Vec<_> = albums.into_iter().filter_map(newest).collect();
        let records = self.table.read_records(owner, &images, Consistency::Eventual).await?;
        contents.covers = records.into_iter().map(|record| (record.image_id, record)).collect();
        Ok(())
    }

    /// The album as its owner sees it.
    pub(super) async fn show<'a>(
        &self,
        album: Album,
        contents: &'a Contents,
        now: OffsetDateTime,
    ) -> Result<AlbumView<'a>, Problem> {
        let held = contents.held.get(&album.id);
        // The index is some moments behind: the photo may have been moved or deleted since.
        let lies_here = |record: &&Record| record.album_id == Some(album.id) && record.status == Status::Ready;
        let cover = held.and_then(|(_, newest)| contents.covers.get(newest)).filter(lies_here);
        let cover = match cover {
            Some(record) => Some(self.showcase.show(record, Audience::Owner, in_lists(), now).await?),
            None => None,
        };
        Ok(AlbumView { count: Some(held.map_or(0, |(count, _)| *count)), cover, ..AlbumView::from(album) })
    }
}
