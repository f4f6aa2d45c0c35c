"""R50: sections of docs/OPERATIONS.md, walked. Each test makes the symptom, types the commands of the query and of the
action as they are printed, with this stack's names filled in, and checks the proof. `IN_PART` of
tests/support/runbook.py names the sections that cannot be walked to their end here."""

import contextlib
import json
import re
import time

import pytest

from faults import failing, with_environment
from test_operate import event_of
from tests.e2e.test_account import user
from tests.e2e.test_import_bucket import BUCKET
from tests.e2e.test_rerender import age
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
from tests.support.client import download
from tests.support.client import send as request
from tests.support.operations import RUN, image_id_of_import
from tests.support.waiting import until
from walk import Walk, typed

CONTENT = photos.fixture("gray.jpg")
# What the commands of a section that is walked in part show; and the function that stands for its “FN=…”.
SHOWN = {
    "Executions throttled": ("", r"^uploads +\d+ "),
    "Announcements undelivered": ("announce", " announced "),
    "Webhooks events not delivered": ("", r"^webhooks +\d+ "),
    "Webhooks events lost": ("", r"\A\Z"),
    "Sweeper silent": ("", " swept "),
    "Function slow": ("resize", r" duration_ms=[\d.]+ .*pixels_in=\d+"),
    "Mail refused": ("", " auth "),
}


@pytest.fixture(scope="module")
def walk(program, api, stack, olga, tmp_path_factory):
    return Walk(program, api, stack, olga, tmp_path_factory.mktemp("walk"))


def is_ready(told):
    return "\nverdict: ready" in told


def send(operator, queue, body, count=1):
    for _ in range(count):
        operator.sqs.send_message(QueueUrl=operator.stack[queue], MessageBody=body)
    until(lambda: operator.depth(operator.stack[queue]) == count, "the dead letters")


def until_told(shown, look):
    """What commands print, once they show this: a log is written behind what it tells of."""
    return until(lambda: told if re.search(shown, told := look(), re.MULTILINE) else None, shown, 30, 0.5)


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
        assert operator.execution(image_id).status == "SUCCEEDED", "it may be tried again"
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


def test_r50_an_execution_that_did_not_end(walk, operator, ada):
    """The engine knows no timeout of a machine: an operator stops the execution while it waits for its next attempt."""
    title = "Executions timed out"
    with failing(operator, "resize", "Transient.Storage"):
        image_id = ada.upload(CONTENT)
        (execution,) = until(lambda: operator.executions(image_id), "the execution")
        arn, name = execution["executionArn"], execution["name"]
        tried = lambda: any(event["type"] == "TaskFailed" for event in operator.sfn.get_execution_history(  # noqa: E731
            executionArn=arn)["events"])
        until(tried, "the first attempt", pause=0.05)
        operator.sfn.stop_execution(executionArn=arn)
        told = walk.part(title, "Query", EXECUTION=name, FN="resize")
    assert "Create variants, attempt 1" in told and "Transient.Storage" in told and "aborted" in told
    assert is_ready(walk.part(title, "Proof", NEW=walk.start_again(name)))


@pytest.fixture
def soon_again(operator):
    """A queue that hands a failed message out again after some seconds. The real one keeps it for four minutes."""
    queue = operator.stack["uploads_queue_url"]
    before = operator.sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["VisibilityTimeout"])["Attributes"]
    operator.sqs.set_queue_attributes(QueueUrl=queue, Attributes={"VisibilityTimeout": "4"})
    yield
    operator.sqs.set_queue_attributes(QueueUrl=queue, Attributes=before)


def test_r50_messages_that_a_release_refuses(walk, operator, ada, soon_again):
    title = "Messages refused"
    with with_environment(operator, "orchestrator", IMAGES_TABLE="a-table-of-others"):
        image_id = ada.upload(CONTENT)
        refused = r" ERROR the message goes back to the queue .*code=Worker\.Denied"
        until_told(refused, lambda: walk.part(title, "Query"))
        assert "darkroom-local-orchestrator: " in walk.part(title, "Action")
        assert ada.wait(image_id)["status"] == "ready"
    walk.follow(title, "Proof", f" started .*{image_id}")
    assert not re.search(r"dead letters? in uploads", walk.part(title, "Proof"))


def test_r50_dead_letters_of_erasures(walk, operator, api):
    title = "Erasures dead-letter queue not empty"
    leaving = api.newcomer("leaving")
    erasure = {"owner_id": leaving.owner_id, "asked_at": int(time.time()) - 9 * HOUR}
    send(operator, "erasures_dlq_url", json.dumps(erasure))
    walk.part(title, "Query")
    assert "sent 1 back to erasures\n" in walk.part(title, "Action")
    until(lambda: user(operator, leaving.owner_id) is None, "the end of the account")
    told = until_told(rf" account erased .*{leaving.owner_id}", lambda: walk.part(title, "Proof"))
    assert not re.search(r"dead letters? in erasures", told)


def missing(told):
    """How many variants the walk of a sweep counts as missing. It looks at photos first: on a busy machine its time may
    end among the objects, and then the counts of the clock's last walk follow."""
    own = told.partition("\ndrift, as the sweeper's clock")[0]
    return sum(map(int, re.findall(r"^ +(\d+)  variant missing ", own, re.MULTILINE)))


def test_r50_a_variant_that_is_missing(walk, operator, ada):
    title = "Objects missing"
    image_id = ada.upload(CONTENT)
    variants = ada.wait(image_id)["variants"]
    before = missing(walk.part(title, "Proof"))
    bucket = operator.stack["images_bucket"]
    key = operator.variant_versions(image_id)[0]["Key"]
    operator.s3.delete_object(Bucket=bucket, Key=key)
    # The engine gives the last lines of a call out with the next one.
    until(lambda: missing(walk.part(title, "Proof")) == before + 1, "the sweep that misses it", 30, 0.5)
    lost = rf" drift .*drift=variant_missing .*of={image_id}"
    assert is_ready(until_told(lost, lambda: walk.part(title, "Query", IMAGE=image_id)))
    (marker,) = operator.s3.list_object_versions(Bucket=bucket, Prefix=f"variants/{image_id}/")["DeleteMarkers"]
    operator.s3.delete_object(Bucket=bucket, Key=key, VersionId=marker["VersionId"])
    until(lambda: missing(walk.part(title, "Proof")) == before, "the sweep that finds it", 30, 0.5)
    for variant in variants.values():
        download(variant["url"])


def test_r50_an_original_without_a_ticket(walk, operator, ada):
    title = "Originals unexplained"
    key, kept = f"uploads/{ada.owner_id}/{id_of(0)}", f"{RUN}/kept.jpg"
    version = operator.put_original(key, CONTENT)
    until_told(rf" left alone .*key={key}", lambda: walk.part(title, "Query"))
    bucket = operator.stack["originals_bucket"]
    operator.s3.copy_object(Bucket=bucket, Key=f"imports/{kept}", CopySource={"Bucket": bucket, "Key": key})
    operator.s3.delete_object(Bucket=bucket, Key=key, VersionId=version)
    found = lambda: "Contents" in operator.s3.list_objects_v2(Bucket=bucket, Prefix=key)  # noqa: E731
    assert not found() and operator.decided(image_id_of_import(f"imports/{kept}"))["status"] == "ready"
    assert is_ready(walk.part(title, "Proof", KEY=kept))


def test_r50_uploads_that_wait_in_their_queue(walk, operator, ada):
    title = "Uploads queue stuck"
    with operator.intake_paused():
        image_id = ada.upload(CONTENT)
        until_told(r"^uploads +1 ", lambda: walk.part(title, "Query"))
    assert ada.wait(image_id)["status"] == "ready"
    assert is_ready(walk.part(title, "Action", EXECUTION=operator.execution(image_id).name))
    until_told(r"^uploads +0 ", lambda: walk.part(title, "Proof"))


def test_r50_a_release_with_which_a_function_fails(walk, operator):
    title = "Function errors"
    with with_environment(operator, "sweep", IMAGES_TABLE="a-table-of-others"):
        with pytest.raises(AssertionError, match="FunctionError"):
            sweep(operator)
        told = until_told(r" ERROR .*code=Worker\.Denied", lambda: walk.part(title, "Query", FN="sweep"))
        assert re.search(r"^darkroom-local-sweep .*release \w+-test$", told, re.MULTILINE)
        assert "darkroom-local-sweep: " in walk.part(title, "Action")
        mended = time.time()
        sweep(operator)
    walk.follow(title, "Proof", " swept ", since=mended, FN="sweep")


def test_r50_a_function_that_is_throttled(walk, operator, ada):
    """The engine throttles no version of a function: a stand-in fails as Lambda then does."""
    title = "Function throttled"
    with failing(operator, "validate", "Lambda.TooManyRequestsException", times=1):
        image_id = ada.upload(CONTENT)
        assert ada.wait(image_id)["status"] == "ready"
    told = walk.part(title, "Proof", IMAGE=image_id)
    assert re.search(r"Validate image, attempt 1 .*Lambda\.TooManyRequestsException", told) and is_ready(told)
    new = ada.upload(CONTENT)
    assert ada.wait(new)["status"] == "ready"
    assert "Lambda." not in (told := walk.part(title, "Proof", IMAGE=new)) and is_ready(told)


def test_r50_a_release_with_which_the_api_fails(walk, operator, ada):
    title = "API errors"
    ask = lambda: request(  # noqa: E731
        "GET", f"{ada.api.url}/images", headers={"Authorization": f"Bearer {ada.id_token}"})
    with with_environment(operator, "images", IMAGES_TABLE="a-table-of-others"):
        answer = ask()
        assert answer.status_code == 500
        asked = runbook.part(title, "Query").split('`filter ')[1].split(" ")[0]
        (line,) = operator.until_logged("images", **{asked: answer.headers["x-request-id"]})
        assert line["code"] == answer.json()["code"] == "Worker.Denied"
    assert ask().status_code == 200


def test_r50_a_rerender_that_failed(walk, operator, ada):
    title = "Rerender failed"
    image_id = ada.upload(CONTENT)
    assert ada.wait(image_id)["status"] == "ready"
    age(operator, ada.owner_id, image_id)
    with with_environment(operator, "watermark", IMAGES_BUCKET="a-bucket-of-others"):
        walk.part(title, "Action", "darkroom operate rerender")
        walk.part(title, "Proof", code=1)
        told = until_told(" ERROR failed ", lambda: walk.part(title, "Query", code=1, FN="watermark"))
        assert f"Worker.Bug in watermark, such as {image_id}" in told
        assert "States.ExceedToleratedFailureThreshold" in told
        assert "darkroom-local-watermark: " in walk.part(title, "Action")
    assert ": succeeded\n1 of 1 photos are done" in walk.part(title, "Proof")


def test_r50_an_import_that_failed(walk, operator, api):
    title = "Import failed"
    with contextlib.suppress(operator.s3.exceptions.BucketAlreadyOwnedByYou):
        operator.s3.create_bucket(Bucket=BUCKET)
    operator.s3.put_object(Bucket=BUCKET, Key=f"{RUN}/walked.jpg", Body=CONTENT)
    names = {"2019": RUN, "ada@example.com": api.newcomer("ben").email}
    with with_environment(operator, "bring", IMAGES_TABLE="a-table-of-others"):
        told = walk.part(title, "Action", "darkroom operate import", code=1, **names)
        name = re.search(rf"^(\S+): s3://{BUCKET}/{RUN}/, ", told, re.MULTILINE)[1]
        assert ": failed\n" in told
        until_told(r"code=Worker\.Denied", lambda: walk.part(title, "Query", code=1, NAME=name))
        assert "darkroom-local-bring: " in walk.part(title, "Action", **names)
    assert ": succeeded\n         1  brought and ready\n" in walk.part(title, "Proof", NAME=name)


@pytest.fixture(scope="module")
def usual_day(operator, ada):
    """Each function has had something to do."""
    assert ada.wait(ada.upload(CONTENT))["status"] == "ready"
    sweep(operator)
    sweep(operator, dry_run=True)


@pytest.mark.parametrize("title", runbook.IN_PART)
def test_r50_what_can_be_typed_of_a_section_is_typed(walk, usual_day, title):
    function, shown = SHOWN[title]
    told = "".join(walk.part(title, label, FN=function) for label in ("Query", "Proof"))
    assert re.search(shown, told, re.MULTILINE), told
    if "FOLLOW=1" in runbook.part(title, "Proof"):
        walk.follow(title, "Proof", shown, FN=function)


def test_each_command_that_is_not_typed_has_its_reason():
    printed = {command for title in runbook.alarm_sections() for label in ("Query", "Action", "Proof")
               for command in runbook.commands(runbook.part(title, label))}
    typed_here = {command for title in runbook.alarm_sections() for label in ("Query", "Action", "Proof")
                  for command in typed(title, label)}
    assert len(typed_here) >= 25 and printed - typed_here == runbook.ELSEWHERE.keys()
    programs = ("darkroom operate ", "make logs FN=", "make rollback", "make deploy-status")
    assert all(command.startswith(programs) for command in typed_here)
