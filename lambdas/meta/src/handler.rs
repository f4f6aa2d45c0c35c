//! Two answers that are made at build time. Neither calls another service: a route that is open to all must not let a
//! stranger spend our calls, and alarms watch the services behind the API.

use darkroom_domain::ErrorCode;
use darkroom_runtime::api::{Answer, Problem, Request};
use serde_json::json;

/// The API's contract as JSON, made of `api/openapi.yaml` by `build.rs`.
const OPENAPI: &str = include_str!(concat!(env!("OUT_DIR"), "/openapi.json"));

/// The contract changes with some releases; a client that asks again mostly gets a 304.
const KEPT: &str = "public, max-age=300";

/// Answers either route.
pub fn handle(request: &Request) -> Result<Answer, Problem> {
    match request.route() {
        ("GET", "/health") => health(),
        ("GET", "/openapi.json") => Ok(openapi(request)),
        _ => Err(ErrorCode::RequestNotFound.into()),
    }
}

/// Says that the gateway reaches a running function, with its release and its commit.
fn health() -> Result<Answer, Problem> {
    let mut said = json!({ "status": "ok", "version": env!("CARGO_PKG_VERSION") });
    // tools/darkroom/deploy/build.py sets it; a build without a repository around it has none.
    if let Some(commit) = option_env!("DARKROOM_COMMIT") {
        said["commit"] = commit.into();
    }
    Ok(Answer::json(200, &said)?)
}

fn openapi(request: &Request) -> Answer {
    Answer::text(200, "application/json", OPENAPI.into()).kept(KEPT, request)
}

#[cfg(test)]
mod tests {
    use super::*;
    use darkroom_runtime::api::testing::{Call, Reply};
    use serde_json::Value;

    async fn get(path: &str) -> Reply {
        Call::new("GET", path).send(async |request: &Request| handle(request)).await
    }

    #[tokio::test]
    async fn health_names_the_release_and_is_not_kept() {
        let reply = get("/health").await;
        assert_eq!((reply.status, &reply.json()["status"]), (200, &json!("ok")));
        assert_eq!(reply.json()["version"], env!("CARGO_PKG_VERSION"));
        assert_eq!(reply.header("cache-control"), Some("no-store"));
    }

    #[tokio::test]
    async fn the_contract_is_whole_and_may_be_kept() {
        let reply = get("/openapi.json").await;
        let document: Value = reply.json();
        assert_eq!((reply.status, reply.header("content-type")), (200, Some("application/json")));
        assert!(document["paths"]["/openapi.json"]["get"].is_object());
        assert_eq!(reply.header("cache-control"), Some(KEPT));
    }

    #[tokio::test]
    async fn who_has_it_gets_it_once() {
        let etag = get("/openapi.json").await.header("etag").expect("a name").to_owned();
        let call = Call::new("GET", "/openapi.json").header("if-none-match", &etag);
        let again = call.send(async |request: &Request| handle(request)).await;
        assert_eq!((again.status, again.body.as_str(), again.header("etag")), (304, "", Some(etag.as_str())));
    }

    #[tokio::test]
    async fn nothing_else_is_here() {
        assert_eq!(get("/elsewhere").await.problem(), (404, "Request.NotFound".into()));
    }
}
