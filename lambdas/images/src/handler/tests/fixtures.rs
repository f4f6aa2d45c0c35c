//! A table and a storage that answer as told, and fail on every other call.

use crate::handler::Images;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_dynamodb::operation::batch_get_item::BatchGetItemOutput;
use aws_sdk_dynamodb::operation::get_item::GetItemOutput;
use aws_sdk_dynamodb::operation::query::QueryOutput;
use aws_sdk_dynamodb::types::AttributeValue;
use aws_sdk_kms::operation::generate_mac::GenerateMacOutput;
use aws_sdk_s3::config::{Credentials, SharedCredentialsProvider};
use aws_smithy_types::Blob;
use darkroom_aws::derived_key::DerivedKey;
use darkroom_aws::table::Table;
use darkroom_domain::id::ImageId;
use darkroom_domain::shard::Shard;
use darkroom_domain::token::Purpose;
use darkroom_gallery::show::{SIZES, Showcase};
use darkroom_mocks::{Rule, RuleMode, mock, mock_client};
use darkroom_runtime::api::testing::{CLIENT_ID, Call, OWNER, Reply};
use serde_json::{Value, json};
use std::collections::HashMap;

pub const IMAGE: &str = "0198c7b2-5a51-7c3e-9f0e-2b1d4c6a8e10";
pub const ALBUM: &str = "0198c7b2-6b62-7d4f-8a1f-3c2e5d7b9f21";

/// The client as production builds it, with made-up keys and no network, which signing does not need.
pub fn signer() -> aws_sdk_s3::Client {
    let keys = Credentials::new("key", "secret", Some("session".into()), None, "tests");
    let config = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("eu-central-1"))
        .credentials_provider(SharedCredentialsProvider::new(keys))
        .build();
    darkroom_aws::s3(&config)
}

/// A table that holds this item, and is asked for it by its owner's key.
pub fn holds(item: &Value) -> Rule {
    let item = attributes(item);
    mock!(aws_sdk_dynamodb::Client::get_item)
        .match_requests(|call| {
            let key = call.key().expect("a key");
            call.table_name() == Some("images")
                && call.consistent_read() == Some(true)
                && key["pk"] == text(&format!("USER#{OWNER}"))
                && key["sk"] == text(&format!("IMAGE#{IMAGE}"))
        })
        .then_output(move || GetItemOutput::builder().set_item(Some(item.clone())).build())
}

/// A table that holds these items of the owner, and is asked for some of them at once.
pub fn holds_many(items: &[Value]) -> Rule {
    let items: Vec<_> = items.iter().map(attributes).collect();
    mock!(aws_sdk_dynamodb::Client::batch_get_item).then_compute_output(move |call| {
        let asked = call.request_items().expect("items")["images"].keys();
        assert!(!asked.is_empty() && asked.len() <= 100, "what the table takes");
        let is_asked =
            |item: &&HashMap<_, _>| asked.iter().any(|key| key["pk"] == item["pk"] && key["sk"] == item["sk"]);
        // DynamoDB returns them in any order.
        let found = items.iter().rev().filter(is_asked).cloned().collect();
        BatchGetItemOutput::builder().responses("images", found).build()
    })
}

pub fn holds_nothing() -> Rule {
    mock!(aws_sdk_dynamodb::Client::get_item).then_output(|| GetItemOutput::builder().build())
}

/// A table that holds the album, as its owner's.
pub fn has_album() -> Rule {
    holds_album(&json!({}))
}

/// A table that holds the album with these further attributes.
pub fn holds_album(more: &Value) -> Rule {
    let mut album = json!({
        "id": ALBUM, "owner_id": OWNER, "title": "Lake", "seen_by": "link",
        "created_at": "2026-01-31T12:00:00Z", "updated_at": "2026-01-31T12:00:00Z",
    });
    album.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    let item = attributes(&album);
    mock!(aws_sdk_dynamodb::Client::get_item)
        .match_requests(|call| {
            let key = call.key().expect("a key");
            key["pk"] == text(&format!("USER#{OWNER}")) && key["sk"] == text(&format!("ALBUM#{ALBUM}"))
        })
        .then_output(move || GetItemOutput::builder().set_item(Some(item.clone())).build())
}

/// The index of public images does not hold [`IMAGE`].
pub fn nothing_public() -> Rule {
    shows_publicly(&[])
}

/// The index of public images holds these items under the id of [`IMAGE`].
pub fn shows_publicly(items: &[Value]) -> Rule {
    let items: Vec<_> = items.iter().map(attributes).collect();
    mock!(aws_sdk_dynamodb::Client::query)
        .match_requests(|call| {
            let values = call.expression_attribute_values().expect("values");
            call.index_name() == Some("public")
                && call.key_condition_expression() == Some("public_shard = :shard AND ready_id = :image")
                && values[":shard"] == text(&shard(IMAGE))
                && values[":image"] == text(IMAGE)
        })
        .then_output(move || QueryOutput::builder().set_items(Some(items.clone())).build())
}

/// The shard of a public image.
pub fn shard(image: &str) -> String {
    Shard::of(ImageId::parse(image).expect("an id")).to_string()
}

/// The part of a record that the index of public images has; none if the record is not ready or not public.
pub fn in_public_index(item: &Value) -> Option<Value> {
    let fields = item.as_object().expect("an object");
    let keys = ["public_shard", "ready_id"];
    keys.iter().all(|key| fields.contains_key(*key)).then(|| {
        let shown = |name: &&String| !["object_key", "version_id", "sequencer", "outcome"].contains(&name.as_str());
        fields.iter().filter(|(name, _)| shown(name)).map(|(name, value)| (name.clone(), value.clone())).collect()
    })
}

/// The item as the table has it: the record, its key, and other functions' attributes.
pub fn attributes(record: &Value) -> HashMap<String, AttributeValue> {
    fn attribute(value: &Value) -> AttributeValue {
        match value {
            Value::String(text) => AttributeValue::S(text.clone()),
            Value::Bool(yes) => AttributeValue::Bool(*yes),
            Value::Number(number) => AttributeValue::N(number.to_string()),
            Value::Array(items) => AttributeValue::L(items.iter().map(attribute).collect()),
            Value::Object(fields) => AttributeValue::M(fields.iter().map(|(k, v)| (k.clone(), attribute(v))).collect()),
            Value::Null => panic!("no record has a null"),
        }
    }
    record.as_object().expect("an object").iter().map(|(name, value)| (name.clone(), attribute(value))).collect()
}

pub fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.into())
}

pub fn record(status: &str) -> Value {
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

pub fn ready() -> Value {
    let mut ready = record("ready");
    ready["ready_id"] = json!(IMAGE);
    ready["version_id"] = json!("v1");
    ready["execution"] = json!(format!("{IMAGE}-0123456789abcdef"));
    ready["outcome"] = json!({ "outcome": "ready", "execution": format!("{IMAGE}-0123456789abcdef") });
    ready["source"] = json!({ "format": "png", "width": 40, "height": 30, "orientation": 1, "bytes": 4 });
    ready["facts"] =
        json!({ "sha256": "00ff", "thumbhash": "AA==", "dominant_color": "#112233", "phash": "0f0f0f0f0f0f0f0f" });
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

/// The same, with a WebP beside each JPEG, and an AVIF beside the small one.
pub fn ready_in_formats() -> Value {
    let mut ready = ready();
    let formats = |name: &str| if name == "small" { vec!["avif", "webp"] } else { vec!["webp"] };
    for name in SIZES.iter() {
        let file = |format: &&str| {
            let key = format!("variants/{IMAGE}/0123456789abcdef/{name}.{format}");
            json!({ "key": key, "bytes": 55, "content_type": format!("image/{format}") })
        };
        ready["variants"][name]["alternatives"] = formats(name).iter().map(file).collect();
    }
    ready
}

/// Another owner's public image.
pub fn strangers_public() -> Value {
    let mut public = ready();
    public["pk"] = json!("USER#a-stranger");
    public["owner_id"] = json!("a-stranger");
    public["visibility"] = json!("public");
    public["public_shard"] = json!(shard(IMAGE));
    public["caption"] = json!("Look!");
    public["album_id"] = json!(ALBUM);
    public
}

/// An image with an id of about this millisecond of the year 2026.
pub fn made_at(millis: u128, item: Value) -> Value {
    let id = uuid(millis);
    let mut item = item;
    item["image_id"] = json!(id);
    item["sk"] = json!(format!("IMAGE#{id}"));
    for (name, value) in [("ready_id", id.clone()), ("public_shard", shard(&id))] {
        if item.get(name).is_some() {
            item[name] = json!(value);
        }
    }
    item
}

pub fn uuid(millis: u128) -> String {
    // The random part changes with the time, so neighbours are in different shards.
    ImageId::from_number(((1_769_860_000_000 + millis) << 80) | (7 << 76) | (0x8 << 60) | (millis % 7)).to_string()
}

pub fn ended(status: &str, code: &str) -> Value {
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

pub fn call(method: &str, route: &str) -> Call {
    Call::new(method, route).signed_in().path("image_id", IMAGE)
}

pub fn stranger() -> Value {
    json!({ "sub": "somebody-else", "token_use": "id", "aud": CLIENT_ID })
}

/// A KMS that answers.
pub fn kms() -> aws_sdk_kms::Client {
    let mac = mock!(aws_sdk_kms::Client::generate_mac)
        .then_output(|| GenerateMacOutput::builder().mac(Blob::new([3; 32])).build());
    mock_client!(aws_sdk_kms, RuleMode::MatchAny, [&mac])
}

pub async fn send(rule: &Rule, call: Call) -> Reply {
    send_to(&[rule, &nothing_public()], signer(), call).await
}

/// A table where these users list their profiles under these names, and others do not.
pub fn lists(listed: &[(&'static str, &'static str)]) -> Rule {
    let listed = listed.to_vec();
    mock!(aws_sdk_dynamodb::Client::batch_get_item)
        .match_requests(|call| {
            let asked = call.request_items().expect("items")["images"].keys();
            (1..=100).contains(&asked.len()) && asked.iter().all(|key| key["sk"] == text("PROFILE"))
        })
        .then_compute_output(move |call| {
            let profile = |key: &HashMap<String, AttributeValue>| {
                let owner = key["pk"].as_s().expect("text").strip_prefix("USER#").expect("a user").to_owned();
                let name = listed.iter().find(|(known, _)| *known == owner).map(|(_, name)| *name);
                let hidden = json!({ "pk": key["pk"].as_s().expect("text"), "display_name": "Hidden" });
                let shown = name.map(|name| json!({ "pk": hidden["pk"], "display_name": name, "listed": true }));
                attributes(&shown.unwrap_or(hidden))
            };
            let asked = call.request_items().expect("items")["images"].keys();
            BatchGetItemOutput::builder().responses("images", asked.iter().map(profile).collect()).build()
        })
}

/// No profile is listed, unless a rule says so.
pub async fn send_to(table: &[&Rule], objects: aws_sdk_s3::Client, call: Call) -> Reply {
    let nobody = lists(&[]);
    let table: Vec<&Rule> = table.iter().copied().chain([&nobody]).collect();
    let images = Images {
        table: Table::new(mock_client!(aws_sdk_dynamodb, RuleMode::MatchAny, &table[..]), "images"),
        showcase: Showcase {
            objects,
            images_bucket: "pictures".into(),
            originals_bucket: Some("originals".into()),
            docs_url: "docs/ERRORS.md".into(),
        },
        cursors: DerivedKey::new(kms(), "arn:key", Purpose::Cursor),
        originals_bucket: "originals".into(),
        client_id: CLIENT_ID.into(),
    };
    call.send(async |request| images.handle(request).await).await
}
