//! The /auth routes: sign-up, sign-in and passwords, by Cognito; and the end of an account.

mod answers;
mod handler;
mod rules;

use darkroom_aws::erasures::Erasures;
use darkroom_aws::identity::{self, UserPool};
use darkroom_runtime::api::{self, ApiBoundary, Request};
use darkroom_runtime::{config::Config, log, metrics::Metrics};
use handler::Auth;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    log::init("auth");
    let config = Config::of("auth");
    let sdk = darkroom_aws::sdk_config().await;
    let client_id = config.require("USER_POOL_CLIENT_ID")?;
    let auth = Auth {
        accounts: UserPool::new(identity::client(&sdk), config.require("USER_POOL_ID")?, &client_id),
        erasures: Erasures::new(aws_sdk_sqs::Client::new(&sdk), config.require("ERASURES_QUEUE_URL")?),
        client_id,
        mail_refused: || Metrics::new().count("MailRefused").emit(),
    };
    api::run(ApiBoundary::of(&config)?, async |request: &Request| auth.handle(request).await).await
}
