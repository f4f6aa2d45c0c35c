use super::*;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::delete_item::DeleteItemOutput;
use aws_sdk_dynamodb::operation::get_item::GetItemOutput;
use aws_sdk_dynamodb::operation::put_item::PutItemOutput;
use aws_sdk_dynamodb::operation::query::QueryOutput;
use aws_sdk_dynamodb::operation::update_item::UpdateItemOutput;
use aws_sdk_dynamodb::types::error::ConditionalCheckFailedException;
use darkroom_mocks::{Rule, RuleMode, mock, mock_client};

fn table(rule: &Rule) -> Table {
    Table::new(mock_client!(aws_sdk_dynamodb, RuleMode::MatchAny, [rule]), "images")
}

fn now() -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(1_769_860_807).unwrap()
}

fn ada() -> OwnerId {
    OwnerId::parse("ada").unwrap()
}

fn source() -> Source {
    Source { bucket: "theirs".into(), prefix: "2019/".into(), owner_id: ada() }
}

fn image() -> ImageId {
    ImageId::from_number(7)
}

fn record(status: Status) -> Record {
    let item: Item = HashMap::from([
        ("image_id".into(), text(image().to_string())),
        ("owner_id".into(), text("ada")),
        ("status".into(), text(status.as_str())),
        ("created_at".into(), text("2026")),
        ("updated_at".into(), text("2026")),
    ]);
    serde_dynamo::from_item(item).unwrap()
}

fn refused() -> Refused {
    let code = Some("Image.Corrupt".into());
    Refused { image_id: image(), key: "2019/a".into(), size_bytes: 7, reason: Reason::Rejected, code }
}

#[tokio::test]
async fn r62_an_import_is_begun_again_by_the_same_source_only() {
    let begins = mock!(Client::update_item)
        .match_requests(|call| {
            let key = call.key().unwrap();
            assert_eq!((&key["pk"], &key["sk"]), (&text("OPS#IMPORT#x"), &text("IMPORT")));
            assert!(call.condition_expression().unwrap().contains("owner_id = :owner"));
            call.expression_attribute_values().unwrap()[":prefix"] == text("2019/")
        })
        .then_output(|| UpdateItemOutput::builder().attributes("run", number(2)).build());
    assert_eq!(table(&begins).begin_import("x", &source(), &ada(), now()).await, Ok(Some(2)));
    let another = mock!(Client::update_item).then_error(|| {
        UpdateItemError::ConditionalCheckFailedException(ConditionalCheckFailedException::builder().build())
    });
    assert_eq!(table(&another).begin_import("x", &source(), &ada(), now()).await, Ok(None));
    let broken = mock!(Client::update_item).then_error(|| UpdateItemError::unhandled("gone"));
    assert!(table(&broken).begin_import("x", &source(), &ada(), now()).await.is_err());
}

#[tokio::test]
async fn r62_an_import_is_read_back_and_says_which_run_is_wanted() {
    let import = Import { source: source(), run: 2, by: ada(), started_at: "2026".into(), stopped_run: None };
    let stored: Item = serde_dynamo::to_item(&import).unwrap();
    let rule =
        mock!(Client::get_item).then_output(move || GetItemOutput::builder().set_item(Some(stored.clone())).build());
    assert_eq!(table(&rule).read_import("x").await, Ok(Some(import.clone())));
    assert!(import.is_wanted(2) && !import.is_wanted(1));
    assert!(!Import { stopped_run: Some(2), ..import.clone() }.is_wanted(2));
    assert!(Import { stopped_run: Some(1), ..import }.is_wanted(2));
}

#[tokio::test]
async fn r62_counts_are_added_and_read_by_the_same_names_none_of_which_is_an_indexs_key() {
    let counts = Counts { ready: 3, rejected: 2, bytes: 700, ..Counts::default() };
    let rule = mock!(Client::update_item)
        .match_requests(|call| {
            assert_eq!(call.key().unwrap()["sk"], text("RUN#000002"));
            let update = call.update_expression().unwrap();
            assert!(update.contains(" rejected_count :rejected_count,") && !update.contains(" rejected :"), "{update}");
            let values = call.expression_attribute_values().unwrap();
            (&values[":ready_count"], &values[":late_count"]) == (&number(3), &number(0))
        })
        .then_output(|| UpdateItemOutput::builder().build());
    table(&rule).add_counts("x", 2, &counts, now()).await.unwrap();
    let mut stored = counts;
    let item: Item = stored.named().into_iter().map(|(name, count)| (name.to_owned(), number(count))).collect();
    let rule =
        mock!(Client::get_item).then_output(move || GetItemOutput::builder().set_item(Some(item.clone())).build());
    assert_eq!(table(&rule).read_counts("x", 2).await, Ok(counts));
    let none = mock!(Client::get_item).then_output(|| GetItemOutput::builder().build());
    assert_eq!(table(&none).read_counts("x", 2).await, Ok(Counts::default()));
}

#[tokio::test]
async fn r62_a_refusal_is_noted_under_its_run_and_outside_of_the_index_of_images() {
    let rule = mock!(Client::put_item)
        .match_requests(|call| {
            let item = call.item().unwrap();
            assert_eq!(item["sk"], text(format!("REFUSED#000002#{}", image())));
            assert!(!item.contains_key("image_id"));
            (&item["reason"], &item["code"]) == (&text("rejected"), &text("Image.Corrupt"))
        })
        .then_output(|| PutItemOutput::builder().build());
    table(&rule).note_refused("x", 2, &refused(), now()).await.unwrap();
}

#[tokio::test]
async fn r62_the_list_of_refusals_goes_on_behind_an_image() {
    let rule = mock!(Client::query)
        .match_requests(|call| {
            let values = call.expression_attribute_values().unwrap();
            values[":from"] == text(format!("REFUSED#000002#{}~", image())) && values[":to"] == text("REFUSED#000002#~")
        })
        .then_output(|| {
            let item: Item = serde_dynamo::to_item(refused()).unwrap();
            QueryOutput::builder().items(item).build()
        });
    assert_eq!(table(&rule).list_refused("x", 2, Some(image()), 100).await, Ok(vec![refused()]));
}

#[tokio::test]
async fn r01_a_record_is_written_once_and_tells_its_import() {
    let rule = mock!(Client::put_item)
        .match_requests(|call| {
            let item = call.item().unwrap();
            assert_eq!(call.condition_expression(), Some("attribute_not_exists(pk)"));
            assert!(item.contains_key("unfinished"));
            (&item["pk"], &item["import"]) == (&text("USER#ada"), &text("x"))
        })
        .then_output(|| PutItemOutput::builder().build());
    assert_eq!(table(&rule).write_brought(&record(Status::AwaitingUpload), "x").await, Ok(Brought::Now));
    let before = mock!(Client::put_item).then_error(|| {
        let item: Item = serde_dynamo::to_item(record(Status::Ready)).unwrap();
        let refused = ConditionalCheckFailedException::builder().set_item(Some(item)).build();
        PutItemError::ConditionalCheckFailedException(refused)
    });
    let known = table(&before).write_brought(&record(Status::AwaitingUpload), "x").await;
    assert_eq!(known, Ok(Brought::Before(Status::Ready, None)));
    let broken = mock!(Client::put_item).then_error(|| PutItemError::unhandled("gone"));
    assert!(table(&broken).write_brought(&record(Status::AwaitingUpload), "x").await.is_err());
}

#[tokio::test]
async fn r40_a_photo_that_has_arrived_is_not_taken_back() {
    let taken = mock!(Client::delete_item)
        .match_requests(|call| call.condition_expression() == Some("#status = :awaiting"))
        .then_output(|| DeleteItemOutput::builder().build());
    table(&taken).take_back(&ada(), image()).await.unwrap();
    let arrived = mock!(Client::delete_item).then_error(|| {
        DeleteItemError::ConditionalCheckFailedException(ConditionalCheckFailedException::builder().build())
    });
    table(&arrived).take_back(&ada(), image()).await.unwrap();
    let broken = mock!(Client::delete_item).then_error(|| DeleteItemError::unhandled("gone"));
    assert!(table(&broken).take_back(&ada(), image()).await.is_err());
}

#[tokio::test]
async fn r62_a_run_is_stopped() {
    let rule = mock!(Client::update_item)
        .match_requests(|call| call.expression_attribute_values().unwrap()[":run"] == number(2))
        .then_output(|| UpdateItemOutput::builder().build());
    table(&rule).stop_import("x", 2).await.unwrap();
}
