//! Opaque tokens that only Darkroom can make or read. A client hands back a cursor and passes on a share link; both are
//! sealed, so that Darkroom stores nothing about them and their holder learns no ids, owners or times (R59).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac};
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use sha2::Sha256;

/// The version of a token's layout: this byte, the nonce, the sealed payload with its tag. Version 1 was not encrypted,
/// and is not read any more.
const VERSION: u8 = 2;

/// The purpose of a key. Each has a key of its own, so that a token of one purpose is invalid for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// The cursors of lists.
    Cursor,
    /// Share links to albums.
    Share,
    /// The signatures of webhooks.
    Webhook,
}

impl Purpose {
    /// The label from which the environment's key derives this purpose's key.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Cursor => "darkroom cursor v2",
            Self::Share => "darkroom share v2",
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

    /// The key itself, for the receiver of a webhook, who authenticates with it too.
    pub const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// HMAC-SHA256 of a message.
    pub fn mac(&self, message: &[u8]) -> [u8; 32] {
        let mut mac = self.hmac();
        mac.update(message);
        mac.finalize().into_bytes().into()
    }

    /// A token with this payload, valid only in the same context. The same payload and context give the same token, so
    /// an answer that holds one keeps its `ETag`, and a share link its URL. Safe in a URL.
    pub fn seal(&self, payload: &[u8], context: &[u8]) -> String {
        let nonce = self.nonce(payload, context);
        let mut sealed = payload.to_vec();
        self.cipher()
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(context), &mut sealed)
            .expect("the cipher takes payloads of gigabytes");
        URL_SAFE_NO_PAD.encode([&[VERSION][..], &nonce, &sealed].concat())
    }

    /// The payload of our token, if it was made for this context and not changed.
    pub fn open(&self, token: &str, context: &[u8]) -> Option<Vec<u8>> {
        let mut bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (version, rest) = bytes.split_first_mut()?;
        let (nonce, sealed) = rest.split_first_chunk_mut::<NONCE_LEN>().filter(|_| *version == VERSION)?;
        let nonce = Nonce::assume_unique_for_key(*nonce);
        self.cipher().open_in_place(nonce, Aad::from(context), sealed).ok().map(|payload| payload.to_vec())
    }

    /// Computed from all that is sealed, by a key of its own: another message has another nonce, but for a chance of
    /// one in 2^96.
    fn nonce(&self, payload: &[u8], context: &[u8]) -> [u8; NONCE_LEN] {
        // Context and payload are told apart by the context's length.
        let length = (context.len() as u64).to_be_bytes();
        let whole = Self(self.mac(b"nonce")).mac(&[&length[..], context, payload].concat());
        *whole.first_chunk().expect("32 bytes are more than 12")
    }

    fn cipher(&self) -> LessSafeKey {
        let key = UnboundKey::new(&CHACHA20_POLY1305, &self.mac(b"seal"));
        LessSafeKey::new(key.expect("ChaCha20 takes keys of 32 bytes"))
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
        for text in
            ["", "A", "Ag", "!", "a b", "ü", &"A".repeat(21), &"A".repeat(22), &"A".repeat(39), &"A".repeat(5000)]
        {
            assert_eq!(KEY.open(text, b""), None, "{text}");
        }
    }

    #[test]
    fn another_version_is_refused_even_if_all_else_is_ours() {
        let mut bytes = URL_SAFE_NO_PAD.decode(KEY.seal(b"x", b"")).unwrap();
        bytes[0] = 1;
        assert_eq!(KEY.open(&URL_SAFE_NO_PAD.encode(bytes), b""), None);
    }

    #[test]
    fn r59_a_token_of_the_plain_layout_before_is_refused() {
        // Version 1: version, payload, half a MAC over the context's length, the context and these.
        let body = [&[1][..], b"payload"].concat();
        let tag = KEY.mac(&[&5_u64.to_be_bytes()[..], b"album", &body].concat());
        let token = URL_SAFE_NO_PAD.encode([&body[..], &tag[..16]].concat());
        assert_eq!(KEY.open(&token, b"album"), None);
    }

    #[test]
    fn the_same_thing_has_the_same_token() {
        assert_eq!(KEY.seal(b"payload", b"context"), KEY.seal(b"payload", b"context"));
        assert_ne!(KEY.seal(b"payload", b"context"), KEY.seal(b"payload", b"contexts"));
        // Told apart by the context's length, or these two would share a nonce.
        assert_ne!(KEY.seal(b"payload", b"context")[..17], KEY.seal(b"tpayload", b"contex")[..17]);
    }

    proptest! {
        #[test]
        fn a_token_is_opened_where_it_was_made_for(payload in vec(any::<u8>(), 0..80), context in vec(any::<u8>(), 0..80)) {
            let token = KEY.seal(&payload, &context);
            prop_assert!(token.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'));
            prop_assert_eq!(KEY.open(&token, &context), Some(payload));
        }

        #[test]
        fn r59_nothing_of_the_payload_can_be_read_in_it(payload in vec(any::<u8>(), 16..80), context in vec(any::<u8>(), 0..40)) {
            let token = URL_SAFE_NO_PAD.decode(KEY.seal(&payload, &context)).unwrap();
            for eight in payload.windows(8) {
                prop_assert!(!token.windows(8).any(|some| some == eight));
            }
            // Nor that two payloads begin alike: all behind the nonce differs.
            let mut other = payload.clone();
            *other.last_mut().unwrap() ^= 1;
            let other = URL_SAFE_NO_PAD.decode(KEY.seal(&other, &context)).unwrap();
            prop_assert_ne!(&token[1..5], &other[1..5]);
            prop_assert_ne!(&token[13..17], &other[13..17]);
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
