//! POST /upload: a record, and a sealed presigned PUT.

mod curl;
mod handler;

use darkroom::aws;
use darkroom::runtime::api::{self, Edge, Request};
use darkroom::runtime::{config::Config, log};
use handler::Upload;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    log::init("upload");
    let config = Config::of("upload");
    let sdk = aws::sdk_config().await;
    let upload = Upload {
        records: aws_sdk_dynamodb::Client::new(&sdk),
        objects: aws::s3(&sdk),
        table: config.require("IMAGES_TABLE")?,
        bucket: config.require("ORIGINALS_BUCKET")?,
        kms_key_arn: config.require("STORAGE_KEY_ARN")?,
        client_id: config.require("USER_POOL_CLIENT_ID")?,
    };
    api::run(Edge::of(&config)?, async |request: &Request| upload.handle(request).await).await
}
