//! What operators do: start an execution again, send dead letters back.

mod handler;

use darkroom_aws::{self as aws, table::Table};
use darkroom_runtime::api::{self, ApiBoundary, Request};
use darkroom_runtime::{config::Config, log};
use handler::Mend;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    log::init("mend");
    let config = Config::of("mend");
    let sdk = aws::sdk_config().await;
    let mend = Mend {
        executions: aws_sdk_sfn::Client::new(&sdk),
        queues: aws_sdk_sqs::Client::new(&sdk),
        table: Table::new(aws_sdk_dynamodb::Client::new(&sdk), config.require("IMAGES_TABLE")?),
        machine: config.require("STATE_MACHINE_ARN")?,
        queue_url_prefix: config.require("QUEUE_URL_PREFIX")?,
        client_id: config.require("USER_POOL_CLIENT_ID")?,
    };
    api::run(ApiBoundary::of(&config)?, async |request: &Request| mend.handle(request).await).await
}
