//! What the table holds of a re-render, in a partition of its own: whether an operator stopped it, and the photos that
//! could not be made. The state machine writes the latter.

use super::error::sdk_error;
use super::library::photo;
use super::records::{item_key, number, read_batch, text};
use super::table::Table;
use aws_sdk_dynamodb::types::{AttributeValue, KeysAndAttributes};
use darkroom_domain::act::REMEMBERED_DAYS;
use darkroom_domain::rerender::{Photo, Visit};
use darkroom_domain::{Error, ErrorCode};
use serde::Deserialize;
use std::collections::HashMap;
use time::{Duration, OffsetDateTime};

/// What a visit finds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visited {
    /// The photo, if it is there.
    pub photo: Option<Photo>,
    /// The re-render was stopped.
    pub is_stopped: bool,
}

/// A photo that could not be made, as the state machine wrote it down.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Failed {
    /// The photo. Under this name in the table, so that the item stands in no index of photos.
    #[serde(rename = "failed_image")]
    pub image_id: String,
    /// The error's name.
    pub code: String,
    /// The stage that was running.
    pub stage: String,
    /// When. RFC 3339.
    pub at: String,
}

/// May look at a photo in the name of a re-render.
pub trait VisitPhoto {
    /// The photo and the re-render, as they are at this moment.
    fn visit(&self, rerender: &str, visit: &Visit) -> impl Future<Output = Result<Visited, Error>>;
}

/// May stop re-renders.
pub trait StopRerender {
    /// From now on, a visit finds the re-render stopped.
    fn mark_stopped(&self, rerender: &str, now: OffsetDateTime) -> impl Future<Output = Result<(), Error>>;
}

/// May read which photos a re-render could not make.
pub trait ReadFailed {
    /// So many of them at most, and whether there are more.
    fn failed(&self, rerender: &str, at_most: i32) -> impl Future<Output = Result<(Vec<Failed>, bool), Error>>;
}

impl VisitPhoto for Table {
    async fn visit(&self, rerender: &str, visit: &Visit) -> Result<Visited, Error> {
        let keys = vec![item_key(&visit.owner_id, visit.image_id), stop_key(rerender)];
        let wanted = KeysAndAttributes::builder().set_keys(Some(keys)).consistent_read(true);
        let items = read_batch(self, "visit a photo", wanted).await?;
        let (stops, photos): (Vec<_>, Vec<_>) =
            items.into_iter().partition(|item| item.get("pk") == Some(&partition(rerender)));
        let photo = photos.into_iter().next().map(photo).transpose()?.flatten();
        Ok(Visited { photo, is_stopped: !stops.is_empty() })
    }
}

impl StopRerender for Table {
    async fn mark_stopped(&self, rerender: &str, now: OffsetDateTime) -> Result<(), Error> {
        let mut item = stop_key(rerender);
        item.insert("expires_at".into(), number(forget_at(now)));
        let answer = self.put_item().set_item(Some(item)).send().await;
        answer.map(drop).map_err(|error| sdk_error("stop a re-render", ErrorCode::TransientUnavailable, &error))
    }
}

impl ReadFailed for Table {
    async fn failed(&self, rerender: &str, at_most: i32) -> Result<(Vec<Failed>, bool), Error> {
        let call = self
            .query()
            .limit(at_most)
            .key_condition_expression("pk = :rerender AND begins_with(sk, :failed)")
            .expression_attribute_values(":rerender", partition(rerender))
            .expression_attribute_values(":failed", text("FAILED#"));
        let answer = call.send().await;
        let answer =
            answer.map_err(|error| sdk_error("read failed photos", ErrorCode::TransientUnavailable, &error))?;
        let has_more = answer.last_evaluated_key.is_some();
        let unreadable = |why: serde_dynamo::Error| Error::new(ErrorCode::WorkerBadInput, format!("failed: {why}"));
        Ok((serde_dynamo::from_items(answer.items.unwrap_or_default()).map_err(unreadable)?, has_more))
    }
}

/// When all that is written down of a re-render expires, in seconds since 1970: as acts do.
pub fn forget_at(now: OffsetDateTime) -> i64 {
    (now + Duration::days(REMEMBERED_DAYS)).unix_timestamp()
}

fn partition(rerender: &str) -> AttributeValue {
    text(format!("OPS#RERENDER#{rerender}"))
}

fn stop_key(rerender: &str) -> HashMap<String, AttributeValue> {
    HashMap::from([("pk".into(), partition(rerender)), ("sk".into(), text("STOPPED"))])
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_dynamodb::Client;
    use aws_sdk_dynamodb::operation::batch_get_item::BatchGetItemOutput;
    use aws_sdk_dynamodb::operation::put_item::PutItemOutput;
    use aws_sdk_dynamodb::operation::query::QueryOutput;
    use darkroom_domain::id::{ImageId, OwnerId};
    use darkroom_mocks::{Rule, RuleMode, mock, mock_client};

    fn table(rule: &Rule) -> Table {
        Table::new(mock_client!(aws_sdk_dynamodb, RuleMode::MatchAny, [rule]), "images")
    }

    fn ada() -> Visit {
        Visit { owner_id: OwnerId::parse("ada").unwrap(), image_id: ImageId::from_number(2) }
    }

    #[tokio::test]
    async fn a_visit_reads_the_photo_and_whether_it_is_still_wanted_at_once() {
        let found = |is_stopped: bool| {
            let rule = mock!(Client::batch_get_item)
                .match_requests(|call| {
                    let wanted = &call.request_items().unwrap()["images"];
                    wanted.consistent_read() == Some(true) && wanted.keys().contains(&stop_key("n"))
                })
                .then_output(move || {
                    let mut item = item_key(&ada().owner_id, ada().image_id);
                    for (name, value) in [("image_id", ada().image_id.to_string()), ("owner_id", "ada".into())] {
                        item.insert(name.into(), text(value));
                    }
                    item.insert("status".into(), text("ready"));
                    let stop = is_stopped.then(|| stop_key("n"));
                    let items = stop.into_iter().chain([item]).collect();
                    BatchGetItemOutput::builder().responses("images", items).build()
                });
            async move { table(&rule).visit("n", &ada()).await.unwrap() }
        };
        let (runs, stopped) = (found(false).await, found(true).await);
        assert!(runs.photo.is_some_and(|photo| photo.image_id == ada().image_id) && !runs.is_stopped);
        assert!(stopped.photo.is_some() && stopped.is_stopped);
    }

    #[tokio::test]
    async fn a_stop_is_written_where_the_roles_of_operators_are_bound_to() {
        let rule = mock!(Client::put_item)
            .match_requests(|call| {
                let item = call.item().unwrap();
                item["pk"] == text("OPS#RERENDER#n")
                    && item["sk"] == text("STOPPED")
                    && item["expires_at"] == number(7_776_000)
            })
            .then_output(|| PutItemOutput::builder().build());
        table(&rule).mark_stopped("n", OffsetDateTime::UNIX_EPOCH).await.unwrap();
        assert_eq!(rule.num_calls(), 1);
    }

    #[tokio::test]
    async fn failed_photos_are_read_back() {
        let rule = mock!(Client::query).then_output(|| {
            let item = ["failed_image", "code", "stage", "at"].map(|name| (name.to_owned(), text(name)));
            QueryOutput::builder().items(item.into()).set_last_evaluated_key(Some(stop_key("n"))).build()
        });
        let (failed, has_more) = table(&rule).failed("n", 5).await.unwrap();
        assert_eq!((failed[0].code.as_str(), failed.len(), has_more), ("code", 1, true));
    }
}
