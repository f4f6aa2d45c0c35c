//! The photos of a re-render: the keys of those that are ready, a page at a time, and their records, many at once. The
//! indexes follow the table within moments; a photo that an index does not have yet was just made by this release.

use super::audit::AuditRecords;
use super::error::sdk_error;
use super::keys::Page;
use super::records::{item_key, partition, read_batch, text};
use super::table::Table;
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, KeysAndAttributes};
use darkroom_domain::id::{AlbumId, ImageId, OwnerId};
use darkroom_domain::record::Status;
use darkroom_domain::rerender::{Photo, Scope, Visit};
use darkroom_domain::{Error, ErrorCode};
use serde::Deserialize;
use std::collections::HashMap;

/// The most records that one batch reads.
pub const BATCH: usize = 100;

/// May visit the photos of a library.
pub trait VisitLibrary {
    /// Ready photos of this scope behind this place, in an order that does not change, so many at most.
    fn visits_behind(
        &self,
        scope: &Scope,
        behind: Option<&str>,
        at_most: i32,
    ) -> impl Future<Output = Result<Page<Visit>, Error>>;

    /// The records of these photos ([`BATCH`] at most) that exist, as they were some moments ago at least.
    fn read_photos(&self, visits: &[Visit]) -> impl Future<Output = Result<Vec<Photo>, Error>>;
}

impl VisitLibrary for Table {
    async fn visits_behind(&self, scope: &Scope, behind: Option<&str>, at_most: i32) -> Result<Page<Visit>, Error> {
        let (call, index_key) = match (scope.album_id, &scope.owner_id) {
            (Some(album), owner) => (in_album(self, album, owner.as_ref()), ("album_id", text(album.to_string()))),
            (None, Some(owner)) => (of_owner(self, owner), ("ready_id", text(""))),
            (None, None) => {
                let page = self.ready_behind(behind, at_most).await?;
                let items = page.items.into_iter().map(|(owner_id, image_id)| Visit { owner_id, image_id });
                return Ok(Page { items: items.collect(), next: page.next });
            }
        };
        let behind = behind.map(|behind| start_key(behind, index_key)).transpose()?;
        let answer = call.limit(at_most).set_exclusive_start_key(behind).send().await;
        let answer = answer.map_err(|error| sdk_error("visit photos", ErrorCode::TransientUnavailable, &error))?;
        let found = answer.items.unwrap_or_default();
        let items = found.iter().filter_map(|keys| visit(keys).transpose()).collect::<Result<Vec<_>, _>>()?;
        let last = answer.last_evaluated_key.as_ref().map(place).transpose()?;
        Ok(Page { items, next: last })
    }

    async fn read_photos(&self, visits: &[Visit]) -> Result<Vec<Photo>, Error> {
        // The table refuses an empty batch.
        if visits.is_empty() {
            return Ok(Vec::new());
        }
        let keys = visits.iter().map(|visit| item_key(&visit.owner_id, visit.image_id)).collect();
        let wanted = KeysAndAttributes::builder().set_keys(Some(keys));
        read_batch(self, "read photos", wanted).await?.into_iter().filter_map(|item| photo(item).transpose()).collect()
    }
}

/// An index of the owner's own partition: no other owner's photo is in it.
fn of_owner(table: &Table, owner: &OwnerId) -> QueryFluentBuilder {
    table
        .query()
        .index_name("ready")
        .projection_expression("pk, sk, ready_id")
        .key_condition_expression("pk = :owner")
        .expression_attribute_values(":owner", partition(owner))
}

fn in_album(table: &Table, album: AlbumId, owner: Option<&OwnerId>) -> QueryFluentBuilder {
    let call = table
        .query()
        .index_name("album")
        .projection_expression("pk, sk, image_id")
        .key_condition_expression("album_id = :album")
        .expression_attribute_names("#status", "status")
        .expression_attribute_values(":album", text(album.to_string()))
        .expression_attribute_values(":ready", text(Status::Ready.as_str()));
    match owner {
        None => call.filter_expression("#status = :ready"),
        Some(owner) => call
            .filter_expression("#status = :ready AND pk = :owner")
            .expression_attribute_values(":owner", partition(owner)),
    }
}

type Item = HashMap<String, AttributeValue>;

/// A record; `None` for an item that is not a whole one.
pub(super) fn photo(item: Item) -> Result<Option<Photo>, Error> {
    // A ticket has neither version nor source, and is never ready.
    if !item.contains_key("image_id") || !item.contains_key("owner_id") {
        return Ok(None);
    }
    let unreadable = |why: serde_dynamo::Error| Error::new(ErrorCode::WorkerBadInput, format!("a photo: {why}"));
    serde_dynamo::from_item(item).map(Some).map_err(unreadable)
}

/// `None` for an item that is not a photo's: the index of albums has public albums, too.
fn visit(keys: &Item) -> Result<Option<Visit>, Error> {
    #[derive(Deserialize)]
    struct Keys {
        pk: String,
        sk: String,
    }
    let unreadable = |why: serde_dynamo::Error| Error::new(ErrorCode::WorkerBadInput, format!("visit photos: {why}"));
    let Keys { pk, sk } = serde_dynamo::from_item(keys.clone()).map_err(unreadable)?;
    let ids = pk.strip_prefix("USER#").zip(sk.strip_prefix("IMAGE#"));
    let parsed =
        ids.map(|(owner, image)| Ok(Visit { owner_id: OwnerId::parse(owner)?, image_id: ImageId::parse(image)? }));
    parsed.transpose()
}

/// Where a page ends, as text.
fn place(keys: &Item) -> Result<String, Error> {
    let text = |name: &str| keys.get(name).and_then(|value| value.as_s().ok().map(String::as_str));
    let place = text("pk").and_then(|pk| pk.strip_prefix("USER#")).zip(text("sk"));
    place.map(|(owner, sk)| format!("{owner}/{sk}")).ok_or_else(|| bad("visit photos: a page ends at no photo"))
}

/// The same place, as DynamoDB has it: the keys of the table and those of the index.
fn start_key(behind: &str, (name, value): (&str, AttributeValue)) -> Result<Item, Error> {
    let (owner, sk) = behind.split_once('/').ok_or_else(|| bad("a place in a list of photos that is none"))?;
    let image = sk.strip_prefix("IMAGE#");
    let mut key = Item::from([("pk".into(), partition(&OwnerId::parse(owner)?)), ("sk".into(), text(sk))]);
    if name == "album_id" {
        // A public album stands behind its photos, under a word instead of an id.
        key.insert("image_id".into(), text(image.unwrap_or("itself")));
        key.insert(name.into(), value);
    } else {
        key.insert(name.into(), text(image.ok_or_else(|| bad("a place in a list of photos that is none"))?));
    }
    Ok(key)
}

fn bad(detail: &str) -> Error {
    Error::new(ErrorCode::WorkerBadInput, detail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_dynamodb::Client;
    use aws_sdk_dynamodb::operation::batch_get_item::BatchGetItemOutput;
    use aws_sdk_dynamodb::operation::query::{QueryError, QueryOutput};
    use aws_sdk_dynamodb::operation::scan::ScanOutput;
    use darkroom_mocks::{Rule, RuleMode, mock, mock_client};

    fn table(rule: &Rule) -> Table {
        Table::new(mock_client!(aws_sdk_dynamodb, RuleMode::MatchAny, [rule]), "images")
    }

    fn ada() -> OwnerId {
        OwnerId::parse("ada").unwrap()
    }

    fn keys(number: u128) -> Item {
        item_key(&ada(), ImageId::from_number(number))
    }

    fn owner() -> Scope {
        Scope { owner_id: Some(ada()), ..Scope::default() }
    }

    #[tokio::test]
    async fn an_owners_photos_are_visited_behind_the_last_one() {
        let rule = mock!(Client::query)
            .match_requests(|call| {
                let start = call.exclusive_start_key().unwrap();
                call.index_name() == Some("ready")
                    && start["ready_id"] == text(ImageId::from_number(1).to_string())
                    && start["sk"] == text(format!("IMAGE#{}", ImageId::from_number(1)))
                    && start.len() == 3
            })
            .then_output(|| QueryOutput::builder().items(keys(2)).set_last_evaluated_key(Some(keys(2))).build());
        let behind = place(&keys(1)).unwrap();
        let page = table(&rule).visits_behind(&owner(), Some(&behind), 7).await.unwrap();
        assert_eq!(page.items, [Visit { owner_id: ada(), image_id: ImageId::from_number(2) }]);
        assert_eq!(page.next, Some(place(&keys(2)).unwrap()));
    }

    #[tokio::test]
    async fn an_album_has_only_photos_for_a_re_render() {
        let album = AlbumId::from_number(9);
        let rule = mock!(Client::query)
            .match_requests(|call| {
                call.index_name() == Some("album")
                    && call.filter_expression() == Some("#status = :ready AND pk = :owner")
                    && call.exclusive_start_key().is_none()
            })
            .then_output(|| {
                let itself = super::super::records::album_key(&ada(), AlbumId::from_number(9));
                QueryOutput::builder().items(keys(2)).items(itself.clone()).set_last_evaluated_key(Some(itself)).build()
            });
        let page = table(&rule).visits_behind(&Scope { album_id: Some(album), ..owner() }, None, 7).await.unwrap();
        assert_eq!(page.items.len(), 1, "the album itself is none");
        let start = start_key(&page.next.unwrap(), ("album_id", text(album.to_string()))).unwrap();
        assert_eq!((&start["image_id"], start.len()), (&text("itself"), 4));
    }

    #[tokio::test]
    async fn a_library_is_visited_by_the_index_of_what_is_ready() {
        let rule = mock!(Client::scan)
            .match_requests(|call| call.index_name() == Some("ready") && call.limit() == Some(7))
            .then_output(|| {
                let id = text(ImageId::from_number(3).to_string());
                let item = Item::from([("pk".into(), partition(&ada())), ("ready_id".into(), id)]);
                ScanOutput::builder().items(item).build()
            });
        let page = table(&rule).visits_behind(&Scope::default(), None, 7).await.unwrap();
        assert_eq!(
            page,
            Page { items: vec![Visit { owner_id: ada(), image_id: ImageId::from_number(3) }], next: None }
        );
    }

    #[tokio::test]
    async fn records_are_read_many_at_once_and_none_for_none() {
        let rule = mock!(Client::batch_get_item).then_output(|| {
            let mut item = keys(2);
            for (name, value) in [("image_id", ImageId::from_number(2).to_string()), ("owner_id", "ada".into())] {
                item.insert(name.into(), text(value));
            }
            item.insert("status".into(), text("ready"));
            BatchGetItemOutput::builder().responses("images", vec![item, keys(3)]).build()
        });
        let table = table(&rule);
        let visits = [2, 3].map(|number| Visit { owner_id: ada(), image_id: ImageId::from_number(number) });
        let found = table.read_photos(&visits).await.unwrap();
        assert_eq!((found.len(), found[0].status, found[0].image_id), (1, Status::Ready, ImageId::from_number(2)));
        assert!(table.read_photos(&[]).await.unwrap().is_empty());
        assert_eq!(rule.num_calls(), 1);
    }

    #[tokio::test]
    async fn what_fails_is_an_error_and_a_place_that_is_none_is_refused() {
        let rule = mock!(Client::query).then_error(|| QueryError::unhandled("gone"));
        assert!(table(&rule).visits_behind(&owner(), None, 7).await.is_err());
        for place in ["", "ada", "ada/ALBUM#x"] {
            assert!(
                table(&rule)
                    .visits_behind(&owner(), Some(place), 7)
                    .await
                    .is_err_and(|e| e.code == ErrorCode::WorkerBadInput)
            );
        }
    }
}
