use super::{Upload, is_filename, unhex};
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_dynamodb::config::http::HttpResponse;
use aws_sdk_dynamodb::operation::put_item::PutItemOutput;
use aws_sdk_s3::config::{Credentials, SharedCredentialsProvider};
use aws_smithy_mocks::{Rule, RuleMode, mock, mock_client};
use aws_smithy_types::body::SdkBody;
use darkroom::runtime::api::testing::{ARRIVED, CLIENT_ID, Call, OWNER, Reply};
use darkroom_domain::id::ImageId;
use darkroom_domain::settings::LIMITS;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

const KEY_ARN: &str = "arn:aws:kms:eu-central-1:000000000000:key/1";
/// SHA-256 of "test", in hex and in base64.
const DIGEST: (&str, &str) = (
    "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=",
);

/// The client as production builds it, with keys that open nothing. It has no way to the network: signing needs none.
fn signer() -> aws_sdk_s3::Client {
    let keys = Credentials::new("key", "secret", Some("session".into()), None, "tests");
    let config = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("eu-central-1"))
        .credentials_provider(SharedCredentialsProvider::new(keys))
        .build();
    darkroom::aws::s3(&config)
}

fn accepts() -> Rule {
    mock!(aws_sdk_dynamodb::Client::put_item).then_output(|| PutItemOutput::builder().build())
}

async fn send(rule: &Rule, call: Call) -> Reply {
    let upload = Upload {
        records: mock_client!(aws_sdk_dynamodb, RuleMode::MatchAny, [rule]),
        objects: signer(),
        table: "images".into(),
        bucket: "originals".into(),
        kms_key_arn: KEY_ARN.into(),
        client_id: CLIENT_ID.into(),
    };
    call.send(async |request| upload.handle(request).await).await
}

fn wanted() -> Value {
    json!({ "filename": "Sünset 🌅.jpg", "content_type": "image/jpeg", "size_bytes": 4, "sha256": DIGEST.0 })
}

fn post(body: &Value) -> Call {
    Call::new("POST", "/upload").signed_in().json(body)
}

fn query(url: &str) -> BTreeMap<String, String> {
    let (_, query) = url.split_once('?').expect("a query");
    let pairs = query.split('&').map(|pair| pair.split_once('=').expect("a pair"));
    pairs.map(|(name, value)| (name.to_owned(), value.replace("%3B", ";"))).collect()
}

fn signed_headers(url: &str) -> BTreeSet<String> {
    query(url)["X-Amz-SignedHeaders"].split(';').map(Into::into).collect()
}

#[tokio::test]
async fn r32_the_ticket_names_everything_the_client_needs() {
    let reply = send(&accepts(), post(&wanted())).await;
    let ticket = reply.json();
    let image = ticket["image_id"].as_str().unwrap();
    assert!(ImageId::parse(image).is_ok());
    assert_eq!((reply.status, reply.header("location")), (201, Some(format!("image/{image}").as_str())));
    assert_eq!(ticket["status_url"], format!("image/{image}"));
    assert_eq!(ticket["upload"]["method"], "PUT");
    assert_eq!(ticket["upload"]["expires_at"], "2026-01-31T12:15:07.25Z");
    assert_eq!(ticket["limits"]["max_bytes"], LIMITS.max_bytes);
    assert_eq!(
        ticket["upload"]["headers"],
        json!({
            "content-length": "4",
            "content-type": "image/jpeg",
            "if-none-match": "*",
            "x-amz-checksum-sha256": DIGEST.1,
            "x-amz-server-side-encryption": "aws:kms",
            "x-amz-server-side-encryption-aws-kms-key-id": KEY_ARN,
        })
    );
}

#[tokio::test]
async fn r30_every_header_of_the_ticket_is_sealed() {
    let ticket = send(&accepts(), post(&wanted())).await.json();
    let url = ticket["upload"]["url"].as_str().unwrap();
    let mut named: BTreeSet<String> = ticket["upload"]["headers"].as_object().unwrap().keys().cloned().collect();
    assert_eq!(named.len(), 6);
    named.insert("host".into());
    assert_eq!(signed_headers(url), named);

    let query = query(url);
    assert_eq!(query["X-Amz-Expires"], "900");
    assert_eq!(query["X-Amz-Date"], "20260131T120007Z");
    let unexpected = |name: &&String| name.to_lowercase().contains("crc") || name.to_lowercase().contains("checksum");
    assert_eq!(query.keys().find(unexpected), None, "no checksum but the client's");
}

#[tokio::test]
async fn r30_without_a_checksum_none_is_asked_for() {
    let body = json!({ "filename": "a.png", "content_type": "image/png", "size_bytes": 1 });
    let ticket = send(&accepts(), post(&body)).await.json();
    let signed = signed_headers(ticket["upload"]["url"].as_str().unwrap());
    assert!(!signed.iter().any(|name| name.contains("checksum")), "{signed:?}");
    assert!(signed.contains("content-length") && signed.contains("if-none-match"), "{signed:?}");
}

#[tokio::test]
async fn r31_the_server_chooses_the_key() {
    let ticket = send(&accepts(), post(&wanted())).await.json();
    let url = ticket["upload"]["url"].as_str().unwrap();
    let path = format!("/uploads/{OWNER}/{}", ticket["image_id"].as_str().unwrap());
    let (address, _) = url.split_once('?').unwrap();
    assert_eq!(address, format!("https://originals.s3.eu-central-1.amazonaws.com{path}"));
}

#[tokio::test]
async fn the_record_awaits_the_upload() {
    let rule = mock!(aws_sdk_dynamodb::Client::put_item)
        .match_requests(|call| {
            let item = call.item().expect("an item");
            let text = |name: &str| item[name].as_s().map(String::as_str).unwrap_or_default();
            let image = ImageId::parse(text("image_id")).expect("an id");
            call.table_name() == Some("images")
                && call.condition_expression() == Some("attribute_not_exists(pk)")
                && text("pk") == format!("USER#{OWNER}")
                && text("sk") == format!("IMAGE#{image}")
                && text("owner_id") == OWNER
                && text("status") == "awaiting_upload"
                && text("filename") == "Sünset 🌅.jpg"
                && text("content_type") == "image/jpeg"
                && text("sha256") == DIGEST.0
                && text("object_key") == format!("uploads/{OWNER}/{image}")
                && text("created_at") == "2026-01-31T12:00:07.25Z"
                && item["size_bytes"].as_n().unwrap() == "4"
                && *item["expires_at"].as_n().unwrap() == (ARRIVED / 1000 + 86_400).to_string()
                && !item.contains_key("version_id")
                && !item.contains_key("sequencer")
        })
        .then_output(|| PutItemOutput::builder().build());
    assert_eq!(send(&rule, post(&wanted())).await.status, 201);
    assert_eq!(rule.num_calls(), 1);
}

#[tokio::test]
async fn r32_the_ticket_as_a_curl_configuration() {
    let rule = accepts();
    let reply = send(&rule, post(&wanted()).header("accept", "text/x-curl")).await;
    assert_eq!((reply.status, reply.header("content-type")), (201, Some("text/x-curl")));
    let image = reply.header("location").unwrap().strip_prefix("image/").unwrap();
    let lines: Vec<_> = reply.body.lines().collect();
    assert!(lines[0].starts_with("url = \"https://originals.s3."), "{}", reply.body);
    assert!(lines.contains(&"request = \"PUT\"") && lines.contains(&"fail-with-body"), "{}", reply.body);
    assert!(lines.contains(&format!("header = \"x-amz-checksum-sha256: {}\"", DIGEST.1).as_str()), "{}", reply.body);
    assert!(lines.contains(&"header = \"if-none-match: *\""), "{}", reply.body);
    assert!(lines.contains(&format!("write-out = \"{image}\\n\"").as_str()), "{}", reply.body);
}

#[tokio::test]
async fn r36_what_cannot_be_right_leaves_no_record() {
    let with = |name: &str, value: Value| {
        let mut body = wanted();
        body[name] = value;
        body
    };
    for (body, field) in [
        (with("filename", json!("")), "filename"),
        (with("filename", json!("a/b.jpg")), "filename"),
        (with("filename", json!("x".repeat(256))), "filename"),
        (with("content_type", json!("image/svg+xml")), "content_type"),
        (with("content_type", json!("IMAGE/JPEG")), "content_type"),
        (with("size_bytes", json!(0)), "size_bytes"),
        (with("size_bytes", json!(-1)), "size_bytes"),
        (with("size_bytes", json!(1.5)), "size_bytes"),
        (with("size_bytes", json!("4")), "size_bytes"),
        (with("size_bytes", json!(LIMITS.max_bytes + 1)), "size_bytes"),
        (with("sha256", json!("n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=")), "sha256"),
        (with("sha256", json!("")), "sha256"),
        (with("sha256", json!(null)), "sha256"),
        (with("key", json!("uploads/other/x")), "key"),
        (json!({ "filename": "a.jpg", "content_type": "image/jpeg" }), "size_bytes"),
    ] {
        let rule = accepts();
        let reply = send(&rule, post(&body)).await;
        assert_eq!(reply.problem(), (400, "Request.Invalid".into()), "{body}");
        assert_eq!(reply.fields(), [field], "{body}");
        assert_eq!(rule.num_calls(), 0, "{body}");
    }
}

#[tokio::test]
async fn the_limits_themselves_are_allowed() {
    for size in [1, LIMITS.max_bytes] {
        let body = json!({ "filename": "x".repeat(255), "content_type": "image/png", "size_bytes": size });
        assert_eq!(send(&accepts(), post(&body)).await.status, 201, "{size}");
    }
}

#[tokio::test]
async fn r33_nobody_gets_a_ticket_without_signing_in() {
    let rule = accepts();
    for claims in [json!({}), json!({ "sub": OWNER, "token_use": "access", "client_id": CLIENT_ID })] {
        let reply = send(&rule, Call::new("POST", "/upload").json(&wanted()).claims(&claims)).await;
        assert_eq!(reply.problem(), (401, "Auth.Unauthorized".into()));
    }
    assert_eq!(send(&rule, Call::new("POST", "/upload").json(&wanted())).await.status, 401);
    assert_eq!(rule.num_calls(), 0);
}

#[tokio::test]
async fn a_table_that_is_busy_gives_no_ticket() {
    let busy = mock!(aws_sdk_dynamodb::Client::put_item).then_http_response(|| {
        let body = json!({ "__type": "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException" });
        HttpResponse::new(400.try_into().expect("a status"), SdkBody::from(body.to_string()))
    });
    let reply = send(&busy, post(&wanted())).await;
    assert_eq!(reply.problem(), (503, "Transient.Unavailable".into()));
    assert!(!reply.body.contains("X-Amz-Signature"), "{}", reply.body);
}

#[tokio::test]
async fn other_routes_do_not_exist() {
    let rule = accepts();
    for (method, route) in [("GET", "/upload"), ("POST", "/uploads")] {
        let reply = send(&rule, Call::new(method, route).signed_in().json(&wanted())).await;
        assert_eq!(reply.problem(), (404, "Request.NotFound".into()));
    }
    assert_eq!(rule.num_calls(), 0);
}

#[test]
fn r31_what_a_filename_may_be() {
    for good in ["a", "Sünset at the läke 🌅.jpg", ".jpg", "..", " ", "100% \"sure\".png", &"ä".repeat(255)] {
        assert!(is_filename(good), "{good}");
    }
    for bad in [
        "",
        "a/b",
        "a\\b",
        "a\nb",
        "a\u{0}b",
        "a\u{7f}b",
        "a\u{85}b",
        "photo\u{202e}gpj.exe",
        "a\u{2028}b",
        "a\u{2066}b",
    ] {
        assert!(!is_filename(bad), "{bad:?}");
    }
    assert!(!is_filename(&"ä".repeat(256)));
}

#[test]
fn hex_is_read_strictly() {
    assert_eq!(unhex(DIGEST.0).map(|digest| darkroom_domain::hex(&digest)).as_deref(), Some(DIGEST.0));
    assert_eq!(unhex(&DIGEST.0.to_uppercase()), unhex(DIGEST.0));
    for bad in ["", "9f", &DIGEST.0[1..], &format!("{}0", DIGEST.0), &DIGEST.0.replace('9', "g"), &"９".repeat(64)] {
        assert_eq!(unhex(bad), None, "{bad}");
    }
}
