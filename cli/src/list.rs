//! `darkroom ls`, `rm`: the account's images.

use crate::album;
use crate::client::Client;
use crate::confirm::agreed;
use crate::each::each;
use crate::error::Error;
use crate::image::{self, Image};
use crate::{args, pages, text};
use serde_json::json;
use std::io::{IsTerminal, stdin};

/// `darkroom ls`.
pub fn ls(wanted: &args::Ls, api: Option<&str>, as_json: bool) -> Result<(), Error> {
    let client = Client::signed_in(api)?;
    let album_id = wanted.album.as_deref().map(|name| album::find(&client, name)).transpose()?;
    let status = wanted.status.map(args::Status::as_str);
    let filters = [("album_id", album_id.as_deref()), ("status", status)];
    let filters: Vec<_> = filters.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
    let most = if wanted.all { usize::MAX } else { wanted.limit };
    let items = pages::all(&client, "/images", &filters, most)?;
    if as_json {
        println!("{}", json!({ "items": items }));
        return Ok(());
    }
    for item in items {
        let image: Image = pages::read(item)?;
        let name = image.filename.as_deref().unwrap_or_default();
        println!("{}  {}  {}  {}", image.id, text::plain(image.day()), text::plain(name), image.summary());
    }
    Ok(())
}

/// `darkroom rm`: asks first on a terminal, because the deletion is for good.
pub fn rm(wanted: &args::Rm, api: Option<&str>, as_json: bool) -> Result<(), Error> {
    let client = Client::signed_in(api)?;
    let count = text::counted(wanted.ids.len(), "photo");
    if !wanted.yes && stdin().is_terminal() && !agreed(&format!("Delete {count} for good, with all variants? [y/N] "))?
    {
        return Err(Error::Refused("nothing was deleted".into()));
    }
    let mut deleted = Vec::new();
    let done = each(&wanted.ids, as_json, |image_id| {
        client.call("DELETE", &image::path(image_id)?, None, &[])?;
        if !as_json {
            println!("{image_id}  deleted");
        }
        deleted.push(image_id.to_owned());
        Ok(())
    });
    if as_json {
        println!("{}", json!({ "deleted": deleted }));
    }
    done
}
