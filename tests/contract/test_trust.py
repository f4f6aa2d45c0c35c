"""The certificates that the functions believe, by their fingerprints as Amazon Trust Services publishes them."""

import re
import ssl
from hashlib import sha256

from darkroom.paths import REPOSITORY

# https://www.amazontrust.com/repository/: Amazon Root CA 1 to 4, Starfield Services Root Certificate Authority - G2.
PUBLISHED = [
    "8ecde6884f3d87b1125ba31ac3fcb13d7016de7f57cc904fe1cb97c6ae98196e",
    "1ba5b2aa8c65401a82960118f80bec4f62304d83cec4713a19c39c011ea46db4",
    "18ce6cfe7bf14e60b2e347b8dfe868cb31d02ebb3ada271569f50343b46db3a4",
    "e35d28419ed02025cfa69038cd623962458da5c695fbdea3c22b0bfb25897092",
    "568d6905a2c88708a4b3025190edcfedb1974a606a13c6e5290fcb2ae63edab5",
]


def test_the_functions_believe_amazons_five_roots_and_no_other():
    text = (REPOSITORY / "src/aws/amazon-roots.pem").read_text(encoding="ascii")
    roots = re.findall(r"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", text, re.DOTALL)
    assert [sha256(ssl.PEM_cert_to_DER_cert(root)).hexdigest() for root in roots] == PUBLISHED
