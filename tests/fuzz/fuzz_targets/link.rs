//! The token of a share link: what its payload says is read in one way, the token is opened in one spelling, and a text
//! that Darkroom did not seal opens nothing.

#![no_main]

use darkroom_domain::album::Shared;
use darkroom_domain::token::MacKey;
use libfuzzer_sys::fuzz_target;

const KEY: MacKey = MacKey::new([7; 32]);

fuzz_target!(|data: &[u8]| {
    if let Ok(token) = std::str::from_utf8(data) {
        assert_eq!(KEY.open(token, b""), None, "a forged link");
    }
    let [at, byte, payload @ ..] = data else { return };
    let Some(shared) = Shared::read(payload) else { return };
    assert_eq!(shared.to_bytes(), payload);
    let token = KEY.seal(payload, b"");
    assert!(token.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'), "{token}");
    let opened = KEY.open(&token, b"").expect("a token of ours");
    assert_eq!(Shared::read(&opened), Some(shared));
    assert_eq!(MacKey::new([8; 32]).open(&token, b""), None, "the key of another purpose");
    assert_eq!(KEY.open(&token, b"mine"), None, "as a cursor");
    let mut changed = token.clone().into_bytes();
    let at = usize::from(*at) % changed.len();
    if changed[at] != *byte {
        changed[at] = *byte;
        assert_eq!(KEY.open(&String::from_utf8_lossy(&changed), b""), None, "another spelling of {token}");
    }
});
