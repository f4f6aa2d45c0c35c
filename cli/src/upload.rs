//! `darkroom upload`: a ticket for each photo, its bytes straight to storage, and its status.

mod journal;

use crate::client::Client;
use crate::error::Error;
use crate::http::{Progress, Stored};
use crate::image::{self, Image};
use crate::original::{Original, Unfit};
use crate::progress::{Bar, Unit};
use crate::{album, args, http, inputs, pages, parallel, text};
use darkroom_domain::hex;
use journal::Journal;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use uuid::Uuid;

/// Characters of a file name that the service takes.
const LONGEST_NAME: usize = 255;

/// The outcome of one file, for people and for scripts.
#[derive(Debug, Serialize)]
struct Sent {
    file: PathBuf,
    /// `sent`, `known` (the account had these bytes already), `rejected` (refused before it was sent) or `failed`.
    upload: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    sha256: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image_id: Option<String>,
    /// Of the image, as last seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<serde_json::Value>,
    #[serde(skip)]
    line: String,
    /// Did the service fail, and not the photo?
    #[serde(skip)]
    try_later: bool,
}

#[derive(Deserialize)]
struct Ticket {
    image_id: String,
    upload: Target,
}

#[derive(Deserialize)]
struct Target {
    url: String,
    headers: BTreeMap<String, String>,
}

/// The image of the account that has a photo's bytes already.
enum Known {
    /// The photo, or one that may yet become it.
    Image(Box<Image>),
    /// The image of a ticket that was never used.
    Ticket(Box<Image>),
    Nothing,
}

/// A file that is worth sending.
struct Photo {
    content: Vec<u8>,
    content_type: &'static str,
    sha256: String,
    name: String,
}

pub fn run(wanted: &args::Upload, api: Option<&str>, as_json: bool) -> Result<(), Error> {
    let client = Client::signed_in(api)?;
    let inputs = inputs::inputs(&wanted.photos)?;
    let bytes = inputs.iter().filter_map(|input| input.path.metadata().ok()).map(|file| file.len()).sum();
    let album_id = wanted.album.as_deref().map(|name| album::find(&client, name)).transpose()?;
    let job = Job {
        album_id,
        journal: Journal::open(&client.api, &client.email)?,
        client,
        wanted,
        bar: Bar::new(bytes, Unit::Bytes),
        seen: Mutex::default(),
        account: Mutex::default(),
    };
    let jobs = wanted.jobs.into();
    let mut all = Vec::new();
    parallel::in_order(
        &inputs,
        jobs,
        |input| job.send(&input.path),
        |sent| {
            // Without a sign-in, every other photo would fail the same way.
            let sent = sent?;
            if !as_json {
                let shown = format!("{}  {}", text::plain(&sent.file.display().to_string()), text::lines(&sent.line));
                if sent.is_good() { job.bar.print(&shown) } else { job.bar.complain(&shown) }
            }
            all.push(sent);
            Ok(())
        },
    )?;
    drop(job);
    if as_json {
        println!("{}", json!({ "files": all }));
    }
    let failed: Vec<_> = all.iter().filter(|sent| !sent.is_good()).collect();
    match failed[..] {
        [] => Ok(()),
        _ if failed.iter().all(|sent| sent.try_later) => Err(Error::TryLater),
        _ => Err(Error::PartialFailure),
    }
}

impl Sent {
    fn is_good(&self) -> bool {
        self.error.is_none() && !matches!(self.status.as_deref(), Some("rejected" | "failed"))
    }
}

struct Job<'a> {
    client: Client,
    album_id: Option<String>,
    /// The account's images by checksum; asked for when a photo is not in the journal.
    account: Mutex<Option<HashMap<String, String>>>,
    journal: Journal,
    wanted: &'a args::Upload,
    bar: Bar,
    /// Checksums of this run: two copies of a photo are sent once.
    seen: Mutex<HashSet<String>>,
}

impl Job<'_> {
    /// Only an error that every photo would meet is an error here.
    fn send(&self, path: &Path) -> Result<Sent, Error> {
        let mut sent = Sent {
            file: path.into(),
            upload: "failed",
            sha256: None,
            image_id: None,
            status: None,
            error: None,
            line: String::new(),
            try_later: false,
        };
        match self.try_to_send(path, &mut sent) {
            Ok(()) => {}
            Err(failure) if matches!(failure.exit_code(), 3) => return Err(failure),
            Err(failure) => {
                sent.line = failure.to_string();
                sent.try_later = failure.exit_code() == 4;
                sent.error = Some(failure.to_json());
            }
        }
        Ok(sent)
    }

    fn try_to_send(&self, path: &Path, sent: &mut Sent) -> Result<(), Error> {
        let photo = match read(path) {
            Ok(photo) => photo,
            Err(Unfit::Io(why)) => return Err(Error::file(path, &why)),
            Err(Unfit::Rejected(error)) => {
                (sent.upload, sent.line) = ("rejected", format!("{}: {}", error.code, error.detail));
                sent.error = Some(json!({ "code": error.code, "title": error.detail }));
                return Ok(());
            }
        };
        sent.sha256 = Some(photo.sha256.clone());
        if !self.seen.lock().unwrap_or_else(PoisonError::into_inner).insert(photo.sha256.clone()) {
            self.bar.add(photo.content.len() as u64);
            (sent.upload, sent.line) = ("known", "a copy of another photo of this upload".into());
            return Ok(());
        }
        let known = if self.wanted.again { Known::Nothing } else { self.known(&photo.sha256)? };
        let image_id = if let Known::Image(image) = known {
            self.bar.add(photo.content.len() as u64);
            let moved = if self.put_into_album(&image)? { ", now in the album" } else { "" };
            (sent.upload, sent.line) = ("known", format!("{}  known, {}{moved}", image.id, image.summary()));
            sent.status = Some(image.status);
            image.id
        } else {
            let image_id = self.upload(&photo, known)?;
            (sent.upload, sent.line) = ("sent", format!("{image_id}  sent"));
            image_id
        };
        sent.image_id = Some(image_id.clone());
        drop(photo);
        if self.wanted.wait {
            let image = image::wait(&self.client, &image_id)?;
            sent.line = format!("{image_id}  {}", image.summary());
            sent.status = Some(image.status);
        }
        Ok(())
    }

    /// Looks into the journal of this machine, then into the account's own list.
    fn known(&self, sha256: &str) -> Result<Known, Error> {
        let noted = self.journal.image_of(sha256).map(|id| image::look(&self.client, &id)).transpose()?.flatten();
        match noted {
            Some(image) if image.status == "awaiting_upload" => return Ok(Known::Ticket(image.into())),
            // A photo that failed may be sent again: the failure was Darkroom's.
            Some(image) if image.status != "failed" => return Ok(Known::Image(image.into())),
            _ => {}
        }
        let Some(image_id) = self.in_account(sha256)? else { return Ok(Known::Nothing) };
        Ok(image::look(&self.client, &image_id)?.map_or(Known::Nothing, |image| Known::Image(image.into())))
    }

    fn in_account(&self, sha256: &str) -> Result<Option<String>, Error> {
        // Held while it is asked for: the other threads wait for the answer instead of asking too.
        let mut account = self.account.lock().unwrap_or_else(PoisonError::into_inner);
        if account.is_none() {
            let items = pages::all(&self.client, "/images", &[("status", "ready")], usize::MAX)?;
            let images = items.into_iter().map(pages::read::<Image>).collect::<Result<Vec<_>, _>>()?;
            let by_checksum = |image: Image| Some((image.facts?.sha256?, image.id));
            *account = Some(images.into_iter().filter_map(by_checksum).collect());
        }
        Ok(account.as_ref().and_then(|known| known.get(sha256)).cloned())
    }

    fn upload(&self, photo: &Photo, known: Known) -> Result<String, Error> {
        let ticket = match known {
            Known::Ticket(image) => {
                self.put_into_album(&image)?;
                self.renewed(&image.id)?
            }
            _ => self.ticket(photo)?,
        };
        let Ticket { image_id, upload: Target { url, headers } } = ticket;
        self.journal.note(&photo.sha256, &image_id)?;
        let headers: Vec<_> = headers.into_iter().collect();
        match http::put(self.client.agent(), &url, &headers, &photo.content, &Moved(&self.bar))? {
            Stored::Now | Stored::Before => Ok(image_id),
            Stored::Refused(status) => Err(Error::Refused(format!("storage refused the photo with status {status}"))),
        }
    }

    fn ticket(&self, photo: &Photo) -> Result<Ticket, Error> {
        let mut wanted = json!({
            "filename": photo.name,
            "content_type": photo.content_type,
            "size_bytes": photo.content.len(),
            "sha256": photo.sha256,
        });
        if let Some(album_id) = &self.album_id {
            wanted["album_id"] = json!(album_id);
        }
        // The same for every try of this request: an answer that is lost costs no second ticket.
        let key = Uuid::now_v7().to_string();
        self.client.call("POST", "/upload", Some(&wanted), &[("idempotency-key", &key)])?.json()
    }

    /// Does nothing if no album was named, or the photo lies in it. A photo lies in one album at most, so this may take
    /// it out of another one.
    fn put_into_album(&self, image: &Image) -> Result<bool, Error> {
        let Some(album_id) = self.album_id.as_ref().filter(|album_id| image.album_id.as_ref() != Some(album_id)) else {
            return Ok(false);
        };
        let added = json!({ "image_ids": [image.id] });
        self.client.call("POST", &format!("/albums/{album_id}/images"), Some(&added), &[])?;
        Ok(true)
    }

    /// Renews a ticket that was never used, for another quarter of an hour.
    fn renewed(&self, image_id: &str) -> Result<Ticket, Error> {
        let path = image::path(image_id)?.replacen("/image/", "/upload/", 1);
        self.client.call("POST", &path, None, &[])?.json()
    }
}

/// Reads a photo as the service will: a photo that it would refuse by the header is not sent at all.
fn read(path: &Path) -> Result<Photo, Unfit> {
    let Original { content, header } = Original::read(path, &darkroom_develop::limits())?;
    let content_type = header.format.content_type();
    let sha256 = hex(&Sha256::digest(&content));
    Ok(Photo { content, content_type, sha256, name: shown_name(path) })
}

/// The file's name as the service takes it.
fn shown_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let name: String = text::plain(&name).replace(['/', '\\'], "_");
    let too_long = name.chars().count().saturating_sub(LONGEST_NAME);
    // The ending tells the format: it stays, and the beginning is cut off.
    name.chars().skip(too_long).collect()
}

struct Moved<'a>(&'a Bar);

impl Progress for Moved<'_> {
    fn moved(&self, bytes: u64) {
        self.0.add(bytes);
    }

    fn lost(&self, bytes: u64) {
        self.0.take_back(bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_that_the_service_takes() {
        assert_eq!(shown_name(Path::new("a/b\\c\u{1b}.jpg")), "b_c\u{fffd}.jpg");
        let long = shown_name(Path::new(&format!("{}.jpg", "x".repeat(300))));
        assert!(long.ends_with("x.jpg") && long.chars().count() == 255);
    }
}
