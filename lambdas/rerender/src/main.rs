//! Moves a library to the recipe of this release (ADR 61). Its state machine calls the steps; operators start, watch and
//! stop a re-render over the API.

mod operator;
mod rerender;
mod steps;

use darkroom_aws::{self as aws, table::Table};
use darkroom_domain::{Error, ErrorCode};
use darkroom_runtime::api::{ApiBoundary, Request};
use darkroom_runtime::{config::Config, log, worker};
use lambda_runtime::{LambdaEvent, service_fn};
use rerender::{Rerender, WORK_TIME};
use serde_json::Value;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    log::init("rerender");
    let config = Config::of("rerender");
    let sdk = aws::sdk_config().await;
    let at_once = config.require("RERENDERS_AT_ONCE")?;
    let rerender = &Rerender {
        table: Table::new(aws_sdk_dynamodb::Client::new(&sdk), config.require("IMAGES_TABLE")?),
        objects: aws::s3(&sdk),
        executions: aws_sdk_sfn::Client::new(&sdk),
        machine: config.require("RERENDER_MACHINE_ARN")?,
        originals_bucket: config.require("ORIGINALS_BUCKET")?,
        images_bucket: config.require("IMAGES_BUCKET")?,
        kms_key_arn: config.require("STORAGE_KEY_ARN")?,
        client_id: config.require("USER_POOL_CLIENT_ID")?,
        at_once: at_once.parse().map_err(|_| Error::new(ErrorCode::WorkerMisconfigured, "RERENDERS_AT_ONCE"))?,
        recipe: darkroom_develop::recipe()?,
        work_time: WORK_TIME,
    };
    let boundary = &ApiBoundary::of(&config)?;
    let serve = async move |event: LambdaEvent<Value>| {
        // Only the gateway's events have a method.
        let answer = if event.payload.get("httpMethod").is_some() {
            serde_json::to_value(boundary.serve(&async |request: &Request| rerender.handle(request).await, event).await)
        } else {
            Ok(rerender.step(event).await?)
        };
        answer.map_err(|why| worker::diagnostic(Error::new(ErrorCode::WorkerBug, why.to_string())))
    };
    lambda_runtime::run(service_fn(serve)).await
}
