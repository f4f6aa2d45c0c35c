"""Imports a bucket on this machine and kills it on the way: at a quarter, the processes of `bring`; at half, the
import, which is then started again. Each object must be one photo, developed once. Prints how long it took, and what a
person's upload took before and during the import.

    make bench-import               2,000 photos, on a stack of its own; PHOTOS=200 for fewer
"""

import os
import signal
import statistics
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.support import photos
from tests.support.client import Api, Secrets, put
from tests.support.engine_work import children
from tests.support.operations import Operator
from tests.support.running_stack import RunningStack

ROOT = Path(__file__).resolve().parents[2]
PHOTOS = int(os.environ.get("PHOTOS") or 2000)
BUCKET, PREFIX = "holiday-photos", "bench/"
PHOTO = photos.fixture("4-4-4.jpg")


def main():
    stack = RunningStack(ROOT / os.environ["DARKROOM_STACK"])
    api, operator = Api(stack["api_url"], stack["mailbox_url"], Secrets()), Operator(stack)
    owner, person, olga = (api.newcomer(name) for name in ("owner", "person", "olga"))
    operator.promote(olga)
    olga.sign_in()
    fill(operator)
    alone = [upload(person, operator) for _ in range(5)]
    began = time.monotonic()
    name = start(olga, owner)
    during, killed, stopped = [], 0, None
    while (told := progress(olga, name))["status"] == "running" or stopped is None:
        done = sum(count for kind, count in told["counts"].items() if kind != "bytes")
        if not killed and done >= PHOTOS / 4:
            killed = kill(stack)
            print(f"{killed} processes of bring killed after {done} objects, {time.monotonic() - began:.0f} s")
        if stopped is None and done >= PHOTOS / 2:
            assert ask(olga, "POST", f"/ops/imports/{name}/stop").status_code == 202
            stopped = told
            print(f"stopped after {done} objects, {time.monotonic() - began:.0f} s: {told['counts']}")
            assert progress(olga, name)["status"] == "aborted"
            start(olga, owner)
            print(f"started again, {time.monotonic() - began:.0f} s")
        during.append(upload(person, operator))
        time.sleep(2)
    took = time.monotonic() - began
    print(f"{told['status']} after {took:.0f} s, {PHOTOS / took:.1f} photos a second: {told['counts']}")
    print(f"a person's upload, PUT to ready: median {statistics.median(alone):.2f} s before, "
          f"{statistics.median(during):.2f} s during, {max(during):.2f} s at most, of {len(during)}")
    return judge(operator, owner, told)


def fill(operator):
    operator.s3.create_bucket(Bucket=BUCKET)
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda number: operator.s3.put_object(
            Bucket=BUCKET, Key=f"{PREFIX}{number:05}.jpg", Body=photos.numbered(PHOTO, number)), range(PHOTOS)))


def ask(olga, method, path, body=None):
    return olga.api.call(method, path, token=olga.id_token, **({"json": body} if body else {}))


def start(olga, owner):
    answer = ask(olga, "POST", "/ops/imports", {"bucket": BUCKET, "prefix": PREFIX, "owner": owner.owner_id})
    assert answer.status_code == 202, answer.text
    return answer.json()["name"]


def progress(olga, name):
    return ask(olga, "GET", f"/ops/imports/{name}").json()


def kill(stack):
    """The processes that run the function now; the engine's one, and no other stack's."""
    found = children(stack, "bring")
    for process in found:
        os.kill(process, signal.SIGKILL)
    return len(found)


def upload(person, operator):
    content = photos.numbered(PHOTO, time.monotonic_ns())
    ticket = person.ticket(content)
    began = time.monotonic()
    assert put(ticket, content).status_code == 200
    while operator.record(ticket["image_id"], person.owner_id)["status"] != "ready":
        time.sleep(0.05)
    return time.monotonic() - began


def judge(operator, owner, told):
    records = operator.records_of(owner.owner_id)
    statuses = Counter(record["status"] for record in records)
    different = len({record["facts"]["sha256"] for record in records if "facts" in record})
    executions = Counter(each["name"][:36] for each in operator.all_executions())
    twice = [record["image_id"] for record in records if executions[record["image_id"]] != 1]
    print(f"records: {dict(statuses)}; different photos: {different}; developed twice or never: {len(twice)}")
    counts = told["counts"]
    is_good = statuses == {"ready": PHOTOS} and different == PHOTOS and not twice
    return int(not (is_good and counts["ready"] + counts["known"] == PHOTOS and told["status"] == "succeeded"))


if __name__ == "__main__":
    sys.exit(main())
