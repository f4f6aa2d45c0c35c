//! The routes of albums. An album belongs to its owner; other users see it by its id if it is public, or by a share
//! link.

mod contents;
mod links;
mod photos;

use darkroom_aws::albums::{KeepAlbums, KeepLinks};
use darkroom_aws::derived_key::{DeriveKey, DerivedKey};
use darkroom_aws::edit_record::EditRecords;
use darkroom_aws::empty_album::EmptyAlbum;
use darkroom_aws::listing::ListRecords;
use darkroom_aws::ready::GlimpseReady;
use darkroom_aws::records::ReadRecords;
use darkroom_aws::signing::SignDownload;
use darkroom_domain::ErrorCode;
use darkroom_domain::album::{Album, AlbumVisibility};
use darkroom_domain::cursor::CursorScope;
use darkroom_domain::id::{AlbumId, OwnerId};
use darkroom_domain::range::IdRange;
use darkroom_domain::timestamp::rfc3339;
use darkroom_gallery::page::{Page, PageRequest};
use darkroom_gallery::show::{Audience, ImageView, Showcase};
use darkroom_gallery::text;
use darkroom_runtime::api::{Answer, Fields, Problem, Request, no_null};
use futures::future::try_join;
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
struct AlbumView<'a> {
    album_id: AlbumId,
    title: String,
    visibility: AlbumVisibility,
    #[serde(skip_serializing_if = "Option::is_none")]
    count: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cover: Option<ImageView<'a>>,
    created_at: String,
    updated_at: String,
}

impl<T, S, K> Albums<T, S, K>
where
    T: KeepAlbums + EmptyAlbum + KeepLinks + ListRecords + GlimpseReady + ReadRecords + EditRecords,
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
        let asked = PageRequest::of(request, &self.cursors, IdRange::ALL, CursorScope::Albums(&owner)).await?;
        let Some(range) = asked.range else { return Ok(Answer::json(200, &Page::<AlbumView<'_>>::empty())?) };
        // One more than the page holds, to know whether there is a next page.
        let albums = self.table.list_albums(&owner, range, asked.limit + 1);
        let (mut albums, mut contents) = try_join(albums, self.look_into_all(&owner)).await?;
        let next_cursor = if albums.len() > asked.limit {
            albums.truncate(asked.limit);
            let last = albums.last().map(|album| album.id.number()).unwrap_or_default();
            Some(asked.cursor(&self.cursors, last).await?)
        } else {
            None
        };
        albums.retain(|album| !album.deleting);
        self.read_covers(&mut contents, &owner, albums.iter().map(|album| album.id)).await?;
        let mut items = Vec::with_capacity(albums.len());
        for album in albums {
            items.push(self.show(album, &contents, request.arrived()).await?);
        }
        Ok(Answer::json(200, &Page { items, next_cursor })?)
    }

    async fn create(&self, request: &Request) -> Result<Answer, Problem> {
        let owner_id = request.owner(&self.client_id)?;
        let NewAlbum { title, visibility } = request.json()?;
        check_title(Some(&title))?;
        let now = rfc3339(request.arrived());
        let id = AlbumId::new();
        let (created_at, updated_at) = (now.clone(), now);
        let album =
            Album { id, owner_id, title, visibility, created_at, updated_at, deleting: false, emptied_from: None };
        self.table.create_album(&album).await?;
        tracing::info!(album_id = %id, "album made");
        Ok(Answer::json(201, &AlbumView { count: Some(0), ..AlbumView::from(album) })?
            .with("location", &format!("albums/{id}")))
    }

    async fn album(&self, request: &Request) -> Result<Answer, Problem> {
        let me = request.owner(&self.client_id)?;
        match self.find_for(&me, album_id(request)?).await? {
            (album, Audience::Visitor) => Ok(Answer::json(200, &AlbumView::from(album))?),
            (album, Audience::Owner) => self.own(album, request).await,
        }
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
        self.own(changed, request).await
    }

    async fn own(&self, album: Album, request: &Request) -> Result<Answer, Problem> {
        let mut contents = self.look_into_all(&album.owner_id).await?;
        self.read_covers(&mut contents, &album.owner_id, [album.id]).await?;
        Ok(Answer::json(200, &self.show(album, &contents, request.arrived()).await?)?)
    }

    /// The album is closed first, so that no photo is put into it any more, and deleted last, so that its owner can ask
    /// again if a step fails. Its links end with it.
    async fn delete(&self, request: &Request) -> Result<Answer, Problem> {
        let owner = request.owner(&self.client_id)?;
        let album = album_id(request)?;
        let closed = self.table.close_album(&owner, album).await?.ok_or(ErrorCode::RequestNotFound)?;
        self.empty(&closed, request.arrived()).await?;
        self.table.delete_album(&owner, album).await?;
        tracing::info!(album_id = %album, "album deleted");
        Ok(Answer::empty(204))
    }
}

impl<T: KeepAlbums, S, K> Albums<T, S, K> {
    /// The caller's album. By the table's key, another user's album is not found either.
    async fn find(&self, owner: &OwnerId, album: AlbumId) -> Result<Album, Problem> {
        let found = self.table.read_album(owner, album).await?;
        found.filter(|album| !album.deleting).ok_or_else(|| ErrorCode::RequestNotFound.into())
    }

    /// The caller's album, or a public one.
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

/// As visitors see it.
impl From<Album> for AlbumView<'_> {
    fn from(album: Album) -> Self {
        let Album { id, title, visibility, created_at, updated_at, .. } = album;
        Self { album_id: id, title, visibility, count: None, cover: None, created_at, updated_at }
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
