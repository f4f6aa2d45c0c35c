//! Brings objects of another bucket in, as photos of a user. A state machine calls it for each batch of a list, again and
//! again until all photos of the batch have ended (ADR 62).

mod handler;
mod work;

use darkroom_aws::{self as aws, table::Table};
use darkroom_domain::{Error, ErrorCode};
use darkroom_runtime::{config::Config, log, worker};
use handler::{BUDGET, Bring, PAUSE};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    log::init("bring");
    let config = Config::of("bring");
    let wrong = || Error::new(ErrorCode::WorkerMisconfigured, "IMPORT_WINDOW must be a number above 0");
    let window = config.require("IMPORT_WINDOW")?.parse().ok().filter(|window| *window > 0);
    let sdk = aws::sdk_config().await;
    let bring = &Bring {
        table: Table::new(aws_sdk_dynamodb::Client::new(&sdk), config.require("IMAGES_TABLE")?),
        storage: aws::s3(&sdk),
        originals_bucket: config.require("ORIGINALS_BUCKET")?,
        kms_key_arn: config.require("STORAGE_KEY_ARN")?,
        window: window.ok_or_else(wrong)?,
        budget: BUDGET,
        pause: PAUSE,
    };
    worker::run("bring", async |task| bring.handle(task).await).await
}
