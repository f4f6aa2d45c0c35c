"""Lists of photos, their captions and other edits of owners, and similar photos."""

import io
import json
import uuid

import pytest

from tests.support import photos
from tests.support.client import download, fields, problem, send
from tests.support.waiting import until


@pytest.fixture(scope="module")
def zoe(api):
    """A user with photos of her own."""
    return api.newcomer("zoe")


@pytest.fixture(scope="module")
def three(zoe):
    """Three photos, the newest first; the newest is a smaller copy of the oldest."""
    original, other, copy = photos.fixture("dandelion.jpg"), photos.sideways(), io.BytesIO()
    photos.upright(original).resize((640, 360)).save(copy, "PNG")
    uploads = [(original, "image/jpeg"), (other, "image/jpeg"), (copy.getvalue(), "image/png")]
    ids = [zoe.upload(content, kind) for content, kind in uploads]
    for image_id in ids:
        assert zoe.wait(image_id)["status"] == "ready"
    return ids[::-1]


def listed(person, query="", path="/images"):
    answer = person.api.call("GET", path + query, token=person.id_token)
    assert answer.status_code == 200, answer.text
    page = answer.json()
    for image in page["items"]:
        for variant in image.get("variants", {}).values():
            person.api.secrets.keep_signature(variant["url"])
    return page


def ids(page):
    return [image["image_id"] for image in page["items"]]


def change(person, image_id, **what):
    return person.api.call("PATCH", f"/image/{image_id}", token=person.id_token, json=what)


def test_r37_a_gallery_page_is_one_request_with_every_thumbnail(zoe, three):
    page = listed(zoe)
    assert ids(page) == three and "next_cursor" not in page
    for image in page["items"]:
        assert list(image["variants"]) == ["thumbnail"]
        assert max(photos.opened(download(image["variants"]["thumbnail"]["url"]).content).size) <= 200


def test_r37_pages_stay_put_while_photos_are_added(zoe, three):
    first = listed(zoe, "?limit=2")
    ticket = zoe.ticket(photos.sideways())
    second = listed(zoe, f"?limit=2&cursor={first['next_cursor']}")
    assert ids(first) + ids(second) == three and "next_cursor" not in second
    assert ids(listed(zoe, "?limit=1")) == [ticket["image_id"]], "a ticket is seen at once"
    assert zoe.api.call("DELETE", f"/image/{ticket['image_id']}", token=zoe.id_token).status_code == 204


def test_r37_a_cursor_is_good_for_its_list_and_its_owner_only(zoe, eve, three):
    cursor = listed(zoe, "?limit=1")["next_cursor"]
    for person, query in [(eve, cursor), (zoe, f"{cursor}&status=ready"), (zoe, cursor[:-1])]:
        answer = person.api.call("GET", f"/images?cursor={query}", token=person.id_token)
        assert (problem(answer), fields(answer)) == ((400, "Request.Invalid"), ["cursor"])


def test_filters(zoe, three):
    today = zoe.look(three[0]).json()["created_at"][:10]
    assert ids(listed(zoe, f"?status=ready&from={today}&to={today}")) == three
    assert ids(listed(zoe, "?to=2020-01-01")) == [] == ids(listed(zoe, "?status=rejected"))
    answer = zoe.api.call("GET", "/images?from=tomorrow", token=zoe.id_token)
    assert (problem(answer)[0], fields(answer)) == (400, ["from"])


def test_r33_lists_need_a_sign_in(api):
    for path in ("/images", "/images/public"):
        assert problem(api.call("GET", path)) == (401, "Auth.Unauthorized")


def test_a_focal_point_is_the_owners_and_the_next_execution_has_it(zoe, eve, olga, operator, three):
    image_id = three[1]
    answer = change(zoe, image_id, focus={"x": 1 / 3, "y": 1})
    assert answer.json()["focus"] == {"x": 0.333, "y": 1} == zoe.look(image_id).json()["focus"]
    assert next(image for image in listed(zoe)["items"] if image["image_id"] == image_id)["focus"]["x"] == 0.333
    for wrong, field in [({"x": 1.01, "y": 0}, "focus"), ({"x": "0", "y": 0}, "focus.x")]:
        refused = change(zoe, image_id, focus=wrong)
        assert (problem(refused)[0], fields(refused)) == (400, [field])

    execution = operator.execution(image_id)
    again = olga.api.call("POST", f"/ops/executions/{execution.name}/restart", token=olga.id_token)
    assert again.status_code == 202, again.text
    assert zoe.wait(image_id)["status"] == "ready"
    [restarted] = [each for each in operator.executions(image_id) if each["name"] == again.json()["name"]]
    order = json.loads(operator.sfn.describe_execution(executionArn=restarted["executionArn"])["input"])
    assert order["focus"] == {"x": 0.333, "y": 1}

    assert change(zoe, image_id, visibility="public").json()["focus"]
    assert "focus" not in until(lambda: eve.look(image_id).ok and eve.look(image_id).json(), "the public photo")
    assert "focus" not in change(zoe, image_id, focus=None, visibility="private").json()


def test_what_is_public_is_seen_by_others_without_the_owners_business(zoe, eve, three):
    image_id = three[0]
    assert problem(eve.look(image_id)) == (404, "Request.NotFound")
    answer = change(zoe, image_id, caption="Sunset\nat the lake 🌅", visibility="public")
    assert answer.status_code == 200, answer.text
    assert (answer.json()["caption"], answer.json()["visibility"]) == ("Sunset\nat the lake 🌅", "public")

    seen = eve.look(image_id)
    assert seen.status_code == 200 and seen.json()["caption"] == "Sunset\nat the lake 🌅"
    assert zoe.owner_id not in seen.text and "filename" not in seen.json() and "source" not in seen.json()
    download(seen.json()["variants"]["medium"]["url"])
    assert problem(eve.look(image_id, "?size=original")) == (404, "Request.NotFound")
    until(lambda: image_id in ids(listed(eve, path="/images/public")), "the photo in the list")

    # A visitor sees the photo and may not change it.
    for method, path, more in [("PATCH", "", {"json": {"caption": "mine"}}), ("DELETE", "", {}), ("GET", "/events", {}),
                               ("GET", "/similar", {})]:
        answer = eve.api.call(method, f"/image/{image_id}{path}", token=eve.id_token, **more)
        assert problem(answer) == (404, "Request.NotFound"), (method, path)

    assert change(zoe, image_id, caption=None, visibility="private").json().keys().isdisjoint({"caption"})
    assert problem(eve.look(image_id)) == (404, "Request.NotFound")
    until(lambda: image_id not in ids(listed(eve, path="/images/public")), "the photo to leave the list")


def test_the_original_comes_back_as_it_was_uploaded(zoe, three):
    answer = zoe.look(three[2], "?size=original")
    link = answer.json()["variants"]["original"]
    got = download(link["url"])
    assert got.content == photos.fixture("dandelion.jpg") and link["bytes"] == len(got.content)
    # The header makes a browser save the file. It is part of the signature; the local engine sends it with the newest
    # version only.
    assert "response-content-disposition=attachment" in link["url"]


def test_a_redirect_leads_to_the_bytes(zoe, three):
    path = f"/image/{three[0]}?size=small&redirect=true"
    answer = zoe.api.call("GET", path, token=zoe.id_token, allow_redirects=False)
    assert (answer.status_code, answer.content) == (302, b"")
    zoe.api.secrets.keep_signature(answer.headers["location"])
    got = send("GET", answer.headers["location"])
    assert photos.opened(got.content).format == "JPEG"
    assert got.headers["content-disposition"].startswith('inline; filename="photo-small.jpg"')
    for query, field in [("?redirect=true", "size"), ("?size=small&format=png", "format")]:
        answer = zoe.look(three[0], query)
        assert (problem(answer)[0], fields(answer)) == (400, [field])


def test_what_looks_alike_is_found(zoe, three):
    copy, _, original = three
    answer = zoe.api.call("GET", f"/image/{original}/similar", token=zoe.id_token)
    assert answer.status_code == 200, answer.text
    found = {item["image"]["image_id"]: item["distance"] for item in answer.json()["items"]}
    assert found.keys() == {copy} and found[copy] <= 4


def test_what_is_not_developed_looks_like_nothing_yet(zoe):
    ticket = zoe.ticket(photos.sideways())["image_id"]
    answer = zoe.api.call("GET", f"/image/{ticket}/similar", token=zoe.id_token)
    assert problem(answer) == (409, "Request.Conflict")
    assert zoe.api.call("DELETE", f"/image/{ticket}", token=zoe.id_token).status_code == 204


def test_the_timeline_tells_every_turn(zoe, three, operator):
    answer = zoe.api.call("GET", f"/image/{three[0]}/events", token=zoe.id_token)
    events = answer.json()["items"]
    assert [event["event"] for event in events] == ["ticket_given", "photo_arrived", "processing", "ready"]
    assert [event["at"] for event in events] == sorted(event["at"] for event in events)
    assert {event.get("execution") for event in events[2:]} == {operator.execution(three[0]).name}


def test_a_change_must_be_one(zoe, three):
    for body, field in [({}, "caption"), ({"caption": ""}, "caption"), ({"visibility": "link"}, "visibility"),
                        ({"album_id": str(uuid.uuid4())}, "album_id"), ({"status": "ready"}, "status")]:
        answer = change(zoe, three[0], **body)
        assert (problem(answer)[0], fields(answer)) == (400, [field]), body
    assert problem(change(zoe, uuid.uuid4(), caption="x")) == (404, "Request.NotFound")
