//! Albums: titled sets of one owner's photos, and the links that show them to people without an account.

use crate::id::{AlbumId, ImageId, LinkId, OwnerId};
use serde::{Deserialize, Serialize};

/// Who may see an album besides its owner.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlbumVisibility {
    /// The owner only.
    #[default]
    Private,
    /// Also people with a share link.
    Link,
    /// Also every signed-in user who knows its id.
    Public,
}

impl AlbumVisibility {
    /// The value in the table.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Private => "private",
            Self::Link => "link",
            Self::Public => "public",
        }
    }
}

/// An album, as the table has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Album {
    /// Its id. The attribute `album_id` is there only while the album is public: it puts the album into the index
    /// `album`.
    pub id: AlbumId,
    /// Its owner.
    pub owner_id: OwnerId,
    /// Its title.
    pub title: String,
    /// Who may see it. The table has another name for it, since `visibility` is an attribute of photos.
    #[serde(rename = "seen_by")]
    pub visibility: AlbumVisibility,
    /// RFC 3339.
    pub created_at: String,
    /// RFC 3339.
    pub updated_at: String,
    /// Its owner deleted it; its photos are being taken out of it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub deleting: bool,
    /// No photo from this id on is in it any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub emptied_from: Option<ImageId>,
}

/// A share link, as the table has it: kept while it is valid, and deleted when it is revoked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// Its id.
    pub link_id: LinkId,
    /// RFC 3339.
    pub created_at: String,
    /// When it expires, also in the table (seconds since 1970).
    pub expires_at: i64,
}

/// The content of a share link's token: enough to find the link by its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shared {
    /// The owner of the album.
    pub owner: OwnerId,
    /// The album.
    pub album: AlbumId,
    /// The link.
    pub link: LinkId,
}

impl Shared {
    /// As the payload of a token.
    pub fn to_bytes(&self) -> Vec<u8> {
        let ids = [self.album.number().to_be_bytes(), self.link.number().to_be_bytes()].concat();
        [&ids, self.owner.as_str().as_bytes()].concat()
    }

    /// From the payload of a token.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let (album, rest) = bytes.split_first_chunk::<16>()?;
        let (link, owner) = rest.split_first_chunk::<16>()?;
        Some(Self {
            owner: OwnerId::parse(str::from_utf8(owner).ok()?).ok()?,
            album: AlbumId::from_number(u128::from_be_bytes(*album)),
            link: LinkId::from_number(u128::from_be_bytes(*link)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_token_says_is_read_back() {
        let owner = OwnerId::parse("3f1c2b6a-0d2e-4a57-9d3a-5b1f6c7d8e9f").unwrap();
        let shared = Shared { owner, album: AlbumId::new(), link: LinkId::new() };
        let bytes = shared.to_bytes();
        assert_eq!(Shared::read(&bytes), Some(shared));
        for wrong in [&bytes[..31], &bytes[..32], &[bytes.clone(), b"/".to_vec()].concat(), b""] {
            assert_eq!(Shared::read(wrong), None);
        }
    }

    #[test]
    fn a_visibility_is_spelled_one_way() {
        for who in [AlbumVisibility::Private, AlbumVisibility::Link, AlbumVisibility::Public] {
            assert_eq!(serde_json::to_value(who).unwrap(), who.as_str());
        }
    }
}
