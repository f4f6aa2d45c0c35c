//! S3 events from SQS become executions, exactly one for each version of each photo.

mod handler;
mod pace;

use darkroom_aws::{self as aws, table::Table};
use darkroom_runtime::{config::Config, log};
use handler::Settings;
use lambda_runtime::{Error, service_fn};
use pace::Pace;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    log::init("orchestrator");
    let config = Config::of("orchestrator");
    let settings = &Settings::from(&config)?;
    let sdk = aws::sdk_config().await;
    let table = &Table::new(aws_sdk_dynamodb::Client::new(&sdk), config.require("IMAGES_TABLE")?);
    let (machine, storage) = &(aws_sdk_sfn::Client::new(&sdk), aws::s3(&sdk));
    let pace = &Pace::new(machine.clone(), &settings.state_machine_arn, settings.executions_in_flight);
    let handle = async move |event| handler::handle(table, machine, storage, pace, settings, event).await;
    lambda_runtime::run(service_fn(handle)).await
}
