//! S3 events from SQS become executions, exactly one for each version of each photo.

mod handler;

use darkroom_aws as aws;
use darkroom_runtime::{config::Config, log};
use handler::Settings;
use lambda_runtime::{Error, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    log::init("orchestrator");
    let settings = &Settings::from(&Config::of("orchestrator"))?;
    let sdk = aws::sdk_config().await;
    let (table, machine) = &(aws_sdk_dynamodb::Client::new(&sdk), aws_sdk_sfn::Client::new(&sdk));
    let storage = &aws::s3(&sdk);
    let handle = async move |event| handler::handle(table, machine, storage, settings, event).await;
    lambda_runtime::run(service_fn(handle)).await
}
