//! What the API says about itself: `GET /health` and `GET /openapi.json`.

mod handler;

use darkroom_runtime::api::{self, ApiBoundary, Request};
use darkroom_runtime::{config::Config, log};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    log::init("meta");
    api::run(ApiBoundary::of(&Config::of("meta"))?, async |request: &Request| handler::handle(request)).await
}
