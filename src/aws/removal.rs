//! Removes objects for good: in a versioned bucket that means every version, and every delete marker.

use super::error::sdk_error;
use aws_sdk_s3::Client;
use aws_sdk_s3::error::BuildError;
use aws_sdk_s3::primitives::DateTime;
use aws_sdk_s3::types::{Delete, ObjectIdentifier};
use darkroom_domain::order::Source;
use darkroom_domain::{Error, ErrorCode};
use std::collections::BTreeSet;
use time::OffsetDateTime;

/// May remove objects for good.
pub trait RemoveObjects {
    /// Removes every version of every object under the prefix, if there are any.
    fn remove_objects(&self, bucket: &str, prefix: &str) -> impl Future<Output = Result<(), Error>>;
}

/// May remove objects that others took the place of.
pub trait RemoveSuperseded {
    /// Removes the versions under the prefix that were stored before this time, of all keys but those that are kept. A
    /// version that is stored meanwhile stays, whatever its key is.
    fn remove_superseded(
        &self,
        bucket: &str,
        prefix: &str,
        kept: &BTreeSet<String>,
        before: OffsetDateTime,
    ) -> impl Future<Output = Result<(), Error>>;
}

/// May hide originals.
pub trait HideOriginal {
    /// Hides the object under the source's key by a delete marker, under which the bucket's lifecycle lets it expire.
    fn hide_original(&self, source: &Source) -> impl Future<Output = Result<(), Error>> + Send;

    /// Removes exactly this version, so that the others under its key are as they were.
    fn remove_version(&self, source: &Source) -> impl Future<Output = Result<(), Error>> + Send;
}

impl HideOriginal for Client {
    async fn hide_original(&self, source: &Source) -> Result<(), Error> {
        let answer = self.delete_object().bucket(&source.bucket).key(&source.key).send().await;
        answer.map_err(|error| sdk_error("hide the original", ErrorCode::TransientStorage, &error))?;
        Ok(())
    }

    async fn remove_version(&self, source: &Source) -> Result<(), Error> {
        let call = self.delete_object().bucket(&source.bucket).key(&source.key).version_id(&source.version_id);
        let answer = call.send().await;
        answer.map_err(|error| sdk_error("remove the version", ErrorCode::TransientStorage, &error))?;
        Ok(())
    }
}

impl RemoveObjects for Client {
    async fn remove_objects(&self, bucket: &str, prefix: &str) -> Result<(), Error> {
        loop {
            // Always lists the first page: its objects are removed before the next list.
            let listed = self.list_object_versions().bucket(bucket).prefix(prefix).send().await;
            let listed = listed.map_err(|error| sdk_error("list versions", ErrorCode::TransientStorage, &error))?;
            let versions = listed.versions().iter().map(|version| (version.key(), version.version_id()));
            let markers = listed.delete_markers().iter().map(|marker| (marker.key(), marker.version_id()));
            let found: Vec<_> =
                versions.chain(markers).map(|(key, version)| identifier(key, version)).collect::<Result<_, _>>()?;
            if found.is_empty() {
                return Ok(());
            }
            remove(self, bucket, found).await?;
            if listed.is_truncated() != Some(true) {
                return Ok(());
            }
        }
    }
}

impl RemoveSuperseded for Client {
    async fn remove_superseded(
        &self,
        bucket: &str,
        prefix: &str,
        kept: &BTreeSet<String>,
        before: OffsetDateTime,
    ) -> Result<(), Error> {
        let (mut key_marker, mut version_marker) = (None, None);
        loop {
            let call = self.list_object_versions().bucket(bucket).prefix(prefix);
            let call = call.set_key_marker(key_marker).set_version_id_marker(version_marker);
            let listed = call.send().await;
            let listed = listed.map_err(|error| sdk_error("list versions", ErrorCode::TransientStorage, &error))?;
            let is_older = |at: Option<&DateTime>| at.is_some_and(|at| at.secs() < before.unix_timestamp());
            let is_meant = |key: Option<&str>| key.is_some_and(|key| !kept.contains(key));
            let found = listed.versions().iter();
            let found = found.filter(|version| is_meant(version.key()) && is_older(version.last_modified()));
            let found = found.map(|version| identifier(version.key(), version.version_id()));
            let found = found.collect::<Result<Vec<_>, _>>()?;
            if !found.is_empty() {
                remove(self, bucket, found).await?;
            }
            if listed.is_truncated() != Some(true) {
                return Ok(());
            }
            (key_marker, version_marker) = (listed.next_key_marker, listed.next_version_id_marker);
        }
    }
}

fn identifier(key: Option<&str>, version: Option<&str>) -> Result<ObjectIdentifier, Error> {
    ObjectIdentifier::builder()
        .set_key(key.map(Into::into))
        .set_version_id(version.map(Into::into))
        .build()
        .map_err(|why| bug(&why))
}

/// At most a thousand, as one page lists at most.
async fn remove(s3: &Client, bucket: &str, found: Vec<ObjectIdentifier>) -> Result<(), Error> {
    let delete = Delete::builder().set_objects(Some(found)).quiet(true).build().map_err(|why| bug(&why))?;
    let answer = s3.delete_objects().bucket(bucket).delete(delete).send().await;
    let answer = answer.map_err(|error| sdk_error("remove versions", ErrorCode::TransientStorage, &error))?;
    // A call that succeeds may still have refused single objects.
    let Some(error) = answer.errors().first() else { return Ok(()) };
    let code = error.code().unwrap_or("no code");
    let name = if code == "AccessDenied" { ErrorCode::WorkerDenied } else { ErrorCode::TransientStorage };
    Err(Error::new(name, format!("remove versions: {code}: {}", error.message().unwrap_or("no message"))))
}

fn bug(why: &BuildError) -> Error {
    Error::new(ErrorCode::WorkerBug, format!("remove versions: {why}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_s3::operation::delete_objects::DeleteObjectsOutput;
    use aws_sdk_s3::operation::list_object_versions::ListObjectVersionsOutput;
    use aws_sdk_s3::types::ObjectVersion;
    use darkroom_mocks::{RuleMode, mock, mock_client};

    #[tokio::test]
    async fn only_older_versions_of_keys_that_are_not_kept_are_removed() {
        let list = mock!(Client::list_object_versions).then_output(|| {
            let version = |key: &str, id: &str, secs| {
                ObjectVersion::builder().key(key).version_id(id).last_modified(DateTime::from_secs(secs)).build()
            };
            // The last was stored again since, by a re-render on its way back to that recipe.
            let versions = vec![version("v/old", "1", 5), version("v/kept", "2", 5), version("v/old", "3", 7)];
            ListObjectVersionsOutput::builder().set_versions(Some(versions)).build()
        });
        let delete = mock!(Client::delete_objects)
            .match_requests(|call| {
                let objects = call.delete().unwrap().objects();
                objects.len() == 1 && (objects[0].key(), objects[0].version_id()) == ("v/old", Some("1"))
            })
            .then_output(|| DeleteObjectsOutput::builder().build());
        let client = mock_client!(aws_sdk_s3, RuleMode::MatchAny, [&list, &delete]);
        let before = OffsetDateTime::from_unix_timestamp(7).unwrap();
        client.remove_superseded("b", "v/", &BTreeSet::from(["v/kept".into()]), before).await.unwrap();
        assert_eq!(delete.num_calls(), 1);
    }
}
