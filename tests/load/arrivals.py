"""Photos that are sent at once, and when each was ready: what the second part of `make load` measures and draws.

Both clocks are this machine's: the PUT begins here, and the state machine writes the moment of `ready` into the record.
"""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

from darkroom import curves
from tests.support import photos
from tests.support.client import put
from tests.support.waiting import until

AT_ONCE = 16
SECONDS = 300  # for all of them
SHARES = (50, 95, 99, 100)


@dataclass(frozen=True)
class Flow:
    """Sorted seconds since the first PUT; `waits` are from a photo's PUT to its `ready`."""

    arrivals: list[float]
    completions: list[float]
    waits: list[float]

    def lines(self):
        return [f"{len(self.arrivals)} photos sent, {len(self.completions)} ready, the last after "
                f"{curves.seconds(self.completions[-1])}: {len(self.completions) / self.completions[-1]:.1f} a second",
                f"PUT to ready: {curves.percentiles(self.waits, SHARES)}"]

    def picture(self):
        title, note = self.lines()
        return curves.picture(self.arrivals, self.completions, title, note)


def flow(began, ready):
    """From the moments of each photo's PUT and `ready`, by image id."""
    first = min(began.values())
    return Flow(
        arrivals=sorted(moment - first for moment in began.values()),
        completions=sorted(moment - first for moment in ready.values()),
        waits=sorted(moment - began[image_id] for image_id, moment in ready.items()),
    )


def tickets_for(person, contents):
    """Fifty with each request, as a client does that sends many: single ones would meet the throttle of the route."""
    wanted = [{"filename": "photo.jpg", "content_type": "image/jpeg", "size_bytes": len(each)} for each in contents]
    tickets = []
    for some in range(0, len(wanted), 50):
        answer = person.api.post("/uploads", {"uploads": wanted[some:some + 50]}, token=person.id_token)
        assert answer.status_code == 201, answer.text
        tickets += answer.json()["tickets"]
    for ticket in tickets:
        person.api.secrets.keep_signature(ticket["upload"]["url"])
    return tickets


def send(person, operator, count):
    """The flow of so many photos of one person. Fails unless each of them is ready in time."""
    contents = [photos.numbered(photos.fixture("4-4-4.jpg"), number) for number in range(count)]
    began = {}

    def upload(ticket, content):
        began[ticket["image_id"]] = time.time()
        answer = put(ticket, content)
        assert answer.status_code == 200, answer.text

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(upload, tickets_for(person, contents), contents))

    def all_ready():
        records = {record["image_id"]: record for record in operator.records_of(person.owner_id)}
        waiting = [image_id for image_id in began if records[image_id]["status"] != "ready"]
        return None if waiting else records

    records = until(all_ready, f"{count} photos that are ready", SECONDS, pause=1)
    return flow(began, {image_id: moment(records[image_id]["outcome"]["at"]) for image_id in began})


def moment(text):
    return datetime.fromisoformat(text).timestamp()
