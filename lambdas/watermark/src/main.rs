//! The third state: the mark, the one lossy encoding, and the parts of the record that the execution adds.

mod handler;

use darkroom_aws as aws;
use darkroom_runtime::{config::Config, log, worker};
use handler::Settings;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    log::init("watermark");
    let settings = &Settings::from(&Config::of("watermark"))?;
    let s3 = &aws::s3(&aws::sdk_config().await);
    worker::run("watermark", async |developed| handler::handle(s3, settings, developed).await).await
}
