//! What operators see: queues, executions, failures, the machine's graph.

mod console;
mod handler;
mod machine;
mod steps;

use darkroom_aws::{self as aws, derived_key::DerivedKey, table::Table};
use darkroom_domain::token::Purpose;
use darkroom_runtime::api::{self, ApiBoundary, Request};
use darkroom_runtime::{config::Config, log};
use handler::{Memory, Watch};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    log::init("watch");
    let config = Config::of("watch");
    let sdk = aws::sdk_config().await;
    let (kms, key_arn) = (aws_sdk_kms::Client::new(&sdk), config.require("TOKEN_KEY_ARN")?);
    let watch = Watch {
        executions: aws_sdk_sfn::Client::new(&sdk),
        queues: aws_sdk_sqs::Client::new(&sdk),
        table: Table::new(aws_sdk_dynamodb::Client::new(&sdk), config.require("IMAGES_TABLE")?),
        cursors: DerivedKey::new(kms, &key_arn, Purpose::Cursor),
        machine: config.require("STATE_MACHINE_ARN")?,
        queue_url_prefix: config.require("QUEUE_URL_PREFIX")?,
        console_url: config.optional("CONSOLE_URL")?,
        client_id: config.require("USER_POOL_CLIENT_ID")?,
        memory: Memory::default(),
    };
    // Boxed: the overview asks for much at once, and its future is as large.
    api::run(ApiBoundary::of(&config)?, async |request: &Request| Box::pin(watch.handle(request)).await).await
}
