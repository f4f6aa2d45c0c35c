"""R36: requests that are not as the API describes them. Each gets a problem with a code, and the fields by name."""

import json

import pytest

from tests.support.client import fields, problem

WANTED = {"filename": "a.jpg", "content_type": "image/jpeg", "size_bytes": 3}
INVALID = (400, "Request.Invalid")
JSON = {"Content-Type": "application/json"}


def text(body, **headers):
    return {"data": body, "headers": JSON | headers}


NO_OBJECT = {
    "no JSON": text('{"filename": '),
    "an array": text('["a.jpg", "image/jpeg", 3]'),
    "nothing": text(""),
    "two objects": text(json.dumps(WANTED) * 2),
    "another type": text(json.dumps(WANTED), **{"Content-Type": "text/plain"}),
}


@pytest.mark.parametrize("body", NO_OBJECT.values(), ids=NO_OBJECT)
def test_a_body_that_is_no_json_object_is_refused(api, ada, body):
    assert problem(api.call("POST", "/upload", token=ada.id_token, **body)) == INVALID


FIELDS = {
    "unknown field": ({"public": True}, ["public"]),
    "wrong type": ({"size_bytes": "3"}, ["size_bytes"]),
    "path as a name": ({"filename": "../a.jpg"}, ["filename"]),
    "line break in a name": ({"filename": "a\r\nb.jpg"}, ["filename"]),
    "a name that reads backwards": ({"filename": "a\u202egpj.exe"}, ["filename"]),
    "a long name": ({"filename": "x" * 256}, ["filename"]),
    "another kind of file": ({"content_type": "image/svg+xml"}, ["content_type"]),
    "no bytes": ({"size_bytes": 0}, ["size_bytes"]),
    "too many bytes": ({"size_bytes": 52_428_801}, ["size_bytes"]),
    "no checksum": ({"sha256": "abc"}, ["sha256"]),
    "all at once": ({"filename": "", "content_type": "x", "size_bytes": 0}, ["filename", "content_type", "size_bytes"]),
}


@pytest.mark.parametrize(("change", "named"), FIELDS.values(), ids=FIELDS)
def test_the_fields_at_fault_are_named(api, ada, change, named):
    answer = api.post("/upload", WANTED | change, token=ada.id_token)
    assert problem(answer) == INVALID
    assert fields(answer) == named


def test_a_missing_field_is_named(api, ada):
    answer = api.post("/upload", {"content_type": "image/jpeg", "size_bytes": 3}, token=ada.id_token)
    assert (problem(answer), fields(answer)) == (INVALID, ["filename"])


def test_a_problem_never_repeats_a_password(api):
    secret = api.secrets.keep("A secret Passw0rd that must not come back")
    for body in ({"email": "no-address", "password": secret}, {"email": [secret], "password": 1},
                 {"email": "a@example.com", "password": {"is": secret}}):
        answer = api.post("/auth/signin", body)
        assert problem(answer) == INVALID
        assert secret not in answer.text


@pytest.mark.parametrize("path", ["/upload", "/auth/signin"])
def test_an_oversize_body_is_refused(api, ada, path):
    body = text(json.dumps(WANTED | {"filename": "x" * 70_000}))
    assert problem(api.call("POST", path, token=ada.id_token, **body)) == (413, "Request.TooLarge")


ROUTES = [("GET", "/nothing"), ("GET", "/upload"), ("POST", "/image/x"), ("DELETE", "/auth/signin"), ("GET", "/")]


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_an_unknown_route_does_not_exist(api, ada, method, path):
    assert problem(api.call(method, path, token=ada.id_token)) == (404, "Request.NotFound")


@pytest.mark.parametrize("query", ["?size=huge", "?size="])
def test_an_unknown_size_is_refused(ada, query):
    answer = ada.look("01890a5d-ac96-774b-bcce-b302099a8057", query)
    assert (problem(answer), fields(answer)) == (INVALID, ["size"])


def test_every_answer_carries_its_request_and_says_not_to_be_kept(api, ada):
    answers = [api.post("/auth/signin", ada.credentials), ada.look("01890a5d-ac96-774b-bcce-b302099a8057")]
    for name in ("id_token", "refresh_token"):
        api.secrets.keep(answers[0].json()[name])
    for answer in answers:
        assert answer.headers["x-request-id"]
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("path", ["/auth/signin", "/upload", "/image/01890a5d-ac96-774b-bcce-b302099a8057"])
def test_a_browser_may_ask_before_it_sends(api, path):
    asked = {"Origin": "http://localhost:5173", "Access-Control-Request-Method": "POST"}
    answer = api.call("OPTIONS", path, headers=asked)
    assert (answer.status_code, answer.text) == (204, "")
    assert answer.headers["access-control-allow-origin"] == asked["Origin"]
    assert "DELETE" in answer.headers["access-control-allow-methods"]
    stranger = api.call("OPTIONS", path, headers=asked | {"Origin": "https://evil.example.com"})
    assert "access-control-allow-origin" not in stranger.headers


def test_a_page_reads_that_its_token_has_ended(api):
    """The gateway refuses by itself, before a function could choose the page's origin from the list."""
    for token in (None, "x.y.z"):
        answer = api.call("GET", "/images", token=token, headers={"Origin": "https://photos.example.com"})
        assert problem(answer) == (401, "Auth.Unauthorized")
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in answer.headers
