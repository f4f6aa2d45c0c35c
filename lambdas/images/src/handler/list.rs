//! Lists: the caller's photos, and public photos.

use super::{Images, owners};
use darkroom_aws::accounts::ReadListed;
use darkroom_aws::albums::ReadAlbum;
use darkroom_aws::derived_key::DeriveKey;
use darkroom_aws::listing::ListRecords;
use darkroom_aws::records::{Consistency, ReadRecords};
use darkroom_aws::signing::SignDownload;
use darkroom_domain::ErrorCode;
use darkroom_domain::cursor::CursorScope;
use darkroom_domain::id::{AlbumId, OwnerId};
use darkroom_domain::range::{IdRange, ListScope};
use darkroom_domain::record::{Record, Status};
use darkroom_gallery::ids;
use darkroom_gallery::merge::public_records;
use darkroom_gallery::page::{self, Page, PageRequest};
use darkroom_gallery::show::{Audience, Links, in_lists};
use darkroom_runtime::api::{Answer, Fields, Problem, Request};
use std::collections::HashMap;
use time::Date;
use time::macros::format_description;

impl<T: ListRecords + ReadRecords + ReadAlbum + ReadListed, S: SignDownload, K: DeriveKey> Images<T, S, K> {
    pub(super) async fn mine(&self, request: &Request) -> Result<Answer, Problem> {
        let owner = request.owner(&self.client_id)?;
        if let Some(ids) = request.query("ids")? {
            return self.named(request, &owner, ids).await;
        }
        let status = request.query("status")?.map(status).transpose()?;
        let album = request.query("album_id")?.map(album).transpose()?;
        let links = page::links(request, in_lists())?;
        let (from, to) = (day(request, "from")?, day(request, "to")?);
        let range = IdRange::of_days(from, to).ok_or_else(|| Problem::field("from", "must not be after `to`"))?;
        let list = CursorScope::Mine { owner: &owner, status, album, days: (from, to) };
        let asked = PageRequest::of(request, &self.cursors, range, list).await?;
        let scope = match album {
            None => ListScope::Owner(&owner),
            Some(album) => {
                self.check_album(&owner, album).await?;
                ListScope::Album(&owner, album)
            }
        };
        let found = page::records(&self.table, scope, status, &asked, request.arrived().unix_timestamp()).await?;
        self.page(request, found, &asked, links, |_| Audience::Owner, &HashMap::new()).await
    }

    pub(super) async fn public(&self, request: &Request) -> Result<Answer, Problem> {
        let me = request.owner(&self.client_id)?;
        let links = page::links(request, in_lists())?;
        let asked = PageRequest::of(request, &self.cursors, IdRange::ALL, CursorScope::Public(&me)).await?;
        let audience = |record: &Record| if record.owner_id == me { Audience::Owner } else { Audience::Visitor };
        let found = public_records(&self.table, &asked, request.arrived().unix_timestamp()).await?;
        let names = owners::names(&self.table, &found.0).await?;
        self.page(request, found, &asked, links, audience, &names).await
    }

    /// The owner's photos of these ids, in the order of the request.
    async fn named(&self, request: &Request, owner: &OwnerId, named: &str) -> Result<Answer, Problem> {
        let mut fields = Fields::default();
        let images = ids::read(named).unwrap_or_default();
        ids::check(&mut fields, "ids", &images);
        for other in ["status", "album_id", "from", "to", "limit", "cursor"] {
            fields.check(request.query(other)?.is_none(), other, || "cannot be asked for together with ids".into());
        }
        fields.done()?;
        let links = page::links(request, in_lists())?;
        let found = self.table.read_records(owner, &images, Consistency::Strong).await?;
        let found: Vec<_> = found.into_iter().filter(|record| record.is_there(request.arrived())).collect();
        let items = page::views(&self.showcase, &found, |_| Audience::Owner, links, request.arrived()).await?;
        let answer = Answer::json(200, &Page { items, next_cursor: None })?;
        Ok(answer.kept("private, no-cache", request))
    }

    /// The album's owner is checked before its records are read: the end of a page would tell about records that are
    /// filtered out later.
    async fn check_album(&self, owner: &OwnerId, album: AlbumId) -> Result<(), Problem> {
        let found = self.table.read_album(owner, album).await?;
        found.filter(|album| !album.deleting).map(drop).ok_or_else(|| ErrorCode::RequestNotFound.into())
    }
}

impl<T, S: SignDownload, K: DeriveKey> Images<T, S, K> {
    /// These records, with the names of those owners who are named here.
    pub(super) async fn page(
        &self,
        request: &Request,
        (records, last): (Vec<Record>, Option<u128>),
        asked: &PageRequest<'_>,
        links: Links<'_>,
        audience: impl Fn(&Record) -> Audience,
        names: &HashMap<OwnerId, String>,
    ) -> Result<Answer, Problem> {
        let mut items = page::views(&self.showcase, &records, audience, links, request.arrived()).await?;
        for (item, record) in items.iter_mut().zip(&records) {
            owners::sign(item, &record.owner_id, names);
        }
        let next_cursor = match last {
            Some(last) => Some(asked.cursor(&self.cursors, last).await?),
            None => None,
        };
        tracing::info!(items = items.len(), more = next_cursor.is_some(), "listed");
        Ok(Answer::json(200, &Page { items, next_cursor })?.kept("private, no-cache", request))
    }
}

fn status(text: &str) -> Result<Status, Problem> {
    const SHOWN: [Status; 5] =
        [Status::AwaitingUpload, Status::Processing, Status::Ready, Status::Rejected, Status::Failed];
    let known = SHOWN.into_iter().find(|status| status.as_str() == text);
    known.ok_or_else(|| Problem::field("status", format!("must be one of {}", SHOWN.map(Status::as_str).join(", "))))
}

fn album(text: &str) -> Result<AlbumId, Problem> {
    AlbumId::parse(text).map_err(|_| Problem::field("album_id", "is not the id of an album"))
}

fn day(request: &Request, name: &str) -> Result<Option<Date>, Problem> {
    let parse = |text: &str| {
        let day = Date::parse(text, format_description!("[year]-[month]-[day]")).ok();
        day.filter(|_| text.len() == 10).ok_or_else(|| Problem::field(name, "must be a day such as 2026-01-31"))
    };
    request.query(name)?.map(parse).transpose()
}
