//! The AWS SDK, behind capabilities as small as a handler needs them: one trait each, implemented on the SDK's own
//! client, or on a [`table::Table`], which is a client with the name of its table. So a handler's signature states its
//! least privilege. The same binaries speak to AWS and to the local engine; the only difference is `AWS_ENDPOINT_URL`,
//! which the SDK reads itself.

#[cfg(feature = "dynamodb")]
pub mod accounts;
#[cfg(feature = "dynamodb")]
pub mod acts;
#[cfg(feature = "dynamodb")]
pub mod albums;
#[cfg(feature = "eventbridge")]
pub mod announcing;
pub mod attribute;
#[cfg(all(feature = "dynamodb", feature = "s3"))]
pub mod audit;
#[cfg(feature = "s3")]
pub mod copying;
#[cfg(all(feature = "dynamodb", feature = "s3"))]
pub mod deletion;
#[cfg(feature = "dynamodb")]
pub mod deliveries;
#[cfg(feature = "kms")]
pub mod derived_key;
#[cfg(feature = "dynamodb")]
pub mod edit_record;
#[cfg(feature = "dynamodb")]
pub mod empty_album;
#[cfg(feature = "sqs")]
pub mod erasures;
pub mod error;
#[cfg(feature = "sfn")]
pub mod executions;
#[cfg(feature = "s3")]
pub mod forms;
#[cfg(feature = "cognito")]
pub mod identity;
#[cfg(feature = "dynamodb")]
pub mod imports;
#[cfg(feature = "s3")]
pub mod keys;
#[cfg(all(feature = "dynamodb", feature = "s3"))]
pub mod library;
#[cfg(feature = "dynamodb")]
pub mod listing;
#[cfg(feature = "sfn")]
pub mod map_runs;
#[cfg(feature = "dynamodb")]
pub mod mark_arrival;
#[cfg(feature = "dynamodb")]
pub mod memory;
#[cfg(feature = "s3")]
pub mod originals;
#[cfg(feature = "dynamodb")]
pub mod owners;
#[cfg(feature = "dynamodb")]
pub mod quarantine;
#[cfg(feature = "sqs")]
pub mod queues;
#[cfg(feature = "dynamodb")]
pub mod ready;
#[cfg(feature = "dynamodb")]
pub mod records;
#[cfg(feature = "dynamodb")]
pub mod rejected;
#[cfg(feature = "s3")]
pub mod removal;
#[cfg(all(feature = "dynamodb", feature = "s3"))]
pub mod rerenders;
#[cfg(feature = "s3")]
pub mod signing;
#[cfg(feature = "s3")]
pub mod storage;
#[cfg(feature = "dynamodb")]
pub mod survey;
#[cfg(feature = "dynamodb")]
pub mod sweeping;
#[cfg(feature = "dynamodb")]
pub mod table;
#[cfg(feature = "dynamodb")]
pub mod tickets;
pub mod timeouts;
#[cfg(feature = "dynamodb")]
mod transaction;
mod trust;
#[cfg(feature = "sqs")]
pub mod visibility;
#[cfg(feature = "sfn")]
pub mod watching;
#[cfg(feature = "dynamodb")]
pub mod webhooks;

use aws_config::{BehaviorVersion, SdkConfig};
use aws_smithy_http_client::{Builder, tls};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use timeouts::Timeouts;

/// The configuration that every client is built from.
pub async fn sdk_config() -> SdkConfig {
    aws_config::defaults(BehaviorVersion::latest())
        .http_client(http_client())
        .timeout_config(Timeouts::here().config())
        .retry_config(timeouts::retries())
        .load()
        .await
}

/// TLS is ring's: it starts faster and in half the memory of the default.
fn http_client() -> SharedHttpClient {
    let ring = tls::Provider::Rustls(tls::rustls_provider::CryptoMode::Ring);
    let context = tls::TlsContext::builder().with_trust_store(trust::store()).build();
    Builder::new().tls_provider(ring).tls_context(context.expect("a context is always built")).build_https()
}

/// An S3 client. An endpoint other than AWS (the local engine) has no host names for buckets, so the bucket is in the
/// path.
#[cfg(feature = "s3")]
pub fn s3(config: &SdkConfig) -> aws_sdk_s3::Client {
    use aws_sdk_s3::config::{RequestChecksumCalculation, ResponseChecksumValidation};
    let config = aws_sdk_s3::config::Builder::from(config)
        .force_path_style(config.endpoint_url().is_some())
        // A presigned PUT must carry the client's checksum or none, never one that the SDK computes of an empty body.
        .request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
        .response_checksum_validation(ResponseChecksumValidation::WhenRequired)
        .build();
    aws_sdk_s3::Client::from_conf(config)
}
