//! The routes of albums. An album is its owner's; somebody else sees it by its id if it is public, or by a share link.

mod links;
mod photos;

use darkroom_aws::albums::{KeepAlbums, KeepLinks};
use darkroom_aws::derived_key::{DeriveKey, DerivedKey};
use darkroom_aws::edit_record::EditRecords;
use darkroom_aws::listing::ListRecords;
use darkroom_aws::signing::SignDownload;
use darkroom_domain::ErrorCode;
use darkroom_domain::album::{Album, AlbumVisibility};
use darkroom_domain::id::{AlbumId, OwnerId};
use darkroom_domain::range::IdRange;
use darkroom_domain::timestamp::rfc3339;
use darkroom_gallery::page::{Page, PageRequest};
use darkroom_gallery::show::{Audience, Showcase};
use darkroom_gallery::text;
use darkroom_runtime::api::{Answer, Fields, Problem, Request, no_null};
use serde::{Deserialize, Serialize};

/// The routes and what they need.
pub struct Albums<T, S, K> {
    pub table: T,
    pub showcase: Showcase<S>,
    pub cursors: DerivedKey<K>,
    pub shares: DerivedKey<K>,
    pub client_id: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewAlbum {
    title: String,
    #[serde(default)]
    visibility: AlbumVisibility,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AlbumChange {
    #[serde(default, deserialize_with = "no_null")]
    title: Option<String>,
    #[serde(default, deserialize_with = "no_null")]
    visibility: Option<AlbumVisibility>,
}

#[derive(Serialize)]
struct AlbumView {
    album_id: AlbumId,
    title: String,
    visibility: AlbumVisibility,
    created_at: String,
    updated_at: String,
}

impl<T, S, K> Albums<T, S, K>
where
    T: KeepAlbums + KeepLinks + ListRecords + EditRecords,
    S: SignDownload,
    K: DeriveKey,
{
    /// Answers one request.
    pub async fn handle(&self, request: &Request) -> Result<Answer, Problem> {
        match request.route() {
            ("GET", "/albums") => self.list(request).await,
            ("POST", "/albums") => self.create(request).await,
            ("GET", "/albums/{album_id}") => self.album(request).await,
            ("PATCH", "/albums/{album_id}") => self.change(request).await,
            ("DELETE", "/albums/{album_id}") => self.delete(request).await,
            ("GET", "/albums/{album_id}/images") => self.photos(request).await,
            ("POST", "/albums/{album_id}/images") => self.add(request).await,
            ("DELETE", "/albums/{album_id}/images/{image_id}") => self.take_out(request).await,
            ("GET", "/albums/{album_id}/links") => self.links(request).await,
            ("POST", "/albums/{album_id}/links") => self.share(request).await,
            ("DELETE", "/albums/{album_id}/links/{link_id}") => self.revoke(request).await,
            ("GET", "/shared/{token}") => self.shared(request).await,
            _ => Err(ErrorCode::RequestNotFound.into()),
        }
    }

    async fn list(&self, request: &Request) -> Result<Answer, Problem> {
        let owner = request.owner(&self.client_id)?;
        let asked = PageRequest::of(request, &self.cursors, IdRange::ALL, format!("albums {owner}")).await?;
        let Some(range) = asked.range else { return Ok(Answer::json(200, &Page::<AlbumView>::empty())?) };
        // One more than the page holds tells whether there is a next one.
        let mut albums = self.table.list_albums(&owner, range, asked.limit + 1).await?;
        let next_cursor = if albums.len() > asked.limit {
            albums.truncate(asked.limit);
            let last = albums.last().map(|album| album.id.number()).unwrap_or_default();
            Some(asked.cursor(&self.cursors, last).await?)
        } else {
            None
        };
        let items = albums.into_iter().filter(|album| !album.deleting).map(AlbumView::from).collect();
        Ok(Answer::json(200, &Page { items, next_cursor })?)
    }

    async fn create(&self, request: &Request) -> Result<Answer, Problem> {
        let owner_id = request.owner(&self.client_id)?;
        let NewAlbum { title, visibility } = request.json()?;
        check_title(Some(&title))?;
        let now = rfc3339(request.arrived());
        let id = AlbumId::new();
        let album =
            Album { id, owner_id, title, visibility, created_at: now.clone(), updated_at: now, deleting: false };
        self.table.create_album(&album).await?;
        tracing::info!(album_id = %id, "album made");
        Ok(Answer::json(201, &AlbumView::from(album))?.with("location", &format!("albums/{id}")))
    }

    async fn album(&self, request: &Request) -> Result<Answer, Problem> {
        let me = request.owner(&self.client_id)?;
        let (album, _) = self.find_for(&me, album_id(request)?).await?;
        Ok(Answer::json(200, &AlbumView::from(album))?)
    }

    async fn change(&self, request: &Request) -> Result<Answer, Problem> {
        let owner = request.owner(&self.client_id)?;
        let album = album_id(request)?;
        let AlbumChange { title, visibility } = request.json()?;
        check_title(title.as_deref())?;
        if title.is_none() && visibility.is_none() {
            return Err(Problem::field("title", "or visibility must be given"));
        }
        let now = rfc3339(request.arrived());
        let key = (&owner, album);
        let changed = self.table.change_album(key, title.as_deref(), visibility, &now).await?;
        let changed = changed.ok_or(ErrorCode::RequestNotFound)?;
        tracing::info!(album_id = %album, "album changed");
        Ok(Answer::json(200, &AlbumView::from(changed))?)
    }

    /// Closed first, so that nothing is put into it any more; deleted last, so that whatever breaks in between, its
    /// owner can ask again. Its links end with it.
    async fn delete(&self, request: &Request) -> Result<Answer, Problem> {
        let owner = request.owner(&self.client_id)?;
        let album = album_id(request)?;
        if !self.table.close_album(&owner, album).await? {
            return Err(ErrorCode::RequestNotFound.into());
        }
        self.empty(&owner, album, request.arrived()).await?;
        self.table.delete_album(&owner, album).await?;
        tracing::info!(album_id = %album, "album deleted");
        Ok(Answer::empty(204))
    }
}

impl<T: KeepAlbums, S, K> Albums<T, S, K> {
    /// The album of whoever asks. Not found and not theirs is the same, by the table's key.
    async fn find(&self, owner: &OwnerId, album: AlbumId) -> Result<Album, Problem> {
        let found = self.table.read_album(owner, album).await?;
        found.filter(|album| !album.deleting).ok_or_else(|| ErrorCode::RequestNotFound.into())
    }

    /// The album of whoever asks, or one that is public.
    async fn find_for(&self, me: &OwnerId, album: AlbumId) -> Result<(Album, Audience), Problem> {
        if let Some(own) = self.table.read_album(me, album).await? {
            let own = Some(own).filter(|album| !album.deleting).ok_or(ErrorCode::RequestNotFound)?;
            return Ok((own, Audience::Owner));
        }
        let public = self.table.read_public_album(album).await?;
        let public = public.filter(|album| !album.deleting && album.visibility == AlbumVisibility::Public);
        public.map(|album| (album, Audience::Visitor)).ok_or_else(|| ErrorCode::RequestNotFound.into())
    }
}

impl From<Album> for AlbumView {
    fn from(album: Album) -> Self {
        let Album { id, title, visibility, created_at, updated_at, .. } = album;
        Self { album_id: id, title, visibility, created_at, updated_at }
    }
}

fn album_id(request: &Request) -> Result<AlbumId, Problem> {
    Ok(AlbumId::parse(request.path("album_id"))?)
}

fn check_title(title: Option<&str>) -> Result<(), Problem> {
    let mut fields = Fields::default();
    fields.check(title.is_none_or(text::is_title), "title", text::title_rule);
    fields.done()
}

#[cfg(test)]
mod tests;
