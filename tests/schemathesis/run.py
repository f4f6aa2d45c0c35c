"""Schemathesis against a running stack, as an operator who has photos and albums too: all checks, on whatever
api/openapi.yaml describes. `make test-schemathesis` brings the stack; DURATION=1800 looks for longer, SEED=7
elsewhere.

A run that tested little is not a success: each operation with parameters or a body must have been called FEWEST times.
Nor is a run that leaves a secret in a log (R35), whatever strange request brought it there.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from darkroom.openapi.document import FILE, Document
from tests.support import photos
from tests.support.client import Api, Secrets
from tests.support.operations import Operator
from tests.support.running_stack import RunningStack
from tests.support.telltales import TELLTALES

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
SECONDS, SEED, FEWEST = os.environ.get("DURATION") or "120", os.environ.get("SEED") or "1", 10


def main():
    stack = RunningStack(ROOT / os.environ["DARKROOM_STACK"])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copy(HERE / "schemathesis.toml", folder)
        environment = os.environ | {"DARKROOM_TOKEN": user_with_photos(stack, folder),
                                    "NO_PROXY": "127.0.0.1,localhost"}
        report = folder / "report.ndjson"
        command = [
            str(Path(sys.executable).with_name("schemathesis")), "run", str(FILE), "--url", stack["api_url"],
            "--max-time", SECONDS, "--seed", SEED, "--report", "ndjson", "--report-ndjson-path", str(report),
        ]
        code = subprocess.run(command, env=environment, cwd=folder).returncode
        return code or looked_at_little(calls(report)) or told_too_much(stack)


def user_with_photos(stack, folder):
    """A user's token. The ids of the user's photos in every state, of albums, and what opens shared ones, are written
    down: many of them, since requests delete what they find."""
    person = Api(stack["api_url"], stack["mailbox_url"], Secrets()).newcomer("schemathesis")
    # For other users the routes of operators would all answer 404.
    Operator(stack).promote(person)
    person.sign_in()
    decided = [person.upload(photos.fixture("gray.jpg")), person.upload(b"no picture")]
    for image_id in decided:
        person.wait(image_id)
    awaited = [person.ticket(b"xyz")["image_id"] for _ in range(4)]

    def made(path, **body):
        answer = person.api.post(path, body, token=person.id_token)
        assert answer.status_code == 201, answer.text
        return answer.json()

    albums = [made("/albums", title="Shared", visibility="link")["album_id"] for _ in range(8)]
    links = [made(f"/albums/{album}/links")["url"] for album in albums]
    for name, values in [("images", decided + awaited), ("albums", albums),
                         ("tokens", [url.removeprefix("shared/") for url in links])]:
        (folder / f"{name}.txt").write_text("".join(f'"{value}"\n' for value in values))
    return person.id_token


def calls(report):
    """How often each operation was called."""
    counted = Counter()
    with report.open(encoding="utf-8") as lines:
        for line in lines:
            for case in json.loads(line).get("ScenarioFinished", {}).get("recorder", {}).get("cases", {}).values():
                counted[f"{case['value']['method']} {case['value']['path']}"] += 1
    return counted


def looked_at_little(counted):
    little = False
    for operation in Document().operations():
        print(f"{counted[operation.name]:6} {operation.name}")
        little |= bool(operation.parameters or operation.body) and counted[operation.name] < FEWEST
    return int(little)


def told_too_much(stack):
    operator = Operator(stack)
    everything = "\n".join(line for group in operator.log_groups() for line in operator.raw_lines(group))
    found = [what for what, sign in TELLTALES.items() if sign.search(everything)]
    print(f"{everything.count(chr(10)) + 1} lines of logs hold {' and '.join(found) or 'no secret'}")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
