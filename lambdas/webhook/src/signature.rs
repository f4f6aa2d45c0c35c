//! The secret of a webhook, which is derived and never stored, and its signatures. Header names, the form of the secret
//! and the signed text are those of the Standard Webhooks convention, so that its libraries can verify them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use darkroom_aws::webhooks::Webhook;
use darkroom_domain::id::OwnerId;
use darkroom_domain::token::MacKey;
use time::{Duration, OffsetDateTime};

/// How long the secret before still signs, so that there is time to give the new one to the receiver.
const OVERLAP: Duration = Duration::days(1);

/// What a user shares with their receiver. Not `Debug`: it is a secret.
#[derive(Clone)]
pub struct Secret(MacKey);

impl Secret {
    /// The secret of this user and moment: it cannot be made without the purpose's key, and no other user or moment has
    /// the same.
    fn derived(key: &MacKey, owner: &OwnerId, made: i64) -> Self {
        // No owner's id has a space in it, so no two of these are the same text.
        Self(MacKey::new(key.mac(format!("{owner} {made}").as_bytes())))
    }

    /// The webhook's secret as it is now.
    pub fn of(key: &MacKey, owner: &OwnerId, webhook: &Webhook) -> Self {
        Self::derived(key, owner, webhook.secret_made)
    }

    /// All secrets with which receivers may verify: the current one, and for a day the one before.
    pub fn good(key: &MacKey, owner: &OwnerId, webhook: &Webhook, now: OffsetDateTime) -> Vec<Self> {
        let age = now.unix_timestamp_nanos() / 1_000_000 - i128::from(webhook.secret_made);
        let before =
            webhook.secret_before.filter(|made| *made != webhook.secret_made && age < OVERLAP.whole_milliseconds());
        std::iter::once(webhook.secret_made).chain(before).map(|made| Self::derived(key, owner, made)).collect()
    }

    /// The form in which a user hands it on. Its prefix says what it is.
    pub fn encoded(&self) -> String {
        format!("whsec_{}", STANDARD.encode(self.0.bytes()))
    }

    fn sign(&self, message: &str) -> String {
        format!("v1,{}", STANDARD.encode(self.0.mac(message.as_bytes())))
    }
}

/// The header `webhook-signature`: over id, time and body, once with each secret.
pub fn signature(secrets: &[Secret], id: &str, timestamp: i64, body: &str) -> String {
    let message = format!("{id}.{timestamp}.{body}");
    secrets.iter().map(|secret| secret.sign(&message)).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    const NOW: OffsetDateTime = datetime!(2026-01-31 12:00:00 UTC);
    const KEY: MacKey = MacKey::new([7; 32]);

    fn webhook(made: i64, before: Option<i64>) -> Webhook {
        Webhook {
            url: "https://hooks.example.com/".into(),
            created_at: String::new(),
            updated_at: String::new(),
            secret_made: made,
            secret_before: before,
            delivered_at: None,
            failure: None,
            failing_since: None,
            disabled_at: None,
            disabled_because: None,
        }
    }

    fn ada() -> OwnerId {
        OwnerId::parse("ada").unwrap()
    }

    #[test]
    fn what_is_signed_is_what_the_convention_says() {
        // Made by the package `standardwebhooks` of PyPI, 1.1.0, with the secret that `encoded` gives for thirty-two 7s.
        let secret = Secret(KEY);
        assert_eq!(secret.encoded(), "whsec_BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=");
        assert_eq!(
            signature(&[secret], "event-1", 1_769_860_800, r#"{"test": 1}"#),
            "v1,8dx018GcE8nOWiBT6XURtLx0X3rgu0igMdSJLXopnN0="
        );
    }

    #[test]
    fn every_user_and_every_moment_has_another_secret() {
        let mut encoded: Vec<_> = [("ada", 1), ("ada", 2), ("eve", 1), ("ada-1", 1), ("ada", 11)]
            .map(|(owner, made)| Secret::of(&KEY, &OwnerId::parse(owner).unwrap(), &webhook(made, None)).encoded())
            .into();
        encoded.push(Secret::of(&MacKey::new([8; 32]), &ada(), &webhook(1, None)).encoded());
        encoded.sort();
        encoded.dedup();
        assert_eq!(encoded.len(), 6);
        assert_eq!(
            Secret::of(&KEY, &ada(), &webhook(1, None)).encoded(),
            Secret::of(&KEY, &ada(), &webhook(1, Some(0))).encoded()
        );
    }

    #[test]
    fn a_secret_that_was_replaced_is_good_for_a_day() {
        let made = |age: Duration| i64::try_from((NOW - age).unix_timestamp_nanos() / 1_000_000).unwrap();
        for (age, before, expected) in [
            (Duration::ZERO, Some(5), 2),
            (Duration::hours(23), Some(5), 2),
            (Duration::hours(24), Some(5), 1),
            (Duration::ZERO, None, 1),
            (Duration::ZERO, Some(made(Duration::ZERO)), 1),
        ] {
            let secrets = Secret::good(&KEY, &ada(), &webhook(made(age), before), NOW);
            assert_eq!(secrets.len(), expected, "{age}");
            assert_eq!(secrets[0].encoded(), Secret::of(&KEY, &ada(), &webhook(made(age), before)).encoded());
            assert_eq!(signature(&secrets, "1", 2, "3").split(' ').count(), expected);
        }
    }
}
