//! The photos in an album: each lies in one at most, as a file lies in one folder.

use super::{Albums, album_id};
use darkroom_aws::albums::KeepAlbums;
use darkroom_aws::derived_key::DeriveKey;
use darkroom_aws::edit_record::{EditOutcome, EditRecords, RecordEdit};
use darkroom_aws::listing::{ListRecords, Listing};
use darkroom_aws::signing::SignDownload;
use darkroom_domain::ErrorCode;
use darkroom_domain::album::Album;
use darkroom_domain::id::{AlbumId, ImageId, OwnerId};
use darkroom_domain::range::{IdRange, ListScope};
use darkroom_domain::record::{Record, Status};
use darkroom_gallery::page::{self, Page, PageRequest};
use darkroom_gallery::show::{Audience, ImageView, Links, in_lists};
use darkroom_runtime::api::{Answer, Fields, Problem, Request};
use serde::Deserialize;
use std::collections::BTreeSet;
use time::OffsetDateTime;

/// Photos put into an album at once; with the album's own check one transaction of the table, which takes 100.
const ADDED_MAX: usize = 50;
/// Photos taken out of a deleted album by one transaction, and transactions by one request.
const TAKEN_OUT: i32 = 100;
const ROUNDS: usize = 10;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Added {
    image_ids: Vec<ImageId>,
}

impl<T, S, K> Albums<T, S, K>
where
    T: KeepAlbums + ListRecords + EditRecords,
    S: SignDownload,
    K: DeriveKey,
{
    pub(super) async fn photos(&self, request: &Request) -> Result<Answer, Problem> {
        let me = request.owner(&self.client_id)?;
        let album = album_id(request)?;
        let asked = PageRequest::of(request, &self.cursors, IdRange::ALL, format!("album {me} {album}")).await?;
        let (album, audience) = self.find_for(&me, album).await?;
        let (records, last) = self.records(&album, audience, &asked, request.arrived()).await?;
        Ok(Answer::json(200, &self.page(&records, last, audience, &asked, request.arrived()).await?)?)
    }

    pub(super) async fn add(&self, request: &Request) -> Result<Answer, Problem> {
        let owner = request.owner(&self.client_id)?;
        let album = album_id(request)?;
        let Added { image_ids } = request.json()?;
        let mut fields = Fields::default();
        let unique: BTreeSet<_> = image_ids.iter().collect();
        let fits = (1..=ADDED_MAX).contains(&image_ids.len()) && unique.len() == image_ids.len();
        fields.check(fits, "image_ids", || format!("must be 1 to {ADDED_MAX} ids, each once"));
        fields.done()?;
        let change = RecordEdit { album: Some(Some(album)), ..RecordEdit::default() };
        match self.table.edit_records(&owner, &image_ids, &change, request.arrived()).await? {
            EditOutcome::Done => {}
            EditOutcome::NoAlbum => return Err(ErrorCode::RequestNotFound.into()),
            EditOutcome::NoImage(at) => {
                return Err(Problem::field(&format!("image_ids[{at}]"), "is not one of your images"));
            }
        }
        tracing::info!(album_id = %album, images = image_ids.len(), "added");
        Ok(Answer::empty(204))
    }

    pub(super) async fn take_out(&self, request: &Request) -> Result<Answer, Problem> {
        let owner = request.owner(&self.client_id)?;
        let (album, image) = (album_id(request)?, ImageId::parse(request.path("image_id"))?);
        match self.table.edit_records(&owner, &[image], &out_of(album), request.arrived()).await? {
            EditOutcome::Done => Ok(Answer::empty(204)),
            EditOutcome::NoImage(_) | EditOutcome::NoAlbum => Err(ErrorCode::RequestNotFound.into()),
        }
    }

    /// Takes every photo out of the album, or as many as one request may.
    pub(super) async fn empty(&self, owner: &OwnerId, album: AlbumId, now: OffsetDateTime) -> Result<(), Problem> {
        let mut rest = Some(IdRange::ALL);
        for _ in 0..ROUNDS {
            let Some(range) = rest else { return Ok(()) };
            let scope = ListScope::Album(owner, album);
            let listing = Listing { scope, range, status: None, now: now.unix_timestamp(), look_at: TAKEN_OUT };
            let found = self.table.list_records(listing).await?;
            let mut images: Vec<_> = found.records.iter().map(|record| record.image_id).collect();
            // What the index shows may have been moved or deleted a moment ago: that one is left out.
            while !images.is_empty() {
                match self.table.edit_records(owner, &images, &out_of(album), now).await? {
                    EditOutcome::NoImage(at) => drop(images.remove(at)),
                    EditOutcome::Done | EditOutcome::NoAlbum => break,
                }
            }
            rest = found.rest;
        }
        if rest.is_none() {
            return Ok(());
        }
        let more = Problem::from(ErrorCode::RequestConflict);
        Err(more.detail("The album holds many photos. Ask again to take out the rest.").retry_after(1))
    }

    /// One page of the album. Others see only what is ready.
    pub(super) async fn records(
        &self,
        album: &Album,
        audience: Audience,
        asked: &PageRequest,
        now: OffsetDateTime,
    ) -> Result<(Vec<Record>, Option<u128>), Problem> {
        let status = (audience == Audience::Visitor).then_some(Status::Ready);
        let scope = ListScope::Album(&album.owner_id, album.id);
        Ok(page::records(&self.table, scope, status, asked, now.unix_timestamp()).await?)
    }

    /// For its owner with thumbnails; others cannot ask for each photo, so they get every link here.
    pub(super) async fn page<'a>(
        &self,
        records: &'a [Record],
        last: Option<u128>,
        audience: Audience,
        asked: &PageRequest,
        now: OffsetDateTime,
    ) -> Result<Page<ImageView<'a>>, Problem> {
        let links = if audience == Audience::Owner { in_lists() } else { Links::All };
        let mut items = Vec::with_capacity(records.len());
        for record in records {
            items.push(self.showcase.show(record, audience, links, now).await?);
        }
        let next_cursor = match last {
            Some(last) => Some(asked.cursor(&self.cursors, last).await?),
            None => None,
        };
        Ok(Page { items, next_cursor })
    }
}

fn out_of(album: AlbumId) -> RecordEdit {
    RecordEdit { album: Some(None), lies_in: Some(album), ..RecordEdit::default() }
}
