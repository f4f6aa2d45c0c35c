use super::*;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::delete_item::DeleteItemOutput;
use aws_sdk_dynamodb::operation::get_item::GetItemOutput;
use aws_sdk_dynamodb::operation::put_item::PutItemOutput;
use aws_sdk_dynamodb::operation::query::QueryOutput;
use aws_sdk_dynamodb::operation::update_item::UpdateItemOutput;
use aws_sdk_dynamodb::types::error::ConditionalCheckFailedException;
use darkroom_mocks::{Rule, RuleMode, mock, mock_client};

fn album(visibility: AlbumVisibility) -> Album {
    Album {
        id: AlbumId::from_number(7),
        owner_id: ada(),
        title: "Lake".into(),
        visibility,
        created_at: "2026-01-31T12:00:00Z".into(),
        updated_at: "2026-01-31T12:00:00Z".into(),
        deleting: false,
        emptied_from: None,
    }
}

fn ada() -> OwnerId {
    OwnerId::parse("ada").unwrap()
}

fn table(rule: &Rule) -> Table {
    Table::new(mock_client!(aws_sdk_dynamodb, RuleMode::MatchAny, [rule]), "images")
}

fn is_key(key: &Item, sk: &str) -> bool {
    key["pk"] == text("USER#ada") && key["sk"] == text(sk)
}

const ALBUM: &str = "ALBUM#00000000-0000-0000-0000-000000000007";

#[test]
fn an_album_in_the_index_is_behind_every_photo() {
    let (_, last) = IdRange::ALL.ends();
    assert!(ITSELF > last.as_str());
}

#[tokio::test]
async fn only_a_public_album_is_in_the_index() {
    for (visibility, public) in
        [(AlbumVisibility::Private, false), (AlbumVisibility::Link, false), (AlbumVisibility::Public, true)]
    {
        let put = mock!(Client::put_item)
            .match_requests(move |call| {
                let item = call.item().expect("an item");
                let id = text("00000000-0000-0000-0000-000000000007");
                assert_eq!(item.get("album_id"), public.then_some(&id));
                assert_eq!(item.get("image_id"), public.then(|| text("itself")).as_ref());
                call.condition_expression() == Some("attribute_not_exists(pk)") && is_key(item, ALBUM)
            })
            .then_output(|| PutItemOutput::builder().build());
        table(&put).create_album(&album(visibility)).await.unwrap();
    }
}

#[tokio::test]
async fn an_album_is_read_by_its_owners_key_as_it_was_written() {
    let written = item(&album(AlbumVisibility::Link), album_key(&ada(), AlbumId::from_number(7))).unwrap();
    let get = mock!(Client::get_item)
        .match_requests(|call| is_key(call.key().unwrap(), ALBUM) && call.consistent_read() == Some(true))
        .then_output(move || GetItemOutput::builder().set_item(Some(written.clone())).build());
    let read = table(&get).read_album(&ada(), AlbumId::from_number(7)).await.unwrap();
    assert_eq!(read, Some(album(AlbumVisibility::Link)));
}

#[tokio::test]
async fn a_visibility_moves_the_album_into_the_index_and_out_of_it() {
    for (visibility, update) in [
        (None, "SET updated_at = :now, title = :title"),
        (
            Some(AlbumVisibility::Link),
            "SET updated_at = :now, title = :title, seen_by = :seen_by REMOVE album_id, image_id",
        ),
        (
            Some(AlbumVisibility::Public),
            "SET updated_at = :now, title = :title, seen_by = :seen_by, album_id = :album, image_id = :itself",
        ),
    ] {
        let change = mock!(Client::update_item)
            .match_requests(move |call| {
                assert_eq!(call.update_expression(), Some(update));
                is_key(call.key().unwrap(), ALBUM)
                    && call.condition_expression() == Some("attribute_exists(pk) AND attribute_not_exists(deleting)")
            })
            .then_output(|| {
                let album = album(AlbumVisibility::Link);
                let item = item(&album, album_key(&album.owner_id, album.id)).unwrap();
                UpdateItemOutput::builder().set_attributes(Some(item)).build()
            });
        let key = (&ada(), AlbumId::from_number(7));
        let changed = table(&change).change_album(key, Some("Lake"), visibility, "now").await.unwrap();
        assert_eq!(changed, Some(album(AlbumVisibility::Link)));
    }
}

#[tokio::test]
async fn what_is_not_there_is_neither_changed_nor_closed() {
    let refused = mock!(Client::update_item).then_error(|| {
        UpdateItemError::ConditionalCheckFailedException(ConditionalCheckFailedException::builder().build())
    });
    let (table, id) = (table(&refused), AlbumId::from_number(7));
    assert_eq!(table.change_album((&ada(), id), Some("x"), None, "now").await, Ok(None));
    assert_eq!(table.close_album(&ada(), id).await, Ok(None));
}

#[tokio::test]
async fn a_public_album_is_found_beside_its_photos() {
    let query = mock!(Client::query)
        .match_requests(|call| {
            let values = call.expression_attribute_values().unwrap();
            call.index_name() == Some("album")
                && call.key_condition_expression() == Some("album_id = :album AND image_id = :itself")
                && values[":album"] == text("00000000-0000-0000-0000-000000000007")
                && values[":itself"] == text("itself")
        })
        .then_output(|| QueryOutput::builder().build());
    assert_eq!(table(&query).read_public_album(AlbumId::from_number(7)).await, Ok(None));
}

#[tokio::test]
async fn an_albums_links_are_below_it_and_nobody_elses() {
    let list = mock!(Client::query)
        .match_requests(|call| {
            let values = call.expression_attribute_values().unwrap();
            call.key_condition_expression() == Some("pk = :owner AND sk BETWEEN :first AND :last")
                && values[":owner"] == text("USER#ada")
                && values[":first"].as_s().unwrap().starts_with("LINK#00000000-0000-0000-0000-000000000007#")
                && values[":last"].as_s().unwrap().starts_with("LINK#00000000-0000-0000-0000-000000000007#")
                && call.limit() == Some(51)
        })
        .then_output(|| QueryOutput::builder().build());
    let key = (&ada(), AlbumId::from_number(7));
    assert_eq!(table(&list).list_links(key, IdRange::ALL, 51).await, Ok(vec![]));
}

#[tokio::test]
async fn a_link_that_was_there_is_revoked_and_one_that_was_not_is_not() {
    for (there, revoked) in [(true, true), (false, false)] {
        let delete = mock!(Client::delete_item)
            .match_requests(|call| {
                let link = "LINK#00000000-0000-0000-0000-000000000007#00000000-0000-0000-0000-000000000009";
                is_key(call.key().unwrap(), link) && call.return_values() == Some(&ReturnValue::AllOld)
            })
            .then_output(move || {
                let old = there.then(|| HashMap::from([("pk".into(), text("USER#ada"))]));
                DeleteItemOutput::builder().set_attributes(old).build()
            });
        let (album, link) = (AlbumId::from_number(7), LinkId::from_number(9));
        assert_eq!(table(&delete).delete_link(&ada(), album, link).await, Ok(revoked));
    }
}
