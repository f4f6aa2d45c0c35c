//! A user's webhook in the table: its URL, when its secret was made, and its last results. The secret itself is derived
//! and not stored.

use super::error::sdk_error;
use super::records::{partition, text};
use super::table::Table;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use darkroom_domain::id::OwnerId;
use darkroom_domain::timestamp::rfc3339;
use darkroom_domain::{Error, ErrorCode};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use time::OffsetDateTime;

/// One user's webhook.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Webhook {
    /// Where events go. Not for logs: a query may hold a secret.
    pub url: String,
    /// When it was first set.
    pub created_at: String,
    /// When its owner last changed it. A note of a result names this time, so that a late note on an earlier state
    /// changes nothing.
    pub updated_at: String,
    /// When the secret was made, in milliseconds since 1970: what it is derived from.
    pub secret_made: i64,
    /// The one before that.
    pub secret_before: Option<i64>,
    /// When an event was last delivered.
    pub delivered_at: Option<String>,
    /// Why the last delivery failed, unless one has succeeded since.
    pub failure: Option<Failure>,
    /// Since when no delivery has succeeded.
    pub failing_since: Option<String>,
    /// Since when none is sent any more.
    pub disabled_at: Option<String>,
    /// Why not.
    pub disabled_because: Option<Disabled>,
}

/// One attempt that failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// When.
    pub at: String,
    /// A word of the API's list.
    pub reason: String,
    /// The receiver's status code, if it answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
}

/// Why a webhook was switched off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Disabled {
    /// The receiver said so.
    Gone,
    /// No delivery has succeeded for days.
    Failing,
}

impl Disabled {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Gone => "gone",
            Self::Failing => "failing",
        }
    }
}

/// May read webhooks.
pub trait ReadWebhook {
    /// The user's, if there is one.
    fn webhook(&self, owner: &OwnerId) -> impl Future<Output = Result<Option<Webhook>, Error>>;
}

/// May change webhooks as their owner says.
pub trait KeepWebhook {
    /// Sets the URL to which events are sent from now on, even if earlier ones failed. An existing secret stays.
    fn set_webhook(
        &self,
        owner: &OwnerId,
        url: &str,
        now: OffsetDateTime,
    ) -> impl Future<Output = Result<Webhook, Error>>;

    /// Gives it another secret, and remembers the one before. None if there is no webhook.
    fn rotate_secret(
        &self,
        owner: &OwnerId,
        now: OffsetDateTime,
    ) -> impl Future<Output = Result<Option<Webhook>, Error>>;

    /// Deletes it. False if there was none.
    fn delete_webhook(&self, owner: &OwnerId) -> impl Future<Output = Result<bool, Error>>;
}

/// May note the results of a webhook.
pub trait NoteDelivery {
    /// An event was delivered.
    fn note_delivered(
        &self,
        owner: &OwnerId,
        webhook: &Webhook,
        now: OffsetDateTime,
    ) -> impl Future<Output = Result<(), Error>>;

    /// A delivery failed, and perhaps the webhook is disabled.
    fn note_failed(
        &self,
        owner: &OwnerId,
        webhook: &Webhook,
        failure: &Failure,
        disabled: Option<Disabled>,
    ) -> impl Future<Output = Result<(), Error>>;
}

impl ReadWebhook for Table {
    async fn webhook(&self, owner: &OwnerId) -> Result<Option<Webhook>, Error> {
        let call = self.get_item().set_key(Some(key(owner))).consistent_read(true);
        let answer = call.send().await;
        let answer = answer.map_err(|error| sdk_error("read the webhook", ErrorCode::TransientUnavailable, &error))?;
        answer.item.map(read).transpose()
    }
}

impl KeepWebhook for Table {
    async fn set_webhook(&self, owner: &OwnerId, url: &str, now: OffsetDateTime) -> Result<Webhook, Error> {
        let answer = self
            .update_item()
            .set_key(Some(key(owner)))
            .update_expression(
                "SET #url = :url, updated_at = :now, created_at = if_not_exists(created_at, :now), \
                 secret_made = if_not_exists(secret_made, :made) \
                 REMOVE failure, failing_since, disabled_at, disabled_because",
            )
            .expression_attribute_names("#url", "url")
            .expression_attribute_values(":url", text(url))
            .expression_attribute_values(":now", text(rfc3339(now)))
            .expression_attribute_values(":made", millis(now))
            .return_values(ReturnValue::AllNew)
            .send()
            .await;
        let answer = answer.map_err(|error| sdk_error("set the webhook", ErrorCode::TransientUnavailable, &error))?;
        read(answer.attributes.unwrap_or_default())
    }

    async fn rotate_secret(&self, owner: &OwnerId, now: OffsetDateTime) -> Result<Option<Webhook>, Error> {
        let answer = self
            .update_item()
            .set_key(Some(key(owner)))
            .update_expression("SET secret_before = secret_made, secret_made = :made")
            .condition_expression("attribute_exists(pk)")
            .expression_attribute_values(":made", millis(now))
            .return_values(ReturnValue::AllNew)
            .send()
            .await;
        match answer {
            Ok(answer) => read(answer.attributes.unwrap_or_default()).map(Some),
            Err(error) if is_unmet(&error) => Ok(None),
            Err(error) => Err(sdk_error("rotate the secret", ErrorCode::TransientUnavailable, &error)),
        }
    }

    async fn delete_webhook(&self, owner: &OwnerId) -> Result<bool, Error> {
        let call = self.delete_item().set_key(Some(key(owner))).return_values(ReturnValue::AllOld);
        let answer = call.send().await;
        let answer =
            answer.map_err(|error| sdk_error("delete the webhook", ErrorCode::TransientUnavailable, &error))?;
        Ok(answer.attributes.is_some_and(|item| !item.is_empty()))
    }
}

impl NoteDelivery for Table {
    async fn note_delivered(&self, owner: &OwnerId, webhook: &Webhook, now: OffsetDateTime) -> Result<(), Error> {
        let call = self
            .update_item()
            .update_expression("SET delivered_at = :now REMOVE failure, failing_since")
            .expression_attribute_values(":now", text(rfc3339(now)));
        note(call, owner, webhook).await
    }

    async fn note_failed(
        &self,
        owner: &OwnerId,
        webhook: &Webhook,
        failure: &Failure,
        disabled: Option<Disabled>,
    ) -> Result<(), Error> {
        let told = serde_dynamo::to_attribute_value(failure)
            .map_err(|why| Error::new(ErrorCode::WorkerBug, format!("a failure as an item: {why}")))?;
        let mut update = "SET failure = :failure, failing_since = if_not_exists(failing_since, :at)".to_owned();
        let mut call = self
            .update_item()
            .expression_attribute_values(":failure", told)
            .expression_attribute_values(":at", text(&failure.at));
        if let Some(why) = disabled {
            update.push_str(", disabled_at = :at, disabled_because = :why");
            call = call.expression_attribute_values(":why", text(why.as_str()));
        }
        note(call.update_expression(update), owner, webhook).await
    }
}

/// Notes a result on the webhook as it was read. If its owner has changed or removed it since, the note is dropped.
async fn note(call: UpdateItemFluentBuilder, owner: &OwnerId, webhook: &Webhook) -> Result<(), Error> {
    let call = call
        .set_key(Some(key(owner)))
        .condition_expression("updated_at = :seen")
        .expression_attribute_values(":seen", text(&webhook.updated_at));
    match call.send().await {
        Ok(_) => Ok(()),
        Err(error) if is_unmet(&error) => Ok(()),
        Err(error) => Err(sdk_error("note a delivery", ErrorCode::TransientUnavailable, &error)),
    }
}

fn is_unmet(error: &SdkError<UpdateItemError, HttpResponse>) -> bool {
    matches!(error.as_service_error(), Some(UpdateItemError::ConditionalCheckFailedException(_)))
}

fn millis(time: OffsetDateTime) -> AttributeValue {
    AttributeValue::N((time.unix_timestamp_nanos() / 1_000_000).to_string())
}

fn read(item: HashMap<String, AttributeValue>) -> Result<Webhook, Error> {
    serde_dynamo::from_item(item).map_err(|why| Error::new(ErrorCode::WorkerBadInput, format!("a webhook: {why}")))
}

fn key(owner: &OwnerId) -> HashMap<String, AttributeValue> {
    HashMap::from([("pk".into(), partition(owner)), ("sk".into(), text("WEBHOOK"))])
}

#[cfg(test)]
mod tests;
