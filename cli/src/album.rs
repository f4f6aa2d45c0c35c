//! `darkroom album`: albums, their photos, and links to them.

use crate::args::{self, AlbumCommand};
use crate::client::Client;
use crate::error::Error;
use crate::{image, pages, text};
use serde::Deserialize;
use serde_json::{Value, json};

/// The most photos that the service puts into an album in one call.
const AT_ONCE: usize = 50;
const DAY: u64 = 24 * 60 * 60;

#[derive(Deserialize)]
struct Album {
    #[serde(rename = "album_id")]
    id: String,
    title: String,
    visibility: String,
}

#[derive(Deserialize)]
struct Link {
    #[serde(rename = "link_id")]
    id: String,
    /// Relative to the API's address.
    url: String,
    expires_at: String,
}

pub fn run(wanted: &args::Album, api: Option<&str>, as_json: bool) -> Result<(), Error> {
    let client = Client::signed_in(api)?;
    match &wanted.command {
        AlbumCommand::Ls => ls(&client, as_json),
        AlbumCommand::Create { title, visibility } => create(&client, title, *visibility, as_json),
        AlbumCommand::Add { album, ids } => add(&client, album, ids),
        AlbumCommand::Rm { album, ids } => rm(&client, album, ids),
        AlbumCommand::Share { album, days } => share(&client, album, *days, as_json),
        AlbumCommand::Unshare { album } => unshare(&client, album),
    }
}

/// The id of the album of this title or id.
pub fn find(client: &Client, name: &str) -> Result<String, Error> {
    let albums = albums(client)?;
    let mut called = albums.iter().filter(|album| album.id == name || album.title == name);
    match (called.next(), called.next()) {
        (Some(album), None) => Ok(album.id.clone()),
        (None, _) => Err(Error::Refused(format!("no album of yours is called {name:?}\nhint: darkroom album create"))),
        (Some(_), Some(_)) => Err(Error::Refused(format!("several albums are called {name:?}\nhint: give the id"))),
    }
}

fn albums(client: &Client) -> Result<Vec<Album>, Error> {
    pages::all(client, "/albums", &[], usize::MAX)?.into_iter().map(pages::read).collect()
}

fn ls(client: &Client, as_json: bool) -> Result<(), Error> {
    if as_json {
        println!("{}", json!({ "items": pages::all(client, "/albums", &[], usize::MAX)? }));
        return Ok(());
    }
    for Album { id, title, visibility } in albums(client)? {
        println!("{id}  {:<8} {}", text::plain(&visibility), text::plain(&title));
    }
    Ok(())
}

fn create(client: &Client, title: &str, visibility: args::Visibility, as_json: bool) -> Result<(), Error> {
    let wanted = json!({ "title": title, "visibility": visibility.as_str() });
    let made: Value = client.call("POST", "/albums", Some(&wanted), &[])?.json()?;
    if as_json {
        println!("{made}");
    } else {
        println!("{}", pages::read::<Album>(made)?.id);
    }
    Ok(())
}

fn add(client: &Client, album: &str, ids: &[String]) -> Result<(), Error> {
    let path = format!("/albums/{}/images", find(client, album)?);
    for ids in ids.chunks(AT_ONCE) {
        client.call("POST", &path, Some(&json!({ "image_ids": ids })), &[])?;
    }
    Ok(())
}

/// Takes photos out of the album, or removes the album and keeps its photos.
fn rm(client: &Client, album: &str, ids: &[String]) -> Result<(), Error> {
    let path = format!("/albums/{}", find(client, album)?);
    if ids.is_empty() {
        client.call("DELETE", &path, None, &[])?;
    }
    for image_id in ids {
        let in_album = image::path(image_id)?.replacen("/image/", "/images/", 1);
        client.call("DELETE", &format!("{path}{in_album}"), None, &[])?;
    }
    Ok(())
}

/// Makes a link that anyone can open. This makes a private album visible by link.
fn share(client: &Client, album: &str, days: u64, as_json: bool) -> Result<(), Error> {
    let album_id = find(client, album)?;
    let path = format!("/albums/{album_id}");
    let found: Album = client.get(&path)?.json()?;
    if found.visibility == "private" {
        client.call("PATCH", &path, Some(&json!({ "visibility": "link" })), &[])?;
    }
    let wanted = json!({ "expires_in_seconds": days * DAY });
    let link: Link = client.call("POST", &format!("{path}/links"), Some(&wanted), &[])?.json()?;
    let url = format!("{}/{}", client.api, link.url);
    if as_json {
        println!("{}", json!({ "link_id": link.id, "url": url, "expires_at": link.expires_at }));
    } else {
        println!("{}", text::plain(&url));
    }
    Ok(())
}

fn unshare(client: &Client, album: &str) -> Result<(), Error> {
    let path = format!("/albums/{}/links", find(client, album)?);
    for item in pages::all(client, &path, &[], usize::MAX)? {
        let link: Link = pages::read(item)?;
        client.call("DELETE", &format!("{path}/{}", link.id), None, &[])?;
    }
    Ok(())
}
