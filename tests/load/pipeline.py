"""Measures the whole pipeline on this machine, and the local engine's work for each photo: photos a second, the time
from the PUT to `ready` of one photo alone, CPU time of the engine and of the functions, and the engine's requests by
service and operation.

    make bench-stack                300 photos, on a stack of its own; PHOTOS=100 for fewer
    DARKROOM_STACK=.local/stack.json make bench-stack      on the stack that is up
"""

import json
import os
import statistics
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.support import photos
from tests.support.client import Api, Secrets, put, send
from tests.support.operations import Operator
from tests.support.running_stack import RunningStack

ROOT = Path(__file__).resolve().parents[2]
PHOTOS, SINGLE, WARM_UP = int(os.environ.get("PHOTOS") or 300), 20, 3
AT_ONCE, PER_CALL = 16, 50
PHOTO = photos.fixture("4-4-4.jpg")
TICKS = os.sysconf("SC_CLK_TCK")
DECIDED = ("ready", "rejected", "failed")


def main():
    stack = RunningStack(ROOT / os.environ["DARKROOM_STACK"])
    api, operator, engine = Api(stack["api_url"], stack["mailbox_url"], Secrets()), Operator(stack), Engine(stack)
    print(f"load average {os.getloadavg()[0]:.1f} of {os.cpu_count()} cores before")
    latencies = one_by_one(api.newcomer("single"), operator)
    cuts = statistics.quantiles(latencies, n=20)
    print(f"one photo alone, PUT to ready: median {cuts[9]:.2f} s, p95 {cuts[18]:.2f} s, {len(latencies)} photos")

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
    print("requests to the engine for each photo" if after.requests else "requests are not counted in this stack")
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


def one_by_one(person, operator):
    """Seconds from the first byte of the PUT to the record that says ready, on a stack without other work."""
    latencies = []
    for number in range(WARM_UP + SINGLE):
        content = photos.numbered(PHOTO, number)
        ticket = person.ticket(content)
        began = time.monotonic()
        assert put(ticket, content).status_code == 200
        while (record := operator.record(ticket["image_id"], person.owner_id))["status"] not in DECIDED:
            time.sleep(0.02)
        assert record["status"] == "ready", record
        latencies.append(time.monotonic() - began)
        time.sleep(0.3)  # what follows an outcome, an announcement, is not part of the next photo
    return latencies[WARM_UP:]


def all_decided(operator, owner_id):
    """Asks for one photo at a time: a list of all, again and again, would be most of the engine's work."""
    while True:
        records = operator.records_of(owner_id)
        left = [record["image_id"] for record in records if record["status"] not in DECIDED]
        if not left:
            return Counter(record["status"] for record in records)
        while operator.record(left[-1], owner_id)["status"] not in DECIDED:
            time.sleep(0.25)


class Engine:
    """The engine's process and those of the functions under it, as the kernel accounts for them."""

    def __init__(self, stack):
        self._pid = json.loads((stack.path.parent / "engine.pid.json").read_text())["pid"]
        self._url = stack["aws_endpoint_url"] + "/_darkroom/requests"

    def measured(self):
        answer = send("GET", self._url)
        counted = answer.json() if answer.headers["content-type"] == "application/json" and answer.ok else {}
        return Measured(self._pid, Counter(counted))


class Measured:
    def __init__(self, engine, requests):
        own, reaped = cpu_seconds(engine)
        children = [int(process.name) for process in Path("/proc").iterdir()
                    if process.name.isdecimal() and parent(process) == engine]
        self.engine, self.requests, self.processes = own, requests, len(children)
        self.functions = reaped + sum(cpu_seconds(child)[0] for child in children)


def stat(process):
    """The fields behind the command, which may hold spaces."""
    return Path("/proc", str(process), "stat").read_text().rpartition(")")[2].split()


def parent(process):
    try:
        return int(stat(process.name)[1])
    except OSError:
        return None


def cpu_seconds(process):
    """Its own, and of the children that it has waited for."""
    try:
        own_user, own_system, waited_user, waited_system = map(int, stat(process)[11:15])
    except OSError:
        return 0.0, 0.0
    return (own_user + own_system) / TICKS, (waited_user + waited_system) / TICKS


if __name__ == "__main__":
    sys.exit(main())
