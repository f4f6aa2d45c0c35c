//! Comes back for photos that have not ended: uploads whose event was lost, executions that never began or wrote no
//! outcome, deletions that broke off. A schedule calls it.

mod handler;
mod look;
mod report;
mod sweeper;

use darkroom_aws::{self as aws, table::Table};
use darkroom_runtime::{config::Config, log};
use lambda_runtime::{Error, service_fn};
use sweeper::{PATIENCE, Sweeper};
use time::OffsetDateTime;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    log::init("sweep");
    let config = Config::of("sweep");
    let sdk = aws::sdk_config().await;
    let sweeper = &Sweeper {
        table: Table::new(aws_sdk_dynamodb::Client::new(&sdk), config.require("IMAGES_TABLE")?),
        objects: aws::s3(&sdk),
        executions: aws_sdk_sfn::Client::new(&sdk),
        queue: aws_sdk_sqs::Client::new(&sdk),
        machine: config.require("STATE_MACHINE_ARN")?,
        queue_url: config.require("UPLOADS_QUEUE_URL")?,
        originals_bucket: config.require("ORIGINALS_BUCKET")?,
        images_bucket: config.require("IMAGES_BUCKET")?,
        patience: PATIENCE,
    };
    let handle = async move |event| sweeper.sweep(event, OffsetDateTime::now_utc()).await;
    lambda_runtime::run(service_fn(handle)).await
}
