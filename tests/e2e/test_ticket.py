"""R30: a ticket is good for one PUT of exactly the bytes and type that it was issued for. One ticket goes through every
refusal below and still works at the end, once."""

import pytest

from tests.support import photos
from tests.support.client import put, send

CONTENT = photos.fixture("4-4-4.jpg")
KMS, KEY_ID = "x-amz-server-side-encryption", "x-amz-server-side-encryption-aws-kms-key-id"
OTHER_KEY = "arn:aws:kms:us-east-1:000000000000:key/00000000-0000-4000-8000-000000000000"


@pytest.fixture(scope="module")
def ticket(ada):
    return ada.ticket(CONTENT, checksum=True)


HEADERS = {
    "another type": {"content-type": "image/png"},
    "no type": {"content-type": None},
    "no encryption": {KMS: None},
    "no key": {KEY_ID: None},
    "neither": {KMS: None, KEY_ID: None},
    "another encryption": {KMS: "AES256"},
    "another key": {KEY_ID: OTHER_KEY},
    "no if-none-match": {"if-none-match": None},
    "another if-none-match": {"if-none-match": '"0123456789abcdef0123456789abcdef"'},
    "another checksum": {"x-amz-checksum-sha256": "n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg="},
    "no checksum": {"x-amz-checksum-sha256": None},
}


@pytest.mark.parametrize("headers", HEADERS.values(), ids=HEADERS)
def test_r30_another_header_is_refused(ticket, headers):
    assert put(ticket, CONTENT, **headers).status_code == 403


@pytest.mark.parametrize("content", [CONTENT + b"\0", CONTENT[:-1]], ids=["longer", "shorter"])
def test_r30_another_length_is_refused(ticket, content):
    assert put(ticket, content).status_code == 403


def test_r30_other_bytes_of_the_same_length_are_refused(ticket):
    answer = put(ticket, CONTENT[:-1] + b"\0")
    assert answer.status_code == 400
    assert "BadDigest" in answer.text


def turned(signature):
    """The same signature but for its last digit."""
    return signature[:-1] + ("0" if signature[-1] != "0" else "1")


def altered(url, what):
    """The URL with a part of it changed."""
    path, query = url.split("?")
    words = query.split("&")
    match what:
        case "signature":
            words = [turned(word) if word.startswith("X-Amz-Signature=") else word for word in words]
        case "no signature":
            words = [word for word in words if not word.startswith("X-Amz-Signature=")]
        case "longer life":
            words = ["X-Amz-Expires=604800" if word.startswith("X-Amz-Expires=") else word for word in words]
        case "fewer signed headers":
            words = ["X-Amz-SignedHeaders=host" if word.startswith("X-Amz-SignedHeaders=") else word for word in words]
        case "one more parameter":
            words = [*words, "x-amz-acl=public-read"]
        case "another key":
            path = turned(path)
        case "an import":
            path = path[: path.index("/uploads/")] + "/imports/mine.jpg"
        case "no query":
            words = []
    return "?".join([path, "&".join(words)] if words else [path])


@pytest.mark.parametrize("what", ["signature", "longer life", "fewer signed headers", "one more parameter",
                                  "another key", "an import", "no query"])
def test_r30_another_url_is_refused(ticket, what):
    forged = {"upload": ticket["upload"] | {"url": altered(ticket["upload"]["url"], what)}}
    assert put(forged, CONTENT).status_code == 403


def test_r30_a_url_without_a_signature_is_not_even_understood(ticket):
    forged = {"upload": ticket["upload"] | {"url": altered(ticket["upload"]["url"], "no signature")}}
    assert put(forged, CONTENT).status_code == 400


@pytest.mark.parametrize("method", ["GET", "DELETE", "POST"])
def test_r30_another_method_is_refused(ticket, method):
    assert send(method, ticket["upload"]["url"]).status_code == 403


def test_r30_what_was_promised_is_taken_once_and_processed_once(ada, operator, ticket):
    image_id = ticket["image_id"]
    assert ada.look(image_id).json()["status"] == "awaiting_upload", "nothing of all that was stored"
    assert put(ticket, CONTENT).status_code == 200
    assert put(ticket, CONTENT).status_code == 412
    assert ada.wait(image_id)["status"] == "ready"
    assert put(ticket, CONTENT).status_code == 412
    # The second PUT left no trace: one version of the original, one execution, each variant written once.
    stack = operator.stack
    versions = operator.s3.list_object_versions(
        Bucket=stack["originals_bucket"], Prefix=f"uploads/{ada.owner_id}/{image_id}")["Versions"]
    assert len(versions) == 1
    assert operator.execution(image_id).status == "SUCCEEDED"
    assert len(operator.variant_versions(image_id)) == len(photos.SIDES)
