//! Lists: mine, and what others show to everybody.

use super::Images;
use darkroom_aws::derived_key::DeriveKey;
use darkroom_aws::listing::ListRecords;
use darkroom_aws::signing::SignDownload;
use darkroom_domain::id::AlbumId;
use darkroom_domain::range::{IdRange, ListScope};
use darkroom_domain::record::{Record, Status};
use darkroom_gallery::page::{self, Page, PageRequest};
use darkroom_gallery::show::{Audience, in_lists};
use darkroom_runtime::api::{Answer, Problem, Request};
use time::Date;
use time::macros::format_description;

impl<T: ListRecords, S: SignDownload, K: DeriveKey> Images<T, S, K> {
    pub(super) async fn mine(&self, request: &Request) -> Result<Answer, Problem> {
        let owner = request.owner(&self.client_id)?;
        let status = request.query("status")?.map(status).transpose()?;
        let album = request.query("album_id")?.map(album).transpose()?;
        let (from, to) = (day(request, "from")?, day(request, "to")?);
        let range = IdRange::of_days(from, to).ok_or_else(|| Problem::field("from", "must not be after `to`"))?;
        let context = format!("mine {owner} {status:?} {album:?} {from:?} {to:?}");
        let asked = PageRequest::of(request, &self.cursors, range, context).await?;
        let scope = album.map_or(ListScope::Owner(&owner), |album| ListScope::Album(&owner, album));
        self.page(request, scope, status, &asked, |_| Audience::Owner).await
    }

    pub(super) async fn public(&self, request: &Request) -> Result<Answer, Problem> {
        let me = request.owner(&self.client_id)?;
        let asked = PageRequest::of(request, &self.cursors, IdRange::ALL, format!("public {me}")).await?;
        let audience = |record: &Record| if record.owner_id == me { Audience::Owner } else { Audience::Visitor };
        self.page(request, ListScope::Public, Some(Status::Ready), &asked, audience).await
    }

    async fn page(
        &self,
        request: &Request,
        scope: ListScope<'_>,
        status: Option<Status>,
        asked: &PageRequest,
        audience: impl Fn(&Record) -> Audience,
    ) -> Result<Answer, Problem> {
        let now = request.arrived();
        let (records, last) = page::records(&self.table, scope, status, asked, now.unix_timestamp()).await?;
        let mut items = Vec::with_capacity(records.len());
        for record in &records {
            items.push(self.showcase.show(record, audience(record), in_lists(), now).await?);
        }
        let next_cursor = match last {
            Some(last) => Some(asked.cursor(&self.cursors, last).await?),
            None => None,
        };
        tracing::info!(items = items.len(), more = next_cursor.is_some(), "listed");
        Ok(Answer::json(200, &Page { items, next_cursor })?)
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
