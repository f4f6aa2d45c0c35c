"""A hundred photos at once: none is lost, none is mixed up with another, none is processed twice."""

import hashlib
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from tests.support import photos
from tests.support.client import put
from tests.support.waiting import until

PHOTOS = 100
SECONDS = 180


def test_a_hundred_photos_at_once(api, operator, capsys):
    crowd = api.newcomer("crowd")
    contents = [photos.numbered(photos.fixture("4-4-4.jpg"), number) for number in range(PHOTOS)]
    with ThreadPoolExecutor(16) as pool:
        tickets = list(pool.map(crowd.ticket, contents))
        began = time.monotonic()
        answers = list(pool.map(put, tickets, contents))
    assert {answer.status_code for answer in answers} == {200}
    sent = {ticket["image_id"]: hashlib.sha256(content).hexdigest()
            for ticket, content in zip(tickets, contents, strict=True)}
    assert len(sent) == PHOTOS

    def all_decided():
        records = operator.records_of(crowd.owner_id)
        return records if all(record["status"] not in ("awaiting_upload", "processing") for record in records) else None

    records = until(all_decided, f"{PHOTOS} outcomes", SECONDS, pause=1)
    took = time.monotonic() - began
    with capsys.disabled():
        print(f"\n{PHOTOS} photos from the first PUT to the last record: {took:.1f} s")

    assert Counter(record["status"] for record in records) == {"ready": PHOTOS}
    assert {record["image_id"]: record["facts"]["sha256"] for record in records} == sent, "each its own bytes"
    ours = [execution for execution in operator.all_executions() if execution["name"][:36] in sent]
    assert {execution["name"] for execution in ours} == {record["execution"] for record in records}
    assert Counter(execution["status"] for execution in ours) == {"SUCCEEDED": PHOTOS}
    with ThreadPoolExecutor(8) as pool:
        assert {image["status"] for image in pool.map(crowd.wait, sent)} == {"ready"}, "as their owner sees them"
