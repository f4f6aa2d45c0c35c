"""Breaks things while photos flow."""

import contextlib
import json
import os
import signal
import threading
from collections import Counter
from pathlib import Path

from tests.support.client import send

PAUSE_S = (0.5, 2.5)
GARBAGE = ("", "not JSON", "{}", '{"Records": [{}]}', '{"Records": [{"eventName": "ObjectCreated:Put"}]}', "[" * 2000)


class Saboteur:
    def __init__(self, stack, operator, chance):
        self._stack, self._operator, self._chance = stack, operator, chance
        self._ended, self._photos = threading.Event(), []
        self.done = Counter()
        self.garbage = []

    def seen(self, owner_id, image_id):
        self._photos.append((owner_id, image_id))

    def stop(self):
        self._ended.set()

    def work(self):
        """Breaks something and pauses, until it is stopped."""
        deeds = [self._kill_a_function, self._kill_a_function, self._tell_again, self._tell_again, self._throw_garbage]
        while not self._ended.wait(self._chance.uniform(*PAUSE_S)):
            self._chance.choice(deeds)()

    def faults(self, *, on):
        """Switches the engine's faults; what they have done so far."""
        answer = send("PUT", self._stack["aws_endpoint_url"] + "/_darkroom/faults", json={"on": on})
        answer.raise_for_status()
        return answer.json()["done"]

    def _kill_a_function(self):
        """Kills a sandbox in the middle of its work."""
        engine = json.loads((self._stack.path.parent / "engine.pid.json").read_text())["pid"]
        functions = [process for process in children(engine) if runs_a_function(process)]
        if functions:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._chance.choice(sorted(functions)), signal.SIGKILL)
            self.done["function killed"] += 1

    def _tell_again(self):
        """S3 tells of an upload at least once; here, once more, with the sequencer and version it had."""
        if not self._photos:
            return
        owner_id, image_id = self._chance.choice(self._photos)
        bucket, key = self._stack["originals_bucket"], f"uploads/{owner_id}/{image_id}"
        versions = self._operator.s3.list_object_versions(Bucket=bucket, Prefix=key).get("Versions", [])
        record = self._operator.record(image_id, owner_id) or {}
        if versions and "sequencer" in record:
            event = {"eventVersion": "2.3", "eventSource": "aws:s3", "awsRegion": self._stack["region"],
                     "eventTime": "2026-01-01T00:00:00.000Z", "eventName": "ObjectCreated:Put",
                     "s3": {"s3SchemaVersion": "1.0", "bucket": {"name": bucket, "arn": f"arn:aws:s3:::{bucket}"},
                            "object": {"key": key, "size": versions[0]["Size"], "versionId": versions[0]["VersionId"],
                                       "eTag": versions[0]["ETag"].strip('"'), "sequencer": record["sequencer"]}}}
            self._operator.deliver(json.dumps({"Records": [event]}))
            self.done["event told again"] += 1

    def _throw_garbage(self):
        body = self._chance.choice(GARBAGE) or " "
        self.garbage += self._operator.deliver(body)
        self.done["garbage in the queue"] += 1


def children(parent):
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            with contextlib.suppress(OSError):
                if int((entry / "stat").read_text().rpartition(")")[2].split()[1]) == parent:
                    yield int(entry.name)


def runs_a_function(process):
    with contextlib.suppress(OSError):
        return b"AWS_LAMBDA_FUNCTION_NAME=" in Path("/proc", str(process), "environ").read_bytes()
    return False
