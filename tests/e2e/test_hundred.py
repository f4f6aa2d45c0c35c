"""A hundred photos at once: none is lost, none is mixed up with another, none is processed twice, and none makes more
requests than docs/COST.md counts."""

import hashlib
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from darkroom.cost.photo import requests
from tests.support import photos
from tests.support.client import put
from tests.support.engine_work import Engine
from tests.support.waiting import until

PHOTOS = 100
SECONDS = 180
# The requests of one photo, by the names of the engine's counts. Functions that follow in batches may need fewer.
EACH = {
    "s3 PUT": requests("s3:PutObject"),
    "s3 GET": requests("s3:GetObject"),
    "dynamodb TransactWriteItems": 1,  # the ticket: its PutItem and its UpdateItem
    "dynamodb UpdateItem": requests("dynamodb:UpdateItem") - 1,
    "awsstepfunctions StartExecution": requests("states:StartExecution"),
}
SLACK = 0.2  # for what others on this stack do meanwhile: one request more for each photo is five times that
AT_MOST = {"awsevents PutEvents": requests("events:PutEvents"), "dynamodb GetItem": requests("dynamodb:GetItem")}


def test_a_hundred_photos_at_once(api, stack, operator, capsys):
    crowd, engine = api.newcomer("crowd"), Engine(stack)
    before = engine.measured().requests
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
    took, made = time.monotonic() - began, engine.measured().requests - before
    with capsys.disabled():
        print(f"\n{PHOTOS} photos from the first PUT to the last record: {took:.1f} s")

    assert Counter(record["status"] for record in records) == {"ready": PHOTOS}
    for request, each in EACH.items():
        assert each * PHOTOS <= made[request] <= (each + SLACK) * PHOTOS, f"{request}: docs/COST.md counts {each}"
    for request, each in AT_MOST.items():
        assert made[request] <= (each + SLACK) * PHOTOS, f"{request}: docs/COST.md counts {each}"
    assert {record["image_id"]: record["facts"]["sha256"] for record in records} == sent, "each its own bytes"

    def all_ended():
        ours = [execution for execution in operator.all_executions() if execution["name"][:36] in sent]
        return ours if all(execution["status"] != "RUNNING" for execution in ours) else None

    ours = until(all_ended, "the end of each execution, a moment after its record", pause=1)
    assert {execution["name"] for execution in ours} == {record["execution"] for record in records}
    assert Counter(execution["status"] for execution in ours) == {"SUCCEEDED": PHOTOS}
    with ThreadPoolExecutor(8) as pool:
        assert {image["status"] for image in pool.map(crowd.wait, sent)} == {"ready"}, "as their owner sees them"
