//! Removes objects for good: in a versioned bucket that means every version, and every delete marker.

use super::error::sdk_error;
use aws_sdk_s3::Client;
use aws_sdk_s3::error::BuildError;
use aws_sdk_s3::types::{Delete, ObjectIdentifier};
use darkroom_domain::order::Source;
use darkroom_domain::{Error, ErrorCode};

/// May remove objects for good.
pub trait RemoveObjects {
    /// Removes every version of every object under the prefix, if there are any.
    fn remove_objects(&self, bucket: &str, prefix: &str) -> impl Future<Output = Result<(), Error>>;
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
