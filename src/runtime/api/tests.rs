mod hostile;

use super::testing::{CLIENT_ID, Call, OWNER, Reply};
use super::{Answer, Fields, Problem, Request};
use darkroom_domain::{Error, ErrorCode};
use serde::Deserialize;
use serde_json::json;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    name: String,
    size: u64,
}

async fn read(request: &Request) -> Result<Answer, Problem> {
    let body: Body = request.json()?;
    let mut fields = Fields::default();
    fields.check(body.name.len() < 9, "name", || "must be shorter".into());
    fields.check(body.size < 9, "size", || "must be smaller".into());
    fields.done()?;
    Ok(Answer::text(200, "text/plain", body.name))
}

async fn fine(_: &Request) -> Result<Answer, Problem> {
    Ok(Answer::json(200, &json!({ "fine": true }))?)
}

fn post() -> Call {
    Call::new("POST", "/thing")
}

async fn post_text(body: &str) -> Reply {
    post().body("application/json", body).send(read).await
}

#[tokio::test]
async fn a_good_request_is_answered() {
    let reply = post().body("Application/JSON; charset=utf-8", r#" {"name":"ada","size":1} "#).send(read).await;
    assert_eq!((reply.status, reply.body.as_str()), (200, "ada"));
}

#[tokio::test]
async fn r36_the_body_must_be_what_the_api_describes() {
    let cases: [(&str, &[&str]); 12] = [
        ("", &[]),
        ("null", &[]),
        (r#"["ada", 1]"#, &[]),
        (r#"{"name":"ada","#, &[]),
        (r#"{"name":"ada","size":1} x"#, &[]),
        ("{}", &["name"]),
        (r#"{"name":"ada"}"#, &["size"]),
        (r#"{"name":"ada","size":1,"colour":"red"}"#, &["colour"]),
        (r#"{"name":"ada","size":1,"size":2}"#, &["size"]),
        (r#"{"name":7,"size":1}"#, &["name"]),
        (r#"{"name":"ada","size":-1}"#, &["size"]),
        (r#"{"name":"far too long","size":99}"#, &["name", "size"]),
    ];
    for (body, fields) in cases {
        let reply = post_text(body).await;
        assert_eq!(reply.problem(), (400, "Request.Invalid".into()), "{body}");
        assert_eq!(reply.fields(), fields, "{body}");
    }
}

#[tokio::test]
async fn r35_a_refusal_does_not_repeat_the_value() {
    let reply = post_text(r#"{"name":"x","size":"my secret password"}"#).await;
    assert_eq!(reply.fields(), ["size"]);
    assert!(!reply.body.contains("secret"), "{}", reply.body);
}

#[tokio::test]
async fn r36_the_body_may_have_64_kilobytes_and_not_one_more() {
    let sized = |bytes: usize| {
        let empty = r#"{"name":"","size":1}"#.len();
        format!(r#"{{"name":"{}","size":1}}"#, "x".repeat(bytes - empty))
    };
    assert_eq!(post_text(&sized(64 * 1024)).await.problem().1, "Request.Invalid");
    assert_eq!(post_text(&sized(64 * 1024 + 1)).await.problem(), (413, "Request.TooLarge".into()));
}

#[tokio::test]
async fn r36_only_json_is_read() {
    for media_type in ["text/plain", "", "application/x-www-form-urlencoded", "application/jsonp"] {
        let reply = post().body(media_type, r#"{"name":"ada","size":1}"#).send(read).await;
        assert_eq!(reply.problem(), (400, "Request.Invalid".into()), "{media_type}");
    }
}

#[tokio::test]
async fn a_panic_is_an_answer_that_tells_nothing() {
    let reply = post().send(async |_| panic!("the secret")).await;
    assert_eq!(reply.problem(), (500, "Worker.Bug".into()));
    assert!(!reply.body.contains("secret"));
}

#[tokio::test]
async fn the_operators_detail_stays_inside() {
    let reply =
        post().send(async |_| Err(Error::new(ErrorCode::WorkerDenied, "role arn:aws:iam::1:role/x").into())).await;
    assert_eq!(reply.problem(), (500, "Worker.Denied".into()));
    assert!(!reply.body.contains("arn:aws"));
}

#[tokio::test]
async fn what_will_pass_says_when() {
    for (code, status) in [(ErrorCode::TransientUnavailable, 503), (ErrorCode::RequestThrottled, 429)] {
        let reply = post().send(async |_| Err(code.into())).await;
        assert_eq!(reply.problem(), (status, code.name().into()));
        assert!(reply.header("retry-after").is_some());
    }
}

#[tokio::test]
async fn an_event_that_nobody_knows_is_answered_too() {
    let reply = post().event(|event| event["httpMethod"] = json!(["POST"])).send(fine).await;
    assert_eq!((reply.status, reply.json()["code"].as_str()), (500, Some("Worker.BadInput")));
    assert_eq!(reply.header("x-request-id"), Some("invocation-1"));
}

#[tokio::test]
async fn odd_headers_are_no_reason_to_fail() {
    let reply = post().header("x-name", "Zoë 🌅").header("accept", "ä").send(fine).await;
    assert_eq!(reply.status, 200);
}

#[tokio::test]
async fn every_answer_carries_what_belongs_on_it() {
    let good = post().send(fine).await;
    let bad = post().send(read).await;
    for reply in [good, bad] {
        assert_eq!(reply.header("x-request-id"), Some("request-1"));
        assert_eq!(reply.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(reply.header("cache-control"), Some("no-store"));
        assert!(reply.header("strict-transport-security").is_some());
        assert!(reply.header("content-security-policy").is_some());
    }
}

#[tokio::test]
async fn only_known_origins_may_read_the_answer() {
    let from = async |origin: &str| post().header("origin", origin).send(fine).await;
    let known = from("https://app.example.com").await;
    assert_eq!(known.header("access-control-allow-origin"), Some("https://app.example.com"));
    assert!(known.header("access-control-expose-headers").unwrap().contains("location"));
    for stranger in ["https://evil.example.com", "https://app.example.com.evil.example", "null", "*"] {
        let reply = from(stranger).await;
        assert_eq!(reply.header("access-control-allow-origin"), None, "{stranger}");
        assert_eq!(reply.header("vary"), Some("origin"));
    }
}

#[tokio::test]
async fn a_preflight_is_answered_before_any_handler() {
    let reply = Call::new("OPTIONS", "/thing")
        .header("origin", "https://app.example.com")
        .send(async |_| panic!("no handler is asked"))
        .await;
    assert_eq!((reply.status, reply.body.as_str()), (204, ""));
    assert_eq!(reply.header("access-control-allow-methods"), Some("GET, POST, PUT, PATCH, DELETE"));
    for header in ["authorization", "idempotency-key"] {
        assert!(reply.header("access-control-allow-headers").unwrap().contains(header), "{header}");
    }
}

#[tokio::test]
async fn r34_only_an_id_token_of_our_client_is_a_sign_in() {
    let whoami = async |request: &Request| Ok(Answer::text(200, "text/plain", request.owner(CLIENT_ID)?.to_string()));
    let good = post().signed_in().send(whoami).await;
    assert_eq!((good.status, good.body.as_str()), (200, OWNER));

    assert_eq!(post().send(whoami).await.problem(), (401, "Auth.Unauthorized".into()), "no claims");
    for claims in [
        json!({}),
        json!({ "sub": OWNER, "aud": CLIENT_ID }),
        json!({ "sub": OWNER, "token_use": "access", "client_id": CLIENT_ID }),
        json!({ "sub": OWNER, "token_use": "access", "aud": CLIENT_ID }),
        json!({ "sub": OWNER, "token_use": "id", "aud": "another client" }),
        json!({ "sub": OWNER, "token_use": "id", "aud": [CLIENT_ID] }),
        json!({ "token_use": "id", "aud": CLIENT_ID }),
        json!({ "sub": "../other", "token_use": "id", "aud": CLIENT_ID }),
        json!({ "sub": "operator", "token_use": "id", "aud": CLIENT_ID }),
        json!("sub"),
    ] {
        let reply = post().claims(&claims).send(whoami).await;
        assert_eq!(reply.problem(), (401, "Auth.Unauthorized".into()), "{claims}");
    }
}

#[tokio::test]
async fn r33_to_anybody_but_an_operator_the_route_does_not_exist() {
    let route = async |request: &Request| Ok(Answer::text(200, "text/plain", request.operator(CLIENT_ID)?.to_string()));
    let good = post().operator().send(route).await;
    assert_eq!((good.status, good.body.as_str()), (200, OWNER));
    for groups in ["", "operator", "Operators", "operators2", "noperators,users"] {
        let claims = json!({ "sub": OWNER, "token_use": "id", "aud": CLIENT_ID, "cognito:groups": groups });
        let reply = post().claims(&claims).send(route).await;
        assert_eq!(reply.problem(), (404, "Request.NotFound".into()), "{groups}");
    }
    assert_eq!(post().signed_in().send(route).await.problem().0, 404);
    assert_eq!(post().send(route).await.problem().0, 401);
    let access = json!({ "sub": OWNER, "token_use": "access", "client_id": CLIENT_ID, "cognito:groups": "operators" });
    assert_eq!(post().claims(&access).send(route).await.problem().0, 401);
}

#[tokio::test]
async fn a_query_parameter_given_twice_is_refused() {
    let size =
        async |request: &Request| Ok(Answer::text(200, "text/plain", request.query("size")?.unwrap_or("none").into()));
    assert_eq!(post().send(size).await.body, "none");
    assert_eq!(post().query("size", &["small"]).send(size).await.body, "small");
    let twice = post().query("size", &["small", "large"]).send(size).await;
    assert_eq!((twice.problem().0, twice.fields()), (400, vec!["size".to_owned()]));
}
