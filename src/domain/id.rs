//! The ids of images, albums, links and owners. They are checked where they enter, and are safe in keys, names and
//! logs.

use crate::error::{Error, ErrorCode};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt;
use time::{Date, OffsetDateTime};
use uuid::Uuid;

macro_rules! uuid_id {
    ($(#[$doc:meta])* $type:ident, $called:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $type(Uuid);

        impl $type {
            /// A new id, later than every id made before it.
            #[expect(clippy::new_without_default, reason = "a default that differs at each call would surprise")]
            pub fn new() -> Self {
                Self(Uuid::now_v7())
            }

            /// Reads the canonical form (36 lower-case characters) and nothing else: one thing has one name.
            pub fn parse(text: &str) -> Result<Self, Error> {
                Uuid::try_parse(text)
                    .ok()
                    .map(Self)
                    .filter(|id| id.to_string() == text)
                    .ok_or_else(|| Error::new(ErrorCode::RequestNotFound, concat!("not the id of ", $called)))
            }

            /// As the number that ids are ordered by.
            pub const fn number(self) -> u128 {
                self.0.as_u128()
            }

            /// The id of this number.
            pub const fn from_number(number: u128) -> Self {
                Self(Uuid::from_u128(number))
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(out)
            }
        }
    };
}

uuid_id! {
    /// The id of one image. UUIDv7 for tickets (sortable by time, made without coordination), and for what is brought
    /// in from a bucket, where its random part is a digest of the object; for imports of the operator a UUIDv8
    /// made of the object key, so that every delivery of the same event finds the same id.
    ImageId, "an image"
}
uuid_id! {
    /// The id of one album.
    AlbumId, "an album"
}
uuid_id! {
    /// The id of one share link.
    LinkId, "a link"
}

impl ImageId {
    /// The day (UTC) on which its ticket was given; none for an import, whose id does not tell.
    pub fn day(self) -> Option<Date> {
        self.given_at().map(OffsetDateTime::date)
    }

    /// When its ticket was given; none for an import.
    pub fn given_at(self) -> Option<OffsetDateTime> {
        let millis = i128::try_from(self.0.as_u128() >> 80).ok().filter(|_| self.0.get_version_num() == 7)?;
        OffsetDateTime::from_unix_timestamp_nanos(millis * 1_000_000).ok()
    }

    /// The id of an imported object: always the same for the same key.
    pub fn of_import(key: &str) -> Self {
        let digest = Sha256::digest(key.as_bytes());
        let mut half = [0; 16];
        half.copy_from_slice(&digest[..16]);
        Self(Uuid::new_v8(half))
    }

    /// The id of an object that is brought in from another bucket: always the same for the same content under the same
    /// key, and it sorts among its owner's photos by the time (seconds since 1970) at which it was stored there.
    pub fn of_brought(bucket: &str, key: &str, etag: &str, stored_at: i64) -> Self {
        let etag = etag.trim_matches('"');
        let digest = Sha256::digest(format!("{bucket}\n{etag}\n{key}"));
        let mut rest = [0; 10];
        rest.copy_from_slice(&digest[..10]);
        let millis = u64::try_from(stored_at).unwrap_or_default().saturating_mul(1000);
        Self(uuid::Builder::from_unix_timestamp_millis(millis, &rest).into_uuid())
    }
}

/// The owner of an image: the `sub` of a Cognito user, or [`OwnerId::operator`] for imports.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OwnerId(String);

impl OwnerId {
    /// The owner of imports.
    pub fn operator() -> Self {
        Self("operator".into())
    }

    /// Letters, digits and hyphens, 1 to 64: no character has a meaning in a key.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let fits = (1..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        fits.then(|| Self(text.into())).ok_or_else(|| Error::new(ErrorCode::AuthUnauthorized, "not an owner id"))
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for OwnerId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

macro_rules! serde_as_text {
    ($type:ty) => {
        impl Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                Self::parse(&text).map_err(serde::de::Error::custom)
            }
        }
    };
}
serde_as_text!(AlbumId);
serde_as_text!(ImageId);
serde_as_text!(LinkId);
serde_as_text!(OwnerId);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_sort_by_time() {
        let ids: Vec<_> = (0..100).map(|_| ImageId::new().to_string()).collect();
        assert!(ids.is_sorted());
    }

    #[test]
    fn ids_sort_as_their_numbers_do() {
        let (one, other) = (ImageId::from_number(0xff), ImageId::from_number(0x1_0000));
        assert!(one < other && one.to_string() < other.to_string() && one.number() < other.number());
        let id = ImageId::new();
        assert_eq!(ImageId::from_number(id.number()), id);
    }

    #[test]
    fn an_id_tells_its_day() {
        let midnight = 1_769_817_600_000; // 31 January 2026, 0:00 UTC
        let made_at = |millis: u128| ImageId::from_number((millis << 80) | (7 << 76) | (0x8 << 60));
        for (millis, day) in
            [(midnight - 1, "2026-01-30"), (midnight, "2026-01-31"), (midnight + 86_399_999, "2026-01-31")]
        {
            assert_eq!(made_at(millis).day().map(|day| day.to_string()).as_deref(), Some(day));
        }
        assert_eq!(made_at(u128::MAX >> 80).day(), None, "far beyond what a calendar has");
        assert_eq!(ImageId::of_import("imports/a b").day(), None);
    }

    #[test]
    fn an_import_has_one_id() {
        assert_eq!(ImageId::of_import("imports/a b"), ImageId::of_import("imports/a b"));
        assert_ne!(ImageId::of_import("imports/a b"), ImageId::of_import("imports/a+b"));
    }

    #[test]
    fn what_is_brought_in_has_one_id_and_the_time_of_the_object() {
        let of = |bucket, key, etag, at| ImageId::of_brought(bucket, key, etag, at);
        let id = of("b", "k", "\"e\"", 1_769_860_807);
        assert_eq!(id, of("b", "k", "e", 1_769_860_807), "quotes or not");
        assert_eq!(id.given_at().unwrap().unix_timestamp(), 1_769_860_807);
        assert_eq!(ImageId::parse(&id.to_string()).unwrap(), id);
        for other in
            [of("c", "k", "e", 1_769_860_807), of("b", "l", "e", 1_769_860_807), of("b", "k", "f", 1_769_860_807)]
        {
            assert_ne!(id, other);
        }
        assert!(of("b", "k", "e", 1) < of("a", "k", "e", 2), "sorted by time");
        assert_eq!(of("b", "k", "e", -1).given_at().unwrap().unix_timestamp(), 0);
    }

    #[test]
    fn only_the_canonical_form_is_an_id() {
        let id = ImageId::new().to_string();
        assert_eq!(ImageId::parse(&id).unwrap().to_string(), id);
        for other in [id.to_uppercase(), id.replace('-', ""), format!("{{{id}}}"), String::new(), "../etc".into()] {
            assert!(ImageId::parse(&other).is_err(), "{other}");
        }
    }

    #[test]
    fn an_owner_cannot_leave_its_prefix() {
        for bad in ["", "a/b", "a b", "..", "a\n", &"x".repeat(65)] {
            assert!(OwnerId::parse(bad).is_err(), "{bad:?}");
        }
        assert!(OwnerId::parse("3f1c-ABC").is_ok());
    }
}
