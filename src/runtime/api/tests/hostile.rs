//! Requests that are made to break something, where a gateway might hide them from the function or change them first.

use super::super::testing::{CLIENT_ID, Call, OWNER, Reply};
use super::super::{Answer, Problem, Request};
use super::{fine, post, post_text};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// Far more than a debug build needs, and far less than a matcher that tries again would.
const SOON: Duration = Duration::from_secs(2);

#[tokio::test]
async fn r36_a_body_is_read_at_once_or_refused() {
    let with_name = |name: &str| format!(r#"{{"name":{name},"size":1}}"#);
    let with_size = |size: &str| format!(r#"{{"name":"ada","size":{size}}}"#);
    let (lists, objects) = ("[".repeat(10_000), "{\"a\":".repeat(10_000));
    let bodies = [
        with_name(&format!("{lists}{}", "]".repeat(10_000))),
        with_name(&format!("{objects}1{}", "}".repeat(10_000))),
        with_name(&"[".repeat(65_000)),
        with_size(&format!("{lists}{}", "]".repeat(10_000))),
        format!(r#"{{"surprise":{lists}{}}}"#, "]".repeat(10_000)),
        format!(r#"{{"{}":1}}"#, "surprise`".repeat(7_000)),
        with_size("1e400"),
        with_size("-1e400"),
        with_size("18446744073709551616"),
        with_size(&"9".repeat(65_000)),
        with_size("1.0"),
        with_size("01"),
        with_size("NaN"),
        with_size("Infinity"),
        with_size("\"1\""),
        with_size("true"),
        with_name(r#""\ud800""#),
        with_name(r#""\udc00\ud800""#),
        with_name(r#""\ud800a""#),
        with_name("\"a\0b\""),
        with_name("'ada'"),
        r#"{"name":"ada","\u006eame":"eve","size":1}"#.into(),
        r#"{"name":"ada","size":1,"__proto__":{}}"#.into(),
        r#"{"name":"ada","size":1,}"#.into(),
        r#"{"name":"ada",/* */"size":1}"#.into(),
        "\u{feff}{\"name\":\"ada\",\"size\":1}".into(),
        "{\"name\":\"ada\",\"size\":1}\0".into(),
    ];
    for body in bodies {
        let began = Instant::now();
        let reply = post_text(&body).await;
        let shown = body.get(..60).unwrap_or(&body);
        assert_eq!(reply.problem(), (400, "Request.Invalid".into()), "{shown}");
        assert!(began.elapsed() < SOON, "{shown}");
    }
}

#[tokio::test]
async fn r36_a_body_that_is_no_text_is_refused() {
    let encoded = post().body("application/json", "eyJuYW1lIjoiYWRhIiwic2l6ZSI6MX0=");
    for body in [encoded, post().body("application/json", r#"{"name":"ada","size":1}"#)] {
        let reply = body.event(|event| event["isBase64Encoded"] = json!(true)).send(super::read).await;
        assert_eq!(reply.problem(), (400, "Request.Invalid".into()));
    }
}

#[tokio::test]
async fn r36_a_header_that_no_message_can_carry_is_left_out() {
    for (name, value) in [
        ("", "x"),
        ("a b", "x"),
        ("x-a:", "x"),
        ("x-ä", "x"),
        ("x-a\r\nx-b", "x"),
        ("x-a", "a\r\nset-cookie: b"),
        ("x-a", "a\0b"),
        ("x-a", "\u{1}"),
        ("x-a", "\u{7f}"),
    ] {
        let reply = post().header(name, value).header("x-good", "x").send(fine).await;
        assert_eq!(reply.status, 200, "{name:?}: {value:?}");
    }
    let odd = post().event(|event| event["headers"]["x-a"] = json!(["b", 7])).send(fine).await;
    assert_eq!(odd.status, 200);
    let both = post()
        .header("a b", "x")
        .header("x-good", "there")
        .send(async |request| Ok(Answer::text(200, "text/plain", request.header("x-good").unwrap_or("gone").into())));
    assert_eq!(both.await.body, "there", "the others are read");
}

/// What a handler knows of a request.
async fn told(request: &Request) -> Result<Answer, Problem> {
    let who = request.owner(CLIENT_ID)?;
    let groups = request.groups().join(" ");
    let text = format!("{who} {groups} {} {} {:?}", request.method(), request.path("id"), request.query("q")?);
    Ok(Answer::text(200, "text/plain", text))
}

#[tokio::test]
async fn no_header_changes_who_asks_or_what_for() {
    let call = || Call::new("POST", "/thing/{id}").signed_in().path("id", "7").query("q", &["1"]);
    let plain = call().send(told).await.body;
    assert_eq!(plain, format!("{OWNER}  POST 7 Some(\"1\")"));
    for (name, value) in [
        ("authorization", "Bearer of.another.user"),
        ("x-http-method-override", "DELETE"),
        ("x-http-method", "DELETE"),
        ("x-original-url", "/thing/8"),
        ("x-rewrite-url", "/thing/8"),
        ("x-forwarded-for", "127.0.0.1"),
        ("x-forwarded-host", "evil.example"),
        ("forwarded", "for=127.0.0.1"),
        ("x-forwarded-user", "another"),
        ("x-amzn-oidc-identity", "another"),
        ("cognito:groups", "operators"),
        ("host", "evil.example"),
        ("transfer-encoding", "chunked"),
        ("content-length", "5"),
        ("content-encoding", "gzip"),
        ("connection", "close, authorization"),
        ("expect", "100-continue"),
        ("upgrade", "h2c"),
        ("cookie", "sub=another"),
    ] {
        let reply = call().header(name, value).send(told).await;
        assert_eq!((reply.status, &reply.body), (200, &plain), "{name}");
        let twice = call().header(name, value).event(|event| {
            event["multiValueHeaders"][name] = json!([value, value]);
        });
        assert_eq!(twice.send(told).await.body, plain, "{name}, twice");
    }
}

#[tokio::test]
async fn no_header_takes_long_to_read() {
    let kept = async |request: &Request| Ok(Answer::json(200, &json!({}))?.kept("no-cache", request));
    let texts: [fn(usize) -> String; 5] = [
        |n| ",".repeat(n),
        |n| "W/".repeat(n / 2),
        |n| "\"a\" , ".repeat(n / 6),
        |n| " ".repeat(n),
        |n| format!("{}!", "a".repeat(n)),
    ];
    for text in texts.map(|text| text(200_000)) {
        for name in ["if-none-match", "content-type", "origin", "accept"] {
            let began = Instant::now();
            let reply: Reply = post().header(name, &text).send(kept).await;
            assert_eq!(reply.status, 200);
            assert!(began.elapsed() < SOON, "{name}: {}", &text[..8]);
        }
    }
}

#[tokio::test]
async fn claims_of_another_shape_are_no_sign_in() {
    for claims in [json!(null), json!([]), json!("x"), json!({ "sub": [OWNER], "token_use": "id", "aud": CLIENT_ID })] {
        assert_eq!(post().claims(&claims).send(told).await.problem(), (401, "Auth.Unauthorized".into()), "{claims}");
    }
    let nowhere = |change: fn(&mut Value)| post().event(change).send(told);
    assert_eq!(nowhere(|event| event["requestContext"]["authorizer"] = json!(null)).await.problem().0, 401);
    let beside = |event: &mut Value| event["claims"] = json!({ "sub": OWNER, "token_use": "id", "aud": CLIENT_ID });
    assert_eq!(nowhere(beside).await.problem().0, 401, "claims count where the gateway puts them");
}
