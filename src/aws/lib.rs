//! The AWS SDK, behind capabilities as small as a handler needs them: one trait each, implemented on the SDK's own
//! client, or on a [`table::Table`], which is a client with the name of its table. A handler's signature so states its
//! least privilege. The same binaries speak to AWS and to the local engine; the only difference is `AWS_ENDPOINT_URL`,
//! which the SDK reads itself.

#[cfg(feature = "dynamodb")]
pub mod accounts;
#[cfg(feature = "dynamodb")]
pub mod albums;
#[cfg(feature = "eventbridge")]
pub mod announcing;
pub mod attribute;
#[cfg(feature = "kms")]
pub mod derived_key;
#[cfg(feature = "dynamodb")]
pub mod edit_record;
pub mod error;
#[cfg(feature = "sfn")]
pub mod executions;
#[cfg(feature = "s3")]
pub mod forms;
#[cfg(feature = "cognito")]
pub mod identity;
#[cfg(feature = "dynamodb")]
pub mod listing;
#[cfg(feature = "dynamodb")]
pub mod mark_arrival;
#[cfg(feature = "dynamodb")]
pub mod records;
#[cfg(feature = "s3")]
pub mod removal;
#[cfg(feature = "s3")]
pub mod signing;
#[cfg(feature = "s3")]
pub mod storage;
#[cfg(feature = "dynamodb")]
pub mod table;
#[cfg(feature = "dynamodb")]
pub mod tickets;
#[cfg(feature = "sqs")]
pub mod visibility;
#[cfg(feature = "dynamodb")]
pub mod webhooks;

use aws_config::{BehaviorVersion, SdkConfig};
use aws_smithy_http_client::{Builder, tls};
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use std::time::Duration;

/// What every client is built from. TLS is ring's: it starts faster and in half the memory of the default.
pub async fn sdk_config() -> SdkConfig {
    let http = Builder::new().tls_provider(tls::Provider::Rustls(tls::rustls_provider::CryptoMode::Ring)).build_https();
    // Short, since a caller that retries stands behind every one of our calls: the state machine, the queue, the client.
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(Duration::from_secs(2))
        .operation_attempt_timeout(Duration::from_secs(10))
        .build();
    aws_config::defaults(BehaviorVersion::latest())
        .http_client(http)
        .timeout_config(timeouts)
        .retry_config(RetryConfig::standard().with_max_attempts(3))
        .load()
        .await
}

/// An S3 client. Another endpoint than AWS (the local engine) has no bucket host names, so the path carries them.
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
