//! A ticket's content, its signature, and the record that it leaves.

use super::*;
use aws_sdk_dynamodb::config::http::HttpResponse;
use aws_smithy_types::body::SdkBody;
use darkroom_domain::id::ImageId;
use darkroom_domain::settings::LIMITS;
use darkroom_domain::shard::Shard;
use darkroom_runtime::api::testing::ARRIVED;
use std::collections::{BTreeMap, BTreeSet};

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
    let reply = send(&[&accepts()], post(&wanted())).await;
    let ticket = reply.json();
    let image = ticket["image_id"].as_str().unwrap();
    assert!(ImageId::parse(image).is_ok());
    assert_eq!((reply.status, reply.header("location")), (201, Some(format!("image/{image}").as_str())));
    assert_eq!(ticket["status_url"], format!("image/{image}"));
    assert_eq!(ticket["upload"]["method"], "PUT");
    assert_eq!(ticket["upload"]["expires_at"], "2026-01-31T12:15:07.250Z");
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
    let ticket = send(&[&accepts()], post(&wanted())).await.json();
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
    let ticket = send(&[&accepts()], post(&without("sha256"))).await.json();
    let signed = signed_headers(ticket["upload"]["url"].as_str().unwrap());
    assert!(!signed.iter().any(|name| name.contains("checksum")), "{signed:?}");
    assert!(signed.contains("content-length") && signed.contains("if-none-match"), "{signed:?}");
}

#[tokio::test]
async fn r31_the_server_chooses_the_key() {
    let ticket = send(&[&accepts()], post(&wanted())).await.json();
    let url = ticket["upload"]["url"].as_str().unwrap();
    let path = format!("/uploads/{OWNER}/{}", ticket["image_id"].as_str().unwrap());
    let (address, _) = url.split_once('?').unwrap();
    assert_eq!(address, format!("https://originals.s3.eu-central-1.amazonaws.com{path}"));
}

#[tokio::test]
async fn r30_without_a_size_the_ticket_is_a_form() {
    let rule = takes(|writes| {
        let counted = writes.iter().find_map(TransactWriteItem::update).expect("a count");
        let values = counted.expression_attribute_values().expect("values");
        values[":bytes"] == number(LIMITS.max_bytes) && !put(writes, "IMAGE#").unwrap().contains_key("size_bytes")
    });
    let body = json!({ "filename": "a.png", "content_type": "image/png" });
    let ticket = send(&[&rule], post(&body)).await.json();
    let upload = &ticket["upload"];
    assert_eq!((&upload["method"], &upload["headers"]), (&json!("POST"), &json!({})));
    assert_eq!(upload["url"], "https://originals.s3.eu-central-1.amazonaws.com");
    assert_eq!(upload["expires_at"], "2026-01-31T12:15:07.250Z");
    assert_eq!(upload["fields"]["content-type"], "image/png");
    assert_eq!(upload["fields"]["key"], format!("uploads/{OWNER}/{}", ticket["image_id"].as_str().unwrap()));
}

#[tokio::test]
async fn uppy_is_answered_as_it_expects() {
    let call = Call::new("GET", "/s3/params").signed_in();
    let call = call.event(|event| {
        let query = json!({ "filename": ["Sünset.png"], "type": ["image/png"], "metadata[name]": ["Sünset.png"] });
        event["multiValueQueryStringParameters"] = query;
    });
    let rule = takes(|writes| put(writes, "IMAGE#").unwrap()["filename"] == text("Sünset.png"));
    let reply = send(&[&rule], call).await;
    let answer = reply.json();
    assert_eq!((reply.status, reply.header("cache-control")), (200, Some("no-store")));
    assert_eq!((&answer["method"], &answer["expires"]), (&json!("POST"), &json!(900)));
    assert_eq!(answer["fields"]["key"], format!("uploads/{OWNER}/{}", answer["image_id"].as_str().unwrap()));
    assert_eq!(answer["fields"]["success_action_status"], "201");
}

#[tokio::test]
async fn uppy_too_must_say_what_it_uploads() {
    let rule = accepts();
    let call = Call::new("GET", "/s3/params").signed_in().query("type", &["text/html"]);
    let reply = send(&[&rule], call).await;
    assert_eq!((reply.problem().0, reply.fields()), (400, vec!["filename".into(), "type".into()]));
    assert_eq!(rule.num_calls(), 0);
}

#[tokio::test]
async fn the_record_awaits_the_upload() {
    let rule = takes(|writes| {
        let item = put(writes, "IMAGE#").expect("a record");
        let said = |name: &str| item[name].as_s().map(String::as_str).unwrap_or_default();
        let image = ImageId::parse(said("image_id")).expect("an id");
        let record = writes.iter().find_map(|write| write.put()).expect("a put");
        record.table_name() == "images"
            && record.condition_expression() == Some("attribute_not_exists(pk)")
            && said("pk") == format!("USER#{OWNER}")
            && said("sk") == format!("IMAGE#{image}")
            && said("owner_id") == OWNER
            && said("status") == "awaiting_upload"
            && said("filename") == "Sünset 🌅.jpg"
            && said("content_type") == "image/jpeg"
            && said("sha256") == DIGEST.0
            && said("object_key") == format!("uploads/{OWNER}/{image}")
            && said("created_at") == "2026-01-31T12:00:07.250Z"
            && said("unfinished") == Shard::of(image).to_string()
            && item["size_bytes"] == number(4)
            && *item["awaited_until"].as_n().unwrap() == (ARRIVED / 1000 + 86_400).to_string()
            && *item["expires_at"].as_n().unwrap() == (ARRIVED / 1000 + 2_592_000).to_string()
            && ["version_id", "sequencer", "album_id", "visibility"].iter().all(|name| !item.contains_key(*name))
            && writes.len() == 2
    });
    assert_eq!(send(&[&rule], post(&wanted())).await.status, 201);
    assert_eq!(rule.num_calls(), 1);
}

#[tokio::test]
async fn a_photo_may_go_into_an_album_and_to_everybody() {
    let rule = takes(|writes| {
        let item = put(writes, "IMAGE#").expect("a record");
        let album = writes.iter().find_map(TransactWriteItem::condition_check).expect("a look at the album");
        item["album_id"] == text(ALBUM)
            && item["visibility"] == text("public")
            && item["public_shard"]
                == text(&Shard::of(ImageId::parse(item["image_id"].as_s().unwrap()).unwrap()).to_string())
            && !item.contains_key("ready_id")
            && album.key()["pk"] == text(&format!("USER#{OWNER}"))
            && album.key()["sk"] == text(&format!("ALBUM#{ALBUM}"))
            && album.condition_expression().starts_with("attribute_exists(pk)")
    });
    let mut body = with("album_id", ALBUM.into());
    body["visibility"] = "public".into();
    assert_eq!(send(&[&rule], post(&body)).await.status, 201);

    let rule = takes(|writes| {
        let item = put(writes, "IMAGE#").unwrap();
        !item.contains_key("visibility") && !item.contains_key("public_shard")
    });
    assert_eq!(send(&[&rule], post(&with("visibility", "private".into()))).await.status, 201);
}

#[tokio::test]
async fn r33_an_album_of_others_is_no_album() {
    let rule = refuses(vec![unmet(vec![]), reason("None"), reason("None")]);
    let reply = send(&[&rule], post(&with("album_id", ALBUM.into()))).await;
    assert_eq!((reply.problem().0, reply.fields()), (400, vec!["album_id".into()]));
}

#[tokio::test]
async fn r32_the_ticket_as_a_curl_configuration() {
    let reply = send(&[&accepts()], post(&wanted()).header("accept", "text/x-curl")).await;
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
        (with("size_bytes", json!(null)), "size_bytes"),
        (with("size_bytes", json!(LIMITS.max_bytes + 1)), "size_bytes"),
        (without("size_bytes"), "size_bytes"),
        (with("sha256", json!("n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=")), "sha256"),
        (with("sha256", json!("")), "sha256"),
        (with("album_id", json!("holidays")), "album_id"),
        (with("visibility", json!("friends")), "visibility"),
        (with("key", json!("uploads/other/x")), "key"),
        (without("filename"), "filename"),
    ] {
        let rule = accepts();
        let reply = send(&[&rule], post(&body)).await;
        assert_eq!(reply.problem(), (400, "Request.Invalid".into()), "{body}");
        assert_eq!(reply.fields(), [field], "{body}");
        assert_eq!(rule.num_calls(), 0, "{body}");
    }
}

#[tokio::test]
async fn curl_needs_a_size() {
    let body = json!({ "filename": "a.png", "content_type": "image/png" });
    let reply = send(&[], post(&body).header("accept", "text/x-curl")).await;
    assert_eq!((reply.problem().0, reply.fields()), (400, vec!["size_bytes".into()]));
}

#[tokio::test]
async fn the_limits_themselves_are_allowed() {
    for size in [1, LIMITS.max_bytes] {
        let body = json!({ "filename": "x".repeat(255), "content_type": "image/png", "size_bytes": size });
        assert_eq!(send(&[&accepts()], post(&body)).await.status, 201, "{size}");
    }
}

#[tokio::test]
async fn a_table_that_is_busy_gives_no_ticket() {
    let busy = mock!(Client::transact_write_items).then_http_response(|| {
        let body = json!({ "__type": "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException" });
        HttpResponse::new(400.try_into().expect("a status"), SdkBody::from(body.to_string()))
    });
    let reply = send(&[&busy], post(&wanted())).await;
    assert_eq!(reply.problem(), (503, "Transient.Unavailable".into()));
    assert!(!reply.body.contains("X-Amz-Signature"), "{}", reply.body);
}
