//! Lists of keys in a bucket, in S3's own order, for the sweeper, which compares storage with the table. A list needs no
//! permission to read a photo.

use super::error::sdk_error;
use aws_sdk_s3::Client;
use aws_sdk_s3::operation::list_objects_v2::builders::ListObjectsV2FluentBuilder;
use aws_sdk_s3::types::{CommonPrefix, Object};
use darkroom_domain::{Error, ErrorCode};
use time::OffsetDateTime;

/// A key under which an object stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// The key.
    pub key: String,
    /// When the object was stored.
    pub at: OffsetDateTime,
}

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// In the order of their keys.
    pub items: Vec<T>,
    /// Behind what the next page begins, if there is one.
    pub next: Option<String>,
}

/// May list keys. What lies under a delete marker is not listed.
pub trait ListKeys {
    /// The keys under this prefix, behind that key, so many at most.
    fn keys_behind(
        &self,
        bucket: &str,
        prefix: &str,
        behind: Option<&str>,
        at_most: i32,
    ) -> impl Future<Output = Result<Page<Stored>, Error>>;

    /// The folders under this prefix (each with the slash at its end), behind that folder, so many at most.
    fn folders_behind(
        &self,
        bucket: &str,
        prefix: &str,
        behind: Option<&str>,
        at_most: i32,
    ) -> impl Future<Output = Result<Page<String>, Error>>;
}

impl ListKeys for Client {
    async fn keys_behind(
        &self,
        bucket: &str,
        prefix: &str,
        behind: Option<&str>,
        at_most: i32,
    ) -> Result<Page<Stored>, Error> {
        let call = list(self, bucket, prefix, at_most).set_start_after(behind.map(Into::into));
        let answer = call.send().await;
        let answer = answer.map_err(|error| sdk_error("list keys", ErrorCode::TransientStorage, &error))?;
        let items: Vec<_> = answer.contents.unwrap_or_default().into_iter().filter_map(stored).collect();
        let next = items.last().filter(|_| answer.is_truncated == Some(true)).map(|last| last.key.clone());
        Ok(Page { items, next })
    }

    async fn folders_behind(
        &self,
        bucket: &str,
        prefix: &str,
        behind: Option<&str>,
        at_most: i32,
    ) -> Result<Page<String>, Error> {
        // The character after a slash: behind every key in the folder, not only behind its name.
        let behind = behind.map(|folder| format!("{}0", folder.trim_end_matches('/')));
        let call = list(self, bucket, prefix, at_most).delimiter("/").set_start_after(behind);
        let answer = call.send().await;
        let answer = answer.map_err(|error| sdk_error("list folders", ErrorCode::TransientStorage, &error))?;
        let items: Vec<_> = answer.common_prefixes.unwrap_or_default().into_iter().filter_map(folder).collect();
        let next = items.last().filter(|_| answer.is_truncated == Some(true)).cloned();
        Ok(Page { items, next })
    }
}

fn list(s3: &Client, bucket: &str, prefix: &str, at_most: i32) -> ListObjectsV2FluentBuilder {
    s3.list_objects_v2().bucket(bucket).prefix(prefix).max_keys(at_most)
}

fn stored(object: Object) -> Option<Stored> {
    let at = object.last_modified.and_then(|at| OffsetDateTime::from_unix_timestamp(at.secs()).ok());
    Some(Stored { key: object.key?, at: at.unwrap_or(OffsetDateTime::UNIX_EPOCH) })
}

fn folder(prefix: CommonPrefix) -> Option<String> {
    prefix.prefix
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_s3::operation::list_objects_v2::{ListObjectsV2Error, ListObjectsV2Output};
    use aws_sdk_s3::primitives::DateTime;
    use darkroom_mocks::{Rule, RuleMode, mock, mock_client};

    fn client(rule: &Rule) -> Client {
        mock_client!(aws_sdk_s3, RuleMode::MatchAny, [rule])
    }

    #[tokio::test]
    async fn r51_keys_are_listed_behind_the_last_one() {
        let rule = mock!(Client::list_objects_v2)
            .match_requests(|call| {
                (call.bucket(), call.prefix(), call.start_after()) == (Some("b"), Some("uploads/"), Some("uploads/a"))
                    && call.max_keys() == Some(2)
                    && call.delimiter().is_none()
            })
            .then_output(|| {
                let object = |key: &str| Object::builder().key(key).last_modified(DateTime::from_secs(7)).build();
                let contents = vec![object("uploads/b"), object("uploads/c")];
                ListObjectsV2Output::builder().set_contents(Some(contents)).is_truncated(true).build()
            });
        let page = client(&rule).keys_behind("b", "uploads/", Some("uploads/a"), 2).await.unwrap();
        let at = OffsetDateTime::from_unix_timestamp(7).unwrap();
        assert_eq!(page.items[0], Stored { key: "uploads/b".into(), at });
        assert_eq!((page.items.len(), page.next.as_deref()), (2, Some("uploads/c")));
    }

    #[tokio::test]
    async fn r51_folders_are_listed_behind_every_key_of_the_last_one() {
        let rule = mock!(Client::list_objects_v2)
            .match_requests(|call| call.start_after() == Some("variants/a0") && call.delimiter() == Some("/"))
            .then_output(|| {
                let folder = CommonPrefix::builder().prefix("variants/b/").build();
                ListObjectsV2Output::builder().common_prefixes(folder).is_truncated(false).build()
            });
        let page = client(&rule).folders_behind("b", "variants/", Some("variants/a/"), 2).await.unwrap();
        assert_eq!(page, Page { items: vec!["variants/b/".into()], next: None });
    }

    #[tokio::test]
    async fn what_fails_has_a_name() {
        let rule = mock!(Client::list_objects_v2).then_error(|| ListObjectsV2Error::unhandled("gone"));
        assert!(client(&rule).keys_behind("b", "uploads/", None, 2).await.is_err());
        assert!(client(&rule).folders_behind("b", "variants/", None, 2).await.is_err());
    }
}
