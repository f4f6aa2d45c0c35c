//! The first state: decides by the header alone whether the upload is a picture that can be developed, so that a file
//! beyond the limits is never downloaded.

mod handler;

use darkroom_aws as aws;
use darkroom_runtime::{config::Config, log, worker};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    log::init("validate");
    let bucket = &Config::of("validate").require("ORIGINALS_BUCKET")?;
    let s3 = &aws::s3(&aws::sdk_config().await);
    let limits = &darkroom_develop::limits();
    worker::run("validate", async |order| handler::handle(s3, limits, bucket, order).await).await
}
