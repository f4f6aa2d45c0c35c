"""Users who list their profile: whose a public photo is, and all of them in one place."""

import pytest

from tests.support import photos
from tests.support.client import fields, problem
from tests.support.waiting import until

NOT_FOUND = (404, "Request.NotFound")


def get(person, path, **headers):
    return person.api.call("GET", path, token=person.id_token, headers=headers)


def page(person, path):
    answer = get(person, path)
    assert answer.status_code == 200, answer.text
    for image in answer.json()["items"]:
        for variant in image["variants"].values():
            person.api.secrets.keep_signature(variant["url"])
    return answer.json()


def save(person, **profile):
    answer = person.api.call("PUT", "/me", json=profile, token=person.id_token)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.fixture(scope="module")
def lou(api):
    return api.newcomer("lou")


@pytest.fixture(scope="module")
def three(lou):
    """The newest first: public, private, public."""
    ids = [lou.upload(photos.numbered(photos.fixture("4-4-4.jpg"), 700 + number)) for number in range(3)]
    for image_id, visibility in zip(ids, ("public", "private", "public"), strict=True):
        assert lou.wait(image_id)["status"] == "ready"
        answer = lou.api.call("PATCH", f"/image/{image_id}", json={"visibility": visibility}, token=lou.id_token)
        assert answer.status_code == 200, answer.text
    return ids[::-1]


def test_a_user_is_unknown_to_others_until_they_list_their_profile(lou, eve, three):
    me, photos_of = f"/users/{lou.owner_id}", f"/users/{lou.owner_id}/images"
    assert lou.me()["listed"] is False and save(lou, display_name="Lou")["listed"] is False
    assert [problem(get(person, path)) for person in (eve, lou) for path in (me, photos_of)] == [NOT_FOUND] * 4
    seen = until(lambda: eve.look(three[0]).ok and eve.look(three[0]).json(), "the public photo")
    assert "owner" not in seen

    assert save(lou, display_name="Lou", listed=True)["listed"] is True
    assert save(lou, display_name="Lou W.")["listed"] is True, "what is not said stays"
    owner = {"user_id": lou.owner_id, "display_name": "Lou W."}
    until(lambda: get(eve, me).json() == owner, "the profile")
    assert eve.look(three[0]).json()["owner"] == owner
    found = page(eve, "/images/public?limit=100")["items"]
    assert [image["owner"] for image in found if image["image_id"] == three[0]] == [owner]

    first = page(eve, f"{photos_of}?limit=1")
    second = page(eve, f"{photos_of}?limit=1&cursor={first['next_cursor']}")
    shown = [*first["items"], *second["items"]]
    assert [image["image_id"] for image in shown] == [three[0], three[2]], "and none that is private"
    assert all(image["owner"] == owner and "filename" not in image for image in shown)
    answer = get(eve, f"{photos_of}?limit=0")
    assert (problem(answer)[0], fields(answer)) == (400, ["limit"])
    fresh = get(eve, f"{photos_of}?limit=1")
    assert get(eve, f"{photos_of}?limit=1", **{"If-None-Match": fresh.headers["etag"]}).status_code == 304

    assert save(lou, display_name="Lou W.", listed=False)["listed"] is False
    until(lambda: get(eve, me).status_code == 404, "the profile to be hidden again")
    assert problem(get(eve, photos_of)) == NOT_FOUND and "owner" not in eve.look(three[0]).json()


def test_a_sign_in_is_needed(api, lou):
    for path in (f"/users/{lou.owner_id}", f"/users/{lou.owner_id}/images"):
        assert problem(api.call("GET", path)) == (401, "Auth.Unauthorized")
