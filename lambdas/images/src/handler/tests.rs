use super::{Images, SIZES, lifetime};
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_dynamodb::config::http::HttpResponse;
use aws_sdk_dynamodb::operation::get_item::GetItemOutput;
use aws_sdk_dynamodb::types::AttributeValue;
use aws_sdk_s3::config::{Credentials, SharedCredentialsProvider};
use aws_smithy_mocks::{Rule, RuleMode, mock, mock_client};
use aws_smithy_types::body::SdkBody;
use darkroom::runtime::api::testing::{ARRIVED, CLIENT_ID, Call, OWNER, Reply};
use serde_json::{Value, json};
use std::collections::HashMap;
use time::OffsetDateTime;

const IMAGE: &str = "0198c7b2-5a51-7c3e-9f0e-2b1d4c6a8e10";

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

/// The table holds this item and is asked for it by its owner's key.
fn holds(item: &Value) -> Rule {
    let item = attributes(item);
    mock!(aws_sdk_dynamodb::Client::get_item)
        .match_requests(|call| {
            let key = call.key().expect("a key");
            call.table_name() == Some("images")
                && call.consistent_read() == Some(true)
                && key["pk"] == AttributeValue::S(format!("USER#{OWNER}"))
                && key["sk"] == AttributeValue::S(format!("IMAGE#{IMAGE}"))
        })
        .then_output(move || GetItemOutput::builder().set_item(Some(item.clone())).build())
}

fn holds_nothing() -> Rule {
    mock!(aws_sdk_dynamodb::Client::get_item).then_output(|| GetItemOutput::builder().build())
}

/// The item as the table has it: the record, its key, and what other functions keep in it.
fn attributes(record: &Value) -> HashMap<String, AttributeValue> {
    fn attribute(value: &Value) -> AttributeValue {
        match value {
            Value::String(text) => AttributeValue::S(text.clone()),
            Value::Number(number) => AttributeValue::N(number.to_string()),
            Value::Object(fields) => AttributeValue::M(fields.iter().map(|(k, v)| (k.clone(), attribute(v))).collect()),
            other => panic!("no record has a {other}"),
        }
    }
    record.as_object().expect("an object").iter().map(|(name, value)| (name.clone(), attribute(value))).collect()
}

fn record(status: &str) -> Value {
    json!({
        "pk": format!("USER#{OWNER}"),
        "sk": format!("IMAGE#{IMAGE}"),
        "sequencer": "0000000000000000000000000000000A",
        "image_id": IMAGE,
        "owner_id": OWNER,
        "status": status,
        "filename": "Sünset.png",
        "content_type": "image/png",
        "size_bytes": 4,
        "object_key": format!("uploads/{OWNER}/{IMAGE}"),
        "created_at": "2026-01-31T12:00:00Z",
        "updated_at": "2026-01-31T12:00:05Z",
    })
}

fn ready() -> Value {
    let mut ready = record("ready");
    ready["version_id"] = json!("v1");
    ready["execution"] = json!(format!("{IMAGE}-0123456789abcdef"));
    ready["outcome"] = json!({ "outcome": "ready", "execution": format!("{IMAGE}-0123456789abcdef") });
    ready["source"] = json!({ "format": "png", "width": 40, "height": 30, "orientation": 1, "bytes": 4 });
    ready["facts"] = json!({ "sha256": "00", "thumbhash": "AA==", "dominant_color": "#112233", "phash": "0f" });
    for name in SIZES.iter() {
        ready["variants"][name] = json!({
            "key": format!("variants/{IMAGE}/0123456789abcdef/{name}.jpg"),
            "width": 40,
            "height": 30,
            "bytes": 99,
            "content_type": "image/jpeg",
        });
    }
    ready
}

fn ended(status: &str, code: &str) -> Value {
    let mut ended = record(status);
    ended["outcome"] = json!({
        "outcome": status,
        "code": code,
        "stage": "validate",
        "message": "role arn:aws:iam::1:role/x said no",
        "execution": format!("{IMAGE}-0123456789abcdef"),
        "docs": format!("docs/ERRORS.md#{code}"),
    });
    ended
}

fn get() -> Call {
    Call::new("GET", "/image/{image_id}").signed_in().path("image_id", IMAGE)
}

async fn send(rule: &Rule, call: Call) -> Reply {
    let images = Images {
        records: mock_client!(aws_sdk_dynamodb, RuleMode::MatchAny, [rule]),
        objects: signer(),
        table: "images".into(),
        bucket: "pictures".into(),
        client_id: CLIENT_ID.into(),
        docs_url: "docs/ERRORS.md".into(),
    };
    call.send(async |request| images.handle(request).await).await
}

#[tokio::test]
async fn a_ready_image_shows_its_facts_and_a_link_to_each_variant() {
    let reply = send(&holds(&ready()), get()).await;
    let image = reply.json();
    assert_eq!((reply.status, image["status"].as_str()), (200, Some("ready")));
    assert_eq!(image["source"]["format"], "png");
    assert_eq!(image["facts"]["dominant_color"], "#112233");
    assert_eq!(image["filename"], "Sünset.png");
    assert_eq!(image["outcome"], Value::Null);
    assert_eq!(image["variants"].as_object().unwrap().len(), SIZES.len());
    let medium = &image["variants"]["medium"];
    let url = medium["url"].as_str().unwrap();
    let address =
        format!("https://pictures.s3.eu-central-1.amazonaws.com/variants/{IMAGE}/0123456789abcdef/medium.jpg?");
    assert!(url.starts_with(&address), "{url}");
    assert!(url.contains("response-content-disposition=inline%3B%20filename%3D%22S_nset-medium.jpg%22"), "{url}");
    assert!(url.contains("response-cache-control=private%2C%20max-age%3D900%2C%20immutable"), "{url}");
    assert!(url.contains("X-Amz-Expires=900") && url.contains("X-Amz-Date=20260131T120000Z"), "{url}");
    assert_eq!(medium["expires_at"], "2026-01-31T12:15:00Z");
    assert_eq!((&medium["width"], &medium["bytes"], medium.get("key")), (&json!(40), &json!(99), None));
}

#[tokio::test]
async fn nothing_of_the_inside_is_shown() {
    for item in [ready(), ended("failed", "Worker.Denied"), ended("failed", "States.Timeout"), record("processing")] {
        let body = send(&holds(&item), get()).await.body;
        for inside in ["sequencer", "object_key", "owner_id", "arn:aws", "USER#", "uploads/"] {
            assert!(!body.contains(inside), "{inside} in {body}");
        }
    }
}

#[tokio::test]
async fn one_size_may_be_asked_for() {
    let image = send(&holds(&ready()), get().query("size", &["small"])).await.json();
    let names: Vec<_> = image["variants"].as_object().unwrap().keys().cloned().collect();
    assert_eq!(names, ["small"]);
}

#[tokio::test]
async fn a_size_that_nobody_knows_is_refused_before_the_table_is_asked() {
    for size in ["huge", "", "Small", "../small"] {
        let rule = holds(&ready());
        let reply = send(&rule, get().query("size", &[size])).await;
        assert_eq!((reply.problem(), reply.fields()), ((400, "Request.Invalid".into()), vec!["size".to_owned()]));
        assert_eq!(rule.num_calls(), 0);
    }
}

#[tokio::test]
async fn a_size_that_this_image_lacks_is_not_found() {
    let mut item = ready();
    item["variants"].as_object_mut().unwrap().remove("large");
    let reply = send(&holds(&item), get().query("size", &["large"])).await;
    assert_eq!(reply.problem(), (404, "Request.NotFound".into()));
}

#[tokio::test]
async fn while_nothing_is_decided_the_client_is_told_when_to_ask_again() {
    for status in ["awaiting_upload", "processing"] {
        let reply = send(&holds(&record(status)), get()).await;
        assert_eq!((reply.status, reply.json()["status"].as_str()), (202, Some(status)));
        assert!(reply.header("retry-after").unwrap().parse::<u32>().unwrap() >= 1);
        assert_eq!((reply.header("cache-control"), reply.header("etag")), (Some("no-store"), None));
    }
}

#[tokio::test]
async fn a_newer_version_on_its_way_hides_the_older_ones_variants() {
    let mut item = ready();
    item["status"] = json!("processing");
    let reply = send(&holds(&item), get()).await;
    assert_eq!((reply.status, reply.json().get("variants")), (202, None));
}

#[tokio::test]
async fn r14_an_image_that_did_not_become_one_says_why() {
    for (status, code, message) in [
        ("rejected", "Image.Unsupported", "The file is not a picture in a format that Darkroom reads."),
        ("failed", "States.Timeout", "Something went wrong inside Darkroom."),
    ] {
        let reply = send(&holds(&ended(status, code)), get()).await;
        assert_eq!((reply.status, reply.json()["status"].as_str()), (200, Some(status)));
        let outcome = json!({
            "code": code,
            "message": message,
            "stage": "validate",
            "execution": format!("{IMAGE}-0123456789abcdef"),
            "docs": format!("docs/ERRORS.md#{code}"),
        });
        assert_eq!(reply.json()["outcome"], outcome);
    }
}

#[tokio::test]
async fn r39_an_answer_that_the_client_has_is_not_sent_again() {
    let first = send(&holds(&ready()), get()).await;
    let etag = first.header("etag").unwrap().to_owned();
    assert_eq!(first.header("cache-control"), Some("private, no-cache"));

    // Four minutes later the links are the same, and so is the answer.
    let later = |minutes: i64| {
        get().event(move |event| event["requestContext"]["requestTimeEpoch"] = json!(ARRIVED + minutes * 60_000))
    };
    let again = send(&holds(&ready()), later(4).header("if-none-match", &format!("W/{etag}"))).await;
    assert_eq!((again.status, again.body.as_str(), again.header("etag")), (304, "", Some(etag.as_str())));
    assert_eq!(again.header("cache-control"), Some("private, no-cache"));

    let fresh_links = send(&holds(&ready()), later(5).header("if-none-match", &etag)).await;
    assert_eq!(fresh_links.status, 200);
    let mut changed = ready();
    changed["updated_at"] = json!("2026-01-31T13:00:00Z");
    assert_eq!(send(&holds(&changed), get().header("if-none-match", &etag)).await.status, 200);
    assert_eq!(
        send(&holds(&ready()), get().query("size", &["small"]).header("if-none-match", &etag)).await.status,
        200
    );
}

#[tokio::test]
async fn r33_what_is_not_theirs_does_not_exist() {
    // The key names the owner, so for anybody else the table has nothing to return.
    let rule = mock!(aws_sdk_dynamodb::Client::get_item)
        .match_requests(|call| call.key().unwrap()["pk"] == AttributeValue::S("USER#somebody-else".into()))
        .then_output(|| GetItemOutput::builder().build());
    let stranger = get().claims(&json!({ "sub": "somebody-else", "token_use": "id", "aud": CLIENT_ID }));
    let theirs = send(&rule, stranger).await;
    assert_eq!((theirs.problem(), rule.num_calls()), ((404, "Request.NotFound".into()), 1));
    let nobodys = send(&holds_nothing(), get()).await;
    assert_eq!(theirs.body, nobodys.body);
}

#[tokio::test]
async fn r33_nobody_sees_anything_without_signing_in() {
    let rule = holds(&ready());
    let unsigned = Call::new("GET", "/image/{image_id}").path("image_id", IMAGE);
    assert_eq!(send(&rule, unsigned).await.problem(), (401, "Auth.Unauthorized".into()));
    let access_token = get().claims(&json!({ "sub": OWNER, "token_use": "access", "client_id": CLIENT_ID }));
    assert_eq!(send(&rule, access_token).await.problem(), (401, "Auth.Unauthorized".into()));
    assert_eq!(rule.num_calls(), 0);
}

#[tokio::test]
async fn what_is_no_id_is_not_found_without_asking_the_table() {
    for id in ["", "x", "../../etc", "0198C7B2-5A51-7C3E-9F0E-2B1D4C6A8E10", "0198c7b25a517c3e9f0e2b1d4c6a8e10"] {
        let rule = holds(&ready());
        let reply = send(&rule, get().path("image_id", id)).await;
        assert_eq!((reply.problem(), rule.num_calls()), ((404, "Request.NotFound".into()), 0), "{id}");
    }
}

#[tokio::test]
async fn a_ticket_that_nobody_used_is_forgotten_on_time() {
    for (seconds, status) in [(1, 202), (0, 404), (-1, 404)] {
        let mut item = record("awaiting_upload");
        item["expires_at"] = json!(ARRIVED / 1000 + seconds);
        assert_eq!(send(&holds(&item), get()).await.status, status, "{seconds}");
    }
}

#[tokio::test]
async fn a_record_that_nobody_writes_is_named() {
    let mut item = record("ready");
    item["status"] = json!("unheard-of");
    assert_eq!(send(&holds(&item), get()).await.problem(), (500, "Worker.BadInput".into()));
}

#[tokio::test]
async fn a_table_that_is_busy_can_be_asked_again() {
    let busy = mock!(aws_sdk_dynamodb::Client::get_item).then_http_response(|| {
        let body = json!({ "__type": "com.amazonaws.dynamodb.v20120810#ThrottlingException" });
        HttpResponse::new(400.try_into().expect("a status"), SdkBody::from(body.to_string()))
    });
    let reply = send(&busy, get()).await;
    assert_eq!(reply.problem(), (503, "Transient.Unavailable".into()));
    assert!(reply.header("retry-after").is_some());
}

#[tokio::test]
async fn other_routes_do_not_exist() {
    let rule = holds(&ready());
    for (method, route) in [("POST", "/image/{image_id}"), ("GET", "/images")] {
        let reply = send(&rule, Call::new(method, route).signed_in().path("image_id", IMAGE)).await;
        assert_eq!(reply.problem(), (404, "Request.NotFound".into()));
    }
    assert_eq!(rule.num_calls(), 0);
}

#[test]
fn r32_links_are_good_for_ten_to_fifteen_minutes() {
    for second in 0..1000 {
        let now = OffsetDateTime::from_unix_timestamp(ARRIVED / 1000 + second).unwrap();
        let left = (lifetime(now).end() - now).whole_seconds();
        assert!((600..=900).contains(&left), "{left}");
        assert!(lifetime(now).from <= now);
    }
}
