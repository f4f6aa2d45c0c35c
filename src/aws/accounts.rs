//! A user's items beside images: a profile, and the usage of a day.

use super::error::sdk_error;
use super::records::{partition, text};
use super::table::Table;
use super::tickets::{Usage, usage, usage_key};
use aws_sdk_dynamodb::types::AttributeValue;
use darkroom_domain::id::OwnerId;
use darkroom_domain::timestamp::rfc3339;
use darkroom_domain::{Error, ErrorCode};
use std::collections::HashMap;
use time::OffsetDateTime;

/// May read profiles.
pub trait ReadProfile {
    /// The name that other users see, if one was given.
    fn display_name(&self, owner: &OwnerId) -> impl Future<Output = Result<Option<String>, Error>>;
}

/// May change profiles.
pub trait ChangeProfile {
    /// Gives the user this name, and leaves the rest of the profile as it is.
    fn set_display_name(
        &self,
        owner: &OwnerId,
        name: &str,
        now: OffsetDateTime,
    ) -> impl Future<Output = Result<(), Error>>;
}

/// May read what users have used.
pub trait ReadUsage {
    /// What the user has used of this moment's day.
    fn read_usage(&self, owner: &OwnerId, now: OffsetDateTime) -> impl Future<Output = Result<Usage, Error>>;
}

impl ReadProfile for Table {
    async fn display_name(&self, owner: &OwnerId) -> Result<Option<String>, Error> {
        let call = self.get_item().set_key(Some(profile_key(owner))).consistent_read(true);
        let answer = call.send().await;
        let answer = answer.map_err(|error| sdk_error("read the profile", ErrorCode::TransientUnavailable, &error))?;
        let name = answer.item.and_then(|mut item| item.remove("display_name"));
        Ok(name.and_then(|name| name.as_s().ok().cloned()))
    }
}

impl ChangeProfile for Table {
    async fn set_display_name(&self, owner: &OwnerId, name: &str, now: OffsetDateTime) -> Result<(), Error> {
        let call = self
            .update_item()
            .set_key(Some(profile_key(owner)))
            .update_expression("SET display_name = :name, updated_at = :now")
            .expression_attribute_values(":name", text(name))
            .expression_attribute_values(":now", text(rfc3339(now)));
        let answer = call.send().await;
        answer.map(drop).map_err(|error| sdk_error("change the profile", ErrorCode::TransientUnavailable, &error))
    }
}

impl ReadUsage for Table {
    async fn read_usage(&self, owner: &OwnerId, now: OffsetDateTime) -> Result<Usage, Error> {
        let call = self.get_item().set_key(Some(usage_key(owner, now))).consistent_read(true);
        let answer = call.send().await;
        let answer = answer.map_err(|error| sdk_error("read the usage", ErrorCode::TransientUnavailable, &error))?;
        Ok(answer.item.as_ref().map(usage).unwrap_or_default())
    }
}

fn profile_key(owner: &OwnerId) -> HashMap<String, AttributeValue> {
    HashMap::from([("pk".into(), partition(owner)), ("sk".into(), text("PROFILE"))])
}
