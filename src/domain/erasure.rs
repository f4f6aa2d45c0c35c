//! The erasure of an account: the message that the API sends when the owner asks, and when the erasure ends.

use crate::id::OwnerId;
use crate::settings::{IDENTITY, LIMITS};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// A message of the queue of erasures. While it is there, the account is not erased.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Erasure {
    /// The owner of the account.
    pub owner_id: OwnerId,
    /// When it was asked for, in seconds since 1970.
    pub asked_at: i64,
}

/// How long after the request something of the owner may still arrive. The gateway takes an id token until it expires,
/// even if its user is deleted, and a ticket from its last second is valid for a while longer.
pub fn afterwards() -> Duration {
    let tolerance = Duration::from_mins(5);
    Duration::from_secs(IDENTITY.token_minutes * 60 + LIMITS.upload_url_s) + tolerance
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_small_and_read_back() {
        let erasure = Erasure { owner_id: OwnerId::parse("ada").unwrap(), asked_at: 1_769_860_807 };
        let text = serde_json::to_string(&erasure).unwrap();
        assert_eq!(text, r#"{"owner_id":"ada","asked_at":1769860807}"#);
        assert_eq!(serde_json::from_str::<Erasure>(&text).unwrap(), erasure);
        assert!(serde_json::from_str::<Erasure>(r#"{"owner_id":"../a","asked_at":1}"#).is_err());
    }

    #[test]
    fn r58_the_last_look_is_later_than_whatever_a_token_can_bring() {
        assert_eq!(afterwards(), Duration::from_mins(60 + 15 + 5));
        // SQS hides a message for twelve hours at most.
        assert!(afterwards() < Duration::from_hours(12));
    }
}
