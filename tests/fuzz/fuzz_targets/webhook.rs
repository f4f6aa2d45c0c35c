//! The address of a webhook, as it is and as the host of a URL: an accepted one names a host by a public domain name, in
//! which the HTTP client, a browser's parser and a resolver see neither an address nor another host. And an address that
//! counts as public is none of the kinds that the standard library knows better.

#![no_main]

#[path = "../../../lambdas/webhook/src/address.rs"]
mod address;
#[path = "../../../lambdas/webhook/src/destination.rs"]
mod destination;

use destination::{Destination, Trusted};
use http::Uri;
use libfuzzer_sys::fuzz_target;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use url::{Host, Url};

fuzz_target!(|data: &[u8]| {
    if let Some(bytes) = data.first_chunk::<4>() {
        check_v4(Ipv4Addr::from(*bytes));
    }
    if let Some(bytes) = data.first_chunk::<16>() {
        check_v6(Ipv6Addr::from(*bytes));
    }
    let Ok(text) = std::str::from_utf8(data) else { return };
    match text.parse() {
        Ok(IpAddr::V4(v4)) => check_v4(v4),
        Ok(IpAddr::V6(v6)) => check_v6(v6),
        Err(_) => {}
    }
    for url in [text, &format!("https://{text}"), &format!("https://{text}.example/")] {
        check_url(url);
    }
});

fn check_url(text: &str) {
    let trusted = Trusted::listed("hooks.internal");
    let accepted = Destination::parse(text, &Trusted::default());
    if let Ok(vouched_for) = Destination::parse(text, &trusted) {
        assert!(accepted.as_ref() == Ok(&vouched_for) || vouched_for.host() == "hooks.internal", "{text:?}");
    }
    let Ok(destination) = accepted else { return };
    let host = destination.host();
    assert!(destination.url() == text && text.len() <= 2048, "{text:?}");
    assert!(host.parse::<IpAddr>().is_err() && !is_number_to_a_resolver(host), "{host}");

    let client: Uri = text.parse().expect("the client reads it");
    let authority = client.authority().expect("a host").as_str();
    assert_eq!((client.scheme_str(), client.host()), (Some("https"), authority.split(':').next()), "{text:?}");
    assert_eq!(client.host().expect("a host").to_ascii_lowercase(), host);
    assert!(client.port_u16().is_none_or(|port| port == 443 || port >= 1024), "{text:?}");

    match Url::parse(text) {
        Ok(browser) => {
            assert_eq!(browser.host(), Some(Host::Domain(host)), "{text:?}");
            assert!(browser.username().is_empty() && browser.password().is_none() && browser.fragment().is_none());
            assert_eq!(browser.port_or_known_default(), client.port_u16().or(Some(443)), "{text:?}");
        }
        // A label that says it is Punycode, and is not, names no host to a browser.
        Err(why) => assert!(host.split('.').any(|label| label.starts_with("xn--")), "{text:?}: {why}"),
    }
}

/// What `inet_aton` reads as an address: one to four numbers, in decimal, octal or hexadecimal.
fn is_number_to_a_resolver(host: &str) -> bool {
    let is_number = |part: &str| match part.strip_prefix("0x").or_else(|| part.strip_prefix("0X")) {
        Some(digits) => digits.bytes().all(|digit| digit.is_ascii_hexdigit()),
        None => !part.is_empty() && part.bytes().all(|digit| digit.is_ascii_digit()),
    };
    host.trim_end_matches('.').split('.').all(is_number)
}

fn check_v4(v4: Ipv4Addr) {
    let special = v4.is_private()
        || v4.is_loopback()
        || v4.is_link_local()
        || v4.is_multicast()
        || v4.is_documentation()
        || matches!(v4.octets(), [0 | 240.., ..] | [100, 64..=127, ..]);
    assert!(!(special && address::is_public(v4.into())), "{v4}");
    // However IPv4 travels inside of IPv6, it is not public there.
    let [a, b] = [(v4.to_bits() >> 16) as u16, v4.to_bits() as u16];
    for carrier in [
        v4.to_ipv6_mapped(),
        v4.to_ipv6_compatible(),
        Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, a, b),
        Ipv6Addr::new(0x64, 0xff9b, 1, 0, 0, 0, a, b),
        Ipv6Addr::new(0x2002, a, b, 0, 0, 0, 0, 1),
        Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, !a, !b),
    ] {
        assert!(!address::is_public(carrier.into()), "{carrier}");
    }
}

fn check_v6(v6: Ipv6Addr) {
    let special = v6.is_loopback()
        || v6.is_unspecified()
        || v6.is_multicast()
        || v6.is_unique_local()
        || v6.is_unicast_link_local()
        || v6.to_ipv4().is_some();
    assert!(!(special && address::is_public(v6.into())), "{v6}");
}
