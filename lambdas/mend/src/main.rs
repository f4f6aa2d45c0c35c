//! What operators do: start an execution again, send dead letters back, import a bucket.

mod handler;
mod imports;

use darkroom_aws::identity::Directory;
use darkroom_aws::{self as aws, table::Table};
use darkroom_domain::{Error, ErrorCode};
use darkroom_runtime::api::{self, ApiBoundary, Request};
use darkroom_runtime::{config::Config, log};
use handler::Mend;
use imports::Imports;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    log::init("mend");
    let config = Config::of("mend");
    let sdk = aws::sdk_config().await;
    let executions = aws_sdk_sfn::Client::new(&sdk);
    let table = Table::new(aws_sdk_dynamodb::Client::new(&sdk), config.require("IMAGES_TABLE")?);
    let wrong = || Error::new(ErrorCode::WorkerMisconfigured, "IMPORTS_IN_FLIGHT must be a number");
    let imports = Imports {
        executions: executions.clone(),
        table: table.clone(),
        storage: aws::s3(&sdk),
        directory: Directory::new(aws_sdk_cognitoidentityprovider::Client::new(&sdk), config.require("USER_POOL_ID")?),
        machine: config.require("IMPORTS_MACHINE_ARN")?,
        in_flight: config.require("IMPORTS_IN_FLIGHT")?.parse().map_err(|_| wrong())?,
        client_id: config.require("USER_POOL_CLIENT_ID")?,
    };
    let mend = Mend {
        executions,
        queues: aws_sdk_sqs::Client::new(&sdk),
        table,
        machine: config.require("STATE_MACHINE_ARN")?,
        queue_url_prefix: config.require("QUEUE_URL_PREFIX")?,
        client_id: config.require("USER_POOL_CLIENT_ID")?,
    };
    let answer = async |request: &Request| {
        if imports::is_about(request) { imports.handle(request).await } else { mend.handle(request).await }
    };
    api::run(ApiBoundary::of(&config)?, answer).await
}
