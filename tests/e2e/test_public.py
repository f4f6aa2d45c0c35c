"""The list of public photos: no single user can empty it; it is merged of shards, and rebuilt for records of an earlier
release."""

import re
import subprocess
import sys

import pytest

from tests.support import photos, running_stack
from tests.support.client import put
from tests.support.waiting import until

TICKET = {"filename": "a.jpg", "content_type": "image/jpeg", "visibility": "public"}


@pytest.fixture(scope="module")
def pia(api):
    return api.newcomer("pia")


@pytest.fixture(scope="module")
def six(pia):
    """Six public photos, the newest first: enough to be in more than one shard."""
    contents = [photos.numbered(photos.fixture("4-4-4.jpg"), 900 + number) for number in range(6)]
    wanted = [TICKET | {"size_bytes": len(content)} for content in contents]
    answer = pia.api.post("/uploads", {"uploads": wanted}, token=pia.id_token)
    assert answer.status_code == 201, answer.text
    tickets = answer.json()["tickets"]
    for ticket, content in zip(tickets, contents, strict=True):
        pia.api.secrets.keep_signature(ticket["upload"]["url"])
        assert put(ticket, content).status_code == 200
    ids = [ticket["image_id"] for ticket in tickets]
    for image_id in ids:
        assert pia.wait(image_id)["status"] == "ready"
    return sorted(ids, reverse=True)


def listed(person, query=""):
    answer = person.api.call("GET", f"/images/public{query}", token=person.id_token)
    assert answer.status_code == 200, answer.text
    page = answer.json()
    for image in page["items"]:
        for variant in image["variants"].values():
            person.api.secrets.keep_signature(variant["url"])
    return page


def pages(person, limit, count):
    """So many ids, page by page."""
    ids, cursor = [], ""
    while len(ids) < count:
        page = listed(person, f"?limit={limit}{cursor}")
        assert 1 <= len(page["items"]) <= limit
        ids += [image["image_id"] for image in page["items"]]
        cursor = f"&cursor={page['next_cursor']}" if "next_cursor" in page else ""
        if not cursor:
            break
    return ids


def test_r37_the_shards_are_one_list_newest_first(eve, six):
    assert until(lambda: found if (found := pages(eve, 2, 6))[:6] == six else None, "the public photos", 10)
    assert pages(eve, 1, 6)[:6] == six
    everything = pages(eve, 100, 10_000)
    assert everything == sorted(set(everything), reverse=True)


def test_unused_tickets_take_no_place(api, eve, six):
    mallory = api.newcomer("mallory")
    for _ in range(22):
        answer = api.post("/uploads", {"uploads": [TICKET | {"size_bytes": 1}] * 50}, token=mallory.id_token)
        assert answer.status_code == 201, answer.text
        for ticket in answer.json()["tickets"]:
            api.secrets.keep_signature(ticket["upload"]["url"])
    assert [image["image_id"] for image in listed(eve, "?limit=6")["items"]] == six


def test_records_of_an_earlier_release_are_put_into_their_places(stack, operator, pia, eve, six):
    command = [sys.executable, "-m", "darkroom.deploy.reindex", "--env", "local"]

    def reindexed():
        here = {"cwd": running_stack.REPOSITORY, "env": stack.environment}
        asked = subprocess.run(command, **here, capture_output=True, text=True)
        assert asked.returncode == 0, asked.stderr
        return int(re.search(r"(\d+) of them corrected", asked.stderr)[1])

    reindexed()
    image_id = six[0]
    key = {"pk": {"S": f"USER#{pia.owner_id}"}, "sk": {"S": f"IMAGE#{image_id}"}}
    operator.dynamodb.update_item(TableName=stack["images_table"], Key=key,
                                  UpdateExpression="REMOVE ready_id, public_shard")
    newest = lambda: listed(eve, "?limit=1")["items"][0]["image_id"]  # noqa: E731
    until(lambda: newest() != image_id or None, "the photo to leave the list", 10)
    assert reindexed() == 1
    until(lambda: newest() == image_id or None, "the photo to be back in the list", 10)
    assert reindexed() == 0
