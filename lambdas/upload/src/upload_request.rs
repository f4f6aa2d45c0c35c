//! The client's declaration of its photos, and its checks.

use darkroom_domain::hex;
use darkroom_domain::id::{AlbumId, ImageId, OwnerId};
use darkroom_domain::record::{Record, Visibility};
use darkroom_domain::settings::LIMITS;
use darkroom_domain::text::steers_text;
use darkroom_runtime::api::{Fields, Problem, no_null};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use time::OffsetDateTime;

const FILENAME_MAX: usize = 255;
/// A transaction has room for a hundred writes: fifty records, the day's count, the client's key, and these.
const ALBUMS_MAX: usize = 10;

/// One photo.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct UploadRequest {
    pub filename: String,
    pub content_type: String,
    #[serde(default, deserialize_with = "no_null")]
    pub size_bytes: Option<u64>,
    #[serde(default, deserialize_with = "no_null")]
    pub sha256: Option<String>,
    #[serde(default, deserialize_with = "no_null")]
    pub album_id: Option<String>,
    #[serde(default, deserialize_with = "no_null")]
    pub visibility: Option<Visibility>,
}

/// Some photos.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct BatchRequest {
    uploads: Vec<UploadRequest>,
}

/// A photo as it was declared. Valid only once its [`Fields`] are done.
pub struct Declared {
    place: String,
    filename: String,
    content_type: String,
    pub size_bytes: Option<u64>,
    sha256: Option<[u8; 32]>,
    album: Option<AlbumId>,
    visibility: Visibility,
}

impl UploadRequest {
    /// Notes faults, under names that begin with the photo's place.
    pub fn checked(&self, fields: &mut Fields, place: &str) -> Declared {
        let named = |name: &str| format!("{place}{name}");
        check_filename(fields, &named("filename"), &self.filename);
        check_content_type(fields, &named("content_type"), &self.content_type);
        let fits = self.size_bytes.is_none_or(|size| (1..=LIMITS.max_bytes).contains(&size));
        fields.check(fits, &named("size_bytes"), || format!("must be 1 to {}", LIMITS.max_bytes));
        let sha256 = self.sha256.as_deref().map(unhex);
        fields.check(sha256 != Some(None), &named("sha256"), || "must be 64 hexadecimal digits".into());
        // A form has no place for a checksum, and a client that has read the file knows its size too.
        let sized = self.size_bytes.is_some() || self.sha256.is_none();
        fields.check(sized, &named("size_bytes"), || "is required with sha256".into());
        let album = self.album_id.as_deref().map(|id| AlbumId::parse(id).ok());
        fields.check(album != Some(None), &named("album_id"), || "must be the id of an album".into());
        Declared {
            place: place.into(),
            filename: self.filename.clone(),
            content_type: self.content_type.clone(),
            size_bytes: self.size_bytes,
            sha256: sha256.flatten(),
            album: album.flatten(),
            visibility: self.visibility.unwrap_or_default(),
        }
    }
}

impl BatchRequest {
    /// All of them, checked.
    pub fn checked(&self) -> Result<Vec<Declared>, Problem> {
        let most = LIMITS.uploads_per_call;
        // Before each is looked at, or the answer about thousands would be many times as long as the request.
        if !(1..=most).contains(&self.uploads.len()) {
            return Err(Problem::field("uploads", format!("must be 1 to {most}")));
        }
        let mut fields = Fields::default();
        let photos = self.uploads.iter().enumerate();
        let declared: Vec<_> = photos.map(|(at, one)| one.checked(&mut fields, &format!("uploads[{at}]."))).collect();
        let albums: BTreeSet<_> = declared.iter().filter_map(|photo| photo.album).collect();
        fields.check(albums.len() <= ALBUMS_MAX, "uploads", || format!("may name {ALBUMS_MAX} albums"));
        fields.done()?;
        Ok(declared)
    }
}

/// Uppy's declaration of a photo: its name and its type.
pub fn of_uppy(fields: &mut Fields, filename: Option<&str>, content_type: Option<&str>) -> Declared {
    let (filename, content_type) = (filename.unwrap_or_default(), content_type.unwrap_or_default());
    check_filename(fields, "filename", filename);
    check_content_type(fields, "type", content_type);
    Declared {
        place: String::new(),
        filename: filename.into(),
        content_type: content_type.into(),
        size_bytes: None,
        sha256: None,
        album: None,
        visibility: Visibility::Private,
    }
}

/// The owner has no such album: the error names the first photo that was to go into it.
pub fn no_album(declared: &[Declared], album: AlbumId) -> Problem {
    let place = declared.iter().find(|photo| photo.album == Some(album)).map_or("", |photo| &photo.place);
    Problem::field(&format!("{place}album_id"), "is not an album of yours")
}

impl Declared {
    /// The record of it.
    pub fn record(&self, owner: OwnerId, image: ImageId, now: OffsetDateTime) -> Record {
        Record {
            filename: Some(self.filename.clone()),
            content_type: Some(self.content_type.clone()),
            size_bytes: self.size_bytes,
            sha256: self.sha256.map(|digest| hex(&digest)),
            album_id: self.album,
            visibility: self.visibility,
            ..Record::awaiting(owner, image, now)
        }
    }
}

fn check_filename(fields: &mut Fields, field: &str, name: &str) {
    fields.check(is_filename(name), field, || {
        format!("must have 1 to {FILENAME_MAX} characters, no slashes, no control or direction marks")
    });
}

fn check_content_type(fields: &mut Fields, field: &str, content_type: &str) {
    let known = LIMITS.content_types.iter().any(|known| known == content_type);
    fields.check(known, field, || format!("must be one of {}", LIMITS.content_types.join(", ")));
}

/// A name that can be shown anywhere: no path, no control characters, and nothing that makes the end of a name look
/// like its middle.
fn is_filename(name: &str) -> bool {
    let unfit = |c: char| steers_text(c) || matches!(c, '/' | '\\');
    (1..=FILENAME_MAX).contains(&name.chars().count()) && !name.contains(unfit)
}

/// A digest of 32 bytes.
pub fn unhex(text: &str) -> Option<[u8; 32]> {
    let digits: Vec<u8> =
        text.chars().map(|c| c.to_digit(16).and_then(|d| u8::try_from(d).ok())).collect::<Option<_>>()?;
    let bytes: Vec<u8> = digits.chunks(2).map(|pair| pair[0] << 4 | pair.get(1).unwrap_or(&0)).collect();
    bytes.try_into().ok().filter(|_| digits.len() == 64)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// SHA-256 of "test".
    const DIGEST: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    #[test]
    fn r31_what_a_filename_may_be() {
        for good in ["a", "Sünset at the läke 🌅.jpg", ".jpg", "..", " ", "100% \"sure\".png", &"ä".repeat(255)] {
            assert!(is_filename(good), "{good}");
        }
        let marks = ["photo\u{202e}gpj.exe", "a\u{2028}b", "a\u{2066}b", "a\u{61c}b"];
        for bad in ["", "a/b", "a\\b", "a\nb", "a\u{0}b", "a\u{7f}b", "a\u{85}b"].into_iter().chain(marks) {
            assert!(!is_filename(bad), "{bad:?}");
        }
        assert!(!is_filename(&"ä".repeat(256)));
    }

    #[test]
    fn hex_is_read_strictly() {
        assert_eq!(unhex(DIGEST).map(|digest| hex(&digest)).as_deref(), Some(DIGEST));
        assert_eq!(unhex(&DIGEST.to_uppercase()), unhex(DIGEST));
        for bad in ["", "9f", &DIGEST[1..], &format!("{DIGEST}0"), &DIGEST.replace('9', "g"), &"９".repeat(64)] {
            assert_eq!(unhex(bad), None, "{bad}");
        }
    }
}
