//! The workers' access to objects: they read originals, and read and write work files and variants.

use super::error::sdk_error;
use aws_sdk_s3::Client;
use aws_sdk_s3::error::SdkError;
use aws_sdk_s3::operation::get_object::{GetObjectError, GetObjectOutput};
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::ServerSideEncryption;
use core::ops::Range;
use darkroom_domain::order::Source;
use darkroom_domain::{Error, ErrorCode};

/// A part of an original, and its declared type.
#[derive(Clone, Debug)]
pub struct Part {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// The `Content-Type` of the upload.
    pub content_type: Option<String>,
}

/// May read parts of an original.
pub trait ReadPart {
    /// The bytes of the range, or as many of them as the object has.
    fn read_part(&self, source: &Source, range: Range<u64>) -> impl Future<Output = Result<Part, Error>> + Send;
}

/// May read whole originals.
pub trait ReadOriginal {
    /// Every byte of exactly this version.
    fn read_original(&self, source: &Source) -> impl Future<Output = Result<Vec<u8>, Error>> + Send;
}

/// May read the work file of another worker.
pub trait ReadWork {
    /// Every byte of the object.
    fn read_work(&self, bucket: &str, key: &str) -> impl Future<Output = Result<Vec<u8>, Error>> + Send;
}

/// An object on its way to the images bucket.
pub struct NewObject<'a> {
    /// The bucket.
    pub bucket: &'a str,
    /// The key.
    pub key: &'a str,
    /// The environment's own key.
    pub kms_key_arn: &'a str,
    /// The media type.
    pub content_type: &'a str,
    /// The `Cache-Control` of the object.
    pub cache_control: &'a str,
    /// The content.
    pub bytes: Vec<u8>,
}

/// May write work files and variants.
pub trait WriteImage {
    /// Writes the object, encrypted with the environment's key. May be repeated.
    fn write_image(&self, object: NewObject<'_>) -> impl Future<Output = Result<(), Error>> + Send;
}

impl ReadPart for Client {
    async fn read_part(&self, source: &Source, range: Range<u64>) -> Result<Part, Error> {
        let range = format!("bytes={}-{}", range.start, range.end.saturating_sub(1));
        let call =
            self.get_object().bucket(&source.bucket).key(&source.key).version_id(&source.version_id).range(range);
        let answer = call.send().await.map_err(|error| unread("read the original's header", &error))?;
        let content_type = answer.content_type().map(Into::into);
        Ok(Part { bytes: body(answer).await?, content_type })
    }
}

impl ReadOriginal for Client {
    async fn read_original(&self, source: &Source) -> Result<Vec<u8>, Error> {
        let call = self.get_object().bucket(&source.bucket).key(&source.key).version_id(&source.version_id);
        body(call.send().await.map_err(|error| unread("read the original", &error))?).await
    }
}

impl ReadWork for Client {
    async fn read_work(&self, bucket: &str, key: &str) -> Result<Vec<u8>, Error> {
        let answer = self.get_object().bucket(bucket).key(key).send().await;
        let stale = |error: Error| match error.code {
            // The work file expired after a day. The original is still there, so the pixels can be made again.
            ErrorCode::ImageGone => Error::new(ErrorCode::TransientStaleWork, "the work file is no longer there"),
            _ => error,
        };
        body(answer.map_err(|error| stale(unread("read the work file", &error)))?).await
    }
}

impl WriteImage for Client {
    async fn write_image(&self, object: NewObject<'_>) -> Result<(), Error> {
        self.put_object()
            .bucket(object.bucket)
            .key(object.key)
            .content_type(object.content_type)
            .cache_control(object.cache_control)
            .server_side_encryption(ServerSideEncryption::AwsKms)
            .ssekms_key_id(object.kms_key_arn)
            .body(ByteStream::from(object.bytes))
            .send()
            .await
            .map_err(|error| sdk_error("write the image", ErrorCode::TransientStorage, &error))?;
        Ok(())
    }
}

async fn body(answer: GetObjectOutput) -> Result<Vec<u8>, Error> {
    let bytes = answer.body.collect().await;
    // The connection broke half-way, which will pass.
    let bytes = bytes.map_err(|_| Error::new(ErrorCode::TransientStorage, "the object's body ended early"))?;
    // `to_vec` hands each byte through an iterator.
    Ok(bytes.into_bytes().into())
}

fn unread(doing: &str, error: &SdkError<GetObjectError>) -> Error {
    use aws_sdk_s3::error::ProvideErrorMetadata;
    let gone = || Error::new(ErrorCode::ImageGone, format!("{doing}: the version is no longer there"));
    if matches!(error.as_service_error(), Some(GetObjectError::NoSuchKey(_))) {
        return gone();
    }
    match error.as_service_error().and_then(ProvideErrorMetadata::code) {
        // The version is a delete marker, or was removed.
        Some("NoSuchVersion" | "MethodNotAllowed") => gone(),
        Some("InvalidRange") => ErrorCode::ImageEmpty.into(),
        _ => sdk_error(doing, ErrorCode::TransientStorage, error),
    }
}
