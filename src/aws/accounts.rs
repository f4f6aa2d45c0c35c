//! A user's items beside images: a profile, and the usage of a day.

use super::error::sdk_error;
use super::records::{partition, read_batch, text};
use super::table::Table;
use super::tickets::{Usage, usage, usage_key};
use aws_sdk_dynamodb::types::{AttributeValue, KeysAndAttributes, ReturnValue};
use darkroom_domain::id::OwnerId;
use darkroom_domain::timestamp::rfc3339;
use darkroom_domain::{Error, ErrorCode};
use serde::Deserialize;
use std::collections::{HashMap, HashSet};
use time::OffsetDateTime;

/// What a user says of themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Profile {
    /// The name that other users see, if one was given.
    #[serde(default)]
    pub display_name: Option<String>,
    /// Whether other users may see whose public photos these are.
    #[serde(default)]
    pub listed: bool,
}

/// May read profiles.
pub trait ReadProfile {
    /// The user's own.
    fn read_profile(&self, owner: &OwnerId) -> impl Future<Output = Result<Profile, Error>>;
}

/// May read the profiles that their owners list.
pub trait ReadListed {
    /// The names of those of these users (100 at most) who list their profile.
    fn read_listed(&self, owners: &HashSet<&OwnerId>) -> impl Future<Output = Result<HashMap<OwnerId, String>, Error>>;
}

/// May change profiles.
pub trait ChangeProfile {
    /// Gives the user this name, and lists the profile or not, if that is given. The profile after that.
    fn change_profile(
        &self,
        owner: &OwnerId,
        name: &str,
        listed: Option<bool>,
        now: OffsetDateTime,
    ) -> impl Future<Output = Result<Profile, Error>>;
}

/// May read what users have used.
pub trait ReadUsage {
    /// What the user has used of this moment's day.
    fn read_usage(&self, owner: &OwnerId, now: OffsetDateTime) -> impl Future<Output = Result<Usage, Error>>;
}

impl ReadProfile for Table {
    async fn read_profile(&self, owner: &OwnerId) -> Result<Profile, Error> {
        let call = self.get_item().set_key(Some(profile_key(owner))).consistent_read(true);
        let answer = call.send().await;
        let answer = answer.map_err(|error| sdk_error("read the profile", ErrorCode::TransientUnavailable, &error))?;
        profile(answer.item.unwrap_or_default())
    }
}

impl ReadListed for Table {
    async fn read_listed(&self, owners: &HashSet<&OwnerId>) -> Result<HashMap<OwnerId, String>, Error> {
        if owners.is_empty() {
            return Ok(HashMap::new());
        }
        let keys = owners.iter().map(|owner| profile_key(owner)).collect();
        let wanted =
            KeysAndAttributes::builder().set_keys(Some(keys)).projection_expression("pk, display_name, listed");
        let items = read_batch(self, "read profiles", wanted).await?;
        let mut listed = HashMap::new();
        for mut item in items {
            let pk = item.remove("pk");
            let owner = pk.as_ref().and_then(|pk| pk.as_s().ok()?.strip_prefix("USER#"));
            if let (Some(owner), Profile { display_name: Some(name), listed: true }) = (owner, profile(item)?) {
                listed.insert(OwnerId::parse(owner)?, name);
            }
        }
        Ok(listed)
    }
}

impl ChangeProfile for Table {
    async fn change_profile(
        &self,
        owner: &OwnerId,
        name: &str,
        listed: Option<bool>,
        now: OffsetDateTime,
    ) -> Result<Profile, Error> {
        let also = if listed.is_some() { ", listed = :listed" } else { "" };
        let call = self
            .update_item()
            .set_key(Some(profile_key(owner)))
            .update_expression(format!("SET display_name = :name, updated_at = :now{also}"))
            .expression_attribute_values(":name", text(name))
            .expression_attribute_values(":now", text(rfc3339(now)))
            .return_values(ReturnValue::AllNew);
        let call = match listed {
            Some(listed) => call.expression_attribute_values(":listed", AttributeValue::Bool(listed)),
            None => call,
        };
        let answer = call.send().await;
        let answer =
            answer.map_err(|error| sdk_error("change the profile", ErrorCode::TransientUnavailable, &error))?;
        profile(answer.attributes.unwrap_or_default())
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

fn profile(item: HashMap<String, AttributeValue>) -> Result<Profile, Error> {
    let unreadable = |why: serde_dynamo::Error| Error::new(ErrorCode::WorkerBadInput, format!("profile: {why}"));
    serde_dynamo::from_item(item).map_err(unreadable)
}

fn profile_key(owner: &OwnerId) -> HashMap<String, AttributeValue> {
    HashMap::from([("pk".into(), partition(owner)), ("sk".into(), text("PROFILE"))])
}
