//! Share links: a token that only Darkroom can make, and an item in the table while the link is valid. Expired, revoked
//! and forged tokens, and tokens of albums that are private again, all get the same 404.

use super::{Albums, album_id};
use darkroom_aws::albums::{KeepAlbums, KeepLinks};
use darkroom_aws::derived_key::DeriveKey;
use darkroom_aws::edit_record::EditRecords;
use darkroom_aws::empty_album::EmptyAlbum;
use darkroom_aws::listing::ListRecords;
use darkroom_aws::signing::SignDownload;
use darkroom_domain::album::{AlbumVisibility, Link, Shared};
use darkroom_domain::cursor::CursorScope;
use darkroom_domain::id::{AlbumId, LinkId, OwnerId};
use darkroom_domain::range::IdRange;
use darkroom_domain::settings::LIMITS;
use darkroom_domain::timestamp::rfc3339;
use darkroom_domain::{Error, ErrorCode};
use darkroom_gallery::page::{Page, PageRequest};
use darkroom_gallery::show::{Audience, ImageView, Links};
use darkroom_runtime::api::{Answer, Fields, Problem, Request, no_null};
use futures::future::try_join;
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

/// The shortest life of a link: it must outlive the message in which it is sent.
const SECONDS_MIN: u64 = 60;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewLink {
    #[serde(default, deserialize_with = "no_null")]
    expires_in_seconds: Option<u64>,
}

#[derive(Serialize)]
struct LinkView {
    link_id: LinkId,
    /// Relative to the API's URL.
    url: String,
    created_at: String,
    expires_at: String,
}

#[derive(Serialize)]
struct SharedAlbum<'a> {
    title: &'a str,
    /// When the link expires.
    expires_at: String,
    #[serde(flatten)]
    page: Page<ImageView<'a>>,
}

impl<T, S, K> Albums<T, S, K>
where
    T: KeepAlbums + EmptyAlbum + KeepLinks + ListRecords + EditRecords,
    S: SignDownload,
    K: DeriveKey,
{
    pub(super) async fn share(&self, request: &Request) -> Result<Answer, Problem> {
        let owner = request.owner(&self.client_id)?;
        let album = album_id(request)?;
        let NewLink { expires_in_seconds } = request.json()?;
        let seconds = expires_in_seconds.unwrap_or(LIMITS.share_link_s);
        let (fits, mut fields) = (SECONDS_MIN..=LIMITS.share_link_max_s, Fields::default());
        fields.check(fits.contains(&seconds), "expires_in_seconds", || {
            format!("must be {SECONDS_MIN} to {}", LIMITS.share_link_max_s)
        });
        fields.done()?;
        if self.find(&owner, album).await?.visibility == AlbumVisibility::Private {
            let private = Problem::from(ErrorCode::RequestConflict);
            return Err(private.detail("The album is private. Change its visibility to `link` or `public` first."));
        }
        let now = request.arrived();
        let ends = now + Duration::seconds(i64::try_from(seconds).unwrap_or(i64::MAX));
        let link = Link { link_id: LinkId::new(), created_at: rfc3339(now), expires_at: ends.unix_timestamp() };
        self.table.create_link(&owner, album, &link).await?;
        tracing::info!(album_id = %album, link_id = %link.link_id, "shared");
        let shown = self.show_link(&owner, album, link).await?;
        let location = shown.url.clone();
        Ok(Answer::json(201, &shown)?.with("location", &location))
    }

    pub(super) async fn links(&self, request: &Request) -> Result<Answer, Problem> {
        let owner = request.owner(&self.client_id)?;
        let album = album_id(request)?;
        let asked = PageRequest::of(request, &self.cursors, IdRange::ALL, CursorScope::Links(&owner, album)).await?;
        self.find(&owner, album).await?;
        let Some(range) = asked.range else { return Ok(Answer::json(200, &Page::<LinkView>::empty())?) };
        let mut links = self.table.list_links((&owner, album), range, asked.limit + 1).await?;
        let next_cursor = if links.len() > asked.limit {
            links.truncate(asked.limit);
            let last = links.last().map(|link| link.link_id.number()).unwrap_or_default();
            Some(asked.cursor(&self.cursors, last).await?)
        } else {
            None
        };
        let mut items = Vec::with_capacity(links.len());
        for link in links.into_iter().filter(|link| is_good(link, request.arrived())) {
            items.push(self.show_link(&owner, album, link).await?);
        }
        Ok(Answer::json(200, &Page { items, next_cursor })?)
    }

    pub(super) async fn revoke(&self, request: &Request) -> Result<Answer, Problem> {
        let owner = request.owner(&self.client_id)?;
        let (album, link) = (album_id(request)?, LinkId::parse(request.path("link_id"))?);
        let revoked = self.table.delete_link(&owner, album, link).await?;
        tracing::info!(album_id = %album, link_id = %link, revoked, "link revoked");
        if revoked { Ok(Answer::empty(204)) } else { Err(ErrorCode::RequestNotFound.into()) }
    }

    /// For anybody who has the link. The answer holds only the title and the pictures.
    pub(super) async fn shared(&self, request: &Request) -> Result<Answer, Problem> {
        let nowhere = || Problem::from(ErrorCode::RequestNotFound);
        let payload = self.shares.key().await?.open(request.path("token"), b"").ok_or_else(nowhere)?;
        let Shared { owner, album, link } = Shared::read(&payload).ok_or_else(nowhere)?;
        let found = self.table.read_link(&owner, album, link);
        let (found, open) = try_join(found, self.table.read_album(&owner, album)).await?;
        let now = request.arrived();
        let good = found.filter(|link| is_good(link, now)).ok_or_else(nowhere)?;
        let open = open.filter(|album| !album.deleting && album.visibility != AlbumVisibility::Private);
        let open = open.ok_or_else(nowhere)?;
        // Behind the link: what is wrong with the query would tell a link that has ended from one that never was (R59).
        let asked = PageRequest::of(request, &self.cursors, IdRange::ALL, CursorScope::Shared(album, link)).await?;
        let (records, last) = self.records(&open, Audience::Visitor, &asked, now).await?;
        let page = self.page(&records, last, (Audience::Visitor, Links::All), &asked, now).await?;
        Ok(Answer::json(200, &SharedAlbum { title: &open.title, expires_at: end_of(&good)?, page })?)
    }

    async fn show_link(&self, owner: &OwnerId, album: AlbumId, link: Link) -> Result<LinkView, Error> {
        let shared = Shared { owner: owner.clone(), album, link: link.link_id };
        let token = self.shares.key().await?.seal(&shared.to_bytes(), b"");
        let expires_at = end_of(&link)?;
        let Link { link_id, created_at, .. } = link;
        Ok(LinkView { link_id, url: format!("shared/{token}"), created_at, expires_at })
    }
}

fn end_of(link: &Link) -> Result<String, Error> {
    OffsetDateTime::from_unix_timestamp(link.expires_at)
        .map(rfc3339)
        .map_err(|why| Error::new(ErrorCode::WorkerBadInput, format!("end of a link: {why}")))
}

/// The table takes up to two days to delete expired items.
fn is_good(link: &Link, now: OffsetDateTime) -> bool {
    link.expires_at > now.unix_timestamp()
}
