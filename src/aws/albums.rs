//! Albums and their share links in the table. Each is found by its owner's key; a public album is also found by its id
//! alone, in the index `album`, beside its photos.

use super::error::sdk_error;
use super::records::{album_key, partition, text};
use super::table::Table;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};
use darkroom_domain::album::{Album, AlbumVisibility, Link};
use darkroom_domain::id::{AlbumId, LinkId, OwnerId};
use darkroom_domain::range::IdRange;
use darkroom_domain::{Error, ErrorCode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::HashMap;

/// An album's sort key in the index, where photos have their `image_id`. It sorts behind every id, so no list of photos
/// contains it.
const ITSELF: &str = "itself";

/// May read albums.
pub trait ReadAlbum {
    /// This owner's album, as it is at this moment.
    fn read_album(&self, owner: &OwnerId, album: AlbumId) -> impl Future<Output = Result<Option<Album>, Error>>;
}

/// May keep albums.
pub trait KeepAlbums: ReadAlbum {
    /// Adds the album.
    fn create_album(&self, album: &Album) -> impl Future<Output = Result<(), Error>>;

    /// Anybody's album, if it is public.
    fn read_public_album(&self, album: AlbumId) -> impl Future<Output = Result<Option<Album>, Error>>;

    /// The newest albums of the range.
    fn list_albums(
        &self,
        owner: &OwnerId,
        range: IdRange,
        limit: usize,
    ) -> impl Future<Output = Result<Vec<Album>, Error>>;

    /// Changes the given fields and returns the changed album; nothing if there is none.
    fn change_album(
        &self,
        key: (&OwnerId, AlbumId),
        title: Option<&str>,
        visibility: Option<AlbumVisibility>,
        now: &str,
    ) -> impl Future<Output = Result<Option<Album>, Error>>;

    /// Closes the album: it is hidden from everybody, and no photo can be put into it. Nothing if there is none.
    fn close_album(&self, owner: &OwnerId, album: AlbumId) -> impl Future<Output = Result<Option<Album>, Error>>;

    /// Deletes the album.
    fn delete_album(&self, owner: &OwnerId, album: AlbumId) -> impl Future<Output = Result<(), Error>>;
}

/// May keep share links.
pub trait KeepLinks {
    /// Adds the link.
    fn create_link(&self, owner: &OwnerId, album: AlbumId, link: &Link) -> impl Future<Output = Result<(), Error>>;

    /// The link, if it was not revoked.
    fn read_link(
        &self,
        owner: &OwnerId,
        album: AlbumId,
        link: LinkId,
    ) -> impl Future<Output = Result<Option<Link>, Error>>;

    /// The newest links of the range.
    fn list_links(
        &self,
        key: (&OwnerId, AlbumId),
        range: IdRange,
        limit: usize,
    ) -> impl Future<Output = Result<Vec<Link>, Error>>;

    /// Revokes the link. False if there is none.
    fn delete_link(&self, owner: &OwnerId, album: AlbumId, link: LinkId) -> impl Future<Output = Result<bool, Error>>;
}

impl ReadAlbum for Table {
    async fn read_album(&self, owner: &OwnerId, album: AlbumId) -> Result<Option<Album>, Error> {
        get(self, album_key(owner, album)).await
    }
}

impl KeepAlbums for Table {
    async fn create_album(&self, album: &Album) -> Result<(), Error> {
        let mut item = item(album, album_key(&album.owner_id, album.id))?;
        if album.visibility == AlbumVisibility::Public {
            item.extend([("album_id".into(), text(album.id.to_string())), ("image_id".into(), text(ITSELF))]);
        }
        put(self, item).await
    }

    async fn read_public_album(&self, album: AlbumId) -> Result<Option<Album>, Error> {
        let call = self
            .query()
            .index_name("album")
            .key_condition_expression("album_id = :album AND image_id = :itself")
            .expression_attribute_values(":album", text(album.to_string()))
            .expression_attribute_values(":itself", text(ITSELF));
        let answer = call.send().await;
        let answer =
            answer.map_err(|error| sdk_error("read a public album", ErrorCode::TransientUnavailable, &error))?;
        Ok(read_all(answer.items)?.into_iter().next())
    }

    async fn list_albums(&self, owner: &OwnerId, range: IdRange, limit: usize) -> Result<Vec<Album>, Error> {
        list(self, owner, "ALBUM#", range, limit).await
    }

    async fn change_album(
        &self,
        (owner, album): (&OwnerId, AlbumId),
        title: Option<&str>,
        visibility: Option<AlbumVisibility>,
        now: &str,
    ) -> Result<Option<Album>, Error> {
        let mut update = "SET updated_at = :now".to_owned();
        let mut call = self.update_item().expression_attribute_values(":now", text(now));
        if let Some(title) = title {
            update.push_str(", title = :title");
            call = call.expression_attribute_values(":title", text(title));
        }
        if let Some(visibility) = visibility {
            update.push_str(", seen_by = :seen_by");
            call = call.expression_attribute_values(":seen_by", text(visibility.as_str()));
            if visibility == AlbumVisibility::Public {
                update.push_str(", album_id = :album, image_id = :itself");
                call = call.expression_attribute_values(":album", text(album.to_string()));
                call = call.expression_attribute_values(":itself", text(ITSELF));
            } else {
                update.push_str(" REMOVE album_id, image_id");
            }
        }
        let call = call
            .set_key(Some(album_key(owner, album)))
            .update_expression(update)
            .condition_expression("attribute_exists(pk) AND attribute_not_exists(deleting)")
            .return_values(ReturnValue::AllNew);
        match call.send().await {
            Ok(answer) => Ok(read_all(answer.attributes.map(|item| vec![item]))?.into_iter().next()),
            Err(error) if is_missing(error.as_service_error()) => Ok(None),
            Err(error) => Err(sdk_error("change the album", ErrorCode::TransientUnavailable, &error)),
        }
    }

    async fn close_album(&self, owner: &OwnerId, album: AlbumId) -> Result<Option<Album>, Error> {
        let call = self
            .update_item()
            .set_key(Some(album_key(owner, album)))
            .update_expression("SET deleting = :yes REMOVE album_id, image_id")
            .condition_expression("attribute_exists(pk)")
            .expression_attribute_values(":yes", AttributeValue::Bool(true))
            .return_values(ReturnValue::AllNew);
        match call.send().await {
            Ok(answer) => Ok(read_all(answer.attributes.map(|item| vec![item]))?.into_iter().next()),
            Err(error) if is_missing(error.as_service_error()) => Ok(None),
            Err(error) => Err(sdk_error("close the album", ErrorCode::TransientUnavailable, &error)),
        }
    }

    async fn delete_album(&self, owner: &OwnerId, album: AlbumId) -> Result<(), Error> {
        delete(self, album_key(owner, album)).await.map(|_| ())
    }
}

impl KeepLinks for Table {
    async fn create_link(&self, owner: &OwnerId, album: AlbumId, link: &Link) -> Result<(), Error> {
        put(self, item(link, link_key(owner, album, link.link_id))?).await
    }

    async fn read_link(&self, owner: &OwnerId, album: AlbumId, link: LinkId) -> Result<Option<Link>, Error> {
        get(self, link_key(owner, album, link)).await
    }

    async fn list_links(
        &self,
        (owner, album): (&OwnerId, AlbumId),
        range: IdRange,
        limit: usize,
    ) -> Result<Vec<Link>, Error> {
        list(self, owner, &format!("LINK#{album}#"), range, limit).await
    }

    async fn delete_link(&self, owner: &OwnerId, album: AlbumId, link: LinkId) -> Result<bool, Error> {
        delete(self, link_key(owner, album, link)).await
    }
}

/// A link's sort key begins with its album, so that one query finds the links of exactly one album.
fn link_key(owner: &OwnerId, album: AlbumId, link: LinkId) -> HashMap<String, AttributeValue> {
    HashMap::from([("pk".into(), partition(owner)), ("sk".into(), text(format!("LINK#{album}#{link}")))])
}

pub(super) type Item = HashMap<String, AttributeValue>;

fn item(thing: &impl Serialize, key: Item) -> Result<Item, Error> {
    let unwritable = |why: serde_dynamo::Error| Error::new(ErrorCode::WorkerBug, format!("write an item: {why}"));
    let mut item: Item = serde_dynamo::to_item(thing).map_err(unwritable)?;
    item.extend(key);
    Ok(item)
}

pub(super) fn read_all<V: DeserializeOwned>(items: Option<Vec<Item>>) -> Result<Vec<V>, Error> {
    serde_dynamo::from_items(items.unwrap_or_default())
        .map_err(|why| Error::new(ErrorCode::WorkerBadInput, format!("read an item: {why}")))
}

async fn put(table: &Table, item: Item) -> Result<(), Error> {
    let call = table.put_item().set_item(Some(item)).condition_expression("attribute_not_exists(pk)");
    call.send().await.map_err(|error| sdk_error("create an item", ErrorCode::TransientUnavailable, &error))?;
    Ok(())
}

async fn get<V: DeserializeOwned>(table: &Table, key: Item) -> Result<Option<V>, Error> {
    let answer = table.get_item().set_key(Some(key)).consistent_read(true).send().await;
    let answer = answer.map_err(|error| sdk_error("read an item", ErrorCode::TransientUnavailable, &error))?;
    Ok(read_all(answer.item.map(|item| vec![item]))?.into_iter().next())
}

async fn delete(table: &Table, key: Item) -> Result<bool, Error> {
    let call = table.delete_item().set_key(Some(key)).return_values(ReturnValue::AllOld);
    let answer = call.send().await;
    let answer = answer.map_err(|error| sdk_error("delete an item", ErrorCode::TransientUnavailable, &error))?;
    Ok(answer.attributes.is_some_and(|item| !item.is_empty()))
}

async fn list<V: DeserializeOwned>(
    table: &Table,
    owner: &OwnerId,
    prefix: &str,
    range: IdRange,
    limit: usize,
) -> Result<Vec<V>, Error> {
    let (first, last) = range.ends();
    let call = table
        .query()
        .scan_index_forward(false)
        .consistent_read(true)
        .limit(i32::try_from(limit).unwrap_or(i32::MAX))
        .key_condition_expression("pk = :owner AND sk BETWEEN :first AND :last")
        .expression_attribute_values(":owner", partition(owner))
        .expression_attribute_values(":first", text(format!("{prefix}{first}")))
        .expression_attribute_values(":last", text(format!("{prefix}{last}")));
    let answer = call.send().await;
    let answer = answer.map_err(|error| sdk_error("list items", ErrorCode::TransientUnavailable, &error))?;
    read_all(answer.items)
}

pub(super) fn is_missing(error: Option<&UpdateItemError>) -> bool {
    matches!(error, Some(UpdateItemError::ConditionalCheckFailedException(_)))
}

#[cfg(test)]
mod tests;
