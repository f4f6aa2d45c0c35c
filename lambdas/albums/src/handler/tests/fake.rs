//! A table in memory, a storage that signs at once, and a KMS that knows its keys.

use crate::handler::Albums;
use darkroom_aws::albums::{KeepAlbums, KeepLinks, ReadAlbum};
use darkroom_aws::derived_key::{DeriveKey, DerivedKey};
use darkroom_aws::edit_record::{EditOutcome, EditRecords, RecordEdit};
use darkroom_aws::empty_album::EmptyAlbum;
use darkroom_aws::listing::{Found, ListRecords, Listing};
use darkroom_aws::ready::{Glimpse, GlimpseReady, GlimpsedFacts, Seen};
use darkroom_aws::records::{Consistency, ReadRecords};
use darkroom_aws::signing::{Download, Lifetime, SignDownload};
use darkroom_domain::Error;
use darkroom_domain::album::{Album, AlbumVisibility, Link};
use darkroom_domain::id::{AlbumId, ImageId, LinkId, OwnerId};
use darkroom_domain::range::{IdRange, ListScope};
use darkroom_domain::record::{Record, Status};
use darkroom_domain::token::{MacKey, Purpose};
use darkroom_gallery::show::Showcase;
use darkroom_runtime::api::testing::{CLIENT_ID, Call, Reply};
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use time::OffsetDateTime;

/// Not hexadecimal: `ada` could appear by chance in the digits of an id.
pub const ADA: &str = "ada-herself";
pub const EVE: &str = "eve";

#[derive(Default)]
pub struct World {
    pub table: Table,
}

type Items<K, V> = Arc<Mutex<BTreeMap<K, V>>>;

#[derive(Clone, Default)]
pub struct Table {
    pub albums: Items<(String, AlbumId), Album>,
    pub links: Items<(String, AlbumId, LinkId), Link>,
    pub images: Items<(String, ImageId), Record>,
    /// Whether the index of albums lags behind the table: it is empty then.
    pub index_lags: bool,
    /// How often the owner's records were searched.
    pub looks: Arc<Mutex<usize>>,
}

/// How many of the owner's records one search reads.
pub const LOOK: usize = 1000;

pub struct Kms;

pub struct Storage;

impl World {
    pub async fn send(&self, who: &str, call: Call) -> Reply {
        self.send_unsigned(call.claims(&json!({ "sub": who, "token_use": "id", "aud": CLIENT_ID }))).await
    }

    pub async fn send_unsigned(&self, call: Call) -> Reply {
        let albums = Albums {
            table: self.table.clone(),
            showcase: Showcase {
                objects: Storage,
                images_bucket: "pictures".into(),
                originals_bucket: None,
                docs_url: "docs/ERRORS.md".into(),
            },
            cursors: DerivedKey::new(Kms, "arn:key", Purpose::Cursor),
            shares: DerivedKey::new(Kms, "arn:key", Purpose::Share),
            client_id: CLIENT_ID.into(),
        };
        call.send(async |request| albums.handle(request).await).await
    }

    /// A new photo of this owner.
    pub fn photo(&self, who: &str, status: &str) -> String {
        let id = ImageId::new();
        let record = json!({
            "image_id": id,
            "owner_id": who,
            "status": status,
            "filename": format!("secret of {who}.jpg"),
            "object_key": format!("uploads/{who}/{id}"),
            "created_at": "2026-01-31T12:00:00Z",
            "updated_at": "2026-01-31T12:00:05Z",
            "variants": {
                "thumbnail": { "key": format!("variants/{id}/b/thumbnail.jpg"), "width": 4, "height": 3, "bytes": 9, "content_type": "image/jpeg" },
                "large": { "key": format!("variants/{id}/b/large.jpg"), "width": 40, "height": 30, "bytes": 99, "content_type": "image/jpeg" },
            },
        });
        let record = serde_json::from_value(record).expect("a record");
        self.table.images.lock().unwrap().insert((who.into(), id), record);
        id.to_string()
    }

    pub fn album_of(&self, who: &str, image: &str) -> Option<String> {
        let images = self.table.images.lock().unwrap();
        images[&(who.to_owned(), ImageId::parse(image).unwrap())].album_id.map(|album| album.to_string())
    }
}

impl DeriveKey for Kms {
    async fn derive_key(&self, _: &str, purpose: Purpose) -> Result<MacKey, Error> {
        // "c" of cursor, "s" of share.
        Ok(MacKey::new([purpose.label().as_bytes()[9]; 32]))
    }
}

impl SignDownload for Storage {
    async fn sign_download(&self, download: Download<'_>, _: Lifetime) -> Result<String, Error> {
        Ok(format!("https://{}/{}?{}", download.bucket, download.key, download.disposition))
    }
}

/// Whether the range holds the id, by [`IdRange`]'s ends.
fn within(range: IdRange, id: &str) -> bool {
    let (first, last) = range.ends();
    (first.as_str()..=last.as_str()).contains(&id)
}

impl ReadAlbum for Table {
    async fn read_album(&self, owner: &OwnerId, album: AlbumId) -> Result<Option<Album>, Error> {
        Ok(self.albums.lock().unwrap().get(&(owner.to_string(), album)).cloned())
    }
}

impl KeepAlbums for Table {
    async fn create_album(&self, album: &Album) -> Result<(), Error> {
        self.albums.lock().unwrap().insert((album.owner_id.to_string(), album.id), album.clone());
        Ok(())
    }

    async fn read_public_album(&self, album: AlbumId) -> Result<Option<Album>, Error> {
        let albums = self.albums.lock().unwrap();
        let public = |found: &&Album| found.id == album && found.visibility == AlbumVisibility::Public;
        Ok(albums.values().find(public).cloned())
    }

    async fn list_albums(&self, owner: &OwnerId, range: IdRange, limit: usize) -> Result<Vec<Album>, Error> {
        let albums = self.albums.lock().unwrap();
        let mine = albums.values().rev().filter(|album| album.owner_id == *owner);
        Ok(mine.filter(|album| within(range, &album.id.to_string())).take(limit).cloned().collect())
    }

    async fn change_album(
        &self,
        (owner, album): (&OwnerId, AlbumId),
        title: Option<&str>,
        visibility: Option<AlbumVisibility>,
        now: &str,
    ) -> Result<Option<Album>, Error> {
        let mut albums = self.albums.lock().unwrap();
        let Some(album) = albums.get_mut(&(owner.to_string(), album)).filter(|album| !album.deleting) else {
            return Ok(None);
        };
        album.title = title.map_or(album.title.clone(), Into::into);
        album.visibility = visibility.unwrap_or(album.visibility);
        album.updated_at = now.into();
        Ok(Some(album.clone()))
    }

    async fn close_album(&self, owner: &OwnerId, album: AlbumId) -> Result<Option<Album>, Error> {
        let mut albums = self.albums.lock().unwrap();
        let Some(album) = albums.get_mut(&(owner.to_string(), album)) else { return Ok(None) };
        album.deleting = true;
        Ok(Some(album.clone()))
    }

    async fn delete_album(&self, owner: &OwnerId, album: AlbumId) -> Result<(), Error> {
        self.albums.lock().unwrap().remove(&(owner.to_string(), album));
        Ok(())
    }
}

impl EmptyAlbum for Table {
    async fn photos_in(
        &self,
        owner: &OwnerId,
        album: AlbumId,
        range: IdRange,
    ) -> Result<(Vec<ImageId>, Option<IdRange>), Error> {
        *self.looks.lock().unwrap() += 1;
        let images = self.images.lock().unwrap();
        let mine = images.values().rev().filter(|record| record.owner_id == *owner);
        let seen: Vec<_> = mine.filter(|record| within(range, &record.image_id.to_string())).take(LOOK).collect();
        let last = seen.last().filter(|_| seen.len() == LOOK).map(|record| record.image_id.number());
        let found = seen.iter().filter(|record| record.album_id == Some(album)).map(|record| record.image_id).collect();
        Ok((found, last.and_then(|last| range.below(last))))
    }

    async fn take_out(&self, owner: &OwnerId, album: AlbumId, image: ImageId, _: &str) -> Result<(), Error> {
        let mut images = self.images.lock().unwrap();
        let record = images.get_mut(&(owner.to_string(), image)).filter(|record| record.album_id == Some(album));
        if let Some(record) = record {
            record.album_id = None;
        }
        Ok(())
    }

    async fn note_emptied(&self, owner: &OwnerId, album: AlbumId, from: ImageId) -> Result<(), Error> {
        let mut albums = self.albums.lock().unwrap();
        let album = albums.get_mut(&(owner.to_string(), album)).expect("an album");
        assert!(album.deleting, "only of a closed one can be known that nothing comes in");
        album.emptied_from = Some(from);
        Ok(())
    }
}

impl KeepLinks for Table {
    async fn create_link(&self, owner: &OwnerId, album: AlbumId, link: &Link) -> Result<(), Error> {
        self.links.lock().unwrap().insert((owner.to_string(), album, link.link_id), link.clone());
        Ok(())
    }

    async fn read_link(&self, owner: &OwnerId, album: AlbumId, link: LinkId) -> Result<Option<Link>, Error> {
        Ok(self.links.lock().unwrap().get(&(owner.to_string(), album, link)).cloned())
    }

    async fn list_links(
        &self,
        (owner, album): (&OwnerId, AlbumId),
        range: IdRange,
        limit: usize,
    ) -> Result<Vec<Link>, Error> {
        let links = self.links.lock().unwrap();
        let of_album = links.iter().rev().filter(|((who, of, _), _)| *who == owner.to_string() && *of == album);
        Ok(of_album
            .map(|(_, link)| link.clone())
            .filter(|l| within(range, &l.link_id.to_string()))
            .take(limit)
            .collect())
    }

    async fn delete_link(&self, owner: &OwnerId, album: AlbumId, link: LinkId) -> Result<bool, Error> {
        Ok(self.links.lock().unwrap().remove(&(owner.to_string(), album, link)).is_some())
    }
}

impl ListRecords for Table {
    async fn list_records(&self, listing: Listing<'_>) -> Result<Found, Error> {
        let ListScope::Album(owner, album) = listing.scope else { panic!("albums list albums") };
        let images = self.images.lock().unwrap();
        let in_index = images.values().rev().filter(|_| !self.index_lags);
        let in_scope = in_index.filter(|record| record.album_id == Some(album));
        let looked_at: Vec<_> = in_scope
            .filter(|record| within(listing.range, &record.image_id.to_string()))
            .take(usize::try_from(listing.look_at).unwrap())
            .cloned()
            .collect();
        let full = i32::try_from(looked_at.len()).unwrap() == listing.look_at;
        let last = looked_at.last().filter(|_| full).map(|record| record.image_id.number());
        let wanted =
            |record: &Record| record.owner_id == *owner && listing.status.is_none_or(|status| record.status == status);
        let records = looked_at.into_iter().filter(wanted).collect();
        Ok(Found { records, rest: last.and_then(|last| listing.range.below(last)) })
    }
}

impl GlimpseReady for Table {
    async fn glimpse_ready(
        &self,
        owner: &OwnerId,
        range: IdRange,
        seen: Seen,
        limit: Option<i32>,
    ) -> Result<(Vec<Glimpse>, Option<IdRange>), Error> {
        assert_eq!((range, seen, limit), (IdRange::ALL, Seen::Albums, None));
        let images = self.images.lock().unwrap();
        let ready = images.values().rev().filter(|record| record.owner_id == *owner && record.status == Status::Ready);
        let glimpse = |record: &Record| Glimpse {
            image_id: record.image_id,
            album_id: record.album_id,
            facts: GlimpsedFacts::default(),
        };
        Ok((ready.map(glimpse).collect(), None))
    }
}

impl ReadRecords for Table {
    async fn read_records(
        &self,
        owner: &OwnerId,
        images: &[ImageId],
        consistency: Consistency,
    ) -> Result<Vec<Record>, Error> {
        assert!(images.len() <= 100 && consistency == Consistency::Eventual);
        let records = self.images.lock().unwrap();
        Ok(images.iter().filter_map(|image| records.get(&(owner.to_string(), *image))).cloned().collect())
    }
}

impl EditRecords for Table {
    async fn edit_records(
        &self,
        owner: &OwnerId,
        images: &[ImageId],
        change: &RecordEdit,
        _: OffsetDateTime,
    ) -> Result<EditOutcome, Error> {
        assert!(images.len() <= 100, "more than the table takes at once");
        let mut records = self.images.lock().unwrap();
        for (at, image) in images.iter().enumerate() {
            let found = records.get(&(owner.to_string(), *image)).filter(|record| record.status != Status::Deleting);
            if found.is_none_or(|record| change.lies_in.is_some() && record.album_id != change.lies_in) {
                return Ok(EditOutcome::NoImage(at));
            }
        }
        if let Some(Some(album)) = change.album
            && self.albums.lock().unwrap().get(&(owner.to_string(), album)).is_none_or(|album| album.deleting)
        {
            return Ok(EditOutcome::NoAlbum);
        }
        for image in images {
            let record = records.get_mut(&(owner.to_string(), *image)).expect("checked above");
            record.album_id = change.album.unwrap_or(record.album_id);
        }
        Ok(EditOutcome::Done)
    }
}
