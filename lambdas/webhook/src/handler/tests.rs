//! The routes and the queue, against mocks of a table, a queue and a KMS, and a made-up receiver.

mod delivery;
mod routes;

use super::*;
use aws_lambda_events::sqs::SqsBatchResponse;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::get_item::GetItemOutput;
use aws_sdk_dynamodb::operation::update_item::UpdateItemOutput;
use aws_sdk_dynamodb::types::AttributeValue;
use aws_sdk_kms::operation::generate_mac::GenerateMacOutput;
use aws_sdk_kms::primitives::Blob;
use aws_sdk_sqs::operation::change_message_visibility::ChangeMessageVisibilityOutput;
use darkroom_aws::table::Table;
use darkroom_domain::delivery::Delivery;
use darkroom_domain::token::{MacKey, Purpose};
use darkroom_mocks::{Rule, RuleMode, mock, mock_client};
use darkroom_runtime::api::testing::{CLIENT_ID, Call, OWNER, Reply};
use lambda_runtime::{Context, LambdaEvent};
use serde_json::Value;
use std::collections::HashMap;
use std::sync::Mutex;
use time::macros::datetime;

const URL: &str = "https://hooks.example.com/darkroom?key=s3cret";
const IMAGE: &str = "0198c7b2-5a51-7c3e-9f0e-2b1d4c6a8e10";
const NOW: OffsetDateTime = datetime!(2026-02-01 12:00:00 UTC);

type Item = HashMap<String, AttributeValue>;

/// A receiver with prepared answers, which keeps the requests.
struct Receiver {
    answer: Result<u16, Refusal>,
    heard: Mutex<Vec<(String, SignedEvent)>>,
}

impl Post for Receiver {
    fn post(&self, to: &Destination, signed: &SignedEvent) -> Result<u16, Refusal> {
        self.heard.lock().unwrap().push((to.url().to_owned(), signed.clone()));
        self.answer
    }
}

/// Everything around the function.
struct World {
    webhooks: Webhooks<Table, aws_sdk_sqs::Client, aws_sdk_kms::Client, Receiver>,
    kms: Rule,
    change_visibility: Rule,
    remembered: Remembered,
}

/// The attempts that the table was told.
type Remembered = Arc<Mutex<Vec<AttributeValue>>>;

impl World {
    /// A table that answers by these rules, in this order, and then remembers an attempt.
    fn new(table: &[&Rule], answer: Result<u16, Refusal>) -> Self {
        let remembered = Remembered::default();
        let remembers = remembers(remembered.clone());
        let table: Vec<_> = table.iter().copied().chain([&remembers]).collect();
        let kms = mock!(aws_sdk_kms::Client::generate_mac)
            .match_requests(|call| call.message() == Some(&Blob::new("darkroom webhook v1")))
            .then_output(|| GenerateMacOutput::builder().mac(Blob::new([7; 32])).build());
        let change_visibility = mock!(aws_sdk_sqs::Client::change_message_visibility)
            .match_requests(|call| {
                let seconds = call.visibility_timeout().unwrap();
                call.queue_url() == Some("queue")
                    && call.receipt_handle() == Some("receipt")
                    && (5..=6).contains(&seconds)
            })
            .then_output(|| ChangeMessageVisibilityOutput::builder().build());
        let webhooks = Webhooks {
            table: Table::new(mock_client!(aws_sdk_dynamodb, RuleMode::Sequential, table), "images"),
            queue: mock_client!(aws_sdk_sqs, RuleMode::MatchAny, [&change_visibility]),
            key: DerivedKey::new(mock_client!(aws_sdk_kms, RuleMode::MatchAny, [&kms]), "arn:key", Purpose::Webhook),
            post: Arc::new(Receiver { answer, heard: Mutex::default() }),
            trusted: Trusted::default(),
            queue_url: "queue".into(),
            client_id: CLIENT_ID.into(),
        };
        Self { webhooks, kms, change_visibility, remembered }
    }

    async fn send(&self, call: Call) -> Reply {
        call.send(async |request: &Request| self.webhooks.handle(request).await).await
    }

    fn heard(&self) -> Vec<(String, SignedEvent)> {
        self.webhooks.post.heard.lock().unwrap().clone()
    }

    /// The attempt that was remembered, as the API shows it.
    fn attempt(&self) -> Option<Value> {
        let attempts = self.remembered.lock().unwrap();
        assert!(attempts.len() <= 1);
        let AttributeValue::L(one) = attempts.first()? else { panic!("a list of one") };
        let attempt: Delivery = serde_dynamo::from_attribute_value(one[0].clone()).unwrap();
        Some(serde_json::to_value(attempt).unwrap())
    }

    fn made_no_call(&self) -> bool {
        self.heard().is_empty() && self.kms.num_calls() == 0 && self.change_visibility.num_calls() == 0
    }
}

fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.into())
}

/// The webhook of the tests' user, with these further attributes.
fn item(more: &[(&str, &str)]) -> Item {
    let base = [
        ("pk", &*format!("USER#{OWNER}")),
        ("sk", "WEBHOOK"),
        ("url", URL),
        ("created_at", "2026-01-01T00:00:00Z"),
        ("updated_at", "2026-01-02T00:00:00Z"),
    ]
    .map(|(name, value)| (name.to_owned(), text(value)));
    let more = more.iter().map(|(name, value)| ((*name).to_owned(), text(value)));
    let made = ("secret_made".to_owned(), AttributeValue::N("1767225600000".into()));
    base.into_iter().chain(more).chain([made]).collect()
}

fn finds(item: Option<Item>) -> Rule {
    mock!(Client::get_item)
        .match_requests(|call| {
            let key = call.key().expect("a key");
            key["pk"] == text(&format!("USER#{OWNER}")) && key["sk"] == text("WEBHOOK")
        })
        .then_output(move || GetItemOutput::builder().set_item(item.clone()).build())
}

/// A table that takes an update with this expression.
fn notes(expression: &'static str) -> Rule {
    mock!(Client::update_item)
        .match_requests(move |call| call.update_expression().is_some_and(|said| said.contains(expression)))
        .then_output(|| UpdateItemOutput::builder().set_attributes(Some(item(&[]))).build())
}

fn remembers(remembered: Remembered) -> Rule {
    mock!(Client::update_item)
        .match_requests(move |call| {
            let key = call.key().expect("a key");
            let is_it =
                key["pk"] == text(&format!("USER#{OWNER}")) && key["sk"] == text(&format!("DELIVERIES#{IMAGE}"));
            if is_it {
                remembered.lock().unwrap().push(call.expression_attribute_values().unwrap()[":one"].clone());
            }
            is_it
        })
        .then_output(|| UpdateItemOutput::builder().build())
}

fn owner() -> OwnerId {
    OwnerId::parse(OWNER).unwrap()
}

/// The secret of the tests' webhook.
fn secret() -> Secret {
    let webhook = serde_json::json!({
        "url": URL, "created_at": "", "updated_at": "", "secret_made": 1_767_225_600_000_i64,
    });
    Secret::of(&MacKey::new([7; 32]), &owner(), &serde_json::from_value(webhook).unwrap())
}
