//! The secret of the pool's one client. Cognito takes an unsigned call only with a hash of this secret, so the client's
//! id, which is in every token, is useless alone.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac};
use sha2::Sha256;

/// The secret. Not `Debug`.
#[derive(Clone)]
pub(super) struct ClientSecret(String);

impl ClientSecret {
    pub(super) fn new(secret: impl Into<String>) -> Self {
        Self(secret.into())
    }

    /// For the calls that take the secret itself, because they identify the user by a token, not by a name.
    pub(super) fn plain(&self) -> &str {
        &self.0
    }

    /// Cognito's `SECRET_HASH`: HMAC-SHA256 of the user's name, as the call has it, and the client's id.
    pub(super) fn hash(&self, username: &str, client_id: &str) -> String {
        // HMAC takes a key of any length, so this cannot fail.
        let mut mac = Hmac::<Sha256>::new_from_slice(self.0.as_bytes()).expect("a key of any length");
        mac.update(username.as_bytes());
        mac.update(client_id.as_bytes());
        STANDARD.encode(mac.finalize().into_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `printf ada@example.comclient-1 | openssl dgst -sha256 -hmac secret-1 -binary | base64`
    const HASH: &str = "DfMN4w/CYI7mqr0PBwfAERq2gnkpZKFZpc5SlAueY2E=";

    #[test]
    fn the_hash_is_the_one_that_cognito_computes() {
        assert_eq!(ClientSecret::new("secret-1").hash("ada@example.com", "client-1"), HASH);
        assert_ne!(ClientSecret::new("secret-2").hash("ada@example.com", "client-1"), HASH);
    }
}
