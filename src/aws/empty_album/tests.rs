use super::*;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::query::QueryOutput;
use aws_sdk_dynamodb::operation::update_item::{UpdateItemError, UpdateItemOutput};
use aws_sdk_dynamodb::types::error::ConditionalCheckFailedException;
use darkroom_mocks::{Rule, RuleMode, mock, mock_client};
use std::collections::HashMap;

const ALBUM: AlbumId = AlbumId::from_number(7);

fn ada() -> OwnerId {
    OwnerId::parse("ada").unwrap()
}

fn table(rule: &Rule) -> Table {
    Table::new(mock_client!(aws_sdk_dynamodb, RuleMode::MatchAny, [rule]), "images")
}

#[tokio::test]
async fn photos_are_looked_for_in_the_table_itself_as_it_is_now() {
    let look = mock!(Client::query)
        .match_requests(|call| {
            let values = call.expression_attribute_values().unwrap();
            call.index_name().is_none()
                && call.consistent_read() == Some(true)
                && call.limit() == Some(1000)
                && call.filter_expression() == Some("album_id = :album")
                && values[":owner"] == text("USER#ada")
                && values[":album"] == text("00000000-0000-0000-0000-000000000007")
        })
        .then_output(|| {
            let found = HashMap::from([("image_id".into(), text(ImageId::from_number(9).to_string()))]);
            let stopped = HashMap::from([("sk".into(), text(format!("IMAGE#{}", ImageId::from_number(5))))]);
            QueryOutput::builder().items(found).set_last_evaluated_key(Some(stopped)).build()
        });
    let (images, rest) = table(&look).photos_in(&ada(), ALBUM, IdRange::ALL).await.unwrap();
    assert_eq!((images, rest), (vec![ImageId::from_number(9)], IdRange::ALL.below(5)));
}

#[tokio::test]
async fn only_what_still_lies_in_it_is_taken_out() {
    let take = mock!(Client::update_item)
        .match_requests(|call| {
            let update = "SET updated_at = :now REMOVE album_id";
            call.condition_expression() == Some("album_id = :album") && call.update_expression() == Some(update)
        })
        .then_output(|| UpdateItemOutput::builder().build());
    table(&take).take_out(&ada(), ALBUM, ImageId::from_number(9), "now").await.unwrap();
    assert_eq!(take.num_calls(), 1);

    let moved = mock!(Client::update_item).then_error(|| {
        UpdateItemError::ConditionalCheckFailedException(ConditionalCheckFailedException::builder().build())
    });
    assert_eq!(table(&moved).take_out(&ada(), ALBUM, ImageId::from_number(9), "now").await, Ok(()));
    assert_eq!(table(&moved).note_emptied(&ada(), ALBUM, ImageId::from_number(9)).await, Ok(()));
}
