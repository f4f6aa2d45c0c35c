//! Copies objects of other buckets in, from S3 to S3: the bytes do not pass through a function. And counts them before.

use super::error::sdk_error;
use aws_sdk_s3::Client;
use aws_sdk_s3::error::ProvideErrorMetadata;
use aws_sdk_s3::types::{ChecksumAlgorithm, MetadataDirective, ServerSideEncryption, TaggingDirective};
use darkroom_domain::import::{Listed, Reason};
use darkroom_domain::{Error, ErrorCode};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What a key keeps in a header.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// Where a copy goes.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The bucket.
    pub bucket: &'a str,
    /// The key.
    pub key: &'a str,
    /// The environment's own key.
    pub kms_key_arn: &'a str,
}

/// The result of a copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Copied {
    /// The object is there.
    Done,
    /// It is not, and a further try would not help.
    Refused(Reason),
}

/// May copy objects of other buckets in.
pub trait CopyIn {
    /// Copies exactly the content that was listed. S3 compares the bytes, and keeps their SHA-256 with the copy.
    fn copy_in(&self, bucket: &str, object: &Listed, to: Place<'_>) -> impl Future<Output = Result<Copied, Error>>;
}

/// A page of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sizes {
    /// The bytes of each object.
    pub sizes: Vec<u64>,
    /// The last key, if there are more behind it.
    pub next: Option<String>,
}

/// May list the objects of other buckets.
pub trait ListSizes {
    /// A thousand objects under this prefix, behind that key. `None` if there is no such bucket, or it must not be listed.
    fn list_sizes(
        &self,
        bucket: &str,
        prefix: &str,
        behind: Option<&str>,
    ) -> impl Future<Output = Result<Option<Sizes>, Error>>;
}

impl CopyIn for Client {
    async fn copy_in(&self, bucket: &str, object: &Listed, to: Place<'_>) -> Result<Copied, Error> {
        let call = self
            .copy_object()
            .copy_source(format!("{bucket}/{}", utf8_percent_encode(&object.key, PLAIN)))
            .copy_source_if_match(&object.etag)
            .bucket(to.bucket)
            .key(to.key)
            .server_side_encryption(ServerSideEncryption::AwsKms)
            .ssekms_key_id(to.kms_key_arn)
            .checksum_algorithm(ChecksumAlgorithm::Sha256)
            // Headers, metadata and tags of the other bucket are not ours: the bytes tell the type of a photo.
            .metadata_directive(MetadataDirective::Replace)
            .content_type("application/octet-stream")
            .tagging_directive(TaggingDirective::Replace);
        let Err(error) = call.send().await else { return Ok(Copied::Done) };
        let reason = match error.as_service_error().and_then(ProvideErrorMetadata::code) {
            Some("NoSuchKey" | "NoSuchBucket") => Reason::Gone,
            Some("PreconditionFailed") => Reason::Changed,
            Some("InvalidObjectState" | "ObjectNotInActiveTierError") => Reason::Archived,
            // Its encryption needs a key that the client keeps, or a key of KMS that is gone.
            Some("InvalidRequest" | "KMS.DisabledException" | "KMS.NotFoundException") => Reason::Unreadable,
            _ => {
                let error = sdk_error("copy the object", ErrorCode::TransientStorage, &error);
                if error.code != ErrorCode::WorkerDenied {
                    return Err(error);
                }
                tracing::warn!(key = object.key, detail = error.detail, "an object must not be read");
                Reason::Unreadable
            }
        };
        Ok(Copied::Refused(reason))
    }
}

impl ListSizes for Client {
    async fn list_sizes(&self, bucket: &str, prefix: &str, behind: Option<&str>) -> Result<Option<Sizes>, Error> {
        let call = self.list_objects_v2().bucket(bucket).prefix(prefix).set_start_after(behind.map(Into::into));
        let answer = match call.send().await {
            Ok(answer) => answer,
            Err(error) if error.as_service_error().and_then(ProvideErrorMetadata::code) == Some("NoSuchBucket") => {
                return Ok(None);
            }
            Err(error) => {
                let error = sdk_error("list the bucket", ErrorCode::TransientStorage, &error);
                return if error.code == ErrorCode::WorkerDenied { Ok(None) } else { Err(error) };
            }
        };
        let next = answer.is_truncated().unwrap_or_default().then(|| answer.contents().last()?.key().map(Into::into));
        let size = |object: &aws_sdk_s3::types::Object| object.size().and_then(|size| u64::try_from(size).ok());
        let sizes = answer.contents().iter().map(|object| size(object).unwrap_or_default()).collect();
        Ok(Some(Sizes { sizes, next: next.flatten() }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_s3::operation::copy_object::{CopyObjectError, CopyObjectOutput};
    use aws_sdk_s3::operation::list_objects_v2::{ListObjectsV2Error, ListObjectsV2Output};
    use aws_sdk_s3::types::Object;
    use aws_smithy_types::error::ErrorMetadata;
    use darkroom_mocks::{Rule, RuleMode, mock, mock_client};

    fn listed() -> Listed {
        Listed { key: "2019/two words+é.jpg".into(), size: 7, etag: "\"e\"".into(), last_modified: 0 }
    }

    async fn copied(rule: &Rule) -> Result<Copied, Error> {
        let place = Place { bucket: "originals", key: "uploads/ada/1", kms_key_arn: "key" };
        mock_client!(aws_sdk_s3, RuleMode::MatchAny, [rule]).copy_in("theirs", &listed(), place).await
    }

    fn refused(code: &'static str) -> Rule {
        mock!(Client::copy_object)
            .then_error(move || CopyObjectError::generic(ErrorMetadata::builder().code(code).build()))
    }

    #[tokio::test]
    async fn exactly_what_was_listed_is_copied_under_our_key_and_without_their_metadata() {
        let rule = mock!(Client::copy_object)
            .match_requests(|call| {
                assert_eq!(call.copy_source(), Some("theirs/2019/two%20words%2B%C3%A9.jpg"));
                assert_eq!(call.copy_source_if_match(), Some("\"e\""));
                assert_eq!((call.bucket(), call.key()), (Some("originals"), Some("uploads/ada/1")));
                assert_eq!(call.server_side_encryption(), Some(&ServerSideEncryption::AwsKms));
                assert_eq!(call.ssekms_key_id(), Some("key"));
                assert_eq!(call.checksum_algorithm(), Some(&ChecksumAlgorithm::Sha256));
                assert_eq!(call.metadata_directive(), Some(&MetadataDirective::Replace));
                call.tagging_directive() == Some(&TaggingDirective::Replace)
            })
            .then_output(|| CopyObjectOutput::builder().build());
        assert_eq!(copied(&rule).await, Ok(Copied::Done));
    }

    #[tokio::test]
    async fn what_cannot_be_read_has_a_reason_and_what_will_pass_does_not() {
        for (code, reason) in [
            ("NoSuchKey", Reason::Gone),
            ("PreconditionFailed", Reason::Changed),
            ("InvalidObjectState", Reason::Archived),
            ("AccessDenied", Reason::Unreadable),
            ("KMS.DisabledException", Reason::Unreadable),
        ] {
            assert_eq!(copied(&refused(code)).await, Ok(Copied::Refused(reason)), "{code}");
        }
        assert_eq!(copied(&refused("SlowDown")).await.unwrap_err().code, ErrorCode::TransientStorage);
    }

    async fn sizes(rule: &Rule) -> Result<Option<Sizes>, Error> {
        mock_client!(aws_sdk_s3, RuleMode::MatchAny, [rule]).list_sizes("theirs", "2019/", Some("2019/a")).await
    }

    #[tokio::test]
    async fn a_list_goes_on_behind_its_last_key() {
        let rule = mock!(Client::list_objects_v2)
            .match_requests(|call| call.prefix() == Some("2019/") && call.start_after() == Some("2019/a"))
            .then_output(|| {
                let object = |key: &str, size| Object::builder().key(key).size(size).build();
                let output = ListObjectsV2Output::builder().contents(object("2019/b", 7)).contents(object("2019/c", 0));
                output.is_truncated(true).build()
            });
        assert_eq!(sizes(&rule).await, Ok(Some(Sizes { sizes: vec![7, 0], next: Some("2019/c".into()) })));
    }

    #[tokio::test]
    async fn a_bucket_that_must_not_be_listed_is_told_from_one_that_does_not_answer() {
        for (code, is_none) in [("NoSuchBucket", true), ("AccessDenied", true), ("SlowDown", false)] {
            let rule = mock!(Client::list_objects_v2)
                .then_error(move || ListObjectsV2Error::generic(ErrorMetadata::builder().code(code).build()));
            assert_eq!(sizes(&rule).await.ok(), is_none.then_some(None), "{code}");
        }
    }
}
