//! The URL of a webhook. Its grammar is stricter than the standard on purpose, so that no two parsers can disagree
//! about the host.

/// The longest URL that is accepted.
const LONGEST: usize = 2048;
/// The longest name that DNS knows.
const LONGEST_HOST: usize = 253;

/// The hosts that the operator allows with any address, port and scheme, for example in a private network.
#[derive(Clone, Debug, Default)]
pub struct Trusted(Vec<String>);

impl Trusted {
    /// As the environment gives them, with commas between.
    pub fn listed(hosts: &str) -> Self {
        Self(hosts.split(',').map(str::trim).filter(|host| !host.is_empty()).map(Into::into).collect())
    }

    /// True if this is one of them.
    pub fn contains(&self, host: &str) -> bool {
        self.0.iter().any(|trusted| trusted.eq_ignore_ascii_case(host))
    }
}

/// A URL that may be called, by all checks before its name is looked up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Destination {
    url: String,
    host: String,
}

impl Destination {
    /// Reads a URL, or says what is wrong with it, in words that do not repeat it.
    pub fn parse(url: &str, trusted: &Trusted) -> Result<Self, &'static str> {
        if url.len() > LONGEST {
            return Err("must have at most 2048 characters");
        }
        let Some((scheme, rest)) = url.split_once("://") else { return Err("must begin with https://") };
        let (authority, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        if authority.contains('@') {
            return Err("must not name a user or a password");
        }
        let (host, port) = match authority.split_once(':') {
            Some((host, port)) => (host, Some(port_number(port).ok_or("must have a port from 1 to 65535, or none")?)),
            None => (authority, None),
        };
        let this = Self { url: url.into(), host: host.to_ascii_lowercase() };
        if !path.bytes().all(is_of_a_path) {
            return Err("must have no fragment, and only characters that a URL may have");
        }
        if trusted.contains(host) && matches!(scheme, "https" | "http") {
            return Ok(this);
        }
        if scheme != "https" {
            return Err("must begin with https://");
        }
        if !is_public_name(&this.host) {
            return Err("must name a host by a public domain name, not by an address");
        }
        // Lower ports are those of services other than the web.
        if port.is_some_and(|port| port != 443 && port < 1024) {
            return Err("must have port 443, or one from 1024");
        }
        Ok(this)
    }

    /// The URL to call. Not for logs: a query may hold a secret.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The part of it that may be logged.
    pub fn host(&self) -> &str {
        &self.host
    }
}

fn port_number(text: &str) -> Option<u16> {
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().filter(|port| digits && *port > 0)
}

/// Labels of letters, digits and hyphens, at least two of them, the last beginning with a letter: so no spelling of an
/// IPv4 address (`127.1`, `0x7f.0.0.1`, `2130706433`), which resolvers read as one, and nothing of the local search list.
fn is_public_name(host: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let labels: Vec<&str> = host.split('.').collect();
    host.len() <= LONGEST_HOST
        && labels.len() > 1
        && labels.iter().all(|label| is_label(label))
        && labels.last().is_some_and(|last| last.starts_with(|c: char| c.is_ascii_alphabetic()))
}

/// RFC 3986's, for path and query.
fn is_of_a_path(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b"-._~%!$&'()*+,;=:@/?".contains(&b)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use ureq::http::Uri;

    fn refusal(url: &str) -> Option<&'static str> {
        Destination::parse(url, &Trusted::default()).err()
    }

    #[test]
    fn what_a_webhook_may_be() {
        for (url, host) in [
            ("https://hooks.example.com", "hooks.example.com"),
            ("https://hooks.example.com/", "hooks.example.com"),
            ("https://Hooks.Example.com/a?key=b%20c&x=y@z:1", "hooks.example.com"),
            ("https://hooks.example.com?x=1", "hooks.example.com"),
            ("https://a.xn--p1ai:443/~x/(y)", "a.xn--p1ai"),
            ("https://1.2.3.example:8443/", "1.2.3.example"),
        ] {
            assert_eq!(Destination::parse(url, &Trusted::default()).unwrap().host(), host);
        }
    }

    #[test]
    fn what_it_may_not_be() {
        for url in [
            "",
            "hooks.example.com",
            "https:hooks.example.com",
            "http://hooks.example.com/",
            "ftp://hooks.example.com/",
            "HTTPS://hooks.example.com/",
            "file:///etc/passwd",
            "https://",
            "https:///x",
            "https://?x",
            "https://ada@hooks.example.com/",
            "https://ada:pw@hooks.example.com/",
            "https://hooks.example.com@10.0.0.1/",
            "https://hooks.example.com\\@10.0.0.1/",
            "https://hooks.example.com#@10.0.0.1/",
            "https://hooks.example.com/#x",
            "https://localhost/",
            "https://localhost./",
            "https://hooks.example.com./",
            "https://hooks/",
            "https://.com/",
            "https://127.0.0.1/",
            "https://127.1/",
            "https://2130706433/",
            "https://0x7f.0.0.1/",
            "https://0177.0.0.1/",
            "https://a.0x7f/",
            "https://[::1]/",
            "https://[::1]:443/",
            "https://[::ffff:127.0.0.1]/",
            "https://127.0.0.1:9001/",
            "https://hooks.example.com:0/",
            "https://hooks.example.com:65536/",
            "https://hooks.example.com:/",
            "https://hooks.example.com:+443/",
            "https://hooks.example.com:443:443/",
            "https://hooks.example.com:22/",
            "https://hooks.example.com:1023/",
            "https://-hooks.example.com/",
            "https://hooks-.example.com/",
            "https://ho_oks.example.com/",
            "https://ho%6fks.example.com/",
            "https://hööks.example.com/",
            "https://hooks.example.com/ x",
            "https://hooks.example.com/\n",
            "https://hooks.example.com/\u{202e}",
            "https://hooks.example.com/<x>",
            "https://hooks.example.com/\"",
            " https://hooks.example.com/",
        ] {
            let refused = refusal(url).unwrap_or_else(|| panic!("{url:?} is taken"));
            assert!(!refused.contains("example"), "the message repeats nothing");
        }
        assert!(refusal(&format!("https://hooks.example.com/{}", "x".repeat(2048))).is_some());
        assert!(refusal(&format!("https://{}.com/", "a".repeat(64))).is_some());
        assert!(refusal(&format!("https://{}com/", "a.".repeat(126))).is_some());
    }

    #[test]
    fn a_host_that_the_operator_vouches_for_may_be_anywhere_and_only_that_host() {
        let trusted = Trusted::listed("127.0.0.1, hooks.internal,");
        for url in ["http://127.0.0.1:4567/x", "https://hooks.internal:22/", "http://HOOKS.internal/"] {
            assert!(Destination::parse(url, &trusted).is_ok(), "{url}");
        }
        for url in [
            "http://127.0.0.2/",
            "http://127.0.0.1.example.com/",
            "http://x@127.0.0.1/",
            "ftp://127.0.0.1/",
            "http://hooks.internal.example.com/",
            "http:///",
            "http://127.0.0.1:99999/",
            "http://127.0.0.1/#x",
        ] {
            assert!(Destination::parse(url, &trusted).is_err(), "{url}");
        }
        assert!(!Trusted::listed("").contains(""));
    }

    proptest! {
        /// The HTTP client reads the same host that was checked here.
        #[test]
        fn the_client_reads_the_same_host(url in "https://[a-zA-Z0-9.:@\\[\\]\\\\#?/%-]{1,40}\\.(com|de)([:/?][ -~]{0,30})?") {
            if let Ok(destination) = Destination::parse(&url, &Trusted::default()) {
                let read: Uri = destination.url().parse().unwrap();
                prop_assert_eq!(read.host().unwrap().to_ascii_lowercase(), destination.host());
                prop_assert_eq!(read.scheme_str(), Some("https"));
            }
        }
    }
}
