//! Finds originals in the bucket. A list of versions shows those under a delete marker too, and needs no permission to
//! read a photo.

use super::error::sdk_error;
use aws_sdk_s3::Client;
use darkroom_domain::order::Source;
use darkroom_domain::{Error, ErrorCode};

/// May find originals.
pub trait FindOriginal {
    /// The newest version under exactly this key, unless that is a delete marker. Its sequencer is 0, since S3 does not
    /// list sequencers.
    fn find_original(&self, bucket: &str, key: &str) -> impl Future<Output = Result<Option<Source>, Error>>;
}

impl FindOriginal for Client {
    async fn find_original(&self, bucket: &str, key: &str) -> Result<Option<Source>, Error> {
        let listed = self.list_object_versions().bucket(bucket).prefix(key).send().await;
        let listed = listed.map_err(|error| sdk_error("find the original", ErrorCode::TransientStorage, &error))?;
        let newest = listed.versions().iter().find(|it| it.is_latest() == Some(true) && it.key() == Some(key));
        Ok(newest.map(|version| Source {
            bucket: bucket.into(),
            key: key.into(),
            version_id: version.version_id().unwrap_or("null").into(),
            sequencer: "0".into(),
            size_bytes: version.size().and_then(|size| size.try_into().ok()).unwrap_or_default(),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_s3::operation::list_object_versions::{ListObjectVersionsError, ListObjectVersionsOutput};
    use aws_sdk_s3::types::{DeleteMarkerEntry, ObjectVersion};
    use darkroom_mocks::{Rule, RuleMode, mock, mock_client};

    const KEY: &str = "uploads/ada/1";

    fn version(key: &str, id: &str, is_latest: bool) -> ObjectVersion {
        ObjectVersion::builder().key(key).version_id(id).is_latest(is_latest).size(7).build()
    }

    fn lists(versions: Vec<ObjectVersion>, marker: Option<DeleteMarkerEntry>) -> Rule {
        mock!(Client::list_object_versions)
            .match_requests(|call| call.bucket() == Some("originals") && call.prefix() == Some(KEY))
            .then_output(move || {
                let output = ListObjectVersionsOutput::builder().set_versions(Some(versions.clone()));
                output.set_delete_markers(marker.clone().map(|marker| vec![marker])).build()
            })
    }

    async fn found(rule: Rule) -> Result<Option<Source>, Error> {
        mock_client!(aws_sdk_s3, RuleMode::MatchAny, [&rule]).find_original("originals", KEY).await
    }

    #[tokio::test]
    async fn r51_the_newest_version_of_exactly_this_key_is_found() {
        let longer = version("uploads/ada/12", "other", true);
        let rule = lists(vec![longer.clone(), version(KEY, "v2", true), version(KEY, "v1", false)], None);
        let source = found(rule).await.unwrap().expect("an original");
        assert_eq!((source.version_id.as_str(), source.sequencer.as_str(), source.size_bytes), ("v2", "0", 7));
        assert_eq!((source.bucket.as_str(), source.key.as_str()), ("originals", KEY));
        assert_eq!(found(lists(vec![longer], None)).await, Ok(None));
    }

    #[tokio::test]
    async fn r51_what_lies_under_a_delete_marker_is_not_there() {
        let marker = DeleteMarkerEntry::builder().key(KEY).version_id("m").is_latest(true).build();
        assert_eq!(found(lists(vec![version(KEY, "v1", false)], Some(marker))).await, Ok(None));
    }

    #[tokio::test]
    async fn what_fails_has_a_name() {
        let rule = mock!(Client::list_object_versions).then_error(|| ListObjectVersionsError::unhandled("gone"));
        assert!(found(rule).await.is_err());
    }
}
