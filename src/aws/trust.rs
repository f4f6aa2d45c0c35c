//! Whom calls over TLS believe. AWS certifies its endpoints by five roots of its own, and parsing the system's 150
//! instead was most of a worker's start (docs/adr/0071-amazons-roots.md).

use aws_smithy_http_client::tls::TrustStore;

/// Amazon Root CA 1 to 4 and Starfield Services G2, which <https://www.amazontrust.com/repository/> asks programs with a
/// trust store of their own to hold, all five. The first of them ends in 2037.
const AMAZON_ROOTS: &[u8] = include_bytes!("amazon-roots.pem");

/// The roots that fit the endpoint and the region of this process.
pub(crate) fn store() -> TrustStore {
    let variable = |name: &str| std::env::var(name).unwrap_or_default();
    if only_amazon(&variable("AWS_ENDPOINT_URL"), &variable("AWS_REGION")) { amazon() } else { TrustStore::default() }
}

/// Not where another server speaks TLS, nor in China, whose endpoints another company runs.
fn only_amazon(endpoint: &str, region: &str) -> bool {
    !endpoint.starts_with("https:") && !region.starts_with("cn-")
}

fn amazon() -> TrustStore {
    TrustStore::empty().with_pem_certificate(AMAZON_ROOTS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_aws_itself_is_held_to_amazons_roots() {
        assert!(only_amazon("", "eu-central-1"));
        assert!(only_amazon("http://127.0.0.1:4566", "eu-central-1"), "no TLS at all");
        assert!(!only_amazon("https://storage.example.com", "eu-central-1"));
        assert!(!only_amazon("", "cn-north-1"));
    }
}
