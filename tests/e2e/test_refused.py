"""Uploads that are not pictures: each is rejected by a code of its own, and none is a failure."""

from datetime import datetime

import pytest

from tests.support import photos
from tests.support.operations import RUN, image_id_of_import

UPLOADS = {
    "text": ("text.jpg", "image/jpeg", "Image.Unsupported", "validate"),
    "drawing": ("drawing.svg", "image/png", "Image.Unsupported", "validate"),
    "cut in half": ("truncated.jpg", "image/jpeg", "Image.Corrupt", "resize"),
    "PNG cut in half": ("truncated.png", "image/png", "Image.Corrupt", "validate"),
    "PNG declared as JPEG": ("interlaced.png", "image/jpeg", "Image.TypeMismatch", "validate"),
    "HEIC of a header alone": ("header-only.heic", "image/heic", "Image.Corrupt", "validate"),
    "JPEG XL that moves": ("animated.jxl", "image/jxl", "Image.Unsupported", "validate"),
    "AVIF": ("header-only.avif", "image/jpeg", "Image.Avif", "validate"),
}


def refused(operator, image_id, owner_id, code, stage):
    """The execution and the record of a rejection; the record's outcome."""
    execution = operator.execution(image_id)
    assert execution.status == "SUCCEEDED", "nothing for an operator to act on"
    assert execution.states[-3:] == ["Read the reason", "Record rejection", "Image rejected"]
    record = operator.record(image_id, owner_id)
    assert record["status"] == "rejected"
    assert "variants" not in record
    outcome = record["outcome"]
    assert outcome.keys() == {"outcome", "code", "stage", "message", "execution", "docs", "at"}
    assert (outcome["outcome"], outcome["code"], outcome["stage"]) == ("rejected", code, stage)
    assert outcome["execution"] == execution.name
    assert outcome["docs"].endswith(f"#{code}")
    assert datetime.fromisoformat(record["created_at"]) <= datetime.fromisoformat(outcome["at"])
    assert outcome["message"]
    return outcome


@pytest.mark.parametrize(("name", "content_type", "code", "stage"), UPLOADS.values(), ids=UPLOADS)
def test_r14_r20_the_owner_reads_why(ada, operator, name, content_type, code, stage):
    image = ada.wait(ada.upload(photos.fixture(name), content_type, filename=name))
    assert image["status"] == "rejected"
    assert "variants" not in image and "facts" not in image
    outcome = refused(operator, image["image_id"], ada.owner_id, code, stage)
    shown = image["outcome"]
    assert {name: shown[name] for name in ("code", "stage", "execution", "docs")} == {
        name: outcome[name] for name in ("code", "stage", "execution", "docs")
    }
    assert shown["message"], "words for people"
    assert operator.variant_versions(image["image_id"]) == []


# A ticket for nothing, or for AVIF, is not given; but an operator's `aws s3 cp` takes any file.
IMPORTS = {
    "empty": (f"imports/{RUN}/empty.jpg", b"", "image/jpeg", "Image.Empty"),
    "AVIF": (f"imports/{RUN}/IMG_0001.AVIF", photos.fixture("header-only.avif"), "image/avif", "Image.Avif"),
}


@pytest.mark.parametrize(("key", "content", "content_type", "code"), IMPORTS.values(), ids=IMPORTS)
def test_r14_an_import_is_refused_in_the_same_way(operator, key, content, content_type, code):
    operator.put_original(key, content, ContentType=content_type)
    image_id = image_id_of_import(key)
    operator.decided(image_id)
    refused(operator, image_id, "operator", code, "validate")
