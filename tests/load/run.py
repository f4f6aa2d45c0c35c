"""Many signed-in users at once: 200 requests in flight for some seconds, on a running stack. Counts what is answered
and how fast, and fails on any 5xx of gateway or function: a client sees no difference. (429 is an answer: the local
engine runs a limited number of functions at once, and says so.)

Then photos by the dozen (arrivals.py): counts how long each takes from its PUT to `ready`, draws both over time, and
fails unless each becomes ready.

    make load                       a stack of its own
    DURATION=60 IN_FLIGHT=50 PHOTOS=500 PICTURE=load.svg make load
"""

import json
import os
import sys
import threading
import time
from collections import Counter, defaultdict
from pathlib import Path
from statistics import quantiles

import requests

from tests.load import arrivals
from tests.support import photos
from tests.support.client import Api, Secrets
from tests.support.operations import Operator
from tests.support.running_stack import RunningStack

ROOT = Path(__file__).resolve().parents[2]
SECONDS, IN_FLIGHT = int(os.environ.get("DURATION") or 10), int(os.environ.get("IN_FLIGHT") or 200)
WANTED = {"filename": "photo.jpg", "content_type": "image/jpeg", "size_bytes": 4}
PEOPLE = 10
PHOTOS = int(os.environ.get("PHOTOS") or 200)


def main():
    stack = RunningStack(ROOT / os.environ["DARKROOM_STACK"])
    api = Api(stack["api_url"], stack["mailbox_url"], Secrets())
    print(f"load average {os.getloadavg()[0]:.1f} of {os.cpu_count()} cores before")
    people = [new_user(api, number) for number in range(PEOPLE)]
    seen, lock = defaultdict(list), threading.Lock()
    until = time.monotonic() + SECONDS
    users = [threading.Thread(target=use, args=(api.url, people[number % PEOPLE], number, until, seen, lock))
             for number in range(IN_FLIGHT)]
    began = time.monotonic()
    for user in users:
        user.start()
    for user in users:
        user.join()
    failed = report(seen, time.monotonic() - began)
    send_photos(api.newcomer("sender"), Operator(stack))
    return failed


def send_photos(person, operator):
    flow = arrivals.send(person, operator, PHOTOS)
    print("\n".join(flow.lines()))
    picture = Path(os.environ.get("PICTURE") or ROOT / ".local/load.svg")
    picture.write_text(flow.picture(), encoding="utf-8")
    print(f"picture: {picture}")


def new_user(api, number):
    """A token, and a photo that is ready."""
    person = api.newcomer(f"load-{number}")
    image_id = person.upload(photos.fixture("gray.jpg"))
    person.wait(image_id, seconds=120)
    return person.id_token, image_id


def use(url, person, number, until, seen, lock):
    """One after the other, without a pause: so many users are so many requests in flight."""
    token, image_id = person
    asks = [("GET", f"/image/{image_id}", None), ("POST", "/upload", WANTED),
            ("GET", f"/image/{image_id}?size=small", None), ("GET", "/health", None)]
    with requests.Session() as session:
        session.trust_env = False
        session.headers["Authorization"] = f"Bearer {token}"
        turn = number
        while time.monotonic() < until:
            method, path, body = asks[turn % len(asks)]
            turn += 1
            began = time.monotonic()
            try:
                answer = session.request(method, url + path, json=body, timeout=60)
                what = f"{answer.status_code} {code(answer)}".strip()
            except requests.RequestException as error:
                what = type(error).__name__
            with lock:
                seen[method, path.split("?")[0].replace(image_id, "{image_id}"), what].append(time.monotonic() - began)


def code(answer):
    try:
        return answer.json().get("code", "") if answer.status_code >= 400 else ""
    except (json.JSONDecodeError, AttributeError):
        return "of the engine"


def report(seen, seconds):
    total = sum(map(len, seen.values()))
    print(f"{total} answers in {seconds:.1f} s, {total / seconds:.0f} a second, {IN_FLIGHT} in flight")
    print(f"{'answers':>8} {'p50 ms':>8} {'p95 ms':>8} {'p99 ms':>8}")
    for (method, path, what), times in sorted(seen.items()):
        cuts = quantiles(times, n=100) if len(times) > 1 else times * 99
        p50, p95, p99 = (cuts[at] * 1000 for at in (49, 94, 98))
        print(f"{len(times):8} {p50:8.0f} {p95:8.0f} {p99:8.0f}  {method} {path} {what}")
    bad = Counter()
    for (_, _, what), times in seen.items():
        if not what[0].isdigit() or what[0] == "5":
            bad[what] += len(times)
    if bad:
        print("bad:", dict(bad))
    return int(bool(bad))


if __name__ == "__main__":
    sys.exit(main())
