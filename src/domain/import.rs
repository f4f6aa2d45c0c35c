//! Imports: the objects of a bucket that an operator brings in for a user (ADR 62).

use crate::id::OwnerId;
use crate::settings::LIMITS;
use crate::text::steers_text;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The longest name of an import. An execution's name is made of it and a number.
const NAME_MAX: usize = 60;
/// The longest name of a file, in characters.
const FILENAME_MAX: usize = 255;

/// The bucket, prefix and owner of an import: an import of the same three is the same import.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// The bucket that is read.
    pub bucket: String,
    /// The beginning of the keys.
    pub prefix: String,
    /// Whose the photos become.
    pub owner_id: OwnerId,
}

impl Source {
    /// The name of an import without a name of its own: the same for the same source and owner, so that the same
    /// command goes on where an earlier one ended.
    pub fn name(&self) -> String {
        let Self { bucket, prefix, owner_id } = self;
        let bucket: String = bucket.chars().map(|c| if c == '.' { '-' } else { c }).take(NAME_MAX - 17).collect();
        let digest = Sha256::digest(format!("{bucket}\n{prefix}\n{owner_id}"));
        format!("{bucket}-{}", crate::hex(&digest[..8]))
    }
}

/// True for lower-case letters, digits and hyphens.
pub fn is_name(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=NAME_MAX).contains(&text.len()) && text.bytes().all(fits)
}

/// The name of the execution that runs an import for the nth time.
pub fn execution_name(import: &str, run: u64) -> String {
    format!("{import}-{run}")
}

/// An object as `ListObjectsV2` tells it to the state machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Listed {
    /// Its key.
    pub key: String,
    /// Its bytes.
    pub size: u64,
    /// Its entity tag, with or without quotes.
    #[serde(alias = "ETag")]
    pub etag: String,
    /// Seconds since 1970.
    pub last_modified: i64,
}

/// The reason why an object did not become a photo that is ready.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// It has no bytes: a folder of the console, or a broken upload.
    Empty,
    /// It has more bytes than an upload may have.
    TooLarge,
    /// Its storage class must be restored before it can be read.
    Archived,
    /// The bucket or its key does not let Darkroom read it.
    Unreadable,
    /// It was removed after it was listed.
    Gone,
    /// It was replaced after it was listed. The next run brings the new one.
    Changed,
    /// It was brought before, and its owner deleted it.
    Deleted,
    /// It was brought, and the pipeline rejected it: the code says why.
    Rejected,
    /// It was brought, and the pipeline failed: an operator must act.
    Failed,
    /// It was brought, and had not ended when the import stopped waiting for it.
    Late,
}

impl Reason {
    /// As it stands in the table.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLarge => "too_large",
            Self::Archived => "archived",
            Self::Unreadable => "unreadable",
            Self::Gone => "gone",
            Self::Changed => "changed",
            Self::Deleted => "deleted",
            Self::Rejected => "rejected",
            Self::Failed => "failed",
            Self::Late => "late",
        }
    }
}

impl Listed {
    /// The reason why it is refused without a look at its bytes.
    pub fn refusal(&self) -> Option<Reason> {
        refusal(self.size)
    }

    /// The name that its owner sees: the last part of the key, without what would steer text.
    pub fn filename(&self) -> String {
        let last = self.key.rsplit('/').next().unwrap_or_default();
        let name: String = last.chars().filter(|c| !steers_text(*c) && *c != '\\').take(FILENAME_MAX).collect();
        if name.is_empty() { "photo".into() } else { name }
    }
}

/// The reason why an object of this size is refused.
pub fn refusal(size: u64) -> Option<Reason> {
    match size {
        0 => Some(Reason::Empty),
        size if size > LIMITS.max_bytes => Some(Reason::TooLarge),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(bucket: &str, prefix: &str, owner: &str) -> Source {
        Source { bucket: bucket.into(), prefix: prefix.into(), owner_id: OwnerId::parse(owner).unwrap() }
    }

    fn listed(key: &str, size: u64) -> Listed {
        Listed { key: key.into(), size, etag: "e".into(), last_modified: 0 }
    }

    #[test]
    fn the_same_source_and_owner_have_the_same_name_and_others_another() {
        let name = source("family.photos", "2019/", "ada").name();
        assert!(name.starts_with("family-photos-") && is_name(&name), "{name}");
        assert_eq!(name, source("family.photos", "2019/", "ada").name());
        for other in [source("family.photos", "2020/", "ada"), source("family.photos", "2019/", "bob")] {
            assert_ne!(name, other.name());
        }
        let longest = source(&"b".repeat(63), "", "ada").name();
        assert!(is_name(&longest) && execution_name(&longest, 9_999).len() <= 80, "{longest}");
    }

    #[test]
    fn a_name_is_safe_in_keys_and_executions() {
        assert!(is_name("holiday-2019"));
        for bad in ["", "a/b", "A", "a#b", "ä", &"x".repeat(61)] {
            assert!(!is_name(bad), "{bad:?}");
        }
    }

    #[test]
    fn an_object_is_read_as_step_functions_lists_it() {
        let text = r#"{"Etag":"\"0a\"","Key":"a/b.jpg","LastModified":1700000000,"Size":7,"StorageClass":"STANDARD"}"#;
        let found: Listed = serde_json::from_str(text).unwrap();
        assert_eq!(found, Listed { etag: "\"0a\"".into(), last_modified: 1_700_000_000, ..listed("a/b.jpg", 7) });
    }

    #[test]
    fn r21_what_no_ticket_would_be_given_for_is_not_copied() {
        let most = LIMITS.max_bytes;
        let refusals = [0, 1, most, most + 1].map(|size| listed("a", size).refusal());
        assert_eq!(refusals, [Some(Reason::Empty), None, None, Some(Reason::TooLarge)]);
    }

    #[test]
    fn r31_a_file_name_is_the_end_of_the_key_and_steers_no_text() {
        for (key, name) in [
            ("a/b/c d.jpg", "c d.jpg"),
            ("c.jpg", "c.jpg"),
            ("a/\u{202e}gpj.exe", "gpj.exe"),
            ("a/b\\c\n.jpg", "bc.jpg"),
            ("folder/", "photo"),
        ] {
            assert_eq!(listed(key, 1).filename(), name);
        }
        assert_eq!(listed(&"ä".repeat(300), 1).filename().chars().count(), FILENAME_MAX);
    }

    #[test]
    fn a_reason_is_spelled_one_way() {
        use Reason::{Archived, Changed, Deleted, Empty, Failed, Gone, Late, Rejected, TooLarge, Unreadable};
        for reason in [Empty, TooLarge, Archived, Unreadable, Gone, Changed, Deleted, Rejected, Failed, Late] {
            assert_eq!(serde_json::to_value(reason).unwrap(), reason.as_str());
        }
    }
}
