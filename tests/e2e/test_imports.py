"""Objects that an operator copies into the bucket, under any name; and objects under keys that belong to no user."""

import uuid

import pytest

from tests.support import photos
from tests.support.operations import HAPPY, RUN, image_id_of_import
from tests.support.waiting import until

CONTENT = photos.fixture("gray.jpg")
HERE = f"imports/{RUN}"
LONG = "/".join([HERE, *["x" * 250] * 4])
KEYS = {
    "space": f"{HERE}/two words.jpg",
    "plus": f"{HERE}/a+b.jpg",
    "unicode": f"{HERE}/été/ラクダ 🏖.jpg",
    "percent": f"{HERE}/100%2B.jpg",
    "all of them": f"{HERE}/a b+c%20d%2Be&f=g?h#i;j,k'l\"m.jpg",
    "1,024 bytes": LONG + "y" * (1024 - len(LONG)),
}


@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS)
def test_r04_a_strange_key_is_a_photo_like_any_other(operator, key):
    assert len(key.encode()) <= 1024
    version = operator.put_original(key, CONTENT, ContentType="image/jpeg")
    image_id = image_id_of_import(key)
    record = operator.decided(image_id)
    assert (record["status"], record["object_key"], record["version_id"]) == ("ready", key, version)
    execution = operator.execution(image_id)
    assert (execution.status, execution.states) == ("SUCCEEDED", HAPPY)
    assert len(execution.input_text.encode()) < 2048


def test_an_import_without_a_type_is_judged_by_its_bytes(operator):
    key = f"{HERE}/untyped"
    operator.put_original(key, CONTENT)
    assert operator.decided(image_id_of_import(key))["status"] == "ready"


def test_a_newer_version_of_an_import_replaces_the_older(operator):
    key = f"{HERE}/again.jpg"
    image_id = image_id_of_import(key)
    operator.put_original(key, CONTENT)
    first = operator.decided(image_id)
    newer = operator.put_original(key, photos.fixture("4-2-2.jpg"))
    second = until(lambda: r if (r := operator.decided(image_id))["version_id"] == newer else None, "the newer version")
    assert (first["status"], second["status"]) == ("ready", "ready")
    assert second["facts"]["sha256"] != first["facts"]["sha256"]
    assert second["variants"]["medium"]["key"] != first["variants"]["medium"]["key"], "what is served never changes"
    assert len(operator.executions(image_id)) == 2, "one for each version"


FOREIGN = ["photo.jpg", "elsewhere/photo.jpg", "imports/a folder/", "uploads/no-image", "uploads/operator/x"]


@pytest.mark.parametrize("key", FOREIGN)
def test_r03_a_foreign_key_is_ignored(operator, key):
    ignored = {"message": "ignored", "why": "a key that no ticket names"}
    before, executions = len(operator.lines("orchestrator", **ignored)), len(operator.all_executions())
    operator.put_original(key, CONTENT)
    operator.until_logged("orchestrator", before + 1, **ignored)
    assert len(operator.all_executions()) == executions


def test_r40_an_object_that_no_ticket_names_is_left_alone(operator):
    owner_id, image_id = str(uuid.uuid4()), str(uuid.uuid4())
    operator.put_original(f"uploads/{owner_id}/{image_id}", CONTENT)
    operator.until_logged("orchestrator", message="left alone", image_id=image_id)
    assert operator.record(image_id, owner_id) is None
    assert operator.executions(image_id) == []
