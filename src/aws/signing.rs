//! Presigned URLs: permission for one upload or one download, for some minutes, without AWS credentials. The process
//! signs by itself, without a call to S3.

use super::error::sdk_error;
use aws_sdk_s3::Client;
use aws_sdk_s3::presigning::{PresignedRequest, PresigningConfig};
use aws_sdk_s3::types::ServerSideEncryption;
use aws_smithy_types::base64;
use darkroom_domain::{Error, ErrorCode};
use std::collections::BTreeMap;
use std::time::Duration;
use time::OffsetDateTime;

/// The one upload that a ticket is for.
pub struct Upload<'a> {
    /// The bucket.
    pub bucket: &'a str,
    /// The key.
    pub key: &'a str,
    /// The environment's own key.
    pub kms_key_arn: &'a str,
    /// The declared media type.
    pub content_type: &'a str,
    /// The declared size.
    pub size_bytes: u64,
    /// The declared SHA-256.
    pub sha256: Option<[u8; 32]>,
}

/// The one download that a link is for.
pub struct Download<'a> {
    /// The bucket.
    pub bucket: &'a str,
    /// The key.
    pub key: &'a str,
    /// The version, where another may come.
    pub version: Option<&'a str>,
    /// The `Content-Disposition` to answer with.
    pub disposition: &'a str,
    /// The `Cache-Control` to answer with.
    pub cache_control: &'a str,
}

/// From when and for how long a URL is valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetime {
    /// From.
    pub from: OffsetDateTime,
    /// For.
    pub length: Duration,
}

/// A request that anybody may send unchanged. Not `Debug`: the URL is a secret until it expires.
pub struct SignedRequest {
    /// The URL.
    pub url: String,
    /// Headers that are part of the signature, except `host`, which every client sends anyway.
    pub headers: BTreeMap<String, String>,
}

/// May sign uploads to the originals bucket.
pub trait SealUpload {
    /// A PUT of exactly this upload: the signature covers length, type, checksum and encryption (R30), and
    /// `If-None-Match: *` makes it valid for one object only.
    fn seal_upload(&self, upload: Upload<'_>, life: Lifetime) -> impl Future<Output = Result<SignedRequest, Error>>;
}

/// May sign downloads from the images bucket.
pub trait SignDownload {
    /// A GET of this object.
    fn sign_download(&self, download: Download<'_>, life: Lifetime) -> impl Future<Output = Result<String, Error>>;
}

impl Lifetime {
    /// When it ends.
    pub fn end(self) -> OffsetDateTime {
        self.from + self.length
    }

    fn config(self) -> Result<PresigningConfig, Error> {
        PresigningConfig::builder()
            .start_time(self.from.into())
            .expires_in(self.length)
            .build()
            .map_err(|why| Error::new(ErrorCode::WorkerBug, format!("lifetime of a URL: {why}")))
    }
}

impl SealUpload for Client {
    async fn seal_upload(&self, upload: Upload<'_>, life: Lifetime) -> Result<SignedRequest, Error> {
        let length = i64::try_from(upload.size_bytes).map_err(|_| Error::from(ErrorCode::WorkerBug))?;
        let signed = self
            .put_object()
            .bucket(upload.bucket)
            .key(upload.key)
            .content_length(length)
            .content_type(upload.content_type)
            .set_checksum_sha256(upload.sha256.map(base64::encode))
            .if_none_match("*")
            .server_side_encryption(ServerSideEncryption::AwsKms)
            .ssekms_key_id(upload.kms_key_arn)
            .presigned(life.config()?)
            .await
            .map_err(|error| sdk_error("sign the upload", ErrorCode::TransientStorage, &error))?;
        Ok(request(&signed))
    }
}

impl SignDownload for Client {
    async fn sign_download(&self, download: Download<'_>, life: Lifetime) -> Result<String, Error> {
        let signed = self
            .get_object()
            .bucket(download.bucket)
            .key(download.key)
            .set_version_id(download.version.map(Into::into))
            .response_content_disposition(download.disposition)
            .response_cache_control(download.cache_control)
            .presigned(life.config()?)
            .await
            .map_err(|error| sdk_error("sign the download", ErrorCode::TransientStorage, &error))?;
        Ok(request(&signed).url)
    }
}

fn request(signed: &PresignedRequest) -> SignedRequest {
    let headers = signed.headers().filter(|(name, _)| !name.eq_ignore_ascii_case("host"));
    SignedRequest {
        url: signed.uri().into(),
        headers: headers.map(|(name, value)| (name.to_lowercase(), value.into())).collect(),
    }
}
