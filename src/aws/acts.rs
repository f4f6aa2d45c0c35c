//! Acts of operators in the table, in partitions of their own: a role that may write them cannot reach a photo's
//! record.

use super::error::sdk_error;
use super::records::text;
use super::table::Table;
use aws_sdk_dynamodb::types::AttributeValue;
use darkroom_domain::act::{Act, REMEMBERED_DAYS, Subject};
use darkroom_domain::{Error, ErrorCode};
use std::collections::HashMap;
use time::{Duration, OffsetDateTime};

/// May record acts.
pub trait WriteAct {
    /// Records the act under the time and id of its request; a second write replaces the first.
    fn write_act(&self, act: &Act, at: OffsetDateTime, request: &str) -> impl Future<Output = Result<(), Error>>;
}

/// May read acts.
pub trait ReadActs {
    /// The newest so many of a subject, the newest first.
    fn read_acts(&self, subject: Subject<'_>, at_most: i32) -> impl Future<Output = Result<Vec<Act>, Error>>;
}

impl WriteAct for Table {
    async fn write_act(&self, act: &Act, at: OffsetDateTime, request: &str) -> Result<(), Error> {
        let unwritable = |why: serde_dynamo::Error| Error::new(ErrorCode::WorkerBug, format!("an act: {why}"));
        let mut item: HashMap<String, AttributeValue> = serde_dynamo::to_item(act).map_err(unwritable)?;
        let millis = at.unix_timestamp_nanos() / 1_000_000;
        let forgotten = (at + Duration::days(REMEMBERED_DAYS)).unix_timestamp();
        item.insert("pk".into(), partition(act.subject()));
        item.insert("sk".into(), text(format!("ACT#{millis:015}#{request}")));
        item.insert("expires_at".into(), AttributeValue::N(forgotten.to_string()));
        let answer = self.put_item().set_item(Some(item)).send().await;
        answer.map(drop).map_err(|error| sdk_error("write an act down", ErrorCode::TransientUnavailable, &error))
    }
}

impl ReadActs for Table {
    async fn read_acts(&self, subject: Subject<'_>, at_most: i32) -> Result<Vec<Act>, Error> {
        let call = self
            .query()
            .key_condition_expression("pk = :subject")
            .expression_attribute_values(":subject", partition(subject))
            .consistent_read(true)
            .scan_index_forward(false)
            .limit(at_most);
        let answer = call.send().await;
        let answer = answer.map_err(|error| sdk_error("read acts", ErrorCode::TransientUnavailable, &error))?;
        let unreadable = |why: serde_dynamo::Error| Error::new(ErrorCode::WorkerBadInput, format!("acts: {why}"));
        serde_dynamo::from_items(answer.items.unwrap_or_default()).map_err(unreadable)
    }
}

/// Every partition begins with `OPS#`, to which the roles are bound.
fn partition(subject: Subject<'_>) -> AttributeValue {
    text(match subject {
        Subject::Executions(first) => format!("OPS#EXECUTION#{first}"),
        Subject::Queues => "OPS#QUEUES".into(),
        Subject::Sweeper => "OPS#SWEEPER".into(),
        Subject::Rerenders => "OPS#RERENDERS".into(),
        Subject::Import(name) => format!("OPS#IMPORT#{name}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_dynamodb::Client;
    use aws_sdk_dynamodb::operation::put_item::{PutItemError, PutItemOutput};
    use aws_sdk_dynamodb::operation::query::QueryOutput;
    use darkroom_domain::id::OwnerId;
    use darkroom_mocks::{RuleMode, mock, mock_client};

    fn act() -> Act {
        Act::redrive(OwnerId::parse("ada").unwrap(), "2026-01-31T12:00:07.250Z".into(), "uploads", 3)
    }

    fn at() -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp(1_769_860_807).unwrap()
    }

    #[tokio::test]
    async fn an_act_is_written_where_roles_are_bound_to_and_is_forgotten_in_the_end() {
        let rule = mock!(Client::put_item)
            .match_requests(|call| {
                let item = call.item().unwrap();
                item["pk"] == text("OPS#QUEUES")
                    && item["sk"] == text("ACT#001769860807000#request-1")
                    && item["expires_at"] == AttributeValue::N("1777636807".into())
                    && item["by"] == text("ada")
                    && !item.contains_key("moved")
            })
            .then_output(|| PutItemOutput::builder().build());
        let table = Table::new(mock_client!(aws_sdk_dynamodb, RuleMode::MatchAny, [&rule]), "images");
        table.write_act(&act(), at(), "request-1").await.unwrap();
        assert_eq!(rule.num_calls(), 1);
    }

    #[tokio::test]
    async fn what_was_not_written_down_is_an_error() {
        let rule = mock!(Client::put_item).then_error(|| PutItemError::unhandled("gone"));
        let table = Table::new(mock_client!(aws_sdk_dynamodb, RuleMode::MatchAny, [&rule]), "images");
        assert!(table.write_act(&act(), at(), "request-1").await.is_err());
    }

    #[tokio::test]
    async fn the_newest_acts_of_a_subject_are_read_back() {
        let rule = mock!(Client::query)
            .match_requests(|call| {
                call.expression_attribute_values().unwrap()[":subject"] == text("OPS#EXECUTION#first")
                    && call.scan_index_forward() == Some(false)
                    && call.limit() == Some(10)
            })
            .then_output(|| {
                let item: HashMap<String, AttributeValue> = serde_dynamo::to_item(act()).unwrap();
                QueryOutput::builder().items(item).build()
            });
        let table = Table::new(mock_client!(aws_sdk_dynamodb, RuleMode::MatchAny, [&rule]), "images");
        assert_eq!(table.read_acts(Subject::Executions("first"), 10).await.unwrap(), [act()]);
    }
}
