"""R30 for a photo of unknown size: the form is good for one key, one type and a bounded size. One form goes
through every refusal below and still works at the end. And a stock Uppy sends such forms."""

import json
import os
import subprocess

import pytest

from tests.support import photos, running_stack
from tests.support.client import post_form, problem
from tests.support.waiting import until

CONTENT = photos.fixture("4-4-4.jpg")
OTHER = photos.fixture("gray.jpg")
KMS, KEY_ID = "x-amz-server-side-encryption", "x-amz-server-side-encryption-aws-kms-key-id"
OTHER_KEY = "arn:aws:kms:us-east-1:000000000000:key/00000000-0000-4000-8000-000000000000"
UPPY = running_stack.REPOSITORY / "tests" / "uppy.mjs"


@pytest.fixture(scope="module")
def form(ada):
    return ada.form()


def turned(text):
    """The same but for its last character."""
    return text[:-1] + ("0" if text[-1] != "0" else "1")


@pytest.mark.parametrize("fields", [
    {"content-type": "image/png"}, {"content-type": None},
    {KMS: "AES256"}, {KMS: None}, {KEY_ID: OTHER_KEY}, {KEY_ID: None},
    {"key": "imports/mine.jpg"}, {"key": "uploads/${filename}"},
    {"success_action_status": "200"}, {"acl": "public-read"}, {"x-amz-meta-more": "1"},
], ids=str)
def test_r30_another_field_is_refused(form, fields):
    assert post_form(form, CONTENT, **fields).status_code == 403


@pytest.mark.parametrize("name", ["policy", "x-amz-signature", "x-amz-credential", "x-amz-date", "key"])
def test_r30_an_altered_field_is_refused(form, name):
    assert post_form(form, CONTENT, **{name: turned(form["upload"]["fields"][name])}).status_code in (400, 403)


@pytest.mark.parametrize("name", ["policy", "x-amz-signature"])
def test_r30_a_form_without_its_seal_is_refused(form, name):
    assert post_form(form, CONTENT, **{name: None}).status_code in (400, 403)


def test_r30_a_file_beyond_the_limit_is_refused(form):
    answer = post_form(form, b"\0" * (form["limits"]["max_bytes"] + 1))
    assert (answer.status_code, "EntityTooLarge" in answer.text) == (400, True)


def test_r30_an_empty_file_is_refused(form):
    answer = post_form(form, b"")
    assert (answer.status_code, "EntityTooSmall" in answer.text) == (400, True)


def test_r01_what_was_promised_is_taken_and_the_first_photo_counts(ada, operator, form):
    image_id = form["image_id"]
    assert ada.look(image_id).json()["status"] == "awaiting_upload", "nothing of all that was stored"
    assert post_form(form, CONTENT).status_code == 201
    first = ada.wait(image_id)
    assert first["status"] == "ready"
    for _ in range(3):
        assert post_form(form, OTHER).status_code == 201, "a form has no if-none-match"

    def versions():
        key = f"uploads/{ada.owner_id}/{image_id}"
        listed = operator.s3.list_object_versions(Bucket=operator.stack["originals_bucket"], Prefix=key)
        return listed.get("Versions", []) + listed.get("DeleteMarkers", [])

    until(lambda: len(versions()) == 1 or None, "what was sent again to be removed")
    assert [version["Size"] for version in versions()] == [len(CONTENT)]
    assert len(operator.executions(image_id)) == 1
    again = ada.look(image_id).json()
    assert (again["facts"], again["source"]["bytes"]) == (first["facts"], len(CONTENT))


def test_r30_uppys_parameters_are_the_form(api, ada):
    answer = api.call("GET", "/s3/params?filename=a%20b.jpg&type=image/jpeg", token=ada.id_token)
    form = answer.json()
    api.secrets.keep(form["fields"]["x-amz-signature"])
    assert post_form({"upload": form}, CONTENT).status_code in (200, 201, 204)
    assert ada.wait(form["image_id"])["filename"] == "a b.jpg"


def test_uppy_must_say_what_it_uploads(api, ada):
    answer = api.call("GET", "/s3/params?filename=a.svg&type=image/svg%2Bxml", token=ada.id_token)
    assert problem(answer) == (400, "Request.Invalid")


@pytest.mark.parametrize("origin, passes", [("http://localhost:5173", True), ("http://evil.example", False)])
def test_a_stock_uppy_uploads_from_our_origin_only(api, ada, tmp_path, origin, passes):
    """The plugin as npm has it, in jsdom, whose XMLHttpRequest keeps to the rules of CORS as a browser's does."""
    photo = tmp_path / "Sünset.jpg"
    photo.write_bytes(CONTENT)
    told = {"api": api.url, "token": ada.id_token, "file": str(photo), "type": "image/jpeg", "origin": origin}
    kept = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    done = subprocess.run(["node", UPPY], input=json.dumps(told), env=kept, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    if not passes:
        assert (result["successful"], result["failed"]) == (0, 1)
        return
    assert (result["successful"], result["failed"]) == (1, 0), result
    image = ada.wait(result["image_id"])
    assert (image["status"], image["filename"]) == ("ready", "Sünset.jpg")
    assert image["source"]["bytes"] == len(CONTENT)
