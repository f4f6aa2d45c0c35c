//! Opaque tokens that nobody but Darkroom can make: what a client hands back (a cursor) or passes on (a share link) is
//! authenticated, so that nothing has to be remembered about it. Not encrypted: a payload is no secret, only whole.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac};
use sha2::Sha256;

/// The layout of a token. Another one gets another number, and then both can be read for a while.
const VERSION: u8 = 1;
/// Half of HMAC-SHA256: 128 bits that an online attacker would have to guess, and a URL a third shorter.
const TAG: usize = 16;

/// What a key is for. Each purpose has a key of its own, so that a token of one is worth nothing as another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Where a list goes on.
    Cursor,
    /// A link to an album for people without an account.
    Share,
    /// The signatures of webhooks.
    Webhook,
}

impl Purpose {
    /// What the environment's key is asked to authenticate in order to make this purpose's key.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Cursor => "darkroom cursor v1",
            Self::Share => "darkroom share v1",
            Self::Webhook => "darkroom webhook v1",
        }
    }
}

/// The key of one purpose. Not `Debug`: it is a secret.
#[derive(Clone)]
pub struct MacKey([u8; 32]);

impl MacKey {
    /// A key of these bytes.
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The key itself, for somebody who is to authenticate with it too: the receiver of a webhook.
    pub const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// HMAC-SHA256 of a message.
    pub fn mac(&self, message: &[u8]) -> [u8; 32] {
        let mut mac = self.hmac();
        mac.update(message);
        mac.finalize().into_bytes().into()
    }

    /// A token with this payload, good only where the context is the same. Safe in a URL.
    pub fn seal(&self, payload: &[u8], context: &[u8]) -> String {
        let mut token = vec![VERSION];
        token.extend(payload);
        token.extend(&self.over(&token, context).finalize().into_bytes()[..TAG]);
        URL_SAFE_NO_PAD.encode(token)
    }

    /// The payload of a token of ours, if it was made for this context and not one bit of it was changed.
    pub fn open(&self, token: &str, context: &[u8]) -> Option<Vec<u8>> {
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (body, tag) = bytes.split_at_checked(bytes.len().checked_sub(TAG)?)?;
        // In constant time.
        self.over(body, context).verify_truncated_left(tag).ok()?;
        let (version, payload) = body.split_first()?;
        (*version == VERSION).then(|| payload.to_vec())
    }

    /// Context and body, told apart by the context's length.
    fn over(&self, body: &[u8], context: &[u8]) -> Hmac<Sha256> {
        let mut mac = self.hmac();
        mac.update(&(context.len() as u64).to_be_bytes());
        mac.update(context);
        mac.update(body);
        mac
    }

    fn hmac(&self) -> Hmac<Sha256> {
        Hmac::new_from_slice(&self.0).expect("HMAC takes a key of any length")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::vec;
    use proptest::prelude::*;

    const KEY: MacKey = MacKey::new([7; 32]);

    #[test]
    fn the_mac_is_hmac_sha256() {
        // RFC 4231, test case 2, whose key is shorter than ours: HMAC fills up with zeros.
        let mut key = [0; 32];
        key[..4].copy_from_slice(b"Jefe");
        let mac = MacKey::new(key).mac(b"what do ya want for nothing?");
        assert_eq!(crate::hex(&mac), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    }

    #[test]
    fn purposes_differ() {
        let labels = [Purpose::Cursor, Purpose::Share, Purpose::Webhook].map(Purpose::label);
        assert!(labels[0] != labels[1] && labels[1] != labels[2] && labels[0] != labels[2]);
    }

    #[test]
    fn what_is_no_token_is_refused() {
        for text in ["", "A", "AQ", "!", "a b", "ü", &"A".repeat(21), &"A".repeat(22), &"A".repeat(5000)] {
            assert_eq!(KEY.open(text, b""), None, "{text}");
        }
    }

    #[test]
    fn another_version_is_refused_even_if_it_is_ours() {
        let body = [VERSION + 1, b'x'];
        let tag = KEY.over(&body, b"").finalize().into_bytes();
        let token = URL_SAFE_NO_PAD.encode([&body[..], &tag[..TAG]].concat());
        assert_eq!(KEY.open(&token, b""), None);
    }

    proptest! {
        #[test]
        fn a_token_is_opened_where_it_was_made_for(payload in vec(any::<u8>(), 0..80), context in vec(any::<u8>(), 0..80)) {
            let token = KEY.seal(&payload, &context);
            prop_assert!(token.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'));
            prop_assert_eq!(KEY.open(&token, &context), Some(payload));
        }

        #[test]
        fn r37_every_changed_bit_is_noticed(payload in vec(any::<u8>(), 0..40), at in any::<prop::sample::Index>()) {
            let bytes = URL_SAFE_NO_PAD.decode(KEY.seal(&payload, b"context")).unwrap();
            let bit = at.index(bytes.len() * 8);
            let mut changed = bytes;
            changed[bit / 8] ^= 1 << (bit % 8);
            prop_assert_eq!(KEY.open(&URL_SAFE_NO_PAD.encode(changed), b"context"), None);
        }

        #[test]
        fn r37_every_changed_character_is_noticed(
            payload in vec(any::<u8>(), 0..40), at in any::<prop::sample::Index>(), other in "[A-Za-z0-9_=+/ -]"
        ) {
            let mut token = KEY.seal(&payload, b"context");
            let at = at.index(token.len());
            prop_assume!(token[at..=at] != other);
            token.replace_range(at..=at, &other);
            prop_assert_eq!(KEY.open(&token, b"context"), None);
        }

        #[test]
        fn r37_a_token_is_worth_nothing_elsewhere(
            payload in vec(any::<u8>(), 0..40), context in vec(any::<u8>(), 0..40), other in vec(any::<u8>(), 0..40),
            key in any::<[u8; 32]>(),
        ) {
            let token = KEY.seal(&payload, &context);
            prop_assume!(context != other && key != KEY.0);
            prop_assert_eq!(KEY.open(&token, &other), None);
            prop_assert_eq!(MacKey::new(key).open(&token, &context), None);
        }

        #[test]
        fn a_token_cannot_be_cut_or_extended(payload in vec(any::<u8>(), 1..40), more in "[A-Za-z0-9_-]{1,8}") {
            let token = KEY.seal(&payload, b"");
            prop_assert_eq!(KEY.open(&format!("{token}{more}"), b""), None);
            prop_assert_eq!(KEY.open(&token[..token.len() - more.len()], b""), None);
        }
    }
}
