//! What becomes of photos, told to whoever listens: changes of the table become events on the environment's bus.

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
