"""The properties that must hold once the faults have stopped, whatever they were."""

import threading
import time
from collections import Counter

from tests.support import photos

VARIANTS = set(photos.SIDES)
DECIDED = ("ready", "rejected", "failed")


class Judge:
    def __init__(self, operator):
        self._operator = operator
        self._lock = threading.Lock()
        self._expected = {}  # image id → owner id and the outcome that is due
        self._complaints = []

    def expect(self, person, image_id, outcome):
        with self._lock:
            self._expected[image_id] = (person.owner_id, outcome)

    def complain(self, what):
        with self._lock:
            self._complaints.append(what)

    def wait(self, seconds, saboteur):
        """Waits until each photo that was not deleted is decided and its message forgotten, or time is up; the verdict
        names the others. A message whose handling met a fault comes again after its visibility timeout."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and (self._undecided() or sum(self._messages()) > len(saboteur.garbage)):
            time.sleep(2)

    def outcomes(self):
        return Counter(outcome for _, outcome in self._expected.values())

    def faults(self, saboteur):
        found = list(self._complaints)
        for image_id, (owner_id, outcome) in sorted(self._expected.items()):
            record = self._record(image_id, owner_id)
            check = self._deleted if outcome == "deleted" else self._kept
            found += [f"{image_id} ({outcome}): {what}" for what in check(image_id, owner_id, outcome, record)]
        letters, waiting = self._messages()
        if letters + waiting > len(saboteur.garbage):
            found.append(f"{letters} dead letters and {waiting} messages; {len(saboteur.garbage)} were garbage")
        return found

    def _messages(self):
        """Dead letters, and what waits."""
        return [self._operator.depth(self._operator.stack[name]) for name in ("uploads_dlq_url", "uploads_queue_url")]

    def _kept(self, image_id, owner_id, outcome, record):
        if record is None:
            return ["the photo was accepted and has no record"]
        if record["status"] != outcome:
            return [f"is {record['status']}: {record.get('outcome')}"]
        if not self._originals(image_id, owner_id):
            return ["its original is gone"]
        stored = {version["Key"] for version in self._operator.variant_versions(image_id)}
        named = {variant["key"] for variant in record.get("variants", {}).values()}
        wanted = VARIANTS if outcome == "ready" else set()
        if record.get("variants", {}).keys() != wanted:
            return [f"has the variants {sorted(record.get('variants', {}))}"]
        return [] if stored == named else [f"the record names {sorted(named)}, the bucket holds {sorted(stored)}"]

    def _deleted(self, image_id, owner_id, _, record):
        left = [f"{len(self._originals(image_id, owner_id))} versions of the original"]
        left += [version["Key"] for version in self._operator.variant_versions(image_id)]
        left = [what for what in left if not what.startswith("0 ")]
        return [f"left behind: {what}" for what in left] + ([f"has a record: {record['status']}"] if record else [])

    def _originals(self, image_id, owner_id):
        found = self._operator.s3.list_object_versions(Bucket=self._operator.stack["originals_bucket"],
                                                       Prefix=f"uploads/{owner_id}/{image_id}")
        return found.get("Versions", [])

    def _undecided(self):
        return any(outcome != "deleted" and (self._record(image_id, owner_id) or {}).get("status") not in DECIDED
                   for image_id, (owner_id, outcome) in self._expected.items())

    def _record(self, image_id, owner_id):
        return self._operator.record(image_id, owner_id)
