//! Comes back for photos that have not ended: uploads whose event was lost, executions that never began or wrote no
//! outcome, deletions that broke off, rejected photos whose quarantine is over. Then it walks along records and objects, and counts what does not match. A schedule
//! calls it, and operators do over the API.

mod handler;
mod look;
mod operator;
mod quarantine;
mod report;
mod sweeper;
mod walk;

use darkroom_aws::{self as aws, table::Table};
use darkroom_domain::{Error, ErrorCode};
use darkroom_runtime::api::{ApiBoundary, Request};
use darkroom_runtime::{config::Config, log, worker};
use lambda_runtime::{LambdaEvent, service_fn};
use serde_json::Value;
use std::time::Duration;
use sweeper::{Sweeper, WORK_TIME};
use time::OffsetDateTime;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    log::init("sweep");
    let config = Config::of("sweep");
    let sdk = aws::sdk_config().await;
    let superseded_s = config.require("SUPERSEDED_S")?;
    let superseded_s = superseded_s.parse().map_err(|_| Error::new(ErrorCode::WorkerMisconfigured, "SUPERSEDED_S"))?;
    let sweeper = &Sweeper {
        table: Table::new(aws_sdk_dynamodb::Client::new(&sdk), config.require("IMAGES_TABLE")?),
        objects: aws::s3(&sdk),
        executions: aws_sdk_sfn::Client::new(&sdk),
        queue: aws_sdk_sqs::Client::new(&sdk),
        machine: config.require("STATE_MACHINE_ARN")?,
        queue_url: config.require("UPLOADS_QUEUE_URL")?,
        originals_bucket: config.require("ORIGINALS_BUCKET")?,
        images_bucket: config.require("IMAGES_BUCKET")?,
        work_time: WORK_TIME,
        grace: Duration::from_secs(superseded_s),
        client_id: config.require("USER_POOL_CLIENT_ID")?,
    };
    let boundary = &ApiBoundary::of(&config)?;
    let serve = async move |event: LambdaEvent<Value>| {
        // Only the gateway's events have a method.
        let answer = if event.payload.get("httpMethod").is_some() {
            serde_json::to_value(boundary.serve(&async |request: &Request| sweeper.handle(request).await, event).await)
        } else {
            serde_json::to_value(sweeper.sweep(event, OffsetDateTime::now_utc()).await?)
        };
        answer.map_err(|why| worker::diagnostic(Error::new(ErrorCode::WorkerBug, why.to_string())))
    };
    lambda_runtime::run(service_fn(serve)).await
}
