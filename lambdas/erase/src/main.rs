//! Erases accounts: everything of an owner, and in the end the user (docs/adr/0038-erasure.md). It is called by a queue
//! and no route, so that the function that may delete every photo cannot be called from the internet.

mod handler;

use darkroom_aws::{self as aws, identity::Directory, table::Table};
use darkroom_runtime::{config::Config, log};
use handler::{Eraser, WORK_TIME};
use lambda_runtime::{Error, service_fn};
use time::OffsetDateTime;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    log::init("erase");
    let config = Config::of("erase");
    let sdk = aws::sdk_config().await;
    let cognito = aws_sdk_cognitoidentityprovider::Client::new(&sdk);
    let eraser = &Eraser {
        table: Table::new(aws_sdk_dynamodb::Client::new(&sdk), config.require("IMAGES_TABLE")?),
        objects: aws::s3(&sdk),
        accounts: Directory::new(cognito, config.require("USER_POOL_ID")?),
        queue: aws_sdk_sqs::Client::new(&sdk),
        queue_url: config.require("ERASURES_QUEUE_URL")?,
        originals_bucket: config.require("ORIGINALS_BUCKET")?,
        images_bucket: config.require("IMAGES_BUCKET")?,
        work_time: WORK_TIME,
    };
    let handle = async move |event| eraser.erase_all(event, OffsetDateTime::now_utc()).await;
    lambda_runtime::run(service_fn(handle)).await
}
