//! Whom calls over TLS believe. AWS certifies its endpoints by five roots of its own, and parsing the system's 140
//! instead was most of a worker's start (docs/adr/0071-amazons-roots.md).

use aws_smithy_http_client::tls::TrustStore;

/// Amazon Root CA 1 to 4 and Starfield Services G2, which <https://www.amazontrust.com/repository/> asks programs with a
/// trust store of their own to hold, all five. The first of them ends in 2037.
const AMAZON_ROOTS: &[u8] = include_bytes!("amazon-roots.pem");

/// How the regions begin whose endpoints are certified by others: China, the isolated clouds, the European sovereign one.
const OTHER_CLOUDS: [&str; 4] = ["cn-", "us-iso", "eu-iso", "eusc-"];

/// The roots that fit the endpoints and the region of this process.
pub(crate) fn store() -> TrustStore {
    let region = std::env::var("AWS_REGION").unwrap_or_default();
    let endpoints = std::env::vars().filter_map(|(name, url)| name.starts_with("AWS_ENDPOINT_URL").then_some(url));
    if only_amazon(endpoints, &region) { amazon() } else { TrustStore::default() }
}

/// Not where another server speaks TLS.
fn only_amazon(mut endpoints: impl Iterator<Item = String>, region: &str) -> bool {
    !endpoints.any(|url| url.starts_with("https:")) && !OTHER_CLOUDS.iter().any(|cloud| region.starts_with(cloud))
}

fn amazon() -> TrustStore {
    TrustStore::empty().with_pem_certificate(AMAZON_ROOTS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_aws_itself_is_held_to_amazons_roots() {
        let believed = |endpoints: &[&str], region| only_amazon(endpoints.iter().map(ToString::to_string), region);
        assert!(believed(&[], "eu-central-1") && believed(&[], "us-gov-west-1"));
        assert!(believed(&["http://127.0.0.1:4566"], "eu-central-1"), "no TLS at all");
        assert!(!believed(&["http://127.0.0.1:4566", "https://storage.example.com"], "eu-central-1"));
        for region in ["cn-north-1", "us-iso-east-1", "us-isob-east-1", "eu-isoe-west-1", "eusc-de-east-1"] {
            assert!(!believed(&[], region), "{region}");
        }
    }
}
