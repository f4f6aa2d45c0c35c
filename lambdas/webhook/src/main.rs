//! Webhooks: set by their owners over the API, and called with the outcomes of photos. One function does both, so that
//! no other may derive their secrets, and only this one calls strangers (docs/adr/0035-webhooks.md).

mod address;
mod destination;
mod handler;
mod post;
mod schedule;
mod signature;

use darkroom_aws::{self as aws, derived_key::DerivedKey, table::Table};
use darkroom_domain::token::Purpose;
use darkroom_domain::{Error, ErrorCode};
use darkroom_runtime::api::{ApiBoundary, Request};
use darkroom_runtime::{config::Config, log, worker};
use destination::Trusted;
use handler::Webhooks;
use lambda_runtime::{LambdaEvent, service_fn};
use post::Postman;
use serde_json::Value;
use std::sync::Arc;
use time::OffsetDateTime;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    log::init("webhook");
    let config = Config::of("webhook");
    let sdk = aws::sdk_config().await;
    let trusted = Trusted::listed(&config.optional("WEBHOOK_TRUSTED_HOSTS")?.unwrap_or_default());
    let webhooks = &Webhooks {
        table: Table::new(aws_sdk_dynamodb::Client::new(&sdk), config.require("IMAGES_TABLE")?),
        queue: aws_sdk_sqs::Client::new(&sdk),
        key: DerivedKey::new(aws_sdk_kms::Client::new(&sdk), config.require("TOKEN_KEY_ARN")?, Purpose::Webhook),
        post: Arc::new(Postman::new(trusted.clone())),
        trusted,
        queue_url: config.require("WEBHOOKS_QUEUE_URL")?,
        client_id: config.require("USER_POOL_CLIENT_ID")?,
    };
    let boundary = &ApiBoundary::of(&config)?;
    let serve = async move |event: LambdaEvent<Value>| {
        // The gateway's events have no records, the queue's have nothing else.
        let answer = if event.payload.get("Records").is_some() {
            serde_json::to_value(webhooks.deliver_all(event, OffsetDateTime::now_utc()).await?)
        } else {
            serde_json::to_value(boundary.serve(&async |request: &Request| webhooks.handle(request).await, event).await)
        };
        answer.map_err(|why| worker::diagnostic(Error::new(ErrorCode::WorkerBug, why.to_string())))
    };
    lambda_runtime::run(service_fn(serve)).await
}
