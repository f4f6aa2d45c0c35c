"""Tickets that are asked for twice, by two clients at once, renewed, by the dozen, and beyond the day's quota."""

import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support import photos
from tests.support.client import fields, problem, put

CONTENT = photos.fixture("4-4-4.jpg")
WANTED = {"filename": "a.jpg", "content_type": "image/jpeg", "size_bytes": len(CONTENT)}
UNKNOWN = "01890a5d-ac96-774b-bcce-b302099a8057"


@pytest.fixture
def person(api):
    return api.newcomer("twice")


def asked(person, body=WANTED, path="/upload", key=None):
    headers = {"Idempotency-Key": key} if key else {}
    answer = person.api.post(path, body, token=person.id_token, headers=headers)
    for ticket in answer.json().get("tickets", [answer.json()]) if answer.ok else []:
        person.api.secrets.keep_signature(ticket["upload"]["url"])
    return answer


def renewed(person, image_id):
    answer = person.api.call("POST", f"/upload/{image_id}", token=person.id_token)
    if answer.ok:
        person.api.secrets.keep_signature(answer.json()["upload"]["url"])
    return answer


def test_r38_a_second_try_gives_the_same_ticket_and_counts_nothing(person):
    key = str(uuid.uuid4())
    first, again = asked(person, key=key), asked(person, dict(reversed(WANTED.items())), key=key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.text == first.text
    assert again.headers["location"] == first.headers["location"]
    assert person.me()["usage"]["images"] == 1
    assert put(first.json(), CONTENT).status_code == 200
    assert put(again.json(), CONTENT).status_code == 412, "one ticket, good once"


def test_r38_another_body_or_route_under_the_same_key_is_refused(person, eve):
    key = str(uuid.uuid4())
    assert asked(person, key=key).status_code == 201
    refused = (422, "Request.IdempotencyMismatch")
    assert problem(asked(person, WANTED | {"filename": "b.jpg"}, key=key)) == refused
    assert problem(asked(person, {"uploads": [WANTED]}, "/uploads", key=key)) == refused
    assert asked(eve, key=key).status_code == 201, "a key is its user's"
    assert person.me()["usage"]["images"] == 1


def test_r38_clients_at_once_with_one_key_get_one_ticket(person):
    key = str(uuid.uuid4())
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda _: asked(person, key=key), range(12)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["image_id"] for answer in answers}) == 1
    assert person.me()["usage"]["images"] == 1


def test_clients_at_once_each_get_their_own_ticket(person):
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: asked(person), range(48)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["image_id"] for answer in answers}) == 48
    assert person.me()["usage"] == person.me()["usage"] | {"images": 48, "bytes": 48 * len(CONTENT)}


def test_fifty_tickets_in_one_call_are_all_or_none(person):
    key = str(uuid.uuid4())
    batch = {"uploads": [WANTED | {"filename": f"{number}.jpg"} for number in range(50)]}
    answer = asked(person, batch, "/uploads", key=key)
    assert answer.status_code == 201, answer.text
    tickets = answer.json()["tickets"]
    assert len({ticket["image_id"] for ticket in tickets}) == 50
    assert asked(person, batch, "/uploads", key=key).text == answer.text
    for number in (0, 49):
        assert put(tickets[number], CONTENT).status_code == 200
        assert person.wait(tickets[number]["image_id"])["filename"] == f"{number}.jpg"

    batch["uploads"][3]["filename"] = "a/b.jpg"
    refused = asked(person, batch, "/uploads")
    assert problem(refused) == (400, "Request.Invalid")
    assert fields(refused) == ["uploads[3].filename"]
    unknown = {"uploads": [WANTED, WANTED | {"album_id": UNKNOWN}]}
    assert fields(asked(person, unknown, "/uploads")) == ["uploads[1].album_id"]
    assert person.me()["usage"]["images"] == 50


def test_a_ticket_is_renewed_until_the_photo_arrives(person, eve):
    ticket = person.ticket(CONTENT)
    image_id = ticket["image_id"]
    new = renewed(person, image_id)
    assert new.status_code == 201, new.text
    assert new.json()["image_id"] == image_id
    assert new.json()["upload"]["headers"] == ticket["upload"]["headers"]
    assert put(new.json(), CONTENT + b"\0").status_code == 403, "the same terms"
    for other, unknown in ((eve, image_id), (person, UNKNOWN), (person, "x")):
        assert problem(renewed(other, unknown)) == (404, "Request.NotFound")

    assert put(new.json(), CONTENT).status_code == 200
    assert put(ticket, CONTENT).status_code == 412, "one photo, whichever ticket"
    person.wait(image_id)
    assert problem(renewed(person, image_id)) == (409, "Request.Conflict")
    assert person.me()["usage"]["images"] == 1


def test_an_album_that_is_not_there_gives_no_ticket(person):
    answer = asked(person, WANTED | {"album_id": UNKNOWN})
    assert problem(answer) == (400, "Request.Invalid")
    assert fields(answer) == ["album_id"]
    assert person.me()["usage"]["images"] == 0


def test_the_quota_of_a_day_holds_against_clients_at_once(person):
    per_day = person.me()["limits"]["images_per_day"]
    batches = per_day // 50
    batch = {"uploads": [WANTED] * 50}
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: person.api.post("/uploads", batch, token=person.id_token),
                                range(batches + 3)))
    statuses = [answer.status_code for answer in answers]
    assert (statuses.count(201), statuses.count(429)) == (batches, 3), statuses
    assert person.me()["usage"]["images"] == per_day

    refused = asked(person)
    assert problem(refused) == (429, "Request.QuotaExceeded")
    assert 1 <= int(refused.headers["retry-after"]) <= 86_401
    assert f"{per_day} of {per_day} images" in refused.json()["detail"]
    image_id = next(answer for answer in answers if answer.ok).json()["tickets"][0]["image_id"]
    assert renewed(person, image_id).status_code == 201, "what was given stays good"


def test_everybody_sees_and_changes_their_own_account(person, ada):
    before = person.me()
    assert before["user_id"] == person.owner_id
    assert "display_name" not in before
    answer = person.api.call("PUT", "/me", json={"display_name": "Ada 🌅"}, token=person.id_token)
    assert answer.status_code == 200, answer.text
    assert answer.json() == before | {"display_name": "Ada 🌅"} == person.me()
    refused = person.api.call("PUT", "/me", json={"display_name": "x", "user_id": ada.owner_id}, token=person.id_token)
    assert (problem(refused), fields(refused)) == ((400, "Request.Invalid"), ["user_id"])
    assert person.me()["display_name"] == "Ada 🌅"
    assert ada.me()["user_id"] == ada.owner_id
