"""Albums, the photos in them, and links for people without an account."""

import base64
import uuid

import pytest

from tests.support import photos
from tests.support.client import download, fields, problem, put
from tests.support.waiting import until


@pytest.fixture(scope="module")
def max_(api):
    return api.newcomer("max")


@pytest.fixture(scope="module")
def pair(max_):
    """Two photos, the newest first."""
    ids = [max_.upload(photos.numbered(photos.fixture("4-4-4.jpg"), number)) for number in range(2)]
    for image_id in ids:
        assert max_.wait(image_id)["status"] == "ready"
    return ids[::-1]


def call(person, method, path, body=None):
    return person.api.call(method, path, token=person.id_token, **({} if body is None else {"json": body}))


def made(person, **album):
    answer = call(person, "POST", "/albums", album)
    assert answer.status_code == 201, answer.text
    album = answer.json()
    assert answer.headers["location"] == f"albums/{album['album_id']}"
    return album["album_id"]


def ids(answer):
    assert answer.status_code == 200, answer.text
    return [image["image_id"] for image in answer.json()["items"]]


def holds(person, album, wanted):
    """The index behind albums follows the table a moment later."""
    until(lambda: ids(call(person, "GET", f"/albums/{album}/images")) == wanted or None, "the album's photos", 10)


def share(person, album, **wish):
    answer = call(person, "POST", f"/albums/{album}/links", wish)
    assert answer.status_code == 201, answer.text
    person.api.secrets.keep(answer.json()["url"].removeprefix("shared/"))
    return answer.json()


def test_an_album_lives_and_its_photos_outlive_it(max_, pair):
    album = made(max_, title="Summer at the lake")
    assert call(max_, "POST", f"/albums/{album}/images", {"image_ids": pair}).status_code == 204
    holds(max_, album, pair)
    assert max_.look(pair[0]).json()["album_id"] == album
    assert ids(call(max_, "GET", f"/images?album_id={album}")) == pair

    assert call(max_, "DELETE", f"/albums/{album}/images/{pair[0]}").status_code == 204
    holds(max_, album, pair[1:])
    changed = call(max_, "PATCH", f"/albums/{album}", {"title": "Lake", "visibility": "link"})
    assert changed.json()["title"] == "Lake"
    assert call(max_, "GET", f"/albums/{album}").json() == changed.json()
    assert album in [found["album_id"] for found in call(max_, "GET", "/albums").json()["items"]]

    assert call(max_, "DELETE", f"/albums/{album}").status_code == 204
    assert problem(call(max_, "GET", f"/albums/{album}")) == (404, "Request.NotFound")
    for image_id in pair:
        assert "album_id" not in max_.look(image_id).json()


def test_a_link_shows_the_album_until_it_is_revoked(max_, pair, api):
    album = made(max_, title="Shared", visibility="link")
    assert call(max_, "PATCH", f"/image/{pair[0]}", {"album_id": album}).status_code == 200
    holds(max_, album, pair[:1])
    link = share(max_, album)
    seen = api.call("GET", f"/{link['url']}")
    assert ids(seen) == pair[:1] and seen.json()["title"] == "Shared"
    assert max_.owner_id not in seen.text
    image = seen.json()["items"][0]
    for variant in image["variants"].values():
        api.secrets.keep_signature(variant["url"])
    assert photos.opened(download(image["variants"]["large"]["url"]).content).format == "JPEG"
    listed = call(max_, "GET", f"/albums/{album}/links").json()["items"]
    assert [found["link_id"] for found in listed] == [link["link_id"]]

    nowhere = (404, "Request.NotFound")
    token = link["url"].removeprefix("shared/")
    forged = ("B" if token[0] == "A" else "A") + token[1:]
    assert problem(api.call("GET", f"/shared/{forged}")) == nowhere
    call(max_, "PATCH", f"/albums/{album}", {"visibility": "private"})
    assert problem(api.call("GET", f"/{link['url']}")) == nowhere
    call(max_, "PATCH", f"/albums/{album}", {"visibility": "public"})
    assert api.call("GET", f"/{link['url']}").status_code == 200
    assert call(max_, "DELETE", f"/albums/{album}/links/{link['link_id']}").status_code == 204
    assert problem(api.call("GET", f"/{link['url']}")) == nowhere
    assert call(max_, "DELETE", f"/albums/{album}").status_code == 204


def test_a_public_album_is_read_by_its_id(max_, eve, pair):
    album = made(max_, title="For all", visibility="public")
    call(max_, "POST", f"/albums/{album}/images", {"image_ids": pair})
    seen = until(lambda: found if (found := call(eve, "GET", f"/albums/{album}")).ok else None, "the public album", 10)
    assert seen.json()["title"] == "For all"
    holds(eve, album, pair)
    assert max_.owner_id not in call(eve, "GET", f"/albums/{album}/images").text
    for method, path, body in [("PATCH", "", {"title": "mine"}), ("DELETE", "", None), ("POST", "/links", {}),
                               ("GET", "/links", None), ("DELETE", f"/images/{pair[0]}", None)]:
        assert problem(call(eve, method, f"/albums/{album}{path}", body)) == (404, "Request.NotFound"), (method, path)
    assert call(max_, "DELETE", f"/albums/{album}").status_code == 204


def test_a_ticket_says_where_its_photo_goes_and_who_may_see_it(max_, eve):
    album, hers, content = made(max_, title="From the camera"), made(eve, title="Hers"), photos.fixture("4-4-4.jpg")
    wanted = {"filename": "a.jpg", "content_type": "image/jpeg", "size_bytes": len(content)}
    single = call(max_, "POST", "/upload", wanted | {"album_id": album, "visibility": "public"})
    batch = call(max_, "POST", "/uploads", {"uploads": [wanted | {"album_id": album}, wanted]})
    assert (single.status_code, batch.status_code) == (201, 201)
    tickets = [single.json(), *batch.json()["tickets"]]
    for ticket in tickets:
        max_.api.secrets.keep_signature(ticket["upload"]["url"])
        assert put(ticket, content).status_code == 200
    first, second, third = (max_.wait(ticket["image_id"]) for ticket in tickets)
    assert [image.get("album_id") for image in (first, second, third)] == [album, album, None]
    assert [image["visibility"] for image in (first, second, third)] == ["public", "private", "private"]
    holds(max_, album, [second["image_id"], first["image_id"]])
    assert eve.look(first["image_id"]).status_code == 200
    for path, body, field in [("/upload", wanted | {"album_id": hers}, "album_id"),
                              ("/uploads", {"uploads": [wanted, wanted | {"album_id": hers}]}, "uploads[1].album_id")]:
        answer = call(max_, "POST", path, body)
        assert (problem(answer)[0], fields(answer)) == (400, [field])


def test_r59_an_album_cannot_be_enumerated_by_its_id(max_, eve, pair):
    """An album by a link that was revoked since: no photo, no cursor, and every answer is a 404."""
    album = made(max_, title="Was shared", visibility="link")
    assert call(max_, "POST", f"/albums/{album}/images", {"image_ids": pair}).status_code == 204
    holds(max_, album, pair)
    foreign, nowhere = (call(eve, "GET", f"/images?limit=1&album_id={each}") for each in (album, uuid.uuid4()))
    assert problem(foreign) == (404, "Request.NotFound")
    without_id = lambda answer: answer.json() | {"request_id": ""}  # noqa: E731
    assert without_id(foreign) == without_id(nowhere)
    assert call(max_, "DELETE", f"/albums/{album}").status_code == 204
    assert problem(call(max_, "GET", f"/images?album_id={album}")) == (404, "Request.NotFound")


def test_r59_a_link_and_a_cursor_name_no_user(max_, pair, api):
    album = made(max_, title="Sealed", visibility="link")
    assert call(max_, "POST", f"/albums/{album}/images", {"image_ids": pair}).status_code == 204
    holds(max_, album, pair)
    link = share(max_, album)
    page = api.call("GET", f"/{link['url']}?limit=1").json()
    for variant in page["items"][0]["variants"].values():
        api.secrets.keep_signature(variant["url"])
    for token in (link["url"].removeprefix("shared/"), page["next_cursor"]):
        told = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        assert max_.owner_id.encode() not in told
        for named in (max_.owner_id, album, link["link_id"], *pair):
            # Neither the whole id nor a part of it: its time, its random end.
            for part in (uuid.UUID(named).bytes[:6], uuid.UUID(named).bytes[-6:]):
                assert part not in told
    listed = call(max_, "GET", f"/albums/{album}/links").json()["items"]
    assert [found["url"] for found in listed] == [link["url"]], "the same link has the same URL"
    assert call(max_, "DELETE", f"/albums/{album}").status_code == 204


def test_r33_a_private_album_is_its_owners_only(max_, eve, pair, api):
    album = made(max_, title="Diary")
    theirs = made(eve, title="Hers")
    for method, path, body in [("GET", "", None), ("GET", "/images", None), ("PATCH", "", {"title": "mine"}),
                               ("DELETE", "", None), ("POST", "/images", {"image_ids": pair})]:
        # Photos that are not hers are refused before the album is looked for.
        assert problem(call(eve, method, f"/albums/{album}{path}", body))[0] == (400 if path and body else 404)
        stranger = api.call(method, f"/albums/{album}{path}", **({} if body is None else {"json": body}))
        assert problem(stranger) == (401, "Auth.Unauthorized")
    stolen = call(eve, "POST", f"/albums/{theirs}/images", {"image_ids": pair})
    assert (problem(stolen)[0], fields(stolen)) == (400, ["image_ids[0]"])
    moved = call(max_, "PATCH", f"/image/{pair[0]}", {"album_id": theirs})
    assert (problem(moved)[0], fields(moved)) == (400, ["album_id"])
    assert problem(call(max_, "POST", f"/albums/{album}/links", {})) == (409, "Request.Conflict")


def test_an_album_must_be_one(max_):
    for body, field in [({}, "title"), ({"title": " "}, "title"), ({"title": "x", "visibility": "all"}, "visibility")]:
        answer = call(max_, "POST", "/albums", body)
        assert (problem(answer)[0], fields(answer)) == (400, [field])
    assert problem(call(max_, "GET", f"/albums/{uuid.uuid4()}")) == (404, "Request.NotFound")
