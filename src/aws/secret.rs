//! Secrets that are written down nowhere: the environment's HMAC key never leaves KMS, which is asked once for the MAC
//! of a fixed label. Those 32 bytes, known to nobody without `kms:GenerateMac` on that key, are the key of everything
//! that this sandbox then authenticates by itself.

use super::error::named;
use aws_sdk_kms::Client;
use aws_sdk_kms::primitives::Blob;
use aws_sdk_kms::types::MacAlgorithmSpec;
use darkroom_domain::token::{Key, Purpose};
use darkroom_domain::{Error, ErrorCode};
use std::sync::OnceLock;

/// May have keys made of the environment's HMAC key.
pub trait DeriveKey {
    /// The key of this purpose.
    fn derive_key(&self, key_arn: &str, purpose: Purpose) -> impl Future<Output = Result<Key, Error>>;
}

impl DeriveKey for Client {
    async fn derive_key(&self, key_arn: &str, purpose: Purpose) -> Result<Key, Error> {
        let call = self.generate_mac().key_id(key_arn).mac_algorithm(MacAlgorithmSpec::HmacSha256);
        let answer = call.message(Blob::new(purpose.label())).send().await;
        let answer = answer.map_err(|error| named("derive a key", ErrorCode::TransientUnavailable, &error))?;
        let bytes = answer.mac().map(Blob::as_ref).unwrap_or_default().try_into();
        bytes.map(Key::new).map_err(|_| Error::new(ErrorCode::WorkerBug, "derive a key: the MAC has not 32 bytes"))
    }
}

/// The key of one purpose, derived when it is first needed and kept as long as the sandbox lives.
pub struct Secret<K> {
    kms: K,
    key_arn: String,
    purpose: Purpose,
    derived: OnceLock<Key>,
}

impl<K: DeriveKey> Secret<K> {
    /// Not derived yet: a start without a call, and no failure before somebody needs it.
    pub fn new(kms: K, key_arn: impl Into<String>, purpose: Purpose) -> Self {
        Self { kms, key_arn: key_arn.into(), purpose, derived: OnceLock::new() }
    }

    /// The key.
    pub async fn key(&self) -> Result<&Key, Error> {
        if let Some(key) = self.derived.get() {
            return Ok(key);
        }
        let key = self.kms.derive_key(&self.key_arn, self.purpose).await?;
        // Should two requests have asked at once, both were given the same.
        Ok(self.derived.get_or_init(|| key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_kms::operation::generate_mac::GenerateMacOutput;
    use aws_smithy_mocks::{Rule, RuleMode, mock, mock_client};

    fn answers(mac: Vec<u8>) -> Rule {
        mock!(Client::generate_mac)
            .match_requests(|call| {
                call.key_id() == Some("arn:key")
                    && call.mac_algorithm() == Some(&MacAlgorithmSpec::HmacSha256)
                    && call.message() == Some(&Blob::new("darkroom share v1"))
            })
            .then_output(move || GenerateMacOutput::builder().mac(Blob::new(mac.clone())).build())
    }

    fn secret(rule: &Rule) -> Secret<Client> {
        Secret::new(mock_client!(aws_sdk_kms, RuleMode::MatchAny, [rule]), "arn:key", Purpose::Share)
    }

    #[tokio::test]
    async fn kms_is_asked_once_and_only_when_needed() {
        let rule = answers(vec![9; 32]);
        let secret = secret(&rule);
        assert_eq!(rule.num_calls(), 0);
        for _ in 0..3 {
            assert_eq!(secret.key().await.unwrap().mac(b"x"), Key::new([9; 32]).mac(b"x"));
        }
        assert_eq!(rule.num_calls(), 1);
    }

    #[tokio::test]
    async fn a_key_of_another_length_is_none() {
        for length in [0, 31, 33] {
            let rule = answers(vec![9; length]);
            assert_eq!(secret(&rule).key().await.err().unwrap().code, ErrorCode::WorkerBug);
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
        let secret = secret(&rule);
        assert!(secret.key().await.is_err());
        assert!(secret.key().await.is_ok());
    }
}
