"""One photo: sign up, confirm, sign in, get a ticket, put the photo, wait, look at it. Then what an operator sees."""

import hashlib
import json
import re

import pytest

from tests.support import photos
from tests.support.client import download, put
from tests.support.operations import HAPPY

CONTENT = photos.fixture("dandelion.jpg")


@pytest.fixture(scope="module")
def ticket(ada):
    return ada.ticket(CONTENT, filename="Dandelion, sëeding.jpg", checksum=True)


@pytest.fixture(scope="module")
def image(ada, ticket):
    answer = put(ticket, CONTENT)
    assert answer.status_code == 200, answer.text
    return ada.wait(ticket["image_id"])


@pytest.fixture(scope="module")
def record(operator, ada, image):
    return operator.record(image["image_id"], ada.owner_id)


@pytest.fixture(scope="module")
def execution(operator, image):
    return operator.execution(image["image_id"])


def test_r32_the_ticket_tells_all_that_a_client_needs(ticket):
    assert ticket["upload"]["method"] == "PUT"
    assert ticket["upload"]["headers"].keys() == {
        "content-length", "content-type", "if-none-match", "x-amz-checksum-sha256",
        "x-amz-server-side-encryption", "x-amz-server-side-encryption-aws-kms-key-id",
    }
    assert ticket["status_url"] == f"image/{ticket['image_id']}"
    assert int(re.search(r"X-Amz-Expires=(\d+)", ticket["upload"]["url"])[1]) <= 900
    assert ticket["limits"]["max_bytes"] > 0


def test_a_ticket_that_is_not_used_yet_can_be_looked_at(ada):
    unused = ada.ticket(CONTENT)
    answer = ada.look(unused["image_id"])
    assert answer.status_code == 202
    assert answer.json()["status"] == "awaiting_upload"
    assert int(answer.headers["retry-after"]) >= 1


def test_the_photo_becomes_ready(image):
    assert image["status"] == "ready"
    assert image["filename"] == "Dandelion, sëeding.jpg"
    assert image["variants"].keys() == photos.SIDES.keys()
    assert image["facts"]["sha256"] == hashlib.sha256(CONTENT).hexdigest()
    source = image["source"]
    assert (source["format"], source["width"], source["height"]) == ("jpeg", 2400, 1350)
    assert source["bytes"] == len(CONTENT)


def test_each_variant_can_be_downloaded_with_its_link_alone(image):
    for name, variant in image["variants"].items():
        answer = download(variant["url"])
        assert len(answer.content) == variant["bytes"]
        assert answer.headers["content-type"] == variant["content_type"] == "image/jpeg"
        assert "immutable" in answer.headers["cache-control"]
        # RFC 6266: a name in plain letters for old clients, and the whole one beside it.
        assert "filename*=UTF-8''" in answer.headers["content-disposition"]
        assert name in answer.headers["content-disposition"]


def test_r39_an_answer_that_is_known_is_not_sent_again(ada, image):
    first = ada.look(image["image_id"])
    again = ada.look(image["image_id"], **{"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]


def test_one_size_can_be_asked_for(ada, image):
    answer = ada.look(image["image_id"], "?size=medium")
    assert answer.json()["variants"].keys() == {"medium"}


def test_r14_the_record_says_how_it_ended(record, execution, image):
    assert record["status"] == "ready"
    assert record["outcome"]["outcome"] == "ready"
    assert record["outcome"]["stage"] == "publish"
    assert record["outcome"]["execution"] == record["execution"] == execution.name
    assert record["variants"].keys() == photos.SIDES.keys()
    assert "expires_at" not in record, "a photo that has arrived is never forgotten"
    for name, variant in record["variants"].items():
        assert re.fullmatch(rf"variants/{image['image_id']}/[0-9a-f]{{16}}/{name}\.jpg", variant["key"])


def test_the_story_is_told_in_four_states(execution, image):
    assert execution.name.startswith(image["image_id"])
    assert execution.status == "SUCCEEDED"
    assert execution.states == HAPPY


def test_r15_the_execution_carries_references_only(execution, ada, image):
    assert len(execution.input_text.encode()) < 2048
    assert json.loads(execution.input_text).keys() == {"stage", "image_id", "owner_id", "source"}
    for text in [execution.input_text, *execution.payloads]:
        assert len(text.encode()) < 8192
        assert "://" not in text and "X-Amz" not in text, "an address"
        assert "eyJ" not in text, "a token"
        assert ada.email not in text and "@" not in text, "an e-mail address"


def test_r42_original_and_variants_are_encrypted_with_our_own_key(operator, record):
    stack = operator.stack
    places = [(stack["originals_bucket"], record["object_key"])]
    places += [(stack["images_bucket"], variant["key"]) for variant in record["variants"].values()]
    for bucket, key in places:
        head = operator.s3.head_object(Bucket=bucket, Key=key)
        assert (head["ServerSideEncryption"], head["SSEKMSKeyId"]) == ("aws:kms", stack["storage_key_arn"])
