//! `GET /image/{image_id}`: status, facts and short-lived links.

mod disposition;
mod handler;

use darkroom::aws;
use darkroom::runtime::api::{self, Edge, Request};
use darkroom::runtime::{config::Config, log};
use handler::Images;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    log::init("images");
    let config = Config::of("images");
    let sdk = aws::sdk_config().await;
    let images = Images {
        records: aws_sdk_dynamodb::Client::new(&sdk),
        objects: aws::s3(&sdk),
        table: config.require("IMAGES_TABLE")?,
        bucket: config.require("IMAGES_BUCKET")?,
        client_id: config.require("USER_POOL_CLIENT_ID")?,
        docs_url: config.require("DOCS_URL")?,
    };
    api::run(Edge::of(&config)?, async |request: &Request| images.handle(request).await).await
}
