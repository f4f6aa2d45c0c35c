use super::*;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::get_item::GetItemOutput;
use aws_sdk_dynamodb::operation::query::QueryOutput;
use aws_sdk_dynamodb::operation::scan::{ScanError, ScanOutput};
use aws_sdk_dynamodb::operation::update_item::UpdateItemOutput;
use aws_sdk_dynamodb::types::error::ConditionalCheckFailedException;
use darkroom_domain::record::Alternative;
use darkroom_mocks::{Rule, RuleMode, mock, mock_client};
use time::OffsetDateTime;

fn ada() -> OwnerId {
    OwnerId::parse("ada").unwrap()
}

fn image(number: u128) -> ImageId {
    ImageId::from_number(number)
}

fn table(rules: &[&Rule]) -> Table {
    Table::new(mock_client!(aws_sdk_dynamodb, RuleMode::MatchAny, rules), "images")
}

fn entry(number: u128) -> Key {
    HashMap::from([
        ("pk".to_owned(), text("USER#ada")),
        ("ready_id".to_owned(), text(image(number).to_string())),
        ("sk".to_owned(), text(format!("IMAGE#{}", image(number)))),
    ])
}

#[tokio::test]
async fn r51_what_is_ready_is_read_behind_the_last_photo() {
    let rule = mock!(Client::scan)
        .match_requests(|call| {
            call.index_name() == Some("ready")
                && call.limit() == Some(2)
                && call.exclusive_start_key() == Some(&entry(6))
        })
        .then_output(|| ScanOutput::builder().items(entry(7)).set_last_evaluated_key(Some(entry(7))).build());
    let behind = format!("ada/{}", image(6));
    let page = table(&[&rule]).ready_behind(Some(&behind), 2).await.unwrap();
    assert_eq!((page.items, page.next), (vec![(ada(), image(7))], Some(format!("ada/{}", image(7)))));
}

#[tokio::test]
async fn r51_the_end_of_what_is_ready_is_seen_and_so_is_a_failure() {
    let rule = mock!(Client::scan)
        .match_requests(|call| call.exclusive_start_key().is_none())
        .then_output(|| ScanOutput::builder().build());
    assert_eq!(table(&[&rule]).ready_behind(None, 2).await.unwrap(), Page { items: Vec::new(), next: None });
    let broken = mock!(Client::scan).then_error(|| ScanError::unhandled("gone"));
    assert!(table(&[&broken]).ready_behind(None, 2).await.is_err());
}

#[tokio::test]
async fn r51_a_record_tells_which_objects_it_names() {
    let rule = mock!(Client::get_item)
        .match_requests(|call| call.consistent_read() == Some(true) && call.key().unwrap()["pk"] == text("USER#ada"))
        .then_output(|| {
            let small = Variant {
                key: "variants/1/b/small.jpg".into(),
                width: 4,
                height: 3,
                bytes: 9,
                content_type: "image/jpeg".into(),
                alternatives: vec![Alternative {
                    key: "variants/1/b/small.webp".into(),
                    bytes: 7,
                    content_type: "image/webp".into(),
                }],
            };
            let variants = serde_dynamo::to_attribute_value(BTreeMap::from([("small", small)])).unwrap();
            let item = GetItemOutput::builder().item("status", text("ready")).item("version_id", text("v1"));
            item.item("object_key", text("uploads/ada/1")).item("variants", variants).build()
        });
    let holding = table(&[&rule]).read_holding(&ada(), image(1)).await.unwrap().expect("a record");
    assert_eq!((holding.status, holding.version_id.as_deref()), (Status::Ready, Some("v1")));
    assert_eq!(holding.original, "uploads/ada/1");
    assert_eq!(holding.variants.into_iter().collect::<Vec<_>>(), ["variants/1/b/small.jpg", "variants/1/b/small.webp"]);
}

#[tokio::test]
async fn r58_a_deletion_is_known_by_the_photo_or_by_its_account() {
    for (remembered, expected) in [("ERASED", Some("2026")), ("DELETED#", Some("2026")), ("nothing", None)] {
        let found = mock!(Client::get_item)
            .match_requests(move |call| {
                let key = call.key().unwrap();
                key["pk"] == text("GONE#ada") && key["sk"].as_s().unwrap().starts_with(remembered)
            })
            .then_output(|| GetItemOutput::builder().item("deleted_at", text("2026")).build());
        let other = mock!(Client::get_item).then_output(|| GetItemOutput::builder().build());
        let deleted = table(&[&found, &other]).deletion_of(&ada(), image(1)).await.unwrap();
        assert_eq!(deleted.as_deref(), expected, "{remembered}");
    }
}

#[tokio::test]
async fn r51_the_owner_of_variants_is_found_by_the_image_alone() {
    let rule = mock!(Client::query)
        .match_requests(|call| {
            call.index_name() == Some("image")
                && call.expression_attribute_values().unwrap()[":image"] == text(image(1).to_string())
        })
        .then_output(|| {
            let of = |pk: &str| HashMap::from([("pk".to_owned(), text(pk))]);
            QueryOutput::builder().items(of("GONE#eve")).items(of("USER#ada")).build()
        });
    let owners = table(&[&rule]).owners_of(image(1)).await.unwrap();
    assert_eq!(owners, Owners { has: Some(ada()), had: Some(OwnerId::parse("eve").unwrap()) });
}

fn walks() -> KeptWalks {
    let mut walk = Walk::begin(OffsetDateTime::UNIX_EPOCH);
    let found = vec![(darkroom_domain::drift::Kind::KeyUnknown, "uploads/x".into())];
    walk.add_page(3, found, Some("ada/1".into()), OffsetDateTime::UNIX_EPOCH);
    KeptWalks { under_way: Some(walk), last: None, saved: 4 }
}

#[tokio::test]
async fn r51_the_walks_are_saved_once_and_read_back() {
    let saved = mock!(Client::update_item)
        .match_requests(|call| {
            let values = call.expression_attribute_values().unwrap();
            let is_as_seen = call.condition_expression() == Some("attribute_not_exists(saved) OR saved = :seen");
            is_as_seen && values[":seen"] == number(4) && values[":next"] == number(5)
        })
        .then_output(|| UpdateItemOutput::builder().build());
    assert!(table(&[&saved]).save_walks(&walks()).await.unwrap());
    let other = mock!(Client::update_item).then_error(|| {
        UpdateItemError::ConditionalCheckFailedException(ConditionalCheckFailedException::builder().build())
    });
    assert!(!table(&[&other]).save_walks(&walks()).await.unwrap(), "another run saved it");
    let read =
        mock!(Client::get_item).match_requests(|call| call.key().unwrap()["pk"] == text("SWEEP")).then_output(|| {
            GetItemOutput::builder()
                .item("under_way", serde_dynamo::to_attribute_value(walks().under_way).unwrap())
                .item("last", AttributeValue::Null(true))
                .item("saved", number(4))
                .build()
        });
    assert_eq!(table(&[&read]).read_walks().await.unwrap(), walks());
    let nothing = mock!(Client::get_item).then_output(|| GetItemOutput::builder().build());
    assert_eq!(table(&[&nothing]).read_walks().await.unwrap(), KeptWalks::default());
}
