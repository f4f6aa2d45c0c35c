"""`darkroom operate`, the program itself, as an operator uses it on the running stack."""

import json

import pytest

from darkroom.cost.photo import requests, transitions
from darkroom.cost.prices import usd
from faults import failing
from receiver import receiver
from tests.e2e.test_sweep import AGE, HOUR, ago, id_of, shard, write
from tests.e2e.test_webhooks import Owner
from tests.support import photos
from tests.support.program import Darkroom
from tests.support.waiting import until

CONTENT = photos.fixture("gray.jpg")


def traced(operate, photo):
    """The document; what a person reads ends with the verdict too."""
    *_, verdict, following = operate.run("operate", "trace", photo).splitlines()
    assert verdict.startswith("verdict: ") and following.startswith("next: ")
    return operate.json("operate", "trace", photo)


def live(operator, name):
    """The function and its version that works now."""
    function = operator.stack["functions"][name]
    return f"{function}:{operator.functions.get_alias(FunctionName=function, Name='live')['FunctionVersion']}"


def kinds(told):
    return [entry["kind"] for entry in told["timeline"]]


def traced_to_the_end(operate, photo):
    """Its last execution has ended, too: that comes a moment after the record, which says `ready` before."""
    return until(lambda: kinds(told := traced(operate, photo))[-1] == "end" and told, "the end of the execution", 30)


def key(person, image_id):
    return f"uploads/{person.owner_id}/{image_id}"


# -------------------------------------------------------------------------------------------------------------- tracing


def test_a_ready_photo_is_traced_by_id_key_and_execution(operate, ada):
    image_id = ada.upload(CONTENT)
    assert ada.wait(image_id)["status"] == "ready"
    told = traced_to_the_end(operate, image_id)
    assert told["verdict"]["code"] == "ready" and "next" not in told["verdict"]
    assert kinds(told)[:3] == ["ticket", "arrival", "execution"]
    assert {"state", "record", "announcement"} <= set(kinds(told))
    assert [entry["at"] for entry in told["timeline"]] == sorted(entry["at"] for entry in told["timeline"])
    assert {variant["name"] for variant in told["record"]["variants"]} >= {"thumbnail", "large"}
    (execution,) = told["executions"]
    for photo in (key(ada, image_id), execution["name"]):
        assert traced(operate, photo)["timeline"] == told["timeline"]
    assert ada.owner_id not in operate.run("operate", "trace", image_id)


def test_a_refused_photo_is_traced_to_the_release_that_refused_it(operate, ada, operator):
    image_id = ada.upload(b"no picture")
    assert ada.wait(image_id)["status"] == "rejected"
    told = traced(operate, image_id)
    verdict = told["verdict"]
    assert verdict["code"] == "rejected" and "Image.Unsupported" in verdict["sentence"] and "next" not in verdict
    assert told["record"]["release"] == live(operator, "validate") and "release" not in told["record"]["message"]

    def releases():
        listed = operate.json("operate", "rejected", "--code", "Image.Unsupported")["items"]
        return [each["release"] for each in listed if each["image_id"] == image_id]

    assert until(releases, "the photo in the index", 30) == [live(operator, "validate")]


def test_a_failed_photo_is_traced_to_the_command_that_repairs_it(operate, failed):
    told = traced(operate, failed)
    assert told["verdict"]["code"] == "failed" and "Worker.Misconfigured" in told["verdict"]["sentence"]
    assert told["verdict"]["next"].endswith(f"darkroom operate restart {told['executions'][0]['name']}")


def test_the_cost_of_a_photo_is_told_by_the_prices_of_cost_md(operate, ada):
    image_id = ada.upload(CONTENT)
    assert ada.wait(image_id)["status"] == "ready"
    cost = traced_to_the_end(operate, image_id)["cost"]
    of = {part["what"]: part["usd"] for part in cost["parts"]}
    assert of["Step Functions"] == pytest.approx(usd("transition", transitions()))
    assert of["S3"] == pytest.approx(usd("s3_put", requests("s3:PutObject")) + usd("s3_get", requests("s3:GetObject")))
    assert 0 < of["Lambda"] < cost["usd"] == pytest.approx(sum(of.values()))


def test_a_deleted_photo_is_traced(operate, ada):
    image_id = ada.upload(CONTENT)
    assert ada.wait(image_id)["status"] == "ready"
    assert ada.api.call("DELETE", f"/image/{image_id}", token=ada.id_token).status_code == 204
    for photo in (image_id, key(ada, image_id)):
        told = traced(operate, photo)
        assert told["verdict"]["code"] == "deleted" and kinds(told)[-1] == "deletion" and told["executions"]


def test_a_photo_whose_event_comes_twice_is_traced_as_developed_once(operate, operator, ada):
    image_id, event = event_of(operator, ada)
    operator.acknowledged(event, event)
    told = traced(operate, image_id)
    assert (told["verdict"]["code"], len(told["executions"]), told["duplicates"]) == ("ready", 1, [])
    assert kinds(told).count("arrival") == 1


def test_a_photo_whose_message_was_a_dead_letter_is_traced(operate, operator, ada, stack):
    queue, dead = stack["uploads_queue_url"], stack["uploads_dlq_url"]
    with operator.intake_paused():
        image_id = ada.upload(CONTENT)
        received = lambda: operator.sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=1).get("Messages")  # noqa: E731
        (message,) = until(received, "the message")
        assert image_id in message["Body"]
        operator.sqs.send_message(QueueUrl=dead, MessageBody=message["Body"])
        operator.sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
    verdict = traced(operate, key(ada, image_id))["verdict"]
    assert (verdict["code"], verdict["next"]) == ("awaited", "darkroom operate status")
    until(lambda: "1 dead letter in uploads" in operate.run("operate", "status"), "the dead letter")
    (letter,) = operate.json("operate", "redrive", "uploads")["letters"]
    assert (letter["image_id"], letter["record"]) == (image_id, "awaiting_upload")
    assert operate.json("operate", "redrive", "uploads", "--yes")["moved"] == 1
    assert ada.wait(image_id)["status"] == "ready"
    told = traced(operate, key(ada, image_id))
    assert told["verdict"]["code"] == "ready" and kinds(told)[:3] == ["ticket", "arrival", "execution"]


def test_a_retry_is_followed_until_the_photo_is_ready(operate, ada, operator):
    with failing(operator, "resize", "Transient.Storage", times=2):
        image_id = ada.upload(CONTENT)
        told = operate.run("operate", "trace", "--follow", key(ada, image_id))
    assert "Create variants, attempt 1" in told and "Transient.Storage" in told
    assert told.splitlines()[-2].startswith("verdict: ready") and "took 3 attempts" in told.splitlines()[-2]
    assert told.count("arrival is marked") == 1


def test_each_attempt_at_the_owners_webhook_is_traced(operate, api):
    owner = Owner(api, "traced")
    with receiver(lambda number: (500, 204, 410)[number]) as ours:
        owner.set(ours.url)
        image_id = owner.photo()
        ours.wait(image_id, count=2)
        assert owner.call("DELETE", f"/image/{image_id}").status_code == 204
        ours.wait(image_id, count=3)

    def attempts():
        story = traced(operate, key(owner.person, image_id))
        found = [(entry["what"], entry["detail"]) for entry in story["timeline"] if entry["kind"] == "delivery"]
        return found if len(found) == 3 else None

    refused, delivered, given_up = until(attempts, "three attempts", 30)
    assert refused[0] == "webhook, Image Ready, attempt 1" and refused[1].startswith("refused: 500, again in ")
    assert delivered == ("webhook, Image Ready, attempt 2", "delivered: 204")
    assert given_up == ("webhook, Image Deleted, attempt 1", "refused: 410, given up")
    told = operate.run("--json", "operate", "trace", image_id)
    assert "webhook, Image Ready" in told and "127.0.0.1" not in told and "in-the-query" not in told, "nor its URL"


def test_a_ticket_is_traced_by_its_key_alone(operate, ada):
    image_id = ada.ticket(CONTENT)["image_id"]
    assert traced(operate, key(ada, image_id))["verdict"]["code"] == "awaited"
    assert "hint: give the original's key" in operate.run("operate", "trace", image_id, code=1)


def test_r33_to_others_the_commands_say_that_they_are_no_operator(program, api, ada, tmp_path):
    darkroom = Darkroom(program, api, tmp_path)
    darkroom.run("login", ada.email, stdin=f"{ada.password}\n")
    assert "is not an operator" in darkroom.run("operate", "trace", "imports/a.jpg", code=1)


# -------------------------------------------------------------------------------------------------------------- looking


def test_the_state_of_the_environment_is_shown(operate, failed):
    queues = operate.json("operate", "status")["queues"]
    assert [queue["name"] for queue in queues] == ["uploads", "webhooks", "erasures", "announcements"]
    until(lambda: "Worker.Misconfigured" in operate.run("operate", "status"), "the failure", 30)
    told = operate.run("operate", "status")
    assert "Create variants" in told and told.splitlines()[-1] == "there were failures: darkroom operate failures"


def test_failures_are_grouped_with_an_example_to_trace(operate, operator, failed):
    release = traced(operate, failed)["record"]["release"]
    assert release.startswith(f"{operator.stack['functions']['resize']}:") and release != live(operator, "resize")

    def seen():
        groups = operate.json("operate", "failures", "--days", "2")["groups"]
        wanted = ("Worker.Misconfigured", "Create variants", release)
        return [group for group in groups if (group["code"], group.get("state"), group.get("release")) == wanted]

    (group,) = until(seen, "the failure", 30)
    assert group["count"] == 1 and group["cause"] == "made to fail by a test"
    assert f"Worker.Misconfigured in “Create variants”, release {release}, " in operate.run("operate", "failures")
    assert f"darkroom operate trace {group['example']}" in operate.run("operate", "failures")
    assert traced(operate, group["example"])["verdict"]["code"] in ("failed", "ready")


# ------------------------------------------------------------------------------------------------------------ repairing


def test_r62_a_failed_photo_is_repaired_by_the_command_that_trace_names(operate, ada, failed):
    _, command = traced(operate, failed)["verdict"]["next"].split("darkroom ")
    assert operate.run(*command.split()).startswith("would start ")
    assert ada.look(failed).json()["status"] == "failed", "nothing was started"
    new = operate.json(*command.split(), "--yes")["started"]
    assert "\nverdict: ready" in operate.run("operate", "trace", new, "--follow")
    told = traced(operate, failed)
    assert [execution["name"] for execution in told["executions"]][-1] == new and "act" in kinds(told)
    assert any("2 times" in said for said in told["duplicates"])


def test_r62_dead_letters_are_sent_back_when_it_is_meant(operate, operator, stack):
    for _ in range(4):
        event = json.dumps({"Service": "Amazon S3", "Event": "s3:TestEvent"})  # harmless
        operator.sqs.send_message(QueueUrl=stack["uploads_dlq_url"], MessageBody=event)
    until(lambda: "4 dead letters in uploads" in operate.run("operate", "status"), "the dead letters")
    redrive = ["operate", "redrive", "uploads"]
    told = operate.run(*redrive, "--count", "1")
    assert "\nwould send 1 of 4 dead letters of uploads back\n" in told and "record: none" in told
    assert operator.depth(stack["uploads_dlq_url"]) == 4
    assert operate.run(*redrive, "--count", "1", "--yes") == "sent 1 back to uploads\n"
    assert operate.json(*redrive, "--yes")["moved"] == 3
    assert operate.run(*redrive, "--yes") == "there is nothing to send back\n"


def event_of(operator, person):
    """The event of a photo that is ready, which the orchestrator knows; and the photo."""
    image_id = person.upload(CONTENT)
    assert person.wait(image_id)["status"] == "ready"
    record = operator.record(image_id, person.owner_id)
    entity = {"bucket": {"name": operator.stack["originals_bucket"]}, "object": {
        "key": record["object_key"], "versionId": record["version_id"], "sequencer": "0", "size": 1}}
    return image_id, json.dumps({"Records": [{"eventName": "ObjectCreated:Put", "s3": entity}]})


def test_r62_dead_letters_are_chosen_by_owner_age_and_error(operate, operator, ada, eve, stack):
    queue = stack["uploads_dlq_url"]
    (hers, letter), (foreign, other) = event_of(operator, ada), event_of(operator, eve)
    for body in (letter, other, "no message of ours"):
        operator.sqs.send_message(QueueUrl=queue, MessageBody=body)
    until(lambda: "3 dead letters in uploads" in operate.run("operate", "status"), "the dead letters")
    redrive = ["operate", "redrive", "uploads"]
    told = operate.run(*redrive, "--owner", ada.owner_id)
    assert f"{hers}  " in told and "record: ready" in told and foreign not in told and ada.owner_id not in told
    assert "\nwould send 1 of 3 dead letters of uploads back\n" in told
    for filters, photos_of in (([], {hers, foreign, None}), (["--code", "Worker.BadInput"], {None}),
                               (["--owner", eve.owner_id], {foreign}), (["--older-than", "1h"], set())):
        told = operate.json(*redrive, *filters)
        assert {letter.get("image_id") for letter in told["letters"]} == photos_of, filters
        assert told["dry_run"] and told["moved"] == 0
    assert operator.depth(queue) == 3
    for person in (ada, eve):
        assert operate.json(*redrive, "--owner", person.owner_id, "--yes")["moved"] == 1
    assert operate.json(*redrive, "--older-than", "1h", "--yes")["moved"] == 0
    assert operator.depth(queue) == 1
    operator.sqs.purge_queue(QueueUrl=queue)


def test_r51_what_is_undone_is_told_and_done_when_it_is_meant(operate, ada, operator):
    old = id_of(AGE)
    write(operator, ada, old, image_id=old, owner_id=ada.owner_id, status="deleting", unfinished=shard(old),
          object_key=key(ada, old), created_at=ago(AGE), updated_at=ago(HOUR))
    sweep = ["operate", "sweep"]
    for command in ([*sweep, "--dry-run"], sweep):
        told = operate.run(*command)
        assert told.startswith("what a sweep would do\n") and "finish deletion" in told and "\ndrift: " in told
        assert told.splitlines()[-1] == "hint: darkroom operate sweep --yes does it"
    assert operator.record(old, ada.owner_id)["status"] == "deleting", "nothing was done"
    assert operate.json(*sweep, "--yes")["steps"]["finish_deletion"] >= 1
    assert operator.record(old, ada.owner_id) is None
