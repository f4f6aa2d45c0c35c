//! Rejected photos in the index `rejected`, the newest first. Its sort key is the time of the rejection and the image's
//! id. The index follows the table within moments.

use super::error::sdk_error;
use super::records::text;
use super::table::Table;
use aws_sdk_dynamodb::types::AttributeValue;
use darkroom_domain::id::ImageId;
use darkroom_domain::record::Outcome;
use darkroom_domain::shard::Shard;
use darkroom_domain::{Error, ErrorCode};
use serde::Deserialize;
use std::collections::HashMap;

/// A rejected photo, as the index has it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Rejected {
    /// Its place in the index.
    pub rejected_id: String,
    /// Its outcome: code, stage, message, execution.
    pub outcome: Outcome,
}

impl Rejected {
    /// When it was rejected, and its image.
    pub fn parts(&self) -> Option<(&str, ImageId)> {
        let (at, image) = self.rejected_id.split_once('#')?;
        Some((at, ImageId::parse(image).ok()?))
    }
}

/// May list rejected photos.
pub trait ListRejected {
    /// Of this shard, the newest so many from one place on and before another; and whether there are more.
    fn list_rejected(
        &self,
        shard: Shard,
        from: &str,
        before: &str,
        at_most: i32,
    ) -> impl Future<Output = Result<(Vec<Rejected>, bool), Error>>;
}

impl ListRejected for Table {
    async fn list_rejected(
        &self,
        shard: Shard,
        from: &str,
        before: &str,
        at_most: i32,
    ) -> Result<(Vec<Rejected>, bool), Error> {
        let call = self
            .query()
            .index_name("rejected")
            .scan_index_forward(false)
            .limit(at_most)
            .projection_expression("rejected_id, outcome")
            // A key has one condition, and this one includes its end, which is left out below.
            .key_condition_expression("rejected = :shard AND rejected_id BETWEEN :from AND :before")
            .expression_attribute_values(":shard", text(shard.to_string()))
            .expression_attribute_values(":from", text(from))
            .expression_attribute_values(":before", text(before));
        let answer = call.send().await;
        let answer =
            answer.map_err(|error| sdk_error("list rejected photos", ErrorCode::TransientUnavailable, &error))?;
        let has_more = answer.last_evaluated_key.is_some();
        let unreadable =
            |why: serde_dynamo::Error| Error::new(ErrorCode::WorkerBadInput, format!("rejected photos: {why}"));
        let items: Vec<HashMap<String, AttributeValue>> = answer.items.unwrap_or_default();
        let mut found: Vec<Rejected> = serde_dynamo::from_items(items).map_err(unreadable)?;
        found.retain(|rejected| rejected.rejected_id != before);
        Ok((found, has_more))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_dynamodb::Client;
    use aws_sdk_dynamodb::operation::query::{QueryError, QueryOutput};
    use darkroom_mocks::{RuleMode, mock, mock_client};

    const IMAGE: &str = "0198c7b2-5a51-7c3e-9f0e-2b1d4c6a8e10";

    fn item(second: u32) -> HashMap<String, AttributeValue> {
        let outcome = [("outcome", "rejected"), ("code", "Image.Corrupt"), ("execution", "x")];
        let outcome = outcome.map(|(name, value)| (name.to_owned(), text(value)));
        HashMap::from([
            ("rejected_id".into(), text(format!("2026-01-31T12:00:{second:02}.000Z#{IMAGE}"))),
            ("outcome".into(), AttributeValue::M(HashMap::from(outcome))),
        ])
    }

    async fn listed(rule: &darkroom_mocks::Rule) -> Result<(Vec<Rejected>, bool), Error> {
        let table = Table::new(mock_client!(aws_sdk_dynamodb, RuleMode::MatchAny, [rule]), "images");
        let before = format!("2026-01-31T12:00:09.000Z#{IMAGE}");
        table.list_rejected(Shard::all().next().unwrap(), "2026-01-01", &before, 2).await
    }

    #[tokio::test]
    async fn r62_a_shard_is_listed_newest_first_up_to_the_place_before() {
        let rule = mock!(Client::query)
            .match_requests(|call| {
                let values = call.expression_attribute_values().unwrap();
                call.index_name() == Some("rejected")
                    && call.scan_index_forward() == Some(false)
                    && call.limit() == Some(2)
                    && (&values[":shard"], &values[":from"]) == (&text("shard-0"), &text("2026-01-01"))
            })
            .then_output(|| {
                let place = HashMap::from([("rejected_id".into(), text("x"))]);
                QueryOutput::builder().items(item(9)).items(item(8)).set_last_evaluated_key(Some(place)).build()
            });
        let (found, has_more) = listed(&rule).await.unwrap();
        assert_eq!((found.len(), has_more), (1, true), "the place before is not listed again");
        assert_eq!(found[0].parts(), Some(("2026-01-31T12:00:08.000Z", ImageId::parse(IMAGE).unwrap())));
        assert_eq!(found[0].outcome.code.as_deref(), Some("Image.Corrupt"));
    }

    #[tokio::test]
    async fn what_cannot_be_listed_is_an_error() {
        assert!(listed(&mock!(Client::query).then_error(|| QueryError::unhandled("gone"))).await.is_err());
    }
}
