//! Upload tickets: records, quotas and signed uploads; and the rest of a user's quota.

mod account;
mod curl;
mod handler;
mod ticket;
mod upload_request;

use darkroom_aws::{self as aws, forms::FormSigner, table::Table};
use darkroom_runtime::api::{self, ApiBoundary, Request};
use darkroom_runtime::{config::Config, log};
use handler::Upload;
use ticket::Signer;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    log::init("upload");
    let config = Config::of("upload");
    let sdk = aws::sdk_config().await;
    let upload = Upload {
        table: Table::new(aws_sdk_dynamodb::Client::new(&sdk), config.require("IMAGES_TABLE")?),
        signer: Signer {
            puts: aws::s3(&sdk),
            forms: FormSigner::of(&sdk)?,
            bucket: config.require("ORIGINALS_BUCKET")?,
            kms_key_arn: config.require("STORAGE_KEY_ARN")?,
        },
        client_id: config.require("USER_POOL_CLIENT_ID")?,
    };
    api::run(ApiBoundary::of(&config)?, async |request: &Request| upload.handle(request).await).await
}
