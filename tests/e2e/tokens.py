"""Tokens that must be refused."""

import hashlib
import hmac
import json

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from tests.support.client import base64url, claims, send, unbase64


def header(token):
    return json.loads(unbase64(token.split(".")[0]))


def joined(head, body):
    return ".".join(base64url(json.dumps(part).encode()) for part in (head, body))


def signed_by_a_stranger(head, body):
    text = joined(head, body)
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return f"{text}.{base64url(key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


def forged(kind, token, issuer_keys_url):
    """A variation of a good id token."""
    head, body = header(token), claims(token)
    start, signature = token.rsplit(".", 1)
    match kind:
        case "garbage":
            return "not.a.token"
        case "empty":
            return ""
        case "alg none":
            return joined({"alg": "none", "typ": "JWT"}, body) + "."
        case "alg none, known key":
            return joined(head | {"alg": "none"}, body) + "."
        case "HS256 with the public key":
            # An attack on verifiers that let the token choose the algorithm.
            keys = send("GET", issuer_keys_url).json()["keys"]
            public = next(key for key in keys if key["kid"] == head["kid"])["n"]
            text = joined(head | {"alg": "HS256"}, body)
            return f"{text}.{base64url(hmac.digest(unbase64(public), text.encode(), hashlib.sha256))}"
        case "another key":
            return signed_by_a_stranger(head, body)
        case "unknown key":
            return signed_by_a_stranger(head | {"kid": "unknown-key"}, body)
        case "another issuer":
            return signed_by_a_stranger(head, body | {"iss": "https://example.com/us-east-1_Stranger"})
        case "another user's name":
            return f"{joined(head, body | {'sub': '00000000-0000-4000-8000-000000000000'})}.{signature}"
        case "no signature":
            return start + "."


KINDS = ["garbage", "empty", "alg none", "alg none, known key", "HS256 with the public key", "another key",
         "unknown key", "another issuer", "another user's name", "no signature"]
