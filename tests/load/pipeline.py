"""Measures the whole pipeline on this machine, and the local engine's work for each photo: photos a second, the time
from the PUT to `ready` of one photo alone, CPU time of the engine and of the functions, and the engine's requests by
service and operation.

    make bench-stack                300 photos, on a stack of its own; PHOTOS=100 for fewer
    PHOTO=phone make bench-stack    photos of 12 megapixels, as `make cost` counts them
    DARKROOM_STACK=.local/stack.json make bench-stack      on the stack that is up
"""

import os
import statistics
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.support import photos
from tests.support.client import Api, Secrets, put
from tests.support.engine_work import Engine
from tests.support.operations import Operator
from tests.support.running_stack import RunningStack

ROOT = Path(__file__).resolve().parents[2]
PHOTOS, SINGLE, WARM_UP = int(os.environ.get("PHOTOS") or 300), 20, 3
AT_ONCE, PER_CALL = 16, 50
PHOTO = photos.of_a_phone() if os.environ.get("PHOTO") == "phone" else photos.fixture("4-4-4.jpg")
DECIDED = ("ready", "rejected", "failed")


def main():
    stack = RunningStack(ROOT / os.environ["DARKROOM_STACK"])
    api, operator, engine = Api(stack["api_url"], stack["mailbox_url"], Secrets()), Operator(stack), Engine(stack)
    print(f"load average {os.getloadavg()[0]:.1f} of {os.cpu_count()} cores before")
    single = api.newcomer("single")
    one_by_one(single, operator, WARM_UP)
    before = engine.measured()
    latencies = one_by_one(single, operator, SINGLE)
    spent = engine.measured().by_function - before.by_function
    cuts = statistics.quantiles(latencies, n=20)
    print(f"one photo alone, of {len(PHOTO) / 1e6:.2f} MB, PUT to ready: "
          f"median {cuts[9]:.2f} s, p95 {cuts[18]:.2f} s, {SINGLE} photos")
    print("CPU ms of each function for it, with one ticket and one look:",
          ", ".join(f"{name} {seconds / SINGLE * 1000:.1f}" for name, seconds in spent.most_common()))

    crowd = api.newcomer("crowd")
    contents = [photos.numbered(PHOTO, number) for number in range(PHOTOS)]
    given = tickets(crowd, contents)
    before, began = engine.measured(), time.monotonic()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        refused = [answer for answer in pool.map(put, given, contents) if answer.status_code != 200]
    assert not refused, refused[0].text
    outcomes = all_decided(operator, crowd.owner_id)
    took, after = time.monotonic() - began, engine.measured()
    print(f"{PHOTOS} photos: {took:.1f} s, {PHOTOS / took:.1f} a second, {dict(outcomes)}")
    print(f"CPU for each photo: engine {(after.engine - before.engine) / PHOTOS * 1000:.0f} ms, "
          f"functions {(after.functions - before.functions) / PHOTOS * 1000:.0f} ms; "
          f"up to {after.processes} processes; load average {os.getloadavg()[0]:.1f}")
    print("requests to the engine for each photo")
    for operation, number in (after.requests - before.requests).most_common():
        print(f"{number / PHOTOS:8.2f}  {operation}")
    return int(outcomes != {"ready": PHOTOS})


def tickets(person, contents):
    given = []
    for start in range(0, len(contents), PER_CALL):
        wanted = [{"filename": "photo.jpg", "content_type": "image/jpeg", "size_bytes": len(content)}
                  for content in contents[start:start + PER_CALL]]
        answer = person.api.post("/uploads", {"uploads": wanted}, token=person.id_token)
        assert answer.status_code == 201, answer.text
        given += answer.json()["tickets"]
    return given


def one_by_one(person, operator, count):
    """Seconds from the first byte of the PUT to the record that says ready, on a stack without other work."""
    latencies = []
    for _ in range(count):
        content = photos.numbered(PHOTO, time.monotonic_ns())
        ticket = person.ticket(content)
        began = time.monotonic()
        assert put(ticket, content).status_code == 200
        while (record := operator.record(ticket["image_id"], person.owner_id))["status"] not in DECIDED:
            time.sleep(0.02)
        assert record["status"] == "ready", record
        latencies.append(time.monotonic() - began)
        assert person.look(ticket["image_id"]).status_code == 200
        time.sleep(0.3)  # what follows an outcome, an announcement, is not part of the next photo
    return latencies


def all_decided(operator, owner_id):
    """Asks for one photo at a time: a list of all, again and again, would be most of the engine's work."""
    while True:
        records = operator.records_of(owner_id)
        left = [record["image_id"] for record in records if record["status"] not in DECIDED]
        if not left:
            return Counter(record["status"] for record in records)
        while operator.record(left[-1], owner_id)["status"] not in DECIDED:
            time.sleep(0.25)


if __name__ == "__main__":
    sys.exit(main())
