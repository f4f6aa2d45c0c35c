//! Photos: lists, status, facts, short-lived links, changes and deletion.

mod handler;

use darkroom_aws::{self as aws, derived_key::DerivedKey, table::Table};
use darkroom_domain::token::Purpose;
use darkroom_gallery::show::Showcase;
use darkroom_runtime::api::{self, ApiBoundary, Request};
use darkroom_runtime::{config::Config, log};
use handler::Images;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    log::init("images");
    let config = Config::of("images");
    let sdk = aws::sdk_config().await;
    let originals_bucket = config.require("ORIGINALS_BUCKET")?;
    let images = Images {
        table: Table::new(aws_sdk_dynamodb::Client::new(&sdk), config.require("IMAGES_TABLE")?),
        showcase: Showcase {
            objects: aws::s3(&sdk),
            images_bucket: config.require("IMAGES_BUCKET")?,
            originals_bucket: Some(originals_bucket.clone()),
            docs_url: config.require("DOCS_URL")?,
        },
        cursors: DerivedKey::new(aws_sdk_kms::Client::new(&sdk), config.require("TOKEN_KEY_ARN")?, Purpose::Cursor),
        originals_bucket,
        client_id: config.require("USER_POOL_CLIENT_ID")?,
    };
    api::run(ApiBoundary::of(&config)?, async |request: &Request| images.handle(request).await).await
}
