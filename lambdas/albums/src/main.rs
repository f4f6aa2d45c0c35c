//! Albums, the photos in them, and links that show them to people without an account.

mod handler;

use darkroom_aws::{self as aws, derived_key::DerivedKey, table::Table};
use darkroom_domain::token::Purpose;
use darkroom_gallery::show::Showcase;
use darkroom_runtime::api::{self, ApiBoundary, Request};
use darkroom_runtime::{config::Config, log};
use handler::Albums;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    log::init("albums");
    let config = Config::of("albums");
    let sdk = aws::sdk_config().await;
    let (kms, key_arn) = (aws_sdk_kms::Client::new(&sdk), config.require("TOKEN_KEY_ARN")?);
    let albums = Albums {
        table: Table::new(aws_sdk_dynamodb::Client::new(&sdk), config.require("IMAGES_TABLE")?),
        showcase: Showcase {
            objects: aws::s3(&sdk),
            images_bucket: config.require("IMAGES_BUCKET")?,
            originals_bucket: None,
            docs_url: config.require("DOCS_URL")?,
        },
        cursors: DerivedKey::new(kms.clone(), &key_arn, Purpose::Cursor),
        shares: DerivedKey::new(kms, &key_arn, Purpose::Share),
        client_id: config.require("USER_POOL_CLIENT_ID")?,
    };
    api::run(ApiBoundary::of(&config)?, async |request: &Request| albums.handle(request).await).await
}
