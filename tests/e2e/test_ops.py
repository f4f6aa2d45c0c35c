"""The operator's routes: what they show of executions that went well, were refused or failed, what they do, and that
they exist for operators only (ADR 54)."""

import json
import time
import uuid

import pytest

from faults import failing
from routes import OPERATIONS, request
from tests.support import photos
from tests.support.client import fields, problem
from tests.support.operations import HAPPY
from tests.support.running_stack import REPOSITORY
from tests.support.waiting import until

CONTENT = photos.fixture("gray.jpg")
OPS = [operation for operation in OPERATIONS if operation.path.startswith("/ops/")]
NOT_FOUND = (404, "Request.NotFound")


def get(person, path, status=200):
    answer = person.api.call("GET", path, token=person.id_token)
    assert answer.status_code == status, answer.text
    return answer.json()


def post(person, path, status, **body):
    answer = person.api.call("POST", path, token=person.id_token, **body)
    assert answer.status_code == status, answer.text
    return answer.json()


def found(olga, image_id):
    """The executions of an image, the newest first."""
    return get(olga, f"/ops/executions?image_id={image_id}")["items"]


def look(olga, image_id):
    """The one execution of an image."""
    (execution,) = found(olga, image_id)
    return get(olga, f"/ops/executions/{execution['name']}")


def steps(execution):
    return {state["name"]: state["status"] for state in execution["states"]}


@pytest.fixture(scope="module")
def ready(ada, operator):
    image_id = ada.upload(CONTENT)
    assert ada.wait(image_id)["status"] == "ready"
    assert operator.execution(image_id).status == "SUCCEEDED"
    return image_id


# --------------------------------------------------------------------------------------------------- for operators only


@pytest.mark.parametrize("operation", OPS, ids=lambda operation: operation.said["operationId"])
def test_r33_a_stranger_meets_an_unknown_route(ada, olga, failed, operation):
    name = "uploads" if "queues" in operation.path else found(olga, failed)[0]["name"]
    path, body = request(operation, {"name": name})
    wrong = {"data": "{" + "x" * 70_000, "headers": {"Content-Type": "text/plain"}}
    unknown = ada.api.call(operation.method, "/no/such/route", token=ada.id_token, **body)
    for asked, sent in ((path, body), (f"{path}?limit=x", body), (path, wrong)):
        answer = ada.api.call(operation.method, asked, token=ada.id_token, **sent)
        assert problem(answer) == problem(unknown) == NOT_FOUND
        assert essence(answer) == essence(unknown)
    unsigned = ada.api.call(operation.method, path, **body)
    assert problem(unsigned) == (401, "Auth.Unauthorized")


def essence(answer):
    return {name: said for name, said in answer.json().items() if name != "request_id"}


def test_r33_and_nothing_was_started_or_moved(operator, failed):
    assert len(operator.executions(failed)) == 1


def test_roles_say_who_is_an_operator(ada, olga):
    assert (ada.me()["roles"], olga.me()["roles"]) == ([], ["operators"])


# -------------------------------------------------------------------------------------------------------------- looking


def test_an_execution_that_went_well_shows_each_state(ada, olga, ready):
    seen = look(olga, ready)
    assert (seen["status"], seen["outcome"], seen["complete"]) == ("succeeded", "ready", True)
    assert list(steps(seen)) == HAPPY and set(steps(seen).values()) == {"succeeded"}
    for state in seen["states"]:
        assert state["retries"] == 0 and len(state["attempts"]) == 1 and state["duration_ms"] >= 0
    assert seen["record"]["status"] == "ready" and seen["record"]["execution"] == seen["name"]
    assert {variant["name"] for variant in seen["record"]["variants"]} >= {"thumbnail", "large"}
    assert "console_url" not in seen, "a laptop has no console"


def test_r35_owner_and_file_name_are_not_shown(ada, olga, ready):
    text = json.dumps(look(olga, ready))
    assert ada.owner_id not in text and "photo.jpg" not in text and "X-Amz" not in text


def test_r35_a_record_is_found_by_its_owner_and_told_without_them(ada, olga, ready):
    seen = get(olga, f"/ops/images/{ready}?owner_id={ada.owner_id}")
    record, execution = seen["record"], look(olga, ready)
    assert (record["status"], record["version_execution"]) == ("ready", execution["name"])
    assert record["created_at"] <= record["arrived_at"] <= record["outcome_at"] <= seen["at"] <= execution["at"]
    assert ada.owner_id not in json.dumps(seen) and "photo.jpg" not in json.dumps(seen)
    assert problem(olga.api.call("GET", f"/ops/images/{ready}", token=olga.id_token)) == NOT_FOUND, "no import"


def test_a_deletion_is_remembered(ada, olga):
    image_id = ada.upload(CONTENT)
    assert ada.wait(image_id)["status"] == "ready"
    assert ada.api.call("DELETE", f"/image/{image_id}", token=ada.id_token).status_code == 204
    seen = get(olga, f"/ops/images/{image_id}?owner_id={ada.owner_id}")
    assert "record" not in seen and seen["deleted_at"] <= seen["at"]
    execution = look(olga, image_id)
    assert "record" not in execution and execution["deleted_at"] == seen["deleted_at"]


def test_a_refused_photo_is_no_failure(ada, olga, operator):
    image_id = ada.upload(b"no picture")
    assert ada.wait(image_id)["status"] == "rejected"
    assert operator.execution(image_id).status == "SUCCEEDED"
    seen = look(olga, image_id)
    assert (seen["status"], seen["outcome"]) == ("succeeded", "rejected")
    assert seen["states"][0]["status"] == "caught"
    assert seen["states"][0]["attempts"][0]["error"]["code"] == seen["record"]["code"] == "Image.Unsupported"
    assert image_id not in {failure.get("image_id") for failure in get(olga, "/ops/failures")["items"]}


def running_state(seen):
    """An execution has no state for a moment after its start, and none that runs for a moment between two."""
    return seen if [state for state in seen["states"][-1:] if state["status"] == "running"] else None


def test_a_retry_is_seen_while_it_runs_and_afterwards(ada, olga, operator):
    with failing(operator, "resize", "Transient.Storage", times=3):  # it runs for the seconds between its attempts
        image_id = ada.upload(CONTENT)
        running = until(lambda: [one for one in found(olga, image_id) if one["status"] == "running"], "the execution")
        name = running[0]["name"]
        refused = olga.api.call("POST", f"/ops/executions/{name}/restart", token=olga.id_token)
        assert problem(refused) == (409, "Request.Conflict")
        seen = until(lambda: running_state(get(olga, f"/ops/executions/{name}")), "a state that runs")
        assert "outcome" not in seen
        assert ada.wait(image_id)["status"] == "ready"
    state = until(lambda: look(olga, image_id)["states"][1], "the state")
    errors = [attempt.get("error", {}).get("code") for attempt in state["attempts"]]
    assert (state["status"], state["retries"], errors) == ("succeeded", 3, ["Transient.Storage"] * 3 + [None])


def test_the_list_goes_on_and_is_filtered(olga, ready, failed):
    first = get(olga, "/ops/executions?limit=1")
    second = get(olga, f"/ops/executions?limit=1&cursor={first['next_cursor']}")
    assert first["items"][0]["name"] != second["items"][0]["name"]
    until(lambda: failed in {each["image_id"] for each in get(olga, "/ops/executions?status=failed")["items"]},
          "the failure in the list, which is read every five seconds", 30)
    assert ready not in {each["image_id"] for each in get(olga, "/ops/executions?status=failed")["items"]}
    wrong = olga.api.call("GET", f"/ops/executions?status=failed&cursor={first['next_cursor']}", token=olga.id_token)
    assert (problem(wrong)[0], fields(wrong)) == (400, ["cursor"]), "another list's"


def test_failures_are_told_by_code(olga, failed):
    def told():
        seen = get(olga, "/ops/failures?days=2")
        return [each for each in seen["items"] if each["image_id"] == failed] and seen

    seen = until(told, "the failure", 30)
    (failure,) = (each for each in seen["items"] if each["image_id"] == failed)
    assert (failure["status"], failure["code"]) == ("failed", "Worker.Misconfigured")
    assert "made to fail by a test" in failure["cause"] and failure["state"] == "Create variants"
    day = failure["stopped_at"][:10]
    assert any((each["day"], each["code"]) == (day, "Worker.Misconfigured") for each in seen["counts"])


def test_the_overview_counts_what_there_is(olga, operator, ready, failed):
    def settled():
        seen = get(olga, "/ops/overview")
        counts = {each["status"]: each["count"] for each in seen["executions"]}
        told = any(each["code"] == "Worker.Misconfigured" for each in seen["failures"])
        return seen if told and counts["failed"] and counts["succeeded"] else None

    seen = until(settled, "the counts and the failure, which are read every five seconds", 30)
    assert {queue["name"]: queue["dead_letters"] for queue in seen["queues"]} == {
        "uploads": 0, "webhooks": 0, "erasures": 0, "announcements": 0}
    assert {stage["state"] for stage in seen["stages"]} >= set(HAPPY[:2])


def test_the_graph_is_that_of_the_file(olga):
    file = json.loads((REPOSITORY / "statemachine/process-image.asl.json").read_text(encoding="utf-8"))
    graph = get(olga, "/ops/machine")
    assert graph["start_at"] == file["StartAt"]
    assert {state["name"] for state in graph["states"]} == file["States"].keys()
    nexts = {(edge["from"], edge["to"]) for edge in graph["edges"] if edge["kind"] == "next"}
    assert nexts == {(name, state["Next"]) for name, state in file["States"].items() if "Next" in state}


# --------------------------------------------------------------------------------------------------------------- acting


def test_r62_a_restart_makes_the_photo_ready_and_is_recorded(ada, olga, operator, failed):
    (old,) = found(olga, failed)
    new = post(olga, f"/ops/executions/{old['name']}/restart", 202)
    assert new == {"name": f"{old['name']}-2", "restarted_from": old["name"]}
    until(lambda: ada.look(failed).json()["status"] == "ready", "the photo", 60)
    until(lambda: get(olga, f"/ops/executions/{new['name']}")["status"] == "succeeded", "the restart's end", 60)
    seen = get(olga, f"/ops/executions/{new['name']}")
    assert (seen["outcome"], seen["restarted_from"]) == ("ready", old["name"])
    assert seen["record"]["execution"] == new["name"]
    for name in (old["name"], new["name"]):
        (act,) = get(olga, f"/ops/executions/{name}")["acts"]
        assert (act["act"], act["by"], act["started"]) == ("restart", olga.owner_id, new["name"])
    again = post(olga, f"/ops/executions/{old['name']}/restart", 202)
    assert again["name"] == f"{old['name']}-3"
    until(lambda: get(olga, f"/ops/executions/{again['name']}")["status"] == "succeeded", "the second restart", 60)
    done = {"kind": "audit", "phase": "done", "by": olga.owner_id, "started": new["name"]}
    operator.until_logged("mend", **done)


HARMLESS = {
    "uploads": {"Service": "Amazon S3", "Event": "s3:TestEvent"},
    "webhooks": {"source": "darkroom", "detail-type": "Image Ready", "time": "2026-01-31T12:00:00Z",
                 "detail": {"owner_id": "none", "announcement_id": "1", "image_id": "none"}},
    # Older than the last look of an erasure.
    "erasures": {"owner_id": str(uuid.uuid4()), "asked_at": int(time.time()) - 81 * 60},
}


@pytest.mark.parametrize("queue", HARMLESS)
def test_r62_dead_letters_are_sent_back_and_that_is_recorded(olga, operator, stack, queue):
    body, dead, alive = json.dumps(HARMLESS[queue]), stack[f"{queue}_dlq_url"], stack[f"{queue}_queue_url"]
    before = operator.depth(alive)
    for _ in range(3):
        operator.sqs.send_message(QueueUrl=dead, MessageBody=body)

    def seen():
        return {each["name"]: each["dead_letters"] for each in get(olga, "/ops/overview")["queues"]}

    until(lambda: seen()[queue] == 3, "the dead letters")
    redrive = f"/ops/queues/{queue}/redrive"
    looked_at = post(olga, redrive, 200, json={"count": 3, "dry_run": True})
    assert (looked_at["moved"], len(looked_at["letters"])) == (0, 3)
    assert post(olga, redrive, 200, json={"count": 2})["moved"] == 2
    assert operator.depth(dead) == 1
    assert post(olga, redrive, 200, json={"count": 100})["moved"] == 1
    until(lambda: operator.depth(alive) <= before, "the messages to be handled", 60)
    newest, older = get(olga, "/ops/overview")["acts"][:2]
    assert (newest["act"], newest["by"], newest["queue"]) == ("redrive", olga.owner_id, queue)
    assert [(act["asked"], act["moved"]) for act in (newest, older)] == [(100, 1), (2, 2)]
    operator.until_logged("mend", kind="audit", phase="done", by=olga.owner_id, moved=2, queue=queue)


@pytest.mark.parametrize("path", ["/ops/executions/none", "/ops/executions/none/restart", "/ops/queues/none/redrive"])
def test_what_is_nowhere_is_not_found(olga, path):
    method = "GET" if path.endswith("/none") else "POST"
    answer = olga.api.call(method, path, token=olga.id_token, json={"count": 1})
    assert problem(answer) == NOT_FOUND
