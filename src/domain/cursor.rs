//! Cursors: where the next page of a list begins. A cursor is sealed for one list of one reader, and is valid for no
//! other (R37, R59).

use crate::id::{AlbumId, LinkId, OwnerId};
use crate::record::Status;
use crate::token::MacKey;
use time::Date;

/// A list, with all that tells it from another: its reader and its filters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CursorScope<'a> {
    /// The owner's photos.
    Mine {
        /// The owner.
        owner: &'a OwnerId,
        /// Only those of this status.
        status: Option<Status>,
        /// Only those in this album.
        album: Option<AlbumId>,
        /// The first day, and the last.
        days: (Option<Date>, Option<Date>),
    },
    /// Public photos, as this user reads them.
    Public(&'a OwnerId),
    /// The public photos of one user, as this user reads them: reader, then owner.
    Of(&'a OwnerId, &'a OwnerId),
    /// The owner's albums.
    Albums(&'a OwnerId),
    /// The photos in an album, as this user reads them.
    Album(&'a OwnerId, AlbumId),
    /// The share links of the owner's album.
    Links(&'a OwnerId, AlbumId),
    /// The photos in an album, by this share link.
    Shared(AlbumId, LinkId),
}

impl CursorScope<'_> {
    /// The cursor of the page that begins below this id.
    pub fn seal(&self, key: &MacKey, last: u128) -> String {
        key.seal(&last.to_be_bytes(), self.context().as_bytes())
    }

    /// The id in a cursor, if the cursor is ours and of this list.
    pub fn open(&self, key: &MacKey, cursor: &str) -> Option<u128> {
        let payload = key.open(cursor, self.context().as_bytes())?;
        payload.try_into().ok().map(u128::from_be_bytes)
    }

    /// Two lists have two contexts: no id has a space in it.
    fn context(&self) -> String {
        match self {
            Self::Mine { owner, status, album, days: (from, to) } => {
                format!("mine {owner} {status:?} {album:?} {from:?} {to:?}")
            }
            Self::Public(reader) => format!("public {reader}"),
            Self::Of(reader, owner) => format!("of {reader} {owner}"),
            Self::Albums(owner) => format!("albums {owner}"),
            Self::Album(reader, album) => format!("album {reader} {album}"),
            Self::Links(owner, album) => format!("links {owner} {album}"),
            Self::Shared(album, link) => format!("shared {album} {link}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    const KEY: MacKey = MacKey::new([7; 32]);

    #[test]
    fn r37_a_cursor_is_valid_for_one_list_only() {
        let (ada, adam) = (&OwnerId::parse("ada").unwrap(), &OwnerId::parse("adam").unwrap());
        let (one, two) = (AlbumId::from_number(1), AlbumId::from_number(2));
        let mine = |owner, status, album, days| CursorScope::Mine { owner, status, album, days };
        let day = Some(date!(2026 - 01 - 31));
        let lists = [
            mine(ada, None, None, (None, None)),
            mine(adam, None, None, (None, None)),
            mine(ada, Some(Status::Ready), None, (None, None)),
            mine(ada, Some(Status::Failed), None, (None, None)),
            mine(ada, None, Some(one), (None, None)),
            mine(ada, None, Some(two), (None, None)),
            mine(ada, None, None, (day, None)),
            mine(ada, None, None, (None, day)),
            CursorScope::Public(ada),
            CursorScope::Public(adam),
            CursorScope::Of(ada, adam),
            CursorScope::Of(adam, ada),
            CursorScope::Of(ada, ada),
            CursorScope::Albums(ada),
            CursorScope::Albums(adam),
            CursorScope::Album(ada, one),
            CursorScope::Album(ada, two),
            CursorScope::Album(adam, one),
            CursorScope::Links(ada, one),
            CursorScope::Links(ada, two),
            CursorScope::Links(adam, one),
            CursorScope::Shared(one, LinkId::from_number(1)),
            CursorScope::Shared(one, LinkId::from_number(2)),
            CursorScope::Shared(two, LinkId::from_number(1)),
        ];
        for list in lists {
            let cursor = list.seal(&KEY, 42);
            for other in lists {
                assert_eq!(other.open(&KEY, &cursor), (other == list).then_some(42), "{list:?}, {other:?}");
            }
        }
    }

    #[test]
    fn a_token_of_another_length_is_not_a_cursor() {
        let list = CursorScope::Shared(AlbumId::from_number(1), LinkId::from_number(2));
        for payload in [&[][..], &[1; 15], &[1; 17]] {
            assert_eq!(list.open(&KEY, &KEY.seal(payload, list.context().as_bytes())), None, "{payload:?}");
        }
    }
}
