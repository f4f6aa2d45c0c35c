"""Photos by the dozen: found by their ids, counted by months, changed and deleted together; and the lists' answers to a
client that asks again."""

import uuid

import pytest

from tests.support import photos
from tests.support.client import fields, problem
from tests.support.waiting import until


@pytest.fixture(scope="module")
def kim(api):
    return api.newcomer("kim")


@pytest.fixture(scope="module")
def trio(kim):
    """Three photos, the newest first."""
    ids = [kim.upload(photos.numbered(photos.fixture("4-4-4.jpg"), 700 + number)) for number in range(3)]
    for image_id in ids:
        assert kim.wait(image_id)["status"] == "ready"
    return ids[::-1]


def call(person, method, path, body=None, **headers):
    more = {} if body is None else {"json": body}
    answer = person.api.call(method, path, token=person.id_token, headers=headers, **more)
    for image in answer.json().get("items", []) if answer.ok and answer.content else []:
        for variant in image.get("variants", {}).values():
            person.api.secrets.keep_signature(variant["url"])
    return answer


def ids(answer):
    assert answer.status_code == 200, answer.text
    return [image["image_id"] for image in answer.json()["items"]]


def test_photos_are_found_by_their_ids_as_they_are_now(kim, eve, trio):
    ticket = kim.ticket(photos.fixture("4-4-4.jpg"))["image_id"]
    wanted = [trio[1], ticket, str(uuid.uuid4()), trio[0]]
    found = call(kim, "GET", f"/images?ids={','.join(wanted)}")
    assert ids(found) == [trio[1], ticket, trio[0]], "a ticket is seen at once, and what is nowhere is left out"
    assert [image["status"] for image in found.json()["items"]] == ["ready", "awaiting_upload", "ready"]
    assert ids(call(eve, "GET", f"/images?ids={','.join(wanted)}")) == [], "photos of another user are not found"
    again = call(kim, "GET", f"/images?ids={','.join(wanted)}", **{"If-None-Match": found.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert kim.api.call("DELETE", f"/image/{ticket}", token=kim.id_token).status_code == 204
    changed = call(kim, "GET", f"/images?ids={','.join(wanted)}", **{"If-None-Match": found.headers["etag"]})
    assert ids(changed) == [trio[1], trio[0]]


def test_ids_stand_alone(kim, trio):
    for query, field in [("ids=x", "ids"), (f"ids={trio[0]},{trio[0]}", "ids"), (f"ids={trio[0]}&limit=5", "limit")]:
        answer = call(kim, "GET", f"/images?{query}")
        assert (problem(answer), fields(answer)) == ((400, "Request.Invalid"), [field])


@pytest.mark.parametrize("path", ["/images", "/images/public", "/images/months"])
def test_r39_what_a_client_has_is_not_sent_again(kim, trio, path):
    first = call(kim, "GET", path)
    again = call(kim, "GET", path, **{"If-None-Match": first.headers["etag"]})
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")


def test_a_gallery_has_links_to_the_sizes_that_it_asks_for(kim, trio):
    sizes = lambda query: set(call(kim, "GET", f"/images?{query}").json()["items"][0]["variants"])  # noqa: E731
    assert sizes("size=small") == {"small"}
    assert sizes("size=all") == {"thumbnail", "small", "medium", "large"}
    assert fields(call(kim, "GET", "/images?size=original")) == ["size"]


def test_months_count_what_is_ready(kim, trio):
    month = kim.look(trio[0]).json()["created_at"][:7]
    wanted = {"items": [{"month": month, "count": 3}], "complete": True}
    until(lambda: call(kim, "GET", "/images/months").json() == wanted or None, "the months", 10)


def test_an_album_tells_how_many_photos_it_has_and_shows_the_newest(kim, eve, trio):
    album = call(kim, "POST", "/albums", {"title": "Counted", "visibility": "public"}).json()
    assert album["count"] == 0 and "cover" not in album
    where = f"/albums/{album['album_id']}"
    assert call(kim, "POST", f"{where}/images", {"image_ids": trio[:2]}).status_code == 204
    told = until(lambda: found if (found := call(kim, "GET", where).json())["count"] == 2 else None, "the count", 10)
    assert told["cover"]["image_id"] == trio[0]
    kim.api.secrets.keep_signature(told["cover"]["variants"]["thumbnail"]["url"])
    listed = next(each for each in call(kim, "GET", "/albums").json()["items"] if each["album_id"] == told["album_id"])
    assert (listed["count"], listed["cover"]["image_id"]) == (2, trio[0])
    kim.api.secrets.keep_signature(listed["cover"]["variants"]["thumbnail"]["url"])

    seen = until(lambda: found if (found := call(eve, "GET", where)).ok else None, "the public album", 10)
    assert seen.json().keys().isdisjoint({"count", "cover"}), "for its owner"
    page = call(kim, "GET", f"{where}/images?size=all")
    again = call(kim, "GET", f"{where}/images?size=all", **{"If-None-Match": page.headers["etag"]})
    assert (page.status_code, again.status_code) == (200, 304)
    link = call(kim, "POST", f"{where}/links", {"expires_in_seconds": 600}).json()
    kim.api.secrets.keep(link["url"].removeprefix("shared/"))
    shared = kim.api.call("GET", f"/{link['url']}").json()
    for image in shared["items"]:
        for variant in image["variants"].values():
            kim.api.secrets.keep_signature(variant["url"])
    assert shared["expires_at"] == link["expires_at"]
    assert call(kim, "DELETE", where).status_code == 204


def test_r33_some_photos_are_changed_together_or_none_is(kim, eve, trio):
    album = call(kim, "POST", "/albums", {"title": "Together"}).json()["album_id"]
    body = {"image_ids": [trio[2], trio[0]], "visibility": "public", "album_id": album, "caption": "Lake"}
    changed = call(kim, "PATCH", "/images", body)
    assert ids(changed) == [trio[2], trio[0]]
    said = {(image["visibility"], image["album_id"], image["caption"]) for image in changed.json()["items"]}
    assert said == {("public", album, "Lake")}
    until(lambda: eve.look(trio[0]).ok or None, "the public photo", 10)

    hers = eve.ticket(photos.fixture("4-4-4.jpg"))["image_id"]
    for wrong, field in [(hers, "image_ids[1]"), (str(uuid.uuid4()), "image_ids[1]")]:
        answer = call(kim, "PATCH", "/images", {"image_ids": [trio[0], wrong], "caption": None})
        assert (problem(answer), fields(answer)) == ((400, "Request.Invalid"), [field])
    assert fields(call(kim, "PATCH", "/images", {"image_ids": trio, "album_id": str(uuid.uuid4())})) == ["album_id"]
    assert kim.look(trio[0]).json()["caption"] == "Lake"
    undo = {"image_ids": trio, "visibility": "private", "album_id": None, "caption": None}
    undone = call(kim, "PATCH", "/images", undo)
    assert all(image.keys().isdisjoint({"album_id", "caption"}) for image in undone.json()["items"])
    assert eve.api.call("DELETE", f"/image/{hers}", token=eve.id_token).status_code == 204
    assert call(kim, "DELETE", f"/albums/{album}").status_code == 204


def test_r33_r40_some_photos_are_deleted_together(kim, eve, trio):
    foreign = call(eve, "POST", "/images/delete", {"image_ids": trio})
    assert [item["result"] for item in foreign.json()["items"]] == ["not_found"] * 3
    gone = call(kim, "POST", "/images/delete", {"image_ids": trio[1:]})
    assert gone.json() == {"items": [{"image_id": image_id, "result": "deleted"} for image_id in trio[1:]]}
    assert "retry-after" not in gone.headers
    again = call(kim, "POST", "/images/delete", {"image_ids": trio})
    assert [item["result"] for item in again.json()["items"]] == ["deleted", "not_found", "not_found"]
    for image_id in trio:
        assert problem(kim.look(image_id)) == (404, "Request.NotFound")
    assert ids(call(kim, "GET", "/images")) == []
    until(lambda: call(kim, "GET", "/images/months").json()["items"] == [] or None, "the months to be empty", 10)
