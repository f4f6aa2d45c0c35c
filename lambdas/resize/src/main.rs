//! The second state: decodes the original once and makes every variant of the recipe, upright and in sRGB.

mod handler;

use darkroom_aws as aws;
use darkroom_runtime::{config::Config, log, worker};
use handler::Settings;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    log::init("resize");
    let settings = &Settings::from(&Config::of("resize"))?;
    let s3 = &aws::s3(&aws::sdk_config().await);
    worker::run("resize", async |validated| handler::handle(s3, settings, validated).await).await
}
