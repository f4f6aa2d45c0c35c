use super::Upload;
use crate::ticket::Signer;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::transact_write_items::{TransactWriteItemsError, TransactWriteItemsOutput};
use aws_sdk_dynamodb::types::error::TransactionCanceledException;
use aws_sdk_dynamodb::types::{AttributeValue, CancellationReason, TransactWriteItem};
use aws_sdk_s3::config::{Credentials, SharedCredentialsProvider};
use darkroom_aws::forms::FormSigner;
use darkroom_aws::table::Table;
use darkroom_mocks::{Rule, RuleMode, mock, mock_client};
use darkroom_runtime::api::testing::{CLIENT_ID, Call, OWNER, Reply};
use serde_json::{Value, json};
use std::collections::HashMap;

mod account;
mod batch;
mod renewal;
mod ticket;
mod twice;

const KEY_ARN: &str = "arn:aws:kms:eu-central-1:000000000000:key/1";
const ALBUM: &str = "0198c7b2-5a51-7c3e-9f0e-2b1d4c6a8e10";
/// SHA-256 of "test", in hex and in base64.
const DIGEST: (&str, &str) = (
    "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=",
);

/// The client as production builds it, with made-up keys and no network, which signing does not need.
fn sdk() -> SdkConfig {
    let keys = Credentials::new("key", "secret", Some("session".into()), None, "tests");
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("eu-central-1"))
        .credentials_provider(SharedCredentialsProvider::new(keys))
        .build()
}

/// A table that answers by these rules, in this order.
async fn send(rules: &[&Rule], call: Call) -> Reply {
    let upload = Upload {
        table: Table::new(mock_client!(aws_sdk_dynamodb, RuleMode::Sequential, rules), "images"),
        signer: Signer {
            puts: darkroom_aws::s3(&sdk()),
            forms: FormSigner::of(&sdk()).expect("credentials and a region"),
            bucket: "originals".into(),
            kms_key_arn: KEY_ARN.into(),
        },
        client_id: CLIENT_ID.into(),
    };
    call.send(async |request| upload.handle(request).await).await
}

/// A table that takes writes whose condition holds.
fn takes(fits: impl Fn(&[TransactWriteItem]) -> bool + Send + Sync + 'static) -> Rule {
    mock!(Client::transact_write_items)
        .match_requests(move |call| fits(call.transact_items()))
        .then_output(|| TransactWriteItemsOutput::builder().build())
}

fn accepts() -> Rule {
    takes(|_| true)
}

/// A table that refuses for these reasons, one for each write.
fn refuses(reasons: Vec<CancellationReason>) -> Rule {
    mock!(Client::transact_write_items).then_error(move || {
        let refused = TransactionCanceledException::builder().set_cancellation_reasons(Some(reasons.clone()));
        TransactWriteItemsError::TransactionCanceledException(refused.build())
    })
}

fn reason(code: &str) -> CancellationReason {
    CancellationReason::builder().code(code).build()
}

/// The refusal of a write whose condition did not hold on this item.
fn unmet(item: Vec<(&str, AttributeValue)>) -> CancellationReason {
    let item = item.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    CancellationReason::builder().code("ConditionalCheckFailed").set_item(Some(item)).build()
}

fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.into())
}

fn number(value: u64) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

/// The item of the write whose `sk` begins so.
fn put<'a>(writes: &'a [TransactWriteItem], sk: &str) -> Option<&'a HashMap<String, AttributeValue>> {
    let mut items = writes.iter().filter_map(|write| Some(write.put()?.item()));
    items.find(|item| item["sk"].as_s().is_ok_and(|found| found.starts_with(sk)))
}

fn wanted() -> Value {
    json!({ "filename": "Sünset 🌅.jpg", "content_type": "image/jpeg", "size_bytes": 4, "sha256": DIGEST.0 })
}

fn with(name: &str, value: Value) -> Value {
    let mut body = wanted();
    body[name] = value;
    body
}

fn without(name: &str) -> Value {
    let mut body = wanted();
    body.as_object_mut().expect("an object").remove(name);
    body
}

fn post(body: &Value) -> Call {
    Call::new("POST", "/upload").signed_in().json(body)
}

#[tokio::test]
async fn r33_every_route_needs_a_sign_in() {
    let rule = accepts();
    for (method, route) in [
        ("POST", "/upload"),
        ("POST", "/uploads"),
        ("POST", "/upload/{image_id}"),
        ("GET", "/s3/params"),
        ("GET", "/me"),
        ("PUT", "/me"),
    ] {
        for claims in [json!({}), json!({ "sub": OWNER, "token_use": "access", "client_id": CLIENT_ID })] {
            let reply = send(&[&rule], Call::new(method, route).json(&wanted()).claims(&claims)).await;
            assert_eq!(reply.problem(), (401, "Auth.Unauthorized".into()), "{method} {route}");
        }
        assert_eq!(send(&[&rule], Call::new(method, route).json(&wanted())).await.status, 401);
    }
    assert_eq!(rule.num_calls(), 0);
}

#[tokio::test]
async fn other_routes_do_not_exist() {
    let rule = accepts();
    for (method, route) in [("GET", "/upload"), ("POST", "/me"), ("GET", "/uploads")] {
        let reply = send(&[&rule], Call::new(method, route).signed_in().json(&wanted())).await;
        assert_eq!(reply.problem(), (404, "Request.NotFound".into()));
    }
    assert_eq!(rule.num_calls(), 0);
}
