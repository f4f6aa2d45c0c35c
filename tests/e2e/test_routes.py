"""R36, route by route: the requests that every operation must refuse. The list is the contract's, so that a new route
is tested as soon as it is written there."""

import pytest

from routes import OPERATIONS, WITH_BODY, ill_formed, request
from tests.support import photos
from tests.support.client import fields, problem

NOT_FOUND, INVALID = (404, "Request.NotFound"), (400, "Request.Invalid")


def each(operations):
    return pytest.mark.parametrize("operation", operations, ids=lambda operation: operation.said["operationId"])


def ask(person, operation, path, body):
    return person.api.call(operation.method, path, token=None if operation.public else person.id_token, **body)


def asker(operation, user, operator):
    """The caller who is told what is wrong: for other users, the routes of operators do not exist."""
    return operator if operation.path.startswith("/ops/") else user


@pytest.fixture(scope="module")
def things(ada):
    """The ids of ada's things, which are all private."""
    image_id = ada.upload(photos.fixture("gray.jpg"))
    assert ada.wait(image_id)["status"] == "ready"
    album = ada.api.post("/albums", {"title": "Diary", "visibility": "link"}, token=ada.id_token).json()["album_id"]
    link = ada.api.post(f"/albums/{album}/links", {}, token=ada.id_token).json()
    token = ada.api.secrets.keep(link["url"].removeprefix("shared/"))
    return {"image_id": image_id, "album_id": album, "link_id": link["link_id"], "token": token,
            "name": "uploads"}  # a queue; there is no execution of that name


@each([operation for operation in OPERATIONS if operation.parameters])
def test_r36_a_parameter_that_is_none_is_named(ada, olga, things, operation):
    for place, name, path, body in ill_formed(operation, things):
        answer = ask(asker(operation, ada, olga), operation, path, body)
        if place == "query":
            assert (problem(answer), fields(answer)) == (INVALID, [name])
        else:
            # An impossible id belongs to no user.
            assert problem(answer) in (INVALID, NOT_FOUND), name


@each(WITH_BODY)
def test_r36_a_body_must_be_one(ada, olga, things, operation):
    asking = asker(operation, ada, olga)
    path, body = request(operation, things)
    answer = ask(asking, operation, path, {"json": body["json"] | {"surprise": 1}})
    assert (problem(answer), fields(answer)) == (INVALID, ["surprise"])
    for text in ('{"', "[]", "null", ""):
        answer = ask(asking, operation, path, {"data": text, "headers": {"Content-Type": "application/json"}})
        assert problem(answer) == INVALID, text
    assert problem(ask(asking, operation, path, {"json": {"surprise": "x" * 70_000}})) == (413, "Request.TooLarge")
