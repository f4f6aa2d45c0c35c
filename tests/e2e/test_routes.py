"""R33, R34, R36, route by route: the requests that every operation must refuse. The list is the contract's, so that a
new route is tested as soon as it is written there."""

import pytest

from routes import OF_SOMETHING, OPERATIONS, WITH_BODY, ill_formed, request
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


@pytest.fixture(scope="module")
def bodies(eve):
    """Photos and albums of the caller, for bodies whose example in the file names some."""
    photo = eve.ticket(photos.fixture("gray.jpg"))["image_id"]
    return {"addToAlbum": {"image_ids": [photo]}, "changeImage": {"album_id": None}}


def essence(answer):
    """An answer without the id of its request."""
    return answer.status_code, {name: said for name, said in answer.json().items() if name != "request_id"}


@each(OF_SOMETHING)
def test_r33_another_users_things_look_like_missing_ones(ada, eve, things, bodies, operation):
    body = bodies.get(operation.said["operationId"])
    foreign = ask(eve, operation, *request(operation, things, body=body))
    nowhere = ask(eve, operation, *request(operation, body=body))
    assert problem(foreign) == NOT_FOUND
    assert essence(foreign) == essence(nowhere)


def test_r33_and_all_of_it_is_as_it_was(ada, things):
    album = f"/albums/{things['album_id']}"
    assert ada.look(things["image_id"]).json().keys().isdisjoint({"album_id", "caption"})
    assert ada.api.call("GET", album, token=ada.id_token).json()["title"] == "Diary"
    links = ada.api.call("GET", f"{album}/links", token=ada.id_token).json()["items"]
    assert [link["link_id"] for link in links] == [things["link_id"]]
    for link in links:
        ada.api.secrets.keep(link["url"].removeprefix("shared/"))


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
