//! Reads the table's stream and puts an event onto the environment's bus for each outcome of a photo.

mod change;
mod handler;

use darkroom_aws as aws;
use darkroom_runtime::{config::Config, log};
use lambda_runtime::{Error, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    log::init("announce");
    let bus = &Config::of("announce").require("EVENT_BUS_NAME")?;
    let client = &aws_sdk_eventbridge::Client::new(&aws::sdk_config().await);
    lambda_runtime::run(service_fn(async move |event| handler::handle(client, bus, event).await)).await
}
