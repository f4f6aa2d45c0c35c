//! `darkroom ls`, `rm`: the account's images.

use crate::album;
use crate::client::Client;
use crate::error::Error;
use crate::image::{self, Image};
use crate::{args, text};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::io::{BufRead, IsTerminal, Write, stderr, stdin};

/// What the service gives in one page at most.
const PAGE: usize = 100;

/// A page of any list.
#[derive(serde::Deserialize)]
struct Page {
    items: Vec<Value>,
    next_cursor: Option<String>,
}

/// The items of a list, page by page, until there are enough or no more.
pub fn all(client: &Client, path: &str, filters: &[(&str, &str)], most: usize) -> Result<Vec<Value>, Error> {
    let mut items = Vec::new();
    let mut cursor: Option<String> = None;
    loop {
        let wanted = (most - items.len()).min(PAGE).to_string();
        let mut query = vec![("limit", wanted.as_str())];
        query.extend(filters);
        query.extend(cursor.as_deref().map(|cursor| ("cursor", cursor)));
        let query: Vec<_> = query.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let page: Page = client.get(&format!("{path}?{}", query.join("&")))?.json()?;
        items.extend(page.items);
        cursor = page.next_cursor;
        if cursor.is_none() || items.len() >= most {
            items.truncate(most);
            return Ok(items);
        }
    }
}

/// An item as what it should be.
pub fn read<T: DeserializeOwned>(item: Value) -> Result<T, Error> {
    serde_json::from_value(item).map_err(|why| Error::Unreachable(format!("an answer nobody knows: {why}")))
}

/// `darkroom ls`.
pub fn ls(wanted: &args::Ls, api: Option<&str>, as_json: bool) -> Result<(), Error> {
    let client = Client::signed_in(api)?;
    let album_id = wanted.album.as_deref().map(|name| album::find(&client, name)).transpose()?;
    let status = wanted.status.map(args::Status::as_str);
    let filters = [("album_id", album_id.as_deref()), ("status", status)];
    let filters: Vec<_> = filters.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
    let most = if wanted.all { usize::MAX } else { wanted.limit };
    let items = all(&client, "/images", &filters, most)?;
    if as_json {
        println!("{}", json!({ "items": items }));
        return Ok(());
    }
    for item in items {
        let image: Image = read(item)?;
        let name = image.filename.as_deref().unwrap_or_default();
        println!("{}  {}  {}  {}", image.id, text::plain(image.day()), text::plain(name), image.summary());
    }
    Ok(())
}

/// `darkroom rm`: for good, so a person is asked first.
pub fn rm(wanted: &args::Rm, api: Option<&str>, as_json: bool) -> Result<(), Error> {
    let client = Client::signed_in(api)?;
    let count = text::counted(wanted.ids.len(), "photo");
    if !wanted.yes && stdin().is_terminal() && !agreed(&format!("Delete {count} for good, with all variants? [y/N] "))?
    {
        return Err(Error::Refused("nothing was deleted".into()));
    }
    for image_id in &wanted.ids {
        client.call("DELETE", &image::path(image_id)?, None, &[])?;
        if !as_json {
            println!("{image_id}  deleted");
        }
    }
    if as_json {
        println!("{}", json!({ "deleted": wanted.ids }));
    }
    Ok(())
}

fn agreed(question: &str) -> Result<bool, Error> {
    let _ = write!(stderr(), "{question}");
    let mut answer = String::new();
    stdin().lock().read_line(&mut answer).map_err(|why| Error::Refused(format!("standard input: {why}")))?;
    Ok(answer.trim().eq_ignore_ascii_case("y"))
}
