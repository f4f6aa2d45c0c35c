"""R50: sections of docs/OPERATIONS.md, walked. Each test makes the symptom, types the commands of the query and of the
action as they are printed, with this stack's names filled in, and checks the proof."""

import json
import os
import pty
import re
import subprocess

import pytest

from faults import failing
from test_cli import Darkroom
from test_operate import event_of
from tests.e2e.test_sweep import (  # noqa: F401
    AGE,
    HOUR,
    ago,
    forgotten,
    id_of,
    photo,
    shard,
    step,
    sweep,
    write,
)
from tests.support import photos, runbook
from tests.support.running_stack import REPOSITORY
from tests.support.waiting import until

CONTENT = photos.fixture("gray.jpg")
# Commands of the walked sections that are not typed here, and why.
ELSEWHERE = {
}
WALKED = ("Dead-letter queue not empty", "Executions failed", "Rejected photos", "Photos stuck",
          "Webhooks dead-letter queue not empty")


class Walk:
    """An operator's terminal: `darkroom` is in the PATH and signed in, and every question is answered."""

    def __init__(self, program, api, stack, olga, folder):
        bin_folder = folder / "bin"
        bin_folder.mkdir()
        (bin_folder / "darkroom").symlink_to(program)
        self.darkroom = Darkroom(program, api, folder / "state")
        self.darkroom.run("login", olga.email, stdin=f"{olga.password}\n")
        self.environment = stack.environment | {
            "DARKROOM_API": api.url, "XDG_STATE_HOME": str(folder / "state"),
            "PATH": f"{bin_folder}:{os.environ['PATH']}"}

    def type(self, command, answer, **names):
        """What it prints; names such as EXECUTION are replaced."""
        for name, value in names.items():
            command = re.sub(rf"\b{name}\b", value, command)
        keyboard, terminal = pty.openpty()
        os.write(keyboard, f"{answer}\n".encode() * 3)
        try:
            done = subprocess.run(["bash", "-euo", "pipefail", "-c", command], cwd=REPOSITORY, env=self.environment,
                                  stdin=terminal, capture_output=True, text=True, timeout=120)
        finally:
            os.close(keyboard)
            os.close(terminal)
            self.darkroom.keep_secrets()
        assert done.returncode == 0, f"{command}: {done.stderr}"
        return done.stdout

    def part(self, title, label, **names):
        """The output of all commands of a part that can be typed here. A query changes nothing: its questions are
        answered with no."""
        found = [command for command in runbook.commands(runbook.part(title, label)) if command not in ELSEWHERE]
        answer = "y" if label == "Action" else "n"
        return "".join(self.type(command, answer, **names) for command in found)

    def start_again(self, execution):
        """The section to which other sections refer; the new execution."""
        first, second, *_ = runbook.commands(runbook.section("Start an execution again"))
        new = re.search(r"^started (\S+)$", self.type(first, "y", EXECUTION=execution), re.MULTILINE)[1]
        assert second == "darkroom operate trace NEW --follow"
        return new


@pytest.fixture(scope="module")
def walk(program, api, stack, olga, tmp_path_factory):
    return Walk(program, api, stack, olga, tmp_path_factory.mktemp("walk"))


def is_ready(told):
    return "\nverdict: ready" in told


def send(operator, queue, body, count=1):
    for _ in range(count):
        operator.sqs.send_message(QueueUrl=operator.stack[queue], MessageBody=body)
    until(lambda: operator.depth(operator.stack[queue]) == count, "the dead letters")


def test_r50_dead_letters_of_uploads(walk, operator, ada):
    title = "Dead-letter queue not empty"
    image_id, event = event_of(operator, ada)
    send(operator, "uploads_dlq_url", event, count=4)
    told = walk.part(title, "Query")
    assert told.count(f"{image_id}  ") == 4 and "record: ready" in told
    told = walk.part(title, "Action")
    assert "sent 3 back to uploads\n" in told and "sent 1 back to uploads\n" in told
    assert not re.search(r"dead letters? in uploads", walk.part(title, "Proof"))
    assert operator.depth(operator.stack["uploads_dlq_url"]) == 0


def test_r50_an_execution_that_failed(walk, operator, ada):
    title = "Executions failed"
    with failing(operator, "resize", "Worker.Misconfigured"):
        image_id = ada.upload(CONTENT)
        assert ada.wait(image_id)["status"] == "failed"
    execution = operator.execution(image_id).name
    known = lambda: execution in walk.darkroom.run("operate", "failures")  # noqa: E731
    until(known, "the failure in the list, which is read every five seconds")
    told = walk.part(title, "Query", EXECUTION=execution)
    assert "Worker.Misconfigured in “Create variants”" in told and "verdict: failed in resize" in told
    new = walk.start_again(execution)
    assert is_ready(walk.part(title, "Proof", NEW=new))


def test_r50_a_photo_that_was_rejected(walk, operator, ada):
    title = "Rejected photos"
    with failing(operator, "resize", "Image.Corrupt"):
        image_id = ada.upload(CONTENT)
        assert ada.wait(image_id)["status"] == "rejected"
    listed = lambda: image_id in walk.darkroom.run("operate", "rejected", "--code", "Image.Corrupt")  # noqa: E731
    until(listed, "the photo in the index")
    told = walk.part(title, "Query", IMAGE=image_id)
    assert re.search(r"^ +\d+  Image\.Corrupt$", told, re.MULTILINE) and "verdict: rejected in resize" in told
    told = walk.part(title, "Action")
    assert re.search(rf"^started {image_id}-[0-9a-f]+-2$", told, re.MULTILINE)
    until(lambda: ada.look(image_id).json()["status"] == "ready", "the photo", 30)
    assert image_id not in walk.part(title, "Proof")


def test_r50_a_photo_that_is_stuck(walk, operator, ada, photo):  # noqa: F811
    title = "Photos stuck"
    execution = operator.execution(photo).name
    # As if the execution had ended before it wrote the outcome.
    write(operator, ada, photo, status="processing", unfinished=shard(photo), began_at=ago(2 * HOUR),
          remove=("outcome", "ready_id", "told_at"))
    assert step(sweep(operator), photo) == "record_failure"
    told = until(lambda: told if photo in (told := walk.part(title, "Query", EXECUTION=execution)) else None, "the log")
    assert "verdict: failed: Worker.Stuck" in told
    assert is_ready(walk.part(title, "Proof", NEW=walk.start_again(execution)))


def test_r50_a_half_deleted_photo(walk, operator, ada):
    old = id_of(AGE)
    write(operator, ada, old, image_id=old, owner_id=ada.owner_id, status="deleting", unfinished=shard(old),
          object_key=f"uploads/{ada.owner_id}/{old}", created_at=ago(AGE), updated_at=ago(HOUR))
    look, act = runbook.commands(runbook.section("Drift"))[:2]
    assert "finish deletion" in walk.type(look, "n") and operator.record(old, ada.owner_id)
    assert "what was done\n" in walk.type(act, "y")
    assert operator.record(old, ada.owner_id) is None


def test_r50_dead_letters_of_webhooks(walk, operator, ada):
    title = "Webhooks dead-letter queue not empty"
    image_id = ada.ticket(CONTENT)["image_id"]
    detail = {"version": 1, "announcement_id": "x", "image_id": image_id, "owner_id": ada.owner_id}
    event = {"source": "darkroom", "detail-type": "Image Ready", "time": "2026-01-31T12:00:00Z", "detail": detail}
    send(operator, "webhooks_dlq_url", json.dumps(event))
    walk.part(title, "Query")
    assert "Image Ready" in (told := walk.part(title, "Action")) and "sent 1 back to webhooks\n" in told
    assert not re.search(r"dead letters? in webhooks", walk.part(title, "Proof"))
    assert operator.depth(operator.stack["webhooks_dlq_url"]) == 0


def test_each_command_that_is_not_typed_has_its_reason():
    printed = {command for title in WALKED for label in ("Query", "Action", "Proof")
               for command in runbook.commands(runbook.part(title, label))}
    typed = {command for command in printed if command.startswith(("darkroom operate ", "make logs FN="))}
    assert len(typed) >= 10 and printed - typed == ELSEWHERE.keys()
