//! The photos in an album: each is in one at most, as a file is in one folder.

use super::{Albums, album_id};
use darkroom_aws::albums::KeepAlbums;
use darkroom_aws::derived_key::DeriveKey;
use darkroom_aws::edit_record::{EditOutcome, EditRecords, RecordEdit};
use darkroom_aws::empty_album::EmptyAlbum;
use darkroom_aws::listing::ListRecords;
use darkroom_aws::signing::SignDownload;
use darkroom_domain::ErrorCode;
use darkroom_domain::album::Album;
use darkroom_domain::cursor::CursorScope;
use darkroom_domain::id::{AlbumId, ImageId};
use darkroom_domain::range::{IdRange, ListScope};
use darkroom_domain::record::{Record, Status};
use darkroom_domain::timestamp::rfc3339;
use darkroom_gallery::ids;
use darkroom_gallery::page::{self, Page, PageRequest};
use darkroom_gallery::show::{Audience, ImageView, Links, in_lists};
use darkroom_runtime::api::{Answer, Fields, Problem, Request};
use futures::{StreamExt, TryStreamExt, stream};
use serde::Deserialize;
use time::OffsetDateTime;

/// Photos that one request takes out of a deleted album, more or less, and how many of them at once.
const TAKEN_OUT: usize = 1000;
const AT_ONCE: usize = 20;
/// The most queries of the owner's records in one request, of a thousand records or a megabyte each.
const ROUNDS: usize = 10;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Added {
    image_ids: Vec<ImageId>,
}

impl<T, S, K> Albums<T, S, K>
where
    T: KeepAlbums + EmptyAlbum + ListRecords + EditRecords,
    S: SignDownload,
    K: DeriveKey,
{
    pub(super) async fn photos(&self, request: &Request) -> Result<Answer, Problem> {
        let me = request.owner(&self.client_id)?;
        let album = album_id(request)?;
        let scope = CursorScope::Album(&me, album);
        // Other users cannot ask for single photos, so they get every link here unless `size` says otherwise.
        let (for_owner, for_others) = (page::links(request, in_lists())?, page::links(request, Links::All)?);
        let (album, audience) = self.find_for(&me, album).await?;
        // Behind the album: a cursor of the time when it was public would tell it from one that never was (R59).
        let asked = PageRequest::of(request, &self.cursors, IdRange::ALL, scope).await?;
        let (records, last) = self.records(&album, audience, &asked, request.arrived()).await?;
        let links = if audience == Audience::Owner { for_owner } else { for_others };
        let page = self.page(&records, last, (audience, links), &asked, request.arrived()).await?;
        Ok(Answer::json(200, &page)?.kept("private, no-cache", request))
    }

    pub(super) async fn add(&self, request: &Request) -> Result<Answer, Problem> {
        let owner = request.owner(&self.client_id)?;
        let album = album_id(request)?;
        let Added { image_ids } = request.json()?;
        let mut fields = Fields::default();
        ids::check(&mut fields, "image_ids", &image_ids);
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

    /// Takes every photo out of a closed album, or as many as one request may: the next request goes on where this one
    /// ended.
    pub(super) async fn empty(&self, album: &Album, now: OffsetDateTime) -> Result<(), Problem> {
        let (owner, id, now) = (&album.owner_id, album.id, rfc3339(now));
        let (mut rest, mut taken) = (album.emptied_from.map_or(Some(IdRange::ALL), below), 0);
        for _ in 0..ROUNDS {
            let Some(range) = rest.filter(|_| taken < TAKEN_OUT) else { break };
            let (images, left) = self.table.photos_in(owner, id, range).await?;
            taken += images.len();
            let take_out = |image| self.table.take_out(owner, id, image, &now);
            stream::iter(images).map(take_out).buffer_unordered(AT_ONCE).try_collect::<()>().await?;
            rest = left;
        }
        let Some(rest) = rest else { return Ok(()) };
        self.table.note_emptied(owner, id, ImageId::from_number(rest.above())).await?;
        let more = Problem::from(ErrorCode::RequestConflict);
        Err(more.detail("You have many photos. Ask again to look through the rest.").retry_after(1))
    }

    /// One page of the album. Other users see only ready photos.
    pub(super) async fn records(
        &self,
        album: &Album,
        audience: Audience,
        asked: &PageRequest<'_>,
        now: OffsetDateTime,
    ) -> Result<(Vec<Record>, Option<u128>), Problem> {
        let status = (audience == Audience::Visitor).then_some(Status::Ready);
        let scope = ListScope::Album(&album.owner_id, album.id);
        Ok(page::records(&self.table, scope, status, asked, now.unix_timestamp()).await?)
    }

    pub(super) async fn page<'a>(
        &self,
        records: &'a [Record],
        last: Option<u128>,
        (audience, links): (Audience, Links<'a>),
        asked: &PageRequest<'_>,
        now: OffsetDateTime,
    ) -> Result<Page<ImageView<'a>>, Problem> {
        let items = page::views(&self.showcase, records, |_| audience, links, now).await?;
        let next_cursor = match last {
            Some(last) => Some(asked.cursor(&self.cursors, last).await?),
            None => None,
        };
        Ok(Page { items, next_cursor })
    }
}

/// The range below a photo, without the photo.
fn below(image: ImageId) -> Option<IdRange> {
    IdRange::ALL.below(image.number())
}

fn out_of(album: AlbumId) -> RecordEdit {
    RecordEdit { album: Some(None), lies_in: Some(album), ..RecordEdit::default() }
}
