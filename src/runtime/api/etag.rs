//! Names an answer by its bytes, and finds that name in the client's `If-None-Match` (RFC 9110, section 13.1.2).

use super::{Answer, Request};
use sha2::{Digest, Sha256};

impl Answer {
    /// An answer that may be cached, as `cache-control` says, under an entity tag: a client that has it gets a 304.
    #[must_use]
    pub fn kept(self, cache_control: &str, request: &Request) -> Self {
        let etag = of(self.body().unwrap_or_default());
        let known = is_known(request.header("if-none-match").unwrap_or_default(), &etag);
        let answer = if known { Self::empty(304) } else { self };
        answer.with("etag", &etag).with("cache-control", cache_control)
    }
}

/// The entity tag of these bytes.
fn of(body: &str) -> String {
    format!("\"{}\"", darkroom_domain::hex(&Sha256::digest(body)[..16]))
}

/// True if `If-None-Match` names it. The comparison is weak, because a cache on the way may have weakened the tag.
fn is_known(if_none_match: &str, etag: &str) -> bool {
    if_none_match
        .split(',')
        .map(str::trim)
        .any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == etag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_bytes_have_the_same_name() {
        assert_eq!(of("a"), of("a"));
        assert_ne!(of("a"), of("b"));
        assert_eq!(of("a").len(), 34);
    }

    #[test]
    fn a_client_may_know_it_in_many_ways() {
        for header in ["\"x\"", "W/\"x\"", "\"a\", \"x\"", " \"a\" ,W/\"x\" ", "*"] {
            assert!(is_known(header, "\"x\""), "{header}");
        }
        for header in ["", "x", "\"y\"", "\"X\"", "w/\"x\"", "\"a\", \"b\""] {
            assert!(!is_known(header, "\"x\""), "{header}");
        }
    }
}
