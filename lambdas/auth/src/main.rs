//! The /auth routes: sign-up, sign-in and passwords, by Cognito.

mod handler;
mod rules;

use darkroom_aws::{self as aws, identity};
use darkroom_runtime::api::{self, ApiBoundary, Request};
use darkroom_runtime::{config::Config, log};
use handler::Auth;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    log::init("auth");
    let config = Config::of("auth");
    let auth = Auth {
        accounts: identity::client(&aws::sdk_config().await),
        client_id: config.require("USER_POOL_CLIENT_ID")?,
    };
    api::run(ApiBoundary::of(&config)?, async |request: &Request| auth.handle(request).await).await
}
