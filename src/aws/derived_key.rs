//! Keys that are derived and never stored. The environment's HMAC key never leaves KMS; a sandbox asks KMS once for the
//! MAC of a fixed label. Only a caller with `kms:GenerateMac` on that key can get these 32 bytes, with which the
//! sandbox then seals and authenticates by itself.

use super::error::sdk_error;
use aws_sdk_kms::Client;
use aws_sdk_kms::primitives::Blob;
use aws_sdk_kms::types::MacAlgorithmSpec;
use darkroom_domain::token::{MacKey, Purpose};
use darkroom_domain::{Error, ErrorCode};
use std::sync::OnceLock;

/// May derive keys from the environment's HMAC key.
pub trait DeriveKey {
    /// The key of this purpose.
    fn derive_key(&self, key_arn: &str, purpose: Purpose) -> impl Future<Output = Result<MacKey, Error>>;
}

impl DeriveKey for Client {
    async fn derive_key(&self, key_arn: &str, purpose: Purpose) -> Result<MacKey, Error> {
        let call = self.generate_mac().key_id(key_arn).mac_algorithm(MacAlgorithmSpec::HmacSha256);
        let answer = call.message(Blob::new(purpose.label())).send().await;
        let answer = answer.map_err(|error| sdk_error("derive a key", ErrorCode::TransientUnavailable, &error))?;
        let bytes = answer.mac().map(Blob::as_ref).unwrap_or_default().try_into();
        bytes.map(MacKey::new).map_err(|_| Error::new(ErrorCode::WorkerBug, "derive a key: the MAC has not 32 bytes"))
    }
}

/// The key of one purpose, derived when it is first needed and kept as long as the sandbox lives.
pub struct DerivedKey<K> {
    kms: K,
    key_arn: String,
    purpose: Purpose,
    derived: OnceLock<MacKey>,
}

impl<K: DeriveKey> DerivedKey<K> {
    /// A key that is not derived yet, so that a start makes no call and cannot fail over it.
    pub fn new(kms: K, key_arn: impl Into<String>, purpose: Purpose) -> Self {
        Self { kms, key_arn: key_arn.into(), purpose, derived: OnceLock::new() }
    }

    /// The key.
    pub async fn key(&self) -> Result<&MacKey, Error> {
        if let Some(key) = self.derived.get() {
            return Ok(key);
        }
        let key = self.kms.derive_key(&self.key_arn, self.purpose).await?;
        // If two requests asked at once, both got the same key.
        Ok(self.derived.get_or_init(|| key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_kms::operation::generate_mac::GenerateMacOutput;
    use darkroom_mocks::{Rule, RuleMode, mock, mock_client};

    fn answers(mac: Vec<u8>) -> Rule {
        mock!(Client::generate_mac)
            .match_requests(|call| {
                call.key_id() == Some("arn:key")
                    && call.mac_algorithm() == Some(&MacAlgorithmSpec::HmacSha256)
                    && call.message() == Some(&Blob::new("darkroom share v2"))
            })
            .then_output(move || GenerateMacOutput::builder().mac(Blob::new(mac.clone())).build())
    }

    fn derived(rule: &Rule) -> DerivedKey<Client> {
        DerivedKey::new(mock_client!(aws_sdk_kms, RuleMode::MatchAny, [rule]), "arn:key", Purpose::Share)
    }

    #[tokio::test]
    async fn kms_is_asked_once_and_only_when_needed() {
        let rule = answers(vec![9; 32]);
        let derived = derived(&rule);
        assert_eq!(rule.num_calls(), 0);
        for _ in 0..3 {
            assert_eq!(derived.key().await.unwrap().mac(b"x"), MacKey::new([9; 32]).mac(b"x"));
        }
        assert_eq!(rule.num_calls(), 1);
    }

    #[tokio::test]
    async fn a_key_of_another_length_is_none() {
        for length in [0, 31, 33] {
            let rule = answers(vec![9; length]);
            assert_eq!(derived(&rule).key().await.err().unwrap().code, ErrorCode::WorkerBug);
        }
    }

    #[tokio::test]
    async fn what_failed_once_is_tried_again() {
        use aws_sdk_kms::operation::generate_mac::GenerateMacError;
        use aws_sdk_kms::types::error::DisabledException;
        let rule = mock!(Client::generate_mac)
            .sequence()
            .error(|| GenerateMacError::DisabledException(DisabledException::builder().build()))
            .output(|| GenerateMacOutput::builder().mac(Blob::new([9; 32])).build())
            .build();
        let derived = derived(&rule);
        assert!(derived.key().await.is_err());
        assert!(derived.key().await.is_ok());
    }
}
